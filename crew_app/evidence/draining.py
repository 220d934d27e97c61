"""Moving what waits on this disk to the bucket: checked there, then deleted here; killed anywhere it begins again."""

import fcntl
import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crew_app.evidence.s3 import StoreUnreachable
from crew_app.evidence.spool import SpooledStore, key_of, trim, waiting

LOOK = 2.0
"""Seconds between looks into the spool."""
LONGEST = 60.0
"""Seconds between tries at the most, after the bucket did not answer again and again."""
_log = logging.getLogger(__name__)


@dataclass
class Drained:
    """What one pass did."""

    moved: int = 0
    deleted: int = 0
    damaged: int = 0
    trouble: str = ""
    elsewhere: bool = False
    """Whether another process is at it."""


def drain(store: SpooledStore, stop: threading.Event | None = None) -> Drained:
    """Move all that waits, unless another process of this machine does; ends at the first sign of trouble."""
    done, stop = Drained(), stop or threading.Event()
    with _alone(store.lock) as mine:
        if not mine:
            return Drained(elsewhere=True)
        try:
            for mark in list(waiting(store.gone)):
                _forget(store, key_of(mark), done)
            for path in _oldest_first(store):
                if stop.is_set():
                    break
                _move(store, path, done)
        except StoreUnreachable as error:
            done.trouble = error.why
        if done.moved:
            trim(store.cache, store.room)
    return done


def keep_draining(store: SpooledStore, stop: threading.Event) -> None:
    """Drain again and again until told to stop; never ends by an error."""
    pause = LOOK
    while not stop.wait(pause):
        try:
            done = drain(store, stop)
        except Exception:  # noqa: BLE001 - whatever it is, there is a next time
            _log.exception("Photos could not be moved to the bucket; they are tried again")
            done = Drained(trouble="unexpected")
        if done.trouble and pause <= LOOK:
            _log.warning("The bucket does not take photos (%s); they wait on this disk", done.trouble)
        pause = min(LONGEST, pause * 2) if done.trouble else LOOK


def _oldest_first(store: SpooledStore) -> list[Path]:
    found = [(path.stat().st_mtime, path) for path in waiting(store.spool) if path.exists()]
    return [path for _, path in sorted(found)]


def _forget(store: SpooledStore, key: str, done: Drained) -> None:
    if not store.spool.has(key):  # put again in the meantime: then it stays
        store.s3.delete(key)
        done.deleted += 1
    store.gone.delete(key)


def _move(store: SpooledStore, path: Path, done: Drained) -> None:
    key = key_of(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    if key.startswith("original/") and hashlib.sha256(data).hexdigest() != path.name:
        _log.error("%s is damaged on this disk; it stays here", path)
        done.damaged += 1
        return
    store.s3.put(key, data)
    store.settle(key)
    store.breaker.reset()
    done.moved += 1


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    """The operating system takes the lock back when a process dies, however that happens."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
