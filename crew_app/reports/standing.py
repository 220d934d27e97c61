"""How a site stands at this moment, in numbers: jobs, rounds of today, who is there, phones, goods."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.hints import unindexed
from crew_app.core.ids import id_of
from crew_app.people.models import NAMED, Person, Site
from crew_app.phones import queries as phones
from crew_app.phones.rules import Contact, Worry, worry
from crew_app.reports import measures
from crew_app.reports.periods import Period
from crew_app.roster.models import Duty, DutyShift
from crew_app.rounds.models import Run
from crew_app.rounds.rules import RunState
from crew_app.storeroom.lists import low
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.now_lists import Now, condition
from crew_app.tickets.rules import LIVE, UNDER_WORK, State, Verb

TODAY = ("reported", "found", "done")


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody on duty, or with jobs in hand: what they have, how much of it is overdue, what they finished today."""

    person: Person
    duty: Duty | None
    in_hand: int
    overdue: int
    finished: int


def jobs_now(site_id: UUID, at: datetime) -> Mapping[Now, int]:
    """How many jobs stand how: one query over those that are not closed."""
    counted = [func.coalesce(func.sum(case((condition(now, at), 1), else_=0)), 0) for now in Now]
    query = select(*counted).where(Ticket.site_id == site_id, Ticket.state.in_(LIVE))
    return dict(zip(Now, map(int, session.execute(query).one()), strict=True))


def jobs_today(site: Site, at: datetime) -> Mapping[str, int]:
    """Of the jobs opened today: reported, found on rounds, done already."""
    counted = [func.count(case((measures.MEASURES[name].condition(at), 1))) for name in TODAY]
    query = select(*counted).where(measures.opened_in(_today(site, at), [site.id]))
    return dict(zip(TODAY, session.execute(query).one(), strict=True))


def finished_today(site: Site, at: datetime) -> Counter[UUID]:
    """How many jobs each finished today that are still finished; by the ids of events, which begin with the time.

    Counted here and not by the database, which would read all events in the order of people to group them.
    """
    start = _today(site, at).start
    query = (
        select(TicketEvent.ticket_id, TicketEvent.person_id, TicketEvent.site_id)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.id >= id_of(start), TicketEvent.verb.in_((Verb.FINISH, Verb.DROP)))
        .where(TicketEvent.at == Ticket.finished_at, Ticket.site_id == site.id, Ticket.finished_at >= start)
        .where(unindexed(Ticket.state).in_((State.FINISHED, State.VERIFIED)))
    )
    rows = {(row[0], row[1]) for row in session.execute(query) if row[2] == site.id and row[1]}
    return Counter(person_id for _, person_id in rows)


def rounds_today(site: Site, at: datetime) -> Mapping[RunState, int]:
    """The runs whose window opens today, by how they stand."""
    today = _today(site, at)
    query = (
        select(Run.state, func.count())
        .where(Run.site_id == site.id, Run.opens_at >= today.start, Run.opens_at < today.end)
        .group_by(Run.state)
    )
    counted: dict[RunState, int] = {row[0]: row[1] for row in session.execute(query)}
    return {state: counted.get(state, 0) for state in RunState}


def on_duty(site_id: UUID, at: datetime) -> Sequence[DutyShift]:
    """The shifts that go on now, those who are present first."""
    query = select(DutyShift).where(DutyShift.site_id == site_id, DutyShift.starts_at <= at, DutyShift.ends_at > at)
    query = query.options(joinedload(DutyShift.person).options(*NAMED))
    shifts = session.scalars(query.order_by(DutyShift.starts_at, DutyShift.id)).all()
    first = {shift.person_id: shift for shift in sorted(shifts, key=lambda one: one.duty is Duty.PRESENT)}
    return sorted(first.values(), key=lambda one: (one.duty is not Duty.PRESENT, one.person.name))


def silent_phones(site_id: UUID, at: datetime) -> int:
    """How many people's phones were not heard from for long."""
    return sum(_silent(found, at) for found in phones.contacts([site_id]).values())


def low_items(site_id: UUID) -> int:
    """How many materials are to be ordered."""
    return len(low([site_id]))


def crew(site: Site, at: datetime, shifts: Sequence[DutyShift], finished: Counter[UUID]) -> list[Worker]:
    """Everybody on duty, and everybody with jobs in hand: who has most to do first."""
    overdue = func.sum(case((condition(Now.OVERDUE, at), 1), else_=0))
    query = select(Ticket.owner_id, func.count(), overdue).where(
        Ticket.site_id == site.id, Ticket.state.in_(UNDER_WORK), Ticket.owner_id.is_not(None)
    )
    hands: dict[Any, tuple[int, int]] = {
        row[0]: (row[1], row[2]) for row in session.execute(query.group_by(Ticket.owner_id))
    }
    duty = {shift.person_id: shift.duty for shift in shifts}
    ids = {*hands, *finished, *duty}
    people = session.scalars(select(Person).where(Person.id.in_(ids)).options(*NAMED)).all()
    found = [Worker(one, duty.get(one.id), *hands.get(one.id, (0, 0)), finished[one.id]) for one in people]
    return sorted(found, key=lambda one: (-one.overdue, -one.in_hand, -one.finished, one.person.name))


def _today(site: Site, at: datetime) -> Period:
    day = at.astimezone(site.zone).date()
    return Period(day, day, site.zone)


def _silent(found: Sequence[Contact], at: datetime) -> bool:
    """Whoever was heard from with one phone is not missed with an empty other one."""
    newest = max(found, key=lambda contact: contact.seen_at)
    return any(worry(one, at) is Worry.SILENT for one in found if one is newest or one.holds_something)
