"""Proofs of the books: run at night by the worker, kept for whoever watches, told to administrators when they fail."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from crew_app.cli import crew
from crew_app.core import check_results
from crew_app.core.check_results import CHAIN, LEDGER, CheckResult
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.notifications.models import Notice
from crew_app.web import checking
from tests.support.tickets import make_ticket


@pytest.fixture
def check(monkeypatch, settings):
    """`crew check` on the test's installation: its exit code and what it said."""
    monkeypatch.setenv("CREW_DATA", str(settings.data))
    monkeypatch.setenv("SECRET_KEY", settings.secret_key)
    monkeypatch.setattr("os.nice", lambda _much: 0)

    def run():
        done = CliRunner().invoke(crew, ["check"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def results(app):
    with app.app_context():
        found = {one.name: (one.problems, one.first, one.ended_at is not None) for one in session.query(CheckResult)}
        session.remove()
    return found


def test_both_books_are_right(app, world, check):
    make_ticket(app, world)
    code, said = check()
    assert code == 0, said
    assert results(app) == {LEDGER: (0, "", True), CHAIN: (0, "", True)}


def test_what_does_not_fit_is_told_once_a_day(app, world, check, settings):
    ticket = make_ticket(app, world)
    with sqlite3.connect(settings.data / "crew.db") as connection:
        connection.execute("DROP TRIGGER ticket_events_no_update")
        connection.execute("UPDATE ticket_events SET at = '2020-01-01 00:00:00' WHERE ticket_id = ?", [ticket.hex])
    code, said = check()
    assert code == 1
    assert "the row was altered" in said
    found = results(app)
    assert found[CHAIN][0] >= 1
    assert found[LEDGER][:2] == (1, "trigger ticket_events_no_update is missing")
    check()
    with app.app_context():
        told = session.query(Notice).filter(Notice.key.like("check %")).all()
        assert {(one.person_id, one.key.split()[1]) for one in told} >= {
            (world.people["administrator"], LEDGER),
            (world.people["administrator"], CHAIN),
        }
        assert len(told) == len({(one.person_id, one.key) for one in told})
        session.remove()


@pytest.mark.parametrize(
    ("begun", "ended", "is_due"),
    [(None, None, True), (21, 20.9, True), (3, 2.9, False), (3, None, False), (13, None, True), (2, 30, False)],
)
def test_when_a_proof_is_due(app, begun, ended, is_due):
    """Hours ago; one that began and never ended is tried again after half a day."""
    at = now()
    with app.app_context():
        if begun is not None:
            with write_transaction():
                row = CheckResult(name=LEDGER, begun_at=at - timedelta(hours=begun))
                row.ended_at = None if ended is None else at - timedelta(hours=ended)
                session.add(row)
        assert check_results.due(LEDGER, at, checking.AFTER) is is_due
        session.remove()


def test_the_worker_begins_them_at_night_in_a_process_of_their_own(app, settings, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", settings.secret_key)
    wanted = replace(settings, watching=replace(settings.watching, night_checks=True))
    night = datetime.now().astimezone().replace(hour=3)
    with app.app_context():
        assert checking.check_at_night(wanted, night.replace(hour=12)) == 0
        assert checking.check_at_night(settings, night) == 0  # somebody does not want it
        assert checking.check_at_night(wanted, night) == 1
        assert checking.check_at_night(wanted, night) == 0  # one at a time
        (process,) = checking.RUNNING
        assert process.wait(100) == 0
    assert results(app) == {LEDGER: (0, "", True), CHAIN: (0, "", True)}
