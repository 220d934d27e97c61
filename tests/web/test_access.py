"""The door before every request, with rooms of our own behind it: who gets in, who is sent where, who hears what."""

from types import FunctionType

import pytest
from flask import Response, g, request

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from crew_app.people import actions
from crew_app.people.rules import Right
from crew_app.web import access
from crew_app.web.access import needs, public, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command
from crew_app.web.people import handing_in, person_or_none
from tests.support.client import SAME_ORIGIN, accepted

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def rooms(app):
    """A few rooms with each kind of door; they answer how large a request may be, and who came in."""

    def room():
        found = person_or_none()
        told = f"{request.max_content_length} {found.login if found else '-'} {handing_in()}"
        return Response(told, mimetype="text/plain")

    def work():
        return Done("/" + ("held" if "not_allowed" in g else "done"))

    doors = {
        "open": public,
        "inside": signed_in,
        "verify": needs(Right.VERIFY),
        "work": needs(Right.WORK),
        "unmarked": lambda view: view,
    }
    rooms = {name: door(_like(room)) for name, door in doors.items()}
    rooms |= {"change": needs(Right.VERIFY)(command(work)), "own-change": signed_in(command(_like(work)))}
    for name, view in rooms.items():
        app.add_url_rule(f"/{name}-room", f"rooms.{name}", view, methods=["GET", "POST", "PUT"])
    return app


def _like(view):
    """The same, as a function of its own, so that it can have a rule of its own."""
    return FunctionType(view.__code__, view.__globals__, closure=view.__closure__)


def who(response):
    assert response.status_code == 200, response.status
    return response.get_data(as_text=True).split()[1]


def test_each_door_lets_in_whom_it_names(rooms, sign_in, stranger):
    technician, supervisor = sign_in("technician"), sign_in("supervisor")
    assert who(stranger.get("/open-room")) == "-"
    assert who(technician.get("/open-room")) == who(technician.get("/inside-room")) == "technician"
    assert who(supervisor.get("/verify-room")) == who(supervisor.get("/work-room")) == "supervisor"
    assert who(technician.get("/work-room")) == "technician"
    refused = technician.get("/verify-room")
    assert (refused.status_code, refused.headers["Crew-Refusal"]) == (403, "may-not")


@pytest.mark.parametrize("room", ["inside", "verify", "unmarked"])
def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(rooms, stranger, room):
    answer = stranger.get(f"/{room}-room")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/login?next=/{room}-room")
    assert stranger.get(f"/{room}-room?a=1").headers["Location"].endswith("a%3D1")


def test_a_room_without_a_rule_lets_nobody_in(rooms, sign_in):
    assert sign_in("administrator").get("/unmarked-room").status_code == 302


