"""The roster: patterns become shifts once, changes by hand stay and leave a trace, a week is copied."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crew_app.core.db import session
from crew_app.roster import extending, queries
from crew_app.roster.days import days_off
from crew_app.roster.forms import week_of
from crew_app.roster.models import DutyShift
from crew_app.roster.rules import AHEAD, monday_of
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import counts, one, sql
from tests.support.shifts import put_on_duty

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
PATTERN = {"name": "夜班", "starts": "20:00", "ends": "08:00", "weekdays": list("1234567"), "on_holidays": "1"}


@pytest.fixture
def boss(sign_in):
    return sign_in("supervisor")


def make_pattern(client, **changes):
    fields = PATTERN | {"pattern_id": some_id()} | changes
    accepted(client.send("/roster/patterns", fields), 201)
    return fields["pattern_id"]


def put_in(client, world, pattern, login="technician", **changes):
    told = {"rota_id": some_id(), "person_id": str(world.people[login]), "from_on": TODAY.isoformat(), "every": "1"}
    accepted(client.send(f"/roster/patterns/{pattern}/people", told | changes), 201)
    return (told | changes)["rota_id"]


def extend(app, days):
    with app.app_context():
        return extending.extend_all(datetime.now(UTC) + timedelta(days=days), days_off)


def shift_days(app):
    with app.app_context():
        return sorted(one.starts_at for one in session.query(DutyShift))


def test_a_pattern_makes_the_shifts_of_the_next_weeks_once(app, world, boss):
    put_in(boss, world, make_pattern(boss))
    made = shift_days(app)
    assert len(made) in (AHEAD.days, AHEAD.days + 1)
    assert len(set(made)) == len(made)
    assert extend(app, 0) == 0
    assert extend(app, 3) == 3
    assert extend(app, 3) == 0


def test_turns_come_every_so_many_days_and_end(app, world, boss):
    last = (TODAY + timedelta(days=10)).isoformat()
    put_in(boss, world, make_pattern(boss), every="3", until_on=last)
    assert len(shift_days(app)) in (3, 4)
    assert extend(app, 30) == 0


def test_what_was_taken_off_by_hand_does_not_come_back(app, world, boss):
    put_in(boss, world, make_pattern(boss))
    with app.app_context():
        shift = session.query(DutyShift).order_by(DutyShift.starts_at.desc()).limit(1).one().id
    accepted(boss.send(f"/roster/shifts/{shift}/removal"))
    before = len(shift_days(app))
    extend(app, 0)
    assert len(shift_days(app)) == before
    assert sql(app, "SELECT verb FROM roster_changes") == [("remove",)]


def test_a_changed_pattern_makes_shifts_to_come_anew_without_losing_or_doubling_any(app, world, boss):
    pattern = make_pattern(boss)
    put_in(boss, world, pattern)
    before = len(shift_days(app))
    accepted(boss.send(f"/roster/patterns/{pattern}", PATTERN | {"starts": "21:00"}))
    after = shift_days(app)
    assert len(after) == before
    assert after[-1].astimezone().minute == 0
    accepted(boss.send(f"/roster/patterns/{pattern}", PATTERN | {"inactive": "1"}))
    assert len(shift_days(app)) <= 1


def test_whoever_is_taken_out_has_no_shifts_to_come(app, world, boss):
    rota = put_in(boss, world, make_pattern(boss))
    accepted(boss.send(f"/roster/rotas/{rota}/end"))
    assert len(shift_days(app)) <= 1
    assert extend(app, 9) == 0


def test_a_shift_by_hand_shows_in_the_week_and_on_today(app, world, boss, sign_in):
    told = {"shift_id": some_id(), "person_id": str(world.people["technician"]), "day": TODAY.isoformat()}
    accepted(boss.send("/roster/shifts", told | {"starts": "00:00", "ends": "23:59", "name": "顶班"}), 201)
    assert "顶班" in sign_in("technician").page("/").text
    assert "顶班" in sign_in("guard").page("/roster").text
    assert "顶班" in sign_in("technician").page("/roster/mine").text
    assert one(app, "SELECT verb FROM roster_changes") == "add"


@pytest.mark.parametrize(
    ("wrong", "code"), [({"day": "gestern"}, "day"), ({"starts": "25:00"}, "time"), ({"person_id": ""}, "person")]
)
def test_what_is_filled_in_wrongly_is_said_and_nothing_is_done(app, world, boss, wrong, code):
    told = {"shift_id": some_id(), "person_id": str(world.people["technician"]), "day": TODAY.isoformat()}
    before = counts(app)
    refused(boss.send("/roster/shifts", told | {"starts": "08:00", "ends": "18:00"} | wrong), 422, code)
    assert counts(app) == before


def test_last_week_is_copied_by_the_clock_on_the_wall_and_only_once(app, world, boss):
    monday = monday_of(TODAY)
    hours = (datetime(monday.year, monday.month, monday.day, 2, tzinfo=UTC) - datetime.now(UTC)) / timedelta(hours=1)
    put_on_duty(app, world, "technician", start=hours, end=hours + 8)
    put_on_duty(app, world, "second", start=hours, end=hours + 8)
    put_on_duty(app, world, "second", start=hours + 167, end=hours + 175)
    week = {"week": week_of(monday + timedelta(days=7))}
    accepted(boss.send("/roster/weeks", week))
    assert one(app, "SELECT COUNT(*) FROM duty_shifts") == 4, "second works then already"
    accepted(boss.send("/roster/weeks", week))
    assert one(app, "SELECT COUNT(*) FROM duty_shifts") == 4


def test_double_shifts_and_too_little_rest_are_warned_of(app, world, boss):
    put_on_duty(app, world, "technician", start=-1, end=3)
    put_on_duty(app, world, "technician", start=2, end=5)
    assert "班次重叠" in boss.page("/roster").text


def test_the_rules_of_the_site_are_kept(app, world, boss):
    accepted(boss.send("/roster/rules", {"rest_hours": "9", "swap_approval": "1"}))
    with app.app_context():
        rules = queries.rules_of(world.sites["north"])
    assert (rules.rest_hours, rules.swap_approval, rules.dispatching) == (9, True, False)


def test_only_who_dispatches_makes_the_roster(world, sign_in, boss):
    assert sign_in("technician").send("/roster/patterns", PATTERN).status_code == 403
    pattern = make_pattern(boss)
    unseen(sign_in("outsider").send(f"/roster/patterns/{pattern}", PATTERN))


def test_areas_are_said_inherited_and_taken_away(app, world, boss, sign_in):
    told = {"area_id": some_id(), "place_id": str(world.places["north-building"]), "trade": "plumbing"}
    refused(boss.send("/areas", told | {"trade": ""}), 422, "person")
    accepted(boss.send("/areas", told), 201)
    assert "整个班组" in sign_in("guard").page("/areas").text
    accepted(boss.send(f"/areas/{told['area_id']}/end"))
    assert sql(app, "SELECT * FROM responsibilities") == []
