"""Issues: what was approved leaves the store, signed; to bags and jobs also freely; never more than there is."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crew_app.core.db import session, write_transaction
from crew_app.people import actions as people
from crew_app.storeroom import fulfilment
from crew_app.storeroom.models import Slip
from tests.storeroom.test_requests import granting, state, wish
from tests.support.client import accepted, refused, some_id
from tests.support.counting import counts, one, sql
from tests.support.tickets import make_ticket
from tests.tickets.test_materials import balance

PATH = "M10 20L30 40L50 60"
EARLIER = timedelta(hours=2)


def handing(world, *lines, receiver="technician", **more):
    fields = wish(world, lines or (("tube", "2"),))
    fields |= {"store_id": str(world.accounts["store"]), "receiver_id": str(world.people[receiver])}
    return fields | {"receiver_path": PATH, "storekeeper_paper": "1"} | more


def against(world, *lines, **more):
    request_id = str(world.requests["ward"])
    return handing(world, *lines, receiver="requester", request_id=request_id) | more


@pytest.fixture
def keeper(sign_in):
    return sign_in("storekeeper")


@pytest.fixture
def approved(world, sign_in):
    """The ward's request for two tubes, granted."""
    path = f"/stock/requests/{world.requests['ward']}"
    accepted(sign_in("supervisor").send(f"{path}/approval", granting(world, ("tube", "2"))))
    return path


def test_an_approved_request_is_handed_out_and_done(app, world, keeper, approved):
    assert "七病区" in keeper.page("/stock/issues").text
    page = keeper.page(f"/stock/issues/new?request={world.requests['ward']}")
    assert "LED灯管" in page.text
    location = accepted(keeper.send("/stock/issues", against(world)), 201)
    assert location.startswith("/stock/slips/")
    assert balance(app, "department", "tube") == 2
    assert balance(app, "store", "tube") == 188
    assert state(app, world.requests["ward"]) == "done"
    assert sql(app, "SELECT signer, path <> '' FROM signatures ORDER BY signer") == [
        ("receiver", 1),
        ("storekeeper", 0),
    ]
    assert "CK-" in keeper.page("/stock/issues").text
    assert "2" in keeper.page(approved).text


def test_what_was_not_handed_out_stays_open(app, world, keeper, approved):
    accepted(keeper.send("/stock/issues", against(world, ("tube", "0.5"))), 201)
    assert state(app, world.requests["ward"]) == "approved"
    assert "1.5" in keeper.page("/stock/requests/pick-list").text
    refused(keeper.send("/stock/issues", against(world, ("tube", "1.6"))), 422, "more-than-granted")
    accepted(keeper.send("/stock/issues", against(world, ("tube", "1.5"))), 201)
    assert state(app, world.requests["ward"]) == "done"
    refused(keeper.send("/stock/issues", against(world, ("tube", "1"))), 422, "wrong-state")


def test_or_is_closed_by_the_storekeeper(app, world, keeper, approved, sign_in):
    accepted(keeper.send("/stock/issues", against(world, ("tube", "1"))), 201)
    refused(sign_in("requester").send(f"{approved}/cancellation"), 422, "partly-issued")
    accepted(keeper.send(f"{approved}/closure"))
    assert state(app, world.requests["ward"]) == "done"
    assert "LED灯管" not in keeper.page("/stock/requests/pick-list").text


def test_nothing_is_handed_out_before_it_is_approved(app, world, keeper):
    before = counts(app)
    refused(keeper.send("/stock/issues", against(world)), 422, "wrong-state")
    assert counts(app) == before


def test_a_ward_gets_nothing_without_a_request(app, world, keeper):
    fields = handing(world, receiver="requester", department_id=str(world.departments["ward"]))
    refused(keeper.send("/stock/issues", fields), 422, "request-needed")
    assert balance(app, "department", "tube") == 0


def test_a_bag_and_a_job_get_it_freely(app, world, keeper, sign_in):
    accepted(keeper.send("/stock/issues", handing(world, ("valve", "3"))), 201)
    assert balance(app, "bag", "valve") == 3
    ticket = make_ticket(app, world, "accepted")
    assert str(ticket) in keeper.page(f"/stock/issues/new?ticket={ticket}").html
    accepted(keeper.send("/stock/issues", handing(world, ("valve", "4"), ticket_id=str(ticket))), 201)
    assert balance(app, "ticket", "valve") == 4
    assert "角阀" in sign_in("technician").page(f"/tickets/{ticket}").text