@pytest.mark.parametrize(
    ("method", "headers"),
    [("GET", {"HX-Request": "true"}), ("GET", {"Crew-Outbox": "1"}), ("POST", {}), ("PUT", {})],
)
def test_a_program_or_a_change_gets_401_and_keeps_what_it_has(rooms, stranger, method, headers):
    answer = stranger.open("/inside-room", method=method, headers={**SAME_ORIGIN, **headers})
    assert (answer.status_code, answer.headers.get("Crew-Sign-In")) == (401, "required")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_without_changing_anything_is_no_change(rooms, stranger, method):
    answer = stranger.open("/inside-room", method=method, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code in (200, 302)


@pytest.mark.parametrize(
    ("method", "headers", "comes_in"),
    [
        ("POST", {"Sec-Fetch-Site": "same-origin"}, True),
        ("POST", {"Sec-Fetch-Site": "none"}, True),
        ("POST", {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, True),
        ("POST", {}, True),
        ("POST", {"Origin": "http://localhost"}, True),
        ("POST", {"Origin": "https://evil.example"}, False),
        ("POST", {"Sec-Fetch-Site": "same-site"}, False),
        ("PUT", {"Sec-Fetch-Site": "cross-site"}, False),
        ("GET", {"Sec-Fetch-Site": "cross-site"}, True),
        ("HEAD", {"Sec-Fetch-Site": "cross-site"}, True),
        ("OPTIONS", {"Sec-Fetch-Site": "cross-site"}, True),
    ],
)
def test_what_another_web_site_starts_changes_nothing(rooms, stranger, method, headers, comes_in):
    answer = stranger.open("/open-room", method=method, headers=headers)
    assert answer.status_code == (200 if comes_in else 403)
    assert answer.headers.get("Crew-Refusal") == (None if comes_in else "cross-site")


def test_how_much_may_be_sent_depends_on_what_it_is(rooms, stranger):
    def most(**sent):
        return stranger.post("/open-room", headers=SAME_ORIGIN, **sent).get_data(as_text=True).split()[0]

    assert most(data={"a": "1"}) == str(256 * 1024)
    assert most(data=b"x", content_type="image/jpeg") == str(rooms.config["MAX_CONTENT_LENGTH"])
    assert stranger.post("/open-room", data={"a": "x" * 300_000}, headers=SAME_ORIGIN).status_code in (200, 413)


@pytest.mark.parametrize("endpoint", ["reports.create", "report_answers.object_"])
def test_a_stranger_with_five_photos_may_send_more_than_others(rooms, endpoint):
    with rooms.test_request_context("/", method="POST", content_type="multipart/form-data"):
        request.url_rule = next(rooms.url_map.iter_rules(endpoint))
        access._plausible()  # noqa: SLF001 - runs before every request
        assert request.max_content_length == 64 * 1024 * 1024


def test_what_was_written_by_another_person_is_not_looked_at(rooms, sign_in):
    client = sign_in("technician")
    assert client.get("/inside-room", headers={"Crew-Person": str(client.person_id)}).status_code == 200
    answer = client.get("/inside-room", headers={"Crew-Person": str(new_id())})
    assert answer.status_code == 403
    assert answer.headers["Crew-Refusal"] == "other-person"


def test_a_first_password_opens_only_the_door_to_a_new_one(rooms, world, sign_in):
    with rooms.app_context(), write_transaction():
        world.person("guard").must_change_password = True
    client = sign_in("guard")
    answer = client.get("/inside-room")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/password")
    assert client.get("/password").status_code == 200
    assert client.post("/language", data={"language": "en"}, headers=SAME_ORIGIN).headers.get("Location") != "/password"
    changed = client.post("/password", data={}, headers=SAME_ORIGIN)
    assert changed.headers.get("Location") != "/password"
    signed_out = client.post("/sign-out", headers=SAME_ORIGIN)
    assert signed_out.headers["Location"] != "/password"
    assert client.get("/inside-room").headers["Location"].startswith("/login")


def test_who_came_in_without_a_password_need_not_change_it(rooms, world, sign_in):
    with rooms.app_context(), write_transaction():
        world.person("guard").must_change_password = True
    client = sign_in("guard")
    with client.session_transaction() as kept:
        kept["how"] = "account"
    assert who(client.get("/inside-room")) == "guard"


def test_a_command_from_an_outbox_is_looked_at_although_the_right_is_missing(rooms, sign_in):
    client = sign_in("technician")
    refused = client.send("/change-room")
    assert (refused.status_code, refused.headers["Crew-Refusal"]) == (403, "may-not")
    assert refused.headers["Crew-Receipt"]
    plain = client.form("/change-room")
    assert plain.status_code == 403
    assert "Crew-Receipt" not in plain.headers
    page = client.get("/verify-room", headers={"Crew-Outbox": "1"})
    assert page.status_code == 403
    assert accepted(sign_in("supervisor").send("/change-room")) == "/done"


def _shut_out(rooms, world, login):
    with rooms.app_context(), write_transaction():
        actions.set_active(world.person(login), active=False)


def test_who_was_shut_out_hands_in_and_sees_nothing(rooms, world, sign_in):
    client = sign_in("technician")
    _shut_out(rooms, world, "technician")
    handed = client.send("/own-change-room")
    assert handed.status_code in (202, 403)
    assert handed.headers["Crew-Receipt"]
    mine = {"Crew-Person": str(client.person_id)}
    assert client.get("/inside-room", headers={"Crew-Outbox": "1", **mine}).status_code == 401
    assert client.get("/inside-room").status_code == 302
    assert client.get("/open-room", headers={"Crew-Outbox": "1", **mine}).get_data(as_text=True).endswith("True")
    for without in ({"Crew-Outbox": "1"}, mine, {"Crew-Outbox": "1", "Crew-Person": str(new_id())}):
        assert client.get("/open-room", headers=without).get_data(as_text=True).endswith("- False")


def test_who_is_signed_in_is_not_taken_for_shut_out(rooms, sign_in):
    client = sign_in("technician")
    mine = {"Crew-Person": str(client.person_id), "Crew-Outbox": "1"}
    assert client.get("/inside-room", headers=mine).get_data(as_text=True).endswith("technician False")


def test_a_forced_change_of_password_does_not_stop_handing_in(rooms, world, sign_in):
    client = sign_in("technician")
    with rooms.app_context(), write_transaction():
        world.person("technician").must_change_password = True
        actions.set_active(world.person("technician"), active=False)
    assert client.send("/own-change-room").headers["Crew-Receipt"]
