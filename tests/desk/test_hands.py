"""Whose hands a job is in: one owner at a time, whoever it was, whoever helps."""

import pytest

from crew_app.core.db import session
from crew_app.tickets import queries
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import Verb
from tests.support.behaviour import CommandOnTicket
from tests.support.client import accepted, refused
from tests.support.counting import one, sql
from tests.support.shifts import asked, need_licence
from tests.support.tickets import make_ticket


def owner(app, ticket):
    with app.app_context():
        found = session.get_one(Ticket, ticket).owner
        return found.login if found else None


class TestAssign(CommandOnTicket):
    resource = "assignment"
    actor = "supervisor"
    possible = ("open", "accepted", "on_hold")
    may_not = ("technician", "guard", "storekeeper")

    def fields(self, world):
        return {"person_id": str(world.people["second"])}


class TestHandOver(CommandOnTicket):
    resource = "hand-over"
    possible = ("accepted", "on_hold")

    def fields(self, world):
        return {"person_id": str(world.people["second"])}


class TestAskForHelp(CommandOnTicket):
    resource = "help-request"
    possible = ("accepted", "on_hold")


class TestHelp(CommandOnTicket):
    resource = "help"
    actor = "second"
    possible = ("accepted", "on_hold")


def test_dispatched_by_hand_it_waits_for_them_and_the_story_says_by_whom(app, world, sign_in):
    ticket = make_ticket(app, world)
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/assignment", {"person_id": str(world.people["second"])}))
    assert (asked(app, ticket), owner(app, ticket)) == ("second", None)
    assert "Dispatched: Second" in sign_in("second", language="en").page(f"/tickets/{ticket}").text


def test_from_the_board_it_leads_back_to_the_board(app, world, sign_in):
    fields = {"person_id": str(world.people["second"]), "from": "board"}
    assert accepted(sign_in("supervisor").send(f"/tickets/{make_ticket(app, world)}/assignment", fields)) == "/board"


@pytest.mark.parametrize("login", ["guard", "outsider", "manager"])
def test_only_somebody_who_works_at_the_site_gets_it(app, world, sign_in, login):
    ticket = make_ticket(app, world)
    fields = {"person_id": str(world.people[login])}
    refused(sign_in("supervisor").send(f"/tickets/{ticket}/assignment", fields), 422, "person")
    assert asked(app, ticket) == "technician"


@pytest.mark.parametrize(
    ("resource", "by", "state"), [("assignment", "supervisor", "open"), ("hand-over", "technician", "accepted")]
)
def test_without_the_licence_only_on_purpose_and_with_a_reason(app, world, sign_in, resource, by, state):
    ticket = make_ticket(app, world, state)
    need_licence(app, world)
    path, fields = f"/tickets/{ticket}/{resource}", {"person_id": str(world.people["second"])}
    for more in ({}, {"note": "急"}, {"all_the_same": "1"}):
        assert "电工证" in refused(sign_in(by).send(path, fields | more), 422, "licence-missing")
    accepted(sign_in(by).send(path, fields | {"all_the_same": "1", "note": "只换灯泡"}))
    assert one(app, "SELECT licence_note FROM ticket_dispatches ORDER BY position DESC LIMIT 1") == "只换灯泡"


def test_declined_it_goes_to_somebody_else_with_the_reason(app, world, sign_in):
    ticket = make_ticket(app, world)
    path = f"/tickets/{ticket}/refusal"
    refused(sign_in("technician").send(path, {"note": " "}), 422, "words-missing")
    refused(sign_in("second").send(path, {"note": "忙"}), 422, "not-asked")
    accepted(sign_in("technician").send(path, {"note": "在抢修"}))
    assert asked(app, ticket) == "second"
    accepted(sign_in("second").send(path, {"note": "也在忙"}))
    assert asked(app, ticket) in ("supervisor", "foreman")
    verbs = [row[0] for row in sql(app, "SELECT verb FROM ticket_events ORDER BY position")]
    assert verbs == ["open", "assign", "decline", "assign", "decline", "assign"]


def test_handed_over_it_has_one_owner_until_the_other_takes_it(app, world, sign_in):
    ticket = make_ticket(app, world, "on_hold")
    first, second = sign_in("technician"), sign_in("second")
    accepted(first.send(f"/tickets/{ticket}/hand-over", {"person_id": str(world.people["second"])}))
    assert (owner(app, ticket), asked(app, ticket)) == ("technician", "second")
    refused(sign_in("foreman").send(f"/tickets/{ticket}/take-over"), 422, "not-asked")
    accepted(second.send(f"/tickets/{ticket}/take-over"))
    assert (owner(app, ticket), asked(app, ticket)) == ("second", None)
    assert one(app, "SELECT state FROM tickets") == "on_hold", "its clock stands still as before"
    refused(first.send(f"/tickets/{ticket}/completion"), 422, "not-owner")
    accepted(second.send(f"/tickets/{ticket}/completion"))


def test_a_hand_over_that_is_declined_stays_and_may_be_offered_again(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    first, to_second = sign_in("technician"), {"person_id": str(world.people["second"])}
    accepted(first.send(f"/tickets/{ticket}/hand-over", to_second))
    accepted(sign_in("second").send(f"/tickets/{ticket}/refusal", {"note": "下班了"}))
    assert (owner(app, ticket), asked(app, ticket)) == ("technician", None)
    accepted(first.send(f"/tickets/{ticket}/hand-over", to_second))
    accepted(first.send(f"/tickets/{ticket}/completion"))
    assert asked(app, ticket) is None


def test_a_supervisor_gives_what_somebody_works_on_to_somebody_else(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/assignment", {"person_id": str(world.people["second"])}))
    assert (owner(app, ticket), asked(app, ticket)) == ("technician", "second")
    refused(
        sign_in("supervisor").send(f"/tickets/{ticket}/assignment", {"person_id": str(world.people["technician"])}),
        422,
        "already-theirs",
    )


def test_whoever_helps_is_listed_and_cannot_verify(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    owner_phone, helper = sign_in("technician"), sign_in("foreman")
    refused(owner_phone.send(f"/tickets/{ticket}/help"), 422, "own-job")
    accepted(owner_phone.send(f"/tickets/{ticket}/help-request", {"note": "扶梯子"}))
    assert sign_in("second").page("/").all("section", **{"aria-labelledby": "help-wanted-head"})
    accepted(helper.send(f"/tickets/{ticket}/help"))
    refused(helper.send(f"/tickets/{ticket}/help"), 422, "already-helping")
    assert owner(app, ticket) == "technician"
    assert "员工foreman" in owner_phone.page(f"/tickets/{ticket}").text
    assert not sign_in("second").page("/").all("section", **{"aria-labelledby": "help-wanted-head"})
    accepted(owner_phone.send(f"/tickets/{ticket}/completion"))
    refused(helper.send(f"/tickets/{ticket}/verification"), 403, "own-work")
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/verification"))


def test_sabotage_without_help_among_the_working_verbs_the_helper_could_verify(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(queries, "WORKING", queries.WORKING - {Verb.HELP})
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("foreman").send(f"/tickets/{ticket}/help"))
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion"))
    accepted(sign_in("foreman").send(f"/tickets/{ticket}/verification"))
