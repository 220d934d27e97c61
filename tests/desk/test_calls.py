"""Calls at the service desk: found as they are spoken, entered once, joined, and called back."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.errors import Refused
from crew_app.desk.forms import phone
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.desk import call_fields, outage_fields
from tests.support.tickets import make_ticket


@pytest.fixture
def desk(sign_in):
    return sign_in("desk")


def call(desk, world, place="room", **more):
    fields = call_fields(world, place, **more)
    accepted(desk.send("/desk/calls", fields), 201)
    return fields["ticket_id"]


def options(page):
    return [li.get("data-name") for li in page.all("li", role="option") if li.get("data-place")]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("701", "701室"),
        ("b1-702", "702室"),
        ("qbq", "701室"),
        ("七病区 702", "702室"),
        ("zyb", "增压泵"),
        ("pump", "增压泵"),
    ],
)
def test_a_place_an_asset_or_a_ward_is_found_as_it_is_spoken(desk, typed, first):
    found = options(desk.page(f"/desk/calls/new?q={typed}"))
    assert found[0].startswith(first)
    assert len(found) == len(set(found))


def test_what_is_found_is_of_ones_own_site(desk, world):
    assert options(desk.page("/desk/calls/new?q=south")) == []
    unseen(desk.get(f"/desk/calls/new?place_id={world.places['south-room']}"))


def test_a_call_becomes_a_job_of_the_caller_and_not_of_who_took_it(app, world, desk):
    ticket = call(desk, world, priority="")
    row = sql(app, "SELECT reporter_name, reporter_phone, reporter_id, priority, number FROM tickets")
    assert row[0][:4] == ("韦护士", "8105", None, 3)
    page = desk.page(f"/tickets/{ticket}")
    assert "韦护士" in page.text
    assert [a for a in page.all("a") if a.get("href") == "tel:8105"]
    assert row[0][4] in desk.page("/desk/calls/new").text  # among those taken last


def test_sent_twice_it_is_one_job(app, world, desk):
    key, fields = some_id(), call_fields(world)
    for _ in range(2):
        accepted(desk.send("/desk/calls", fields, key=key), 201)
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"place_id": ""}, "place-missing"), ({"job_kind": ""}, "job-kind-missing"), ({"phone": "打不通"}, "phone")],
)
def test_what_is_missing_is_said_and_nothing_is_half_done(app, world, desk, changes, code):
    refused(desk.send("/desk/calls", call_fields(world, **changes)), 422, code)
    assert one(app, "SELECT COUNT(*) FROM tickets") == 0


def test_the_same_again_is_offered_and_joined(app, world, desk):
    first = call(desk, world)
    offered = desk.page(f"/desk/calls/new?place_id={world.places['room']}&job_kind=lamp")
    assert [field.get("value") for field in offered.all("input", name="join_id")] == ["", first]
    call(desk, world, join_id=first, caller="莫护士", phone="8106", job_kind="")
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1
    assert sql(app, "SELECT name, phone FROM joined_callers") == [("莫护士", "8106")]
    assert "莫护士" in desk.page(f"/tickets/{first}").text


def test_a_closed_job_is_not_joined(app, world, desk):
    closed = make_ticket(app, world, "verified")
    refused(desk.send("/desk/calls", call_fields(world, join_id=str(closed))), 422, "not-live")


def test_only_the_desk_enters_calls_and_only_of_its_site(world, sign_in, desk):
    assert sign_in("technician").send("/desk/calls", call_fields(world)).status_code == 403
    unseen(desk.send("/desk/calls", call_fields(world, "south-room")))


def test_everybody_who_called_is_called_back_once(app, world, desk, sign_in):
    ticket = call(desk, world)
    call(desk, world, join_id=ticket, caller="莫护士", phone="8106")
    assert "8105" not in desk.page("/desk/calls").text  # nothing to tell yet
    worker = sign_in("technician")
    for step in ("acceptance", "completion"):
        accepted(worker.send(f"/tickets/{ticket}/{step}"))
    page = desk.page("/desk/calls")
    assert "8105" in page.text
    assert "8106" in page.text
    path, joined = f"/tickets/{ticket}/call-backs", str(one(app, "SELECT id FROM joined_callers"))
    accepted(desk.send(path, {"result": "not-reached"}))
    assert "8105" in desk.page("/desk/calls").text
    accepted(desk.send(path, {"result": "told"}))
    accepted(desk.send(path, {"result": "told", "joined_id": joined}))
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/verification"))
    text = desk.page("/desk/calls").text
    assert "8105" not in text  # verified meanwhile: that is no news
    assert "8106" not in text
    assert "已告知" in desk.page(f"/tickets/{ticket}").text


def test_what_comes_after_is_told_again(app, world, desk, sign_in):
    ticket, worker = call(desk, world), sign_in("technician")
    accepted(worker.send(f"/tickets/{ticket}/acceptance"))
    accepted(worker.send(f"/tickets/{ticket}/hold", {"reason": "access", "note": "有病人"}))
    accepted(desk.send(f"/tickets/{ticket}/call-backs", {"result": "told"}))
    assert "8105" not in desk.page("/desk/calls").text
    accepted(worker.send(f"/tickets/{ticket}/resumption"))
    accepted(worker.send(f"/tickets/{ticket}/completion"))
    assert "8105" in desk.page("/desk/calls").text


def test_a_call_back_says_how_it_went_and_whom_it_was_for(app, world, desk, sign_in):
    ticket, other = call(desk, world), call(desk, world, "store-room")
    call(desk, world, join_id=other)
    joined = str(one(app, "SELECT id FROM joined_callers"))
    refused(desk.send(f"/tickets/{ticket}/call-backs", {"result": ""}), 422, "choice-missing")
    unseen(desk.send(f"/tickets/{ticket}/call-backs", {"result": "told", "joined_id": joined}))
    assert sign_in("guard").send(f"/tickets/{ticket}/call-backs", {"result": "told"}).status_code == 403


def test_the_desk_sees_what_is_off_where_the_caller_is(world, desk):
    accepted(desk.send("/announcements", outage_fields(world)), 201)
    assert "本处停水" in desk.page(f"/desk/calls/new?place_id={world.places['room']}").text


@given(st.text("0123456789０１２ +-()转接#", max_size=35))
def test_a_number_is_kept_as_it_was_typed_or_refused(typed):
    with suppress(Refused):
        kept = phone({"phone": typed}, "phone")
        assert len(kept) <= 30
        assert not kept or kept[-1].isdigit()
        assert phone({"phone": kept}, "phone") == kept
