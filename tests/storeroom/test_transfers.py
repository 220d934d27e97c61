"""Returns and transfers: out of one's own bag, and for the storekeeper between stores, bags and departments."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.places.models import Department
from crew_app.stock import queries
from crew_app.stock.accounts import department
from crew_app.stock.actions import issue
from crew_app.stock.models import Discrepancy
from crew_app.storeroom.models import Slip, SlipKind
from tests.support.client import accepted, refused, some_id, unseen

PLACE = "/stock/transfers"


@pytest.fixture
def fields(world):
    """Four tubes handed back."""
    return {
        "slip_id": str(new_id()),
        "target_id": str(world.accounts["store"]),
        "line_item": [str(world.items["tube"])],
        "line_quantity": ["4"],
    }


@pytest.fixture
def ward(app, world):
    """The account of a ward that was given three tubes."""
    with app.app_context(), write_transaction():
        found = session.scalars(select(Department).filter_by(site_id=world.sites["north"])).one()
        account = department(found)
        keeper = world.person("storekeeper")
        issue(world.item("tube"), Decimal(3), world.account("store"), account, by=keeper, at=server_moment())
        return account.id


def held(app, world, account_id, name="tube"):
    with app.app_context():
        return queries.on_hand([world.items[name]], [account_id]).get(world.items[name], 0)


def kind(app, fields):
    with app.app_context():
        return session.get_one(Slip, UUID(fields["slip_id"])).kind


def test_a_technician_hands_back_from_the_own_bag(app, world, sign_in, fields):
    client = sign_in("technician")
    page = client.page(accepted(client.send(PLACE, fields), 201))
    assert "退库单" in page.text
    assert held(app, world, world.accounts["bag"]) == 6
    assert held(app, world, world.accounts["store"]) == 194
    assert "LED灯管" in client.page(PLACE).text
    assert "LED灯管" not in sign_in("second").page(PLACE).text


def test_more_than_there_is_is_refused_when_it_is_said_at_once(app, world, sign_in, fields):
    refused(sign_in("technician").send(PLACE, fields | {"line_quantity": ["11"]}), 422, "not-enough")
    assert held(app, world, world.accounts["bag"]) == 10


def test_what_was_recorded_offline_has_happened(app, world, sign_in, fields):
    before = datetime.now(UTC) - timedelta(hours=3)
    accepted(sign_in("technician").send(PLACE, fields | {"line_quantity": ["11"]}, made_at=before), 201)
    assert held(app, world, world.accounts["bag"]) == -1
    with app.app_context():
        assert session.scalars(select(Discrepancy)).one().missing == 1


@pytest.mark.parametrize("source", ["store", "bag"])
def test_nobody_else_takes_from_stores_or_other_bags(world, sign_in, fields, source):
    fields |= {"source_id": str(world.accounts[source])}
    assert sign_in("second").send(PLACE, fields).status_code in (403, 404, 422)
    fields |= {"target_id": str(world.accounts["bag"]), "source_id": str(world.accounts["store"])}
    assert sign_in("technician").send(PLACE, fields).status_code == 403


def test_the_storekeeper_moves_from_store_to_bag_and_back(app, world, sign_in, fields):
    keeper = sign_in("storekeeper")
    there = fields | {"source_id": str(world.accounts["store"]), "target_id": str(world.accounts["bag"])}
    accepted(keeper.send(PLACE, there), 201)
    assert held(app, world, world.accounts["bag"]) == 14
    assert kind(app, there) is SlipKind.TRANSFER
    back = fields | {"slip_id": str(new_id()), "source_id": str(world.accounts["bag"])}
    accepted(keeper.send(PLACE, back), 201)
    assert held(app, world, world.accounts["bag"]) == 10
    assert kind(app, back) is SlipKind.RETURN


def test_a_ward_hands_back_what_it_was_given_and_no_more(app, world, sign_in, fields, ward):
    keeper, fields = sign_in("storekeeper"), fields | {"source_id": str(ward)}
    assert str(ward) in keeper.page(f"{PLACE}/new").html
    refused(keeper.send(PLACE, fields), 422, "not-enough")
    accepted(keeper.send(PLACE, fields | {"line_quantity": ["3"]}), 201)
    assert held(app, world, ward) == 0
    assert held(app, world, world.accounts["store"]) == 190


@pytest.mark.parametrize(
    ("source", "target"),
    [("store", "store"), ("supplier", "store"), ("scrap", "store"), ("store", "scrap"), ("store", "difference")],
)
def test_other_accounts_are_not_for_this(app, world, sign_in, fields, source, target):
    pair = {"source_id": str(world.accounts[source]), "target_id": str(world.accounts[target])}
    refused(sign_in("storekeeper").send(PLACE, fields | pair), 422)
    assert held(app, world, world.accounts["store"]) == 190


def test_other_sites_and_unknown_ids_are_not_there(world, sign_in, fields):
    keeper = sign_in("storekeeper")
    unseen(keeper.send(PLACE, fields | {"target_id": str(world.accounts["south-store"])}))
    unseen(keeper.send(PLACE, fields | {"source_id": str(world.accounts["south-bag"])}))
    unseen(keeper.send(PLACE, fields | {"source_id": some_id()}))
    unseen(keeper.send(PLACE, fields | {"line_item": [some_id()]}))
