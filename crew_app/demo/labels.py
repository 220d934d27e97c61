"""What the demo hospital did with its labels and registers, by the same actions as in life.

Blank ones printed ahead and half used, a batch that was spoilt, faded ones replaced, television sets thrown out.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.labels import actions
from crew_app.labels.models import BlankTag, TagBatch
from crew_app.people.models import Person, Site
from crew_app.places import asset_registry
from crew_app.places.actions import replace_tag
from crew_app.places.holding import holds
from crew_app.places.models import Asset, AssetKind, Tag
from crew_app.tickets import holding as _jobs_hold  # noqa: F401 - what has work is not thrown out

BOSS, ADMINISTRATOR = "li", "admin"
CLAIMED, REPLACED = 9, 4
WORN = "褪色，扫不出来"


def stir(now: datetime) -> None:
    """Let it all happen, in the present transaction; `now` is when the hospital is found."""
    site = session.scalar(select(Site).where(Site.code == "main"))
    boss, admin = (session.scalar(select(Person).where(Person.login == login)) for login in (BOSS, ADMINISTRATOR))
    if site is None or boss is None or admin is None:
        return
    spoilt = actions.make_batch(site.id, 24, "试打，色带偏了", by=boss, at=server_moment(now - timedelta(days=41)))
    actions.void_batch(spoilt, by=boss, at=server_moment(now - timedelta(days=41) + timedelta(minutes=20)))
    batch = actions.make_batch(site.id, 48, "灭火器换新标签", by=boss, at=server_moment(now - timedelta(days=12)))
    _claim(batch, boss, now - timedelta(days=11))
    _replace(site, boss, now - timedelta(days=20))
    _throw_out(site, admin, now - timedelta(days=30))


def _claim(batch: TagBatch, by: Person, at: datetime) -> None:
    """The first of them are stuck on extinguishers, one after the other along the corridor."""
    blanks = session.scalars(select(BlankTag).where(BlankTag.batch_id == batch.id).order_by(BlankTag.code)).all()
    things = _of_kind(batch.site_id, "extinguisher")[:CLAIMED]
    for number, (blank, thing) in enumerate(zip(blanks, things, strict=False)):
        moment = server_moment(at + timedelta(minutes=3 * number))
        actions.claim(blank, actions.Claim(thing, replaces=True), by=by, at=moment)


def _replace(site: Site, by: Person, at: datetime) -> None:
    """Tags of exit signs that faded: the new ones are to be printed."""
    ids = [thing.id for thing in _of_kind(site.id, "exit_sign")[:REPLACED]]
    for tag in session.scalars(select(Tag).where(Tag.asset_id.in_(ids)).order_by(Tag.code)).all():
        replace_tag(tag, by=by, at=server_moment(at), reason=WORN)


def _throw_out(site: Site, by: Person, at: datetime) -> None:
    """Old television sets without work on them."""
    idle = [thing for thing in _of_kind(site.id, "television") if not holds(thing)]
    for thing in idle[-3:]:
        asset_registry.retire_asset(thing, by=by, at=server_moment(at))


def _of_kind(site_id: object, code: str) -> list[Asset]:
    query = select(Asset).join(AssetKind, AssetKind.id == Asset.kind_id).where(Asset.site_id == site_id)
    return list(session.scalars(query.where(AssetKind.code == code).order_by(Asset.code)))
