"""Signing in with WeCom, against a stand-in that answers as its documentation says."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from crew_app.people.identity_models import Provider
from crew_app.people.rules import Role
from tests.support.accounts import number, rule
from tests.support.client import path_of
from tests.support.counting import sql


@pytest.fixture
def known(app, world):
    """The technician is member W-7."""
    number(app, world.people["technician"], "W-7")


def begun(client, agent="Mozilla/5.0"):
    response = client.get("/login/wecom?next=/tickets", headers={"User-Agent": agent})
    return response.headers["Location"]


def back(client, house, userid="W-7", **changes):
    state = parse_qs(urlsplit(begun(client)).query)["state"][0]
    query = {"code": house.code_for(userid), "state": state, **changes}
    return client.get("/login/wecom/callback", query_string=query)


def test_by_scanning_and_inside_it(stranger, wecom_house):
    scan, inside = urlsplit(begun(stranger)), urlsplit(begun(stranger, "Mozilla/5.0 wxwork/4.1 MicroMessenger"))
    assert (scan.path, inside.path) == ("/wwlogin/sso/login", "/connect/oauth2/authorize")
    assert parse_qs(scan.query)["agentid"] == ["1000002"]
    assert parse_qs(inside.query)["scope"] == ["snsapi_base"]
    assert inside.fragment == "wechat_redirect"
    assert parse_qs(scan.query)["redirect_uri"] == ["http://localhost/login/wecom/callback"]


def test_a_member_comes_in(app, world, known, stranger, wecom_house):
    assert path_of(back(stranger, wecom_house)) == "/tickets"
    assert stranger.get("/").headers["Crew-Person"] == str(world.people["technician"])
    assert sql(app, "SELECT provider, issuer, subject FROM identities") == [("wecom", "ww0123456789", "W-7")]


def test_a_department_gives_a_role(app, world, known, stranger, wecom_house):
    rule(app, world.sites["north"], Role.SUPERVISOR, "12", claim="department", of=Provider.WECOM)
    back(stranger, wecom_house)
    held = {
        row[0]
        for row in sql(
            app, "SELECT role FROM memberships m JOIN people p ON p.id = person_id WHERE login = 'technician'"
        )
    }
    assert held == {"technician", "supervisor"}


def test_a_wrong_state_gets_nobody_in(known, stranger, wecom_house):
    assert back(stranger, wecom_house, state="another").status_code == 422
    assert stranger.get("/").status_code == 302


def test_a_code_is_good_once(known, stranger, wecom_house):
    assert back(stranger, wecom_house, code="made-up").status_code == 422


def test_a_guest_of_the_corporation_is_nobody(known, stranger, wecom_house):
    wecom_house.codes["of-a-guest"] = {"openid": "o-1"}
    assert back(stranger, wecom_house, code="of-a-guest").status_code == 422


def test_a_token_is_kept_and_asked_for_again_when_it_was_taken_back(known, stranger, wecom_house):
    back(stranger, wecom_house)
    stranger.post("/sign-out")
    back(stranger, wecom_house)
    assert wecom_house.given == 1
    wecom_house.token = "taken-back"
    stranger.post("/sign-out")
    assert path_of(back(stranger, wecom_house)) == "/tickets"
    assert wecom_house.given == 2


@pytest.mark.parametrize("trouble", ["html", "secret", "down"])
def test_what_is_broken_there_is_said_and_passwords_work(app, known, stranger, wecom_house, trouble):
    settings = app.config["SETTINGS"]
    wrong = {"secret": {"secret": "another"}, "down": {"base": "http://127.0.0.1:9"}}.get(trouble, {})
    app.config["SETTINGS"] = replace(settings, wecom=replace(settings.wecom, **wrong))
    wecom_house.html = trouble == "html"
    response = back(stranger, wecom_house)
    assert response.status_code == 503
    assert 'name="password"' in response.get_data(as_text=True)
