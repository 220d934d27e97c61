"""The worker: does its jobs again and again, in one process at a time, and says that it is alive.

A thread of the server does it, begun in each server process after the fork; a lease says which one works. `crew worker`
is the same in a process of its own. Without the lease nothing would be wrong, only done twice in vain: every job may be
done twice. APScheduler keeps the times; it counts by the wall clock, so that its jobs are set anew when that one jumps.
"""

import fcntl
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from crew_app.config import Settings
from crew_app.core import heartbeat
from crew_app.core.clock import now
from crew_app.core.db import db, session, write_transaction
from crew_app.web.jobs import JOBS, Job

AGAIN = 15.0
"""Seconds until a process without the lease asks for it again."""
LOOK = 5.0
"""Seconds between looks at the lease and at the clock."""
BEAT = 30
THREADS = 4
JUMP = 10.0
"""Seconds by which the wall clock may differ from the one that never jumps."""
LEASE = 0x63726577
"""The number of the advisory lock on PostgreSQL."""
_log = logging.getLogger(__name__)
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a job that takes longer than its interval is no news


def start(app: Flask) -> None:
    """Begin the thread of this process, where the settings ask for it (`crew serve` does)."""
    if app.config["SETTINGS"].scheduler:
        threading.Thread(target=work, args=(app, threading.Event()), name="crew-scheduler", daemon=True).start()


def work(app: Flask, stop: threading.Event) -> None:
    """Do the jobs while this process has the lease, until told to stop; never ends by an error."""
    while not stop.is_set():
        try:
            with app.app_context(), lease(app) as held:
                if held():
                    _lead(app, stop, held)
        except Exception:  # noqa: BLE001 - whatever it is, there is a next time
            _log.exception("The worker failed; it tries again")
        stop.wait(AGAIN)


def _lead(app: Flask, stop: threading.Event, held: Callable[[], bool]) -> None:
    runner = Runner(app)
    try:
        while not stop.wait(LOOK) and held():
            runner.follow_clock()
    finally:
        runner.end()


class Again(IntervalTrigger):  # type: ignore[misc]
    """Every so many seconds, without making up for what a clock that jumped ahead has left out.

    The library would count each time in between, millions of them after a jump of years.
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next time after the last one, or after now when that is long ago."""
        late = previous_fire_time is not None and now - previous_fire_time > self.interval
        found: datetime | None = super().get_next_fire_time(now if late else previous_fire_time, now)
        return found


class Runner:
    """The jobs as they go on, each in a thread of the pool, never twice at once."""

    def __init__(self, app: Flask) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(THREADS)})
        self._distance = _distance()
        for job in [*JOBS, Job("heartbeat", BEAT, _beat)]:
            self._scheduler.add_job(
                do,
                Again(seconds=job.every, timezone=UTC),
                (app, job),
                id=job.name,
                next_run_time=now(),
                coalesce=True,
                misfire_grace_time=None,
                max_instances=1,
            )
        self._scheduler.start()

    def follow_clock(self) -> None:
        """Set the jobs anew when the wall clock jumped: set back, it would let them wait until it is there again."""
        distance = _distance()
        if abs(distance - self._distance) < JUMP:
            return
        _log.warning("The clock jumped by %.0f s; the jobs are set anew", distance - self._distance)
        self._distance = distance
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=now())

    def end(self) -> None:
        """Wait for what is being done, begin nothing more."""
        self._scheduler.shutdown()


def _distance() -> float:
    return time.time() - time.monotonic()


def do(app: Flask, job: Job) -> int:
    """One job once, in a context of its own; a failure is written down and holds up nothing else."""
    with app.app_context():
        try:
            return job.do(app.config["SETTINGS"], now())
        except Exception:  # noqa: BLE001 - the other jobs go on, and this one has a next time
            _log.exception("The job %s failed; it is tried again", job.name)
            return 0
        finally:
            session.remove()


def tick(app: Flask) -> int:
    """All jobs once, one after the other; how much was done."""
    return sum(do(app, job) for job in JOBS)


def _beat(_settings: Settings, at: datetime) -> int:
    with write_transaction():
        heartbeat.beat(at, f"{socket.gethostname()} {os.getpid()}")
    return 0


@contextmanager
def lease(app: Flask) -> Iterator[Callable[[], bool]]:
    """Who may work; the operating system or the database takes it back when a process dies, however that happens."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # closed at the end, not kept for others together with the lock
            mine = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LEASE})").scalar()
            # Asked again and again: when the connection is lost, so is the lease.
            yield lambda: bool(mine and connection.exec_driver_sql("SELECT 1").scalar())
        return
    with (app.config["SETTINGS"].data / "scheduler.lock").open("a") as file:
        yield lambda: _locked(file.fileno())


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
