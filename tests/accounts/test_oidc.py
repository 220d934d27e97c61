"""Signing in with the hospital's accounts: who comes in, and everything that must not get through."""

import threading
from dataclasses import replace

import pytest
import time_machine
from authlib.oidc.core import CodeIDToken
from joserfc.jwk import RSAKey

from crew_app.core import outside
from crew_app.people.rules import Role
from crew_app.routes import sign_in_ways
from crew_app.web.providers import Attempt
from tests.support.accounts import changed, come, go, number, rule
from tests.support.client import path_of
from tests.support.counting import one, sql
from tests.support.people import PASSWORD


@pytest.fixture
def known(app, world):
    """The technician has the staff number of the account."""
    number(app, world.people["technician"], "S-100")


def who(client):
    return client.get("/").headers.get("Crew-Person", "")


def stays_out(response, client, status=422):
    assert response.status_code == status
    assert client.get("/").status_code == 302, "nobody is signed in"


def test_somebody_is_known_by_staff_number_once_and_by_the_account_from_then_on(app, world, known, stranger, provider):
    response = come(stranger, "/login/oidc?next=/tickets")
    assert path_of(response) == "/tickets"
    assert who(stranger) == str(world.people["technician"])
    number(app, world.people["technician"], "S-999")
    stranger.post("/sign-out")
    come(stranger)
    assert who(stranger) == str(world.people["technician"])
    assert sql(app, "SELECT issuer, subject, label FROM identities") == [(provider.url, "u-1", "hua")]
    assert ("account", "oidc hua", "sign_in") in sql(app, "SELECT field, after, how FROM changes")


def test_an_unknown_account_is_told_what_to_tell_the_administrator(stranger):
    response = come(stranger)
    assert response.status_code == 403
    page = response.get_data(as_text=True)
    assert all(words in page for words in ("hua", "S-100", "u-1"))
    assert stranger.get("/").status_code == 302


def test_nobody_is_known_by_a_name_or_an_address(app, world, stranger, provider):
    provider.people["u-1"] = {"preferred_username": "technician", "email": "technician@example.org"}
    assert come(stranger).status_code == 403


def test_a_second_account_does_not_take_over_by_the_same_staff_number(app, known, stranger, provider):
    come(stranger)
    provider.people["u-2"] = {**provider.people["u-1"], "preferred_username": "mallory"}
    provider.signed_in = "u-2"
    stranger.post("/sign-out")
    assert come(stranger).status_code == 403


def test_somebody_shut_out_stays_out(app, world, known, stranger, sign_in):
    sign_in("administrator").send(f"/people/{world.people['technician']}/suspension")
    stays_out(come(stranger), stranger)


@pytest.mark.parametrize(
    "faults",
    [
        {"state": "another"},
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another-client"}},
        {"claims": {"aud": ["another-client", "third"]}},
        {"claims": {"aud": ["crew", "another-client"]}},
        {"claims": {"iss": "https://evil.example"}},
        {"clock": -600},
        {"claims": {"exp": None}},
        {"claims": {"sub": ""}},
        {"none": True},
        {"hs256": True},
        {"header": {"kid": "unknown"}},
        {"denies": True},
    ],
    ids=str,
)
def test_what_proves_nothing_lets_nobody_in(app, known, stranger, provider, faults):
    provider.faults |= faults
    stays_out(come(stranger), stranger)
    assert one(app, "SELECT COUNT(*) FROM identities") == 0


def test_a_token_signed_by_somebody_else_lets_nobody_in(known, stranger, provider):
    provider.faults["key"] = RSAKey.generate_key(2048, {"kid": "first"})
    stays_out(come(stranger), stranger)


def test_a_clock_that_is_a_little_off_is_no_matter(known, stranger, provider):
    provider.faults["clock"] = 60
    assert path_of(come(stranger)) == "/"


def test_a_sign_in_ends_in_the_browser_it_began_in(app, known, stranger, sign_in):
    back = go(stranger)
    other = app.test_client()
    assert other.get(back).status_code == 422
    assert path_of(stranger.get(back)) == "/"


def test_the_same_way_back_is_good_once(known, stranger):
    back = go(stranger)
    assert path_of(stranger.get(back)) == "/"
    stranger.post("/sign-out")
    stays_out(stranger.get(back), stranger)


def test_a_code_that_was_used_is_refused_by_the_provider_too(known, stranger, provider):
    back = go(stranger)
    provider.codes.clear()
    stays_out(stranger.get(back), stranger)


def test_it_must_come_back_in_time(known, stranger):
    with time_machine.travel("2026-11-22T08:00:00Z") as clock:
        back = go(stranger)
        clock.shift(601)
        stays_out(stranger.get(back), stranger)


