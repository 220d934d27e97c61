"""A proxy in front of a running server that breaks what passes through it, as networks in basements do.

Faults are put in and taken out while it runs, for all requests or for those of a method and path, so many times.
Every request has a connection of its own, so a fault never touches another request.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from tests.support.faults import CHUNK, GIVE_UP, LOOPBACK, Break, Broken, Exchange, pass_on, reset_on_close

LONGEST_HEAD = 65_536


@dataclass
class Fault:
    """What is to happen, to which requests, and how many of them (None: all)."""

    what: Break
    method: str = ""
    path: str = ""
    count: int | None = None
    over: threading.Event = field(default_factory=threading.Event)

    def takes(self, exchange: Exchange) -> bool:
        """Whether it is for this request."""
        meant = self.method in ("", exchange.method) and re.search(self.path, exchange.path) is not None
        return meant and self.count != 0


@dataclass(frozen=True)
class Passed:
    """A request that came by, and what was done to it."""

    method: str
    path: str
    key: str
    what: Break


class FaultProxy:
    """Listens on a port of its own in front of a server on loopback."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.port = 0
        self._listener: socket.socket | None = None
        self._clients: set[socket.socket] = set()
        self._faults: list[Fault] = []
        self._log: list[Passed] = []
        self._news = threading.Condition()

    @property
    def url(self) -> str:
        """Where phones reach the server through this proxy."""
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        self.accept_again()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()

    def accept_again(self) -> None:
        """Take connections, on the same port as before."""
        if self._listener is None:
            self._listener = socket.create_server((LOOPBACK, self.port), backlog=128)
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def refuse(self) -> None:
        """Refuse new connections and cut the present ones, as when the machine is gone."""
        listener, self._listener = self._listener, None
        if listener:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            listener.close()
        self.clear()
        with self._news:
            cut = list(self._clients)
        for client in cut:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def put(self, what: Break, method: str = "", path: str = "", count: int | None = None) -> Fault:
        """Break requests from now on; of several faults for one request the first put in counts."""
        fault = Fault(what, method, path, count)
        with self._news:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Take all faults out; what hangs in a black hole is cut."""
        with self._news:
            faults, self._faults = self._faults, []
        for fault in faults:
            fault.over.set()

    @contextmanager
    def broken(self, what: Break, method: str = "", path: str = "", count: int | None = None) -> Iterator[None]:
        """Broken as long as the block runs."""
        self.put(what, method, path, count)
        yield
        self.clear()

    def passed(self, method: str = "", path: str = "") -> list[Passed]:
        """The requests that came by so far."""
        with self._news:
            return [one for one in self._log if method in ("", one.method) and re.search(path, one.path)]

    def wait_for(self, count: int, method: str = "", path: str = "", seconds: float = 30) -> list[Passed]:
        """Wait until so many requests have come by, faults and all."""
        with self._news:
            enough = self._news.wait_for(lambda: len(self.passed(method, path)) >= count, seconds)
            found = self.passed(method, path)
        assert enough, f"{len(found)} instead of {count} requests {method} {path} came within {seconds} s"
        return found

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            with self._news:
                self._clients.add(client)
            try:
                self._handle(client)
            except (Broken, OSError, ValueError):
                reset_on_close(client)
            finally:
                with self._news:
                    self._clients.discard(client)

    def _handle(self, client: socket.socket) -> None:
        client.settimeout(GIVE_UP)
        head, begun = _head_of(client)
        if head:
            exchange = Exchange(client, self.upstream, head, begun, threading.Event())
            self._take(exchange)(exchange)

    def _take(self, exchange: Exchange) -> Break:
        """What is to happen to this request; it is counted and remembered."""
        with self._news:
            fault = next((one for one in self._faults if one.takes(exchange)), None)
            what = fault.what if fault else pass_on
            if fault:
                exchange.over = fault.over
                fault.count = fault.count if fault.count is None else fault.count - 1
            key = exchange.headers.get("crew-key", "")
            self._log.append(Passed(exchange.method, exchange.path, key, what))
            self._news.notify_all()
        return what


def _head_of(client: socket.socket) -> tuple[bytes, bytes]:
    """The request line and headers, and what came of the body with them; empty when the client has thought better."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = client.recv(CHUNK)
        if not more or len(got) > LONGEST_HEAD:
            return b"", b""
        got += more
    head, _, rest = got.partition(b"\r\n\r\n")
    return head, rest
