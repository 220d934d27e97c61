"""The list of materials and the stores of an installation that begins with nothing."""

from decimal import Decimal
from uuid import UUID

import pytest

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.stock.models import Account, AccountKind, Item


@pytest.fixture
def card():
    return {"item_id": str(new_id()), "name": "弯头", "spec": "DN20 PPR", "unit": "个", "price": "2.80"}


def stored(app, item_id):
    with app.app_context():
        item = session.get_one(Item, UUID(str(item_id)))
        session.expunge(item)
        return item


def test_a_material_is_put_on_the_list_and_found_by_its_initials(app, sign_in, card):
    keeper = sign_in("storekeeper")
    answer = keeper.send("/stock/catalogue", card | {"pack_unit": "包", "pack_size": "50", "old_for_new": "1"})
    assert (answer.status_code, answer.headers["Crew-Location"]) == (201, f"/stock/items/{card['item_id']}")
    item = stored(app, card["item_id"])
    assert (item.code, item.price, item.pack_size) == ("WL-0001", Decimal("2.8"), Decimal(50))
    assert (item.old_for_new, item.is_tool) == (True, False)
    assert "弯头" in keeper.page("/stock?q=wt").html


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": " "}, "words-missing"),
        ({"unit": ""}, "words-missing"),
        ({"code": "TUBE"}, "code-taken"),
        ({"price": "viel"}, "price"),
        ({"pack_size": "0"}, "quantity"),
        ({"name": "长" * 81}, "too-long"),
        ({"item_id": "x"}, "id-missing"),
    ],
)
def test_a_card_that_cannot_be_is_refused(sign_in, card, changed, refusal):
    answer = sign_in("storekeeper").send("/stock/catalogue", card | changed)
    assert (answer.status_code, answer.headers["Crew-Refusal"]) == (422, refusal)


def test_a_card_is_corrected_but_not_the_unit_of_what_was_booked(app, world, sign_in):
    keeper, tube = sign_in("storekeeper"), world.items["tube"]
    path, card = f"/stock/catalogue/{tube}", {"name": "LED灯管", "unit": "支", "spec": "T8 1.2m 18W"}
    assert keeper.send(path, card | {"unit": "箱"}).headers["Crew-Refusal"] == "unit-fixed"
    assert keeper.send(path, card).status_code == 200
    assert stored(app, tube).spec == "T8 1.2m 18W"


def test_a_store_is_opened_where_one_keeps_the_stock_and_nowhere_else(app, world, sign_in):
    keeper, fields = sign_in("storekeeper"), {"store_id": str(new_id()), "name": "被服库房"}
    assert keeper.send("/stock/stores", fields | {"site_id": str(world.sites["south"])}).status_code == 403
    assert keeper.send("/stock/stores", fields | {"site_id": str(world.sites["north"])}).status_code == 201
    with app.app_context():
        stores = session.query(Account).filter_by(kind=AccountKind.STORE, site_id=world.sites["north"])
        assert "被服库房" in {store.name for store in stores}


@pytest.mark.parametrize("login", ["technician", "requester", "supervisor", "administrator"])
def test_others_enter_nothing(sign_in, card, login):
    assert sign_in(login).send("/stock/catalogue", card).status_code == 403