def test_keys_are_kept_and_looked_for_again_when_a_new_one_is_used(known, stranger, provider):
    come(stranger)
    stranger.post("/sign-out")
    come(stranger)
    assert provider.asked.count("/keys") == 1
    provider.rotate()
    stranger.post("/sign-out")
    assert path_of(come(stranger)) == "/"
    assert provider.asked.count("/keys") == 2


def test_strangers_cannot_make_us_ask_for_keys_again_and_again(known, stranger, provider):
    provider.faults["header"] = {"kid": "never-seen"}
    for _ in range(4):
        come(stranger)
    assert provider.asked.count("/keys") == 2


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys"])
def test_a_page_instead_of_an_answer_is_no_answer(known, stranger, provider, path):
    provider.faults["html"] = [path]
    response = stranger.get("/login/oidc")
    if response.status_code == 302:
        response = come(stranger)
    stays_out(response, stranger, 503)


def test_a_description_of_somebody_else_is_none(known, stranger, provider):
    provider.faults["issuer"] = "https://evil.example"
    assert stranger.get("/login/oidc").status_code == 503


def test_a_provider_that_does_not_answer_is_given_up_and_passwords_still_work(known, stranger, provider, monkeypatch):
    monkeypatch.setattr(outside, "TO_ANSWER", 0.2)
    provider.faults |= {"slow": ["/.well-known/openid-configuration"], "gate": threading.Event()}
    response = stranger.get("/login/oidc")
    provider.faults["gate"].set()
    assert response.status_code == 503
    assert 'name="password"' in response.get_data(as_text=True)
    stranger.sign_in("technician", PASSWORD)


def test_a_provider_that_is_down_is_said_to_be(app, stranger):
    changed(app, issuer="http://127.0.0.1:9")
    assert stranger.get("/login/oidc").status_code == 503


def test_the_house_is_reached_and_nothing_else_of_it(app, stranger, provider, monkeypatch):
    """Its host was named in the settings; an address that the provider names leads nowhere else inside."""
    host = provider.url.removeprefix("http://")
    described = provider.describe()
    monkeypatch.setattr(provider, "describe", lambda: described | {"jwks_uri": "http://192.168.0.1/keys"})
    assert host.startswith("127.0.0.1")
    assert stranger.get("/login/oidc").status_code == 503


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_it_never_leads_to_another_web_site(known, stranger, target):
    assert path_of(come(stranger, f"/login/oidc?next={target}")) == "/"


def test_claims_are_asked_for_where_the_provider_says_them_only_then(app, world, stranger, provider):
    changed(app, userinfo=True, staff_claim="number")
    number(app, world.people["guard"], "G-1")
    provider.faults["userinfo"] = {"number": "G-1"}
    assert path_of(come(stranger)) == "/"
    assert who(stranger) == str(world.people["guard"])


def test_a_person_is_made_only_where_that_is_said_and_a_rule_gives_a_role(app, world, stranger):
    changed(app, create=True)
    assert come(stranger).status_code == 403
    rule(app, world.sites["north"], Role.GUARD, "crew")
    assert path_of(come(stranger)) == "/"
    found = sql(
        app,
        "SELECT p.login, p.name, p.staff_number, m.role FROM people p JOIN memberships m ON m.person_id = p.id"
        " WHERE p.login = 'hua'",
    )
    assert found == [("hua", "华医生", "S-100", "guard")]


def test_a_made_person_takes_nobody_elses_log_in_name(app, world, stranger, provider):
    changed(app, create=True)
    rule(app, world.sites["north"], Role.GUARD, "crew")
    provider.people["u-1"]["preferred_username"] = "technician"
    stays_out(come(stranger), stranger)


def test_without_a_provider_there_is_no_such_page(app, stranger):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], oidc=None, wecom=None)
    assert [stranger.get(f"/login/{path}").status_code for path in ("oidc", "oidc/callback", "wecom")] == [404] * 3


@pytest.mark.parametrize(
    ("weakened", "faults"),
    [
        ("nonce", {"claims": {"nonce": "another"}}),
        ("aud", {"claims": {"aud": "another-client"}}),
        ("state", {"state": "another"}),
    ],
)
def test_sabotage_without_the_check_they_would_get_in(app, known, stranger, provider, monkeypatch, weakened, faults):
    if weakened == "state":
        begun: list[Attempt] = []
        monkeypatch.setattr(sign_in_ways, "_keep", lambda _provider, attempt: begun.append(attempt))
        monkeypatch.setattr(sign_in_ways, "_take", lambda _provider: (begun[-1], "/"))
    elif weakened == "nonce":
        monkeypatch.setattr(CodeIDToken, "validate_nonce", lambda _self: None)
    else:
        validate = CodeIDToken.validate
        monkeypatch.setattr(CodeIDToken, "validate_azp", lambda _self: None)
        monkeypatch.setattr(CodeIDToken, "validate", lambda self, *a: self.options.pop("aud") and validate(self, *a))
    provider.faults |= faults
    assert path_of(come(stranger)) == "/"
