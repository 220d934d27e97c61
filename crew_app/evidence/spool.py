"""Photos that stay in a bucket: kept on this disk first, so that nobody's work waits for it, and moved there by and by.

Three folders: `spool` (files wait; here they are safe), `gone` (marks of what is to be deleted there as well) and
`cache` (shown copies, thrown away as needed). Only the drainer writes to the bucket, one at a time on a machine.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from crew_app.evidence.breaker import Breaker
from crew_app.evidence.s3 import S3
from crew_app.evidence.store import LocalStore, Waiting

MARK = b"\n"
AT_ONCE = 0.02
"""Seconds that counting what waits may take each time it is asked for."""
CALM = 50
"""Beyond that an answer is kept for so many times as long as it took."""


class SpooledStore:
    """What waits here, a cache, and the bucket behind them."""

    def __init__(self, spool: Path, s3: S3, room: int, *, wait: bool = False) -> None:
        """`wait`: nothing counts as kept before the bucket has it, so that this machine may be lost with its disk."""
        self.spool = LocalStore(spool / "waiting")
        self.gone = LocalStore(spool / "gone")
        self.cache = LocalStore(spool / "cache")
        self.lock = spool / "lock"
        self.s3, self.room, self.wait = s3, room, wait
        self.breaker = Breaker()
        self._counted: tuple[Waiting | None, float] = (None, 0.0)

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes on this disk; what was to be deleted is not any more.

        `StoreUnreachable` where the bucket has to have them, and does not: they go there later all the same.
        """
        self.gone.delete(key)
        self.spool.put(key, data)
        if self.wait:
            with self.breaker.guard():
                self.s3.put(key, data)
            self.settle(key)

    def get(self, key: str) -> bytes:
        """The bytes, from wherever they are; `StoreUnreachable` when that is a bucket that does not answer."""
        for store in (self.spool, self.cache):
            with suppress(FileNotFoundError):
                return store.get(key)
        if self.gone.has(key):
            raise FileNotFoundError(key)
        try:
            with self.breaker.guard():
                data = self.s3.get(key)
        except FileNotFoundError:
            return self.spool.get(key)  # moved here from another process in between, or nowhere
        self._remember(key, data)
        return data

    def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""
        if self.near(key):
            return True
        with self.breaker.guard():
            return not self.gone.has(key) and self.s3.has(key)

    def near(self, key: str) -> bool:
        """Whether they are on this machine."""
        return self.spool.has(key) or self.cache.has(key)

    def delete(self, key: str) -> None:
        """Gone for everybody on this machine when it returns; from the bucket when the drainer was there."""
        self.gone.put(key, MARK)
        self.spool.delete(key)
        self.cache.delete(key)

    def check(self) -> None:
        """`OSError` when nothing could be kept here; the bucket may be away."""
        self.spool.check()

    def waits(self) -> Waiting | None:
        """What waits for the bucket; with very many files, as it was a moment ago: watching must not cost more."""
        found, until = self._counted
        if found is None or time.monotonic() >= until:
            began = time.monotonic()
            found = self._count()
            self._counted = found, time.monotonic() + CALM * max(0.0, time.monotonic() - began - AT_ONCE)
        return found

    def _count(self) -> Waiting:
        files = [path.stat() for path in waiting(self.spool) if path.exists()]
        since = datetime.fromtimestamp(min(one.st_mtime for one in files), UTC) if files else None
        return Waiting(len(files), sum(one.st_size for one in files), since)

    def settle(self, key: str) -> None:
        """It is in the bucket: a shown copy becomes the cache's, an original makes room."""
        path = self.spool.path(key)
        if key.startswith("original/"):
            path.unlink(missing_ok=True)
            return
        kept = self.cache.path(key)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            path.replace(kept)

    def _remember(self, key: str, data: bytes) -> None:
        if self.room and not key.startswith("original/"):
            with suppress(OSError):  # a cache that cannot be written to is none
                self.cache.put(key, data)


def waiting(store: LocalStore) -> Iterator[Path]:
    """The files of a local store, without those that are only half written."""
    for folder, _, names in os.walk(store.root):
        yield from (Path(folder) / name for name in names if not name.startswith("."))


def key_of(path: Path) -> str:
    """The key of a file in a local store."""
    return f"{path.parents[1].name}/{path.name}"


def trim(cache: LocalStore, room: int) -> int:
    """Throw away the oldest of a cache until the rest fits; how many went."""
    files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in waiting(cache) if path.exists())
    too_much, gone = sum(size for _, size, _ in files) - room, 0
    for _, size, path in files:
        if too_much <= 0:
            break
        path.unlink(missing_ok=True)
        too_much -= size
        gone += 1
    return gone
