"""Joining a job that somebody else reported before: one job, everybody who asked hears of it."""

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.tickets.events import record
from crew_app.tickets.joining_models import JoinedCaller
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Verb


def join(ticket: Ticket, *, by: Person, at: Moment, name: str = "", phone: str = "", words: str = "") -> JoinedCaller:
    """Write down that somebody calls about this job, too; `by` took the call."""
    if not ticket.live:
        raise Refused("not-live", N_("This job is closed. Please enter the call as a new one."))
    caller = JoinedCaller(
        site_id=ticket.site_id, ticket_id=ticket.id, name=name[:60], phone=phone[:30], person_id=by.id, at=at.at
    )
    session.add(caller)
    record(ticket, Verb.JOIN, by=by, at=at, note=" · ".join(part for part in (name, words) if part))
    return caller
