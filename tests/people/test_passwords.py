"""Passwords: changing one's own, being forced to, and what is too weak."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from crew_app.core.db import write_transaction
from crew_app.core.errors import Refused
from crew_app.people import actions
from crew_app.people.passwords import LONGEST, SHORTEST, check_strength, hash_password, matches, temporary_password
from tests.support.client import path_of
from tests.support.counting import one
from tests.support.people import CHEAP_HASHER, PASSWORD
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


@pytest.mark.parametrize(
    "password",
    [
        *("password", "Password1", "P@ssw0rd!", "passw0rd2026", "qwertyuiop", "1qaz2wsx", "asdfgh123", "zxcvbnm,./"),
        *(
            "12345678",
            "19900101",
            "13800138000",
            "88888888",
            "5201314520",
            "20261123",
            "abcdefgh",
            "abcabcab",
            "a1b2c3d4",
        ),
        *(
            "woaini520",
            "woaini1314",
            "Yiyuan2026",
            "renminyiyuan1",
            "guanliyuan",
            "mima123456",
            "hushi-888",
            "Admin@123",
        ),
        *(
            "sunshine1",
            "liverpool",
            "samantha99",
            "maverick",
            "ｐａｓｓｗｏｒｄ",
            "hospital!!",
            "Welcome_1",
            "iloveyou2",
        ),
    ],
)
def test_common_passwords_are_refused(password):
    with pytest.raises(Refused):
        check_strength(password, "guard")


@pytest.mark.parametrize(
    "password",
    ["crew-demo", "rote-Ampel-9", "vier kleine wörter", "zhe shi wo de mimaju", "9m9j-xbyp-q3wf", "lampe.tisch.fluss"],
)
def test_uncommon_ones_are_taken(password):
    check_strength(password, "guard")


@pytest.mark.parametrize(
    "password", ["guard-2026-x", "Beiyuan-9-xy", "northcampus-77", "wang-fang-26-x", "王小明密码12"]
)
def test_names_of_the_house_are_refused(password):
    with pytest.raises(Refused):
        check_strength(password, "guard", names=["beiyuan", "North campus", "Wang Fang", "王小明密码"])


def test_a_password_with_the_name_of_ones_site_is_refused_on_the_page(sign_in):
    response = sign_in("technician").post("/password", data={"current": PASSWORD, "password": "North-campus-77"})
    assert response.status_code == 422


def test_a_hash_of_before_is_renewed_at_the_next_sign_in(app, world, stranger):
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with app.app_context(), write_transaction():
        world.person("technician").password_hash = old
    stranger.sign_in("technician")
    kept = one(app, "SELECT password_hash FROM people WHERE login = 'technician'")
    assert kept != old
    assert extract_parameters(str(kept)) == extract_parameters(CHEAP_HASHER.hash("x"))
    assert matches(PASSWORD, str(kept))
    stranger.post("/sign-out")
    stranger.sign_in("technician")
    assert one(app, "SELECT password_hash FROM people WHERE login = 'technician'") == kept


def test_fields_for_passwords_are_masked_and_may_be_pasted(stranger, sign_in):
    for page in (stranger.page("/login"), sign_in("technician").page("/password")):
        assert 'type="password"' in page.html
        assert "onpaste" not in page.html
        assert 'autocomplete="current-password"' in page.html
