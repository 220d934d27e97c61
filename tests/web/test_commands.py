"""The boundary of every change, with a view of our own behind it: what is read of a request, kept and answered."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import g, request

from crew_app.core import receipts
from crew_app.core.clock import moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.ids import new_id
from crew_app.core.receipts import Receipt
from crew_app.web import commands
from crew_app.web.answers import OWN_SECRET, Done
from crew_app.web.commands import command, prepared_command
from crew_app.web.people import acting_as

KEY = UUID("01900000-0000-7000-8000-00000000abcd")
MADE = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture
def door(app, world):
    return Door(app, world)


class Door:
    """Sends requests to a view that notes how often, and with which command, it was called."""

    def __init__(self, app, world):
        self.app, self.world, self.calls = app, world, []
        self.done = Done("/here", world.sites["north"], 201)
        self.view = prepared_command(lambda: "ready")(self._view)

    def send(self, *, headers=None, fields=None, who="technician", method="POST", path="/x", **more):
        """An answer of the command, as from the outbox."""
        known = {"Crew-Outbox": "1", "Crew-Key": str(KEY)}
        known |= {"Crew-Person": str(self.world.people[who])} if who else {}
        return self.ask({**known, **(headers or {})}, fields, who, method, path, **more)

    def form(self, *, fields=None, who="technician"):
        """The same as from a plain form."""
        known = {"_key": str(KEY), "_person": str(self.world.people[who]) if who else ""}
        return self.ask({}, {**known, **(fields or {})}, who)

    def ask(self, headers, fields=None, who="technician", method="POST", path="/x", **more):
        """Exactly these headers and fields."""
        more = more or {"data": fields or {}}
        with self.app.test_request_context(path, method=method, headers=headers, **more):
            if who is None:
                return self.view(number=7)
            with acting_as(self._snapshot(who)):
                return self.view(number=7)

    @property
    def receipt(self):
        """The only receipt there is."""
        with self.app.app_context():
            return session.query(Receipt).one()

    def _snapshot(self, login):
        with self.app.app_context():
            person = self.world.person(login)
            assert person.memberships is not None
            session.expunge(person)
            return person

    def _view(self, number):
        self.calls.append((number, commands.prepared(), g.command, commands.is_repeated(), commands.server_trace()))
        return self.done


def test_the_first_time_it_is_carried_out_and_kept_and_afterwards_only_answered(door):
    answers = [door.send(), door.send()]
    assert [(one.status_code, one.headers["Crew-Location"]) for one in answers] == [(201, "/here")] * 2
    assert [one.headers["Crew-Receipt"] for one in answers] == [str(KEY)] * 2
    assert [one.mimetype for one in answers] == ["text/plain"] * 2
    ((number, ready, asked, repeated, trace),) = door.calls
    assert (number, ready, asked.key, repeated) == (7, "ready", KEY, False)
    assert asked.person_id == trace.person_id == door.world.people["technician"]
    assert trace.at == asked.when.received_at
    assert asked.when.receipt == KEY


def test_the_receipt_says_who_where_when_and_what_was_answered(door):
    sent = MADE + timedelta(minutes=1)
    door.send(headers={"Crew-Made-At": MADE.isoformat(), "Crew-Sent-At": sent.isoformat()})
    asked, kept = door.calls[0][2], door.receipt
    assert (kept.key, kept.status, kept.location) == (KEY, 201, "/here")
    assert (kept.site_id, kept.person_id) == (door.world.sites["north"], door.world.people["technician"])
    assert (kept.device_at, kept.received_at) == (MADE, asked.when.received_at)
    assert (kept.offset_ms, kept.fingerprint) == (asked.when.offset_ms, asked.fingerprint)
    assert 58 * 60_000 < kept.offset_ms < 600 * 60_000


def test_a_form_says_the_same_in_hidden_fields_and_is_sent_on(door):
    times = {"_made_at": MADE.isoformat(), "_sent_at": (MADE + timedelta(minutes=1)).isoformat()}
    answer = door.form(fields=times)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/here")
    assert "Crew-Location" not in answer.headers
    assert answer.headers["Crew-Receipt"] == str(KEY)
    assert door.receipt.device_at == MADE
    assert 58 * 60_000 < door.receipt.offset_ms < 600 * 60_000


def test_headers_count_before_fields(door):
    fields = {"_key": str(new_id()), "_person": str(door.world.people["second"]), "_made_at": "2020-01-01T00:00Z"}
    door.send(fields=fields, headers={"Crew-Made-At": MADE.isoformat()})
    assert (door.receipt.key, door.receipt.device_at) == (KEY, MADE)


def test_nobody_has_no_person(door):
    door.send(who=None)
    ((*_, asked, _repeated, trace),) = door.calls
    assert asked.person_id is trace.person_id is door.receipt.person_id is None


@pytest.mark.parametrize("claimed", ["second", None])
def test_what_is_not_of_whoever_is_signed_in_is_not_even_read(door, claimed):
    words = {"Crew-Person": str(door.world.people[claimed])} if claimed else {}
    with pytest.raises(Forbidden) as refusal:
        door.ask({"Crew-Outbox": "1", "Crew-Key": str(KEY), **words})
    assert refusal.value.code == "other-person"
    assert door.calls == []


@pytest.mark.parametrize("key", ["", "no-key"])
def test_without_a_key_nothing_is_carried_out(door, key):
    with pytest.raises(Refused) as refusal:
        door.send(headers={"Crew-Key": key})
    assert refusal.value.code == "key-missing"
    assert door.calls == []


@pytest.mark.parametrize(
    ("made", "suspect"),
    [
        (MADE.isoformat(), False),
        ("", False),
        ("yesterday", True),
        ("1800-01-01T00:00:00Z", True),
        ((MADE + timedelta(days=2)).isoformat(), True),
    ],
    ids=["an hour ago", "nothing", "no time", "long ago", "in two days"],
)
@pytest.mark.parametrize("how", ["header", "field"])
def test_a_clock_that_cannot_be_believed_is_marked_and_one_that_says_nothing_is_not(door, made, suspect, how):
    if how == "header":
        door.send(headers={"Crew-Made-At": made})
    else:
        door.form(fields={"_made_at": made})
    assert door.calls[0][2].when.suspect is suspect


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"fields": {"a": "2"}}, False),
        ({"fields": {"a": "1", "b": ""}}, False),
        ({"method": "PUT"}, False),
        ({"path": "/y"}, False),
        ({"fields": {"a": "1", "_sent_at": MADE.isoformat()}}, True),
        ({"fields": {"a": "1", "password": "x"}}, True),
        ({"fields": {"a": "1", "pin": "1234"}}, True),
        ({"fields": {"a": "1", "spin": "1"}}, False),
    ],
)
def test_what_counts_as_the_same_content(door, changed, same):
    door.send(fields={"a": "1"})
    if same:
        door.send(**({"fields": {"a": "1"}} | changed))
    else:
        with pytest.raises(Refused, match="key-reused"):
            door.send(**({"fields": {"a": "1"}} | changed))
    assert len(door.calls) == 1


def _upload(content, name="a.jpg", field="photo"):
    return {"data": {"a": "1", field: (BytesIO(content), name)}, "content_type": "multipart/form-data"}


@pytest.mark.parametrize("other", [{"content": b"other"}, {"content": b"bytes", "field": "second"}])
def test_files_count_by_what_is_in_them(door, other):
    def read(number):
        seen.append(request.files["photo"].read())
        return door.done

    seen: list[bytes] = []
    door.view = command(read)
    door.send(**_upload(b"bytes"))
    door.send(**_upload(b"bytes", name="another name.jpg"))
    assert seen == [b"bytes"]
    with pytest.raises(Refused, match="key-reused"):
        door.send(**_upload(**other))


def test_a_field_for_a_file_that_was_left_empty_counts_for_nothing(door):
    door.send(**_upload(b"", name=""))
    door.send(fields={"a": "1"})
    assert len(door.calls) == 1


def test_a_body_without_fields_counts_and_can_still_be_read(door):
    def read(number):
        seen.append(request.get_data())
        return door.done

    seen: list[bytes] = []
    door.view = command(read)
    for _ in range(2):
        door.send(data=b"raw", content_type="image/jpeg")
    assert seen == [b"raw"]
    with pytest.raises(Refused, match="key-reused"):
        door.send(data=b"RAW", content_type="image/jpeg")


def test_fields_that_come_twice_and_fields_without_files_count(door):
    door.send(data={"a": ["1", "2"]}, content_type="multipart/form-data")
    with pytest.raises(Refused, match="key-reused"):
        door.send(data={"a": ["1", "3"]}, content_type="multipart/form-data")
    door.send(data={"a": ["1", "2"]}, content_type="multipart/form-data")
    assert len(door.calls) == 1


def test_files_that_come_twice_count(door):
    def photos(*contents):
        named = [(BytesIO(content), "a.jpg") for content in contents]
        return {"data": {"photo": named}, "content_type": "multipart/form-data"}

    door.send(**photos(b"one", b"two"))
    with pytest.raises(Refused, match="key-reused"):
        door.send(**photos(b"one", b"other"))


def test_a_file_alone_is_no_body_of_its_own(door):
    """A browser draws a new boundary each time: the raw bytes differ although nothing else does."""
    for _ in range(2):
        door.send(data={"photo": (BytesIO(b"bytes"), "a.jpg")}, content_type="multipart/form-data")
    assert len(door.calls) == 1


def test_a_secret_of_the_answer_is_the_same_again_its_own_for_each_key_and_in_no_table(door):
    door.done = Done(f"/r/{OWN_SECRET}", None, 201)
    first, again = (door.send().headers["Crew-Location"] for _ in range(2))
    other = door.send(headers={"Crew-Key": str(new_id())}).headers["Crew-Location"]
    assert first == again != other
    assert len(first.removeprefix("/r/")) == 32
    with door.app.app_context():
        assert {kept.location for kept in session.query(Receipt)} == {f"/r/{OWN_SECRET}"}


def test_that_it_is_held_is_said_and_only_then(door):
    assert "Crew-Held" not in door.send().headers

    def hold(number):
        g.held = "clash"
        return door.done

    door.view = command(hold)
    assert door.send(headers={"Crew-Key": str(new_id())}).headers["Crew-Held"] == "clash"


def test_whether_a_command_is_known_whoever_sent_it(door):
    with door.app.app_context(), write_transaction():
        assert receipts.known(KEY) is False
        receipts.keep(KEY, "f" * 64, None, (200, "/"), moment(MADE, None, None), None)
        session.flush()
        assert receipts.known(KEY) is True


def test_a_route_says_why_it_needs_no_receipt_or_no_offline_way():
    def view() -> Any:
        return Done("/")

    assert commands.without_receipt("reads only")(view) is view
    assert commands.online_only("needs the server")(view) is view
    marked: Any = view
    assert (marked.no_receipt_because, marked.online_only_because) == ("reads only", "needs the server")


def test_a_command_can_be_told_from_other_views_and_says_what_comes_before():
    def view():
        return Done("/")

    def before():
        return None

    made: Any = prepared_command(before)(view)
    assert made.is_command is True
    assert made.before is before
    assert made.__wrapped__ is view
