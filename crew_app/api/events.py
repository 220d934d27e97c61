"""What happened since, for those who poll: in the order of the audit chain, so that nothing is ever missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.api.declared import Asked, Page, counts
from crew_app.api.kinds import Choice, Field, Id, Maybe, Shape, Text, Time, Whole
from crew_app.connections import lists as rows
from crew_app.connections.scopes import Scope
from crew_app.connections.telling import API
from crew_app.core.chain import Link
from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.rounds.models import Visit
from crew_app.stock.models import Posting, Reason
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.queries import visible
from crew_app.tickets.rules import Verb
from crew_app.web.tokens import TokenRule, bearer


class What(StrEnum):
    """What sort of thing happened."""

    TICKET = "ticket"
    VISIT = "visit"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the feed."""

    position: int
    what: What
    id: UUID
    at: datetime
    href: str
    verb: Verb | None = None
    reason: Reason | None = None


LINE = Shape(
    "Event",
    (
        Field("position", Whole(), "Its place in the order; only grows, with gaps"),
        Field("what", Choice(What), "A job, a visit at a stop of a round, a posting of the ledger"),
        Field("id", Id(), "Of the event, the visit, the posting"),
        Field("at", Time(), "When it happened"),
        Field("href", Text(240), "What it is about"),
        Field("verb", Maybe(Choice(Verb)), "What was done to the job"),
        Field("reason", Maybe(Choice(Reason)), "Why goods were moved"),
    ),
)
_KINDS = {"event": (Scope.TICKETS_READ, None), "visit": (Scope.ROUNDS_READ, Right.SEE_SITE)} | {
    "ledger": (Scope.STOCK_READ, Right.SEE_STOCK)
}


@counts(
    "/events",
    LINE,
    TokenRule(Scope.EVENTS_READ, None),
    about="What happened, oldest first, as far as the token's other scopes reach; a page may be short and go on",
)
def list_events(asked: Asked) -> Page:
    """Read with `after`, keep `next`, ask again later with it."""
    kinds = [kind for kind, (scope, right) in _KINDS.items() if _may(asked.me, scope, right)]
    after = int(asked.after or 0)
    found = rows.links(asked.site_id, kinds, after, asked.limit) if kinds else []
    shown = found[: asked.limit]
    last = shown[-1].position if shown else after
    return Page(_lines(asked.me, shown), last)


def _may(person: Person, scope: Scope, right: Right | None) -> bool:
    return scope in bearer().scopes and (right is None or person.can(right))


def _lines(person: Person, links: Sequence[Link]) -> list[Happened]:
    lines = [*_of_tickets(person, links), *_of_visits(links), *_of_stock(links)]
    return sorted(lines, key=lambda line: line.position)


def _of_tickets(person: Person, links: Sequence[Link]) -> list[Happened]:
    query = select(TicketEvent).join(Ticket).where(TicketEvent.id.in_(_ids(links, "event")), visible(person))
    found = {event.id: event for event in session.scalars(query)}
    return [
        Happened(link.position, What.TICKET, event.id, event.at, f"{API}/tickets/{event.ticket_id}", event.verb)
        for link, event in _matched(links, found)
    ]


def _of_visits(links: Sequence[Link]) -> list[Happened]:
    found = {one.id: one for one in session.scalars(select(Visit).where(Visit.id.in_(_ids(links, "visit"))))}
    return [
        Happened(link.position, What.VISIT, visit.id, visit.at, f"{API}/rounds/runs/{visit.run_id}")
        for link, visit in _matched(links, found)
    ]


def _of_stock(links: Sequence[Link]) -> list[Happened]:
    found = {one.id: one for one in session.scalars(select(Posting).where(Posting.id.in_(_ids(links, "ledger"))))}
    return [
        Happened(link.position, What.STOCK, one.id, one.at, f"{API}/stock/moves", reason=one.reason)
        for link, one in _matched(links, found)
    ]


def _ids(links: Sequence[Link], kind: str) -> list[UUID]:
    return [link.subject for link in links if link.kind == kind]


def _matched(links: Sequence[Link], found: dict[UUID, Any]) -> list[tuple[Link, Any]]:
    return [(link, found[link.subject]) for link in links if link.subject in found]
