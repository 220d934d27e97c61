"""Places, stock, readings, rounds and the feed of events by the API."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from crew_app.connections.scopes import Scope
from crew_app.core import chain_checks
from crew_app.core.db import session
from crew_app.rounds.models import Answer, Flag, Run, Visit
from crew_app.rounds.sent import OCCASION
from crew_app.tickets.models import Ticket
from tests.support.api import new_system, problem


def items(system, path):
    return system.get(path).get_json()["items"]


def test_places_assets_and_departments_are_those_of_the_site(system, world):
    assert {one["code"] for one in items(system, "/places")} == {
        "north-B1",
        "north-B1-7",
        "north-B1-701",
        "north-B1-702",
    }
    [room] = items(system, "/places?code=north-B1-701")
    assert room["path_en"] == "Ward block / Floor 7 / Room 701"
    assert room["department"]["code"] == "W7"
    assert len(items(system, f"/places?parent_id={room['parent_id']}")) == 2
    assert [one["code"] for one in items(system, "/assets?kind=pump")] == ["pump"]
    assert [one["code"] for one in items(system, "/departments")] == ["W7"]
    assert [one["code"] for one in items(system, "/job-kinds")] == ["drain", "lamp", "oxygen", "paint"]


def test_stock_is_told_in_exact_decimal_strings(system, world):
    assert [one["code"] for one in items(system, "/stock/items")] == ["cable", "tube", "valve"]
    assert items(system, "/stock/items?code=tube")[0]["price"] == "12.5"
    [store] = items(system, "/stock/stores")
    held = {one["item"]["code"]: one["quantity"] for one in items(system, f"/stock/stores/{store['id']}/balances")}
    assert held == {"tube": "190", "cable": "475", "valve": "30"}
    moves = items(system, f"/stock/moves?item_id={world.items['tube']}")
    assert [(one["reason"], one["quantity"], one["from"]["kind"], one["to"]["kind"]) for one in moves] == [
        ("issue", "10", "store", "bag"),
        ("receipt", "200", "supplier", "store"),
    ]


def test_rounds_are_read_with_what_was_found(system, staged):
    [run] = items(system, "/rounds/runs")
    whole = system.get(run["href"].removeprefix("/api/v1")).get_json()
    found = {stop["key"]: stop for stop in whole["results"]}
    assert found["pump"]["visits"][0]["answers"][0]["number"] == "0.5"
    assert found["room"]["state"] == "waiting"
    assert items(system, "/rounds/runs?state=missed") == []


@pytest.fixture
def series(system, staged):
    return f"/readings/{staged['series_id']}"


def test_a_building_control_system_sends_readings(app, system, series):
    sent = system.post(f"{series}/values", {"value": "0.62", "note": "auto"})
    assert sent.status_code == 201, sent.get_data(as_text=True)
    assert items(system, f"{series}/values")[0]["value"] == "0.62"
    assert system.get(series).get_json()["last_value"] == "0.62"
    earlier = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    system.post(f"{series}/values", {"value": "0.61", "at": earlier})
    assert system.get(series).get_json()["last_value"] == "0.62"
    with app.app_context():
        runs = session.scalars(select(Run).where(Run.occasion == OCCASION)).all()
        days = {run.opens_at for run in runs}
        assert len(runs) == len(days) <= 2
        assert session.scalar(select(func.count(Flag.id)).join(Visit).join(Run).where(Run.occasion == OCCASION)) == 0
        assert list(chain_checks.faults()) == []


def test_a_reading_outside_its_limits_becomes_a_job_if_it_is_to(app, system, series):
    system.post(f"{series}/values", {"value": "0.95"})
    with app.app_context():
        before = session.query(Ticket).count()
    system.post(f"{series}/values", {"value": "0.96", "open_ticket": True})
    assert items(system, f"{series}/values")[0]["outcome"] == "fail"
    with app.app_context():
        assert session.query(Ticket).count() == before + 1
        assert session.scalar(select(Answer.value).order_by(Answer.at.desc()).limit(1)) == "0.96"


def test_readings_that_cannot_be_are_refused(system, series):
    for at in ("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"):
        problem(system.post(f"{series}/values", {"value": "0.5", "at": at}), 422, "bad-time")
    for value in ("NaN", "1e5", "0.12345", 0.5, None):
        problem(system.post(f"{series}/values", {"value": value}), 400, "malformed")


def test_whoever_may_not_walk_rounds_sends_no_readings(app, world, series):
    problem(new_system(app, world, "manager").post(f"{series}/values", {"value": "0.5"}), 403, "may-not")


def test_events_are_followed_without_missing_any(system):
    opening = {"place": "north-B1-701", "job_kind": "lamp"}
    start = system.get("/events?limit=200").get_json()["next"]
    hrefs = [system.post("/tickets", opening).get_json()["href"] for _ in range(3)]
    first = system.get(f"/events?after={start}&limit=2").get_json()
    rest = system.get(f"/events?after={first['next']}").get_json()
    found = [*first["items"], *rest["items"]]
    assert [one["href"] for one in found if one["verb"] == "open"] == hrefs
    assert {one["what"] for one in found} == {"ticket"}
    assert [one["position"] for one in found] == sorted({one["position"] for one in found})
    assert system.get(f"/events?after={rest['next']}").get_json() == {"items": [], "next": rest["next"]}


def test_the_feed_tells_only_what_the_other_scopes_reach(app, world, staged):
    kinds = {}
    for scope in (Scope.TICKETS_READ, Scope.STOCK_READ, Scope.ROUNDS_READ):
        system = new_system(app, world, "supervisor", {Scope.EVENTS_READ, scope})
        kinds[scope] = {one["what"] for one in items(system, "/events?limit=200")}
    assert kinds == {
        Scope.TICKETS_READ: {"ticket"},
        Scope.STOCK_READ: {"stock"},
        Scope.ROUNDS_READ: {"visit"},
    }
    assert items(new_system(app, world, "supervisor", {Scope.EVENTS_READ}), "/events") == []
