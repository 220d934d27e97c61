"""Jobs by the API: the same actions, receipts, events and seals as on pages."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from crew_app.connections.scopes import Scope
from crew_app.core import chain_checks
from crew_app.core.db import session, write_transaction
from crew_app.core.receipts import Receipt
from crew_app.evidence.models import Photo
from crew_app.tickets.models import PhotoRole, Ticket, TicketEvent, TicketPhoto
from tests.support.api import new_system, problem
from tests.support.tickets import make_ticket

OPENING = {"place": "north-B1-701", "job_kind": "lamp", "description": "灯管闪烁"}


def path_of(response):
    assert response.status_code in (200, 201), response.get_data(as_text=True)
    assert response.headers["Location"] == response.get_json()["href"]
    return response.get_json()["href"].removeprefix("/api/v1")


def test_a_job_is_opened_and_followed_to_its_end(app, world, system):
    path = path_of(system.post("/tickets", OPENING | {"reporter_name": "张护士", "reporter_phone": "8123"}))
    found = system.get(path).get_json()
    assert (found["state"], found["place"]["code"], found["priority"]) == ("open", "north-B1-701", 3)
    assert found["job_kind"] == {"code": "lamp", "name": "灯具", "name_en": "Lamp"}
    assert "张护士" not in system.get(path).get_data(as_text=True)
    path_of(system.post(f"{path}/acceptance", {}))
    path_of(system.post(f"{path}/notes", {"text": "已派人", "tell": True}))
    assert system.get(path).get_json()["owner"]["name_en"] == "Foreman"
    path_of(system.post(f"{path}/cancellation", {"reason": "误报"}))
    verbs = [event["verb"] for event in system.get(f"{path}/events").get_json()["items"]]
    assert verbs[0] == "open"
    assert verbs[-1] == "cancel"
    problem(system.post(f"{path}/acceptance", {}), 422, "wrong-state")
    with app.app_context():
        assert session.scalar(select(func.count(Receipt.key))) == 4
        assert list(chain_checks.faults()) == []


def test_a_job_of_an_asset_is_where_the_asset_stands(system):
    found = system.get(
        path_of(system.post("/tickets", {"asset": "pump", "job_kind": "drain", "priority": 2}))
    ).get_json()
    assert (found["asset"]["code"], found["place"]["code"], found["priority"]) == ("pump", "north-B1-701", 2)


def test_the_same_key_gets_the_first_answer_again_and_does_nothing_twice(app, system):
    key = uuid4()
    first = system.post("/tickets", OPENING, key=key)
    again = system.post("/tickets", dict(reversed(OPENING.items())), key=key)
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert again.headers["Idempotent-Replayed"] == "true"
    problem(system.post("/tickets", OPENING | {"description": "等"}, key=key), 422, "key-reused")
    with app.app_context():
        assert session.scalar(select(func.count(Ticket.id))) == 1


def test_a_key_of_somebody_else_is_not_answered(app, world, system):
    key = uuid4()
    system.post("/tickets", OPENING, key=key)
    problem(new_system(app, world, "technician").post("/tickets", OPENING, key=key), 422, "key-reused")


@pytest.mark.parametrize("key", ["", "7", "not-a-key"])
def test_a_change_without_a_key_is_malformed(system, key):
    problem(system.post("/tickets", OPENING, key=key or " "), 400, "key-missing")


def test_what_is_not_known_at_the_site_is_not_found(system):
    for wrong in ({"place": "south-B1-701"}, {"job_kind": "nothing"}, {"asset": "south-pump"}):
        problem(system.post("/tickets", OPENING | wrong), 404)


def test_a_refusal_leaves_no_receipt(app, world, system):
    key, path = uuid4(), f"/tickets/{make_ticket(app, world, 'cancelled')}"
    problem(system.post(f"{path}/cancellation", {"reason": "again"}, key=key), 422, "wrong-state")
    with app.app_context():
        assert session.get(Receipt, key) is None


def test_a_requester_sees_and_cancels_only_their_own(app, world):
    nurse = new_system(app, world, "requester")
    make_ticket(app, world, "open", reporter="technician")
    own = make_ticket(app, world, "open", reporter="requester")
    assert [one["id"] for one in nurse.get("/tickets").get_json()["items"]] == [str(own)]
    assert path_of(nurse.post(f"/tickets/{own}/cancellation", {"reason": "好了"}))
    problem(nurse.post(f"/tickets/{own}/acceptance", {}), 403, "may-not")


def test_what_somebody_reported_elsewhere_is_not_seen_by_a_token_of_another_site(app, world):
    """A token stays within its site, although its person may see their own reports anywhere."""
    there = make_ticket(app, world, "open", reporter="foreman", place="south-room")
    system = new_system(app, world, "foreman")
    problem(system.get(f"/tickets/{there}"), 404, "unknown-ticket")
    assert system.get("/tickets").get_json()["items"] == []


def test_lists_are_narrowed(app, world, system):
    for state in ("open", "accepted", "verified"):
        make_ticket(app, world, state)
    assert len(system.get("/tickets?live=true").get_json()["items"]) == 2
    assert len(system.get("/tickets?state=verified").get_json()["items"]) == 1
    assert len(system.get(f"/tickets?place_id={world.places['room']}").get_json()["items"]) == 3
    assert system.get("/tickets?opened_from=2099-01-01T00:00:00%2B08:00").get_json()["items"] == []


def test_photos_are_links_that_the_token_opens(app, world, system):
    job, photo_id = make_ticket(app, world, "open"), uuid4()
    with app.app_context(), write_transaction():
        ticket = session.get_one(Ticket, job)
        words = {"sha256": "0" * 64, "byte_size": 1, "media_type": "image/jpeg", "source": "live"}
        times = {"at": ticket.opened_at, "received_at": ticket.opened_at}
        session.add(Photo(id=photo_id, site_id=ticket.site_id, **words, **times))
        session.flush()
        session.add(
            TicketPhoto(photo_id=photo_id, ticket_id=job, site_id=ticket.site_id, role=PhotoRole.REPORT, position=0)
        )
    [photo] = system.get(f"/tickets/{job}").get_json()["photos"]
    assert (photo["href"], photo["here"]) == (f"/api/v1/photos/{photo_id}", False)
    problem(system.get(f"/photos/{photo_id}"), 404, "photo-not-here")
    problem(new_system(app, world, "requester", {Scope.PLACES_READ}).get(f"/photos/{photo_id}"), 403, "scope-missing")


def test_an_event_by_the_api_carries_its_receipt(app, system):
    key = uuid4()
    system.post("/tickets", OPENING, key=key)
    with app.app_context():
        assert session.scalars(select(TicketEvent.receipt_key).where(TicketEvent.position == 0)).one() == key
