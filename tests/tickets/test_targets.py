"""Targets: the most specific rule counts, theatres come first, managers change them, and opening stays quick."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.places.models import Care, PlaceContext
from crew_app.tickets import target_rules
from crew_app.tickets.clocks import Hours
from crew_app.tickets.deadlines import targets_of
from crew_app.tickets.rules import RESOLUTION, RESPONSE, Kind, Priority, State
from crew_app.tickets.target_forms import parse_length
from crew_app.tickets.targets import DEFAULTS, Scope, Target, best, merged
from tests.support.client import accepted, refused
from tests.support.counting import one, sql, statements
from tests.support.tickets import bring_to, report_fields

WHEN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday, nine o'clock in Shanghai
MINUTE = timedelta(minutes=1)
SCOPES = st.builds(
    Scope,
    st.none() | st.sampled_from(Care),
    st.none() | st.sampled_from(["lamp", "drain", "oxygen"]),
    st.none() | st.sampled_from(Kind),
    st.none() | st.sampled_from(Priority),
)
CASES = st.builds(
    Scope, st.sampled_from(Care), st.sampled_from(["lamp", "drain"]), st.sampled_from(Kind), st.sampled_from(Priority)
)


@given(st.lists(SCOPES, max_size=12), CASES)
def test_the_most_specific_rule_wins_whatever_their_order(scopes, case):
    rules = merged(Target(scope, MINUTE, MINUTE, own=True) for scope in scopes)
    assert len({rule.scope.key for rule in rules}) == len(rules)
    won = best(rules, case)
    assert won == best(reversed(rules), case)
    assert won.scope.covers(case)
    assert all(rule.scope.rank <= won.scope.rank for rule in rules if rule.scope.covers(case))


@pytest.mark.parametrize("priority", Priority)
def test_without_rules_of_its_own_a_site_has_the_usual_times(priority):
    usual = best(DEFAULTS, Scope(Care.WARD, "lamp", Kind.REPAIR, priority))
    assert (usual.response, usual.resolution) == (RESPONSE[priority], RESOLUTION[priority])
    assert usual.urgency(priority) is priority


@pytest.mark.parametrize("care", [Care.THEATRE, Care.INTENSIVE, Care.EMERGENCY])
def test_theatre_intensive_care_and_emergency_come_first(care):
    for priority in (Priority.EMERGENCY, Priority.URGENT, Priority.NORMAL):
        here = best(DEFAULTS, Scope(care, "lamp", Kind.REPAIR, priority))
        assert here.response < RESPONSE[priority]
        assert here.resolution < RESOLUTION[priority]
        assert here.urgency(priority) == min(priority, Priority.URGENT)


def make(world, scope, response, resolution, **more):
    rule = Target(scope, response * MINUTE, resolution * MINUTE, **more)
    target_rules.put(world.sites["north"], rule, by=world.person("manager"), at=server_moment(WHEN))


def test_a_job_in_a_theatre_is_raised_and_counted_by_the_floor_around_the_room(any_app, any_world):
    with any_app.app_context(), write_transaction():
        floor, site = any_world.places["north-floor"], any_world.sites["north"]
        session.add(PlaceContext(place_id=floor, site_id=site, care=Care.THEATRE, changed_at=WHEN))
        ticket = bring_to(any_world, State.OPEN, at=WHEN)
        assert (ticket.priority, ticket.target) == (Priority.URGENT, "theatre/-/-/3")
        assert ticket.response_due_at == WHEN + 15 * MINUTE
        make(any_world, Scope(care=Care.THEATRE, job_kind="lamp"), 3, 30)
        ticket = bring_to(any_world, State.OPEN, at=WHEN)
        assert (ticket.priority, ticket.target) == (Priority.NORMAL, "theatre/lamp/-/-")
        assert ticket.resolution_due_at == WHEN + 30 * MINUTE


def test_a_rule_in_working_hours_waits_for_the_morning(app, world):
    with app.app_context():
        make(world, Scope(job_kind="paint"), 60, 600, hours=Hours.WORKING)
        evening = WHEN + timedelta(hours=11)  # Monday, eight in the evening
        ticket = bring_to(world, State.OPEN, job_kind="paint", at=evening)
        assert ticket.response_due_at == WHEN + timedelta(days=1)
        other = bring_to(world, State.OPEN, job_kind="lamp", at=evening)
        assert other.response_due_at == evening + RESPONSE[Priority.NORMAL]
        session.rollback()


def test_opening_asks_the_same_few_questions_however_many_rules_there_are(app, world, sign_in):
    client = sign_in("technician")

    def asked():
        with statements(app) as found:
            accepted(client.send("/tickets", report_fields(world)), status=201)
        return len(found)

    for _everybody_who_may_be_asked_is_known_by_then in range(4):
        asked()
    few = asked()
    with app.app_context(), write_transaction():
        for n, (care, priority) in enumerate((care, priority) for care in Care for priority in Priority):
            make(world, Scope(care=care, kind=Kind.REPAIR, priority=priority), 5 + n, 600)
    asked()  # reads what was changed, once
    assert asked() == few


@pytest.mark.parametrize("login", ["manager", "administrator"])
def test_managers_change_a_rule_and_take_it_back(app, world, sign_in, login):
    client = sign_in(login, language="en")
    fields = {"care": "theatre", "priority": "2", "response": "10 min", "resolution": "1 h 30", "hours": "always"}
    accepted(client.send("/desk/targets", fields))
    assert client.form("/desk/targets", fields | {"raise_to": "1"}).status_code == 303
    row = sql(app, "SELECT scope, response_minutes, resolution_minutes FROM target_rules")
    assert row == [("theatre/-/-/2", 10, 90)]
    page = client.page("/desk/targets?care=theatre&kind=repair&priority=2").text
    assert "Answer within 10 min, done within 1 h 30 min · Round the clock" in page
    assert "Own rule" in page
    assert 'value="10 min"' in client.get("/desk/targets/rule?care=theatre&priority=2").get_data(as_text=True)
    accepted(client.send("/desk/targets/removal", {"care": "theatre", "priority": "2"}))
    assert "Own rule" not in client.page("/desk/targets").text
    with app.app_context():
        assert targets_of(world.sites["north"]) == merged([])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"response": "2 h", "resolution": "1 h"}, "target"),
        ({"response": "0", "resolution": "1 h"}, "target"),
        ({"response": "bald", "resolution": "1 h"}, "length"),
        ({"response": "", "resolution": "1 h"}, "length"),
        ({"response": "99999 d", "resolution": "99999 d"}, "length"),
    ],
)
def test_times_that_make_no_sense_change_nothing(app, sign_in, fields, code):
    refused(sign_in("manager").send("/desk/targets", fields), 422, code)
    assert sql(app, "SELECT 1 FROM target_rules") == []


def test_working_hours_of_the_site(app, world, sign_in):
    client = sign_in("manager")
    refused(client.send("/desk/targets/hours", {"periods": "17:00-8:00"}), 422, "hours")
    accepted(client.send("/desk/targets/hours", {"periods": "8:30-12:00，13:00-17:00"}))
    accepted(client.send("/desk/targets/hours", {"periods": "8:30-12:00，13:00-17:00"}))
    assert one(app, "SELECT periods FROM service_hours") == "08:30-12:00,13:00-17:00"


@pytest.mark.parametrize("path", ["/desk/targets", "/desk/targets/removal", "/desk/targets/hours"])
def test_others_may_not(world, sign_in, path):
    fields = {"response": "1 h", "resolution": "2 h", "periods": "08:00-12:00"}
    refused(sign_in("supervisor").send(path, fields), 403, "may-not")
    refused(sign_in("manager").send(path, fields | {"site_id": str(world.sites["south"])}), 422, "unknown-site")


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("30", 30), ("30min", 30), ("2 h", 120), ("1 h 30", 90), ("3 d", 4320), ("2小时30分钟", 150), ("1 天", 1440)],
)
def test_lengths_as_people_write_them(typed, minutes):
    assert parse_length(typed) == minutes * MINUTE


@given(st.text(max_size=12))
def test_anything_else_is_refused_and_nothing_breaks(typed):
    with suppress(Refused):
        assert parse_length(typed) >= timedelta(0)
