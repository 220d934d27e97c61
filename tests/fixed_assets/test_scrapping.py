"""Scrapping: proposed with a reason, decided by somebody else within the limit of the value."""

from decimal import Decimal

import pytest

from crew_app.fixed_assets.rules import AssetState
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.fixed_assets import card_of, make_card
from tests.support.pictures import announcement, camera_jpeg


@pytest.fixture
def propose(app, world, sign_in):
    def send(value, login="technician", **fields):
        asset = make_card(app, world, value=Decimal(value))
        form = {"scrap_id": some_id(), "reason": "电机烧毁"} | fields
        return sign_in(login).send(f"/assets/{asset}/scrap-proposals", form)

    return send


def state(app, world):
    return card_of(app, world.assets["pump"]).state


@pytest.mark.parametrize(("value", "login"), [("500", "supervisor"), ("500.01", "manager"), ("0", "manager")])
def test_approved_within_the_limit_it_is_scrapped(app, world, sign_in, propose, value, login):
    url = accepted(propose(value), 201)
    accepted(sign_in(login).send(f"{url}/approval", {"note": "同意"}))
    assert state(app, world) is AssetState.SCRAPPED
    assert "此资产已报废" in sign_in("guard").page(f"/t/{world.tags['pump']}").text
    assert "电机烧毁" in sign_in("guard").page(f"/assets/{world.assets['pump']}/card").text


def test_above_the_limit_a_supervisor_is_told_who_decides(app, world, sign_in, propose):
    url = accepted(propose("500.01"), 201)
    refused(sign_in("supervisor").send(f"{url}/approval"), 403, "above-limit")
    assert f"{url}/approval" not in sign_in("supervisor").page(url).actions
    assert state(app, world) is AssetState.IN_USE


def test_a_card_that_became_dearer_meanwhile_counts_as_it_is(app, world, sign_in, propose):
    url = accepted(propose("400"), 201)
    accepted(sign_in("storekeeper").send(f"/assets/{world.assets['pump']}/card", {"number": "1", "value": "9000"}))
    refused(sign_in("supervisor").send(f"{url}/approval"), 403, "above-limit")


@pytest.mark.parametrize("login", ["supervisor", "manager"])
def test_nobody_decides_about_their_own_proposal(sign_in, propose, login):
    url = accepted(propose("10", login), 201)
    refused(sign_in(login).send(f"{url}/approval"), 403, "own-proposal")
    refused(sign_in(login).send(f"{url}/rejection", {"note": "x"}), 403, "own-proposal")


@pytest.mark.parametrize("login", ["technician", "storekeeper", "administrator", "guard"])
def test_who_approves_nothing_approves_no_scrapping(sign_in, propose, login):
    url = accepted(propose("10", "supervisor"), 201)
    refused(sign_in(login).send(f"{url}/approval"), 403)


def test_it_needs_a_reason_and_somebody_of_the_crew(propose, world, sign_in):
    refused(propose("10", reason=" "), 422, "words-missing")
    refused(propose("10", "guard"), 403, "may-not")
    unseen(propose("10", "contractor"))


def test_declined_it_stays_in_use_and_may_be_proposed_again(app, world, sign_in, propose):
    url = accepted(propose("10"), 201)
    refused(propose("10"), 422, "scrap-known")
    refused(sign_in("supervisor").send(f"{url}/rejection"), 422, "words-missing")
    accepted(sign_in("supervisor").send(f"{url}/rejection", {"note": "还能修"}))
    refused(sign_in("manager").send(f"{url}/approval"), 422, "wrong-state")
    assert state(app, world) is AssetState.IN_USE
    second = accepted(propose("10"), 201)
    refused(sign_in("second").send(f"{second}/withdrawal"), 403, "may-not")
    accepted(sign_in("technician").send(f"{second}/withdrawal"))


def test_what_is_scrapped_stays_scrapped(app, world, sign_in, propose):
    url = accepted(propose("10"), 201)
    accepted(sign_in("manager").send(f"{url}/approval"))
    refused(propose("10"), 422, "wrong-state")
    assert (
        f"/assets/{world.assets['pump']}/transfers"
        not in sign_in("storekeeper").page(f"/assets/{world.assets['pump']}/card").actions
    )


def test_the_photo_is_seen_by_who_decides(sign_in, propose):
    data = camera_jpeg()
    photo = announcement(data)
    url = accepted(propose("10", **photo), 201)
    accepted(sign_in("technician").send(f"/photos/{photo['photo_id']}/original", body=data))
    assert sign_in("supervisor").page(url).all("img", src=f"/photos/{photo['photo_id']}/thumb")
    unseen(sign_in("outsider").get(url))
