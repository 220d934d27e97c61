"""Materials: what was used on a job leaves a bag or a store and stays in the books of the job."""

from decimal import Decimal

import pytest

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from crew_app.people import actions as people
from crew_app.people.rules import Role
from tests.support.behaviour import CommandOnTicket
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import counts, one, sql
from tests.support.tickets import make_ticket

EVERY_STATE = ("open", "accepted", "on_hold", "finished", "verified", "cancelled")


def taking(world, item="tube", quantity="2", **more):
    return {"move_id": str(new_id()), "item_id": str(world.items[item]), "quantity": quantity} | more


def balance(app, account, item):
    query = """SELECT quantity FROM balances JOIN items ON items.id = item_id
               JOIN accounts ON accounts.id = account_id WHERE accounts.kind = :kind AND code = :item
               AND balances.site_id IN (SELECT id FROM sites WHERE code = 'north')"""
    found = sql(app, query, kind=account, item=item)
    return Decimal(int(str(found[0][0]))).scaleb(-3) if found else Decimal(0)


class TestMaterials(CommandOnTicket):
    """What was used was used: possible in every state."""

    resource = "materials"
    possible = EVERY_STATE
    may_not = ("requester", "guard", "storekeeper", "manager", "administrator")

    def fields(self, world):
        return taking(world)


class TestReversal(CommandOnTicket):
    resource = "materials/{move}/reversal"
    possible = EVERY_STATE
    may_not = ("requester", "guard", "second")

    @pytest.fixture
    def ticket(self, app, world, used):
        return used(make_ticket(app, world, "accepted"))

    @pytest.fixture(autouse=True)
    def used(self, app, world, sign_in):
        """Logs the move that is then reversed; the same move id on whichever ticket was made last."""
        self.move = str(new_id())

        def use(ticket):
            accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world, move_id=self.move)))
            return ticket

        self.use = use
        return use

    def path(self, ticket):
        return f"/tickets/{ticket}/materials/{self.move}/reversal"

    @pytest.mark.parametrize("state", sorted(EVERY_STATE))
    def test_it_is_possible_in_these_states_and_in_no_other(self, app, world, sign_in, state):
        ticket = self.use(make_ticket(app, world, state))
        accepted(sign_in("technician").send(self.path(ticket)))

    def test_everything_is_where_it_was_and_both_moves_stay(self, app, world, sign_in, ticket):
        assert balance(app, "bag", "tube") == 8
        accepted(sign_in("technician").send(self.path(ticket)))
        assert balance(app, "bag", "tube") == 10
        assert balance(app, "ticket", "tube") == 0
        assert one(app, "SELECT COUNT(*) FROM moves WHERE reverses_id IS NOT NULL") == 1

    def test_an_entry_is_corrected_once(self, app, sign_in, ticket):
        client = sign_in("technician")
        accepted(client.send(self.path(ticket)))
        before = counts(app)
        refused(client.send(self.path(ticket)), 422, "already-reversed")
        assert counts(app) == before

    def test_a_correction_is_not_corrected(self, app, sign_in, ticket):
        client = sign_in("technician")
        accepted(client.send(self.path(ticket)))
        self.move = str(one(app, "SELECT id FROM moves WHERE reverses_id IS NOT NULL"))
        assert client.send(self.path(ticket)).status_code in (404, 422)

    def test_a_storekeeper_may_correct_others(self, sign_in, ticket):
        accepted(sign_in("storekeeper").send(self.path(ticket)))

    def test_the_entry_of_another_job_is_not_found_here(self, app, world, sign_in, ticket):
        unseen(sign_in("technician").send(self.path(make_ticket(app, world, "accepted"))))


def test_without_a_source_it_comes_from_ones_own_bag(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world, quantity="3")))
    assert balance(app, "bag", "tube") == 7
    assert balance(app, "ticket", "tube") == 3
    assert balance(app, "store", "tube") == 190


def test_it_may_come_from_a_store(app, world, sign_in):
    ticket, store = make_ticket(app, world, "accepted"), str(world.accounts["store"])
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world, source_id=store)))
    assert balance(app, "store", "tube") == 188
    assert balance(app, "bag", "tube") == 10


