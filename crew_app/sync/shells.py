"""A ticket that exists only on a phone, for the page shell that the phone fills in."""

from datetime import datetime
from uuid import UUID

from crew_app.people.rules import Trade
from crew_app.places.models import Place
from crew_app.tickets.clocks import Hours
from crew_app.tickets.models import JobKind, Ticket
from crew_app.tickets.rules import Kind, Priority, State

PLACEHOLDER = UUID(int=0)


def blank_ticket(at: datetime) -> Ticket:
    """A ticket with the placeholder id, open, belonging nowhere; never added to a session."""
    ticket = Ticket(
        id=PLACEHOLDER,
        number="",
        kind=Kind.REPAIR,
        description="",
        priority=Priority.NORMAL,
        state=State.OPEN,
        reporter_name="",
        opened_at=at,
        response_due_at=at,
        resolution_due_at=at,
        hours=Hours.ALWAYS,
        target="",
        escalation=0,
        sent_back_count=0,
        paused_seconds=0,
        on_the_spot=False,
        help_wanted=False,
    )
    ticket.job_kind = JobKind(name="", name_en="", trade=Trade.ELECTRICAL, icon="wrench")
    ticket.place = Place(name="", name_en="", path="", path_en="")
    return ticket
