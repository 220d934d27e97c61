"""Labels as files, from the command line."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from crew_app.core.changes import How
from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.labels import actions, choosing, queries, wording
from crew_app.labels.choosing import Selection, Tagged
from crew_app.labels.forms import parse_codes
from crew_app.labels.pdf import pdf
from crew_app.labels.stocks import STOCKS, Setup
from crew_app.people.models import Person, Site
from crew_app.people.queries import by_login
from crew_app.places.models import Department, Place


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    site: str = ""
    place: str = ""
    kind: str = ""
    department: str = ""
    only: str = ""
    missing: bool = False
    retired: bool = False
    blank: int = 0
    make_tags: bool = False
    by: str = ""


def write(order: Order, setup: Setup, out: Path) -> str:
    """Write the labels into a file; returns a line about it. Blank ones are made and stay to be claimed."""
    base = current_app.config["SETTINGS"].public_url
    if not base:
        raise Refused("public-url", N_("Please set PUBLIC_URL first: it is what the codes say."))
    site = _site(order.site)
    if order.blank:
        tags = queries.free_tags(_batch(order, site))
        labels = wording.blanks(tags, base)
    else:
        labels = wording.labels(choosing.tagged(_chosen(order, site)), base)
    size = _write(pdf(labels, setup, f"labels {site.code}"), out)
    return f"{out}: {size} bytes, {setup.stock.code}"


def setup_of(stock: str, first: int) -> Setup:
    """On what; `Refused` ("stock") for what is not known."""
    if stock not in STOCKS:
        raise Refused(
            "unknown-choice", N_("“%(value)s” is not one of: %(choices)s"), value=stock, choices=", ".join(STOCKS)
        )
    return Setup(STOCKS[stock], min(max(first, 1), STOCKS[stock].per_page))


def _write(parts: Iterable[bytes], out: Path) -> int:
    size = 0
    with out.open("wb") as file:
        for part in parts:
            size += file.write(part)
    return size


def _batch(order: Order, site: Site) -> UUID:
    with write_transaction():
        by = _person(order.by)
        how, note = How.COMMAND, "crew labels"
        return actions.make_batch(site.id, order.blank, note, by=by, at=server_moment(), how=how).id


def _chosen(order: Order, site: Site) -> Selection:
    tagged = Tagged.MISSING if order.missing else Tagged.RETIRED if order.retired else Tagged.ANY
    place, department = _coded(Place, site, order.place), _coded(Department, site, order.department)
    kind = order.kind if not order.kind or ":" in order.kind else f"asset:{order.kind}"
    chosen = Selection(site.id, place, kind, department, tagged, parse_codes(order.only))
    if order.make_tags:
        with write_transaction():
            actions.tag_all(chosen, by=_person(order.by) if order.by else None, at=server_moment())
        chosen = replace(chosen, tagged=Tagged.ANY) if order.missing else chosen
    return chosen


def _coded(model: type[Place] | type[Department], site: Site, code: str) -> UUID | None:
    if not code:
        return None
    found: UUID | None = session.scalar(select(model.id).where(model.site_id == site.id, model.code == code))
    if found is None:
        raise Refused("unknown-parent", N_("There is no place with the code %(which)s."), which=code)
    return found


def _person(login: str) -> Person:
    found = by_login(login)
    if found is None:
        raise Refused("person", N_("Please say with --by LOGIN in whose name."))
    return found


def _site(code: str) -> Site:
    sites = session.scalars(select(Site).order_by(Site.code)).all()
    found = [site for site in sites if code in ("", site.code)]
    if len(found) != 1:
        codes = ", ".join(site.code for site in sites)
        raise Refused("site-missing", N_("Please say which site with --site: %(codes)s"), codes=codes)
    return found[0]
