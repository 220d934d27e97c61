"""From hand to hand: only on a shared phone, soon after the password, five tries, and nobody learns anything."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from crew_app.core.db import session, write_transaction
from crew_app.people import actions as people
from crew_app.people.passwords import matches
from crew_app.people.rules import Role
from crew_app.phones import pins, queries, rules
from crew_app.phones.models import Device
from crew_app.routes import switch as routes
from crew_app.web import phones as web_phones
from tests.support.applications import client_of
from tests.support.client import SAME_ORIGIN, accepted, path_of
from tests.support.counting import one, sql, statements
from tests.support.people import PASSWORD

PIN, WRONG = "7293", "8164"
LOCKED = "This PIN is locked"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def choose_pin(client, pin=PIN, password=PASSWORD):
    return client.post("/pin", data={"pin": pin, "current": password}, headers=SAME_ORIGIN)


def switch(client, person_id, pin=PIN):
    return client.post("/switch", data={"person_id": str(person_id), "pin": pin}, headers=SAME_ORIGIN)


def who(client):
    return client.get("/more").headers.get("Crew-Person", "")


@pytest.fixture
def phone(app, world):
    """A shared phone on which the second has signed in and chosen a PIN, and where the technician is signed in now."""
    client = client_of(app, language="en")
    client.sign_in("administrator")
    client.person_id = world.people["administrator"]
    accepted(client.send("/phones/sharing", {"label": "夜班1", "site_id": str(world.sites["north"])}))
    for login in ("second", "technician"):
        client.post("/sign-out")
        client.sign_in(login)
        assert choose_pin(client).status_code == 302
    return client


@pytest.fixture
def second(world):
    return world.people["second"]


def change(app, world, action, login="second"):
    with app.app_context(), write_transaction():
        action(world.person(login))


def offered(client):
    return [
        link for link in client.page("/switch").all("a") if (link.get("href") or "").startswith("/switch?person_id")
    ]


def watch(monkeypatch, note):
    """Note each comparison of a PIN."""

    def compare(pin, kept):
        note(pin, kept)
        return matches(pin, kept)

    monkeypatch.setattr(routes, "matches", compare)


def test_the_other_is_offered_and_takes_over_by_pin(world, phone, second):
    (link,) = offered(phone)
    assert link.get("href") == f"/switch?person_id={second}"
    page = phone.page(str(link.get("href")))
    assert page.all("input", name="pin")[0].get("inputmode") == "numeric"
    response = switch(phone, second)
    assert path_of(response) == "/"
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert who(phone) == str(second)


def test_the_sign_in_before_ends_on_the_server(app, world, phone, second):
    stolen = phone.get_cookie("crew").value
    switch(phone, second)
    thief = client_of(app)
    thief.set_cookie("crew", stolen)
    assert thief.get("/more").status_code == 302
    mine = {"id": world.people["technician"].hex}
    assert one(app, "SELECT COUNT(*) FROM login_sessions WHERE person_id = :id", **mine) == 0


def test_there_and_back_again(world, phone, second):
    switch(phone, second)
    assert switch(phone, world.people["technician"]).status_code == 302
    assert who(phone) == str(world.people["technician"])


def test_when_nobody_is_signed_in_the_sign_in_page_leads_there(world, phone, second):
    phone.post("/sign-out")
    assert "/switch" in phone.page("/login").html
    assert len(offered(phone)) == 2
    assert switch(phone, second).status_code == 302


def test_a_sign_in_by_pin_ends_after_a_shift(world, phone, second):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        switch(phone, second)
        clock.shift(rules.PIN_LIFETIME - timedelta(seconds=1))
        assert who(phone) == str(second)
        clock.shift(timedelta(seconds=2))
        assert who(phone) == ""


def test_a_wrong_pin_changes_nothing(world, phone, second):
    response = switch(phone, second, WRONG)
    assert response.status_code == 422
    assert "This PIN is not right." in response.get_data(as_text=True)
    assert WRONG not in response.get_data(as_text=True)
    assert who(phone) == str(world.people["technician"])


def test_on_a_phone_that_is_not_shared_no_pin_works(app, phone, second, sign_in):
    own = sign_in("second")
    choose_pin(own)
    own.post("/sign-out")
    own.sign_in("technician")
    assert switch(own, second).status_code == 422
    assert who(own) != str(second)
    assert "not shared" in client_of(app, language="en").page("/switch").text


def test_a_phone_that_is_no_longer_shared_takes_no_pin(app, phone, second, sign_in):
    admin = sign_in("administrator")
    device = next(link for link in admin.page("/phones").all("a") if link.text == "夜班1").get("href")
    accepted(admin.send(f"{device}/release"))
    assert offered(phone) == []
    assert switch(phone, second).status_code == 422


def test_nobody_is_offered_who_did_not_give_the_password_here(world, phone, sign_in):
    elsewhere = sign_in("storekeeper")
    choose_pin(elsewhere)
    assert switch(phone, world.people["storekeeper"]).status_code == 422


def test_nobody_is_offered_after_a_long_shift(phone, second):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        clock.shift(rules.OFFERED - timedelta(minutes=1))
        assert len(offered(phone)) == 1
        clock.shift(timedelta(minutes=2))
        assert offered(phone) == []
        assert switch(phone, second).status_code == 422


def test_a_pin_does_not_prolong_what_a_password_began(phone, second):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        clock.shift(timedelta(hours=10))
        assert switch(phone, second).status_code == 302
        phone.post("/sign-out")
        clock.shift(timedelta(hours=7))
        assert switch(phone, second).status_code == 422


@pytest.mark.parametrize(
    "action",
    [
        lambda person: people.set_active(person, active=False),
        lambda person: people.set_active(person, active=True),
        lambda person: people.set_password(person, "neues-Rad-2026", temporary=True),
        lambda person: people.set_password(person, "neues-Rad-2026"),
        lambda person: people.set_roles(person, person.memberships[0].site_id, [Role.SUPERVISOR]),
        lambda person: setattr(person, "active", False),
        lambda person: setattr(person, "must_change_password", True),
        lambda person: setattr(person, "memberships", []),
    ],
    ids=["suspended", "reinstated", "temporary", "new-password", "new-role", "inactive", "must-change", "moved-away"],
)
def test_whatever_ends_sign_ins_ends_the_pin_until_the_password(app, world, phone, second, action):
    change(app, world, action)
    assert offered(phone) == []
    assert switch(phone, second).status_code == 422


def test_five_wrong_tries_lock_it_until_the_password(world, phone, second):
    answers = [switch(phone, second, WRONG).get_data(as_text=True) for _ in range(rules.TRIES)]
    assert [LOCKED in answer for answer in answers] == [False] * 4 + [True]
    assert switch(phone, second).status_code == 422
    assert offered(phone) == []
    assert "PIN locked" in phone.page("/switch").text
    phone.post("/sign-out")
    phone.sign_in("second")
    phone.post("/sign-out")
    phone.sign_in("technician")
    assert switch(phone, second).status_code == 302


def test_the_lock_is_the_persons_and_not_the_phones(world, phone, second):
    for _ in range(rules.TRIES):
        switch(phone, second, WRONG)
    phone.post("/sign-out")
    assert switch(phone, world.people["technician"]).status_code == 302


def test_the_right_pin_forgives_the_wrong_ones(world, phone, second):
    for _ in range(2):
        for _ in range(rules.TRIES - 1):
            switch(phone, second, WRONG)
        assert switch(phone, second).status_code == 302
        switch(phone, world.people["technician"])


def test_a_pin_sign_in_forgives_nobody_else(world, phone, second):
    for _ in range(rules.TRIES):
        switch(phone, second, WRONG)
    phone.post("/sign-out")
    switch(phone, world.people["technician"])
    assert switch(phone, second).status_code == 422


def test_many_tries_at_once_are_still_five(app, phone, second, monkeypatch):
    looked_at = []
    watch(monkeypatch, lambda _pin, kept: looked_at.append(kept))
    cookies = {name: phone.get_cookie(name).value for name in ("crew", "crew_device")}

    def guess(_):
        client = client_of(app)
        for name, value in cookies.items():
            client.set_cookie(name, value)
        return switch(client, second, WRONG).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(guess, range(24))) == {422}
    assert len([kept for kept in looked_at if kept]) == rules.TRIES
    assert switch(phone, second).status_code == 422


def test_administrators_are_not_offered_and_have_no_pin(app, world, phone):
    assert str(world.people["administrator"]) not in phone.page("/switch").html
    change(app, world, lambda person: pins.keep(person, "x", at=NOON), "administrator")
    assert switch(phone, world.people["administrator"]).status_code == 422


def test_every_refusal_costs_one_comparison_and_one_transaction(app, world, phone, second, monkeypatch):
    """A wrong PIN, a locked one, nobody's, somebody who is not offered, and a phone that is not shared."""
    compared = []
    watch(monkeypatch, lambda pin, _kept: compared.append(pin))
    begun = []
    ids = [second, world.people["storekeeper"], world.people["administrator"], "01900000-0000-7000-8000-000000000000"]
    for client, person in [*((phone, one_id) for one_id in ids), (client_of(app), second)]:
        with statements(app) as found:
            assert switch(client, person, WRONG).status_code == 422
        begun.append(list(found).count("BEGIN IMMEDIATE"))
    assert len(compared) == len(begun)
    assert len(set(begun)) == 1


