"""Numbers that all server processes of this machine share, and that a killed process leaves as they were.

A file for each process, mapped into memory: numbers of eight bytes, in an order that follows from the routes. A process
takes the first file that nobody holds and counts on from there, so that sums never fall back. Nothing waits for a disk.
"""

import fcntl
import mmap
import os
import weakref
from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

MOST = 64
"""Processes of one machine that can count."""
WIDTH = 8


class Counters:
    """Numbers by position; `names` say what they mean, and processes of another version have files of their own."""

    def __init__(self, folder: Path, names: Sequence[str], momentary: Sequence[int] = ()) -> None:
        """`momentary`: positions that hold what is going on now, which ends with the process."""
        self._folder, self._size = folder, len(names)
        self._prefix = sha256("\n".join(names).encode()).hexdigest()[:12]
        self._momentary = momentary
        self._lock = Lock()
        self._own: memoryview[float] | None = None

    def add(self, pairs: Iterable[tuple[int, float]]) -> None:
        """Add to numbers by their positions."""
        with self._lock:
            own = self._own if self._own is not None else self._open()
            for position, much in pairs:
                own[position] += much

    def totals(self) -> "array[float]":
        """The sums over all processes of this machine, dead ones included."""
        summed = array("d", bytes(self._size * WIDTH))
        for path in sorted(self._folder.glob(f"{self._prefix}.*")):
            found = array("d", path.read_bytes()[: self._size * WIDTH])
            for position, much in enumerate(found):
                if much:
                    summed[position] += much
        return summed

    def _open(self) -> "memoryview[float]":
        """The numbers of this process, made at its first request: a fork after that would count in the same place."""
        taken = None
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            tries = (_take(self._folder / f"{self._prefix}.{number}") for number in range(MOST))
            taken = next(filter(None, tries), None)
        if taken is None or not _has_room(taken, self._size * WIDTH):
            shared: Any = array("d", bytes(self._size * WIDTH))  # counted for nobody, but never refused
        else:
            weakref.finalize(self, os.close, taken)
            shared = mmap.mmap(taken, self._size * WIDTH)
        own: memoryview[float] = memoryview(shared).cast("B").cast("d")
        for position in self._momentary:
            own[position] = 0.0
        self._own = own
        return own

    def _sweep(self) -> None:
        """Delete what other versions left, once no process of them is there."""
        for path in self._folder.glob("*.*"):
            if not path.name.startswith(self._prefix) and (taken := _take(path)) is not None:
                path.unlink(missing_ok=True)
                os.close(taken)


def _has_room(descriptor: int, size: int) -> bool:
    """Take the room on the disk now: where it is full, a write into a hole of a mapped file kills the process."""
    with suppress(OSError):
        os.posix_fallocate(descriptor, 0, size)
        return True
    os.close(descriptor)
    return False


def _take(path: Path) -> int | None:
    """The file, locked for this process until it ends; None when another one has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor
    os.close(descriptor)
    return None
