"""Keeping what to know before a door: by those who keep the site's doors, and by the ward's own people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.desk.forms import phone
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.places import queries as places
from crew_app.places.door_models import PlaceContextChange
from crew_app.places.models import Care, Place, PlaceContext
from crew_app.storeroom.ward_models import DepartmentPerson
from crew_app.tickets.forms import text

LAST = 20


@dataclass(frozen=True, slots=True)
class Before:
    """What is to be known before a door, as it was filled in."""

    care: Care | None
    isolation: str
    quiet_from: time | None
    quiet_until: time | None
    access: str
    contact: str
    contact_phone: str


def parse(form: Mapping[str, str]) -> Before:
    """Read the form; quiet hours have a beginning and an end, or neither."""
    care = form.get("care", "")
    begin, end = _time(form.get("quiet_from", "")), _time(form.get("quiet_until", ""))
    if (begin is None) != (end is None) or (begin is not None and begin == end):
        raise Refused("quiet-hours", N_("Please give the beginning and the end of the quiet hours, or neither."))
    return Before(
        care=Care(care) if care in set(Care) else None,
        isolation=_short(form, "isolation", 200),
        quiet_from=begin,
        quiet_until=end,
        access=_short(form, "access", 200),
        contact=_short(form, "contact", 60),
        contact_phone=phone(form, "contact_phone"),
    )


def _short(form: Mapping[str, str], name: str, most: int) -> str:
    typed = text(form, name)
    if len(typed) > most:
        raise Refused("too-long", N_("This text is too long (%(most)s characters at most)."), most=most)
    return typed


def _time(typed: str) -> time | None:
    if not typed.strip():
        return None
    try:
        return time.fromisoformat(typed.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise Refused("time", N_("Please check the time.")) from error


def place(person: Person, place_id: UUID) -> Place:
    """A place whose door somebody sees: all of the site for its crew, else those of one's own ward."""
    found = places.place(person, place_id)
    return found if is_of_ward(person, found) else places.place(person, place_id, Right.SEE_SITE)


def is_of_ward(person: Person, found: Place) -> bool:
    """Whether a place belongs to somebody's own ward."""
    if found.department_id is None or not person.can(Right.REPORT, found.site_id):
        return False
    return session.get(DepartmentPerson, (found.department_id, person.id)) is not None


def may_keep(person: Person, found: Place) -> bool:
    """Whether somebody may write what to know before a door."""
    return person.can(Right.KEEP_DOORS, found.site_id) or is_of_ward(person, found)


def keep(found: Place, before: Before, *, by: Person, at: Moment) -> list[PlaceContextChange]:
    """Write what to know before a door; every field that changes leaves who, when, and what stood there."""
    if not may_keep(by, found):
        raise Forbidden("may-not", N_("Only the ward itself and the supervisors write what to know before its doors."))
    written = session.get(PlaceContext, found.id, with_for_update=True)
    if written is None:
        written = PlaceContext(place_id=found.id, site_id=found.site_id, isolation="", access="")
        written.contact = written.contact_phone = ""
        session.add(written)
    changes = []
    for field, new in ((one.name, getattr(before, one.name)) for one in fields(before)):
        old = getattr(written, field)
        if old != new:
            setattr(written, field, new)
            changes.append(_change(found, field, (_words(old), _words(new)), by=by, at=at))
    written.changed_at, written.changed_by_id = at.at, by.id
    session.add_all(changes)
    session.flush()
    return changes


def _change(found: Place, field: str, words: tuple[str, str], *, by: Person, at: Moment) -> PlaceContextChange:
    old, new = words
    return PlaceContextChange(
        site_id=found.site_id, place_id=found.id, field=field, old=old, new=new, person_id=by.id, at=at.at
    )


def _words(value: Care | time | str | None) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value or "")


def changes(found: Place) -> Sequence[PlaceContextChange]:
    """What was changed of late, the newest first."""
    query = select(PlaceContextChange).where(PlaceContextChange.place_id == found.id)
    query = query.options(joinedload(PlaceContextChange.person))
    return session.scalars(query.order_by(PlaceContextChange.at.desc(), PlaceContextChange.id).limit(LAST)).all()
