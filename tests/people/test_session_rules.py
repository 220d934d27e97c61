"""Sign-ins end at once when they must, begin anew when rights change, and end when nobody uses them.

Each rule is a scene; `test_sabotage` takes its protection away and must see the scene fail.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from crew_app.core.db import db, write_transaction
from crew_app.core.ids import secret_hash
from crew_app.people import actions
from crew_app.people.models import LoginSession
from crew_app.people.rules import Role
from crew_app.profiles import PROFILES
from tests.support.applications import client_of
from tests.support.client import accepted
from tests.support.counting import one, sql, statements
from tests.support.people import PASSWORD
from tests.support.tickets import report_fields

NEW = "neues-Rad-2026"
MORNING = "2026-11-23T07:40:00Z"
CONTACT = {"unsent": "0", "refused": "0", "oldest": "", "build": "ABCDEF12", "sent_at": MORNING}
NAVIGATION = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def make(installation):
    """The installation with another profile."""
    return lambda profile, **changes: installation(profile=replace(PROFILES[profile], password_days=0, **changes))


def alive(client):
    return not client.get("/more", headers=NAVIGATION).headers.get("Location", "").startswith("/login")


def cookie(client):
    found = client.get_cookie("crew")
    assert found
    return found.value


def act(app, world, action):
    with app.app_context(), write_transaction():
        action(world.person("technician"))


def shut_out(app, world, phone, sign_in):
    act(app, world, lambda person: actions.set_active(person, active=False))
    assert not alive(phone)


def lose_a_role(app, world, phone, sign_in):
    act(app, world, lambda person: actions.set_roles(person, world.sites["north"], [Role.REQUESTER]))
    assert not alive(phone)


def get_a_role(app, world, phone, sign_in):
    act(app, world, lambda person: actions.set_roles(person, world.sites["north"], [Role.TECHNICIAN, Role.MANAGER]))
    assert not alive(phone)


def have_the_password_set(app, world, phone, sign_in):
    path = f"/people/{world.people['technician']}/password"
    accepted(sign_in("administrator").send(path, {"password": NEW}))
    assert not alive(phone)


def change_the_password(app, world, phone, sign_in):
    here = sign_in("technician")
    before = cookie(here)
    assert here.post("/password", data={"current": PASSWORD, "password": NEW}).status_code == 302
    assert alive(here)
    assert cookie(here) != before
    assert not alive(phone)
    old = client_of(app)
    old.set_cookie("crew", before)
    assert not alive(old)


def sign_out_everywhere(app, world, phone, sign_in):
    here = sign_in("technician")
    accepted(here.send("/account/sign-ins/removal"))
    assert alive(here)
    assert not alive(phone)


def be_signed_out_by_an_administrator(app, world, phone, sign_in):
    accepted(sign_in("administrator").send(f"/people/{world.people['technician']}/sign-ins/removal"))
    assert not alive(phone)


SCENES = [
    shut_out,
    lose_a_role,
    get_a_role,
    have_the_password_set,
    change_the_password,
    sign_out_everywhere,
    be_signed_out_by_an_administrator,
]


@pytest.mark.parametrize("scene", SCENES)
def test_sign_ins_end_at_once(app, world, sign_in, scene):
    phone = sign_in("technician")
    assert alive(phone)
    scene(app, world, phone, sign_in)


@pytest.mark.parametrize("scene", SCENES)
def test_sabotage_sign_ins_that_nobody_ends(app, world, sign_in, monkeypatch, scene):
    """What asks for the person must look at nothing but the sign-in: `active` is a second lock."""
    phone = sign_in("technician")
    monkeypatch.setattr(actions, "end_sessions", lambda _person: None)
    monkeypatch.setattr(actions, "session_person", _whoever)
    with pytest.raises(AssertionError):
        scene(app, world, phone, sign_in)


def _whoever(token, _at):
    found = db.session.query(LoginSession).filter_by(token_hash=secret_hash(token)).first()
    return found.person if found else None


def test_the_token_rotates_at_sign_in_and_at_proving_it_again(app, sign_in):
    phone = sign_in("technician")
    tokens = [cookie(phone)]
    for path, data in (
        ("/login/again", {"password": PASSWORD}),
        ("/login", {"login": "technician", "password": PASSWORD}),
    ):
        assert phone.post(path, data=data).status_code == 302
        tokens.append(cookie(phone))
    assert len(set(tokens)) == 3
    assert one(app, "SELECT COUNT(*) FROM login_sessions") == 1
    for old in tokens[:-1]:
        thief = client_of(app)
        thief.set_cookie("crew", old)
        assert not alive(thief)


def test_sabotage_a_token_that_stays(app, sign_in, monkeypatch):
    monkeypatch.setattr(actions, "new_secret", lambda: "always-the-same")
    with pytest.raises(AssertionError):
        test_the_token_rotates_at_sign_in_and_at_proving_it_again(app, sign_in)


def test_a_sign_in_that_does_nothing_ends_and_one_that_is_used_does_not(make, world):
    app = make("mlps3")
    idle = PROFILES["mlps3"].idle
    with time_machine.travel(MORNING, tick=False) as clock:
        used, unused = client_of(app), client_of(app)
        for client in (used, unused):
            client.sign_in("technician")
        for _ in range(4):
            clock.shift(idle * 0.7)
            assert alive(used)
        assert not alive(unused)
        clock.shift(idle + timedelta(seconds=1))
        assert not alive(used)


def test_sabotage_a_use_that_nobody_notes(make, world, monkeypatch):
    monkeypatch.setattr(actions, "keep_alive", lambda *_: None)
    with pytest.raises(AssertionError):
        test_a_sign_in_that_does_nothing_ends_and_one_that_is_used_does_not(make, world)


def test_what_a_phone_asks_by_itself_is_no_use(make, world):
    app = make("mlps3")
    idle = PROFILES["mlps3"].idle
    with time_machine.travel(MORNING, tick=False) as clock:
        client = client_of(app)
        client.sign_in("technician")
        clock.shift(idle * 0.7)
        assert client.get("/notices/unread", headers={"Sec-Fetch-Mode": "cors"}).status_code == 200
        assert client.send("/sync/contact", CONTACT, person=world.people["technician"]).status_code < 300
        clock.shift(idle * 0.7)
        assert not alive(client)


def test_a_sign_in_ends_at_the_latest_however_much_it_is_used(make, world):
    app = make("mlps2", sign_in_days=1, idle_minutes=30)
    with time_machine.travel(MORNING, tick=False) as clock:
        client = client_of(app)
        client.sign_in("technician")
        for _ in range(71):
            clock.shift(timedelta(minutes=20))
            assert alive(client)
        clock.shift(timedelta(minutes=20))
        assert not alive(client)


def test_use_is_written_down_seldom(make, world):
    app = make("mlps2")
    with time_machine.travel(MORNING, tick=False) as clock:
        client = client_of(app)
        client.sign_in("technician")
        clock.shift(timedelta(minutes=6))
        with statements(app) as found:
            for _ in range(5):
                assert alive(client)
                clock.shift(timedelta(seconds=30))
        assert len([one for one in found if one.startswith("UPDATE login_sessions")]) == 1


def test_nothing_is_written_down_where_no_sign_in_may_be_idle(app, sign_in):
    phone = sign_in("technician")
    with statements(app) as found:
        assert alive(phone)
    assert not [one for one in found if one.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_waits_on_a_phone_outlives_the_idle_end(make, world):
    """The outbox is told to sign in, keeps what it has, and sends it afterwards under the same key."""
    app = make("mlps3")
    with time_machine.travel(MORNING, tick=False) as clock:
        phone = client_of(app)
        phone.sign_in("technician")
        phone.person_id = world.people["technician"]
        clock.shift(timedelta(hours=8))
        key, fields = "01900000-0000-7000-8000-00000000abcd", report_fields(world)
        refused = phone.send("/tickets", fields, key=key)
        assert refused.status_code == 401
        assert refused.headers["Crew-Sign-In"] == "required"
        assert "Crew-Receipt" not in refused.headers, "with a receipt the phone would park the entry"
        phone.sign_in("technician")
        accepted(phone.send("/tickets", fields, key=key), 201)
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1


def test_only_hashes_of_tokens_are_kept(app, sign_in):
    phone = sign_in("technician")
    with phone.session_transaction() as kept:
        token = kept["_user_id"]
    kept_rows = str([sql(app, f"SELECT * FROM {table}") for table in ("login_sessions", "devices", "access_records")])
    assert token not in kept_rows
    with suppress(KeyError):
        assert phone.get_cookie("crew_device").value not in kept_rows
