"""What the worker does again and again: one function each, by name and interval.

Each gets the settings and the time, makes its own transactions, and may be done twice without harm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crew_app.config import Settings
from crew_app.connections.sending import forget_sent, send_waiting
from crew_app.core.db import write_transaction
from crew_app.desk import dispatch, escalation
from crew_app.emergencies import calling
from crew_app.emergencies import queries as emergencies
from crew_app.notifications import deliveries
from crew_app.notifications import queries as notices
from crew_app.people import guessing, records
from crew_app.reports import day_figures
from crew_app.roster import extending
from crew_app.roster.days import days_off
from crew_app.rounds import planning
from crew_app.rounds.awaiting import awaited_runs
from crew_app.tickets import floods
from crew_app.web.blurring import blur_faces
from crew_app.web.checking import check_at_night
from crew_app.web.delivering import deliver
from crew_app.web.heads import tell_heads
from crew_app.web.importing import bring_in
from crew_app.web.keeping import delete_removed, let_go
from crew_app.web.looking import look
from crew_app.web.sealing import seal_what_was_there


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so many seconds, in one process at a time; it answers how much it did."""

    name: str
    every: int
    do: Callable[[Settings, datetime], int]


def make_runs(settings: Settings, at: datetime) -> int:
    """Make the runs of rounds that open soon, mark what was missed; how many runs were made."""
    return planning.tick(at, settings.rounds_horizon, awaited_runs(at, settings.phone_grace))


def escalate(settings: Settings, at: datetime) -> int:
    """Tell somebody further up what has waited too long; how many steps were taken."""
    return escalation.tick(at, settings.phone_grace)


def forget_strangers(_settings: Settings, at: datetime) -> int:
    """Forget who reported without an account yesterday: it was kept only to count."""
    with write_transaction():
        return floods.forget_old(at)


def dispatch_again(_settings: Settings, at: datetime) -> int:
    """Give on what waits with somebody who went off duty, and what nobody fitted before."""
    return dispatch.pass_on(at)


def make_shifts(_settings: Settings, at: datetime) -> int:
    """Make the shifts of the next weeks from the patterns; how many were made."""
    return extending.extend_all(at, days_off)


def clean_up(settings: Settings, at: datetime) -> int:
    """Forget old wrong tries, old lines of the record, notices read long ago, and deliveries that are settled."""
    with write_transaction():
        forgotten = guessing.forget_old(at) + records.forget_old(at, settings.profile.record_days)
        return forgotten + deliveries.clean_up(at) + notices.clean_up(at)


def call_again(_settings: Settings, at: datetime) -> int:
    """Call again whoever has not answered an emergency, and the next one; how many were called."""
    called = 0
    for ticket_id in calling.to_call_again(at):
        with write_transaction():
            called += calling.call_again(emergencies.locked(ticket_id), at)
    return called


def count_days(_settings: Settings, at: datetime) -> int:
    """Count the days that are over, and anew those about which something came late; how many days."""
    return day_figures.catch_up(at)


JOBS: list[Job] = [
    Job("rounds", 60, make_runs),
    Job("escalation", 60, escalate),
    Job("strangers", 3600, forget_strangers),
    Job("dispatch", 60, dispatch_again),
    Job("roster", 3600, make_shifts),
    Job("deliveries", 5, deliver),
    Job("look", 5, look),
    Job("clean-up", 3600, clean_up),
    Job("emergencies", 30, call_again),
    Job("chain", 60, seal_what_was_there),
    Job("heads", 3600, tell_heads),
    Job("retention", 1800, let_go),
    Job("removed", 60, delete_removed),
    Job("faces", 120, blur_faces),
    Job("imports", 2, bring_in),
    Job("webhooks", 5, send_waiting),
    Job("webhooks-kept", 3600, forget_sent),
    Job("figures", 60, count_days),
    Job("checks", 600, check_at_night),
]
