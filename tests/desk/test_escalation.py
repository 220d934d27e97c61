"""Escalation: each step once, told to the right people, whatever the worker, the clocks and the phones do."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.desk import escalation, steps
from crew_app.desk.chain import DEFAULTS, Clock, Standing, Step, Told, due_now, falls_due, occasion, ordered, read_key
from crew_app.phones import actions as phones
from crew_app.roster.models import DutyShift
from crew_app.tickets import actions
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import HoldReason, State
from tests.support.client import accepted, refused
from tests.support.counting import one, sql
from tests.support.tickets import make_ticket

WHEN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GRACE = 2 * HOUR


@pytest.fixture(autouse=True)
def _nobody_is_dispatched(monkeypatch):
    """What dispatch does of itself has its own tests."""
    monkeypatch.setattr("crew_app.desk.dispatch.dispatch", lambda *_: False)


def tick(app, at, grace=GRACE):
    with app.app_context():
        return escalation.tick(at, grace)


def taken(app):
    return [row[0] for row in sql(app, "SELECT step FROM escalations ORDER BY at, level, step")]


def told(app):
    query = "SELECT login FROM notices JOIN people ON people.id = person_id WHERE topic = 'escalation' ORDER BY login"
    return [row[0] for row in sql(app, query)]


def on_hand(app, ticket, change):
    """Do something to a ticket, as its owner or whoever `change` says."""
    with app.app_context(), write_transaction():
        change(session.get_one(Ticket, ticket))


def test_each_step_is_taken_once_also_by_two_workers_and_clocks_that_jump(any_app, any_world):
    ticket = make_ticket(any_app, any_world, "open", at=WHEN)  # to be accepted within two hours
    assert tick(any_app, WHEN + 119 * MINUTE) == 0
    assert tick(any_app, WHEN + 2 * HOUR) == 1
    assert taken(any_app) == ["response/100%/supervisor"]
    assert told(any_app) == ["foreman", "supervisor"]
    for at in (2, 1, -30, 3, 2):
        assert tick(any_app, WHEN + at * HOUR) == 0
    assert tick(any_app, WHEN + 4 * HOUR) == 1
    assert told(any_app) == ["foreman", "manager", "supervisor"]
    assert one(any_app, "SELECT escalation FROM tickets") == 3
    assert one(any_app, "SELECT COUNT(*) FROM ticket_events WHERE verb = 'escalate'") == 2
    on_hand(any_app, ticket, lambda job: actions.accept(job, by=any_world.person("technician"), at=server_moment(WHEN)))
    assert one(any_app, "SELECT escalation FROM tickets") == 0
    assert tick(any_app, WHEN + 5 * HOUR) == 0


def test_a_worker_that_was_away_takes_all_at_once_and_nothing_of_long_ago(app, world):
    make_ticket(app, world, "open", at=WHEN)
    make_ticket(app, world, "open", at=WHEN - timedelta(days=30))
    assert tick(app, WHEN + 20 * HOUR) == 2
    assert taken(app) == ["response/100%/supervisor", "response/200%/manager"]


def test_without_the_book_of_steps_the_database_still_refuses_the_second_time(app, world, monkeypatch):
    """Sabotage: the worker forgets what it did; nobody is told twice, since the row of the step is unique."""
    make_ticket(app, world, "open", at=WHEN)
    assert tick(app, WHEN + 2 * HOUR) == 1
    monkeypatch.setattr(escalation, "_taken", lambda _which: defaultdict(set))
    assert tick(app, WHEN + 2 * HOUR) == 0
    assert len(told(app)) == 2


def test_a_hold_stops_it_and_the_deadline_moves(app, world):
    ticket = make_ticket(app, world, "accepted", job_kind="drain", at=WHEN)  # to be done within eight hours
    me = world.people["technician"]

    def hold(job):
        actions.hold(job, HoldReason.ACCESS, "", by=world.person("technician"), at=server_moment(WHEN + HOUR))

    def resume(job):
        actions.resume(job, by=world.person("technician"), at=server_moment(WHEN + 11 * HOUR))

    on_hand(app, ticket, hold)
    assert tick(app, WHEN + 10 * HOUR) == 0
    on_hand(app, ticket, resume)
    assert tick(app, WHEN + 17 * HOUR) == 0
    assert tick(app, WHEN + 18 * HOUR) == 2
    assert taken(app) == ["resolution/100%/worker", "resolution/100%/supervisor"]
    assert one(app, "SELECT COUNT(*) FROM notices WHERE person_id = :me AND topic = 'escalation'", me=me.hex) == 1


def test_work_that_was_finished_and_not_verified_and_finished_again(app, world):
    ticket = make_ticket(app, world, "finished", at=WHEN)
    assert tick(app, WHEN + 25 * HOUR) == 1
    assert tick(app, WHEN + 26 * HOUR) == 0

    def again(job):
        actions.send_back(job, "还漏", by=world.person("supervisor"), at=server_moment(WHEN + 27 * HOUR))
        actions.finish(job, by=world.person("technician"), at=server_moment(WHEN + 28 * HOUR))

    on_hand(app, ticket, again)
    assert tick(app, WHEN + 40 * HOUR) == 0
    assert tick(app, WHEN + 53 * HOUR) == 1


def test_a_job_that_was_dispatched_and_not_accepted_each_time_anew(app, world):
    ticket = make_ticket(app, world, "open", at=WHEN)

    def dispatch(login, at):
        def change(job):
            job.assignee_id, job.assigned_at = world.people[login], at

        on_hand(app, ticket, change)

    dispatch("technician", WHEN + MINUTE)
    assert tick(app, WHEN + 31 * MINUTE) == 1
    dispatch("second", WHEN + 40 * MINUTE)
    assert tick(app, WHEN + 60 * MINUTE) == 0
    assert tick(app, WHEN + 70 * MINUTE) == 1
    assert taken(app) == ["acceptance/30m/supervisor"] * 2
    assert tick(app, WHEN + 2 * HOUR) == 2
    assert "second" in told(app)


def test_a_phone_in_the_basement_is_waited_for_but_not_in_an_emergency(app, world):
    make_ticket(app, world, "accepted", job_kind="drain", at=WHEN)
    with app.app_context(), write_transaction():
        device, _token = phones.add_device(at=WHEN)
        phones.hear(device, world.person("technician"), phones.Report(unsent=0), at=WHEN + HOUR)
    assert tick(app, WHEN + 9 * HOUR) == 0
    assert tick(app, WHEN + 10 * HOUR) == 2
    make_ticket(app, world, "accepted", job_kind="oxygen", at=WHEN + 10 * HOUR)
    assert tick(app, WHEN + 12 * HOUR) > 0
    assert sql(app, "SELECT DISTINCT urgent FROM notices WHERE topic = 'escalation' ORDER BY urgent") == [(0,), (1,)]


def test_the_supervisor_on_duty_is_told_and_all_of_them_when_none_is(app, world):
    with app.app_context(), write_transaction():
        site, boss = world.sites["north"], world.people["foreman"]
        session.add(DutyShift(site_id=site, person_id=boss, starts_at=WHEN, ends_at=WHEN + 3 * HOUR))
    make_ticket(app, world, "open", at=WHEN)
    tick(app, WHEN + 2 * HOUR)
    assert told(app) == ["foreman"]
    make_ticket(app, world, "open", at=WHEN + 2 * HOUR)
    tick(app, WHEN + 4 * HOUR)
    assert set(told(app)) >= {"supervisor", "foreman"}


def test_managers_change_the_chain_and_go_back(app, world, sign_in):
    client, path = sign_in("manager", language="en"), "/desk/escalation/steps"
    for _ in range(2):
        accepted(client.send(path, {"clock": "response", "told": "worker", "after": "75％"}))
    accepted(client.send(path + "/removal", {"step": "response/100%/supervisor"}))
    with app.app_context():
        own = steps.chain_of(world.sites["north"])
    assert set(own) == (set(DEFAULTS) | {Step(Clock.RESPONSE, Told.WORKER, 75)}) - {DEFAULTS[1]}
    assert "at 75% of the time allowed" in client.page("/desk/escalation").text
    accepted(client.send("/desk/escalation/restart"))
    with app.app_context():
        assert steps.chain_of(world.sites["north"]) == ordered(DEFAULTS)
    refused(sign_in("supervisor").send(path, {"clock": "response", "told": "worker", "after": "75%"}), 403, "may-not")


@pytest.mark.parametrize(
    ("clock", "after", "code"),
    [
        ("response", "0%", "step"),
        ("acceptance", "50%", "step"),
        ("response", "soon", "length"),
        ("x", "1 h", "choice-missing"),
    ],
)
def test_a_step_that_makes_no_sense_changes_nothing(app, sign_in, clock, after, code):
    fields = {"clock": clock, "told": "manager", "after": after}
    refused(sign_in("manager").send("/desk/escalation/steps", fields), 422, code)
    assert sql(app, "SELECT 1 FROM escalation_steps") == []


STEP = st.builds(Step, st.sampled_from([Clock.RESPONSE, Clock.RESOLUTION]), st.sampled_from(Told), st.integers(1, 1000))
STEP |= st.builds(Step, st.sampled_from(Clock), st.sampled_from(Told), st.none(), st.integers(0, 5000))


@given(st.lists(STEP, max_size=8), st.sampled_from(State), st.integers(0, 5000), st.integers(0, 5000))
def test_a_step_falls_due_while_its_clock_runs_and_keeps_its_occasion(chain, state, first, second):
    ticket = Standing(state, 3, WHEN, WHEN + HOUR, WHEN + 48 * HOUR, WHEN + MINUTE, WHEN + 2 * HOUR)
    early, late = sorted((WHEN + first * MINUTE, WHEN + second * MINUTE))
    before, after = due_now(chain, ticket, early), due_now(chain, ticket, late)
    assert {step for step, _ in before} <= {step for step, _ in after}
    assert all(due <= early for _, due in before)
    for step in chain:
        assert read_key(step.key) == step
        assert occasion(step, ticket) == occasion(step, ticket)
        if state not in (State.OPEN, State.ACCEPTED, State.FINISHED):
            assert falls_due(step, ticket) is None
