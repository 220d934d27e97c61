"""Own works (自制): what a firm asked for, what it cost when the crew did it, what was saved; how long work took."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from crew_app.core.changes import NEW, Trace, note, put
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.models import NAMED, Person, Site
from crew_app.people.rules import Right
from crew_app.reports.cost_models import WorksQuote, WorkTime
from crew_app.reports.cost_rules import FEN, NOTHING
from crew_app.reports.labour import labour
from crew_app.reports.periods import Period
from crew_app.stock.models import Account, Move
from crew_app.storeroom.sums import USED, Source, Target, crossing, net, over_moves, worth, yuan
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.queries import CARD
from crew_app.tickets.rules import Kind, State, Verb

LONGEST_WORK = timedelta(minutes=14400)
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
DONE = (State.FINISHED, State.VERIFIED)


@dataclass(frozen=True, slots=True)
class OwnWork:
    """A works ticket with its quote: what was asked, and what it cost so far."""

    quote: WorksQuote
    materials: Decimal
    labour: Decimal

    @property
    def actual(self) -> Decimal:
        """What it cost, in yuan and fen."""
        return (self.materials + self.labour).quantize(FEN)

    @property
    def saving(self) -> Decimal:
        """What the firm asked less what it cost; below zero when the firm had been cheaper."""
        return self.quote.amount - self.actual

    @property
    def done(self) -> bool:
        """Whether the work is finished: before that there is no saving yet."""
        return self.quote.ticket.state in DONE


def own_works(site: Site, period: Period) -> list[OwnWork]:
    """Own works of a period: done in it, or quoted in it and not done yet."""
    options = joinedload(WorksQuote.ticket).options(*CARD)
    query = select(WorksQuote).join(Ticket, Ticket.id == WorksQuote.ticket_id).where(WorksQuote.site_id == site.id)
    query = query.where(Ticket.state != State.CANCELLED).options(options).order_by(WorksQuote.quoted_on, WorksQuote.id)
    found = [one for one in session.scalars(query) if _within(one, period)]
    return costed(site, found)


def savings(site_id: UUID, period: Period) -> list[OwnWork]:
    """Own works that were done in a period: their quotes, what they cost, what was saved."""
    return [one for one in own_works(session.get_one(Site, site_id), period) if one.done]


def costed(site: Site, quotes: Sequence[WorksQuote]) -> list[OwnWork]:
    """Quotes with what the works cost so far."""
    ids = [one.ticket_id for one in quotes]
    spent, worked = materials_of(site, ids), labour_of(site, ids)
    return [OwnWork(one, spent.get(one.ticket_id, NOTHING), worked.get(one.ticket_id, NOTHING)) for one in quotes]


def materials_of(site: Site, ticket_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What materials of these jobs cost, without what was taken back."""
    if not ticket_ids:
        return {}
    ticket_id = func.coalesce(Target.ticket_id, Source.ticket_id)
    theirs = session.scalars(select(Account.id).where(Account.ticket_id.in_(ticket_ids))).all()
    query = over_moves(select(ticket_id, net(USED, worth())), [site.id], by_time=False)
    query = query.where(or_(Move.to_account_id.in_(theirs), Move.from_account_id.in_(theirs)))
    query = query.where(crossing(USED), ticket_id.in_(ticket_ids)).group_by(ticket_id)
    return {id_: yuan(summed) for id_, summed in session.execute(query)}


def labour_of(site: Site, ticket_ids: Collection[UUID]) -> dict[UUID, Decimal]:
    """What work on these jobs cost, whenever it was."""
    if not ticket_ids:
        return {}
    found: dict[UUID, Decimal] = {}
    for work in labour(site, *EVER, ticket_ids=ticket_ids):
        found[work.ticket_id] = found.get(work.ticket_id, NOTHING) + work.amount
    return found


