"""What the worker does again and again: one function each, by name and interval.

Each gets the settings and the time, makes its own transactions, and may be done twice without harm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crew_app.config import Settings
from crew_app.desk import dispatch
from crew_app.roster import extending
from crew_app.rounds import planning
from crew_app.rounds.awaiting import awaited_runs
from crew_app.rounds.wanted import days_off


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so many seconds, in one process at a time; it answers how much it did."""

    name: str
    every: int
    do: Callable[[Settings, datetime], int]


def make_runs(settings: Settings, at: datetime) -> int:
    """Make the runs of rounds that open soon, mark what was missed; how many runs were made."""
    return planning.tick(at, settings.rounds_horizon, awaited_runs(at, settings.phone_grace))


def dispatch_again(_settings: Settings, at: datetime) -> int:
    """Give on what waits with somebody who went off duty, and what nobody fitted before."""
    return dispatch.pass_on(at)


def make_shifts(_settings: Settings, at: datetime) -> int:
    """Make the shifts of the next weeks from the patterns; how many were made."""
    return extending.extend_all(at, days_off)


JOBS: list[Job] = [
    Job("rounds", 60, make_runs),
    Job("dispatch", 60, dispatch_again),
    Job("roster", 3600, make_shifts),
]
