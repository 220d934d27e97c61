"""The queue of finished work: what speaks for a closer look first, then what was drawn, then what was not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from crew_app.core.db import session
from crew_app.core.hints import unindexed
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right
from crew_app.tickets.models import JobKind, Ticket, TicketEvent
from crew_app.tickets.queries import CARD, finished_for
from crew_app.tickets.review_models import Risk, TicketRisk
from crew_app.tickets.risks import WEIGHTS
from crew_app.tickets.rules import State, Verb

SHOWN = 50
LOOKED_AT = or_(Ticket.risk > 0, Ticket.sampled)


def queue(person: Person, limit: int = SHOWN) -> Sequence[Ticket]:
    """Finished work the person may verify and should look at: by what speaks for it, then as long as it waits."""
    query = finished_for(person).where(LOOKED_AT).options(*CARD)
    return session.scalars(query.order_by(Ticket.risk.desc(), Ticket.finished_at, Ticket.id).limit(limit)).all()


def rest(person: Person, limit: int = SHOWN) -> Sequence[Ticket]:
    """Finished work that nothing speaks against and that was not drawn, longest waiting first."""
    query = finished_for(person).where(~LOOKED_AT).options(*CARD)
    return session.scalars(query.order_by(Ticket.finished_at, Ticket.id).limit(limit)).all()


def count_rest(person: Person) -> int:
    """How many they are; up to as many as one page shows."""
    some = finished_for(person).where(~LOOKED_AT).with_only_columns(Ticket.id).limit(SHOWN).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def among_rest(person: Person, ids: set[UUID]) -> Sequence[Ticket]:
    """Those of these jobs that are still part of the rest, locked."""
    query = finished_for(person).where(~LOOKED_AT, Ticket.id.in_(ids)).order_by(Ticket.id).with_for_update(of=Ticket)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def reasons(ticket_ids: Sequence[UUID]) -> dict[UUID, list[Risk]]:
    """What speaks for a closer look at each of these jobs, the weightiest first."""
    found: dict[UUID, list[Risk]] = defaultdict(list)
    query = select(TicketRisk.ticket_id, TicketRisk.reason).where(TicketRisk.ticket_id.in_(ticket_ids))
    for ticket_id, reason in session.execute(query):
        found[ticket_id].append(reason)
    return {one: sorted(some, key=lambda risk: (-WEIGHTS[risk], risk)) for one, some in found.items()}


@dataclass(frozen=True, slots=True)
class Rate:
    """How often finished work came back: of a person or of a kind of job."""

    of: Person | JobKind
    finished: int
    sent_back: int
    looked_at: int
    """Of the jobs, how many were looked at: verified or sent back otherwise than together with the rest."""

    @property
    def share(self) -> float:
        """Sent back of every finish that was looked at, from 0 to 1."""
        return self.sent_back / self.looked_at if self.looked_at else 0.0


def rates_of_people(person: Person, since: datetime) -> list[Rate]:
    """By who finished the work, for jobs reported since then at the sites where the person verifies."""
    rows = _rates(person, since, TicketEvent.person_id)
    query = select(Person).where(Person.id.in_(rows)).options(*NAMED)
    return _sorted([Rate(one, *rows[one.id]) for one in session.scalars(query)])


def rates_of_kinds(person: Person, since: datetime) -> list[Rate]:
    """By kind of job, for jobs reported since then at the sites where the person verifies."""
    rows = _rates(person, since, Ticket.job_kind_id)
    return _sorted([Rate(one, *rows[one.id]) for one in session.scalars(select(JobKind).where(JobKind.id.in_(rows)))])


def _rates(person: Person, since: datetime, by: InstrumentedAttribute[Any]) -> dict[UUID, tuple[int, int, int]]:
    """How many finishes there were, how many the next verdict sent back, how many were passed or sent back at all."""
    after = aliased(TicketEvent)
    answer = (
        select(func.min(after.position))
        .where(after.ticket_id == TicketEvent.ticket_id, after.position > TicketEvent.position)
        .where(after.verb.in_((Verb.SEND_BACK, Verb.VERIFY, Verb.NOT_FIXED)))
        .scalar_subquery()
    )
    next_ = aliased(TicketEvent)
    back = next_.verb.in_((Verb.SEND_BACK, Verb.NOT_FIXED))
    seen = or_(back, and_(next_.verb == Verb.VERIFY, LOOKED_AT))
    query = (
        select(by, func.count(), _count(back), _count(seen))
        .select_from(Ticket)
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .outerjoin(next_, and_(next_.ticket_id == Ticket.id, next_.position == answer))
        .where(Ticket.site_id.in_(person.sites_with(Right.VERIFY)), Ticket.opened_at >= since)
        .where(TicketEvent.verb == Verb.FINISH, unindexed(by).is_not(None))
        .group_by(unindexed(by))
    )
    return {of: (finished, sent_back, looked_at) for of, finished, sent_back, looked_at in session.execute(query)}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _sorted(found: list[Rate]) -> list[Rate]:
    return sorted(found, key=lambda rate: (-rate.share, -rate.finished, rate.of.name))


def same_before(ticket: Ticket, within: timedelta = timedelta(days=30)) -> Ticket | None:
    """The last job of the same kind at the same asset or place that was finished shortly before: a repeat."""
    here = Ticket.asset_id == ticket.asset_id if ticket.asset_id else Ticket.place_id == ticket.place_id
    query = select(Ticket).where(here, Ticket.job_kind_id == ticket.job_kind_id, Ticket.id != ticket.id)
    query = query.where(Ticket.opened_at.between(ticket.opened_at - within, ticket.opened_at))
    query = query.where(Ticket.state.in_((State.FINISHED, State.VERIFIED)))
    return session.scalar(query.order_by(Ticket.opened_at.desc()).limit(1))
