"""Transfers: proposed, confirmed by two different people, and only then carried out."""

import pytest

from crew_app.core.db import session
from crew_app.fixed_assets.rules import AssetState
from crew_app.places.models import Asset
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.fixed_assets import card_of, make_card, second_department
from tests.support.sheets import rows


@pytest.fixture
def asset(app, world):
    return make_card(app, world, keeper_id=world.people["requester"])


@pytest.fixture
def ward(app, world):
    return second_department(app, world)


@pytest.fixture
def propose(world, sign_in, asset, ward):
    def send(login="storekeeper", **fields):
        form = {"transfer_id": some_id(), "department_id": str(ward)} | fields
        return sign_in(login).send(f"/assets/{asset}/transfers", form)

    return send


def test_department_and_place_change_when_both_have_confirmed(app, world, sign_in, asset, ward, propose):
    url = accepted(propose(place="north-B1-702", note="七病区不用了"), 201)
    assert card_of(app, asset).state is AssetState.TRANSFERRING
    accepted(sign_in("requester").send(f"{url}/giving"))
    assert card_of(app, asset).department_id != ward
    accepted(sign_in("supervisor").send(f"{url}/taking"))
    card = card_of(app, asset)
    assert (card.state, card.department_id, card.keeper_id) == (AssetState.IN_USE, ward, None)
    with app.app_context():
        assert session.get_one(Asset, asset).place_id == world.places["store-room"]
    story = sign_in("technician").page(f"/assets/{asset}/card").text
    assert "七病区 → 八病区" in story
    assert "员工requester" in story
    (row,) = rows(sign_in("storekeeper"), "/assets/transfers/list.xlsx")
    assert tuple(row[3:7]) == ("七病区", "八病区", "已完成", "员工requester")


@pytest.mark.parametrize("login", ["requester", "storekeeper", "administrator"])
def test_who_answers_for_it_or_keeps_the_assets_may_propose(propose, login):
    accepted(propose(login), 201)


@pytest.mark.parametrize("login", ["technician", "supervisor", "guard"])
def test_others_may_not(propose, login):
    refused(propose(login), 403, "may-not")


def test_nobody_confirms_for_both_sides(sign_in, propose):
    url = accepted(propose(), 201)
    keeper = sign_in("storekeeper")
    accepted(keeper.send(f"{url}/taking"))
    refused(keeper.send(f"{url}/giving"), 403, "same-person")
    refused(keeper.send(f"{url}/taking"), 422, "confirmed")
    assert f"{url}/giving" not in keeper.page(url).actions


def test_who_was_named_may_confirm_and_nobody_else_of_no_standing(world, sign_in, propose):
    url = accepted(propose(taker_id=str(world.people["contractor"])), 201)
    refused(sign_in("technician").send(f"{url}/taking"), 403, "may-not")
    refused(sign_in("contractor").send(f"{url}/giving"), 403, "may-not")
    accepted(sign_in("contractor").send(f"{url}/taking"))
    unseen(sign_in("outsider").send(f"{url}/giving"))


def test_a_withdrawn_transfer_leaves_everything_as_it_was(app, sign_in, asset, propose):
    url = accepted(propose(), 201)
    refused(sign_in("supervisor").send(f"{url}/withdrawal"), 403, "may-not")
    accepted(sign_in("administrator").send(f"{url}/withdrawal"))
    assert card_of(app, asset).state is AssetState.IN_USE
    refused(sign_in("supervisor").send(f"{url}/giving"), 422, "wrong-state")
    accepted(propose(), 201)


def test_one_transfer_at_a_time(propose):
    accepted(propose(), 201)
    refused(propose(), 422, "wrong-state")


def test_what_makes_no_sense_is_refused(app, world, sign_in, asset, propose):
    own = str(card_of(app, asset).department_id)
    refused(propose(department_id=own), 422, "same-department")
    unseen(propose(department_id=some_id()))
    refused(propose(place="999"), 422, "unknown-room")
    refused(propose(place=world.tags["south-room"]), 422, "unknown-room")
    unseen(propose(giver_id=str(world.people["southerner"])))
    guard = str(world.people["guard"])
    refused(propose(giver_id=guard, taker_id=guard), 422, "same-person")
    bare = sign_in("storekeeper").send(f"/assets/{asset}/transfers", {"transfer_id": "x", "department_id": own})
    refused(bare, 422, "id-missing")


def test_without_a_card_nothing_is_transferred(world, sign_in, ward):
    fields = {"transfer_id": some_id(), "department_id": str(ward)}
    refused(sign_in("storekeeper").send(f"/assets/{world.assets['pump']}/transfers", fields), 422, "card-missing")


def test_the_list_shows_what_waits_and_what_is_over(sign_in, propose):
    url = accepted(propose(), 201)
    assert "待确认" in sign_in("supervisor").page("/assets/transfers").text
    accepted(sign_in("storekeeper").send(f"{url}/withdrawal"))
    assert "已撤回" in sign_in("supervisor").page("/assets/transfers").text
    assert "八病区" not in sign_in("outsider").page("/assets/transfers").text
