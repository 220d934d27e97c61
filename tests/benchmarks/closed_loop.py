"""A closed-loop load of HTTP requests over connections that stay open: as many at once as there are connections."""

import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from tests.support.client import UNKNOWN_ID

HEADERS_END = b"\r\n\r\n"
SLOWEST = 120.0
PAUSE = 0.5


@dataclass(frozen=True)
class Asked:
    """One request, ready to be sent."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def bytes(self, host: str) -> bytes:
        """As it goes over the line."""
        head = {"Host": host, "Accept-Encoding": "gzip", **self.headers}
        if self.body or self.method == "POST":
            head["Content-Length"] = str(len(self.body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n".encode() + self.body


@dataclass(frozen=True)
class Found:
    """How it went: right answers a second, milliseconds, bytes of the usual answer, wrong answers by status."""

    rate: float
    p50: float
    p95: float
    p99: float
    size: int
    count: int
    errors: dict[int, int]


class Line:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.port, self._host = port, f"127.0.0.1:{port}"
        self._socket: socket.socket | None = None

    def ask(self, asked: Asked) -> tuple[int, int, bytes]:
        """Status, bytes on the line, and headers of the answer."""
        for attempt in (1, 2):
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=SLOWEST)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._socket.sendall(asked.bytes(self._host))
                return self._answer()
            except (ConnectionError, TimeoutError):
                self.close()
                if attempt == 2:
                    return 0, 0, b""
        raise AssertionError

    def close(self) -> None:
        """Hang up."""
        if self._socket:
            self._socket.close()
        self._socket = None

    def _answer(self) -> tuple[int, int, bytes]:
        got = self._until(b"", lambda data: HEADERS_END in data)
        head, _, rest = got.partition(HEADERS_END)
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            rest = self._until(rest, lambda data: data.endswith(b"0\r\n\r\n"))
        elif b"content-length:" in lower:
            length = int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            rest = self._until(rest, lambda data: len(data) >= length)
        if b"connection: close" in lower:
            self.close()
        return int(head[9:12]), len(head) + 4 + len(rest), head

    def _until(self, data: bytes, whole: Callable[[bytes], bool]) -> bytes:
        while not whole(data):
            assert self._socket is not None
            part = self._socket.recv(1 << 18)
            if not part:
                raise ConnectionError
            data += part
        return data


def load(port: int, requests: Iterator[Asked], *, connections: int, seconds: float, good: frozenset[int]) -> Found:
    """Send requests for so long, or until there are no more."""
    lock, spent, errors, sizes = threading.Lock(), [], Counter[int](), []
    until = time.perf_counter() + seconds

    def work() -> None:
        line = Line(port)
        while time.perf_counter() < until:
            with lock:
                asked = next(requests, None)
            if asked is None:
                break
            begun = time.perf_counter()
            status, size, _head = line.ask(asked)
            with lock:
                if status in good:
                    spent.append(time.perf_counter() - begun)
                    sizes.append(size)
                else:
                    errors.update([status])
            if status == HTTPStatus.SERVICE_UNAVAILABLE:
                time.sleep(PAUSE)  # who is told to wait waits
        line.close()

    threads = [threading.Thread(target=work) for _ in range(connections)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, ordered = time.perf_counter() - begun, sorted(spent)
    p50, p95, p99 = (
        1e3 * ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0 for part in (0.5, 0.95, 0.99)
    )
    return Found(len(ordered) / took, p50, p95, p99, int(statistics.median(sizes or [0])), len(ordered), dict(errors))


def form(path: str, fields: dict[str, str], headers: dict[str, str]) -> Asked:
    """A form as an outbox sends it."""
    typed = {"Content-Type": "application/x-www-form-urlencoded"}
    return Asked("POST", path, headers | typed, urlencode(fields).encode())


def multipart(path: str, fields: dict[str, str], picture: bytes, headers: dict[str, str]) -> Asked:
    """A plain form with one photo."""
    mark = UNKNOWN_ID
    begin = f"--{mark}\r\nContent-Disposition: form-data; name="
    parts = [f'{begin}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    head = f'{begin}"photo"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = "".join([*parts, head]).encode() + picture + f"\r\n--{mark}--\r\n".encode()
    return Asked("POST", path, headers | {"Content-Type": f"multipart/form-data; boundary={mark}"}, body)
