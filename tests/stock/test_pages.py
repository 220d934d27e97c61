"""Materials on the screen: my bag, the stores, an item and where it lies; found by any word."""

from decimal import Decimal

import pytest

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Unseen
from crew_app.people.models import Membership
from crew_app.people.rules import Role
from crew_app.stock import queries
from crew_app.stock.accounts import own_bag
from crew_app.stock.actions import issue, receive
from crew_app.stock.models import Item
from tests.support.client import some_id


@pytest.fixture
def helper(app, world):
    """A storekeeper of the north who also works in the south."""
    with app.app_context(), write_transaction():
        keeper = world.person("storekeeper")
        keeper.memberships.append(Membership(site_id=world.sites["south"], role=Role.TECHNICIAN))


def test_one_sees_ones_own_bag_and_what_the_stores_hold(sign_in):
    text = sign_in("technician").page("/stock").text
    assert "LED灯管" in text
    assert "190" in text
    assert "10" in text


@pytest.mark.parametrize("words", ["灯管", "led", "T8", "tube", "LED 1.2m", "灯 16W"])
def test_an_item_is_found_by_name_code_or_specification(sign_in, words):
    text = sign_in("technician").page(f"/stock?q={words}").text
    assert "LED灯管" in text
    assert "角阀" not in text.split("16W")[-1]


@pytest.mark.parametrize("words", ["dg", "denguan", "LEDdg"])
def test_an_item_is_found_by_pinyin_and_its_initials(app, world, sign_in, words):
    with app.app_context(), write_transaction():
        world.item("tube").pinyin = "leddenguan leddg dg"
    with app.app_context():
        assert [item.code for item in queries.items(words)] == ["tube"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "100%", "'; DROP TABLE items; --"])
def test_signs_with_a_meaning_in_sql_are_just_signs(app, sign_in, words):
    with app.app_context():
        assert queries.items(words) == []
    assert sign_in("technician").get("/stock", query_string={"q": words}).status_code == 200


def test_the_list_goes_on_page_by_page(app, world, sign_in):
    with app.app_context(), write_transaction():
        for number in range(60):
            session.add(
                Item(
                    code=f"a{number:03}", name=f"螺丝{number}", unit="个", price=Decimal(1), category="五金", pinyin=""
                )
            )
    page = sign_in("technician").page("/stock")
    (more,) = [a.get("href") for a in page.all("a") if "after=" in (a.get("href") or "")]
    assert "螺丝0" in page.text
    assert "螺丝55" not in page.text
    assert "螺丝55" in sign_in("technician").page(more).text


def test_an_item_shows_where_it_lies_and_its_latest_moves(world, sign_in):
    page = sign_in("technician").page(f"/stock/items/{world.items['tube']}")
    assert "190" in page.text
    assert "LED灯管" in page.text


def test_an_unknown_item_is_not_found(sign_in):
    client = sign_in("technician")
    assert client.get(f"/stock/items/{some_id()}").status_code == 404
    assert client.get("/stock/items/tube").status_code == 404
    assert client.get(f"/stock/items/{some_id()}?before=x").status_code in (404, 422)


@pytest.mark.parametrize("path", ["/stock", "/stock/items/{tube}"])
def test_other_sites_stores_and_bags_are_not_shown(app, world, sign_in, path):
    text = sign_in("storekeeper").page(path.format(tube=world.items["tube"])).text
    assert "南院" not in text
    assert "员工southerner" not in text


@pytest.mark.parametrize(("login", "sees"), [("storekeeper", True), ("second", False), ("supervisor", False)])
def test_other_peoples_bags_are_the_storekeepers_business(app, world, login, sees):
    with app.app_context():
        shown = {balance.account_id for balance in queries.holdings(world.person(login), world.items["tube"])}
    assert world.accounts["store"] in shown
    assert (world.accounts["bag"] in shown) is sees


def test_a_storekeeper_of_one_site_keeps_no_stock_at_another(app, world, helper):
    with app.app_context():
        keeper = world.person("storekeeper")
        shown = {balance.account_id for balance in queries.holdings(keeper, world.items["tube"])}
        assert world.accounts["south-bag"] not in shown
        assert world.accounts["bag"] in shown


def test_nor_takes_from_a_bag_there(app, world, helper):
    with app.app_context():
        keeper = world.person("storekeeper")
        with pytest.raises(Unseen):
            queries.account(keeper, world.accounts["south-bag"])
        assert queries.account(keeper, world.accounts["bag"]).id == world.accounts["bag"]


def test_issue_and_receipt_move_goods_between_the_right_accounts(app, world):
    with app.app_context(), write_transaction():
        keeper, at = world.person("storekeeper"), server_moment()
        bag = own_bag(world.person("second"), world.sites["north"])
        bag_id = bag.id
        receive(world.item("valve"), Decimal(5), world.account("supplier"), world.account("store"), by=keeper, at=at)
        issue(world.item("valve"), Decimal(2), world.account("store"), bag, by=keeper, at=at)
    with app.app_context():
        held = queries.on_hand([world.items["valve"]], [world.accounts["store"]])
        assert held == {world.items["valve"]: Decimal(33)}
        assert [(h.item.code, h.quantity) for h in queries.held(bag_id)] == [("valve", Decimal(2))]


def test_an_item_at_zero_is_not_in_the_bag(app, world):
    with app.app_context(), write_transaction():
        at, me = server_moment(), world.person("storekeeper")
        issue(world.item("tube"), Decimal(10), world.account("bag"), world.account("store"), by=me, at=at)
    with app.app_context():
        assert [h.item.code for h in queries.held(world.accounts["bag"])] == ["cable"]


def test_the_shelf_label_is_black_on_white_whatever_the_theme(world, sign_in):
    response = sign_in("technician").get(f"/stock/items/{world.items['tube']}/qr.svg")
    assert response.mimetype == "image/svg+xml"
    assert 'fill="white"' in response.get_data(as_text=True)
