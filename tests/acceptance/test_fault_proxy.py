"""The proxy that breaks things does what its faults say, and nothing else."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support import faults
from tests.support.fault_proxy import FaultProxy

LATE = 0.4


class Desk(BaseHTTPRequestHandler):
    """Remembers what it was sent, and thanks for it."""

    got: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        with suppress(ConnectionError):
            self.take(self.rfile.read(int(self.headers["Content-Length"])))

    def take(self, body: bytes) -> None:
        if len(body) < int(self.headers["Content-Length"]):
            return
        self.got.append((self.path, body))
        self.send_response(201)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"thanks")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def desk() -> Iterator[type[Desk]]:
    handler = type("OneDesk", (Desk,), {"got": []})
    server = ThreadingHTTPServer((faults.LOOPBACK, 0), handler)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    running.start()
    handler.port = server.server_address[1]  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    server.server_close()
    running.join()


@pytest.fixture
def proxy(desk) -> Iterator[FaultProxy]:
    with FaultProxy(desk.port) as running:
        yield running


def post(proxy: FaultProxy, path: str, body: bytes = b"x" * 200_000, timeout: float = 20) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(faults.LOOPBACK, proxy.port, timeout=timeout)
    try:
        connection.request("POST", path, body, {"Crew-Key": "k1"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_without_a_fault_everything_passes(proxy, desk):
    assert post(proxy, "/a") == (201, b"thanks")
    assert desk.got == [("/a", b"x" * 200_000)]
    assert [(one.method, one.path, one.key) for one in proxy.passed()] == [("POST", "/a", "k1")]


def test_refusing_and_accepting_again_on_the_same_port(proxy, desk):
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        post(proxy, "/a")
    proxy.accept_again()
    assert post(proxy, "/a")[0] == 201


def test_a_server_that_is_gone_resets(proxy, desk):
    proxy.upstream = 1
    with pytest.raises(ConnectionError):
        post(proxy, "/a")


@pytest.mark.parametrize(
    ("fault", "arrived"), [(faults.reset, 0), (faults.cut_upload, 0), (faults.deliver_and_drop, 1)]
)
def test_what_the_server_gets_when_the_phone_hears_nothing(proxy, desk, fault, arrived):
    with proxy.broken(fault), pytest.raises(ConnectionError):
        post(proxy, "/a")
    assert len(desk.got) == arrived


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (faults.portal, 200, b"portal"),
        (faults.redirect("http://127.0.0.1:9/login"), 302, b"sign in"),
        (faults.status(413), 413, b"413"),
        (faults.status(500), 500, b"500"),
        (faults.status(503), 503, b"503"),
    ],
)
def test_answers_in_the_servers_place(proxy, desk, fault, status, words):
    with proxy.broken(fault):
        found, body = post(proxy, "/a")
    assert found == status
    assert words in body
    assert desk.got == []


def test_a_black_hole_answers_nobody_and_ends_with_the_fault(proxy, desk):
    proxy.put(faults.blackhole)
    with pytest.raises(TimeoutError):
        post(proxy, "/a", timeout=LATE)
    threading.Timer(LATE, proxy.clear).start()
    with pytest.raises(ConnectionError):
        post(proxy, "/a")
    assert desk.got == []


def test_slow_arrives_all_the_same(proxy, desk):
    with proxy.broken(faults.slow(LATE)):
        with pytest.raises(TimeoutError):
            post(proxy, "/a", timeout=LATE / 4)
        assert post(proxy, "/b")[0] == 201


def test_a_fault_is_for_some_requests_and_so_many_of_them(proxy, desk):
    proxy.put(faults.status(500), method="POST", path="^/photos/", count=2)
    assert [post(proxy, path)[0] for path in ("/a", "/photos/1", "/photos/2", "/photos/3")] == [201, 500, 500, 201]
    assert [one.path for one in proxy.wait_for(3, path="^/photos/")] == ["/photos/1", "/photos/2", "/photos/3"]


def test_waiting_for_a_request_that_does_not_come_says_so(proxy, desk):
    with pytest.raises(AssertionError, match="0 instead of 1"):
        proxy.wait_for(1, path="/never", seconds=0.05)
