"""The story of a ticket: one row for everything that happened, written with the change itself."""

from collections.abc import Callable
from dataclasses import replace

from crew_app.core.clock import SLACK, Moment
from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.tickets.models import Ticket, TicketEvent
from crew_app.tickets.rules import ENDS_DISPATCH, HoldReason, State, Verb, next_state

AFTER_EVENT: list[Callable[[Ticket, TicketEvent], None]] = []
"""What else follows from an event, in the same transaction (dispatch, notices); each looks at the verb first."""


def in_order(ticket: Ticket, at: Moment) -> Moment:
    """The moment of a change of state: never before the change it follows, whatever the phone's clock says."""
    if at.at >= ticket.changed_at:
        return at
    return replace(at, at=ticket.changed_at, suspect=at.suspect or ticket.changed_at - at.at > SLACK)


def change_state(
    ticket: Ticket, verb: Verb, *, by: Person | None, at: Moment, note: str = "", hold_reason: HoldReason | None = None
) -> TicketEvent:
    """Move the state machine by a verb and record it; `Refused` when the verb is not possible now.

    `at` has been put in order before.
    """
    before = ticket.state
    ticket.changed_at = at.at
    ticket.state = next_state(before, verb)
    if ticket.state is not State.ON_HOLD:
        ticket.hold_reason = ticket.hold_since = None
    if verb in ENDS_DISPATCH:
        ticket.ask(None)
        ticket.help_wanted = False
    return record(ticket, verb, by=by, at=at, note=note, before=before, hold_reason=hold_reason)


def record(
    ticket: Ticket,
    verb: Verb,
    *,
    by: Person | None,
    at: Moment,
    note: str = "",
    before: State | None = None,
    hold_reason: HoldReason | None = None,
) -> TicketEvent:
    """Write an event: who, what, when by both clocks."""
    event = TicketEvent(
        site_id=ticket.site_id,
        ticket_id=ticket.id,
        position=ticket.event_count,
        verb=verb,
        from_state=before or (None if verb is Verb.OPEN else ticket.state),
        to_state=ticket.state,
        person_id=by.id if by else None,
        at=at.at,
        device_at=at.device_at,
        received_at=at.received_at,
        offset_ms=at.offset_ms,
        clock_suspect=at.suspect,
        note=note.strip()[:2000],
        hold_reason=hold_reason,
        receipt_key=at.receipt,
    )
    ticket.event_count += 1
    session.add(event)
    session.flush()
    for follow in AFTER_EVENT:
        follow(ticket, event)
    return event
