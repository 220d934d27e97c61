"""A fuse before something elsewhere: after a few failures nobody waits for it until it is time to try again."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from crew_app.evidence.s3 import StoreUnreachable

FAILURES = 3
SHORTEST, LONGEST = 1.0, 60.0


class Breaker:
    """Counts failures in a row; each one beyond the third doubles the pause."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    @property
    def open(self) -> bool:
        """Whether it is not even tried now."""
        return time.monotonic() < self._until

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Try it; `StoreUnreachable` at once while it is not the time."""
        if self.open:
            raise StoreUnreachable("it did not answer a moment ago")
        try:
            yield
        except StoreUnreachable:
            self._failed()
            raise
        else:
            self.reset()

    def reset(self) -> None:
        """It works again."""
        with self._lock:
            self._failures, self._until = 0, 0.0

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            beyond = self._failures - FAILURES
            if beyond >= 0:
                self._until = time.monotonic() + min(LONGEST, SHORTEST * 2**beyond)
