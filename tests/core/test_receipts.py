"""Receipts: fingerprints that cannot be confused, and what happens to a key that is used again."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core import receipts
from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused

FIELDS = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=5)


@given(FIELDS, st.randoms())
def test_the_order_of_fields_does_not_matter(fields, random):
    shuffled = random.sample(fields, len(fields))
    assert receipts.fingerprint("POST", "/x", fields) == receipts.fingerprint("POST", "/x", shuffled)


@given(FIELDS, FIELDS)
def test_different_fields_have_different_fingerprints(one, other):
    same = receipts.fingerprint("POST", "/x", one) == receipts.fingerprint("POST", "/x", other)
    assert same == (sorted(one) == sorted(other))


@pytest.mark.parametrize(
    "other",
    [("PUT", "/x", [("a", "1")], b""), ("POST", "/y", [("a", "1")], b""), ("POST", "/x", [("a", "1")], b"!")],
    ids=["method", "path", "body"],
)
def test_everything_asked_for_is_part_of_the_fingerprint(other):
    assert receipts.fingerprint("POST", "/x", [("a", "1")]) != receipts.fingerprint(*other)


def test_a_field_cannot_pose_as_a_body_or_as_two_fields():
    prints = {
        receipts.fingerprint("POST", "/x", [("a", "1"), ("b", "2")]),
        receipts.fingerprint("POST", "/x", [("a", "1\0b=2")]),
        receipts.fingerprint("POST", "/x", [("a", "1=1:b")]),
        receipts.fingerprint("POST", "/x", [("a", "1")], b"b2"),
    }
    assert len(prints) == 4


def test_an_unknown_key_has_no_receipt(app, world):
    with app.app_context(), write_transaction():
        assert receipts.find(uuid4(), "f" * 64, world.people["technician"]) is None


def test_the_same_command_finds_its_receipt(any_app, any_world):
    key, who = uuid4(), any_world.people["technician"]
    with any_app.app_context():
        _kept(key, who, any_world.sites["north"])
        with write_transaction():
            found = receipts.find(key, "f" * 64, who)
            assert found is not None
            assert (found.status, found.location) == (201, "/here")


@pytest.mark.parametrize(("print_", "login"), [("e" * 64, "technician"), ("f" * 64, "second"), ("f" * 64, None)])
def test_another_content_or_person_is_refused_and_learns_nothing(app, world, print_, login):
    key = uuid4()
    with app.app_context():
        _kept(key, world.people["technician"], world.sites["north"])
        with pytest.raises(Refused) as refusal, write_transaction():
            receipts.find(key, print_, world.people.get(login))
    assert refusal.value.code == "key-reused"
    assert "/here" not in str(refusal.value.__dict__)


def test_the_receipt_goes_when_the_effect_is_rolled_back(app, world):
    key = uuid4()
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            _keep_and_fail(key)
        assert session.get(receipts.Receipt, key) is None


def _keep_and_fail(key):
    with write_transaction():
        receipts.keep(key, "f" * 64, None, (200, "/here"), server_moment(), None)
        session.flush()
        raise ZeroDivisionError


def _kept(key, who, site):
    with write_transaction():
        receipts.keep(key, "f" * 64, who, (201, "/here"), server_moment(), site)
