"""Sign-ins live on the server: they die at once, wherever their cookie is."""

from datetime import timedelta

import pytest
import time_machine

from crew_app.core.db import write_transaction
from crew_app.people import actions
from crew_app.people.rules import Role
from tests.support.client import accepted
from tests.support.counting import one, sql
from tests.support.people import PASSWORD

NEW = "neues-Rad-2026"


@pytest.fixture
def phone(sign_in):
    """Signed in as the technician, before anything happens."""
    client = sign_in("technician")
    assert alive(client)
    return client


def alive(client):
    return client.get("/more").status_code == 200


def change(app, world, action):
    with app.app_context(), write_transaction():
        action(world.person("technician"))


def test_signing_out_ends_it_on_the_server_as_well(app, phone):
    stolen = phone.get_cookie("crew")
    assert stolen is not None
    response = phone.post("/sign-out")
    assert response.headers["Clear-Site-Data"] == '"cache"'
    phone.set_cookie("crew", stolen.value)
    assert not alive(phone)
    assert one(app, "SELECT COUNT(*) FROM login_sessions") == 0


def test_signing_out_here_does_not_sign_out_elsewhere(phone, sign_in):
    sign_in("technician").post("/sign-out")
    assert alive(phone)


def test_signing_out_twice_is_no_error(stranger):
    assert stranger.post("/sign-out").status_code == 302


def test_suspension_ends_all_sign_ins(app, world, phone):
    change(app, world, lambda person: actions.set_active(person, active=False))
    assert not alive(phone)


def test_letting_somebody_in_again_revives_no_old_sign_in(app, world, phone):
    change(app, world, lambda person: actions.set_active(person, active=False))
    change(app, world, lambda person: actions.set_active(person, active=True))
    assert not alive(phone)


def test_somebody_who_is_not_active_has_no_sign_in_however_that_came(app, world, phone):
    def deactivate(person):
        person.active = False

    change(app, world, deactivate)
    assert not alive(phone)


def test_a_new_role_ends_all_sign_ins(app, world, phone):
    change(app, world, lambda person: actions.set_roles(person, world.sites["north"], [Role.SUPERVISOR]))
    assert not alive(phone)


def test_the_same_roles_again_end_nothing(app, world, phone):
    change(app, world, lambda person: actions.set_roles(person, world.sites["north"], [Role.TECHNICIAN]))
    assert alive(phone)


def test_a_password_set_by_an_administrator_ends_all_sign_ins(world, phone, sign_in):
    path = f"/people/{world.people['technician']}/password"
    accepted(sign_in("administrator").send(path, {"password": NEW}))
    assert not alive(phone)


def test_changing_ones_own_password_ends_the_other_sign_ins_and_keeps_this_one(phone, sign_in):
    here = sign_in("technician")
    response = here.post("/password", data={"current": PASSWORD, "password": NEW})
    assert response.status_code == 302
    assert alive(here)
    assert not alive(phone)


def test_a_sign_in_ends_after_its_time(stranger):
    with time_machine.travel("2026-11-22T08:00:00Z", tick=False) as clock:
        stranger.sign_in("technician")
        clock.shift(actions.LIFETIME - timedelta(seconds=1))
        assert alive(stranger)
        clock.shift(timedelta(seconds=2))
        assert not alive(stranger)


def test_the_cookie_holds_a_secret_of_which_only_the_hash_is_kept(app, phone):
    with phone.session_transaction() as kept:
        token = kept["_user_id"]
    assert len(token) >= 32
    assert token not in str(sql(app, "SELECT token_hash FROM login_sessions"))


def test_a_forged_cookie_is_nobody(stranger, app):
    with stranger.session_transaction() as kept:
        kept["_user_id"] = "0" * 32
    assert not alive(stranger)
    stranger.set_cookie("crew", "eyJfdXNlcl9pZCI6IjEifQ.x.y")
    assert not alive(stranger)


def test_whoever_signs_in_next_on_this_phone_is_themselves(world, phone):
    phone.post("/sign-out")
    phone.sign_in("second")
    assert phone.get("/").headers["Crew-Person"] == str(world.people["second"])
