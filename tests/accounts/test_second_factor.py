"""The second factor: codes that change, recovery codes, passkeys, and where a role needs one."""

import re
import time
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import time_machine

from crew_app.core.db import session, write_transaction
from crew_app.core.seal import unseal
from crew_app.people.identity_models import TimeCode
from tests.support.client import accepted, path_of, refused
from tests.support.counting import one, sql
from tests.support.guessing import FREE, WAIT
from tests.support.lint import Page
from tests.support.people import PASSWORD

AT = "2026-11-22T08:00:10Z"


@pytest.fixture(autouse=True)
def clock():
    """A clock that stands still until it is moved."""
    with time_machine.travel(AT, tick=False) as found:
        yield found


def shown(page):
    """The secret on a page, as somebody types it off."""
    (found,) = re.findall(r"<code translate=\"no\">([A-Z2-7 ]+)</code>", page)
    return found.replace(" ", "")


def spares_on(page):
    return re.findall(r"<li><code>([a-z0-9-]+)</code></li>", page)


def code(secret, steps=0):
    """What the authenticator shows, so many steps from now."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


@pytest.fixture
def secret(sign_in, clock):
    """The technician has an authenticator, set up a while ago."""
    client = sign_in("technician")
    found = shown(client.post("/account/authenticator").get_data(as_text=True))
    page = client.post("/account/authenticator/confirmation", data={"code": code(found)})
    assert len(spares_on(page.get_data(as_text=True))) == 10
    clock.shift(timedelta(minutes=5))
    return found


def begin(client, login="technician", **fields):
    return client.post("/login", data={"login": login, "password": PASSWORD, **fields})


def out(client):
    return client.get("/").status_code == 302


def test_after_the_password_the_code_is_asked_for(secret, stranger):
    assert path_of(begin(stranger, next="/tickets")) == "/login/code"
    assert out(stranger), "the password alone opens nothing"
    assert stranger.page("/login/code").all("input", name="code")
    assert path_of(stranger.post("/login/code", data={"code": code(secret)})) == "/tickets"
    assert not out(stranger)


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_codes_are_taken_as_people_type_them(secret, stranger, typed):
    begin(stranger)
    now = code(secret)
    assert stranger.post("/login/code", data={"code": typed.format(now[:3], now[3:])}).status_code == 302


def test_full_width_digits_are_digits(secret, stranger):
    begin(stranger)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code(secret))
    assert stranger.post("/login/code", data={"code": wide}).status_code == 302


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_one_step_off(secret, stranger, steps, status):
    begin(stranger)
    assert stranger.post("/login/code", data={"code": code(secret, steps)}).status_code == status


def test_no_code_is_taken_twice(secret, stranger, clock):
    begin(stranger)
    used = code(secret)
    assert stranger.post("/login/code", data={"code": used}).status_code == 302
    stranger.post("/sign-out")
    begin(stranger)
    assert stranger.post("/login/code", data={"code": used}).status_code == 422
    assert stranger.post("/login/code", data={"code": code(secret, -1)}).status_code == 422, "nor one before it"
    clock.shift(timedelta(seconds=30))
    assert stranger.post("/login/code", data={"code": code(secret)}).status_code == 302


def test_sabotage_a_code_would_be_taken_twice(secret, stranger, app, monkeypatch):
    begin(stranger)
    used = code(secret)
    stranger.post("/login/code", data={"code": used})
    stranger.post("/sign-out")
    with app.app_context(), write_transaction():
        session.query(TimeCode).update({"last_step": None})
    begin(stranger)
    assert stranger.post("/login/code", data={"code": used}).status_code == 302


def test_guessing_is_limited_for_the_person_wherever_it_is_tried(app, secret, stranger, clock):
    for number in range(FREE):
        begin(stranger)
        where = {"REMOTE_ADDR": f"10.0.0.{number}"}
        assert stranger.post("/login/code", data={"code": "000000"}, environ_base=where).status_code == 422
    assert stranger.post("/login/code", data={"code": code(secret)}).status_code == 429
    assert out(stranger)
    clock.shift(WAIT)
    begin(stranger)
    assert stranger.post("/login/code", data={"code": code(secret)}).status_code == 302


def test_the_first_step_is_good_for_a_while_only(secret, stranger, clock):
    begin(stranger)
    clock.shift(timedelta(minutes=11))
    assert path_of(stranger.post("/login/code", data={"code": code(secret)})) == "/login"
    assert out(stranger)


def test_whoever_is_shut_out_between_the_steps_stays_out(world, secret, stranger, sign_in, clock):
    begin(stranger)
    clock.shift(timedelta(seconds=2))
    admin = sign_in("administrator")
    accepted(admin.send(f"/people/{world.people['technician']}/suspension"))
    accepted(admin.send(f"/people/{world.people['technician']}/reinstatement"))
    assert path_of(stranger.post("/login/code", data={"code": code(secret)})) == "/login"


def test_a_recovery_code_is_good_once(app, sign_in, stranger, clock):
    client = sign_in("technician")
    found = shown(client.post("/account/authenticator").get_data(as_text=True))
    page = client.post("/account/authenticator/confirmation", data={"code": code(found)}).get_data(as_text=True)
    spare = spares_on(page)[0]
    begin(stranger)
    assert stranger.post("/login/code", data={"code": spare.upper().replace("-", " ")}).status_code == 302
    stranger.post("/sign-out")
    begin(stranger)
    assert stranger.post("/login/code", data={"code": spare}).status_code == 422
    assert one(app, "SELECT COUNT(*) FROM recovery_codes WHERE used_at IS NULL") == 9
    assert spare not in str(sql(app, "SELECT code_hash FROM recovery_codes"))


def test_what_is_kept_gives_nothing_away(app, secret):
    sealed = str(one(app, "SELECT sealed FROM time_codes"))
    assert secret not in sealed
    assert unseal(app.config["SETTINGS"].secret_key, sealed) == secret


def test_an_authenticator_that_was_never_confirmed_is_not_asked_for(sign_in, stranger):
    client = sign_in("technician")
    client.post("/account/authenticator")
    assert client.post("/account/authenticator/confirmation", data={"code": "000000"}).status_code == 422
    assert path_of(begin(stranger)) == "/"


def test_the_other_sign_ins_end_when_it_is_set_up_and_this_one_is_made_anew(sign_in):
    elsewhere, client = sign_in("technician"), sign_in("technician")
    before = client.get_cookie("crew").value
    found = shown(client.post("/account/authenticator").get_data(as_text=True))
    client.post("/account/authenticator/confirmation", data={"code": code(found)})
    assert client.get_cookie("crew").value != before
    assert not out(client)
    assert out(elsewhere)
    client.set_cookie("crew", before)
    assert out(client), "the cookie from before is good for nothing"


def test_where_a_role_needs_one_it_is_set_up_on_the_way_in(app, world, sign_in, stranger):
    inside, admin = sign_in("technician"), sign_in("administrator")
    fields = {"site_id": str(world.sites["north"]), "roles": ["technician"]}
    accepted(admin.send("/admin/sign-in/second-factor", fields))
    assert out(inside), "whoever needs one from now on signs in again"
    assert path_of(begin(stranger, next="/tickets")) == "/login/set-up"
    assert stranger.page("/login/set-up").form("/login/set-up") is not None
    found = shown(stranger.post("/login/set-up").get_data(as_text=True))
    assert stranger.post("/login/set-up/confirmation", data={"code": "123456"}).status_code == 422
    assert out(stranger)
    page = Page(stranger.post("/login/set-up/confirmation", data={"code": code(found)}).get_data(as_text=True))
    assert page.all("a", href="/tickets")
    assert not out(stranger)
    assert sql(app, "SELECT field, before, after FROM changes WHERE kind = 'second_factor_rules'") == [
        ("roles", "", "technician")
    ]
    assert path_of(begin(stranger.application.test_client(), "guard")) == "/", "others are not asked"


def test_nobody_without_a_first_step_sees_the_second(stranger):
    for path in ("/login/code", "/login/set-up"):
        assert path_of(stranger.get(path)) == "/login"
        assert path_of(stranger.post(path, data={"code": "1"})) == "/login"


def test_an_administrator_resets_it_and_that_is_noted(app, world, secret, sign_in, stranger):
    path = f"/people/{world.people['technician']}/second-factor/removal"
    accepted(sign_in("administrator").send(path))
    assert path_of(begin(stranger)) == "/"
    assert sql(app, "SELECT before, after FROM changes WHERE field = 'second_factor'") == [("yes", "no")]


def test_it_is_taken_away_and_recovery_codes_are_made_anew_by_its_owner(app, secret, stranger, world):
    begin(stranger)
    stranger.post("/login/code", data={"code": code(secret)})
    stranger.person_id = world.people["technician"]
    old = {row[0] for row in sql(app, "SELECT code_hash FROM recovery_codes")}
    assert len(spares_on(stranger.post("/account/recovery-codes").get_data(as_text=True))) == 10
    assert not old & {row[0] for row in sql(app, "SELECT code_hash FROM recovery_codes")}
    accepted(stranger.send("/account/authenticator/removal"))
    assert not out(stranger)
    assert one(app, "SELECT COUNT(*) FROM time_codes") == 0


def test_an_old_sign_in_changes_nothing_until_it_is_proved_again(secret, stranger, world, clock):
    begin(stranger)
    stranger.post("/login/code", data={"code": code(secret)})
    stranger.person_id = world.people["technician"]
    clock.shift(timedelta(minutes=16))
    refused(stranger.send("/account/authenticator/removal"), 403, "prove-again")
    assert stranger.post("/login/again", data={"password": "wrong"}).status_code == 422
    response = stranger.post("/login/again", data={"password": PASSWORD, "next": "/account"})
    assert path_of(response) == "/login/code"
    refused(stranger.send("/account/authenticator/removal"), 403, "prove-again")
    assert path_of(stranger.post("/login/code", data={"code": code(secret)})) == "/account"
    accepted(stranger.send("/account/authenticator/removal"))


def test_another_secret_key_makes_no_code_right_and_breaks_nothing(app, secret, stranger):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], secret_key="another-key-of-32-characters-0123")
    begin(stranger)
    assert stranger.post("/login/code", data={"code": code(secret)}).status_code == 422
