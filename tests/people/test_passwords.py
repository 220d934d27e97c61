"""Passwords: changing one's own, being forced to, and what is too weak."""

import pytest

from crew_app.core.db import write_transaction
from crew_app.core.errors import Refused
from crew_app.people import actions
from crew_app.people.passwords import LONGEST, SHORTEST, check_strength, hash_password, matches, temporary_password
from tests.support.client import path_of
from tests.support.counting import one
from tests.support.people import PASSWORD
from tests.support.tickets import report_fields

NEW = "neues-Rad-2026"


@pytest.fixture
def forced(app, world, stranger):
    """A person who signed in with a password that somebody else set."""
    with app.app_context(), write_transaction():
        actions.set_password(world.person("technician"), PASSWORD, temporary=True)
    stranger.sign_in("technician")
    stranger.person_id = world.people["technician"]
    return stranger


def test_it_is_changed_with_the_old_one(sign_in, stranger):
    sign_in("technician").post("/password", data={"current": PASSWORD, "password": NEW})
    stranger.sign_in("technician", NEW)
    assert stranger.post("/login", data={"login": "technician", "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize(
    ("current", "new"),
    [("wrong", NEW), (PASSWORD, PASSWORD), (PASSWORD, "short"), (PASSWORD, ""), (PASSWORD, "my-technician-1")],
)
def test_it_is_not_changed_otherwise_and_the_page_says_why(sign_in, stranger, current, new):
    response = sign_in("technician").post("/password", data={"current": current, "password": new})
    assert response.status_code == 422
    assert 'class="error"' in response.get_data(as_text=True)
    stranger.sign_in("technician")


def test_the_page_says_as_many_characters_as_are_needed(sign_in):
    page = sign_in("technician", language="en").page("/password")
    (field,) = page.all("input", name="password")
    assert field.get("minlength") == str(SHORTEST)
    assert str(SHORTEST) in page.text


@pytest.mark.parametrize("path", ["/", "/tickets", "/more", "/scan", "/outbox", "/sync/directory"])
def test_a_temporary_password_must_be_changed_before_anything_else(forced, path):
    response = forced.get(path)
    assert response.status_code == 302
    assert path_of(response) == "/password"


def test_nothing_is_done_under_a_temporary_password(forced, app, world):
    response = forced.send("/tickets", report_fields(world))
    assert "Crew-Receipt" not in response.headers
    assert not 200 <= response.status_code < 300
    assert one(app, "SELECT COUNT(*) FROM tickets") == 0


def test_one_may_sign_out_and_choose_the_language_with_a_temporary_password(forced):
    assert forced.post("/language", data={"locale": "en"}).status_code == 302
    assert forced.page("/password").text
    assert forced.post("/sign-out").status_code == 302


def test_after_changing_it_everything_opens(forced):
    forced.post("/password", data={"current": PASSWORD, "password": NEW})
    assert forced.get("/").status_code == 200


@pytest.mark.parametrize(
    "password", ["", "1234567", "aaaaaaaaaaaa", "abcabcabcabc", "guard-guard-guard", "x" * (LONGEST + 1)]
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(Refused) as refusal:
        check_strength(password, "guard")
    assert refusal.value.code == "weak-password"


@pytest.mark.parametrize("password", [PASSWORD, "正确的马电池订书钉", "ein blauer Eimer", "Ω≈ç√∫˜µ≤"])
def test_good_passwords_are_taken_in_any_script(password):
    check_strength(password, "guard")
    assert matches(password, hash_password(password))


def test_temporary_passwords_are_strong_and_differ():
    made = {temporary_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_strength(password, "admin")


@pytest.mark.parametrize("kept", [None, "", "plain", "$argon2id$broken"])
def test_an_unreadable_hash_lets_nobody_in(kept):
    assert not matches("", kept)
    assert not matches(PASSWORD, kept)