def test_the_slow_comparison_stands_outside_every_transaction(app, phone, second, monkeypatch):
    """Otherwise a guesser would hold up everybody who writes."""
    seen = []
    watch(monkeypatch, lambda *_: seen.append(session.registry().in_transaction()))
    switch(phone, second)
    assert seen == [False]


def test_another_web_site_cannot_change_over(phone, second):
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = phone.post("/switch", data={"person_id": str(second), "pin": PIN}, headers=headers)
    assert response.status_code == 403


def test_the_pin_is_kept_as_a_hash_and_nowhere_else(app, phone, second, caplog):
    switch(phone, second, WRONG)
    switch(phone, second)
    everything = str([sql(app, f"SELECT * FROM {table}") for table in ("pins", "receipts", "devices", "device_people")])
    assert f"'{PIN}'" not in everything
    assert all(str(kept).startswith("$argon2id$") for (kept,) in sql(app, "SELECT pin_hash FROM pins"))
    assert PIN not in caplog.text
    assert WRONG not in caplog.text


def test_without_the_count_before_the_look_a_thief_would_get_in(phone, second, monkeypatch):
    monkeypatch.setattr(pins, "count_try", lambda _person: True)
    for _ in range(rules.TRIES + 3):
        switch(phone, second, WRONG)
    assert switch(phone, second).status_code == 302


def test_without_the_end_of_offers_a_suspended_person_would_come_back(app, world, phone, second, monkeypatch):
    monkeypatch.setattr(people, "end_sessions", lambda _person: None)
    change(app, world, lambda person: people.set_password(person, "neues-Rad-2026"))
    assert switch(phone, second).status_code == 302


def test_without_the_mark_any_phone_would_do(app, world, sign_in, second, monkeypatch):
    own = sign_in("second")
    choose_pin(own)
    own.post("/sign-out")
    own.sign_in("technician")
    with app.app_context(), write_transaction():
        session.execute(update(Device).values(site_id=world.sites["north"]))
    assert switch(own, second).status_code == 422

    def unmarked():
        device = web_phones.this_device()
        return device and queries.offer(device, second, datetime.now(UTC))

    monkeypatch.setattr(routes, "_offer", unmarked)
    assert switch(own, second).status_code == 302