def quote_of(ticket: Ticket) -> OwnWork | None:
    """The quote of a works ticket with what it cost so far."""
    found = session.scalar(select(WorksQuote).filter_by(ticket_id=ticket.id))
    return costed(session.get_one(Site, ticket.site_id), [found])[0] if found else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a firm asked."""

    firm: str
    amount: Decimal
    quoted_on: date
    note: str = ""


def set_quote(ticket: Ticket, asked: Asked, *, by: Person, at: Moment) -> WorksQuote:
    """Write down what a firm asked for works, or correct it; each change is kept."""
    if not by.can(Right.VERIFY, ticket.site_id):
        raise Forbidden("may-not", N_("You may see this job, but not do this."))
    if ticket.kind is not Kind.WORKS:
        raise Refused("not-works", N_("Only works can have a quote."))
    if not asked.firm or asked.amount <= 0:
        raise Refused("quote", N_("Please name the firm and an amount above zero."))
    row = session.scalar(select(WorksQuote).filter_by(ticket_id=ticket.id))
    values = {"firm": asked.firm[:80], "amount": asked.amount, "quoted_on": asked.quoted_on, "note": asked.note[:500]}
    if row:
        put(row, values, Trace(by.id, at.at), name=ticket.number)
    else:
        row = WorksQuote(site_id=ticket.site_id, ticket_id=ticket.id, person_id=by.id, at=at.at, **values)
        session.add(row)
        session.flush()
        note(row, NEW, None, f"{asked.firm} {asked.amount}", Trace(by.id, at.at), name=ticket.number)
    session.flush()
    return row


def work_times(ticket: Ticket) -> Sequence[WorkTime]:
    """How long people said they worked on a job, the oldest first."""
    query = select(WorkTime).filter_by(ticket_id=ticket.id, withdrawn_at=None)
    return session.scalars(query.options(joinedload(WorkTime.person).options(*NAMED)).order_by(WorkTime.at)).all()


def may_record(ticket: Ticket, person: Person) -> bool:
    """Whether somebody may say how long they worked on a job: its owner, and who helped."""
    if not person.can(Right.WORK, ticket.site_id):
        return False
    if ticket.owner_id == person.id:
        return True
    query = select(TicketEvent.id).filter_by(ticket_id=ticket.id, person_id=person.id, verb=Verb.HELP)
    return session.scalar(query.limit(1)) is not None


def record_time(ticket: Ticket, time_id: UUID, length: timedelta, words: str, *, by: Person, at: Moment) -> WorkTime:
    """Say how long one worked on a job; said several times, it adds up."""
    if not may_record(ticket, by):
        raise Forbidden("may-not", N_("Only whoever has the job, or helped with it, can say how long it took."))
    minutes = round(length.total_seconds() / 60)
    if not 1 <= minutes <= LONGEST_WORK.total_seconds() / 60:
        raise Refused("length", N_("Please check the time: from one minute to ten days."))
    if session.get(WorkTime, time_id):
        raise Refused("entry-known", N_("This entry was already made."))
    row = WorkTime(
        id=time_id,
        site_id=ticket.site_id,
        ticket_id=ticket.id,
        person_id=by.id,
        minutes=minutes,
        note=words[:200],
        at=at.at,
        received_at=at.received_at,
    )
    session.add(row)
    session.flush()
    return row


def withdraw_time(ticket: Ticket, time_id: UUID, *, by: Person, at: Moment) -> None:
    """Take one's own entry back."""
    row = session.get(WorkTime, time_id)
    if row is None or row.ticket_id != ticket.id or row.person_id != by.id:
        raise Unseen("unknown-entry", N_("This entry is not known here."))
    row.withdrawn_at = row.withdrawn_at or at.at
    session.flush()


def _within(quote: WorksQuote, period: Period) -> bool:
    if quote.ticket.state in DONE and quote.ticket.finished_at:
        return period.holds(quote.ticket.finished_at)
    return period.first <= quote.quoted_on <= period.last
