"""What can happen to one request on its way: each fault is a function that is given the request and acts on it."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

LOOPBACK = "127.0.0.1"
CHUNK = 65_536
GIVE_UP = 90.0
"""Seconds after which a connection is dropped whatever happens; longer than any phone waits."""


class Broken(Exception):
    """The connection ends here, without another word."""


@dataclass
class Exchange:
    """One request on its way, and what is left of its body."""

    client: socket.socket
    upstream: int
    head: bytes
    begun: bytes
    """What has come of the body together with the head."""
    over: threading.Event
    """Set when the fault is taken out."""

    def __post_init__(self) -> None:
        line, *lines = self.head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = line.split(" ", 2)
        pairs = (one.partition(":") for one in lines if one)
        self.headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        self.length = int(self.headers.get("content-length", "0"))

    def body(self, share: float = 1.0) -> bytes:
        """The body, or only its beginning."""
        wanted, got = int(self.length * share), self.begun
        while len(got) < wanted:
            more = self.client.recv(CHUNK)
            if not more:
                raise Broken
            got += more
        return got[:wanted]

    def forward(self, body: bytes) -> socket.socket:
        """Send the request on; the answer can be read from what is returned."""
        server = socket.create_connection((LOOPBACK, self.upstream), timeout=GIVE_UP)
        server.sendall(_for_one_request(self.head) + body)
        return server

    def answer(self, status: int, html: str, *headers: str) -> None:
        """Answer in the server's place."""
        body = html.encode()
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            "Content-Type: text/html; charset=utf-8",
            f"Content-Length: {len(body)}",
            "Connection: close",
            *headers,
        ]
        self.client.sendall("\r\n".join([*lines, "", ""]).encode() + body)


Break = Callable[[Exchange], None]


def pass_on(exchange: Exchange) -> None:
    """No fault: there and back."""
    with exchange.forward(exchange.body()) as server:
        while answer := server.recv(CHUNK):
            exchange.client.sendall(answer)


def reset(_exchange: Exchange) -> None:
    """The connection is reset before anything has reached the server."""
    raise Broken


def blackhole(exchange: Exchange) -> None:
    """Taken, and never answered, until the fault is taken out."""
    exchange.over.wait(GIVE_UP)
    raise Broken


def deliver_and_drop(exchange: Exchange) -> None:
    """The server does what it was asked, and nobody hears of it."""
    with exchange.forward(exchange.body()) as server:
        while server.recv(CHUNK):
            pass
    raise Broken


def cut_upload(exchange: Exchange) -> None:
    """The line goes dead in the middle of the body, for both sides."""
    with exchange.forward(exchange.body(0.5)) as server:
        reset_on_close(server)
    raise Broken


def portal(exchange: Exchange) -> None:
    """A captive portal: 200, and a page of somebody else's."""
    exchange.body()
    exchange.answer(200, "<!doctype html><title>Free Wi-Fi</title><h1>Welcome to the portal</h1>")


def redirect(to: str) -> Break:
    """Somebody else's log-in page, by 302."""

    def send_away(exchange: Exchange) -> None:
        exchange.body()
        exchange.answer(302, "<p>Please sign in.</p>", f"Location: {to}")

    return send_away


def status(code: int) -> Break:
    """An error of something between the phone and the application: not in its words, without a receipt."""

    def refuse(exchange: Exchange) -> None:
        exchange.body()
        exchange.answer(code, f"<h1>{code} {HTTPStatus(code).phrase}</h1>")

    return refuse


def slow(seconds: float) -> Break:
    """As without a fault, but later."""

    def dawdle(exchange: Exchange) -> None:
        exchange.over.wait(seconds)
        pass_on(exchange)

    return dawdle


def wrong_bytes(exchange: Exchange) -> None:
    """There and back, but the last byte of the answer is another one."""
    with exchange.forward(exchange.body()) as server:
        answer = b"".join(iter(lambda: server.recv(CHUNK), b""))
    exchange.client.sendall(answer[:-1] + bytes([answer[-1] ^ 1]))


def reset_on_close(connection: socket.socket) -> None:
    """Closing sends a reset instead of a polite end."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _for_one_request(head: bytes) -> bytes:
    line, *headers = head.split(b"\r\n")
    kept = [one for one in headers if not one.lower().startswith(b"connection:")]
    return b"\r\n".join([line, *kept, b"Connection: close", b"", b""])
