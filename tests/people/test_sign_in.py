"""Signing in: the right words get in, the wrong ones learn nothing, and guessing gets slow."""

import pytest
import time_machine
from argon2 import extract_parameters
from argon2.low_level import Type

from crew_app.core.clock import now
from crew_app.core.db import write_transaction
from crew_app.people import actions, guessing
from tests.support.client import path_of
from tests.support.counting import one, sql
from tests.support.guessing import FREE, WAIT
from tests.support.lint import Page
from tests.support.people import PASSWORD, REAL_HASHER

WRONG = "wrong"


def attempt(client, login="technician", password=WRONG, address="10.0.0.1", **fields):
    data = {"login": login, "password": password, **fields}
    return client.post("/login", data=data, environ_base={"REMOTE_ADDR": address})


def fail_often(client, times=FREE, **who):
    for _ in range(times):
        assert attempt(client, **who).status_code == 422


def test_the_right_words_lead_to_today(stranger):
    response = attempt(stranger, password=PASSWORD)
    assert response.status_code == 302
    assert path_of(response) == "/"
    assert stranger.get("/").status_code == 200


@pytest.mark.parametrize("login", ["TECHNICIAN", " technician ", "Technician"])
def test_capitals_and_spaces_around_the_name_do_not_matter(stranger, login):
    assert attempt(stranger, login, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("login", "password"), [("technician", "wrong"), ("nobody", PASSWORD), ("", ""), ("x" * 500, "")]
)
def test_wrong_words_are_refused_alike(stranger, login, password):
    response = attempt(stranger, login, password)
    assert response.status_code == 422
    assert "Set-Cookie" not in response.headers or "crew=;" in response.headers["Set-Cookie"]
    known = attempt(stranger, "technician", "wrong")
    assert Page(response.get_data(as_text=True)).text == Page(known.get_data(as_text=True)).text


def test_what_was_typed_as_a_name_is_still_there_and_the_password_is_not(stranger):
    page = attempt(stranger, "technician", "a-mistyped-password").get_data(as_text=True)
    assert 'value="technician"' in page
    assert "a-mistyped-password" not in page


def test_guessing_one_name_is_slowed_down(stranger):
    fail_often(stranger)
    response = attempt(stranger, password=PASSWORD)
    assert response.status_code == 429


def test_it_works_again_after_a_while(stranger):
    with time_machine.travel("2026-11-22T08:00:00Z", tick=False) as clock:
        fail_often(stranger)
        assert attempt(stranger, password=PASSWORD).status_code == 429
        clock.shift(WAIT)
        assert attempt(stranger, password=PASSWORD).status_code == 302


def test_others_behind_the_same_address_are_not_held_up(stranger):
    """A whole hospital may sit behind one address."""
    fail_often(stranger)
    assert attempt(stranger, "second", PASSWORD).status_code == 302


def test_the_same_person_elsewhere_is_not_held_up(stranger):
    """Otherwise anybody could lock anybody out."""
    fail_often(stranger)
    assert attempt(stranger, password=PASSWORD, address="10.0.0.2").status_code == 302


def test_the_counting_cannot_be_avoided_by_capitals_or_spaces(stranger):
    fail_often(stranger, FREE // 2, login="Technician")
    fail_often(stranger, FREE // 2, login=" technician ")
    assert attempt(stranger, password=PASSWORD).status_code == 429


def test_a_success_forgets_the_failures_before_it(stranger):
    fail_often(stranger, FREE - 1)
    assert attempt(stranger, password=PASSWORD).status_code == 302
    stranger.post("/sign-out")
    fail_often(stranger, FREE - 1)
    assert attempt(stranger, password=PASSWORD).status_code == 302


def test_old_failures_are_not_kept(app, stranger):
    with time_machine.travel("2026-11-22T08:00:00Z", tick=False) as clock:
        fail_often(stranger, 3)
        clock.shift(guessing.REMEMBERED * 2)
        with app.app_context(), write_transaction():
            assert guessing.forget_old(now()) == 3
    assert one(app, "SELECT COUNT(*) FROM guesses") == 0


def test_suspended_people_are_refused_like_wrong_words(app, world, stranger):
    with app.app_context(), write_transaction():
        actions.set_active(world.person("technician"), active=False)
    assert attempt(stranger, password=PASSWORD).status_code == 422


def test_passwords_are_kept_as_argon2id_with_a_salt_each(app):
    hashes = [str(row[0]) for row in sql(app, "SELECT password_hash FROM people")]
    assert len(set(hashes)) == len(hashes)
    assert {extract_parameters(kept).type for kept in hashes} == {Type.ID}
    assert not any(PASSWORD in kept for kept in hashes)


def test_the_real_hasher_is_as_slow_as_it_should_be():
    """RFC 9106, second recommended choice: 64 MiB and three passes; tests use a cheap one instead."""
    parameters = extract_parameters(REAL_HASHER.hash(PASSWORD))
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3


@pytest.mark.parametrize("target", ["/tickets?state=open", "/t/ABC", "/"])
def test_after_signing_in_one_is_where_one_wanted_to_go(stranger, target):
    assert path_of(attempt(stranger, password=PASSWORD, next=target)) == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "/\r\nSet-Cookie: a=b",
        "http:evil.example",
        " //evil.example",
        "evil.example",
    ],
)
def test_signing_in_never_leads_to_another_web_site(stranger, target):
    assert path_of(attempt(stranger, password=PASSWORD, next=target)) == "/"


def test_signed_in_people_need_no_sign_in_page(sign_in):
    response = sign_in("technician").get("/login?next=//evil.example")
    assert path_of(response) == "/"


def test_nothing_that_was_in_the_browser_before_stays(stranger):
    with stranger.session_transaction() as before:
        before["planted"] = "by somebody else"
    attempt(stranger, password=PASSWORD)
    with stranger.session_transaction() as after:
        assert "planted" not in after


def test_a_cookie_from_before_is_not_taken_over(stranger):
    """Whoever put a session into this browser beforehand must not share the one that begins now."""
    attempt(stranger, "second", PASSWORD)
    before = stranger.get_cookie("crew")
    attempt(stranger, "technician", PASSWORD)
    after = stranger.get_cookie("crew")
    assert before is not None
    assert after is not None
    assert before.value != after.value
