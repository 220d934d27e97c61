"""Many may wait at the door, few work inside: a slow phone must not hold up the ward.

The server hands a request over before its body has arrived. Read here, ahead of the few working places, a body that
trickles in over a weak signal (or not at all) costs a waiting thread and nobody else's time.
"""

import io
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from werkzeug.wsgi import ClosingIterator

from crew_app.evidence.darkroom import busy
from crew_app.web.outages import FULL_ERRNOS

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
IN_MEMORY = 1 << 20
PART = 1 << 16
BODIES = 48
"""Bodies that one process waits for at once: fewer than the threads of the server (`cli/serving.py`), so that whoever
sends many that never end takes the place of other bodies, and pages are answered all the same."""
PATIENCE = 2.0
"""Seconds that a body waits for its turn to be waited for: a morning's rush passes in less."""
OUTSIDE = 10
"""Requests of one process that may wait elsewhere at once; each keeps a connection to the database meanwhile."""
FULL = (
    "服务器磁盘已满。您填写的内容仍保存在本机，稍后会自动发送。\n"
    "The server's disk is full. What you entered stays on this phone and is sent later.\n"
).encode()
_outside = threading.BoundedSemaphore(OUTSIDE)


_TURN = "crew.turn"
BEGAN = "crew.began"


@contextmanager
def stepped_out(environ: dict[str, Any]) -> Iterator[None]:
    """Give the working place to somebody else while this request only waits for a process or a store elsewhere."""
    if not _outside.acquire(blocking=False):
        raise busy()
    turn: threading.BoundedSemaphore = environ[_TURN]
    turn.release()
    try:
        yield
    finally:
        _outside.release()
        turn.acquire()


class Gate:
    """WSGI middleware: takes the whole body first, then one of the working places."""

    def __init__(self, inner: Application, places: int, longest: int) -> None:
        self.inner, self.longest = inner, longest
        self.turn = threading.BoundedSemaphore(places)
        self.bodies = threading.BoundedSemaphore(BODIES)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or not 0 < int(length) <= self.longest:
            return self._work(environ, start_response)
        if not self.bodies.acquire(timeout=PATIENCE):
            start_response("503 Service Unavailable", [("Content-Length", "0"), ("Retry-After", "5")])
            return []
        try:
            body = _whole(environ["wsgi.input"], int(length))
        except OSError as error:
            return _no_room(error, start_response)
        finally:
            self.bodies.release()
        if body is None:
            start_response("400 Bad Request", [("Content-Length", "0")])
            return []
        environ["wsgi.input"] = body
        return ClosingIterator(self._work(environ, start_response), body.close)

    def _work(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[_TURN] = self.turn
        with self.turn:
            environ[BEGAN] = time.perf_counter()
            return self.inner(environ, start_response)


def _no_room(error: OSError, start_response: Any) -> list[bytes]:
    """The disk for bodies on their way is full: said here in both languages, for nobody has asked yet whose it is."""
    if error.errno not in FULL_ERRNOS:
        raise error
    head = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "30"), ("Crew-Refusal", "disk-full")]
    start_response("507 Insufficient Storage", [*head, ("Content-Length", str(len(FULL)))])
    return [FULL]


def _whole(source: Any, left: int) -> IO[bytes] | None:
    """The body; None when the line went dead before its end.

    The server takes what has come for everything: half a note would be kept as a whole one, and its repetition refused.
    """
    kept: IO[bytes] = io.BytesIO() if left <= IN_MEMORY else tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
    while left > 0 and (part := source.read(min(left, PART))):
        kept.write(part)
        left -= len(part)
    if left:
        kept.close()
        return None
    kept.seek(0)
    return kept
