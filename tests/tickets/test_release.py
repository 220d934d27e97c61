"""Giving a job back: it is open for others again, with the reason."""

import pytest

from tests.support.behaviour import CommandOnTicket, NeedsWords
from tests.support.client import accepted, refused
from tests.support.counting import one
from tests.support.tickets import make_ticket


class TestRelease(NeedsWords, CommandOnTicket):
    resource = "release"
    possible = ("accepted", "on_hold")
    leads_to = "open"
    may_not = ("requester", "guard", "storekeeper", "manager", "administrator")

    def fields(self, world):
        return {"note": "换班"}

    def test_the_job_is_nobodys_then(self, app, world, sign_in, ticket):
        accepted(sign_in("technician").send(self.path(ticket), self.fields(world)))
        assert one(app, "SELECT owner_id FROM tickets") is None

    @pytest.mark.parametrize("login", ["second", "supervisor", "foreman"])
    def test_only_the_owner_gives_it_back(self, world, sign_in, ticket, login):
        refused(sign_in(login).send(self.path(ticket), self.fields(world)), 422, "not-owner")

    def test_a_hold_ends_with_it(self, app, world, sign_in):
        ticket = make_ticket(app, world, "on_hold")
        accepted(sign_in("technician").send(self.path(ticket), self.fields(world)))
        assert one(app, "SELECT hold_reason FROM tickets") is None
        assert one(app, "SELECT hold_since FROM tickets") is None
        assert int(str(one(app, "SELECT paused_seconds FROM tickets"))) > 0
