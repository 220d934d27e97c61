"""The list of tickets from the newest on: as quick with millions of them as with some hundred.

Whoever works at a site sees all of it, and beside that what they reported or joined elsewhere. One condition with OR
makes a database sort everything it allows; here each way of being visible gives its newest page in the order of an
index, and the newest of these few are the page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_, union
from sqlalchemy.sql.base import ExecutableOption

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.tickets.follower_models import TicketFollower
from crew_app.tickets.models import Ticket
from crew_app.tickets.queries import CARD, PAGE
from crew_app.tickets.rules import LIVE, State

Before = tuple[datetime, UUID]
Keys = Select[UUID]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of tickets is narrowed to."""

    state: State | None = None
    mine: bool = False
    live: bool = False
    text: str = ""


def newest(
    person: Person,
    chosen: Filter,
    before: Before | None = None,
    also: Sequence[ColumnElement[bool]] = (),
    more: Sequence[ExecutableOption] = (),
) -> Sequence[Ticket]:
    """Tickets from the newest on, a page at a time; `before` is opening time and id of the last one seen.

    `also`: more conditions, for the list behind a figure. `more`: what is loaded beside what a row of a page shows.
    """
    narrow = [*_narrowed(person, chosen), *also]
    if before:
        narrow.append(tuple_(Ticket.opened_at, Ticket.id) < before)
    pages = [select(_page(way, narrow).subquery().c.id) for way in _ways(person, chosen)]
    ids = union(*pages).subquery()
    query = select(Ticket).where(Ticket.id.in_(select(ids.c.id))).options(*CARD, *more)
    return session.scalars(query.order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(PAGE)).all()


def _page(way: Sequence[ColumnElement[bool]], narrow: Sequence[ColumnElement[bool]]) -> Keys:
    query = select(Ticket.id).where(*way, *narrow)
    return query.order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(PAGE)


def _ways(person: Person, chosen: Filter) -> Iterator[list[ColumnElement[bool]]]:
    """Every way a ticket can be visible, each along one index; sites and states one by one, as indexes have them."""
    states = [chosen.state] if chosen.state else sorted(LIVE) if chosen.live else []
    for site_id in sorted(person.sites_with(Right.SEE_SITE)):
        site: ColumnElement[bool] = Ticket.site_id == site_id
        if states and not chosen.mine:
            yield from ([site, Ticket.state == state] for state in states)
        else:
            yield [site]
    yield [Ticket.reporter_id == person.id]
    yield [Ticket.id.in_(select(TicketFollower.ticket_id).where(TicketFollower.person_id == person.id))]


def _narrowed(person: Person, chosen: Filter) -> Iterator[ColumnElement[bool]]:
    if chosen.state:
        yield Ticket.state == chosen.state
    if chosen.live:
        yield Ticket.state.in_(LIVE)
    if chosen.mine:
        yield or_(Ticket.owner_id == person.id, Ticket.reporter_id == person.id)
    if chosen.text:
        yield Ticket.number.startswith(chosen.text.strip().upper(), autoescape=True)
