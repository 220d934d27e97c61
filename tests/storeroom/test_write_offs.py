"""Write-offs: proposed by the storekeeper, decided by whoever may decide about such a value, never by oneself."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Membership, Site
from crew_app.people.rules import Role
from crew_app.stock import checks, queries
from crew_app.storeroom.models import Slip, SlipState
from tests.support.client import accepted, refused, some_id, unseen

PLACE = "/stock/write-offs"


@pytest.fixture
def fields(world):
    """Two broken tubes, worth 25 yuan."""
    return {
        "slip_id": str(new_id()),
        "store_id": str(world.accounts["store"]),
        "line_item": [str(world.items["tube"])],
        "line_quantity": ["2"],
        "line_reason": ["受潮"],
    }


@pytest.fixture
def proposed(sign_in, fields):
    """Proposes so many tubes; returns the slip's id."""

    def propose(quantity="2", login="storekeeper"):
        again = fields | {"slip_id": str(new_id()), "line_quantity": [quantity]}
        accepted(sign_in(login).send(PLACE, again), 201)
        return again["slip_id"]

    return propose


def look(app, world, slip_id):
    """The slip's state, and what store and scrap hold."""
    with app.app_context():
        tube = world.items["tube"]
        holds = [queries.on_hand([tube], [world.accounts[name]]).get(tube, 0) for name in ("store", "scrap")]
        return session.get_one(Slip, UUID(slip_id)).state, *holds


def test_nothing_leaves_the_books_until_somebody_agreed(app, world, sign_in, proposed):
    slip = proposed()
    assert look(app, world, slip) == (SlipState.PROPOSED, 190, 0)
    accepted(sign_in("supervisor").send(f"{PLACE}/{slip}/approval"))
    assert look(app, world, slip) == (SlipState.DONE, 188, 2)
    with app.app_context():
        assert checks.drifts() == []


@pytest.mark.parametrize(
    ("quantity", "login", "may"),
    [
        ("40", "supervisor", True),
        ("40.001", "supervisor", False),
        ("40.001", "manager", True),
    ],
)
def test_above_the_limit_only_the_manager_decides(app, world, sign_in, proposed, quantity, login, may):
    slip = proposed(quantity)  # at 12.50 each, 40 are worth the limit
    answer = sign_in(login).send(f"{PLACE}/{slip}/approval")
    assert answer.status_code == (200 if may else 403)
    assert look(app, world, slip)[0] is (SlipState.DONE if may else SlipState.PROPOSED)


def test_one_loss_in_several_slips_is_still_one_loss(app, world, sign_in, proposed):
    boss, first, second = sign_in("supervisor"), proposed("24"), proposed("24")  # 300 yuan each
    assert f"{PLACE}/{second}/approval" not in boss.page(f"/stock/slips/{second}").actions
    refused(boss.send(f"{PLACE}/{second}/approval"), 403, "above-limit")
    accepted(sign_in("manager").send(f"{PLACE}/{first}/approval"))
    refused(boss.send(f"{PLACE}/{second}/approval"), 403, "above-limit")
    yesterday(app, first)
    accepted(boss.send(f"{PLACE}/{second}/approval"))


def test_the_slip_says_why_the_manager_decides(sign_in, proposed):
    boss, first, _second, dear = sign_in("supervisor"), proposed("24"), proposed("24"), proposed("100")
    assert "连同同一人当天的其他报损" in boss.page(f"/stock/slips/{first}").text
    assert "超过限额 ¥500.00" in boss.page(f"/stock/slips/{dear}").text
    assert "连同同一人当天的其他报损" not in boss.page(f"/stock/slips/{dear}").text


def test_what_was_taken_back_or_is_the_managers_does_not_count(sign_in, proposed):
    boss, first, second = sign_in("supervisor"), proposed("24"), proposed("24")
    proposed("100")
    accepted(sign_in("storekeeper").send(f"/stock/slips/{first}/cancellation"))
    accepted(boss.send(f"{PLACE}/{second}/approval"))


def yesterday(app, slip_id):
    with app.app_context(), write_transaction():
        session.get_one(Slip, UUID(slip_id)).received_at -= timedelta(days=1)


def test_the_limit_counts_at_the_value_of_the_day_of_decision(app, world, sign_in, proposed):
    slip = proposed("40")
    with app.app_context(), write_transaction():
        session.get_one(Site, world.sites["north"]).write_off_limit = Decimal("499.9999")
    refused(sign_in("supervisor").send(f"{PLACE}/{slip}/approval"), 403, "above-limit")
    refused(sign_in("supervisor").send(f"{PLACE}/{slip}/rejection", {"note": "不"}), 403, "above-limit")


