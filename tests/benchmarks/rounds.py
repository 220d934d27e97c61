"""Whether pages of rounds take longer the more history there is: 10, 100 and 1,000 runs of 40 stops, all walked.

    make bench-rounds

One site on SQLite, one worker, no network. Nothing here passes or fails: it prints figures.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert, select

from crew_app import create_app
from crew_app.core.clock import now, server_moment
from crew_app.core.db import Base, db, session, write_transaction
from crew_app.core.ids import new_id
from crew_app.places.models import Place, PlaceKind
from crew_app.rounds import runs, templates, visits
from crew_app.rounds.answers import parse
from crew_app.rounds.models import Answer, Flag, RoundTemplate, Run, RunStop, Visit
from crew_app.rounds.reading import content
from crew_app.rounds.rules import FlagRule, How
from crew_app.rounds.runs import Order
from crew_app.rounds.series_models import ReadingSeries
from crew_app.rounds.visits import Seen
from crew_app.web.cursors import cursor_of
from tests.support.applications import signing_in
from tests.support.client import CrewClient, accepted
from tests.support.database import fill, migrate, settings_for, sqlite_url
from tests.support.people import make_passwords_cheap
from tests.support.rounds import document
from tests.support.world import World

SIZES, STOPS, TIMES = (10, 100, 1_000), 40, 15
EVERY = timedelta(hours=2)


def main() -> None:
    """Print a table: milliseconds in the middle of some requests, for each size of history."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        make_passwords_cheap(patch)
        url = sqlite_url(Path(folder))
        migrate(Path(folder), url)
        world = fill(Path(folder), url)
        app = create_app(settings_for(Path(folder), url))
        app.test_client_class = CrewClient
        columns = list(measure(app, world))
    print_table(columns)


def measure(app: Flask, world: World) -> Iterator[dict[str, float]]:
    """The figures of each size."""
    sign_in = signing_in(app, world)
    boss, worker = sign_in("supervisor"), sign_in("technician")
    boss.lints = worker.lints = False
    with app.app_context():
        pattern = walked(world)
    there = 1
    for size in SIZES:
        with app.app_context():
            copies(pattern, range(there, size))
            pages, stops = todo(pattern)
            megabytes = Path(str(db.engine.url.database)).stat().st_size / 1e6
        there = size
        yield figures(boss, worker, pages, stops) | {"MB of database": megabytes}


def walked(world: World) -> UUID:
    """A run of 40 stops, all visited; its rows are what history is made of."""
    with write_transaction():
        floor = world.place("north-floor")
        session.add_all(_room(floor, number) for number in range(STOPS))
        session.flush()
        made = templates.create(world.sites["north"], content(_document()), by=None, at=server_moment())
        run = _run(made)
        for stop in session.query(RunStop).filter_by(run_id=run.id).order_by(RunStop.position):
            given = parse(stop.plan, {"c-lamp": "pass", "c-pressure": "0.5"}, {})
            visit = visits.check_in(
                stop, Seen(new_id(), given, How.TAP), by=world.person("technician"), at=server_moment()
            )
            if stop.position % 20 == 0:
                session.add(Flag(site_id=run.site_id, visit_id=visit.id, rule=FlagRule.LATE, made_at=now()))
        return run.id


def _run(template: RoundTemplate) -> Run:
    at = now()
    return runs.make_run(template, Order(at - timedelta(minutes=5), at + EVERY), by=None, at=server_moment())


def _room(floor: Place, number: int) -> Place:
    name = f"走廊{number}"
    kind = {"kind": PlaceKind.ROOM, "parent_id": floor.id, "site_id": floor.site_id}
    return Place(code=f"bench-{number}", name=name, name_en="", path=name, path_en=name, **kind)


def _document() -> dict[str, Any]:
    lamp = {"key": "lamp", "kind": "grade", "label": {"zh": "灯具"}}
    pressure = {
        "key": "pressure",
        "kind": "number",
        "label": {"zh": "压力"},
        "unit": "MPa",
        "low": "0.4",
        "high": "0.8",
    }
    stops = [
        {"key": f"s{n}", "title": {"zh": f"点{n}"}, "where": {"place": f"bench-{n}"}, "checks": [lamp, pressure]}
        for n in range(STOPS)
    ]
    return document(code="bench", name={"zh": "四十点"}, stops=stops)


