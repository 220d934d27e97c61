"""The chain of escalation: which step falls due when, and who is told. Pure functions, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crew_app.core.words import N_
from crew_app.tickets.rules import State


class Clock(StrEnum):
    """What has been waited for."""

    RESPONSE = "response"
    """Open: nobody has accepted it."""
    ACCEPTANCE = "acceptance"
    """Dispatched: whoever is to do it has not accepted it."""
    RESOLUTION = "resolution"
    """Accepted: it is not done. A hold stops this."""
    VERIFICATION = "verification"
    """Finished: nobody has verified it."""


class Told(StrEnum):
    """To whom a step goes."""

    WORKER = "worker"
    """Whoever has it, or is to accept it."""
    SUPERVISOR = "supervisor"
    MANAGER = "manager"

    @property
    def level(self) -> int:
        """How far up that is: 1 to 3."""
        return list(Told).index(self) + 1


CLOCK_LABELS = {
    Clock.RESPONSE: N_("Not accepted in time"),
    Clock.ACCEPTANCE: N_("Dispatched and not accepted"),
    Clock.RESOLUTION: N_("Not done in time"),
    Clock.VERIFICATION: N_("Finished and not verified"),
}
TOLD_LABELS = {
    Told.WORKER: N_("Whoever has the job"),
    Told.SUPERVISOR: N_("Supervisor on duty"),
    Told.MANAGER: N_("Manager"),
}
BY_SHARE = frozenset({Clock.RESPONSE, Clock.RESOLUTION})
"""The clocks that have a deadline, so that a step may be a part of the time allowed."""
CATCH_UP = timedelta(days=7)
"""A step that fell due longer ago, while nobody looked, is not taken any more: it would only be noise."""
LARGEST_SHARE = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """One step: so much of the time allowed (100 % is the deadline), or so many minutes after it or after the event."""

    clock: Clock
    told: Told
    percent: int | None = None
    minutes: int = 0

    @property
    def key(self) -> str:
        """One word for it: "response/100%/supervisor". The same words are the same step, however often it is saved."""
        return f"{self.clock}/{f'{self.percent}%' if self.percent else f'{self.minutes}m'}/{self.told}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket stands, as far as its clocks go."""

    state: State
    priority: int
    opened_at: datetime
    response_due_at: datetime
    resolution_due_at: datetime
    assigned_at: datetime | None = None
    finished_at: datetime | None = None


def falls_due(step: Step, ticket: Standing) -> datetime | None:
    """When a step falls due as the ticket stands; None when its clock does not run."""
    start, due = _clock(step.clock, ticket)
    if due is None:
        return None
    if step.percent is None:
        return due + timedelta(minutes=step.minutes)
    return start + (due - start) * step.percent / 100


def due_now(steps: Iterable[Step], ticket: Standing, at: datetime) -> list[tuple[Step, datetime]]:
    """The steps that are to be taken by now, in the order in which they fell due."""
    moments = ((step, falls_due(step, ticket)) for step in steps)
    found = [(step, due) for step, due in moments if due is not None and at - CATCH_UP <= due <= at]
    return sorted(found, key=lambda pair: (pair[1], pair[0].told.level))


def occasion(step: Step, ticket: Standing) -> str:
    """What a step is taken once for: each time it is dispatched or finished, and each urgency it was given."""
    if step.clock is Clock.ACCEPTANCE and ticket.assigned_at:
        return f"{ticket.assigned_at:%Y%m%d%H%M%S%f}"
    if step.clock is Clock.VERIFICATION and ticket.finished_at:
        return f"{ticket.finished_at:%Y%m%d%H%M%S%f}"
    return f"p{ticket.priority}"


def read_key(key: str) -> Step | None:
    """The step with this key, or nothing when it is none."""
    try:
        clock, after, told = key.split("/")
        number = int(after[:-1])
        percent = number if after.endswith("%") else None
        return Step(Clock(clock), Told(told), percent, 0 if percent else number)
    except ValueError:
        return None


def ordered(steps: Iterable[Step]) -> list[Step]:
    """The steps as they are taken one after the other."""
    clocks = list(Clock)
    return sorted(
        set(steps), key=lambda one: (clocks.index(one.clock), one.percent or 100, one.minutes, one.told.level)
    )


def _clock(clock: Clock, ticket: Standing) -> tuple[datetime, datetime | None]:
    """When a clock began, and when it runs out; None when it does not run."""
    start = ticket.opened_at
    if clock is Clock.RESPONSE:
        return start, ticket.response_due_at if ticket.state is State.OPEN else None
    if clock is Clock.ACCEPTANCE:
        return start, ticket.assigned_at if ticket.state is State.OPEN else None
    if clock is Clock.RESOLUTION:
        return start, ticket.resolution_due_at if ticket.state is State.ACCEPTED else None
    return start, ticket.finished_at if ticket.state is State.FINISHED else None


DEFAULTS = (
    Step(Clock.RESPONSE, Told.WORKER, 100),
    Step(Clock.RESPONSE, Told.SUPERVISOR, 100),
    Step(Clock.RESPONSE, Told.MANAGER, 200),
    Step(Clock.ACCEPTANCE, Told.SUPERVISOR, minutes=30),
    Step(Clock.RESOLUTION, Told.WORKER, 100),
    Step(Clock.RESOLUTION, Told.SUPERVISOR, 100),
    Step(Clock.RESOLUTION, Told.MANAGER, 150),
    Step(Clock.VERIFICATION, Told.SUPERVISOR, minutes=24 * 60),
    Step(Clock.VERIFICATION, Told.MANAGER, minutes=72 * 60),
)
"""What every site begins with."""
