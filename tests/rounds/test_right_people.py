"""Rounds appear for the right people: of the trade or role, on duty, those of their own area first."""

from datetime import UTC, datetime, timedelta

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.rules import Role
from crew_app.roster.areas import make_responsible
from crew_app.rounds import planning, queries
from crew_app.rounds.models import RoundPlan
from tests.support.plans import make_plan
from tests.support.shifts import put_on_duty


def plans_for(app, world, login, **more):
    with app.app_context():
        now = datetime.now(UTC)
        return [run.plan_id for run in queries.due_for(world.person(login), now, **more)]


def make_due(app, world, **told):
    """A plan whose next run can be walked within hours, with its run."""
    now = datetime.now(UTC)
    soon = now + timedelta(hours=1)
    plan = make_plan(app, world, times=f"{soon:%H:%M}", starts_on=now.date(), at=now, zone="UTC", **told)
    with app.app_context():
        planning.plan_runs(now)
    return plan


def test_what_any_guard_may_walk_is_for_those_on_duty(any_app, any_world):
    plan = make_due(any_app, any_world, role=Role.GUARD)
    assert plans_for(any_app, any_world, "guard", on_duty_only=True) == [plan], "without a roster everybody is there"
    assert plans_for(any_app, any_world, "technician") == []
    put_on_duty(any_app, any_world, "guard", start=-40, end=-30)
    assert plans_for(any_app, any_world, "guard", on_duty_only=True) == [], "off duty now"
    assert plans_for(any_app, any_world, "guard") == [plan], "but it can still be opened"
    put_on_duty(any_app, any_world, "guard", start=-1, end=7)
    assert plans_for(any_app, any_world, "guard", on_duty_only=True) == [plan]


def test_rounds_of_ones_own_area_come_first(any_app, any_world):
    elsewhere = make_due(any_app, any_world, role=Role.GUARD)
    here = make_due(any_app, any_world, role=Role.GUARD)
    with any_app.app_context(), write_transaction():
        session.get_one(RoundPlan, here).area_id = any_world.places["room"]
        floor = any_world.place("north-floor")
        first = sorted([elsewhere, here])
        make_responsible(new_id(), floor, any_world.person("guard"), None)
    assert plans_for(any_app, any_world, "guard")[0] == here
    assert sorted(plans_for(any_app, any_world, "guard")) == first
