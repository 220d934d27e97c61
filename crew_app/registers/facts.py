"""What a hand-over drafts itself from. Each source is a function (post, at) -> lines, listed in SOURCES."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.words import N_
from crew_app.registers import gate_queries
from crew_app.registers.shift_models import LineSource, ShiftPost
from crew_app.stock.models import Discrepancy
from crew_app.storeroom.lists import low
from crew_app.tickets.models import JobKind, Ticket
from crew_app.tickets.rules import HoldReason, State

MOST_OF_EACH = 30


@dataclass(frozen=True, slots=True)
class Fact:
    """A line as it is drafted: what it is about (texts, or things with a name), then words with their parameters."""

    source: LineSource
    about: tuple[object, ...]
    words: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    href: str = ""


Source = Callable[[ShiftPost, datetime], Iterable[Fact]]


def draft(post: ShiftPost, at: datetime) -> list[Fact]:
    """What the next shift should know of, from all sources in their order."""
    return list(chain.from_iterable(islice(source(post, at), MOST_OF_EACH) for source in SOURCES))


def jobs(post: ShiftPost, at: datetime) -> Iterator[Fact]:
    """Overdue jobs of the trade, then those that wait, then the rest that is open."""
    if not post.tells_jobs:
        return
    found = session.scalars(_live(post)).unique().all()
    for ticket in sorted(found, key=lambda one: (not _overdue(one, at), one.state is not State.ON_HOLD, one.priority)):
        words, params = _standing(ticket, at)
        about = (ticket.number, ticket.job_kind, ticket.asset or ticket.place)
        yield Fact(LineSource.JOB, about, words, params, f"/tickets/{ticket.id}")


def _live(post: ShiftPost) -> Select[Ticket]:
    states = (State.OPEN, State.ACCEPTED, State.ON_HOLD)
    query = select(Ticket).where(Ticket.site_id == post.site_id, Ticket.state.in_(states))
    if post.trade:
        query = query.join(JobKind).where(JobKind.trade == post.trade)
    cards = (joinedload(Ticket.job_kind), joinedload(Ticket.place), joinedload(Ticket.asset), joinedload(Ticket.owner))
    return query.options(*cards).order_by(Ticket.resolution_due_at).limit(MOST_OF_EACH * 4)


def _overdue(ticket: Ticket, at: datetime) -> bool:
    return ticket.state is not State.ON_HOLD and bool(ticket.due_at and ticket.due_at < at)


def _standing(ticket: Ticket, at: datetime) -> tuple[str, dict[str, object]]:
    if ticket.state is State.ON_HOLD:
        material = ticket.hold_reason is HoldReason.MATERIAL
        return (N_("waits for material") if material else N_("waits for access")), {}
    if _overdue(ticket, at):
        return N_("overdue since %(time)s"), {"time": ticket.due_at}
    if ticket.owner:
        return N_("in progress with %(name)s"), {"name": ticket.owner}
    return N_("nobody has accepted it"), {}


def low_stock(post: ShiftPost, _at: datetime) -> Iterator[Fact]:
    """What must be ordered, or is missing for a job."""
    if not post.tells_stock:
        return
    for stand in low({post.site_id}):
        params = {"quantity": stand.position.available, "unit": stand.item.unit}
        about = (stand.item, stand.item.spec)
        yield Fact(LineSource.STOCK, about, N_("%(quantity)s %(unit)s left"), params, f"/stock/items/{stand.item.id}")


def discrepancies(post: ShiftPost, _at: datetime) -> Iterator[Fact]:
    """What the books and the shelf do not agree on."""
    if not post.tells_stock:
        return
    open_ones = select(Discrepancy).where(Discrepancy.settled_at.is_(None), Discrepancy.site_id == post.site_id)
    for one in session.scalars(open_ones.order_by(Discrepancy.id.desc()).limit(MOST_OF_EACH)):
        about = (one.move.item, one.move.item.spec)
        yield Fact(LineSource.DISCREPANCY, about, N_("not settled"), {}, f"/stock/discrepancies/{one.id}")


def visitors(post: ShiftPost, _at: datetime) -> Iterator[Fact]:
    """Who is still inside."""
    if not post.tells_visitors:
        return
    for visit in gate_queries.inside({post.site_id}):
        params = {"time": visit.entered_at or visit.at}
        about = (visit.plate, visit.visitor, visit.reason)
        yield Fact(LineSource.VISITOR, about, N_("inside since %(time)s"), params, f"/gate-log/{visit.id}")


SOURCES: list[Source] = [jobs, low_stock, discrepancies, visitors]
"""In this order; `round_facts.py` adds missed stops and readings when the application starts."""
