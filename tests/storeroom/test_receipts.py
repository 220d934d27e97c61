"""Receipts: what is accepted goes on the books at its price, what is rejected stays on the slip with its reason."""

from decimal import Decimal
from io import BytesIO
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.evidence.models import Photo
from crew_app.stock import checks, queries
from crew_app.stock.models import FOUR_PLACES, Item, Move, Valuation
from crew_app.storeroom import receipts, slips
from crew_app.storeroom.forms import LineForm
from crew_app.storeroom.models import Slip, SlipState
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.pictures import announcement, jpeg

PLACE = "/stock/receipts"


@pytest.fixture
def fields(world):
    """A delivery of ten tubes at 11 yuan, and two valves of which one leaks."""
    return {
        "slip_id": str(new_id()),
        "store_id": str(world.accounts["store"]),
        "supplier": "华东五金",
        "reference": "SH-778",
        "line_item": [str(world.items["tube"]), str(world.items["valve"])],
        "line_quantity": ["10", "2"],
        "line_granted": ["", "1"],
        "line_cost": ["11", "20"],
        "line_reason": ["", "阀芯漏水"],
    }


@pytest.fixture
def keeper(sign_in):
    return sign_in("storekeeper")


def in_store(world, name):
    return queries.on_hand([world.items[name]], [world.accounts["store"]]).get(world.items[name], Decimal(0))


def slip_of(fields):
    return session.get_one(Slip, UUID(fields["slip_id"]))


def test_what_is_accepted_is_in_the_store_at_its_price(app, world, keeper, fields):
    location = accepted(keeper.send(PLACE, fields), 201)
    assert location == f"/stock/slips/{fields['slip_id']}"
    with app.app_context():
        slip = slip_of(fields)
        assert (slip.state, slip.number[:3]) == (SlipState.DONE, "RK-")
        assert (in_store(world, "tube"), in_store(world, "valve")) == (200, 31)
        costs = session.scalars(select(Move.unit_cost).where(Move.posting_id == slip.posting_id)).all()
        assert sorted(costs) == [11, 20]
        assert session.get_one(Valuation, (world.sites["north"], world.items["tube"])).last_price == 11
        assert checks.drifts() == []


def test_the_slip_shows_what_was_rejected_and_prints(keeper, fields):
    page = keeper.page(accepted(keeper.send(PLACE, fields), 201))
    for words in ("华东五金", "SH-778", "阀芯漏水", "¥11.00", "¥110.00", "¥130.00", "入库单"):
        assert words in page.text
    assert page.all("button", data_print="")


def test_what_is_rejected_needs_a_reason(app, world, keeper, fields):
    words = refused(keeper.send(PLACE, fields | {"line_reason": ["", ""]}), 422, "reason-missing")
    assert "角阀" in words
    with app.app_context():
        assert in_store(world, "tube") == 190


def test_all_rejected_is_declined_and_books_nothing(app, world, keeper, fields):
    fields |= {"line_granted": ["0", "0"], "line_reason": ["型号不对", "漏水"]}
    accepted(keeper.send(PLACE, fields), 201)
    with app.app_context():
        slip = slip_of(fields)
        assert (slip.state, slip.posting_id) == (SlipState.DECLINED, None)
        assert in_store(world, "tube") == 190


def test_packs_become_units_and_their_price_one_per_unit(app, world, keeper, fields):
    with app.app_context(), write_transaction():
        tube = world.item("tube")
        tube.pack_unit, tube.pack_size = "箱", Decimal(30)
    accepted(keeper.send(PLACE, fields | {"line_unit": ["pack", ""], "line_cost": ["100", "20"]}), 201)
    with app.app_context():
        line = slip_of(fields).lines[0]
        assert (line.quantity, line.granted, line.unit_cost, line.entered) == (300, 300, Decimal("3.3333"), "10 箱")
        assert in_store(world, "tube") == 490
        assert checks.drifts() == []


@settings(max_examples=60)
@given(
    quantity=st.decimals("0.001", "900", places=3),
    size=st.decimals("0.001", "60", places=3),
    price=st.decimals("0", "99999", places=4),
)
def test_no_pack_makes_more_places_than_the_books_have(quantity, size, price):
    item = Item(pack_unit="盒", pack_size=size, unit="个")
    asked = LineForm(new_id(), quantity, True, quantity, price, "").asked(item)
    assert asked.quantity == round(asked.quantity, 3) == asked.granted
    assert abs(asked.quantity - quantity * size) <= Decimal("0.0005")
    assert asked.unit_cost is not None
    assert asked.unit_cost == asked.unit_cost.quantize(FOUR_PLACES)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"line_quantity": ["0", "2"]}, 422),
        ({"line_quantity": ["-5", "2"]}, 422),
        ({"line_quantity": ["1e9", "2"]}, 422),
        ({"line_quantity": ["100001", "2"]}, 422),
        ({"line_granted": ["11", "1"]}, 422),
        ({"line_granted": ["-1", "1"]}, 422),
        ({"line_cost": ["-1", "2"]}, 422),
        ({"line_cost": ["viel", "2"]}, 422),
        ({"line_item": []}, 422),
        ({"line_item": ["tube", "valve"]}, 422),
        ({"line_item": [some_id(), some_id()]}, 404),
        ({"store_id": some_id()}, 404),
        ({"purchase_id": some_id()}, 404),
    ],
)
def test_nonsense_is_refused_and_books_nothing(app, world, keeper, fields, changed, status):
    refused(keeper.send(PLACE, fields | changed), status)
    with app.app_context():
        assert in_store(world, "tube") == 190


