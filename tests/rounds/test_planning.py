"""Runs are made of plans: in time, once, also by two schedulers, after weeks without one, with a wrong clock."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest

from crew_app.core.db import db, session, write_transaction
from crew_app.phones import actions as phones
from crew_app.rounds import planning, runs, wanted
from crew_app.rounds.awaiting import awaited_runs
from crew_app.rounds.due import DueDate
from crew_app.rounds.meters import Reading, base_after, expected
from crew_app.rounds.models import Run
from crew_app.rounds.rules import RunState
from crew_app.web import scheduler
from tests.support.counting import sql
from tests.support.plans import BEGUN, make_plan, plan_of, slots_of, without_stops

HORIZON = timedelta(hours=36)
GRACE = timedelta(hours=2)


def tick(app, at, horizon=HORIZON):
    with app.app_context():
        return planning.tick(at, horizon, awaited_runs(at, GRACE))


def test_what_was_due_while_the_server_was_down_is_made_and_shown_as_missed(app, world):
    plan_id = make_plan(app, world)
    tick(app, BEGUN)
    back = BEGUN + timedelta(days=20)
    tick(app, back)
    found = slots_of(app, plan_id)
    assert [slot for slot, _ in found] == [
        datetime(2026, 1, 6, tzinfo=UTC) + timedelta(days=n) for n in range(len(found))
    ]
    assert [state for slot, state in found if slot < back - timedelta(hours=3)] == ["missed"] * 19
    assert tick(app, back) == 0
    assert len(slots_of(app, plan_id)) == len(found)


def test_longer_than_a_month_without_a_server_is_not_made_up(app, world):
    plan_id = make_plan(app, world)
    tick(app, BEGUN + timedelta(days=200))
    assert len(slots_of(app, plan_id)) == 31 + 1


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=400)])
def test_a_clock_that_was_ahead_for_a_while_leaves_no_trace(app, world, ahead):
    plan_id = make_plan(app, world)
    tick(app, BEGUN + ahead)
    for hours in range(0, 96, 12):
        tick(app, BEGUN + timedelta(hours=hours))
    until = BEGUN + timedelta(hours=84) + HORIZON
    found = [(slot, state) for slot, state in slots_of(app, plan_id) if slot <= until]
    assert [slot for slot, _ in found] == [datetime(2026, 1, day, tzinfo=UTC) for day in range(6, 11)]
    assert [state for _, state in found] == ["missed", "missed", "missed", "due", "due"]


def test_two_schedulers_at_once_make_each_run_once(any_app, any_world):
    plan_id = make_plan(any_app, any_world, times="00:00,06:00,12:00,18:00")
    barrier, made = Barrier(2), []

    def work():
        with any_app.app_context():
            barrier.wait(20)
            made.append(planning.plan_runs(BEGUN + timedelta(days=15)))
            db.session.remove()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    slots = [slot for slot, _ in slots_of(any_app, plan_id)]
    assert len(slots) == len(set(slots)) == sum(made) == 66


def test_a_plan_that_fails_takes_no_other_with_it_and_leaves_nothing_half_made(app, world, monkeypatch):
    broken, fine = make_plan(app, world), make_plan(app, world)
    make_run, seen = runs.make_run, []

    def dies(template, order, **told):
        run = make_run(template, order, **told)
        seen.append(run.id)
        if order.plan.id == broken and len(seen) % 2 == 0:
            raise RuntimeError
        return run

    monkeypatch.setattr(planning, "make_run", dies)
    tick(app, BEGUN, timedelta(days=5))
    assert len(slots_of(app, fine)) == 5
    assert slots_of(app, broken) == []
    monkeypatch.undo()
    tick(app, BEGUN, timedelta(days=5))
    assert len(slots_of(app, broken)) == 5


def finish(app, plan_id, at, state=RunState.DONE):
    with app.app_context(), write_transaction():
        run = session.query(Run).filter(Run.plan_id == plan_id).order_by(Run.slot.desc()).limit(1).one()
        run.state, run.ended_at = state, at
        return run.slot


def test_a_floating_plan_counts_from_completion(app, world):
    plan_id = make_plan(app, world, rule="FREQ=DAILY;INTERVAL=10", floating=True)
    tick(app, BEGUN)
    tick(app, BEGUN + timedelta(days=1))
    assert len(slots_of(app, plan_id)) == 1
    finish(app, plan_id, datetime(2026, 1, 8, 1, tzinfo=UTC))
    tick(app, datetime(2026, 1, 12, tzinfo=UTC))
    assert len(slots_of(app, plan_id)) == 1
    tick(app, datetime(2026, 1, 17, tzinfo=UTC))
    assert slots_of(app, plan_id)[-1][0] == datetime(2026, 1, 18, tzinfo=UTC)
    for _ in range(2):  # it was missed: due again, not ten days later
        tick(app, datetime(2026, 1, 19, 12, tzinfo=UTC))
    assert slots_of(app, plan_id)[-1][0] == datetime(2026, 1, 20, tzinfo=UTC)


def read_meter(monkeypatch, at, number):
    monkeypatch.setattr(wanted, "readings", lambda *_a, **_b: [Reading(at, Decimal(number))])


def test_by_meter_each_multiple_is_one_run(app, world, monkeypatch):
    asset = world.assets["pump"]
    plan_id = make_plan(app, world, rule="", meter_asset_id=asset, meter_check="hours", every=Decimal(250))
    for day, number, count in (
        (6, "3417", 0),
        (7, "3490", 0),
        (8, "3505", 1),
        (9, "3505", 1),
        (10, "3600", 1),
        (20, "4300", 2),
    ):
        at = datetime(2026, 1, day, tzinfo=UTC)
        read_meter(monkeypatch, at, number)
        tick(app, at)
        tick(app, at)
        assert len(slots_of(app, plan_id)) == count, (day, number)
    with app.app_context():
        assert plan_of(plan_id).meter_base == 4250


def test_meters_that_are_exchanged_and_when_the_next_multiple_is_expected():
    assert base_after(Decimal(4250), Decimal(12), Decimal(250)) == 0
    assert base_after(Decimal(4250), Decimal(4200), Decimal(250)) == 4250
    day = timedelta(days=1)
    found = [
        Reading(BEGUN, Decimal(140)),
        Reading(BEGUN - 10 * day, Decimal(40)),
        Reading(BEGUN - 20 * day, Decimal(900)),
    ]
    assert expected(found, Decimal(250)) == BEGUN + 11 * day
    assert expected(found[:1], Decimal(250)) is None


def test_before_a_due_date_there_is_one_run_for_each_reminder(app, world, monkeypatch):
    def source(_site, _at):
        return [DueDate(world.asset("pump"), date(2026, 4, 1), "压力表检定")]

    monkeypatch.setattr("crew_app.rounds.due.SOURCES", [source])
    plan_id = make_plan(app, world, rule="", remind="60,30,7")
    for day in range(0, 120, 3):
        tick(app, BEGUN + timedelta(days=day))
    assert [f"{slot:%m-%d}" for slot, _ in slots_of(app, plan_id)] == ["01-31", "03-02", "03-25"]
    with app.app_context():
        assert "压力表检定 2026-04-01" in session.query(Run).filter(Run.plan_id == plan_id).limit(1).one().occasion


def test_a_missed_alarm_waits_for_a_phone_that_is_known_to_hold_something(app, world):
    person = world.people["guard"]
    plan_id = make_plan(app, world, person_id=person)
    tick(app, BEGUN)
    over = datetime(2026, 1, 6, 2, 20, tzinfo=UTC)
    with app.app_context(), write_transaction():
        device, _token = phones.add_device(at=BEGUN)
        phones.hear(device, world.person("guard"), phones.Report(unsent=2), at=over - timedelta(hours=1))
    tick(app, over)
    assert slots_of(app, plan_id)[0][1] == "due"
    assert heard(app) == []
    for _ in range(2):
        tick(app, over + GRACE)
    assert slots_of(app, plan_id)[0][1] == "missed"
    watching = ["administrator", "foreman", "manager", "supervisor"]
    assert heard(app) == sorted([*watching, "guard"]), "who watches and is there, and whoever was to walk it, once"


def heard(app):
    """Whose phones were told that stops were missed."""
    query = "SELECT login FROM notices n JOIN people p ON p.id = n.person_id WHERE title LIKE '%missed' ORDER BY login"
    return [row[0] for row in sql(app, query)]


def test_a_template_without_stops_is_told_on_the_plan(app, world):
    plan_id = make_plan(app, world)
    with app.app_context(), write_transaction():
        without_stops(plan_of(plan_id))
    tick(app, BEGUN)
    with app.app_context():
        assert "None of the stops" in plan_of(plan_id).trouble


def test_only_one_process_has_the_lease(any_app):
    with any_app.app_context(), scheduler.lease(any_app) as first, scheduler.lease(any_app) as second:
        assert (first(), second()) == (True, False)
    with any_app.app_context(), scheduler.lease(any_app) as again:
        assert again()


def test_the_command_ticks_once(app, world):
    make_plan(app, world, at=datetime.now(UTC))
    with app.app_context():
        assert scheduler.tick(app) >= 1  # the runs, and whatever else has its turn today
        assert scheduler.tick(app) == 0
