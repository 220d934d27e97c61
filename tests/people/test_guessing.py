"""Guessing by the thousand, from the very address of the ward: few guesses are looked at, and nobody is locked out.

`GUESSES=10000 .venv/bin/pytest tests/people/test_guessing.py -s` for the full number.
"""

from datetime import timedelta

import pytest
import time_machine

from crew_app.core.clock import now
from crew_app.core.db import write_transaction
from crew_app.core.errors import TooMany
from crew_app.people import guessing
from crew_app.people.guessing import PER_ADDRESS, Caller, network
from crew_app.web import phones
from tests.support.applications import client_of
from tests.support.client import accepted
from tests.support.counting import one, sql
from tests.support.guessing import FREE, GUESSES, WAIT, WARD, attempt, looked_at, phone_of, report
from tests.support.lint import Page
from tests.support.people import PASSWORD

MORNING = "2026-11-23T07:40:00Z"
DAY = timedelta(days=1)
A_DAY_ON_ONE_NAME = FREE + 4 + 24
"""Free tries, the waits of 10, 20, 40 and 60 minutes, then one an hour."""
AT_ONCE = PER_ADDRESS + 1


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as found:
        yield found


@pytest.fixture
def attacker(app):
    """Somebody in the ward, in a browser that nobody knows."""
    client = client_of(app)
    client.lints = False
    return client


def crew_signs_in(app, logins, password=PASSWORD):
    """Each on the phone where they signed in before: the answers."""
    return [attempt(phone, login, password) for login, phone in logins.items()]


def known_phones(app):
    return {login: phone_of(client_of(app), login) for login in ("technician", "second", "supervisor", "guard")}


