"""Finishing: the work is reported as done, and waits for somebody else's eyes."""

import pytest

from tests.support.behaviour import CommandOnTicket
from tests.support.client import accepted, refused
from tests.support.counting import one
from tests.support.tickets import make_ticket


class TestCompletion(CommandOnTicket):
    resource = "completion"
    possible = ("accepted", "on_hold")
    leads_to = "finished"
    may_not = ("requester", "guard", "storekeeper", "manager", "administrator")

    def fields(self, world):
        return {"note": "更换灯管"}

    @pytest.mark.parametrize("login", ["second", "supervisor", "foreman"])
    def test_only_the_owner_finishes_it(self, world, sign_in, ticket, login):
        refused(sign_in(login).send(self.path(ticket), self.fields(world)), 422, "not-owner")

    def test_words_are_kept_and_not_required(self, app, world, sign_in, ticket):
        accepted(sign_in("technician").send(self.path(ticket), {"note": " 更换灯管 "}))
        assert one(app, "SELECT note FROM ticket_events WHERE verb = 'finish'") == "更换灯管"
        accepted(sign_in("technician").send(self.path(make_ticket(app, world, "accepted"))))

    def test_the_owner_stays_known(self, app, world, sign_in, ticket):
        accepted(sign_in("technician").send(self.path(ticket), self.fields(world)))
        assert one(app, "SELECT login FROM people JOIN tickets ON owner_id = people.id") == "technician"
        assert one(app, "SELECT finished_at FROM tickets") is not None

    def test_a_hold_ends_with_it(self, app, world, sign_in):
        ticket = make_ticket(app, world, "on_hold")
        accepted(sign_in("technician").send(self.path(ticket), self.fields(world)))
        assert one(app, "SELECT hold_since FROM tickets") is None
