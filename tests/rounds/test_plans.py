"""Plans on the screen: made, changed, paused, ended; days off; who may do what; what is asked for that cannot be."""

from datetime import UTC, datetime, timedelta

import pytest

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from crew_app.rounds import planning
from tests.support.client import accepted, refused, unseen
from tests.support.counting import one, sql
from tests.support.plans import make_plan, make_template


def fields(app, world, **changes):
    with app.app_context(), write_transaction():
        template_id = make_template(world).id
    told = {"plan_id": new_id(), "template_id": template_id, "pattern": "weekly", "weekday": ["MO", "TH"]}
    told |= {"times": "22:00, 00:30", "minutes": "90", "grace": "10", "starts_on": "2026-01-01", "interval": "1"}
    return told | changes


def test_a_plan_is_made_shown_changed_paused_resumed_and_ended(app, world, sign_in):
    boss, told = sign_in("supervisor"), fields(app, world)
    path = accepted(boss.send("/rounds/plans", told), 201)
    assert one(app, "SELECT rule FROM round_plans") == "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH"
    page = boss.page(path)
    assert "周一" in page.text
    assert page.text.count("22:00") >= 5
    with app.app_context():
        planning.plan_runs(datetime.now(UTC), timedelta(days=8))
    made = one(app, "SELECT count(*) FROM runs WHERE state = 'due'")
    assert int(str(made)) >= 4
    accepted(boss.send(f"{path}/pause"))
    assert sql(app, "SELECT DISTINCT state, slot IS NULL FROM runs") == [("cancelled", 1)]
    accepted(boss.send(f"{path}/resumption"))
    with app.app_context():
        planning.plan_runs(datetime.now(UTC), timedelta(days=8))
    assert one(app, "SELECT count(*) FROM runs WHERE state = 'due'") == made
    accepted(boss.send(path, told | {"pattern": "daily", "times": "08:00"}))
    assert "每天" in boss.page(path).text
    boss.page(f"{path}/edit")
    accepted(boss.send(f"{path}/end"))
    assert "/pause" not in str(boss.page(path).actions)
    assert "已结束" in boss.page("/rounds/plans").text


def test_the_next_dates_are_shown_with_their_weekday_before_saving(app, world, sign_in):
    boss, told = sign_in("supervisor"), fields(app, world, days="working")
    page = boss.page("/rounds/plans/preview", query_string=told)
    assert len(page.all("time")) == 10
    assert "周" in page.text
    assert "时间" in boss.page("/rounds/plans/preview", query_string=told | {"times": "25:00"}).text
    boss.page(f"/rounds/plans/new?template={told['template_id']}")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pattern": "x"}, "choice-missing"),
        ({"weekday": []}, "weekdays"),
        ({"times": "26:00"}, "times"),
        ({"minutes": "0"}, "window"),
        ({"minutes": "99999"}, "window"),
        ({"minutes": "-1"}, "number"),
        ({"ends_on": "2025-01-01"}, "ends"),
        ({"starts_on": "9999-01-01"}, "day"),
        ({"pattern": "monthly", "monthdays": "0"}, "monthdays"),
        ({"pattern": "rule", "rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "rule"),
        ({"pattern": "meter"}, "meter"),
        ({"days": "x"}, "choice-missing"),
    ],
)
def test_what_cannot_be_is_refused(app, world, sign_in, changes, code):
    refused(sign_in("supervisor").send("/rounds/plans", fields(app, world, **changes)), 422, code)


@pytest.mark.parametrize(
    ("name", "thing"), [("area_id", "south-room"), ("person_id", "southerner"), ("meter", "south-pump")]
)
def test_nothing_of_another_site_is_planned(app, world, sign_in, name, thing):
    ids = {**world.places, **world.people, **world.assets}
    value = f"{ids[thing]}|hours" if name == "meter" else ids[thing]
    changes = {name: value} | ({"pattern": "meter", "every": "250"} if name == "meter" else {})
    unseen(sign_in("supervisor").send("/rounds/plans", fields(app, world, **changes)))


def test_others_neither_see_nor_change_plans(app, world, sign_in):
    path = f"/rounds/plans/{make_plan(app, world)}"
    assert sign_in("technician").get(path).status_code == 403
    assert sign_in("guard").send(f"{path}/pause").status_code == 403
    unseen(sign_in("outsider").get(path))
    unseen(sign_in("outsider").send(f"{path}/end"))


def test_published_days_are_loaded_with_one_touch_and_stay_editable(app, world, sign_in):
    boss = sign_in("supervisor")
    accepted(boss.send("/rounds/days-off", {"day": "2026-05-09", "kind": "off", "name": "本院"}))
    accepted(boss.send("/rounds/days-off/published", {"year": "2026"}))
    page = boss.page("/rounds/days-off?year=2026")
    assert "春节" in page.text
    assert "/rounds/days-off/published" not in page.actions
    assert sql(app, "SELECT working, name FROM days_off WHERE day = '2026-05-09'") == [(0, "本院")]
    assert sql(app, "SELECT working FROM days_off WHERE day = '2026-02-14'") == [(1,)]
    accepted(boss.send("/rounds/days-off", {"day": "2026-05-09", "kind": "usual"}))
    assert sql(app, "SELECT 1 FROM days_off WHERE day = '2026-05-09'") == []
    assert boss.page("/rounds/days-off?year=2027").actions == ["/rounds/days-off"]


def test_a_day_off_that_is_entered_late_takes_the_run_away_and_back(app, world, sign_in):
    plan_id = make_plan(app, world, days="working", at=datetime.now(UTC))
    with app.app_context():
        planning.plan_runs(datetime.now(UTC), timedelta(days=9))
    before = sql(app, "SELECT slot FROM runs WHERE slot IS NOT NULL ORDER BY slot")
    day = str(before[-1][0])[:10]
    accepted(sign_in("supervisor").send("/rounds/days-off", {"day": day, "kind": "off"}))
    with app.app_context():
        planning.plan_runs(datetime.now(UTC), timedelta(days=9))
    assert sql(app, "SELECT slot FROM runs WHERE slot IS NOT NULL ORDER BY slot") == before[:-1]
    accepted(sign_in("supervisor").send("/rounds/days-off", {"day": day, "kind": "usual"}))
    with app.app_context():
        planning.plan_runs(datetime.now(UTC), timedelta(days=9))
    assert sql(app, "SELECT slot FROM runs WHERE slot IS NOT NULL ORDER BY slot") == before
    assert plan_id
