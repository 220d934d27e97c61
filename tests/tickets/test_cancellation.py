"""Cancelling: a job is closed without work, with the reason."""

import pytest

from tests.support.behaviour import CommandOnTicket, NeedsWords
from tests.support.client import accepted, refused
from tests.support.counting import one
from tests.support.tickets import make_ticket, state_of


class TestCancellation(NeedsWords, CommandOnTicket):
    resource = "cancellation"
    actor = "supervisor"
    possible = ("open", "accepted", "on_hold")
    leads_to = "cancelled"
    may_not = ("technician", "guard", "storekeeper", "manager", "administrator")

    def fields(self, world):
        return {"note": "误报"}

    def test_reporters_cancel_their_own_report_while_nobody_has_accepted_it(self, app, world, sign_in):
        ticket = make_ticket(app, world)
        accepted(sign_in("requester").send(self.path(ticket), self.fields(world)))
        assert state_of(app, ticket) == "cancelled"

    @pytest.mark.parametrize("state", ["accepted", "on_hold", "finished", "verified"])
    def test_reporters_do_not_cancel_what_is_in_other_hands(self, app, world, sign_in, state):
        ticket = make_ticket(app, world, state)
        refused(sign_in("requester").send(self.path(ticket), self.fields(world)), 403, "may-not-cancel")

    def test_the_report_of_somebody_else_is_not_theirs_to_cancel(self, app, world, sign_in):
        ticket = make_ticket(app, world, reporter="guard")
        assert sign_in("requester").send(self.path(ticket), self.fields(world)).status_code == 404
        refused(sign_in("technician").send(self.path(ticket), self.fields(world)), 403, "may-not-cancel")

    def test_the_reason_is_part_of_the_story(self, app, world, sign_in, ticket):
        accepted(sign_in("supervisor").send(self.path(ticket), self.fields(world)))
        assert one(app, "SELECT note FROM ticket_events WHERE verb = 'cancel'") == "误报"
        assert one(app, "SELECT closed_at FROM tickets") is not None
