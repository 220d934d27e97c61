"""Opening: three touches from a scan; the device gives the id, the server the number."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import RESOLUTION, RESPONSE, Priority
from tests.support.client import accepted, path_of, refused, some_id, unseen
from tests.support.counting import counts, one, sql
from tests.support.pictures import announcement, jpeg
from tests.support.tickets import report_fields

WHEN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_a_report_becomes_an_open_job_with_a_story(app, world, sign_in):
    fields = report_fields(world)
    assert accepted(sign_in("requester").send("/tickets", fields), 201) == f"/tickets/{fields['ticket_id']}"
    with app.app_context():
        ticket = session.get_one(Ticket, UUID(fields["ticket_id"]))
        assert ticket.state == "open"
        assert ticket.reporter_id == world.people["requester"]
        assert ticket.owner_id is None
        assert [(event.verb, event.note) for event in ticket.events if event.verb != "assign"] == [("open", "灯管闪烁")]


def test_the_number_is_made_of_kind_day_and_count(world, sign_in):
    page = sign_in("technician").page(accepted(sign_in("technician").send("/tickets", report_fields(world)), 201))
    assert re.search(r"WX-\d{8}-0001", page.text)


@pytest.mark.parametrize("kind", ["lamp", "drain", "oxygen", "paint"])
def test_deadlines_follow_the_usual_urgency_of_the_kind(app, world, sign_in, kind):
    with time_machine.travel(WHEN, tick=False):
        accepted(sign_in("technician").send("/tickets", report_fields(world, job_kind=kind)), 201)
    _check_deadlines(app, {"lamp": 3, "drain": 2, "oxygen": 1, "paint": 4}[kind], WHEN)


@pytest.mark.parametrize("priority", ["1", "2", "3", "4"])
def test_a_chosen_urgency_goes_before_the_usual_one(app, world, sign_in, priority):
    with time_machine.travel(WHEN, tick=False):
        accepted(sign_in("technician").send("/tickets", report_fields(world, priority=priority)), 201)
    _check_deadlines(app, int(priority), WHEN)


@pytest.mark.parametrize("priority", ["", "0", "5", "urgent", "-1", "９"])
def test_an_urgency_that_does_not_exist_counts_as_none(app, world, sign_in, priority):
    accepted(sign_in("technician").send("/tickets", report_fields(world, priority=priority)), 201)
    assert one(app, "SELECT priority FROM tickets") == 3


def test_deadlines_count_from_the_phones_corrected_time(app, world, sign_in):
    """Reported in a basement at eight by a clock two hours slow, sent at nine."""
    slow, sent = timedelta(hours=2), WHEN + timedelta(hours=1)
    with time_machine.travel(sent, tick=False):
        response = sign_in("technician").send(
            "/tickets", report_fields(world), made_at=WHEN - slow, sent_at=sent - slow
        )
    accepted(response, 201)
    _check_deadlines(app, 3, WHEN)
    assert one(app, "SELECT clock_suspect FROM ticket_events WHERE verb = 'open'")


def test_a_report_for_an_asset_knows_its_place(app, world, sign_in):
    fields = report_fields(world, asset_id=str(world.assets["pump"])) | {"place_id": ""}
    accepted(sign_in("technician").send("/tickets", fields), 201)
    assert one(app, "SELECT COUNT(*) FROM tickets t JOIN places p ON p.id = t.place_id WHERE asset_id IS NOT NULL") == 1


def test_photos_may_come_with_the_report(app, world, sign_in):
    fields = report_fields(world) | announcement(jpeg())
    accepted(sign_in("technician").send("/tickets", fields), 201)
    assert sql(app, "SELECT role, position FROM ticket_photos") == [("report", 0)]


@pytest.mark.parametrize(
    "change",
    [{"job_kind": ""}, {"job_kind": "magic"}, {"ticket_id": ""}, {"ticket_id": "1"}, {"description": "x" * 2001}],
    ids=str,
)
def test_what_is_missing_is_refused_and_nothing_is_opened(app, world, sign_in, change):
    before = counts(app)
    refused(sign_in("technician").send("/tickets", report_fields(world) | change), 422)
    assert counts(app) == before


@pytest.mark.parametrize("place", ["", "south-room"])
def test_a_place_that_is_not_ones_own_is_not_found(app, world, sign_in, place):
    fields = report_fields(world) | {"place_id": str(world.places.get(place, ""))}
    unseen(sign_in("technician").send("/tickets", fields))
    unseen(sign_in("technician").send("/tickets", fields | {"place_id": some_id()}))
    assert one(app, "SELECT COUNT(*) FROM tickets") == 0


def test_an_asset_of_another_site_is_not_found(world, sign_in):
    fields = report_fields(world, asset_id=str(world.assets["south-pump"]))
    unseen(sign_in("technician").send("/tickets", fields))


def test_an_id_is_used_once(app, world, sign_in):
    client, fields = sign_in("technician"), report_fields(world)
    accepted(client.send("/tickets", fields), 201)
    refused(client.send("/tickets", fields), 422, "ticket-known")
    refused(sign_in("second").send("/tickets", fields), 422, "ticket-known")
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1


def test_a_phone_without_javascript_opens_one_as_well(world, sign_in):
    fields = report_fields(world)
    assert path_of(sign_in("requester").form("/tickets", fields)) == f"/tickets/{fields['ticket_id']}"


def test_fixed_on_the_spot_is_one_step_with_its_whole_story(app, world, sign_in):
    photo = announcement(jpeg())
    fields = report_fields(world, fixed="1", note="拧紧螺丝") | photo
    accepted(sign_in("technician").send("/tickets", fields), 201)
    assert sql(app, "SELECT state, on_the_spot FROM tickets") == [("finished", 1)]
    story = sql(app, "SELECT verb, to_state, note FROM ticket_events WHERE verb <> 'assign' ORDER BY position")
    assert story == [("open", "open", "灯管闪烁"), ("accept", "accepted", ""), ("finish", "finished", "拧紧螺丝")]
    assert sql(app, "SELECT role FROM ticket_photos") == [("after",)]


@pytest.mark.parametrize("login", ["requester", "guard", "storekeeper", "contractor"])
def test_only_technicians_fix_on_the_spot(app, world, sign_in, login):
    refused(sign_in(login).send("/tickets", report_fields(world, fixed="1")), 403)
    assert counts(app)["tickets"] == 0


def test_materials_may_follow_offline_under_ids_the_phone_gave(app, world, sign_in):
    client, fields = sign_in("technician"), report_fields(world)
    path = f"/tickets/{fields['ticket_id']}"
    used = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "1"}
    accepted(client.send("/tickets", fields), 201)
    accepted(client.send(f"{path}/acceptance"))
    accepted(client.send(f"{path}/materials", used))
    accepted(client.send(f"{path}/completion"))
    assert one(app, "SELECT state FROM tickets") == "finished"


def _check_deadlines(app, priority, opened):
    with app.app_context():
        ticket = session.query(Ticket).one()
        assert ticket.priority == priority
        assert ticket.opened_at == opened
        assert ticket.response_due_at == opened + RESPONSE[Priority(priority)]
        assert ticket.resolution_due_at == opened + RESOLUTION[Priority(priority)]
