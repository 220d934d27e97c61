"""What the service desk sees: where a caller may mean, the last calls, and who has to be called back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.core.hints import unindexed
from crew_app.desk.call_models import CallBack
from crew_app.desk.calls import news, since
from crew_app.people.models import NAMED, Person
from crew_app.people.rules import Right
from crew_app.tickets.joining_models import JoinedCaller
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import State, Verb

FOR = timedelta(days=14)
TELLING = (State.ON_HOLD, State.FINISHED, State.VERIFIED, State.CANCELLED)
MOST = 100


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who called and has not heard how it stands."""

    ticket: Ticket
    joined: JoinedCaller | None
    name: str
    phone: str
    since: datetime
    tries: int
    """How often they could not be reached."""


def due(person: Person, at: datetime) -> list[Due]:
    """Who has to be called back, who waits longest first."""
    query = select(Ticket).where(Ticket.reporter_phone != "", *_news(person, at)).options(*_CARD)
    first = [(ticket, None) for ticket in session.scalars(query.order_by(Ticket.changed_at).limit(MOST))]
    joined = select(JoinedCaller).join(JoinedCaller.ticket).where(JoinedCaller.phone != "")
    joined = joined.where(*_news(person, at)).options(*(joinedload(JoinedCaller.ticket).options(*_CARD),))
    callers: list[tuple[Ticket, JoinedCaller | None]] = [*first]
    callers += [(one.ticket, one) for one in session.scalars(joined.order_by(Ticket.changed_at).limit(MOST))]
    return sorted(_untold(callers), key=lambda one: one.since)


def _news(person: Person, at: datetime) -> tuple[ColumnElement[bool], ...]:
    sites = person.sites_with(Right.KEEP_DESK)
    return Ticket.site_id.in_(sites), Ticket.state.in_(TELLING), Ticket.changed_at >= at - FOR


def _untold(callers: list[tuple[Ticket, JoinedCaller | None]]) -> list[Due]:
    if not callers:
        return []
    ids = {ticket.id for ticket, _ in callers}
    said: dict[object, list[CallBack]] = {}
    for one in session.scalars(select(CallBack).where(CallBack.ticket_id.in_(ids))):
        said.setdefault((one.ticket_id, one.joined_id), []).append(one)
    found = []
    for ticket, joined in callers:
        about, begin = news(ticket), since(ticket)
        tries = said.get((ticket.id, joined.id if joined else None), [])
        tries = [one for one in tries if one.about is about and one.at >= begin]
        if not any(one.told for one in tries):
            name, phone = (joined.name, joined.phone) if joined else (ticket.reporter_name, ticket.reporter_phone)
            found.append(Due(ticket, joined, name, phone, begin, len(tries)))
    return found


def recent(person: Person, limit: int = 10) -> Sequence[Ticket]:
    """The last jobs that this person took at the desk, the newest first."""
    taken = select(TicketEvent.ticket_id).where(
        TicketEvent.person_id == person.id, TicketEvent.verb.in_((Verb.OPEN, Verb.JOIN))
    )
    last = taken.order_by(TicketEvent.id.desc()).limit(limit)
    ids = list(dict.fromkeys(session.scalars(last)))
    sites = unindexed(Ticket.site_id).in_(person.sites_with(Right.KEEP_DESK))
    query = select(Ticket).where(Ticket.id.in_(ids), sites)
    found = {ticket.id: ticket for ticket in session.scalars(query.options(*_CARD))}
    return [found[ticket_id] for ticket_id in ids if ticket_id in found]


_CARD = (
    joinedload(Ticket.job_kind),
    joinedload(Ticket.place),
    joinedload(Ticket.asset),
    joinedload(Ticket.owner).options(*NAMED),
)
