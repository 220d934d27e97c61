"""The board (看板): what is open at a site, by how far it is or by who has it; each column a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right
from crew_app.roster import queries as roster
from crew_app.roster.models import Duty
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import UNDER_WORK, State

SHOWN = 12
MOST = 200
"""So many are counted; more is "200+"."""
_CARD = (
    joinedload(Ticket.job_kind),
    joinedload(Ticket.place),
    joinedload(Ticket.asset),
    joinedload(Ticket.owner).options(*NAMED),
    joinedload(Ticket.assignee).options(*NAMED),
)


class Lane(StrEnum):
    """The columns by state."""

    DISPATCH = "dispatch"
    ASKED = "asked"
    WORK = "work"
    HOLD = "hold"
    CHECK = "check"


LANE_LABELS = {
    Lane.DISPATCH: N_("To be dispatched"),
    Lane.ASKED: N_("Dispatched, not accepted"),
    Lane.WORK: N_("In progress"),
    Lane.HOLD: N_("On hold"),
    Lane.CHECK: N_("To be verified"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its first jobs, how many there are (up to `MOST`), how many are overdue."""

    key: str
    jobs: Sequence[Ticket]
    count: int
    overdue: int
    more: tuple[datetime, UUID] | None = None
    person: Person | None = None
    duty: Duty | None = None
    lane: Lane | None = None


def lanes(site_id: UUID, at: datetime) -> list[Column]:
    """The columns by state."""
    dispatchers = [one.id for one in roster.with_right(site_id, Right.DISPATCH)]
    return [lane(site_id, one, at, dispatchers=dispatchers) for one in Lane]


def lane(
    site_id: UUID, which: Lane, at: datetime, after: tuple[datetime, UUID] | None = None, *, dispatchers: list[UUID]
) -> Column:
    """One column by state, from a job on."""
    within = and_(Ticket.site_id == site_id, _lane(which, dispatchers))
    return _column(which.value, within, at, after, lane=which)


def by_person(site_id: UUID, at: datetime) -> list[Column]:
    """A column for everybody who works here and is on duty, or has something in hand."""
    people = roster.with_right(site_id, Right.WORK)
    presence = roster.presence(site_id, at, {one.id for one in people})
    busy = _busy(site_id)
    shown = [one for one in people if one.id in busy or (presence or {}).get(one.id) is Duty.PRESENT]
    columns = [person_column(site_id, one, at, duty=(presence or {}).get(one.id)) for one in shown]
    return sorted(columns, key=lambda one: (one.duty is not Duty.PRESENT, one.duty is None, -one.overdue, -one.count))


def person_column(
    site_id: UUID, person: Person, at: datetime, after: tuple[datetime, UUID] | None = None, duty: Duty | None = None
) -> Column:
    """What one person has in hand or is asked to accept."""
    asked = and_(Ticket.state == State.OPEN, Ticket.assignee_id == person.id)
    in_hand = and_(Ticket.state.in_(UNDER_WORK), Ticket.owner_id == person.id)
    within = and_(Ticket.site_id == site_id, or_(asked, in_hand))
    return _column(str(person.id), within, at, after, person=person, duty=duty)


def _column(
    key: str,
    within: ColumnElement[bool],
    at: datetime,
    after: tuple[datetime, UUID] | None,
    *,
    lane: Lane | None = None,
    person: Person | None = None,
    duty: Duty | None = None,
) -> Column:
    query = select(Ticket).where(within).options(*_CARD)
    if after:
        query = query.where(tuple_(Ticket.resolution_due_at, Ticket.id) > after)
    found = session.scalars(query.order_by(Ticket.resolution_due_at, Ticket.id).limit(SHOWN + 1)).all()
    jobs = found[:SHOWN]
    more = (jobs[-1].resolution_due_at, jobs[-1].id) if len(found) > SHOWN else None
    return Column(key, jobs, _count(within), _count(and_(within, _overdue(at))), more, person, duty, lane)


def _count(within: ColumnElement[bool]) -> int:
    some = select(Ticket.id).where(within).limit(MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _overdue(at: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Ticket.state == State.OPEN, Ticket.response_due_at < at),
        and_(Ticket.state == State.ACCEPTED, Ticket.resolution_due_at < at),
    )


def _lane(which: Lane, dispatchers: list[UUID]) -> ColumnElement[bool]:
    answered_for = or_(Ticket.assignee_id.is_(None), Ticket.assignee_id.in_(dispatchers))
    return {
        Lane.DISPATCH: and_(Ticket.state == State.OPEN, answered_for),
        Lane.ASKED: and_(Ticket.state == State.OPEN, ~answered_for),
        Lane.WORK: Ticket.state == State.ACCEPTED,
        Lane.HOLD: Ticket.state == State.ON_HOLD,
        Lane.CHECK: Ticket.state == State.FINISHED,
    }[which]


def _busy(site_id: UUID) -> set[UUID | None]:
    owners = select(Ticket.owner_id).where(Ticket.site_id == site_id, Ticket.state.in_(UNDER_WORK)).distinct()
    asked = select(Ticket.assignee_id).where(Ticket.site_id == site_id, Ticket.state == State.OPEN).distinct()
    return {*session.scalars(owners), *session.scalars(asked)}