def test_into_another_sites_store_or_no_store_at_all(world, keeper, fields):
    unseen(keeper.send(PLACE, fields | {"store_id": str(world.accounts["south-store"])}))
    refused(keeper.send(PLACE, fields | {"store_id": str(world.accounts["scrap"])}), 422, "not-a-store")


@pytest.mark.parametrize("login", ["technician", "supervisor", "manager", "requester"])
def test_only_the_storekeeper_takes_goods_in(sign_in, fields, login):
    assert sign_in(login).send(PLACE, fields).status_code == 403
    assert sign_in(login).get(f"{PLACE}/new").status_code == 403


def test_the_same_delivery_twice_is_one(app, world, keeper, fields):
    key = new_id()
    assert accepted(keeper.send(PLACE, fields, key=key), 201) == accepted(keeper.send(PLACE, fields, key=key), 201)
    refused(keeper.send(PLACE, fields), 422, "slip-known")
    with app.app_context():
        assert in_store(world, "tube") == 200


def test_a_purchase_list_fills_the_form_with_what_is_still_to_come(app, world, keeper, fields):
    plan = world.slips["purchase"]
    assert str(plan) in keeper.page(f"{PLACE}/new").html
    assert 'value="40"' in keeper.page(f"{PLACE}/new/{plan}").html
    accepted(keeper.send(PLACE, fields | {"purchase_id": str(plan)}), 201)
    assert 'value="30"' in keeper.page(f"{PLACE}/new/{plan}").html
    with app.app_context():
        assert slip_of(fields).based_on_id == plan


def test_only_an_approved_purchase_list_will_do(world, keeper, fields):
    other = str(world.slips["scrap"])
    refused(keeper.send(PLACE, fields | {"purchase_id": other}), 422, "wrong-purchase")
    assert keeper.get(f"{PLACE}/new/{other}").status_code == 422


def test_others_are_told_of_a_receipt_in_the_same_transaction(app, world, monkeypatch):
    told = []
    monkeypatch.setattr(receipts, "AFTER_RECEIPT", [lambda slip, by, _at: told.append((slip.state, by.login))])
    with app.app_context(), write_transaction():
        lines = [slips.Asked(world.item("tube"), Decimal(1))]
        delivery = receipts.Delivery(new_id(), world.account("store"), lines)
        receipts.receive(delivery, by=world.person("storekeeper"), at=server_moment())
    assert told == [(SlipState.DONE, "storekeeper")]


def test_a_photo_of_what_was_rejected_is_for_those_who_may_see_the_slip(app, keeper, sign_in, fields):
    data = jpeg()
    photo = announcement(data)
    accepted(keeper.send(PLACE, fields | photo), 201)
    path = f"/photos/{photo['photo_id']}"
    accepted(keeper.send(f"{path}/original", body=data))
    with app.app_context():
        assert session.scalars(select(Photo)).one().stored
    assert sign_in("supervisor").get(f"{path}/thumb").status_code == 200
    assert keeper.get(f"{path}/large").status_code == 200
    for login in ("technician", "guard", "outsider"):
        assert sign_in(login).get(f"{path}/thumb").status_code == 404


@pytest.mark.parametrize("place", ["receipts", "write-offs", "transfers"])
def test_a_file_that_is_no_picture_books_nothing(app, world, keeper, fields, place):
    fake = (BytesIO(b"%PDF-1.7 not a photo"), "rejected.jpg")
    answer = keeper.form(f"/stock/{place}", fields | {"photo": fake})
    assert answer.status_code == 422
    assert "照片" in answer.get_data(as_text=True) or "图片" in answer.get_data(as_text=True)
    with app.app_context():
        assert in_store(world, "tube") == 190
        assert session.scalars(select(Photo)).all() == []


def test_the_list_shows_what_came_and_hides_other_sites(keeper, sign_in, fields):
    accepted(keeper.send(PLACE, fields), 201)
    assert "SH-778" in keeper.page(PLACE).text
    assert "SH-778" in sign_in("manager").page(PLACE).text
    assert "SH-778" not in sign_in("outsider").page(PLACE).text
    unseen(sign_in("outsider").get(f"/stock/slips/{fields['slip_id']}"))
