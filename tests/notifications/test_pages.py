"""The list behind the bell, what somebody chooses, phones that come and go."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crew_app.core.db import session
from crew_app.notifications import habits
from crew_app.notifications.models import Notice, NoticeHabit, PushSubscription
from crew_app.notifications.rules import Channel, Topic
from tests.support.client import SAME_ORIGIN, refused
from tests.support.counting import statements
from tests.support.notices import AT, stands, told
from tests.support.stubs import Browser

MINUTE = timedelta(minutes=1)
PHONE = "https://push.example.com/wang"


def unread(client):
    return client.get("/notices/unread").get_json()["count"]


def subscribe(client, endpoint=PHONE, **more):
    fields = {"endpoint": endpoint, **Browser().fields, **more}
    return client.post("/notices/subscriptions", data=fields, headers=SAME_ORIGIN)


def phones(app):
    with app.app_context():
        return [(one.endpoint, one.person_id) for one in session.scalars(select(PushSubscription))]


def test_unread_ones_come_first_and_the_list_goes_on_by_key(app, world, sign_in):
    client = sign_in("technician", language="en")
    for number in range(64):
        told(app, world, "technician", str(number), AT + number * MINUTE, title=f"Notice {number:03}", params={})
    assert client.send("/notices/reading", {"until": (AT + 61 * MINUTE).isoformat()}).status_code == 200
    assert unread(client) == 2
    page = client.get("/notices").get_data(as_text=True)
    assert 'data-bell="2"' in page
    shown, path = [], "/notices"
    while path:
        page = client.get(path).get_data(as_text=True)
        shown += [part[:3] for part in page.split("Notice ")[1:]]
        path = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert shown == [f"{number:03}" for number in (63, 62, *range(61, -1, -1))]


def test_titles_are_in_the_language_of_whoever_reads(app, world, sign_in):
    told(app, world, "technician", title="Waiting for material", params={})
    told(app, world, "technician", "b", title="%(a)s and %(missing)s", params={"a": {"zh": "甲", "en": "A"}})
    told(app, world, "technician", "c", title="%(a)s", params={"a": {"zh": "<b>甲", "en": "<b>A"}})
    chinese, english = (
        sign_in("technician", language=one).get("/notices").get_data(as_text=True) for one in ("zh-CN", "en")
    )
    assert ("待料" in chinese, "Waiting for material" in english) == (True, True)
    assert ("&lt;b&gt;甲" in chinese, "&lt;b&gt;A" in english) == (True, True)
    assert "%(a)s and %(missing)s" in english


def test_opening_one_reads_it_and_somebody_elses_is_not_there(app, world, sign_in):
    notice = told(app, world, "technician")
    mine, other = sign_in("technician"), sign_in("guard")
    assert other.post(f"/notices/{notice}/reading", headers=SAME_ORIGIN).status_code == 404
    assert mine.post(f"/notices/{notice}/reading", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert unread(mine) == 1
    assert [mine.post(f"/notices/{notice}/reading", headers=SAME_ORIGIN).status_code for _ in "ab"] == [204, 204]
    assert unread(mine) == 0


@pytest.mark.parametrize("href", ["//evil.example/x", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_a_notice_leads_nowhere_but_to_this_site(app, world, sign_in, href):
    with app.app_context():
        notice = told(app, world, "technician")
        session.get_one(Notice, notice).href = href
        session.commit()
    assert "evil" not in sign_in("technician").get("/notices").get_data(as_text=True)


def test_the_bell_costs_one_query(app, world, sign_in):
    client = sign_in("technician")
    client.get("/more")
    with statements(app) as found:
        client.get("/more")
    assert len([one for one in found if "notices" in one]) == 1


def test_what_one_chose_is_kept_and_only_that(app, world, sign_in):
    client = sign_in("technician")
    fields = {"push": ["job", "emergency"], "mail": ["report"], "mail_address": "wang@example.org", "later": "list"}
    hours = {"quiet_from": "22:00", "quiet_until": "06:30", "on_duty_only": "1"}
    assert client.send("/notices/settings", {**fields, **hours}).status_code == 200
    with app.app_context():
        me = world.people["technician"]
        habit, chosen = habits.habit_of(me), habits.choices([me])[me]
        assert (habit.mail, habit.later.value, habit.on_duty_only) == ("wang@example.org", "list", True)
        assert (str(habit.quiet_from), str(habit.quiet_until)) == ("22:00:00", "06:30:00")
        assert {topic for topic in Topic if chosen.wants(topic, Channel.PUSH)} == {Topic.JOB, Topic.EMERGENCY}
        assert {topic for topic in Topic if chosen.wants(topic, Channel.MAIL)} == {Topic.REPORT}
    assert 'value="22:00"' in client.get("/notices/settings").get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"push": "nonsense"}, "unknown-topic"),
        ({"mail_address": "not an address"}, "bad-mail"),
        ({"mail_address": "a@b.cn\nBcc: c@d.cn"}, "bad-mail"),
        ({"mail": "job"}, "mail-missing"),
        ({"quiet_from": "22:00"}, "half-a-time"),
        ({"quiet_from": "25:00", "quiet_until": "06:00"}, "bad-time"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(app, world, sign_in, fields, code):
    refused(sign_in("technician").send("/notices/settings", fields), 422, code)
    with app.app_context():
        assert session.get(NoticeHabit, world.people["technician"]) is None


def test_a_phone_is_subscribed_once_and_forgotten_at_sign_out(app, world, sign_in):
    client = sign_in("technician")
    assert [subscribe(client).status_code for _ in "ab"] == [204, 204]
    assert subscribe(client, "https://push.example.com/new").status_code == 204
    assert phones(app) == [("https://push.example.com/new", world.people["technician"])]
    assert 'data-here="1"' in client.get("/notices/settings").get_data(as_text=True)
    client.post("/sign-out", headers=SAME_ORIGIN)
    assert phones(app) == []


@pytest.mark.parametrize("more", [{"p256dh": "AAAA"}, {"auth": "äöü"}, {"endpoint": ""}, {"endpoint": "y" * 700}])
def test_what_no_browser_says_is_refused(app, world, sign_in, more):
    assert subscribe(sign_in("technician"), **more).status_code == 422
    assert phones(app) == []


def test_a_test_goes_to_every_phone_whatever_was_chosen(app, world, sign_in):
    client = sign_in("technician")
    subscribe(client)
    client.send("/notices/settings", {"push": []})
    assert client.send("/notices/tests").status_code == 201
    assert stands(app) == [("waiting", 0, "")]
    assert unread(client) == 1


def test_turning_it_off_here(app, world, sign_in):
    client = sign_in("technician")
    subscribe(client)
    assert client.post("/notices/subscriptions/removal", headers=SAME_ORIGIN).status_code == 204
    assert phones(app) == []


@pytest.mark.parametrize("topic", list(Topic))
def test_whatever_it_is_about_the_list_shows_it(app, world, sign_in, topic):
    told(app, world, "technician", title="Waiting for material", params={}, topic=topic)
    assert "待料" in sign_in("technician").page("/notices").text
