"""Review: finished work is passed or sent back, never by anybody who had a hand in it, by no path."""

import pytest

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from crew_app.people import actions as people
from crew_app.people.rules import Role
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import HoldReason, State
from tests.support.behaviour import CommandOnTicket, NeedsWords
from tests.support.client import accepted, refused
from tests.support.counting import one, sql
from tests.support.review import queued
from tests.support.tickets import bring_to, make_ticket, report_fields, state_of

HANDS = ["accept", "hold", "material", "finish"]
VERDICTS = [("verification", {}), ("return", {"note": "未修好"})]


class TestVerification(CommandOnTicket):
    resource = "verification"
    actor = "supervisor"
    possible = ("finished",)
    leads_to = "verified"
    may_not = ("second", "guard", "storekeeper", "administrator")

    def test_it_is_closed_then(self, app, world, sign_in, ticket):
        accepted(sign_in("manager").send(self.path(ticket), {"note": "合格"}))
        assert one(app, "SELECT closed_at FROM tickets") is not None
        assert sql(app, "SELECT note, from_state, to_state FROM ticket_events WHERE verb = 'verify'") == [
            ("合格", "finished", "verified")
        ]


class TestReturn(NeedsWords, CommandOnTicket):
    resource = "return"
    actor = "supervisor"
    possible = ("finished",)
    leads_to = "accepted"
    may_not = ("second", "guard", "storekeeper", "administrator")

    def fields(self, world):
        return {"note": "灯罩未装"}

    def test_it_is_back_in_its_owners_hands_and_marked(self, app, world, sign_in, ticket):
        accepted(sign_in("supervisor").send(self.path(ticket), self.fields(world)))
        row = sql(app, "SELECT login, sent_back_count, finished_at FROM people JOIN tickets ON owner_id = people.id")
        assert row == [("technician", 1, None)]
        assert "灯罩未装" in sign_in("technician").page(f"/tickets/{ticket}").text

    def test_it_can_be_finished_and_sent_back_again(self, app, world, sign_in, ticket):
        for _ in range(2):
            accepted(sign_in("supervisor").send(self.path(ticket), self.fields(world)))
            accepted(sign_in("technician").send(f"/tickets/{ticket}/completion"))
        assert one(app, "SELECT sent_back_count FROM tickets") == 2


@pytest.mark.parametrize(("verdict", "fields"), VERDICTS)
def test_the_person_who_did_the_work_does_not_judge_it(app, world, sign_in, verdict, fields):
    ticket = make_ticket(app, world, "finished", owner="foreman")
    refused(sign_in("foreman").send(f"/tickets/{ticket}/{verdict}", fields), 403, "own-work")
    assert state_of(app, ticket) == "finished"


@pytest.mark.parametrize("hand", HANDS)
def test_nor_does_anybody_who_had_a_hand_in_it_before(app, world, sign_in, hand):
    """The foreman began, somebody else finished: still not the foreman's to judge."""
    ticket = make_ticket(app, world, "open")
    foreman, technician = sign_in("foreman"), sign_in("technician")
    path = f"/tickets/{ticket}"
    if hand == "material":
        accepted(technician.send(f"{path}/acceptance"))
        accepted(foreman.send(f"{path}/materials", _tube(world)))
    else:
        _begin(foreman, path, hand, sign_in("supervisor"))
        accepted(technician.send(f"{path}/acceptance"))
    accepted(technician.send(f"{path}/completion"))
    refused(foreman.send(f"{path}/verification"), 403, "own-work")
    refused(foreman.send(f"{path}/return", {"note": "重做"}), 403, "own-work")
    accepted(sign_in("supervisor").send(f"{path}/verification"))


def test_a_hand_made_request_does_not_help(app, world, sign_in):
    """The page shows no such form; a plain post, another key, a replay of somebody's verdict all meet the same rule."""
    ticket = make_ticket(app, world, "finished", owner="foreman")
    foreman, path, key = sign_in("foreman"), f"/tickets/{ticket}/verification", new_id()
    assert path not in foreman.page(f"/tickets/{ticket}").actions
    assert foreman.form(path).status_code == 403
    assert foreman.form(path, {"by": str(world.people["supervisor"])}).status_code == 403
    assert foreman.send(path, person=world.people["supervisor"]).status_code == 403
    accepted(sign_in("supervisor").send(path, key=key))
    refused(foreman.send(path, key=key), 422, "key-reused")


def test_losing_the_technicians_role_does_not_help(app, world, sign_in):
    ticket = make_ticket(app, world, "finished", owner="foreman")
    with app.app_context(), write_transaction():
        people.set_roles(world.person("foreman"), world.sites["north"], [Role.SUPERVISOR])
    refused(sign_in("foreman").send(f"/tickets/{ticket}/verification"), 403, "own-work")


def test_nobody_verifies_what_they_fixed_on_the_spot(app, world, sign_in):
    foreman, fields = sign_in("foreman"), report_fields(world, fixed="1", note="已修好")
    accepted(foreman.send("/tickets", fields), 201)
    refused(foreman.send(f"/tickets/{fields['ticket_id']}/verification"), 403, "own-work")
    accepted(sign_in("supervisor").send(f"/tickets/{fields['ticket_id']}/verification"))


def test_reporting_or_commenting_is_no_hand_in_the_work(app, world, sign_in):
    ticket = make_ticket(app, world, "finished", reporter="supervisor")
    supervisor = sign_in("supervisor")
    accepted(supervisor.send(f"/tickets/{ticket}/notes", {"note": "来看过"}))
    accepted(supervisor.send(f"/tickets/{ticket}/verification"))


def test_the_queue_shows_finished_work_of_others_longest_waiting_first(app, world, sign_in):
    with app.app_context(), write_transaction():
        jobs = [_finished(world, one).id for one in ("technician", "foreman", "second")]
    assert str(jobs[1]) not in sign_in("foreman").page("/review").html
    assert queued(sign_in("supervisor").page("/review")) == jobs


def test_after_a_verdict_the_next_one_is_on_the_screen(app, world, sign_in):
    first, second = (make_ticket(app, world, "finished") for _ in range(2))
    supervisor = sign_in("supervisor")
    assert accepted(supervisor.send(f"/tickets/{first}/verification")) == "/review"
    assert f"/tickets/{second}/verification" in supervisor.page("/review").actions


def test_the_queue_of_another_site_is_its_own(app, world, sign_in):
    ticket = make_ticket(app, world, "finished")
    assert f"/tickets/{ticket}" not in sign_in("outsider").page("/review").html


def _finished(world, owner) -> Ticket:
    return bring_to(world, State.FINISHED, owner=owner)


def _begin(client, path, hand, supervisor):
    accepted(client.send(f"{path}/acceptance"))
    if hand == "hold":
        accepted(client.send(f"{path}/hold", {"reason": HoldReason.ACCESS.value}))
    if hand == "finish":
        accepted(client.send(f"{path}/completion"))
        accepted(supervisor.send(f"{path}/return", {"note": "重做"}))
    accepted(client.send(f"{path}/release", {"note": "换班"}))


def _tube(world):
    return {
        "move_id": str(new_id()),
        "item_id": str(world.items["tube"]),
        "quantity": "1",
        "source_id": str(world.accounts["store"]),
    }
