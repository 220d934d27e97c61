"""Hazards: graded, given to somebody with a deadline, looked at again, and how many of them are put right.

The rate (整改率) is hazards put right over hazards found, by the month in which they were found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import Membership, Person, Site
from crew_app.people.rules import Right
from crew_app.rounds.hazard_models import Hazard, ReCheck
from crew_app.rounds.rules import HazardGrade
from crew_app.tickets import actions as tickets
from crew_app.tickets import queries
from crew_app.tickets.deadlines import agree
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import LIVE, Kind, State

PAGE = 50
RECTIFIED = frozenset({State.FINISHED, State.VERIFIED})
_CARD = (joinedload(Ticket.place), joinedload(Ticket.asset), joinedload(Ticket.owner), joinedload(Ticket.job_kind))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is decided about a hazard; the day is the last one on which it may still be there."""

    grade: HazardGrade
    responsible_id: UUID | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Hazards found in one month: how many there were, are put right, were so in time, are over their deadline."""

    month: str
    found: int
    rectified: int
    in_time: int
    overdue: int

    @property
    def percent(self) -> int | None:
        """Put right out of found, in percent; nothing when nothing was found."""
        return round(100 * self.rectified / self.found) if self.found else None


def hazard(person: Person, ticket_id: UUID, *, lock: bool = False) -> Ticket:
    """The job of a hazard the person may see."""
    found = queries.ticket(person, ticket_id, lock=lock)
    if found.kind is not Kind.HAZARD:
        raise Unseen("unknown-hazard", N_("This hazard is not known."))
    return found


def assess(ticket: Ticket, asked: Assessment, *, by: Person, at: Moment) -> None:
    """Grade a hazard and say who answers for it until when; the story of the job tells it."""
    _need(by, Right.PLAN_ROUNDS, ticket)
    if ticket.state not in LIVE:
        raise Refused("wrong-state", N_("This hazard is closed already."))
    responsible = _responsible(ticket, asked.responsible_id)
    found = session.get(Hazard, ticket.id) or Hazard(ticket_id=ticket.id, site_id=ticket.site_id)
    found.grade, found.responsible_id = asked.grade, responsible.id if responsible else None
    found.graded_by_id, found.graded_at = by.id, at.at
    session.add(found)
    if asked.due_on:
        due = datetime.combine(asked.due_on, time(23, 59), ticket.site.zone)
        if due <= at.at:
            raise Refused("day", N_("The deadline must lie ahead."))
        agree(ticket, due)
    session.flush()


def check_again(ticket: Ticket, check_id: UUID, note: str, *, passed: bool, by: Person, at: Moment) -> None:
    """Look at a hazard again: passed, it is verified; not passed, its job goes back to whoever did it.

    Never by somebody who worked on it. What was closed before is looked at all the same; found bad, it is noted.
    """
    if session.get(ReCheck, check_id):
        raise Refused("check-known", N_("This re-check was already made."))
    if ticket.state not in RECTIFIED:
        raise Refused("wrong-state", N_("This hazard has not been put right yet."))
    if not passed and not note.strip():
        raise Refused("words-missing", N_("Please say what is still missing."))
    if queries.had_a_hand_in(ticket, by):
        raise Forbidden("own-work", N_("You worked on this job yourself, so somebody else must verify it."))
    session.add(
        ReCheck(
            id=check_id,
            site_id=ticket.site_id,
            ticket_id=ticket.id,
            person_id=by.id,
            passed=passed,
            note=note.strip()[:1000],
            at=at.at,
            received_at=at.received_at,
            receipt_key=at.receipt,
        )
    )
    if ticket.state is State.FINISHED and passed:
        tickets.verify(ticket, note, by=by, at=at)
    elif ticket.state is State.FINISHED:
        tickets.send_back(ticket, note, by=by, at=at)
    elif note.strip():
        tickets.add_note(ticket, note, by=by, at=at)
    session.flush()


def open_hazards(person: Person) -> Sequence[Ticket]:
    """Hazards that are still there, those due first."""
    query = _hazards(person).where(Ticket.state.in_(LIVE)).order_by(Ticket.resolution_due_at, Ticket.id)
    return session.scalars(query.limit(PAGE * 4)).all()


def to_check(person: Person) -> Sequence[Ticket]:
    """Hazards reported as put right that nobody has looked at again."""
    seen = select(ReCheck.id).where(ReCheck.ticket_id == Ticket.id, ReCheck.at >= Ticket.finished_at)
    query = _hazards(person).where(Ticket.state == State.FINISHED, ~seen.exists())
    return session.scalars(query.order_by(Ticket.finished_at, Ticket.id).limit(PAGE)).all()


def assessments(tickets_: Sequence[Ticket]) -> Mapping[UUID, Hazard]:
    """What was decided, by job."""
    query = select(Hazard).where(Hazard.ticket_id.in_([one.id for one in tickets_]))
    return {one.ticket_id: one for one in session.scalars(query.options(joinedload(Hazard.responsible)))}


def checks_of(ticket: Ticket) -> Sequence[ReCheck]:
    """Everybody who looked again, in order."""
    query = select(ReCheck).where(ReCheck.ticket_id == ticket.id).options(joinedload(ReCheck.person))
    return session.scalars(query.order_by(ReCheck.at, ReCheck.id)).all()


def rates(person: Person, at: datetime, months: int = 6) -> list[Rate]:
    """The last months, the newest first."""
    zone = _zone(person)
    first = _first_day(at.astimezone(zone).date(), months - 1)
    since = datetime.combine(first, time(), zone)
    query = select(Ticket.opened_at, Ticket.state, Ticket.finished_at, Ticket.resolution_due_at)
    query = query.where(Ticket.site_id.in_(person.sites_with(Right.SEE_SITE)), Ticket.kind == Kind.HAZARD)
    rows: Sequence[Any] = session.execute(query.where(Ticket.opened_at >= since, Ticket.state != State.CANCELLED)).all()
    by_month: dict[str, list[Any]] = {}
    for row in rows:
        by_month.setdefault(f"{row.opened_at.astimezone(zone):%Y-%m}", []).append(row)
    return [_rate(month, by_month[month], at) for month in sorted(by_month, reverse=True)]


def _rate(month: str, rows: Sequence[Any], at: datetime) -> Rate:
    done = [row for row in rows if row.state in RECTIFIED]
    return Rate(
        month,
        found=len(rows),
        rectified=len(done),
        in_time=sum(row.finished_at is not None and row.finished_at <= row.resolution_due_at for row in done),
        overdue=sum(row.state in LIVE and row.resolution_due_at < at for row in rows),
    )


def _hazards(person: Person) -> Select[Ticket]:
    sites = person.sites_with(Right.SEE_SITE)
    return select(Ticket).where(Ticket.site_id.in_(sites), Ticket.kind == Kind.HAZARD).options(*_CARD)


def _responsible(ticket: Ticket, person_id: UUID | None) -> Person | None:
    if person_id is None:
        return None
    found = session.get(Person, person_id)
    if found is None or not found.can(Right.SEE_SITE, ticket.site_id):
        raise Refused("person", N_("Please choose a person of this site."))
    return found


def crew(person: Person) -> Sequence[Person]:
    """Who may answer for a hazard."""
    members = select(Membership.person_id).where(Membership.site_id.in_(person.sites_with(Right.PLAN_ROUNDS)))
    query = select(Person).where(Person.id.in_(members), Person.active)
    return [one for one in session.scalars(query.order_by(Person.name, Person.id)) if one.can(Right.SEE_SITE)]


def _need(by: Person, right: Right, ticket: Ticket) -> None:
    if not by.can(right, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))


def _zone(person: Person) -> ZoneInfo:
    site = session.get_one(Site, min(person.site_ids))
    return site.zone


def _first_day(today: date, months_before: int) -> date:
    first = today.replace(day=1)
    for _ in range(months_before):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
