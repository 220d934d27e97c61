"""A template with every kind of check, and runs of it in the small hospital."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.rounds import runs, templates
from crew_app.rounds.models import Finding, Run, RunStop
from crew_app.rounds.reading import content
from crew_app.rounds.runs import Order
from tests.support.client import accepted
from tests.support.lint import Page

PATH = "M10 10 L40 40"


def document(**changes: Any) -> dict[str, Any]:
    """A round of three stops: the room, the pump that stands in it, and a word at the end."""
    room = [
        {"key": "door", "kind": "yes-no", "label": {"zh": "门锁好", "en": "Door locked"}},
        {
            "key": "lamp",
            "kind": "grade",
            "label": {"zh": "灯具", "en": "Lamps"},
            "photo": "on-fail",
            "job_kind": "lamp",
        },
        {
            "key": "why",
            "kind": "text",
            "label": {"zh": "为何没锁", "en": "Why not locked"},
            "required": True,
            "when": {"check": "door", "in": ["no"]},
        },
        {"key": "wish", "kind": "opinion", "label": {"zh": "护士长意见", "en": "Opinion"}, "days": 3},
    ]
    pump = [
        {
            "key": "pressure",
            "kind": "number",
            "label": {"zh": "出口压力", "en": "Pressure"},
            "unit": "MPa",
            "low": "0.4",
            "high": "0.8",
            "hazard": True,
            "days": 7,
            "job_kind": "drain",
        },
    ]
    return {
        "format": "crew-round/1",
        "code": "pump-round",
        "name": {"zh": "水泵巡查", "en": "Pump round"},
        "category": "round",
        "roles": ["technician"],
        "stops": [
            {
                "key": "room",
                "title": {"zh": "七楼机房", "en": "Plant room"},
                "where": {"place": "north-B1-701"},
                "checks": room,
            },
            {"key": "pump", "title": {"zh": "水泵", "en": "Pump"}, "where": {"kind": "pump"}, "checks": pump},
            {"key": "end", "title": {"zh": "结束", "en": "End"}, "checks": []},
        ],
        **changes,
    }


def make_run(app: Any, world: Any, *, starts: timedelta = timedelta(minutes=-5), **changes: Any) -> dict[str, UUID]:
    """A run that opened five minutes ago and lasts two hours; the ids of the run and of its stops by key."""
    at = server_moment()
    with app.app_context(), write_transaction():
        template = templates.create(world.sites["north"], content(document(**changes)), by=None, at=at)
        opens = datetime.now(UTC) + starts
        run = runs.make_run(template, Order(opens, opens + timedelta(hours=2)), by=None, at=at)
        found = {stop.key: stop.id for stop in session.query(RunStop).filter_by(run_id=run.id)}
        return {"run": run.id, "template": template.id, **found}


def visiting(**fields: str) -> Mapping[str, str]:
    """A visit of the room with everything in order, scanned or not."""
    return {"visit_id": str(new_id()), "c-door": "yes", "c-lamp": "pass", **fields}


def state_of(app: Any, run_id: UUID) -> tuple[str, int, int]:
    """State, stops visited, stops missed."""
    with app.app_context():
        run = session.get_one(Run, run_id)
        return run.state.value, run.visited_count, run.missed_count


def round_pages(app: Any, world: Any, sign_in: Any) -> list[Page]:
    """The pages of rounds that have forms: a run nobody has begun, and one under way."""
    ids = make_run(app, world)
    boss = sign_in("supervisor")
    fresh = boss.page(f"/rounds/runs/{ids['run']}")
    accepted(boss.send(f"/rounds/stops/{ids['room']}/visits", visiting()), 201)
    begun = boss.page(f"/rounds/runs/{ids['run']}")
    fault = {
        "visit_id": str(new_id()),
        "c-pressure": "0.2",
        "sure-pressure": "1",
        "t-pressure": "1",
        "n-pressure": "漏",
    }
    accepted(boss.send(f"/rounds/stops/{ids['pump']}/visits", fault), 201)
    with app.app_context():
        ticket = session.scalars(select(Finding.ticket_id)).one()
    found = boss.page(f"/rounds/hazards/{ticket}")
    worker = sign_in("technician")
    accepted(worker.send(f"/tickets/{ticket}/acceptance"))
    accepted(worker.send(f"/tickets/{ticket}/completion"))
    accepted(worker.send(f"/rounds/stops/{ids['room']}/visits", visiting()), 201)
    return [fresh, begun, found, boss.page(f"/rounds/hazards/{ticket}"), boss.page("/rounds/flags")]
