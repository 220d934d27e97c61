"""The worker: one leader, jobs that fail alone, clocks that jump, a heartbeat that every process can read."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from crew_app.core import heartbeat
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.people import guessing
from crew_app.web import jobs, scheduler
from crew_app.web.jobs import Job


@pytest.fixture
def quick(monkeypatch):
    """A worker that looks often, with jobs of the test."""
    monkeypatch.setattr(scheduler, "LOOK", 0.05)
    monkeypatch.setattr(scheduler, "AGAIN", 0.05)
    mine: list[Job] = []
    monkeypatch.setattr(scheduler, "JOBS", mine)
    return mine


class Working:
    """A worker in a thread, until the end of the block."""

    def __init__(self, app):
        self._stop = threading.Event()
        self._thread = threading.Thread(target=scheduler.work, args=(app, self._stop), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


def until(true, patience=15.0):
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def counting(done):
    def do(_settings, _at):
        done.append(threading.get_ident())
        return 1

    return do


def test_jobs_go_on_also_when_one_fails_and_one_never_ends(app, quick):
    done: list[int] = []
    held = threading.Event()

    def fail(_settings, _at):
        raise RuntimeError("a job that fails")

    quick += [Job("fails", 1, fail), Job("hangs", 1, lambda *_: held.wait(30)), Job("works", 1, counting(done))]
    with Working(app):
        until(lambda: len(done) >= 2)
        held.set()


def test_a_clock_that_is_set_back_a_day_stops_nothing(app, quick):
    done: list[int] = []
    quick.append(Job("works", 1, counting(done)))
    with Working(app), time_machine.travel(datetime.now(UTC) - timedelta(days=1), tick=True):
        so_far = len(done)
        until(lambda: len(done) >= so_far + 3)


def test_without_a_look_at_the_clock_it_would(app, quick, monkeypatch):
    """Sabotage: the library alone waits until the wall clock is there again."""
    done: list[int] = []
    quick.append(Job("works", 1, counting(done)))
    monkeypatch.setattr(scheduler.Runner, "follow_clock", lambda _self: None)
    with Working(app):
        until(lambda: done)
        with time_machine.travel(datetime.now(UTC) - timedelta(days=1), tick=True):
            time.sleep(0.2)
            so_far = len(done)
            time.sleep(2.5)
            assert len(done) <= so_far + 1


def test_a_jump_of_years_is_not_made_up_for():
    """From a clock without a battery to the true time: otherwise the worker counts for minutes, and gigabytes."""
    ago, at = datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 20, tzinfo=UTC)
    trigger = scheduler.Again(seconds=1, timezone=UTC)
    assert trigger.get_next_fire_time(ago, at) == at + timedelta(seconds=1)
    assert trigger.get_next_fire_time(at, at) == at + timedelta(seconds=1)


def test_of_two_workers_one_works_and_the_other_takes_over(any_app, quick):
    first: list[int] = []
    second: list[int] = []
    quick.append(Job("works", 1, counting(first)))
    with Working(any_app):
        until(lambda: first)
        quick[:] = [Job("works", 1, counting(second))]
        with Working(any_app):
            time.sleep(0.5)
            assert second == []
            first_alive = len(first)
            until(lambda: len(first) > first_alive)
    assert second == []
    with Working(any_app):
        until(lambda: second)


def test_the_heartbeat_is_seen_by_whoever_asks(any_app, quick, any_sign_in):
    client = any_sign_in("technician")
    assert client.get("/readyz").get_data(as_text=True) == "ready\n"
    with Working(any_app):
        until(lambda: "worker: alive" in client.get("/readyz").get_data(as_text=True))
    for ago in (timedelta(minutes=4), -timedelta(minutes=4)):
        with any_app.app_context(), write_transaction():
            heartbeat.beat(now() - ago, "somewhere")
        answer = client.get("/readyz")
        assert answer.status_code == 200
        assert answer.get_data(as_text=True).startswith("degraded\nworker: silent, last heard of 24")


def test_a_worker_that_never_came_is_said_where_one_is_expected(app, stranger):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], scheduler=True)
    assert stranger.get("/readyz").get_data(as_text=True) == "ready\nworker: not heard of yet\n"


def test_old_failures_to_sign_in_are_forgotten(app, world):
    with app.app_context():
        with write_transaction():
            caller = guessing.Caller("10.0.0.1")
            guessing.note(guessing.of_name("wang", caller)[:1], "wang", now() - timedelta(days=2))
        assert jobs.clean_up(app.config["SETTINGS"], now()) == 1
        assert jobs.clean_up(app.config["SETTINGS"], now()) == 0
        session.remove()