def copies(pattern: UUID, ages: range) -> None:
    """The same run again, so many times two hours earlier, with all that was seen."""
    tables = [(Run, Run.id), (RunStop, RunStop.run_id), (Visit, Visit.run_id)]
    rows: dict[type[Base], list[dict[str, Any]]] = {
        kind: _rows(select(kind.__table__).where(key == pattern)) for kind, key in tables
    }
    seen = [row["id"] for row in rows[Visit]]
    for told in (Answer, Flag):
        rows[told] = _rows(select(told.__table__).where(told.visit_id.in_(seen)))
    for age in ages:
        with write_transaction():
            known: dict[UUID, UUID] = {}
            for kind, found in rows.items():
                session.execute(insert(kind), [_earlier(kind, row, age, known) for row in found])


def _rows(query: Any) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(query)]  # noqa: SLF001 - a public name of SQLAlchemy


def _earlier(kind: type[Base], row: dict[str, Any], age: int, known: dict[UUID, UUID]) -> dict[str, Any]:
    known[row["id"]] = new_id()
    moved = {name: _moved(value, age, known) for name, value in row.items()}
    return moved | ({"number": f"B-{age}"} if kind is Run else {})


def _moved(value: Any, age: int, known: dict[UUID, UUID]) -> Any:
    if isinstance(value, UUID):
        return known.get(value, value)
    return value - age * EVERY if isinstance(value, datetime) else value


def todo(pattern: UUID) -> tuple[dict[str, str], list[UUID]]:
    """The pages that are measured, and the stops of a run that nobody has begun."""
    with write_transaction():
        fresh = _run(session.query(RoundTemplate).filter_by(code="bench").one())
        stops = list(session.scalars(select(RunStop.id).filter_by(run_id=fresh.id).order_by(RunStop.position)))
    series = session.scalars(select(ReadingSeries.id).limit(1)).one()
    oldest = session.scalars(select(Run).order_by(Run.opens_at).limit(1)).one()
    pages = {
        "today": "/",
        "rounds": "/rounds",
        "what changed": "/rounds/news",
        "list of all rounds": "/rounds/runs",
        "its last page": f"/rounds/runs?before={cursor_after(oldest)}",
        "a run to walk": f"/rounds/runs/{fresh.id}",
        "a walked run": f"/rounds/runs/{pattern}",
        "flags": "/rounds/flags",
        "readings": "/rounds/readings",
        "a gauge, one week": f"/rounds/readings/{series}?view=week",
    }
    session.rollback()
    return pages, stops


def figures(boss: CrewClient, worker: CrewClient, pages: dict[str, str], stops: list[UUID]) -> dict[str, float]:
    """How long each page takes, and a visit."""
    found = {name: middle(partial(shown, boss, path)) for name, path in pages.items()}
    waiting = iter(stops)
    found["a visit is sent"] = middle(lambda: visited(worker, next(waiting)))
    return found


def visited(client: CrewClient, stop: UUID) -> None:
    """A visit with everything in order."""
    fields = {"c-lamp": "pass", "c-pressure": "0.55", "visit_id": str(new_id())}
    accepted(client.send(f"/rounds/stops/{stop}/visits", fields), 201)


def shown(client: CrewClient, path: str) -> None:
    """A page as it comes from the server."""
    response = client.get(path)
    assert response.status_code == HTTPStatus.OK, (path, response.status)


def cursor_after(run: Run) -> str:
    """The cursor just before the oldest runs."""
    return quote(cursor_of(run.opens_at + 10 * EVERY, run.id))


def middle(act: Callable[[], object]) -> float:
    """Milliseconds, the middle of some times; the first does not count."""
    act()
    return statistics.median(timed(act) for _ in range(TIMES))


def timed(act: Callable[[], object]) -> float:
    """Milliseconds that something took."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def print_table(columns: list[dict[str, float]]) -> None:
    """One line for each page, one column for each size."""
    lines = [f"{'ms in the middle':24}" + "".join(f"{size:>10,}" for size in SIZES) + "  runs"]
    lines += [f"{name:24}" + "".join(f"{column[name]:10.1f}" for column in columns) for name in columns[0]]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
