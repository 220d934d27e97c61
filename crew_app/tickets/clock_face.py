"""What the clocks of a ticket show: both deadlines, how they ended, and every pause. Pure functions, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crew_app.tickets.clocks import Hours, Pause, pauses
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Due, State, due_status

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Hand:
    """One deadline: when it is, when it was met if it was, and how it stands."""

    due_at: datetime
    met_at: datetime | None
    due: Due

    def over(self, at: datetime) -> timedelta:
        """By how much it was missed so far; nothing when it was met, or may still be."""
        return max((self.met_at or at) - self.due_at, NOTHING)

    def left(self, at: datetime) -> timedelta:
        """How long there is still."""
        return max(self.due_at - at, NOTHING)


@dataclass(frozen=True, slots=True)
class ClockFace:
    """Both clocks of a ticket."""

    response: Hand
    resolution: Hand
    stops: tuple[Pause, ...]
    hours: Hours


def clock_face(ticket: Ticket, at: datetime) -> ClockFace:
    """The clocks of a ticket whose events are loaded."""
    return ClockFace(
        _hand(ticket, ticket.response_due_at, ticket.accepted_at, at),
        _hand(ticket, ticket.resolution_due_at, ticket.finished_at, at, stopped=ticket.state is State.ON_HOLD),
        tuple(pauses(ticket.events)),
        ticket.hours,
    )


def length(stop: Pause, at: datetime) -> timedelta:
    """How long a pause lasted, or lasts by now."""
    return max((stop.until or at) - stop.since, NOTHING)


def _hand(ticket: Ticket, due_at: datetime, met_at: datetime | None, at: datetime, *, stopped: bool = False) -> Hand:
    if met_at or not ticket.live:
        return Hand(due_at, met_at, Due.NONE)
    return Hand(due_at, None, Due.PAUSED if stopped else due_status(ticket.opened_at, due_at, at))
