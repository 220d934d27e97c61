"""While photos wait to be opened, pages are answered: whoever only waits gives the working place away."""

import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager, nullcontext

import pytest

from crew_app.evidence import darkroom
from crew_app.evidence.darkroom import MOST_IN_LINE
from crew_app.web import WORKING_PLACES, pictures
from tests.support.client import accepted, refused
from tests.support.pictures import announcement, jpeg
from tests.support.tickets import make_ticket


@contextmanager
def sending(room, prepared, more=0):
    """They all send at once, and wait; however the block ends, they get their turn."""
    with ThreadPoolExecutor(len(prepared) + more) as pool:
        waiting = [pool.submit(client.send, path, body=data) for client, path, data in prepared]
        try:
            wait_until_in_line(room, len(prepared))
            yield pool
        finally:
            room.turn.release()
        for answer in waiting:
            accepted(answer.result(60))


@pytest.fixture
def room():
    """A darkroom in which somebody is at work without end."""
    room = darkroom.present()
    room.turn.acquire()
    return room


@pytest.fixture
def send(app, world, sign_in):
    client = sign_in("technician")
    tickets = [make_ticket(app, world) for _ in range(2)]

    def send(number):
        data = jpeg() + bytes([number])
        fields = announcement(data)
        accepted(client.send(f"/tickets/{tickets[number % 2]}/photos", fields | {"role": "report"}))
        return client, f"/photos/{fields['photo_id']}/original", data

    return send


def wait_until_in_line(room, number):
    end = time.monotonic() + 60
    while room.line._value > MOST_IN_LINE - number:  # noqa: SLF001 - taking a place to count would refuse somebody
        assert time.monotonic() < end
        time.sleep(0.005)


def test_pages_are_answered_while_photos_wait(room, send, sign_in):
    prepared, reader = [send(number) for number in range(WORKING_PLACES + 1)], sign_in("supervisor")
    with sending(room, prepared):
        assert reader.get("/").status_code == 200


def test_without_it_they_would_not_be(room, send, sign_in, monkeypatch):
    monkeypatch.setattr(pictures, "stepped_out", lambda _environ: nullcontext())
    prepared, reader = [send(number) for number in range(WORKING_PLACES)], sign_in("supervisor")
    with sending(room, prepared, more=1) as pool:
        page = pool.submit(reader.get, "/")
        with pytest.raises(NotYet):
            page.result(0.5)
    assert page.result(60).status_code == 200


def test_beyond_the_line_a_phone_is_asked_to_send_again(room, send):
    prepared = [send(number) for number in range(MOST_IN_LINE + 1)]
    client, path, data = prepared.pop()
    with sending(room, prepared):
        refused(client.send(path, body=data), 503, "pictures-busy")
    accepted(client.send(path, body=data))
