"""How long pages of the dashboard take with the year of the demo hospital, and with a hundred times its jobs.

    make bench-dashboard SCALE=100

One site on SQLite, one worker, no network, templates included. The jobs and their events are copied row by row into
twenty times the places and assets; the counts of days are multiplied with them. Nothing here passes or fails.
"""

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from http import HTTPStatus
from pathlib import Path

from flask import Flask

from crew_app import create_app
from crew_app.core.clock import now
from crew_app.core.db import db
from crew_app.reports import day_figures
from tests.support.client import SAME_ORIGIN
from tests.support.counting import statements
from tests.support.database import settings_for, sqlite_url

PAGES = (
    "/reports",
    "/reports/trends",
    "/reports/trends?window=30-days",
    "/reports/trends/view?topic=reported&by=place",
    "/reports/trends/view?topic=on_time&by=department",
    "/reports/trends/view?topic=repair&by=person",
    "/reports/wall",
)
TIMES, TWENTY = 20, 20
CREW = str(Path(sys.executable).with_name("crew"))


def main() -> None:
    """Print p50 and p95 in milliseconds, and statements, of each page for both sizes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=int, default=100)
    parser.add_argument("--data", type=Path, help="demo data made before, instead of making it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        _make(small, asked.data)
        figures = {1: _measured(small)}
        shutil.copytree(small, large)
        _grow(large / "crew.db", asked.scale)
        figures[asked.scale] = _measured(large)
    _print(figures)


def _make(folder: Path, data: Path | None) -> None:
    folder.mkdir()
    if data:
        with sqlite3.connect(data / "crew.db") as source, sqlite3.connect(folder / "crew.db") as target:
            source.backup(target)
    else:
        subprocess.run([CREW, "demo", "--no-serve"], env={"CREW_DATA": str(folder)}, check=True)
    app = _app(folder)
    with app.app_context():
        day_figures.catch_up(now())
        db.engine.dispose()


def _measured(folder: Path) -> dict[str, tuple[float, float, int]]:
    app = _app(folder)
    client = app.test_client()
    client.post("/login", data={"login": "zhou", "password": "crew-demo"}, headers=SAME_ORIGIN)
    found = {}
    for page in PAGES:
        assert client.get(page).status_code == HTTPStatus.OK
        with statements(app) as asked:
            client.get(page)
        spent = sorted(_spent(lambda page=page: client.get(page)) for _ in range(TIMES))
        found[page] = spent[TIMES // 2], spent[int(TIMES * 0.95)], len(asked)
    with app.app_context():
        found["(the worker's minute)"] = (took := _spent(lambda: day_figures.catch_up(now()))), took, 0
        db.engine.dispose()
    return found


def _spent(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return (time.perf_counter() - start) * 1000


def _grow(path: Path, scale: int) -> None:
    """Copy k of a row has four signs of its id replaced by k, so that what belongs together still does."""
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA synchronous=OFF")
        base.execute(
            "CREATE TEMP TABLE copies AS WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n "
            f"WHERE k < {scale - 1}) SELECT k, printf('%04x', k) AS ends, "
            f"printf('%04x', k % {TWENTY}) AS room, k % {TWENTY} AS p FROM n"
        )
        for table, changes, which in (
            ("places", {"id": _of("id", "room"), "code": "t.code || '~' || p"}, f"k < {TWENTY}"),
            (
                "assets",
                {"id": _of("id", "room"), "code": "t.code || '~' || p", "place_id": _of("place_id", "room")},
                f"k < {TWENTY}",
            ),
            (
                "tickets",
                {
                    "id": _of("id"),
                    "number": "t.number || '-' || k",
                    "follow_hash": "NULL",
                    "place_id": _room("place_id"),
                    "asset_id": _room("asset_id"),
                },
                "1",
            ),
            ("ticket_events", {"id": _of("id"), "ticket_id": _of("ticket_id"), "receipt_key": "NULL"}, "1"),
        ):
            _copy(base, table, changes, which)
        _multiply(base, scale)
        base.execute("ANALYZE")
        print(
            {
                name: base.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
                for name in ("tickets", "ticket_events", "places", "day_figures")
            },
            flush=True,
        )


def _copy(base: sqlite3.Connection, table: str, changes: dict[str, str], which: str) -> None:
    columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
    chosen = ", ".join(changes.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    base.execute(f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} t, copies WHERE {which}")


def _multiply(base: sqlite3.Connection, scale: int) -> None:
    """The counts of all together a hundredfold; those of places and assets over the new ones."""
    spread = "'place', 'asset', 'm:place', 'm:asset'"
    each = max(scale // TWENTY, 1)
    base.execute(f"UPDATE day_figures SET amount = amount * {scale} WHERE dimension NOT IN ({spread})")
    base.execute(f"UPDATE day_figures SET amount = amount * {each} WHERE dimension IN ({spread})")
    base.execute(
        "INSERT INTO day_figures (site_id, day, measure, dimension, member, amount) "
        "SELECT site_id, day, measure, dimension, substr(member, 1, 14) || room || substr(member, 19), amount "
        f"FROM day_figures, copies WHERE dimension IN ({spread}) AND k < {TWENTY}"
    )


def _of(column: str, ends: str = "ends") -> str:
    return f"substr(t.{column}, 1, 12) || {ends} || substr(t.{column}, 17)"


def _room(column: str) -> str:
    """The first copies keep the rooms there were."""
    return f"CASE WHEN t.{column} IS NULL THEN NULL WHEN p = 0 THEN t.{column} ELSE {_of(column, 'room')} END"


def _app(folder: Path) -> Flask:
    return create_app(settings_for(folder, sqlite_url(folder), demo=True))


def _print(figures: dict[int, dict[str, tuple[float, float, int]]]) -> None:
    print(f"{'page':52}" + "".join(f"{f'x{scale} p50':>12}{'p95':>9}{'stmts':>7}" for scale in figures))
    for page in next(iter(figures.values())):
        cells = "".join("{:>12.0f}{:>9.0f}{:>7}".format(*found[page]) for found in figures.values())
        print(f"{page:52}{cells}")


if __name__ == "__main__":
    main()
