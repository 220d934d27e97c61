"""E-mail and chat groups, to servers on this machine; what administrators enter for them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from crew_app.config import BadSetting, read_settings
from crew_app.core.db import session
from crew_app.notifications import chat, habits, mail
from crew_app.notifications.models import ChatHook
from crew_app.notifications.outcome import Came
from crew_app.notifications.rules import Channel, Later, Topic
from tests.support.client import some_id
from tests.support.notices import round_of, stands, told, wishes
from tests.support.stubs import Service, letters

HOUR = timedelta(hours=1)
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0123abcd-4567-89ef-0123-456789abcdef"


def allow(app, **more):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], outside_hosts=frozenset({"127.0.0.1"}), **more)


def group(client, world, url, **more):
    fields = {"hook_id": some_id(), "site_id": str(world.sites["north"]), "name": "维修群", "locale": "en"}
    return client.send("/notices/groups", {**fields, "address": url, "topics": "escalation", **more})


def test_an_email_says_the_notice_and_leads_to_it(app, world):
    with letters() as server:
        allow(app, smtp_url=server.url, mail_from="Crew <crew@example.org>", public_url="https://crew.example.org")
        wish = habits.Wish(frozenset({(Topic.JOB, Channel.MAIL)}), "wang@example.org", None, False, Later.WAIT)
        wishes(app, world, "technician", wish)
        told(app, world, "technician")
        told(app, world, "technician", "not by mail", topic=Topic.ROUND)
        assert round_of(app) == 1
    (letter,) = server.taken
    assert "To: wang@example.org" in letter
    assert "Message-ID: <" in letter
    assert stands(app) == [("done", 1, "")]


@pytest.mark.parametrize(("answer", "came"), [("550 no such user", Came.NEVER), ("450 later", Came.LATER)])
def test_a_mail_server_that_refuses(answer, came):
    letter = mail.Letter("1", "wang@example.org", "灯", "灯坏了")
    with letters() as server:
        server.answer = answer
        assert mail.send(letter, server.url, "crew@example.org").came is came
    assert mail.send(letter, server.url, "crew@example.org").came is Came.LATER
    broken = replace(letter, to="a@b.cn\nBcc: everybody@example.org")
    with letters() as server:
        assert mail.send(broken, server.url, "crew@example.org").came is Came.NEVER
        assert server.taken == []


def test_a_group_hears_of_an_event_once_in_its_language(app, world, sign_in):
    with Service().running() as service:
        allow(app)
        service.answers = [(200, {})]
        admin = sign_in("administrator")
        url = service.url.replace("http://", "json://") + "/secret-token"
        assert group(admin, world, url).status_code == 201
        for login in ("technician", "supervisor"):
            told(app, world, login, "one event", topic=Topic.ESCALATION)
        told(app, world, "technician", "another topic", topic=Topic.JOB)
        assert round_of(app) == 1
    assert stands(app) == [("done", 1, "")]
    (asked,) = service.asked
    assert json.loads(asked.body)["message"].startswith("Finished: Lamp")


def test_the_address_of_a_group_is_kept_sealed_and_never_shown(app, world, sign_in, caplog):
    caplog.set_level(0)
    admin = sign_in("administrator")
    assert group(admin, world, FEISHU).status_code == 201
    page = admin.get("/notices/groups").get_data(as_text=True)
    assert ("0123abcd" in page, "Feishu" in page) == (False, True)
    with app.app_context():
        hook = session.scalars(select(ChatHook)).one()
        assert "0123abcd" not in hook.sealed
    fields = {"name": "夜班群", "locale": "en", "topics": ["job", "round"], "address": ""}
    assert admin.send(f"/notices/groups/{hook.id}", fields).status_code == 200
    with app.app_context():
        again = session.scalars(select(ChatHook)).one()
        assert (again.sealed, again.topic_set) == (hook.sealed, frozenset({Topic.JOB, Topic.ROUND}))
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], secret_key="another key altogether, long enough")
    told(app, world, "technician")
    assert round_of(app) == 0
    assert stands(app) == [("dead", 1, "SECRET_KEY has changed: enter the address again")]
    assert "0123abcd" not in caplog.text


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (FEISHU, "feishu://0123abcd"),
        ("https://oapi.dingtalk.com/robot/send?access_token=abcdef0123456789abcdef", "dingtalk://abcdef0123"),
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7000-4bc4-97a0-0ec2sifa5aaa",
            "wecombot://693a",
        ),
        (" ntfys://ntfy.example.org/topic ", "ntfys://ntfy.example.org/topic"),
    ],
)
def test_addresses_as_chat_applications_show_them(text, begins):
    assert chat.address(text)[0].startswith(begins)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "hello",
            "https://example.com/",
            "mailto://a:b@example.com",
            "syslog://",
            "file:///etc/passwd",
            "json://",
        ),
        *("dbus://", "https://oapi.dingtalk.com/robot/send", "http://[", "windows://", "sns://a/b"),
        "json://" + "x" * 2000,
    ],
)
def test_what_is_no_address_of_a_group_is_refused_and_nothing_is_kept(app, world, sign_in, text):
    answer = group(sign_in("administrator"), world, text)
    assert answer.status_code == 422
    assert "https://example.com" not in answer.get_data(as_text=True)
    with app.app_context():
        assert session.scalars(select(ChatHook)).all() == []


def test_a_group_inside_the_house_is_not_reached_unless_named(app, world, sign_in):
    with Service().running() as service:
        url = service.url.replace("http://", "json://") + "/x?redirect=yes&verify=no"
        assert chat.send(url, "text").came is not Came.SENT
        assert group(sign_in("administrator"), world, url).status_code == 201
        told(app, world, "technician", topic=Topic.ESCALATION)
        round_of(app)
        assert service.asked == []
    assert stands(app) == [("dead", 1, "the address is not secure")]


def test_an_administrator_of_elsewhere_sees_no_group(app, world, sign_in):
    group(sign_in("administrator"), world, FEISHU)
    with app.app_context():
        hook = session.scalars(select(ChatHook.id)).one()
    outsider = sign_in("outsider")
    assert outsider.send(f"/notices/groups/{hook}/tests").status_code == 404
    assert "维修群" not in outsider.get("/notices/groups").get_data(as_text=True)
    assert group(outsider, world, FEISHU).status_code == 404


@pytest.mark.parametrize(
    "env",
    [
        {"SMTP_URL": "http://mail"},
        {"SMTP_URL": "smtp://mail.example.org"},
        {"MAIL_FROM": "nobody"},
        {"OUTSIDE_HOSTS_ALLOWED": "https://x/"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused_by_name(tmp_path, env):
    with pytest.raises(BadSetting, match=next(iter(env)).replace("SMTP_URL", "SMTP_URL|MAIL_FROM")):
        read_settings({"CREW_DATA": str(tmp_path), **env})
