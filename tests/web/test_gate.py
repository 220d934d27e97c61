"""A phone whose upload trickles in holds up nobody else."""

import errno
import io
import threading

import pytest

from crew_app.web import gate as gate_module
from crew_app.web.gate import Gate

LONGEST = 1000


class Trickle(io.RawIOBase):
    """A body that arrives when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def read(self, size: int = -1) -> bytes:
        assert self.let_go.wait(10)
        return b"x" * max(size, 0)


def ask(gate, body, length):
    with body:
        return b"".join(gate({"CONTENT_LENGTH": str(length), "wsgi.input": body}, None))


def echo(environ, _start):
    return [environ["wsgi.input"].read()]


def test_others_are_served_while_bodies_are_on_their_way():
    gate, slow = Gate(echo, 1, LONGEST), [Trickle(), Trickle(), Trickle()]
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda body=body: answers.append(ask(gate, body, 5))) for body in slow]
    for thread in threads:
        thread.start()
    assert ask(gate, io.BytesIO(b"quick"), 5) == b"quick"
    for body in slow:
        body.let_go.set()
    for thread in threads:
        thread.join(10)
    assert answers == [b"xxxxx"] * 3


def test_a_body_that_was_cut_never_reaches_the_application():
    answers: list[str] = []
    environ = {"CONTENT_LENGTH": "8", "wsgi.input": io.BytesIO(b"half")}
    assert list(Gate(echo, 1, LONGEST)(environ, lambda status, _headers: answers.append(status))) == []
    assert answers == ["400 Bad Request"]


def test_what_is_too_long_is_left_for_the_application_to_refuse():
    assert ask(Gate(echo, 1, LONGEST), io.BytesIO(b"x" * 2000), 2000) == b"x" * 2000


def test_a_full_disk_for_bodies_on_their_way_is_told_in_both_languages(monkeypatch):
    """Nobody has asked yet who sends it; the phone only needs to know that it should try again."""

    def full(_source, _length):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(gate_module, "_whole", full)
    said: list[tuple[str, dict[str, str]]] = []
    door = Gate(lambda *_: pytest.fail("nothing may be worked on"), 1, 1 << 20)
    (words,) = door(
        {"CONTENT_LENGTH": "10", "wsgi.input": None}, lambda status, head: said.append((status, dict(head)))
    )
    ((status, head),) = said
    assert status.startswith("507 ")
    assert int(head["Retry-After"]) > 0
    assert "磁盘已满" in words.decode()
    assert "disk is full" in words.decode()
