"""Carrying: asked for from the ward, fetched by urgency and nearness, proved by a scan at both ends."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.deliveries.rules import Waiting, distance, fetching_order
from crew_app.people.rules import Trade
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.service import carrying, learn


@pytest.fixture
def porter(app, world, sign_in):
    learn(app, world, "second", Trade.PORTER)
    return sign_in("second")


def ask(client, world, **more):
    form = carrying(world, **more)
    accepted(client.send("/deliveries", form), 201)
    return form["ticket_id"]


def test_both_ends_scanned_the_job_is_closed_with_its_times(app, world, sign_in, porter):
    job = ask(sign_in("requester"), world)
    assert "待取 1" in porter.page("/").text or "1" in porter.page("/deliveries").text
    tag = porter.page(f"/t/{world.tags['room']}")
    assert tag.form(f"/deliveries/{job}/pick-up") is not None
    began = datetime.now(UTC) - timedelta(minutes=9)
    accepted(porter.send(f"/deliveries/{job}/pick-up", {"tag": world.tags["room"]}, made_at=began))
    assert porter.page(f"/t/{world.tags['store-room']}").form(f"/deliveries/{job}/drop") is not None
    accepted(porter.send(f"/deliveries/{job}/drop", {"tag": world.tags["store-room"]}))
    assert sql(app, "SELECT state, kind FROM tickets WHERE kind = 'delivery'") == [("verified", "delivery")]
    assert sql(app, "SELECT picked_up_proof, dropped_proof FROM deliveries") == [("scan", "scan")]
    verbs = [
        row[0] for row in sql(app, "SELECT verb FROM ticket_events WHERE ticket_id = :id", id=job.replace("-", ""))
    ]
    assert verbs == ["open", "assign", "pick_up", "drop"]
    text = sign_in("requester").page(f"/tickets/{job}").text
    assert "轮椅" in text
    assert "已扫码" in text
    assert "1" in sign_in("supervisor").page("/deliveries").text  # averages


def test_without_a_scan_a_supervisor_looks_at_it(app, world, sign_in, porter):
    job = ask(sign_in("requester"), world)
    accepted(porter.send(f"/deliveries/{job}/pick-up", {"tag": ""}))
    accepted(porter.send(f"/deliveries/{job}/drop", {"tag": ""}))
    assert one(app, "SELECT state FROM tickets WHERE kind = 'delivery'") == "finished"
    accepted(sign_in("supervisor").send(f"/tickets/{job}/verification"))


def test_at_the_wrong_place_it_warns_and_wants_a_reason(app, world, sign_in, porter):
    job = ask(sign_in("requester"), world)
    wrong = {"tag": world.tags["store-room"]}
    assert "701室" in refused(porter.send(f"/deliveries/{job}/pick-up", wrong), 422, "wrong-place")
    accepted(porter.send(f"/deliveries/{job}/pick-up", wrong | {"note": "病人已在走廊"}))
    assert one(app, "SELECT picked_up_proof FROM deliveries") == "other_place"
    refused(porter.send(f"/deliveries/{job}/drop", {"tag": world.tags["south-room"]}), 422, "wrong-site")
    page = porter.page(f"/t/{world.tags['room']}").text
    assert "在这里交接吗" in page


def test_what_cannot_be(app, world, sign_in, porter):
    job = ask(sign_in("requester"), world)
    refused(porter.send(f"/deliveries/{job}/drop", {"tag": ""}), 422, "not-owner")
    accepted(porter.send(f"/tickets/{job}/acceptance"))
    refused(porter.send(f"/deliveries/{job}/drop", {"tag": ""}), 422, "not-picked-up")
    refused(sign_in("technician").send(f"/deliveries/{job}/pick-up", {"tag": ""}), 422, "not-owner")
    accepted(porter.send(f"/deliveries/{job}/pick-up", {"tag": ""}))
    refused(porter.send(f"/deliveries/{job}/pick-up", {"tag": ""}), 422, "wrong-state")
    assert sign_in("requester").send(f"/deliveries/{job}/drop", {"tag": ""}).status_code == 403
    unseen(sign_in("southerner").send(f"/deliveries/{job}/drop", {"tag": ""}))
    nurse = sign_in("requester")
    refused(nurse.send("/deliveries", carrying(world, to_id=str(world.places["room"]))), 422, "same-place")
    refused(nurse.send("/deliveries", carrying(world, cargo="")), 422, "choice-missing")
    refused(nurse.send("/deliveries", carrying(world, to_id="")), 422, "where-missing")
    unseen(nurse.send("/deliveries", carrying(world, to_id=some_id())))
    assert one(app, "SELECT COUNT(*) FROM deliveries") == 1


def test_urgent_first_then_near(world, sign_in, porter):
    nurse = sign_in("requester")
    near, far, urgent = (
        ask(nurse, world, **more)
        for more in (
            {"priority": "3"},
            {"priority": "3", "from_id": str(world.places["store-room"]), "to_id": str(world.places["north-floor"])},
            {"priority": "1", "from_id": str(world.places["store-room"]), "to_id": str(world.places["north-floor"])},
        )
    )
    carried = ask(nurse, world, to_id=str(world.places["store-room"]))
    accepted(porter.send(f"/deliveries/{carried}/pick-up", {"tag": world.tags["room"]}))
    text = porter.page("/deliveries").response.get_data(as_text=True)
    assert text.index(urgent) < text.index(near) < text.index(far)  # the porter is in the room


def test_it_is_asked_for_once(app, world, sign_in):
    form, key = carrying(world), some_id()
    for _ in range(2):
        accepted(sign_in("requester").send("/deliveries", form, key=key), 201)
    assert one(app, "SELECT COUNT(*) FROM deliveries") == 1
    assert sign_in("requester").page("/deliveries/new").form("/deliveries") is not None


IDS = st.lists(st.sampled_from([uuid4() for _ in range(4)]), min_size=1, max_size=4)


@given(IDS, IDS)
def test_distance_is_the_same_both_ways_and_zero_only_for_the_same_place(one_way, other):
    assert distance(one_way, other) == distance(other, one_way)
    assert (distance(one_way, other) == 0) == (one_way == other)


@given(st.lists(st.builds(Waiting, st.integers(1, 4), st.integers(0, 3), st.datetimes()), max_size=6))
def test_nothing_near_overtakes_what_is_urgent(waiting):
    ordered = sorted(waiting, key=fetching_order)
    assert [one.priority for one in ordered] == sorted(one.priority for one in waiting)
