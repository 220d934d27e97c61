"""Profiles of security: what each demands, that it can only be made stricter, and that it holds on the pages."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine

from crew_app.config import BadSetting, read_settings
from crew_app.core.db import write_transaction
from crew_app.core.errors import Refused
from crew_app.people import actions
from crew_app.people.passwords import check_strength, temporary_password
from crew_app.people.rules import Role
from crew_app.profiles import PROFILES, ROLES, SHORTEST_RECORD, VALUES, differences, is_laxer
from tests.support.applications import client_of
from tests.support.client import path_of
from tests.support.counting import one
from tests.support.guessing import attempt
from tests.support.people import PASSWORD

STRONG = "Neues-Rad-2026"
GRADED = ("mlps2", "mlps3")


@pytest.fixture
def make(installation):
    return lambda profile, **changes: installation(profile=replace(PROFILES[profile], **changes))


def read(tmp_path, **environ):
    return read_settings({"CREW_DATA": str(tmp_path), **environ}).profile


def signed_in(app, login="technician", password=PASSWORD):
    client = client_of(app)
    client.sign_in(login, password)
    return client


def test_the_standard_applies_unless_another_is_named(tmp_path):
    assert read(tmp_path) == PROFILES["standard"]
    assert read(tmp_path, SECURITY_PROFILE="mlps3") == PROFILES["mlps3"]


@pytest.mark.parametrize(
    "environ",
    [
        {"SECURITY_PROFILE": "mlps4"},
        {"PASSWORD_LENGTH": "7"},
        {"PASSWORD_LENGTH": "nine"},
        {"PASSWORD_LENGTH": "٩"},
        {"PASSWORD_KINDS": "5"},
        {"SIGN_IN_RECORD_DAYS": "179"},
        {"SIGN_IN_TRIES": "2"},
        {"SIGN_IN_DAYS": "0"},
        {"SECOND_FACTOR_ROLES": "nurse"},
        {"SECURITY_PROFILE": "asvs", "PASSWORD_LENGTH": "8"},
        {"SECURITY_PROFILE": "mlps2", "PASSWORD_DAYS": "0"},
        {"SECURITY_PROFILE": "mlps2", "PASSWORD_DAYS": "91"},
        {"SECURITY_PROFILE": "mlps2", "SIGN_IN_IDLE_MINUTES": "31"},
        {"SECURITY_PROFILE": "mlps2", "SIGN_IN_IDLE_MINUTES": "0"},
        {"SECURITY_PROFILE": "mlps3", "SIGN_IN_TRIES": "6"},
        {"SECURITY_PROFILE": "mlps3", "SIGN_IN_WAIT_MINUTES": "10"},
    ],
)
def test_nonsense_and_laxer_values_are_refused_by_name(tmp_path, environ):
    named = list(environ)[-1]
    with pytest.raises(BadSetting, match=named):
        read(tmp_path, **environ)


def test_single_values_may_be_stricter(tmp_path):
    found = read(tmp_path, SECURITY_PROFILE="mlps2", PASSWORD_LENGTH="14", SIGN_IN_IDLE_MINUTES="5", PASSWORD_DAYS="30")
    assert (found.shortest, found.idle_minutes, found.password_days) == (14, 5, 30)
    assert differences(found) == {"shortest", "idle_minutes", "password_days"}
    assert read(tmp_path, SECOND_FACTOR_ROLES="manager").factor_roles == {"manager"}


def test_no_profile_is_laxer_than_the_standard():
    found = [
        (name, field)
        for name, profile in PROFILES.items()
        for field in VALUES
        if is_laxer(field, getattr(profile, field), getattr(PROFILES["standard"], field))
    ]
    assert found == []


def test_the_third_level_is_no_laxer_than_the_second():
    second, third = PROFILES["mlps2"], PROFILES["mlps3"]
    assert not [field for field in VALUES if is_laxer(field, getattr(third, field), getattr(second, field))]


def test_what_the_levels_demand():
    """GB/T 22239-2019, 7.1.4 and 8.1.4: complexity and change, failures, idle end, two factors, audit."""
    for name in GRADED:
        found = PROFILES[name]
        assert found.shortest >= 8
        assert found.kinds >= 3
        assert 0 < found.password_days <= 90
        assert found.tries <= 5
        assert 0 < found.idle_minutes <= 30
        assert found.record_days >= SHORTEST_RECORD == 180
    assert PROFILES["mlps3"].idle_minutes <= 15
    assert "administrator" in PROFILES["mlps3"].factor_roles
    assert PROFILES["asvs"].shortest >= 12
    assert not PROFILES["asvs"].kinds


def test_the_names_of_roles_are_those_of_people():
    assert set(Role) == ROLES


@pytest.mark.parametrize(
    ("profile", "password", "taken"),
    [
        ("standard", "regen-im-mai", True),
        ("asvs", "regen-im-mai", True),
        ("asvs", "Regen-1-Mai", False),
        ("mlps2", "regen-im-mai", False),
        ("mlps2", "regen-im-mai1", True),
        ("mlps2", "Regen-im-mai", True),
        ("mlps3", "Reg-im-m1", False),
        ("mlps3", "Regen-im-m1", True),
        ("mlps3", "正确的马电池订书钉1A", True),
    ],
)
def test_passwords_by_profile(profile, password, taken):
    if taken:
        check_strength(password, "guard", PROFILES[profile])
    else:
        with pytest.raises(Refused):
            check_strength(password, "guard", PROFILES[profile])


@pytest.mark.parametrize("profile", PROFILES)
def test_temporary_passwords_keep_to_every_profile(profile):
    for _ in range(200):
        check_strength(temporary_password(), "guard", PROFILES[profile])


def test_the_page_to_change_it_keeps_to_the_profile(make, world):
    client = signed_in(make("mlps2"))
    weak = client.post("/password", data={"current": PASSWORD, "password": "neues-rad-im-mai"})
    assert weak.status_code == 422
    assert client.post("/password", data={"current": PASSWORD, "password": STRONG}).status_code == 302


def test_passwords_of_before_are_not_taken_again(make, world):
    app = make("mlps2")
    client = signed_in(app)
    words = [PASSWORD, "Wort-Nummer-1", "Wort-Nummer-2", "Wort-Nummer-3"]
    for old, new in pairwise(words):
        assert client.post("/password", data={"current": old, "password": new}).status_code == 302
    for used in words[1:]:
        assert client.post("/password", data={"current": words[-1], "password": used}).status_code == 422
    assert client.post("/password", data={"current": words[-1], "password": words[0]}).status_code == 302
    assert one(app, "SELECT COUNT(*) FROM former_passwords") == 2


def test_an_old_password_has_to_be_changed(make, world):
    app = make("mlps2")
    with time_machine.travel("2026-01-06T08:00:00Z", tick=False) as clock:
        assert signed_in(app).get("/").status_code == 200
        clock.shift(timedelta(days=90))
        client = signed_in(app)
        assert path_of(client.get("/")) == "/password"
        client.post("/password", data={"current": PASSWORD, "password": STRONG})
        assert client.get("/").status_code == 200
        clock.shift(timedelta(days=89))
        assert signed_in(app, password=STRONG).get("/").status_code == 200


def test_administrators_need_a_second_factor(make, world):
    app = make("mlps3")
    assert path_of(signed_in_response(app, "administrator")) == "/login/set-up"
    assert path_of(signed_in_response(app, "technician")) == "/"


def signed_in_response(app, login):
    return client_of(app).post("/login", data={"login": login, "password": PASSWORD})


def test_tries_and_wait_follow_the_profile(make, world):
    app = make("mlps3")
    with time_machine.travel("2026-11-23T08:00:00Z", tick=False) as clock:
        answers = [attempt(client_of(app), "technician") for _ in range(6)]
        assert answers == [422] * 5 + [429]
        clock.shift(timedelta(minutes=20) - timedelta(seconds=1))
        assert attempt(client_of(app), "technician", PASSWORD) == 429
        clock.shift(timedelta(seconds=1))
        assert attempt(client_of(app), "technician", PASSWORD) == 302


@pytest.mark.parametrize("profile", ["standard", "asvs", "mlps2", "mlps3"])
def test_the_office_shows_what_applies(make, world, monkeypatch, profile):
    monkeypatch.setattr("crew_app.people.second_factors.is_wanted", lambda _person: False)
    app = make(profile, record_days=400, password_days=0)
    client = signed_in(app, "administrator")
    page = client.page("/admin/sign-in").text
    assert "400 天" in page
    assert f"至少 {PROFILES[profile].shortest} 位" in page
    assert "严于所选等级" in page
    assert client.get("/admin/sign-in").status_code == 200
    assert signed_in(app).get("/admin/sign-in").status_code == 403


def test_two_installations_in_one_process_keep_their_own_profile(make, world):
    lax, strict = make("standard"), make("mlps3")
    for app, taken in ((lax, True), (strict, False), (lax, True)):
        with app.app_context():
            try:
                with write_transaction():
                    actions.set_password(world.person("guard"), "regen-im-mai")
                assert taken
            except Refused:
                assert not taken
