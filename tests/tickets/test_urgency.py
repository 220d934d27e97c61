"""More or less urgent than it seemed: both clocks are counted anew, pauses and agreed deadlines stay."""

from datetime import UTC, datetime, timedelta

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.places.models import Care, PlaceContext
from crew_app.tickets import actions, queries, urgency
from crew_app.tickets.clock_face import clock_face, length
from crew_app.tickets.deadlines import agree
from crew_app.tickets.rules import RESOLUTION, RESPONSE, Due, HoldReason, Priority, State
from tests.support.behaviour import CommandOnTicket
from tests.support.client import accepted, refused
from tests.support.counting import one, sql
from tests.support.tickets import bring_to

WHEN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class TestUrgency(CommandOnTicket):
    resource = "urgency"
    actor = "supervisor"
    possible = ("open", "accepted", "on_hold")
    may_not = ("requester", "technician", "guard", "storekeeper", "administrator")

    def fields(self, world):
        return {"priority": "1", "job_kind": "drain", "note": "楼下漏水"}

    def test_the_story_tells_it_in_both_languages(self, app, sign_in, ticket):
        accepted(sign_in("supervisor").send(self.path(ticket), self.fields(None)))
        note = one(app, "SELECT note FROM ticket_events WHERE verb = 'change'")
        assert note == "3→1 · 灯具/Lamp→下水道/Drain\n楼下漏水"
        assert "Normal → Emergency · Lamp → Drain" in sign_in("manager", language="en").page(f"/tickets/{ticket}").text
        assert "普通 → 特急 · 灯具 → 下水道" in sign_in("manager").page(f"/tickets/{ticket}").text

    def test_nothing_new_is_said_so(self, app, sign_in, ticket):
        refused(sign_in("supervisor").send(self.path(ticket), {"priority": "3"}), 422, "nothing-changed")
        assert sql(app, "SELECT 1 FROM ticket_events WHERE verb = 'change'") == []


def change(world, ticket, priority, at):
    asked = urgency.Asked(priority, ticket.job_kind)
    urgency.change(ticket, asked, by=world.person("supervisor"), at=server_moment(at))


def test_both_clocks_are_counted_anew_with_the_pauses_so_far(app, world):
    with app.app_context():
        ticket, me = bring_to(world, State.ACCEPTED, at=WHEN), world.person("technician")
        actions.hold(ticket, HoldReason.PATIENT, "", by=me, at=server_moment(WHEN + HOUR))
        actions.resume(ticket, by=me, at=server_moment(WHEN + 3 * HOUR))
        actions.hold(ticket, HoldReason.ACCESS, "", by=me, at=server_moment(WHEN + 4 * HOUR))
        change(world, ticket, Priority.URGENT, WHEN + 5 * HOUR)
        actions.resume(ticket, by=me, at=server_moment(WHEN + 6 * HOUR))
        assert ticket.response_due_at == WHEN + RESPONSE[Priority.URGENT]
        assert ticket.resolution_due_at == WHEN + RESOLUTION[Priority.URGENT] + 4 * HOUR
        session.rollback()


def test_an_agreed_deadline_stays_and_no_rule_contradicts_the_supervisor(app, world):
    with app.app_context():
        site = world.sites["north"]
        room = PlaceContext(place_id=world.places["room"], site_id=site, care=Care.THEATRE, changed_at=WHEN)
        session.add(room)
        ticket = bring_to(world, State.OPEN, at=WHEN)
        assert ticket.priority == Priority.URGENT
        agree(ticket, WHEN + timedelta(days=5))
        change(world, ticket, Priority.LOW, WHEN + HOUR)
        assert ticket.priority == Priority.LOW
        assert ticket.response_due_at == WHEN + RESPONSE[Priority.LOW]
        assert ticket.resolution_due_at == WHEN + timedelta(days=5)
        session.rollback()


def test_the_page_shows_both_clocks_and_every_pause_with_its_reason(app, world, sign_in):
    with app.app_context():
        now = datetime.now(UTC)
        ticket, me = bring_to(world, State.OPEN, at=now - 5 * HOUR), world.person("technician")
        actions.accept(ticket, by=me, at=server_moment(now - 2.5 * HOUR))
        actions.hold(ticket, HoldReason.PATIENT, "", by=me, at=server_moment(now - 2 * HOUR))
        actions.resume(ticket, by=me, at=server_moment(now - 0.5 * HOUR))
        face = clock_face(queries.whole(me, ticket.id), now)
        assert (face.response.due, face.response.over(now)) == (Due.NONE, 0.5 * HOUR)
        assert (face.resolution.due, face.resolution.left(now)) == (Due.ON_TIME, 44.5 * HOUR)
        assert [(stop.reason, length(stop, now)) for stop in face.stops] == [(HoldReason.PATIENT, 1.5 * HOUR)]
        session.commit()
        path = f"/tickets/{ticket.id}"
    text = sign_in("technician", language="en").page(path).text
    assert "over by 30 min" in text
    assert "Patient in the room · 1 h 30 min" in text
    assert "44 h left" in text
