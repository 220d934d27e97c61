"""Accepting: a job comes into one person's hands."""

from tests.support.behaviour import CommandOnTicket
from tests.support.client import accepted, refused
from tests.support.counting import one
from tests.support.tickets import make_ticket


class TestAcceptance(CommandOnTicket):
    resource = "acceptance"
    possible = ("open",)
    leads_to = "accepted"
    may_not = ("requester", "guard", "storekeeper", "manager", "administrator")

    def test_whoever_accepts_is_the_owner(self, app, world, sign_in, ticket):
        accepted(sign_in("second").send(self.path(ticket)))
        assert one(app, "SELECT login FROM people JOIN tickets ON owner_id = people.id") == "second"

    def test_nobody_takes_it_out_of_other_hands(self, app, world, sign_in, ticket):
        accepted(sign_in("second").send(self.path(ticket)))
        refused(sign_in("technician").send(self.path(ticket)), 422, "wrong-state")
        assert one(app, "SELECT login FROM people JOIN tickets ON owner_id = people.id") == "second"

    def test_the_first_answer_stays_the_first(self, app, world, sign_in):
        ticket = make_ticket(app, world, "accepted")
        first = one(app, "SELECT accepted_at FROM tickets")
        accepted(sign_in("technician").send(f"/tickets/{ticket}/release", {"note": "换班"}))
        accepted(sign_in("second").send(self.path(ticket)))
        assert one(app, "SELECT accepted_at FROM tickets") == first
