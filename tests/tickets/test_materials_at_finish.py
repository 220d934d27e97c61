"""Materials counted in the finish form: with the finish in one transaction, or not at all."""

import pytest

from tests.support.client import accepted, refused
from tests.support.counting import sql
from tests.support.tickets import make_ticket

MOVES = (
    """SELECT count(*) FROM moves JOIN accounts ON accounts.id = moves.to_account_id WHERE accounts.kind = 'ticket'"""
)


@pytest.fixture
def ticket(app, world):
    return make_ticket(app, world, "accepted")


def state_of(app, ticket):
    return sql(app, "SELECT state FROM tickets WHERE id = :id", id=ticket.hex)[0][0]


def moves(app):
    return sql(app, MOVES)[0][0]


def counted(world, *quantities):
    return {f"used-{item}": quantity for item, quantity in zip(world.items.values(), quantities, strict=False)}


def test_what_was_counted_is_booked_with_the_finish(app, world, sign_in, ticket):
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion", counted(world, "2", "0", "1")))
    assert (state_of(app, ticket), moves(app)) == ("finished", 2)


@pytest.mark.parametrize("nothing", ["", "0", "0.0"])
def test_nothing_counted_books_nothing(app, world, sign_in, ticket, nothing):
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion", counted(world, nothing)))
    assert (state_of(app, ticket), moves(app)) == ("finished", 0)


@pytest.mark.parametrize("wrong", ["-1", "many", "1,000", "0.0001"])
def test_one_wrong_number_and_nothing_is_done(app, world, sign_in, ticket, wrong):
    refused(sign_in("technician").send(f"/tickets/{ticket}/completion", counted(world, "1", wrong)), 422, "quantity")
    assert (state_of(app, ticket), moves(app)) == ("accepted", 0)


def test_the_same_finish_again_books_nothing_twice(app, world, sign_in, ticket):
    phone, key = sign_in("technician"), "01900000-0000-7000-8000-00000000f1f1"
    for _again in range(2):
        accepted(phone.send(f"/tickets/{ticket}/completion", counted(world, "2"), key=key))
    assert moves(app) == 1


def test_a_finish_that_is_refused_books_nothing(app, world, sign_in):
    ticket = make_ticket(app, world, "finished")
    assert sign_in("technician").send(f"/tickets/{ticket}/completion", counted(world, "2")).status_code >= 400
    assert moves(app) == 0
