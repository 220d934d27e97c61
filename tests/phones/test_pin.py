"""Choosing a PIN: with the password, not a simple one, kept as a hash, and not for administrators."""

import pytest

from crew_app.core.db import session
from crew_app.people import passwords
from crew_app.routes import switch as routes
from crew_app.web import commands
from tests.phones.test_switch import PIN, choose_pin
from tests.support.client import path_of
from tests.support.counting import one, sql
from tests.support.guessing import FREE


def kept(app):
    return sql(app, "SELECT pin_hash, tries FROM pins")


def test_it_is_set_with_the_password_and_kept_as_argon2id(app, sign_in):
    client = sign_in("technician", language="en")
    assert path_of(choose_pin(client)) == "/pin?saved=1"
    ((pin_hash, tries),) = kept(app)
    assert str(pin_hash).startswith("$argon2id$")
    assert tries == 0
    assert passwords.matches(PIN, str(pin_hash))
    assert "Your PIN is set" in client.page("/pin?saved=1").text


def test_a_new_one_takes_the_place_of_the_old_one(app, sign_in):
    client = sign_in("technician")
    choose_pin(client)
    choose_pin(client, "40817")
    ((pin_hash, _),) = kept(app)
    assert passwords.matches("40817", str(pin_hash))
    assert not passwords.matches(PIN, str(pin_hash))


def test_without_the_password_nothing_is_set(app, sign_in):
    response = choose_pin(sign_in("technician"), password="wrong")
    assert response.status_code == 422
    assert PIN not in response.get_data(as_text=True)
    assert kept(app) == []


def test_the_password_cannot_be_guessed_here_either(app, sign_in):
    client = sign_in("technician")
    for _ in range(FREE):
        assert choose_pin(client, password="wrong").status_code == 422
    assert choose_pin(client).status_code == 429
    assert kept(app) == []


@pytest.mark.parametrize("pin", ["", "123", "1234", "0000", "2580000", "abcd", "1987"])
def test_a_simple_one_is_refused(app, sign_in, pin):
    assert choose_pin(sign_in("technician"), pin).status_code == 422
    assert kept(app) == []


def test_administrators_have_none(app, sign_in):
    client = sign_in("administrator", language="en")
    assert "You have no PIN" in client.page("/pin").text
    assert choose_pin(client).status_code == 403
    assert kept(app) == []


def test_nobody_sets_one_without_being_signed_in(app, stranger):
    assert choose_pin(stranger).status_code == 401
    assert kept(app) == []


def test_the_hashing_stands_outside_every_transaction(app, sign_in, monkeypatch):
    seen = []

    def hash_it(pin):
        seen.append(session.registry().in_transaction())
        return passwords.hash_password(pin)

    monkeypatch.setattr(routes, "hash_password", hash_it)
    choose_pin(sign_in("technician"))
    assert seen == [False]


def test_a_fingerprint_leaves_pins_out(app):
    with app.test_request_context("/anything", method="POST", data={"pin": PIN, "note": "x"}):
        one_print = commands._fingerprint()  # noqa: SLF001 - what receipts keep
    with app.test_request_context("/anything", method="POST", data={"pin": "40817", "note": "x"}):
        assert commands._fingerprint() == one_print  # noqa: SLF001 - same


def test_it_is_on_everybodys_own_page(app, sign_in):
    assert "/pin" in sign_in("technician").page("/more").html
    assert '"/pin"' not in sign_in("administrator").page("/more").html
    assert one(app, "SELECT COUNT(*) FROM pins") == 0