def test_a_closed_job_gets_nothing(app, world, keeper):
    fields = handing(world, ticket_id=str(make_ticket(app, world, "cancelled")))
    refused(keeper.send("/stock/issues", fields), 422, "closed-ticket")


def test_a_technicians_request_goes_into_that_bag_or_on_that_job(app, world, keeper, sign_in):
    for ticket, kind in ((None, "bag"), (make_ticket(app, world, "accepted"), "ticket")):
        more = {"ticket_id": str(ticket)} if ticket else {}
        path = accepted(sign_in("second").send("/stock/requests", wish(world, [("valve", "2")], **more)), 201)
        accepted(sign_in("supervisor").send(f"{path}/approval", granting(world, ("valve", "2"))))
        request_id = path.rsplit("/", 1)[1]
        accepted(keeper.send("/stock/issues", handing(world, ("valve", "2"), request_id=request_id)), 201)
        assert balance(app, kind, "valve") == 2  # the bag of whoever asked, though the technician fetched it


@pytest.mark.parametrize("receiver", ["southerner", "guard", "contractor", "requester"])
def test_a_receiver_who_lacks_the_right(app, world, keeper, receiver):
    refused(keeper.send("/stock/issues", handing(world, receiver=receiver)), 422, "receiver")
    assert balance(app, "store", "tube") == 190


def test_nor_one_who_was_shut_out_or_is_unknown(app, world, keeper, approved):
    with app.app_context(), write_transaction():
        people.set_active(world.person("technician"), active=False)
    refused(keeper.send("/stock/issues", handing(world)), 422, "receiver")
    refused(keeper.send("/stock/issues", against(world, receiver_id=some_id())), 422, "receiver")
    refused(keeper.send("/stock/issues", against(world, receiver_id="")), 422, "receiver")


@pytest.mark.parametrize(
    "change",
    [{"receiver_path": ""}, {"storekeeper_paper": ""}, {"receiver_path": "<script>"}, {"receiver_path": "M" * 50_000}],
)
def test_both_sign(app, world, keeper, approved, change):
    refused(keeper.send("/stock/issues", against(world) | change), 422, "signature")
    assert one(app, "SELECT COUNT(*) FROM signatures") == 0
    assert balance(app, "store", "tube") == 190


def test_no_more_than_there_is_unless_it_has_happened(app, world, keeper):
    refused(keeper.send("/stock/issues", handing(world, ("valve", "31"))), 422, "not-enough")
    assert balance(app, "store", "valve") == 30
    fields, then = handing(world, ("valve", "31")), datetime.now(UTC) - EARLIER
    accepted(keeper.send("/stock/issues", fields, made_at=then), 201)
    assert balance(app, "store", "valve") == -1
    assert sql(app, "SELECT missing FROM discrepancies") == [(1000,)]


@pytest.fixture
def kept(app, world, sign_in):
    """A job of the technician for which 25 of 30 valves are kept back."""
    ticket = make_ticket(app, world, "accepted")
    fields = {"reason": "material", "item_id": str(world.items["valve"]), "quantity": "25"}
    accepted(sign_in("technician").send(f"/tickets/{ticket}/hold", fields))
    return ticket


def test_what_is_kept_back_for_a_job_is_not_for_others(app, world, keeper, kept):
    other = make_ticket(app, world, "accepted")
    for more in ({"receiver": "second"}, {"ticket_id": str(other)}):
        answer = keeper.send("/stock/issues", handing(world, ("valve", "6"), **more))
        assert "员工technician" in answer.get_data(as_text=True)
        refused(answer, 422, "reserved")
    assert "over_reserved" in keeper.page("/stock/issues/new").html
    accepted(keeper.send("/stock/issues", handing(world, ("valve", "5"), receiver="second")), 201)
    accepted(keeper.send("/stock/issues", handing(world, ("valve", "20"))), 201)
    accepted(keeper.send("/stock/issues", handing(world, ("valve", "5"), ticket_id=str(kept))), 201)
    assert balance(app, "store", "valve") == 0


