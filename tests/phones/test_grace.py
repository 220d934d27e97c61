"""Overdue work whose owner's phone may still bring news: waiting for that phone, then overdue; one query for all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from crew_app.web import phones as web_phones
from tests.phones.test_contact import report
from tests.support.counting import statements
from tests.support.tickets import make_ticket

EIGHT = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)  # in Shanghai
DUE = EIGHT + timedelta(hours=8)  # a drain is urgent
WAITING = "Waiting for Technician’s phone, last seen 08:05"
OVERDUE = "Finish: 30 min overdue"


@pytest.fixture
def clock():
    with time_machine.travel(EIGHT, tick=False) as moving:
        yield moving


@pytest.fixture
def ticket(clock, app, world):
    return make_ticket(app, world, "accepted", job_kind="drain", at=EIGHT)


def look(sign_in, path, login="supervisor"):
    return sign_in(login, language="en").page(path).text


def seen_at_five_past(clock, sign_in, **held):
    clock.shift(timedelta(minutes=5))
    client = sign_in("technician")
    report(client, **held)
    return client


@pytest.mark.parametrize("path", ["/", "/tickets", "/tickets/{ticket}", "/places/{place}"])
def test_wherever_a_supervisor_sees_overdue_work_it_waits_for_the_phone(clock, world, sign_in, ticket, path):
    seen_at_five_past(clock, sign_in)
    clock.move_to(DUE + timedelta(minutes=30))
    text = look(sign_in, path.format(ticket=ticket, place=world.places["room"]))
    assert WAITING in text
    assert OVERDUE not in text


def test_today_has_a_place_of_its_own_for_it(clock, sign_in, ticket):
    seen_at_five_past(clock, sign_in)
    clock.move_to(DUE + timedelta(minutes=30))
    assert "Waiting for a phone 1" in look(sign_in, "/")
    clock.move_to(DUE + timedelta(hours=2))
    text = look(sign_in, "/")
    assert "Waiting for a phone" not in text
    assert "Overdue 1" in text


def test_a_phone_that_was_heard_from_since_brings_no_news(clock, sign_in, ticket):
    client = seen_at_five_past(clock, sign_in)
    clock.move_to(DUE + timedelta(minutes=20))
    report(client)
    clock.move_to(DUE + timedelta(minutes=30))
    assert OVERDUE in look(sign_in, "/")


def test_a_phone_that_holds_something_is_waited_for_although_it_was_heard_from(clock, sign_in, ticket):
    client = seen_at_five_past(clock, sign_in)
    clock.move_to(DUE + timedelta(minutes=20))
    report(client, unsent=1)
    clock.move_to(DUE + timedelta(minutes=30))
    assert "Waiting for Technician’s phone, last seen 16:20" in look(sign_in, "/")


def test_after_the_grace_it_is_overdue_whatever_the_phone_holds(clock, sign_in, ticket):
    seen_at_five_past(clock, sign_in, unsent=1)
    clock.move_to(DUE + timedelta(hours=2))
    assert "Finish: 2 h overdue" in look(sign_in, "/")


def test_before_the_deadline_nothing_is_late_and_nothing_waits(clock, sign_in, ticket):
    seen_at_five_past(clock, sign_in, unsent=1)
    clock.move_to(DUE - timedelta(minutes=1))
    assert "phone, last seen" not in look(sign_in, f"/tickets/{ticket}")


def test_somebody_without_a_phone_is_late_at_once(clock, sign_in, ticket):
    clock.move_to(DUE + timedelta(minutes=30))
    assert OVERDUE in look(sign_in, "/")


def test_those_who_do_not_verify_see_it_overdue(clock, sign_in, ticket):
    seen_at_five_past(clock, sign_in)
    clock.move_to(DUE + timedelta(minutes=30))
    assert OVERDUE in look(sign_in, f"/tickets/{ticket}", "second")


def test_the_grace_is_a_setting(clock, app, sign_in, ticket):
    seen_at_five_past(clock, sign_in)
    clock.move_to(DUE + timedelta(minutes=30))
    assert WAITING in look(sign_in, "/")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], phone_grace=timedelta(0))
    assert OVERDUE in look(sign_in, "/")


def test_the_phones_are_asked_for_once_however_many_jobs_are_late(clock, app, world, sign_in):
    for _ in range(6):
        make_ticket(app, world, "accepted", job_kind="drain", at=EIGHT)
    seen_at_five_past(clock, sign_in)
    clock.move_to(DUE + timedelta(minutes=30))
    client = sign_in("supervisor")
    for path in ("/", "/tickets"):
        with statements(app) as found:
            client.get(path)
        assert len([text for text in found if "device_people" in text]) == 1


def test_without_the_rule_every_late_job_would_raise_the_alarm(clock, sign_in, ticket, monkeypatch):
    monkeypatch.setattr(web_phones, "awaited", lambda *_: None)
    seen_at_five_past(clock, sign_in)
    clock.move_to(DUE + timedelta(minutes=30))
    assert OVERDUE in look(sign_in, "/")
