"""Swaps of shifts: proposed, agreed to, approved; both shifts change hands, and the trace says so."""

import pytest

from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.shifts import put_on_duty

WHOSE = "SELECT person_id FROM duty_shifts ORDER BY starts_at"


@pytest.fixture
def shifts(app, world):
    mine = put_on_duty(app, world, "technician", start=24, end=32)
    theirs = put_on_duty(app, world, "second", start=48, end=56)
    return mine, theirs


def propose(client, shifts, **changes):
    told = {"swap_id": some_id(), "shift_id": str(shifts[0]), "other_id": str(shifts[1])} | changes
    accepted(client.send("/roster/swaps", told), 201)
    return told["swap_id"]


def whose(app, world):
    names = {str(person_id).replace("-", ""): login for login, person_id in world.people.items()}
    return [names[str(row[0]).replace("-", "")] for row in sql(app, WHOSE)]


def test_both_agree_and_a_supervisor_approves(app, world, sign_in, shifts):
    swap = propose(sign_in("technician"), shifts)
    assert "等您答复" in sign_in("second").page("/").text
    refused(sign_in("technician").send(f"/roster/swaps/{swap}/agreement"), 403, "not-your-swap")
    accepted(sign_in("second").send(f"/roster/swaps/{swap}/agreement"))
    assert whose(app, world) == ["technician", "second"]
    accepted(sign_in("supervisor").send(f"/roster/swaps/{swap}/approval"))
    assert whose(app, world) == ["second", "technician"]
    assert sql(app, "SELECT verb FROM roster_changes") == [("swap",), ("swap",)]
    refused(sign_in("manager").send(f"/roster/swaps/{swap}/approval"), 422, "swap-decided")


def test_where_the_site_needs_nobody_agreeing_is_enough(app, world, sign_in, shifts):
    accepted(sign_in("supervisor").send("/roster/rules", {"rest_hours": "11", "dispatching": "1"}))
    swap = propose(sign_in("technician"), shifts, other_id="", person_id=str(world.people["second"]))
    accepted(sign_in("second").send(f"/roster/swaps/{swap}/agreement"))
    assert whose(app, world) == ["second", "second"]


def test_nobody_approves_a_swap_of_their_own(app, world, sign_in):
    mine = put_on_duty(app, world, "foreman", start=24, end=32)
    told = {"other_id": "", "person_id": str(world.people["second"])}
    swap = propose(sign_in("foreman"), (mine, ""), **told)
    accepted(sign_in("second").send(f"/roster/swaps/{swap}/agreement"))
    refused(sign_in("foreman").send(f"/roster/swaps/{swap}/approval"), 403)


@pytest.mark.parametrize(
    ("who", "verb", "state"), [("second", "refusal", "refused"), ("technician", "withdrawal", "withdrawn")]
)
def test_it_can_be_refused_and_taken_back(app, world, sign_in, shifts, who, verb, state):
    swap = propose(sign_in("technician"), shifts)
    accepted(sign_in(who).send(f"/roster/swaps/{swap}/{verb}"))
    assert one(app, "SELECT state FROM shift_swaps") == state
    refused(sign_in("second").send(f"/roster/swaps/{swap}/agreement"), 422, "swap-decided")
    assert whose(app, world) == ["technician", "second"]


def test_a_shift_that_is_gone_or_begun_is_not_swapped(app, world, sign_in, shifts):
    swap = propose(sign_in("technician"), shifts)
    accepted(sign_in("supervisor").send(f"/roster/shifts/{shifts[0]}/removal"))
    accepted(sign_in("second").send(f"/roster/swaps/{swap}/agreement"))
    refused(sign_in("supervisor").send(f"/roster/swaps/{swap}/approval"), 422, "swap-stale")
    begun = put_on_duty(app, world, "technician")
    told = {"swap_id": some_id(), "shift_id": str(begun), "person_id": str(world.people["second"])}
    refused(sign_in("technician").send("/roster/swaps", told), 422, "shift-begun")


def test_only_ones_own_shift_is_offered_and_others_see_nothing(world, sign_in, shifts):
    told = {"swap_id": some_id(), "shift_id": str(shifts[1]), "person_id": str(world.people["guard"])}
    refused(sign_in("technician").send("/roster/swaps", told), 403, "not-your-shift")
    swap = propose(sign_in("technician"), shifts)
    unseen(sign_in("guard").send(f"/roster/swaps/{swap}/agreement"))
