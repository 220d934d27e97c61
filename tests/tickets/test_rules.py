"""Deadlines: how long each urgency may take, and how a running one stands."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Deadlines, Due, Priority, State, deadlines, due_status

OPENED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ALLOWED = {  # urgency: minutes to answer, hours to be done
    Priority.EMERGENCY: (10, 2),
    Priority.URGENT: (30, 8),
    Priority.NORMAL: (120, 48),
    Priority.LOW: (1440, 168),
}


@pytest.mark.parametrize("priority", list(Priority))
def test_each_urgency_has_its_deadlines(priority):
    due, (minutes, hours) = deadlines(priority, OPENED), ALLOWED[priority]
    assert due == Deadlines(OPENED + timedelta(minutes=minutes), OPENED + timedelta(hours=hours))


def test_the_more_urgent_the_sooner():
    answered = [deadlines(priority, OPENED).response for priority in Priority]
    done = [deadlines(priority, OPENED).resolution for priority in Priority]
    assert answered == sorted(answered)
    assert done == sorted(done)


@given(st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_a_pause_moves_only_the_resolution_and_never_back(pause):
    due = deadlines(Priority.NORMAL, OPENED)
    moved = due.shifted(pause)
    assert moved.response == due.response
    assert moved.resolution == due.resolution + max(pause, timedelta(0))


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(0, Due.ON_TIME), (89, Due.ON_TIME), (90, Due.SOON), (119, Due.SOON), (120, Due.OVERDUE), (9999, Due.OVERDUE)],
)
def test_a_deadline_of_two_hours(minutes, status):
    assert due_status(OPENED, OPENED + timedelta(hours=2), OPENED + timedelta(minutes=minutes)) is status


@pytest.mark.parametrize(
    ("state", "runs"),
    [
        (State.OPEN, "response"),
        (State.ACCEPTED, "resolution"),
        (State.ON_HOLD, "resolution"),
        (State.FINISHED, None),
        (State.VERIFIED, None),
        (State.CANCELLED, None),
    ],
)
def test_which_deadline_runs(state, runs):
    due = deadlines(Priority.NORMAL, OPENED)
    ticket = Ticket(
        state=state, opened_at=OPENED, response_due_at=due.response, resolution_due_at=due.resolution, sent_back_count=0
    )
    assert ticket.due_at == (getattr(due, runs) if runs else None)
    if state is State.ON_HOLD:
        assert ticket.due(OPENED + timedelta(days=99)) is Due.PAUSED
    elif runs is None:
        assert ticket.due(OPENED + timedelta(days=99)) is Due.NONE