@pytest.mark.parametrize(
    ("source", "status", "code"),
    [
        ("supplier", 422, "wrong-source"),
        ("scrap", 422, "wrong-source"),
        ("south-store", 404, ""),
        ("south-bag", 404, ""),
        ("", 404, ""),
    ],
)
def test_it_comes_from_nowhere_else(app, world, sign_in, source, status, code):
    ticket = make_ticket(app, world, "accepted")
    chosen = str(world.accounts.get(source, some_id()))
    refused(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world, source_id=chosen)), status, code)
    assert one(app, "SELECT COUNT(*) FROM moves JOIN postings p ON p.id = posting_id WHERE reason = 'use'") == 0


@pytest.mark.parametrize("login", ["second", "storekeeper"])
def test_nobody_takes_from_somebody_elses_bag(app, world, sign_in, login):
    ticket, bag = make_ticket(app, world, "accepted"), str(world.accounts["bag"])
    response = sign_in(login).send(f"/tickets/{ticket}/materials", taking(world, source_id=bag))
    assert response.status_code in (403, 404)
    assert balance(app, "bag", "tube") == 10


def test_nor_does_a_technician_who_also_keeps_the_store(app, world, sign_in):
    """They see other people's bags, and still take from their own."""
    with app.app_context(), write_transaction():
        people.set_roles(world.person("second"), world.sites["north"], [Role.TECHNICIAN, Role.STOREKEEPER])
    ticket, bag = make_ticket(app, world, "accepted"), str(world.accounts["bag"])
    refused(sign_in("second").send(f"/tickets/{ticket}/materials", taking(world, source_id=bag)), 422, "other-bag")


def test_more_than_there_is_was_taken_all_the_same_and_is_flagged(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world, quantity="14")))
    assert balance(app, "bag", "tube") == -4
    missing = sql(app, "SELECT missing, settled_at FROM discrepancies")
    assert missing == [(4000, None)]
    assert "LED灯管" in sign_in("storekeeper").page("/stock").text


@pytest.mark.parametrize("quantity", ["0.001", "1", "1.5", "1,5", "1。5", " 2 ", "99999", "100000", "２"])
def test_quantities_people_write(app, world, sign_in, quantity):
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world, quantity=quantity)))


@pytest.mark.parametrize(
    "quantity",
    ["", "0", "-1", "0.0001", "two", "100001", "1e30", "1e400", "-1e400", "NaN", "sNaN", "Infinity", "1.2.3"],
)
def test_quantities_nobody_can_have_used(app, world, sign_in, quantity):
    ticket = make_ticket(app, world, "accepted")
    before = counts(app)
    response = sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world, quantity=quantity))
    refused(response, 422, "quantity")
    assert counts(app) == before


@pytest.mark.parametrize("change", [{"item_id": ""}, {"item_id": "x"}, {"move_id": ""}, {"move_id": "1"}])
def test_what_is_missing_is_refused(app, world, sign_in, change):
    ticket = make_ticket(app, world, "accepted")
    refused(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world) | change), 422)


def test_an_item_nobody_knows_is_not_found(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    unseen(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world) | {"item_id": some_id()}))


def test_the_same_entry_under_another_key_is_not_made_twice(app, world, sign_in):
    ticket, client, fields = make_ticket(app, world, "accepted"), sign_in("technician"), taking(world)
    accepted(client.send(f"/tickets/{ticket}/materials", fields))
    refused(client.send(f"/tickets/{ticket}/materials", fields), 422, "move-known")
    assert balance(app, "bag", "tube") == 8


def test_the_price_is_the_price_of_the_day(app, world, sign_in):
    """A later price changes nothing of what was used before."""
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/materials", taking(world)))
    cost = one(app, "SELECT unit_cost FROM moves JOIN postings p ON p.id = posting_id WHERE reason = 'use'")
    assert cost == 125_000


def test_the_page_and_the_story_show_what_was_used(app, world, sign_in):
    ticket, client = make_ticket(app, world, "accepted"), sign_in("technician")
    accepted(client.send(f"/tickets/{ticket}/materials", taking(world, "cable", "2.5")))
    text = client.page(f"/tickets/{ticket}").text
    assert "电缆" in text
    assert "2.5" in text
