"""Contacts: what a phone tells of itself, written down seldom, in its own name, for nobody but the person in front."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from crew_app.phones.actions import OFTEN, UNUSED
from tests.support.applications import client_of
from tests.support.client import SAME_ORIGIN, stamp
from tests.support.counting import one, sql, statements
from tests.support.people import PASSWORD

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HELD = "SELECT unsent, refused, oldest_at, signed_out_at IS NOT NULL FROM device_people WHERE person_id = :id"


def report(client, person=None, **changes):
    fields = {"unsent": 0, "refused": 0, "oldest": "", "build": "ABCDEF12", "sent_at": stamp(datetime.now(UTC))}
    headers = SAME_ORIGIN | {"Crew-Person": str(person or client.person_id)}
    return client.post("/sync/contact", data=fields | changes, headers=headers)


def held(app, world, login="technician"):
    kept = world.people[login]
    rows = sql(app, HELD, id=kept.hex if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else kept)
    return [(unsent, refused, bool(oldest), bool(gone)) for unsent, refused, oldest, gone in rows]


def writes(found):
    return [text for text in found if text.startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE"))]


def test_what_waits_on_a_phone_is_known_after_its_contact(any_app, any_world, any_sign_in):
    client = any_sign_in("technician")
    answer = report(client, unsent=3, refused=1, oldest=stamp(datetime.now(UTC) - timedelta(hours=1)))
    assert answer.status_code == 204
    assert not answer.get_data()
    assert held(any_app, any_world) == [(3, 1, True, False)]
    report(client)
    assert held(any_app, any_world) == [(0, 0, False, False)]


def test_a_phone_keeps_its_name_when_people_come_and_go(app, world, stranger):
    stranger.sign_in("technician")
    first = stranger.get_cookie("crew_device")
    stranger.post("/sign-out")
    stranger.sign_in("second")
    assert stranger.get_cookie("crew_device").value == first.value
    assert first.http_only
    assert first.same_site == "Lax"
    assert first.max_age == 365 * 86400
    assert one(app, "SELECT COUNT(*) FROM devices") == len(world.devices) + 1
    assert first.value not in str(sql(app, "SELECT token_hash FROM devices"))


def test_a_sign_in_from_before_there_were_names_gets_one_at_its_contact(app, sign_in):
    client = sign_in("technician")
    client.delete_cookie("crew_device")
    assert report(client, unsent=2).status_code == 204
    assert client.get_cookie("crew_device")
    assert report(client, unsent=2).status_code == 204
    assert one(app, "SELECT COUNT(*) FROM device_people WHERE unsent = 2") == 1


def test_a_made_up_name_is_a_new_phone(app, world, stranger):
    stranger.set_cookie("crew_device", "made-up")
    stranger.sign_in("technician")
    assert stranger.get_cookie("crew_device").value != "made-up"
    assert one(app, "SELECT COUNT(*) FROM devices") == len(world.devices) + 1


def test_nothing_is_written_when_nothing_is_new(app, sign_in):
    with time_machine.travel(NOON, tick=False) as clock:
        client = sign_in("technician")
        report(client)
        with statements(app) as found:
            assert report(client).status_code == 204
        assert writes(found) == []
        clock.shift(OFTEN)
        with statements(app) as found:
            assert report(client).status_code == 204
        assert len(writes(found)) == 3, found  # one transaction, the phone, the person on it


def test_something_new_is_written_at_once(app, world, sign_in):
    with time_machine.travel(NOON, tick=False):
        client = sign_in("technician")
        report(client)
        report(client, unsent=1, oldest=stamp(NOON))
    assert held(app, world) == [(1, 0, True, False)]


def test_nobody_reports_for_somebody_else(app, world, sign_in):
    before = sql(app, "SELECT * FROM device_people")
    client = sign_in("technician")
    mine = held(app, world)
    answer = report(client, person=world.people["second"], unsent=9)
    assert answer.status_code == 403
    assert held(app, world) == mine
    assert held(app, world, "second") == []
    assert len(sql(app, "SELECT * FROM device_people")) == len(before) + 1


def test_nobody_who_is_not_signed_in_reports(app, stranger):
    before = sql(app, "SELECT * FROM device_people")
    assert report(stranger, unsent=9).status_code == 401
    assert sql(app, "SELECT * FROM device_people") == before


def test_what_each_person_holds_on_one_phone_is_kept_apart(app, world, sign_in):
    client = sign_in("technician")
    report(client, unsent=3, oldest=stamp(datetime.now(UTC)))
    client.post("/sign-out")
    client.sign_in("second")
    client.person_id = world.people["second"]
    report(client)
    assert held(app, world) == [(3, 0, True, True)]
    assert held(app, world, "second") == [(0, 0, False, False)]


def test_the_last_word_before_signing_out_says_that_it_is_kept(app, world, sign_in):
    client = sign_in("technician")
    report(client, unsent=2, kept="1")
    assert held(app, world) == [(2, 0, False, True)]
    report(client, unsent=2)
    assert held(app, world) == [(2, 0, False, False)]


def test_signing_in_again_does_not_forget_what_is_kept(app, world, sign_in):
    client = sign_in("technician")
    report(client, unsent=2)
    client.post("/sign-out")
    client.sign_in("technician")
    assert held(app, world) == [(2, 0, False, False)]


@pytest.mark.parametrize("days", [-3, 0, 3])
def test_the_clock_is_measured_and_the_oldest_entry_counts_by_ours(app, sign_in, days):
    off = timedelta(days=days)
    with time_machine.travel(NOON, tick=False):
        client = sign_in("technician")
        report(client, unsent=1, oldest=stamp(NOON + off - timedelta(hours=2)), sent_at=stamp(NOON + off))
    assert one(app, "SELECT offset_ms FROM devices ORDER BY seen_at DESC LIMIT 1") == -days * 86_400_000
    kept = str(one(app, "SELECT oldest_at FROM device_people WHERE oldest_at IS NOT NULL"))
    assert kept.startswith("2026-11-22 10:00:00")


@pytest.mark.parametrize("value", ["", "x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01"])
@pytest.mark.parametrize("name", ["sent_at", "oldest"])
def test_an_unreadable_clock_is_none(any_app, any_world, any_sign_in, name, value):
    assert report(any_sign_in("technician"), unsent=1, **{name: value}).status_code == 204
    assert held(any_app, any_world)[0][0] == 1


@pytest.mark.parametrize("value", ["", "-1", "x", "1.5", "9" * 7, "²", "\x00"])
def test_a_number_that_is_none_is_refused(app, world, sign_in, value):
    assert report(sign_in("technician"), unsent=value).status_code == 422
    assert held(app, world) == [(0, 0, False, False)]


def test_phones_long_out_of_use_are_forgotten_unless_they_hold_something(app, world, sign_in):
    with time_machine.travel(NOON, tick=False) as clock:
        report(sign_in("technician"), unsent=1)
        sign_in("second")
        clock.shift(UNUSED + timedelta(days=1))
        client_of(app).sign_in("supervisor", PASSWORD)
    logins = sql(app, "SELECT p.login FROM device_people d JOIN people p ON p.id = d.person_id ORDER BY p.login")
    assert logins == [("guard",), ("southerner",), ("supervisor",), ("technician",)]
