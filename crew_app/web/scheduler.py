"""The scheduler: makes the runs of rounds and marks what was missed, each minute, in one process at a time.

A thread of the server does it, begun in each worker process after the fork; a lease says which one works. `crew worker`
is the same in a process of its own. Without the lease nothing would be wrong, only done twice in vain: a plan has one
run for one slot, and each plan its own transaction.
"""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

from crew_app.config import Settings
from crew_app.core.clock import now
from crew_app.core.db import db, session
from crew_app.web.jobs import JOBS

EVERY = 60
"""Seconds."""
LEASE = 0x63726577
"""The number of the advisory lock on PostgreSQL."""
_log = logging.getLogger(__name__)


def start(app: Flask) -> None:
    """Begin the thread of this process, where the settings ask for it (`crew serve` does)."""
    if app.config["SETTINGS"].scheduler:
        threading.Thread(target=work, args=(app, threading.Event()), name="crew-scheduler", daemon=True).start()


def work(app: Flask, stop: threading.Event) -> None:
    """Tick each minute while this process has the lease, until told to stop; never ends by an error."""
    while not stop.is_set():
        try:
            with app.app_context(), lease(app) as held:
                while held():
                    tick(app)
                    if stop.wait(EVERY):
                        return
        except Exception:  # noqa: BLE001 - whatever it is, there is a next minute
            _log.exception("The scheduler failed; it tries again in a minute")
        stop.wait(EVERY)


def tick(app: Flask) -> int:
    """Once what is to be done each minute; how much was done. Within an application context."""
    settings: Settings = app.config["SETTINGS"]
    try:
        return sum(job.do(settings, now()) for job in JOBS)
    finally:
        session.remove()


@contextmanager
def lease(app: Flask) -> Iterator[Callable[[], bool]]:
    """Who may tick; the operating system or the database takes it back when a process dies, however that happens."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # closed at the end, not kept for others together with the lock
            mine = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LEASE})").scalar()
            # Asked before each tick: when the connection is lost, so is the lease.
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
