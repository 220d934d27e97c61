"""What the worker does again and again: one function each, by name and interval.

Each gets the settings and the time, makes its own transactions, and may be done twice without harm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crew_app.config import Settings
from crew_app.core.db import write_transaction
from crew_app.emergencies import calling
from crew_app.emergencies import queries as emergencies
from crew_app.rounds import planning
from crew_app.rounds.awaiting import awaited_runs


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so many seconds, in one process at a time; it answers how much it did."""

    name: str
    every: int
    do: Callable[[Settings, datetime], int]


def make_runs(settings: Settings, at: datetime) -> int:
    """Make the runs of rounds that open soon, mark what was missed; how many runs were made."""
    return planning.tick(at, settings.rounds_horizon, awaited_runs(at, settings.phone_grace))


def call_again(_settings: Settings, at: datetime) -> int:
    """Call again whoever has not answered an emergency, and the next one; how many were called."""
    called = 0
    for ticket_id in calling.to_call_again(at):
        with write_transaction():
            called += calling.call_again(emergencies.locked(ticket_id), at)
    return called


JOBS: list[Job] = [
    Job("rounds", 60, make_runs),
    Job("emergencies", 30, call_again),
]
