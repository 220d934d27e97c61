"""Cards and the register: opened by who keeps the assets, found by words and department, summed up."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from crew_app.core.db import session, write_transaction
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.fixed_assets import card_of, department, make_card, second_department
from tests.support.pictures import announcement, camera_jpeg

CARD = {"number": "GD-2024-001", "value": "12,800.50", "bought_on": "2024-03-01", "years": "8", "supplier": "恒泰"}


@pytest.fixture
def path(world):
    return f"/assets/{world.assets['pump']}/card"


def test_a_card_is_opened_corrected_and_its_story_says_so(app, world, sign_in, path):
    keeper = sign_in("storekeeper")
    assert "建卡" in keeper.page(f"/assets/{world.assets['pump']}").text
    accepted(keeper.send(path, CARD | {"keeper_id": str(world.people["requester"])}))
    assert card_of(app, world.assets["pump"]).value == Decimal("12800.50")
    accepted(keeper.send(path, CARD | {"value": "900"}))
    text_ = keeper.page(path).text
    assert "GD-2024-001 · ¥12800.50 → GD-2024-001 · ¥900.00" in text_
    assert "七病区" in text_
    assert "¥900.00" in keeper.page(f"/assets/{world.assets['pump']}").text


@pytest.mark.parametrize("login", ["technician", "supervisor", "manager", "guard", "requester"])
def test_only_who_keeps_the_assets_writes_cards(app, world, sign_in, path, login):
    refused(sign_in(login).send(path, CARD), 403, "may-not")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": ""}, "number-missing"),
        ({"value": "-5"}, "value"),
        ({"value": "1e12"}, "value"),
        ({"bought_on": "2999-01-01"}, "bought-on"),
        ({"bought_on": "1900-01-01"}, "bought-on"),
        ({"years": "0"}, "years"),
    ],
)
def test_nonsense_is_refused_and_nothing_is_half_done(world, sign_in, path, changes, code):
    keeper = sign_in("storekeeper")
    refused(keeper.send(path, CARD | changes), 422, code)
    assert "GD-2024-001" not in keeper.page("/assets").text


def test_a_number_belongs_to_one_asset(app, world, sign_in, path):
    make_card(app, world, "bed")
    refused(sign_in("storekeeper").send(path, CARD | {"number": "GD-bed"}), 422, "number-taken")


def test_people_and_departments_of_another_site_are_unknown(app, world, sign_in, path):
    with app.app_context():
        south = str(department(world, "south"))
    keeper = sign_in("storekeeper")
    unseen(keeper.send(path, CARD | {"department_id": south}))
    unseen(keeper.send(path, CARD | {"keeper_id": str(world.people["southerner"])}))
    unseen(keeper.send(path, CARD | {"keeper_id": some_id()}))
    unseen(keeper.send(f"/assets/{world.assets['south-pump']}/card", CARD))


def test_the_register_finds_sums_and_leaves_out_what_is_scrapped(app, world, sign_in):
    make_card(app, world, "bed", value=Decimal(1200))
    make_card(app, world, "desk", value=Decimal("80.5"), department_id=second_department(app, world))
    gone = make_card(app, world, "gone", value=Decimal(7000))
    with app.app_context(), write_transaction():
        session.execute(text("UPDATE asset_cards SET state = 'scrapped' WHERE number = 'GD-gone'"))
    crew = sign_in("technician")
    whole = crew.page("/assets").text
    assert "¥1,280.50" in whole
    assert "GD-gone" not in whole
    assert "GD-desk" not in crew.page("/assets?q=bed").text
    ward = card_of(app, world.assets["desk"]).department_id
    assert "¥80.50" in crew.page(f"/assets?department_id={ward}").text
    over = crew.page("/assets/scrapped").text
    assert "GD-gone" in over
    assert "¥7,000.00" in over
    tag = crew.page(f"/t/{world.tags['gone']}").text
    assert "此资产已报废" in tag
    assert str(gone)


def test_the_register_goes_on_page_by_page(app, world, sign_in, monkeypatch):
    monkeypatch.setattr("crew_app.fixed_assets.queries.PAGE", 2)
    for name in ("a1", "a2", "a3"):
        make_card(app, world, name)
    page = sign_in("technician").page("/assets")
    (more,) = [a.get("href") for a in page.all("a") if "after=" in (a.get("href") or "")]
    assert "GD-a3" not in page.text
    assert "GD-a3" in sign_in("technician").page(more).text


def test_other_sites_and_other_peoples_cards_are_not_shown(app, world, sign_in):
    asset = make_card(app, world, keeper_id=world.people["requester"])
    assert "GD-pump" in sign_in("requester").page("/assets").text
    assert sign_in("requester").page(f"/assets/{asset}/card")
    assert "GD-pump" not in sign_in("contractor").page("/assets").text
    assert "GD-pump" not in sign_in("outsider").page("/assets").text
    unseen(sign_in("contractor").get(f"/assets/{asset}/card"))
    unseen(sign_in("outsider").get(f"/assets/{asset}/card"))


def test_a_photo_of_the_card_is_seen_by_the_crew_and_nobody_else(app, world, sign_in, path):
    data = camera_jpeg()
    photo = announcement(data)
    keeper = sign_in("storekeeper")
    accepted(keeper.send(path, CARD | photo))
    url = f"/photos/{photo['photo_id']}"
    accepted(keeper.send(f"{url}/original", body=data))
    assert sign_in("technician").get(f"{url}/thumb").status_code == 200
    unseen(sign_in("outsider").get(f"{url}/thumb"))
    assert keeper.page(path).all("img", src=f"{url}/thumb")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE asset_events SET note = 'x'",
        "DELETE FROM asset_events",
        "REPLACE INTO asset_events SELECT * FROM asset_events",
    ],
)
def test_nobody_changes_the_story(app, world, statement):
    make_card(app, world)
    with app.app_context(), pytest.raises(IntegrityError), write_transaction():
        session.execute(text(statement))
