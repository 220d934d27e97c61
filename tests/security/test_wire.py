"""A real server and raw bytes: slow clients, lines without end, requests within requests, heads that are too long."""

import re
import socket
import time
from contextlib import ExitStack, closing, suppress
from itertools import chain, repeat

import pytest

from tests.security.tally import ALL, count
from tests.support.people import PASSWORD
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import small_hospital

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
PATIENCE = 30
SLOW = (140, 40, 40) if ALL else (70, 5, 5)
"""Clients that dawdle: with a body (more than the server has threads), with a head, with a body in pieces."""
BEGUN = (
    b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nlogin=",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nlog",
)
INNER = b"GET /nowhere/within HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
CHUNKED = b"0\r\n\r\n"
HEADS = {
    "two lengths": b"Content-Length: 0\r\nContent-Length: %d\r\n",
    "two lengths in one": b"Content-Length: 0, %d\r\n",
    "a signed length": b"Content-Length: +0\r\nX: %d\r\n",
    "a negative length": b"Content-Length: -1\r\nX: %d\r\n",
    "a hexadecimal length": b"Content-Length: 0x0\r\nX: %d\r\n",
    "a space before the colon": b"Content-Length : %d\r\n",
    "a folded line": b"X: y\r\n Content-Length: %d\r\n",
    "no carriage return": b"X: y\nContent-Length: %d\r\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\nContent-Length: %d\r\n",
    "a coding twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nX: %d\r\n",
    "a coding with a tab": b"Transfer-Encoding:\tchunked, x\r\nX: %d\r\n",
    "a NUL": b"X: \x00\r\nContent-Length: %d\r\n",
}


@pytest.fixture(scope="module")
def hospital(sqlite_template, tmp_path_factory):
    with small_hospital(sqlite_template, tmp_path_factory.mktemp("wire"), workers=1) as running:
        yield running


def line_to(hospital):
    line = socket.create_connection(("127.0.0.1", hospital.port), timeout=PATIENCE)
    line.settimeout(PATIENCE)
    return line


def heard(line):
    """Everything until the other side says no more; what a patient client would have got."""
    data = b""
    with suppress(TimeoutError, ConnectionError):
        while part := line.recv(65536):
            data += part
    return data


def exchange(hospital, data, patience=2.0):
    """Send bytes; what comes back until the other side hangs up, or nothing more comes."""
    with closing(line_to(hospital)) as line:
        with suppress(OSError):  # it did not want to hear more
            line.sendall(data)
        line.settimeout(patience)
        return heard(line)


def answers(hospital):
    """Whether somebody else is served now; what they heard instead, if not."""
    said = exchange(hospital, b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", PATIENCE)
    assert b"ready" in said, said
    return True


@pytest.mark.parametrize("name", HEADS)
def test_no_request_hides_in_another(hospital, name):
    """Whatever the head says of its length in two ways: at most one answer, and never one to what lies within."""
    head = b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + HEADS[name] % len(INNER) + b"\r\n"
    said = exchange(hospital, head + INNER)
    statuses = STATUS.findall(said)
    count("wire", requests=1)
    assert len(statuses) <= 1, said
    assert b"404" not in statuses
    assert answers(hospital)


def test_a_length_beside_a_coding_is_no_second_opinion(hospital):
    """Both are given: what counts is the coding alone, or nothing at all."""
    head = b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"5\r\nlogin\r\n" + CHUNKED
    said = exchange(hospital, head % 3 + body)
    count("wire", requests=1)
    assert len(STATUS.findall(said)) <= 1, said
    assert answers(hospital)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 2_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: "
        + b"; ".join(b"a%d=b" % n for n in range(50_000))
        + b"\r\n\r\n",
        b"\x00" * 100_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    ],
    ids=["path", "header", "headers", "cookies", "zeros", "TLS", "absolute", "connect", "version"],
)
def test_a_head_that_nobody_means_costs_nobody_anything(hospital, head):
    said = exchange(hospital, head)
    count("wire", requests=1)
    assert not re.search(rb"HTTP/1\.1 (5\d\d|200)", said), said[:200]
    assert answers(hospital)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_slow_clients_hold_nobody_up(hospital):
    """More bodies that trickle in than there are threads: pages are served meanwhile; afterwards everything is."""
    phone = RawPhone(hospital.port, "technician", PASSWORD)
    with ExitStack() as stack:
        for begun in chain.from_iterable(map(repeat, BEGUN, SLOW)):
            stack.enter_context(closing(line_to(hospital))).sendall(begun)
        began = time.monotonic()
        assert answers(hospital)
        assert phone.ask("GET", "/tickets").status == 200
        took = time.monotonic() - began
    count("wire", slow_clients=sum(SLOW), milliseconds_for_others=int(took * 1000))
    assert answers(hospital)
    RawPhone(hospital.port, "second", PASSWORD)  # signs in


def test_nothing_that_is_asked_for_makes_a_line_in_the_log(hospital):
    """A real log on a real disk."""
    words = b"FORGED line of nobody"
    exchange(hospital, b"GET /%0d%0a" + words.replace(b" ", b"%20") + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    exchange(hospital, b"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: x\x0b" + words + b"\r\n\r\n")
    exchange(hospital, b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\nlogin=%0aFOR")
    log = (hospital.data / "server.log").read_bytes()
    assert not [one for one in log.splitlines() if one.startswith(b"FORGED")]
