"""What is sent about announcements, turned into typed values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.desk.announcement_models import AnnouncementKind, Utility
from crew_app.desk.announcements import Audience, Draft
from crew_app.people.models import Site
from crew_app.people.rules import Role, Trade
from crew_app.places.models import Department, Place
from crew_app.tickets.forms import text, uuid

LONGEST_TITLE = 120
MOST_PLACES = 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was ticked: ids of places and departments, names of roles and trades."""

    places: Sequence[str] = ()
    departments: Sequence[str] = ()
    roles: Sequence[str] = ()
    trades: Sequence[str] = ()


def parse_draft(form: Mapping[str, str], chosen: Chosen, site: Site) -> Draft:
    """Read an announcement; its times are those of the site's clock."""
    outage = form.get("kind") == AnnouncementKind.OUTAGE
    title = text(form, "title")
    if len(title) > LONGEST_TITLE:
        raise Refused("too-long", N_("This text is too long (%(most)s characters at most)."), most=LONGEST_TITLE)
    utility = form.get("utility", "")
    return Draft(
        announcement_id=uuid(form, "announcement_id"),
        kind=AnnouncementKind.OUTAGE if outage else AnnouncementKind.NOTICE,
        site=site,
        words=text(form, "words"),
        title="" if outage else title,
        utility=Utility(utility) if outage and utility in set(Utility) else None,
        starts_at=moment(form, "starts_at", site.zone) if outage else None,
        ends_at=moment(form, "ends_at", site.zone) if outage else None,
        places=_places(form, chosen, site) if outage else (),
        audience=Audience() if outage else _audience(chosen, site),
    )


def moment(form: Mapping[str, str], name: str, zone: ZoneInfo) -> datetime | None:
    """A day and a time by the clock of a site; nothing for an empty field."""
    typed = form.get(name, "").strip()
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone, microsecond=0)
    except ValueError as error:
        raise Refused("time", N_("Please check the time.")) from error


def _places(form: Mapping[str, str], chosen: Chosen, site: Site) -> Sequence[Place]:
    ids = _ids(chosen.places)
    if form.get("whole") == "1":
        return ()
    query = select(Place).where(Place.id.in_(ids), Place.site_id == site.id).order_by(Place.code)
    found = session.scalars(query).all()
    if not found or len(found) != len(set(ids)) or len(found) > MOST_PLACES:
        raise Refused("places-missing", N_("Please choose where: places of this site, or the whole site."))
    inside = {place.id for place in found}
    return [place for place in found if place.parent_id not in inside]


def _audience(chosen: Chosen, site: Site) -> Audience:
    query = select(Department).where(Department.id.in_(_ids(chosen.departments)), Department.site_id == site.id)
    return Audience(
        roles=[Role(name) for name in dict.fromkeys(chosen.roles) if name in set(Role)],
        trades=[Trade(name) for name in dict.fromkeys(chosen.trades) if name in set(Trade)],
        departments=session.scalars(query.order_by(Department.code)).all(),
    )


def _ids(typed: Sequence[str]) -> list[UUID]:
    return [uuid({"id": one}, "id") for one in dict.fromkeys(typed) if one]
