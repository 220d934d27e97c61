"""The API on SQLite and on PostgreSQL: pages by key, the feed, receipts, and a key that is being worked on."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from crew_app.core.db import db, session
from crew_app.core.receipts import Receipt
from tests.support.api import new_system, problem
from tests.support.api_check import staged_ids
from tests.support.counting import statements

OPENING = {"place": "north-B1-701", "job_kind": "lamp", "description": "灯管闪烁"}


def test_everything_is_read_page_by_page(any_app, any_world):
    ids, system = staged_ids(any_app, any_world), new_system(any_app, any_world, "foreman")
    paths = ["/tickets", "/places", "/assets", "/departments", "/job-kinds", "/stock/items", "/stock/stores"]
    paths += ["/stock/moves", "/readings", f"/readings/{ids['series_id']}/values", "/rounds/runs", "/rounds/plans"]
    paths += [f"/stock/stores/{ids['store_id']}/balances", f"/tickets/{ids['ticket_id']}/events", "/events"]
    for path in paths:
        whole = system.get(f"{path}?limit=200").get_json()
        rows, after = [], ""
        while True:
            page = system.get(f"{path}?limit=2{after}").get_json()
            rows += page["items"]
            if not page["items"] or page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert rows == whole["items"], path


def test_a_command_is_carried_out_once(any_app, any_world):
    system, key = new_system(any_app, any_world, "foreman"), uuid4()
    answers = [system.post("/tickets", OPENING, key=key) for _ in range(3)]
    assert len({answer.get_data() for answer in answers}) == 1
    path = answers[0].get_json()["href"].removeprefix("/api/v1")
    assert system.post(f"{path}/acceptance", {}).status_code == 200
    problem(system.post("/tickets", OPENING | {"priority": 1}, key=key), 422, "key-reused")
    with any_app.app_context():
        assert session.scalar(select(func.count(Receipt.key))) == 2


@pytest.mark.postgres
def test_a_key_that_is_being_worked_on_is_in_flight(postgres_app, postgres_template):
    system, key = new_system(postgres_app, postgres_template.world, "foreman"), uuid4()
    number = int.from_bytes(key.bytes[8:], signed=True)
    with postgres_app.app_context(), db.engine.begin() as other:
        other.execute(select(func.pg_advisory_xact_lock(number)))
        problem(system.post("/tickets", OPENING, key=key), 409, "in-flight")
    assert system.post("/tickets", OPENING, key=key).status_code == 201


def test_a_page_costs_the_same_however_many_rows_it_has(app, world):
    staged_ids(app, world)
    system = new_system(app, world, "foreman")
    system.get("/me")
    for path in ("/tickets", "/places", "/assets", "/stock/moves", "/readings", "/rounds/runs", "/events"):
        with statements(app) as few:
            system.get(f"{path}?limit=1")
        with statements(app) as many:
            system.get(f"{path}?limit=200")
        assert len(few) == len(many) <= 14, (path, len(few), len(many))