def guess_one_name(app, attacker, clock, patch):
    """A day of guesses at one name; meanwhile its owner and the ward sign in on their phones, others on new ones."""
    crew = known_phones(app)
    with looked_at(patch) as seen:
        for number in range(GUESSES):
            attempt(attacker, "technician", f"guess-{number}")
            clock.shift(DAY / GUESSES)
            if number % (GUESSES // 4) == 1:
                assert crew_signs_in(app, crew) == [302] * len(crew)
                assert attempt(client_of(app), "requester", PASSWORD) == 302
        guesses = [one for one in seen if one.startswith("guess-")]
    report(f"one name: guesses={GUESSES} looked_at={len(guesses)} bound={A_DAY_ON_ONE_NAME}")
    assert len(guesses) <= A_DAY_ON_ONE_NAME


def guess_many_names(app, attacker, patch):
    """Guesses at a thousand names at once, some of them people's; meanwhile the ward signs in on its phones."""
    crew = known_phones(app)
    names = ["technician", "second", "supervisor", "guard", *(f"n{number}" for number in range(996))]
    with looked_at(patch) as seen:
        for number in range(GUESSES):
            attempt(attacker, names[number % len(names)], f"guess-{number}")
        assert crew_signs_in(app, crew) == [302] * len(crew)
        guesses = [one for one in seen if one.startswith("guess-")]
    report(f"many names: guesses={GUESSES} looked_at={len(guesses)} bound={AT_ONCE}")
    assert len(guesses) <= AT_ONCE


def test_one_name_is_guessed_at_a_day_long(app, attacker, clock, monkeypatch):
    guess_one_name(app, attacker, clock, monkeypatch)


def test_many_names_are_guessed_at(app, attacker, clock, monkeypatch):
    guess_many_names(app, attacker, monkeypatch)


def test_sabotage_without_counting_all_guesses_are_looked_at(app, attacker, clock, monkeypatch):
    monkeypatch.setattr(guessing, "check", lambda *_: None)
    with pytest.raises(AssertionError):
        guess_many_names(app, attacker, monkeypatch)


def test_sabotage_without_known_phones_the_ward_is_locked_out(app, attacker, clock, monkeypatch):
    monkeypatch.setattr(phones, "known_device", lambda _login: None)
    with pytest.raises(AssertionError):
        guess_many_names(app, attacker, monkeypatch)


def test_waits_become_longer(app, attacker, clock):
    for _ in range(FREE):
        assert attempt(attacker, "technician") == 422
    for factor in (1, 2, 4):
        clock.shift(WAIT * factor - timedelta(seconds=1))
        assert attempt(attacker, "technician") == 429
        clock.shift(timedelta(seconds=1))
        assert attempt(attacker, "technician") == 422


def test_many_addresses_do_not_help_with_one_name(app, attacker, clock):
    answers = [attempt(attacker, "technician", address=f"10.9.{number}.1") for number in range(60)]
    assert answers.count(422) == FREE * 3
    assert attempt(phone_of_technician(app), "technician", PASSWORD) == 302


def phone_of_technician(app):
    """Known before all this, by its row."""
    client = client_of(app)
    with app.app_context(), write_transaction():
        guessing.forget([guessing.Count("name:technician", 1, WAIT)])
    phone_of(client, "technician", "10.8.0.1")
    for number in range(60):
        attempt(client_of(app), "technician", address=f"10.7.{number}.1")
    return client


def test_a_stolen_phone_has_no_more_tries_than_others(app, clock):
    phone = phone_of(client_of(app), "technician")
    assert [attempt(phone, "technician") for _ in range(FREE + 1)] == [422] * FREE + [429]
    assert attempt(phone_of(client_of(app), "second"), "second", PASSWORD) == 302


def test_a_known_phone_of_one_is_no_known_phone_of_another(app, clock, attacker):
    phone = phone_of(client_of(app), "technician")
    for _ in range(FREE):
        attempt(attacker, "second")
    assert attempt(phone, "second", PASSWORD) == 429


def test_unknown_names_are_answered_like_known_ones(app, attacker, clock):
    def answers(login):
        found = []
        for _ in range(FREE + 1):
            data = {"login": login, "password": "x"}
            response = attacker.post("/login", data=data)
            found.append((response.status_code, Page(response.get_data(as_text=True)).text))
        return found

    assert answers("technician") == answers("nobody-at-all")


def test_unknown_names_cost_one_comparison_like_known_ones(app, attacker, monkeypatch):
    with looked_at(monkeypatch) as seen:
        attempt(attacker, "technician", "one")
        attempt(attacker, "nobody-at-all", "two")
    assert seen == ["one", "two"]


def test_administrators_hear_of_it_once(app, attacker, clock):
    for number in range(PER_ADDRESS + 30):
        attempt(attacker, f"n{number}")
    told = sql(app, "SELECT person_id, params FROM notices WHERE topic = 'security'")
    administrators = one(app, "SELECT COUNT(DISTINCT person_id) FROM memberships WHERE role = 'administrator'")
    assert len(told) == administrators
    assert WARD in str(told[0][1])


def test_an_administrator_lets_somebody_try_again(app, world, attacker, sign_in):
    for _ in range(FREE):
        attempt(attacker, "technician")
    assert attempt(attacker, "technician", PASSWORD) == 429
    accepted(sign_in("administrator").send(f"/people/{world.people['technician']}/tries/removal"))
    assert attempt(attacker, "technician", PASSWORD) == 302


def test_the_password_is_not_guessed_where_it_is_changed(app, sign_in):
    phone = sign_in("technician")
    fields = {"current": "wrong", "password": "neues-Rad-2026"}
    assert [phone.post("/password", data=fields).status_code for _ in range(FREE + 1)] == [422] * FREE + [429]


def test_the_password_is_not_guessed_where_it_is_asked_for_again(app, sign_in):
    phone = sign_in("technician")
    answers = [phone.post("/login/again", data={"password": "wrong"}).status_code for _ in range(FREE + 1)]
    assert answers == [422] * FREE + [429]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("", ""),
    ],
)
def test_an_address_of_ipv6_counts_as_its_network(address, counted):
    assert network(address) == counted


def test_both_databases_count_alike(any_app, any_world):
    with any_app.app_context():
        counts = guessing.of_name("technician", Caller(WARD))
        with write_transaction():
            assert [guessing.note(counts, "technician", now()) for _ in range(FREE)][-1] == ["pair"]
        with pytest.raises(TooMany):
            guessing.check(counts, now())
        with write_transaction():
            guessing.forget(counts)
        guessing.check(counts, now())
