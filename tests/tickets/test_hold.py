"""Holds: the clock stops for one of two reasons, and the deadline moves by exactly the pause."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.tickets import actions
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Due, HoldReason, State
from tests.support.behaviour import CommandOnTicket
from tests.support.client import accepted, refused
from tests.support.counting import one, sql
from tests.support.tickets import bring_to, make_ticket

WHEN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PAUSES = st.timedeltas(timedelta(0), timedelta(days=20)).map(lambda pause: pause - pause % timedelta(milliseconds=1))


class TestHold(CommandOnTicket):
    resource = "hold"
    possible = ("accepted",)
    leads_to = "on_hold"
    may_not = ("requester", "guard", "storekeeper", "manager", "administrator")

    def fields(self, world):
        return {"reason": "material", "note": "等灯管"}

    @pytest.mark.parametrize("reason", ["", "lunch", "MATERIAL"])
    def test_no_other_reason_stops_the_clock(self, world, sign_in, ticket, reason):
        refused(sign_in("technician").send(self.path(ticket), {"reason": reason}), 422, "choice-missing")

    @pytest.mark.parametrize("login", ["second", "supervisor", "foreman"])
    def test_only_the_owner_holds_it(self, world, sign_in, ticket, login):
        refused(sign_in(login).send(self.path(ticket), self.fields(world)), 422, "not-owner")

    def test_the_reason_is_kept_with_the_job_and_in_its_story(self, app, world, sign_in, ticket):
        accepted(sign_in("technician").send(self.path(ticket), {"reason": "access", "note": "病房有人"}))
        assert one(app, "SELECT hold_reason FROM tickets") == "access"
        story = sql(app, "SELECT hold_reason, note FROM ticket_events WHERE verb = 'hold'")
        assert story == [("access", "病房有人")]


class TestResumption(CommandOnTicket):
    resource = "resumption"
    possible = ("on_hold",)
    leads_to = "accepted"
    may_not = ("requester", "guard", "storekeeper", "manager", "administrator")

    @pytest.mark.parametrize("login", ["second", "supervisor", "foreman"])
    def test_only_the_owner_resumes_it(self, sign_in, ticket, login):
        refused(sign_in(login).send(self.path(ticket)), 422, "not-owner")

    def test_nothing_of_the_hold_remains(self, app, sign_in, ticket):
        accepted(sign_in("technician").send(self.path(ticket)))
        assert sql(app, "SELECT hold_reason, hold_since FROM tickets") == [(None, None)]


@given(PAUSES, PAUSES, st.sampled_from(["resume", "release", "finish", "cancel"]))
def test_the_deadline_moves_by_exactly_the_pause(app, world, before, pause, end):
    with app.app_context():
        ticket = bring_to(world, State.ACCEPTED, at=WHEN)
        due = ticket.resolution_due_at
        response = ticket.response_due_at
        me, boss = world.person("technician"), world.person("supervisor")
        held = server_moment(WHEN + before)
        ended = server_moment(WHEN + before + pause)
        actions.hold(ticket, HoldReason.ACCESS, "", by=me, at=held)
        ways = {
            "resume": lambda: actions.resume(ticket, by=me, at=ended),
            "release": lambda: actions.release(ticket, "换班", by=me, at=ended),
            "finish": lambda: actions.finish(ticket, by=me, at=ended),
            "cancel": lambda: actions.cancel(ticket, "误报", by=boss, at=ended),
        }
        ways[end]()
        assert ticket.resolution_due_at == due + pause
        assert ticket.response_due_at == response
        assert ticket.paused_seconds == int(pause.total_seconds())
        assert ticket.hold_since is None
        session.rollback()


@given(st.lists(PAUSES, max_size=5))
def test_several_pauses_add_up(app, world, pauses):
    with app.app_context():
        ticket = bring_to(world, State.ACCEPTED, at=WHEN)
        due, at, me = ticket.resolution_due_at, ticket.changed_at, world.person("technician")
        for pause in pauses:
            actions.hold(ticket, HoldReason.MATERIAL, "", by=me, at=server_moment(at))
            actions.resume(ticket, by=me, at=server_moment(at + pause))
            at += pause
        assert ticket.resolution_due_at - due == sum(pauses, timedelta(0))
        session.rollback()


def test_a_phone_whose_clock_jumped_back_takes_nothing_from_the_deadline(app, world):
    with app.app_context():
        ticket = bring_to(world, State.ACCEPTED, at=WHEN)
        due, me = ticket.resolution_due_at, world.person("technician")
        actions.hold(ticket, HoldReason.MATERIAL, "", by=me, at=server_moment(WHEN + timedelta(hours=2)))
        actions.resume(ticket, by=me, at=server_moment(WHEN))
        assert ticket.resolution_due_at == due
        assert ticket.paused_seconds == 0
        session.rollback()


def test_holding_and_resuming_offline_counts_by_the_phones_corrected_clock(app, world, sign_in):
    """Both were made without a network, on a phone 26 minutes slow, and arrive an hour later in one go."""
    with time_machine.travel(WHEN, tick=False):
        ticket, client = make_ticket(app, world, "accepted"), sign_in("technician")
        with app.app_context():
            due = session.get_one(Ticket, ticket).resolution_due_at
    slow = timedelta(minutes=26)
    with time_machine.travel(WHEN + timedelta(hours=2), tick=False):
        sent = WHEN + timedelta(hours=2) - slow
        held, resumed = sent - timedelta(minutes=50), sent - timedelta(minutes=20)
        path = f"/tickets/{ticket}"
        accepted(client.send(f"{path}/hold", {"reason": "access"}, made_at=held, sent_at=sent))
        accepted(client.send(f"{path}/resumption", made_at=resumed, sent_at=sent))
    with app.app_context():
        assert session.get_one(Ticket, ticket).resolution_due_at == due + timedelta(minutes=30)


def test_while_it_is_on_hold_no_deadline_is_missed(app, world):
    ticket = make_ticket(app, world, "on_hold", at=WHEN - timedelta(days=30))
    with app.app_context():
        found = session.get_one(Ticket, ticket)
        assert found.due(WHEN) is Due.PAUSED
