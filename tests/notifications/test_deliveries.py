"""What leaves the application: written with the notice, sent by the worker, tried again, given up, seen once."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.notifications import deliveries, habits, push, queries
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.delivery_models import NoticeDelivery
from crew_app.notifications.models import Notice, PushSubscription
from crew_app.notifications.outcome import SENT, Came, Outcome
from crew_app.notifications.rules import MOST_TRIES, Channel, Later, Topic
from crew_app.people import actions as people
from crew_app.people.models import Person
from crew_app.roster.models import DutyShift
from tests.support.counting import statements
from tests.support.notices import AT, due_in, round_of, stands, subscribed, told, wishes
from tests.support.stubs import Browser, Service

HOUR = timedelta(hours=1)
SENDS = frozenset((topic, Channel.PUSH) for topic in Topic)


@pytest.fixture
def sent(monkeypatch):
    """The network is asked nothing; what would be pushed is written down, answered with `sent.answer`."""

    class Sent(list[push.Letter]):
        answer = SENT

    found = Sent()

    def send(letter, _private, _contact):
        found.append(letter)
        return found.answer

    monkeypatch.setattr(push, "send", send)
    return found


def count(app, model):
    with app.app_context():
        return session.scalar(select(func.count()).select_from(model))


def test_the_delivery_is_written_with_the_notice_or_neither_is(any_app, any_world):
    subscribed(any_app, any_world, "technician", "https://push.example.com/1")
    told(any_app, any_world, "technician")
    assert stands(any_app) == [("waiting", 0, "")]
    with any_app.app_context():
        message = Message(any_world.sites["north"], Topic.JOB, "x", {}, "/tickets")
        assert len(tell([any_world.person("technician")], message, key="other", at=AT)) == 1
        session.rollback()
    assert (count(any_app, Notice), count(any_app, NoticeDelivery)) == (1, 1)


def test_how_many_people_are_reached_is_one_question(app, world):
    message = Message(world.sites["north"], Topic.JOB, "x", {}, "/tickets")
    with app.app_context(), write_transaction():
        everybody = [world.person(login) for login in world.people]
        with statements(app) as found:
            assert len(tell(everybody, message, key="all", at=AT)) == len(everybody) > habits.FEW
    assert sum("FROM push_subscriptions" in one for one in found) == 1


def test_a_phone_reads_what_was_pushed_and_nobody_on_the_way(app, world):
    phone = Browser()
    with Service().running() as service:
        _allow(app, service)
        subscribed(app, world, "technician", f"{service.url}/phone", phone)
        notice = told(app, world, "technician")
        assert round_of(app) == 1
        content = phone.read(service.asked[0].body)
    assert (content["id"], content["href"]) == (str(notice), "/tickets")
    assert "灯" in content["title"]
    assert "灯".encode() not in service.asked[0].body
    headers = service.asked[0].headers
    assert headers["Authorization"].startswith("vapid t=")
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "normal")
    assert stands(app) == [("done", 1, "")]
    assert round_of(app) == 0


def _allow(app, _service):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], outside_hosts=frozenset({"127.0.0.1"}))


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_is_gone_is_forgotten_with_all_that_waits_for_it(app, world, status):
    with Service().running() as service:
        service.answers = [(status, {})]
        _allow(app, service)
        subscribed(app, world, "technician", f"{service.url}/phone")
        told(app, world, "technician", "one")
        told(app, world, "technician", "later", AT + HOUR)
        round_of(app)
    assert count(app, PushSubscription) == 0
    assert [state for state, _, _ in stands(app)] == ["left", "left"]


def test_it_is_tried_again_after_growing_pauses_and_given_up_at_last(app, world, sent):
    sent.answer = Outcome(Came.LATER, "the push service answered 503")
    subscribed(app, world, "technician", "https://push.example.com/1")
    told(app, world, "technician")
    at, waits = AT, []
    while stands(app)[0][0] == "waiting":
        assert round_of(app, at) == 1
        assert round_of(app, at) == 0
        waits.append(due_in(app, at)[0])
        at += max(waits[-1], timedelta())
    assert (len(sent), len({letter.content["id"] for letter in sent})) == (MOST_TRIES, 1)
    assert stands(app) == [("dead", MOST_TRIES, "the push service answered 503")]


def test_what_will_never_work_is_dead_at_once_and_may_be_tried_again(app, world, sent, sign_in):
    sent.answer = Outcome(Came.NEVER, "the push service answered 403")
    subscribed(app, world, "technician", "https://push.example.com/1")
    told(app, world, "technician")
    round_of(app)
    assert stands(app) == [("dead", 1, "the push service answered 403")]
    admin = sign_in("administrator")
    page = admin.get("/notices/undelivered").get_data(as_text=True)
    assert "answered 403" in page
    with app.app_context():
        delivery = session.scalars(select(NoticeDelivery.id)).one()
    assert admin.send(f"/notices/undelivered/{delivery}/tries").status_code == 200
    sent.answer = SENT
    assert round_of(app, now()) == 1
    assert stands(app)[0][:2] == ("done", 1)
    assert sign_in("supervisor").get("/notices/undelivered").status_code == 403


def test_a_push_service_that_says_when_is_asked_then():
    assert push.outcome(429, "900") == Outcome(Came.LATER, "the push service answered 429", timedelta(seconds=900))
    assert push.outcome(503, "tomorrow").wait == timedelta()
    assert [push.outcome(status, "").came for status in (201, 204, 400, 301, 599)] == [
        Came.SENT,
        Came.SENT,
        Came.NEVER,
        Came.NEVER,
        Came.LATER,
    ]


def test_quiet_hours_let_it_wait_or_leave_it_in_the_list_and_urgent_ones_pass(app, world, sent):
    subscribed(app, world, "technician", "https://push.example.com/1")
    quiet = habits.Wish(SENDS, "", (time(13), time(15)), on_duty_only=False, later=Later.WAIT)
    wishes(app, world, "technician", quiet)
    told(app, world, "technician", "waits")
    told(app, world, "technician", "urgent", urgent=True)
    assert round_of(app) == 1
    assert sent[0].urgent
    assert due_in(app) == [HOUR, timedelta()]
    assert round_of(app, AT + HOUR) == 1
    wishes(app, world, "technician", habits.Wish(SENDS, "", (time(13), time(15)), on_duty_only=False, later=Later.LIST))
    told(app, world, "technician", "only in the list")
    assert round_of(app) == 0
    assert stands(app)[2] == ("left", 0, "only in the list")


def test_off_duty_it_waits_for_the_shift(app, world, sent):
    subscribed(app, world, "technician", "https://push.example.com/1")
    wishes(app, world, "technician", habits.Wish(SENDS, "", None, on_duty_only=True, later=Later.WAIT))
    told(app, world, "technician", "on no roster")
    assert round_of(app) == 1
    with app.app_context(), write_transaction():
        for hours in (-10, 2):
            shift = {"starts_at": AT + hours * HOUR, "ends_at": AT + (hours + 8) * HOUR}
            session.add(DutyShift(site_id=world.sites["north"], person_id=world.people["technician"], **shift))
    told(app, world, "technician", "between two shifts")
    assert round_of(app) == 0
    assert due_in(app)[1] == 2 * HOUR
    assert round_of(app, AT + 2 * HOUR) == 1


def test_what_was_read_or_is_not_wanted_is_not_sent(app, world, sent):
    subscribed(app, world, "technician", "https://push.example.com/1")
    wishes(app, world, "technician", habits.Wish(SENDS - {(Topic.ROUND, Channel.PUSH)}, "", None, False, Later.WAIT))
    told(app, world, "technician", "not wanted", topic=Topic.ROUND)
    notice = told(app, world, "technician", "read already")
    with app.app_context(), write_transaction():
        queries.mark_read(session.get_one(Notice, notice), AT)
    assert (round_of(app), sent) == (0, [])
    assert stands(app) == [("left", 0, "read already")]


def test_whoever_is_signed_out_or_shut_out_is_not_reached(app, world, sent):
    for login in ("technician", "guard"):
        subscribed(app, world, login, f"https://push.example.com/{login}")
        told(app, world, login)
    with app.app_context(), write_transaction():
        people.set_active(session.get_one(Person, world.people["guard"]), active=False)
        people.set_password(session.get_one(Person, world.people["technician"]), "neues-Rad-2026")
    assert (round_of(app), sent) == (0, [])
    assert {reason for _, _, reason in stands(app)} == {"the account is closed", "the phone is signed out"}


def test_one_phone_belongs_to_whoever_asked_last(app, world, sent):
    for login in ("technician", "guard"):
        subscribed(app, world, login, "https://push.example.com/shared")
    told(app, world, "technician")
    told(app, world, "guard")
    assert round_of(app) == 1
    assert count(app, PushSubscription) == 1


def test_one_that_breaks_holds_up_no_other(app, world, monkeypatch):
    def send(letter, _private, _contact):
        if letter.endpoint.endswith("bad"):
            raise KeyError("anything at all")
        return SENT

    monkeypatch.setattr(push, "send", send)
    for login, end in (("technician", "bad"), ("guard", "good")):
        subscribed(app, world, login, f"https://push.example.com/{end}")
        told(app, world, login)
    assert round_of(app) == 2
    assert sorted(stands(app)) == [("done", 1, ""), ("waiting", 1, "KeyError")]


def test_old_ones_are_forgotten_and_unread_notices_stay(app, world, sent):
    subscribed(app, world, "technician", "https://push.example.com/1")
    read = told(app, world, "technician", "read")
    told(app, world, "technician", "unread")
    round_of(app)
    with app.app_context(), write_transaction():
        queries.mark_read(session.get_one(Notice, read), AT)
    with app.app_context(), write_transaction():
        assert deliveries.clean_up(now() + timedelta(days=20)) == 0
        later = now() + timedelta(days=300)
        assert (deliveries.clean_up(later), queries.clean_up(later)) == (2, 1)
    assert (count(app, Notice), count(app, NoticeDelivery)) == (1, 0)
