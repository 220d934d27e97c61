"""Who is on duty at a moment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.people.models import Membership, Person
from crew_app.people.rules import RIGHTS, Right, Trade
from crew_app.roster.models import Duty, DutyShift


def on_duty(site_id: UUID, at: datetime, right: Right, trade: Trade | None = None) -> list[Person]:
    """Who is there and may do it: present before on call, then by name.

    Where a site keeps no roster for anybody with this right, everybody with the right counts as being there.
    """
    people = with_right(site_id, right)
    shifts = _shifts(site_id, at, trade)
    there = {shift.person_id: shift.duty for shift in sorted(shifts, key=lambda one: one.duty is Duty.PRESENT)}
    if not there and not _rostered(site_id, {person.id for person in people}):
        return people
    found = [person for person in people if person.id in there]
    return sorted(found, key=lambda person: there[person.id] is not Duty.PRESENT)


def with_right(site_id: UUID, right: Right) -> list[Person]:
    """Everybody who has a right at a site, by name."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    there = select(Membership.person_id).where(Membership.site_id == site_id, Membership.role.in_(roles))
    query = select(Person).where(Person.id.in_(there), Person.active).order_by(Person.name, Person.id)
    return list(session.scalars(query))


def _shifts(site_id: UUID, at: datetime, trade: Trade | None) -> list[DutyShift]:
    query = select(DutyShift).where(DutyShift.site_id == site_id, DutyShift.starts_at <= at, DutyShift.ends_at > at)
    if trade:
        query = query.where(or_(DutyShift.trade == trade, DutyShift.trade.is_(None)))
    return list(session.scalars(query.options(joinedload(DutyShift.person))))


def _rostered(site_id: UUID, people: set[UUID]) -> bool:
    query = select(DutyShift.id).where(DutyShift.site_id == site_id, DutyShift.person_id.in_(people))
    return session.scalar(query.limit(1)) is not None