def test_unless_the_storekeeper_says_so_or_it_has_happened(app, world, keeper, kept):
    accepted(keeper.send("/stock/issues", handing(world, ("valve", "6"), receiver="second", over_reserved="1")), 201)
    made_at = datetime.now(UTC) - EARLIER
    fields = handing(world, ("valve", "4"), receiver="second")
    accepted(keeper.send("/stock/issues", fields, made_at=made_at), 201)
    refused(keeper.send("/stock/issues", handing(world, ("valve", "21"), receiver="second")), 422, "not-enough")
    assert balance(app, "store", "valve") == 20


def test_what_was_handed_out_offline_is_booked_though_the_request_was_closed(app, world, keeper, approved):
    accepted(keeper.send("/stock/issues", against(world, ("tube", "2"))), 201)
    refused(keeper.send("/stock/issues", against(world, ("tube", "1"))), 422, "wrong-state")
    accepted(keeper.send("/stock/issues", against(world, ("tube", "1")), made_at=datetime.now(UTC) - EARLIER), 201)
    assert balance(app, "department", "tube") == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"store_id": "south-store"}, 404),
        ({"store_id": "supplier"}, 403),
        ({"store_id": "bag"}, 403),
        ({"line_item": some_id()}, 404),
        ({"request_id": some_id()}, 404),
        ({"ticket_id": some_id()}, 404),
        ({"line_quantity": "-1"}, 422),
        ({"line_quantity": "0"}, 422),
        ({"line_quantity": "1e30"}, 422),
        ({"slip_id": ""}, 422),
    ],
)
def test_what_cannot_be(app, world, keeper, change, status):
    name = change.get("store_id")
    before = counts(app)
    refused(
        keeper.send(
            "/stock/issues", handing(world) | change | ({"store_id": str(world.accounts[name])} if name else {})
        ),
        status,
    )
    assert counts(app) == before


@pytest.mark.parametrize("login", ["technician", "supervisor", "manager", "requester", "outsider"])
def test_only_the_storekeeper_hands_out(app, world, sign_in, login):
    assert sign_in(login).send("/stock/issues", handing(world)).status_code in (403, 404)
    assert balance(app, "store", "tube") == 190


def test_a_job_owes_the_old_part_and_it_is_handed_in(app, world, keeper, sign_in):
    with app.app_context(), write_transaction():
        world.item("valve").old_for_new = True
    ticket = make_ticket(app, world, "accepted")
    accepted(keeper.send("/stock/issues", handing(world, ("valve", "2"), ticket_id=str(ticket))), 201)
    assert balance(app, "owed", "valve") == 2
    mine = sign_in("technician")
    assert "角阀" in mine.page("/stock/old-parts").text
    assert "角阀" not in sign_in("second").page("/stock/old-parts").text
    assert str(world.people["technician"]) in {
        part.get("data-shown-for") for part in keeper.page("/stock/issues/new").all("div")
    }
    path, fields = f"/stock/old-parts/{world.accounts['owed']}/returns", wish(world, [("valve", "1")])
    assert path in keeper.page("/stock/old-parts").actions
    assert mine.send(path, fields).status_code == 403
    refused(keeper.send(path, wish(world, [("valve", "3")])), 422, "not-owed")
    refused(keeper.send(path, wish(world, [("valve", "2"), ("valve", "2")])), 422, "not-owed")
    refused(keeper.send(path, wish(world, [("tube", "1")])), 422, "not-owed")
    accepted(keeper.send(path, fields))
    assert balance(app, "owed", "valve") == 1
    assert balance(app, "off_book", "valve") == 1


@settings(max_examples=15)
@given(parts=st.lists(st.integers(min_value=1, max_value=2500), min_size=1, max_size=4))
def test_what_is_left_is_always_what_was_granted_less_what_went(app, world, keeper, sign_in, parts):
    path = accepted(sign_in("second").send("/stock/requests", wish(world, [("tube", "2")])), 201)
    accepted(sign_in("supervisor").send(f"{path}/approval", granting(world, ("tube", "2"))))
    request_id, left = UUID(path.rsplit("/", 1)[1]), 2000
    for part in parts:
        fields = handing(world, ("tube", f"{part / 1000:.3f}"), request_id=str(request_id))
        assert (keeper.send("/stock/issues", fields).status_code == 201) is (part <= left)
        left -= part if part <= left else 0
        with app.app_context():
            open_now = [line.left for line in fulfilment.open_lines(session.get_one(Slip, request_id))]
        assert [int(quantity * 1000) for quantity in open_now] == ([left] if left else [])