def test_nobody_decides_about_an_own_proposal(app, world, sign_in, proposed):
    with app.app_context(), write_transaction():
        both = world.person("manager")
        both.memberships.append(Membership(site_id=world.sites["north"], role=Role.STOREKEEPER))
    slip = proposed(login="manager")
    refused(sign_in("manager").send(f"{PLACE}/{slip}/approval"), 403, "own-slip")
    assert look(app, world, slip)[0] is SlipState.PROPOSED


def test_no_is_said_with_a_reason_and_the_goods_stay(app, world, sign_in, proposed):
    slip, boss = proposed(), sign_in("supervisor")
    refused(boss.send(f"{PLACE}/{slip}/rejection"), 422, "words-missing")
    accepted(boss.send(f"{PLACE}/{slip}/rejection", {"note": "还能修"}))
    assert look(app, world, slip) == (SlipState.DECLINED, 190, 0)
    assert "还能修" in sign_in("storekeeper").page(f"/stock/slips/{slip}").text
    refused(boss.send(f"{PLACE}/{slip}/approval"), 422, "wrong-state")


def test_twice_approved_is_booked_once(app, world, sign_in, proposed):
    slip, boss = proposed(), sign_in("supervisor")
    accepted(boss.send(f"{PLACE}/{slip}/approval"))
    refused(boss.send(f"{PLACE}/{slip}/approval"), 422, "wrong-state")
    assert look(app, world, slip) == (SlipState.DONE, 188, 2)


def test_more_than_the_store_holds_cannot_be_approved(app, world, sign_in, proposed):
    slip = proposed("191")
    refused(sign_in("manager").send(f"{PLACE}/{slip}/approval"), 422, "not-enough")
    assert look(app, world, slip) == (SlipState.PROPOSED, 190, 0)


def test_a_proposal_can_be_taken_back_until_it_is_decided(app, world, sign_in, proposed):
    slip, keeper = proposed(), sign_in("storekeeper")
    path = f"/stock/slips/{slip}"
    assert f"{path}/cancellation" in keeper.page(path).actions
    refused(sign_in("supervisor").send(f"{path}/cancellation"), 403, "may-not")
    accepted(keeper.send(f"{path}/cancellation"))
    assert look(app, world, slip) == (SlipState.CANCELLED, 190, 0)
    refused(keeper.send(f"{path}/cancellation"), 422, "wrong-state")
    unseen(sign_in("technician").send(f"{path}/cancellation"))


def test_the_list_says_who_must_decide_and_the_slip_asks_only_them(sign_in, proposed):
    small, large = proposed("2"), proposed("100")
    text = sign_in("storekeeper").page(PLACE).text
    assert "¥25.00，由班组长审批" in text
    assert "¥1,250.00，由科长审批" in text
    boss, manager = sign_in("supervisor"), sign_in("manager")
    assert f"{PLACE}/{small}/approval" in boss.page(f"/stock/slips/{small}").actions
    assert f"{PLACE}/{large}/approval" not in boss.page(f"/stock/slips/{large}").actions
    assert f"{PLACE}/{large}/approval" in manager.page(f"/stock/slips/{large}").actions


@pytest.mark.parametrize("changed", [{"line_reason": [""]}, {"line_quantity": ["0"]}, {"line_quantity": ["NaN"]}])
def test_every_line_needs_a_reason_and_a_quantity(sign_in, fields, changed):
    refused(sign_in("storekeeper").send(PLACE, fields | changed), 422)


def test_only_stores_of_ones_own_site(world, sign_in, fields):
    keeper = sign_in("storekeeper")
    unseen(keeper.send(PLACE, fields | {"store_id": str(world.accounts["south-store"])}))
    refused(keeper.send(PLACE, fields | {"store_id": str(world.accounts["bag"])}), 422, "not-a-store")
    assert sign_in("technician").send(PLACE, fields).status_code == 403


def test_only_write_offs_are_approved_here(world, sign_in):
    other = world.slips["purchase"]
    refused(sign_in("manager").send(f"{PLACE}/{other}/approval"), 422, "wrong-kind")
    unseen(sign_in("outsider").send(f"{PLACE}/{world.slips['scrap']}/approval"))


def test_the_manager_sets_the_limit_of_the_own_site(app, world, sign_in):
    manager, north = sign_in("manager"), str(world.sites["north"])
    assert "¥500.00" in manager.page(PLACE).text
    accepted(manager.send(f"{PLACE}/limit", {"site_id": north, "limit": "800,50"}))
    with app.app_context():
        assert session.get_one(Site, world.sites["north"]).write_off_limit == Decimal("800.5")
    for limit in ("-1", "", "viel", "1e9", "99999999999"):
        refused(manager.send(f"{PLACE}/limit", {"site_id": north, "limit": limit}), 422, "price")
    for site in (str(world.sites["south"]), some_id()):
        unseen(manager.send(f"{PLACE}/limit", {"site_id": site, "limit": "1"}))
    assert sign_in("supervisor").send(f"{PLACE}/limit", {"site_id": north, "limit": "1"}).status_code == 403
