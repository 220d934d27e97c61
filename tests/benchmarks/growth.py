"""How much slower every page is in a large database than with the demo's year of 8,600 jobs: `make bench-growth`.

    make bench-growth SCALE=0.02                                  # makes both databases, SQLite
    make bench-growth SCALE=0.1 ARGS="--small URL --large URL"    # of databases that are there

Both are asked in turn, so that what else the machine does meets both. A JSON line for each page, the worst last.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask

from crew_app import create_app
from crew_app.core.clock import now
from crew_app.core.db import db
from crew_app.demo.people import PASSWORD
from crew_app.reports import day_figures
from tests.support.counting import statements
from tests.support.database import settings_for, sqlite_url
from tests.support.growing_pages import addresses, signed_in, who_may
from tests.support.query_plans import asked_of, scans

CREW = str(Path(sys.executable).with_name("crew"))
GOAL = 1.3


def main() -> None:
    """Print a line for each page, then a summary."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--small", help="address of a database with the demo, or its folder")
    parser.add_argument("--large", help="address of a database filled by `crew seed`, or its folder")
    parser.add_argument("--only", default="", help="only pages whose address begins with this")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        urls = [
            _url(asked.small) or _made(Path(folder) / "small"),
            _url(asked.large) or _made(Path(folder) / "large", asked.scale),
        ]
        _compare(urls, asked.times, asked.only)


def _url(given: str | None) -> str | None:
    if not given or "://" in given:
        return given and given.replace("postgresql://", "postgresql+psycopg://")
    return sqlite_url(Path(given))


def _made(folder: Path, scale: float | None = None) -> str:
    folder.mkdir()
    what = ["seed", "--scale", str(scale)] if scale else ["demo", "--no-serve"]
    subprocess.run([CREW, *what], env={**os.environ, "CREW_DATA": str(folder), "CREW_DEMO": "1"}, check=True)
    return sqlite_url(folder)


def _compare(urls: list[str], times: int, only: str) -> None:
    workers = [_Worker(url) for url in urls]
    paths = [worker.ask("pages", only) for worker in workers]
    lines = []
    for path, login in paths[1]:
        other = next(((way, who) for way, who in paths[0] if way == path or _like(way, path)), None)
        if other is None or other[1] != login:
            continue
        spent: list[list[float]] = [[], []]
        for _ in range(times):
            for place, worker in enumerate(workers):
                spent[place].append(worker.ask("open", (other[0], path)[place], login))
        large, small = (_p(spent[place]) for place in (1, 0))
        count, scanned = workers[1].ask("plans", path, login)
        line = {"page": path, "login": login, "p50": large[0], "p95": large[1], "small_p50": small[0]}
        line |= {
            "small_p95": small[1],
            "ratio": round(large[0] / small[0], 2),
            "ratio_p95": round(large[1] / small[1], 2),
        }
        line |= {"statements": count, "small_statements": workers[0].ask("count", other[0], login), "scans": scanned}
        lines.append(line)
        print(json.dumps(line, ensure_ascii=False), flush=True)
    _summary(lines, workers)


def _like(one: str, other: str) -> bool:
    """Pages of one thing have another address in another database; the rest of the address is the same."""
    parts = [[part for part in path.split("/") if len(part) not in (36, 14)] for path in (one, other)]
    return one.count("/") == other.count("/") and parts[0] == parts[1]


def _p(spent: list[float]) -> tuple[float, float]:
    ordered = sorted(spent)
    return round(ordered[len(ordered) // 2], 1), round(ordered[int(len(ordered) * 0.95)], 1)


def _summary(lines: list[dict[str, object]], workers: list["_Worker"]) -> None:
    slow = [line for line in lines if float(str(line["ratio_p95"])) > GOAL]
    memory = [worker.ask("memory") for worker in workers]
    print(
        json.dumps(
            {
                "work": "growth",
                "pages": len(lines),
                "above_goal": len(slow),
                "more_statements": [line["page"] for line in lines if line["statements"] != line["small_statements"]],
                "scans": sorted({name for line in lines for name in line["scans"]}),  # type: ignore[attr-defined]
                "memory_mb": memory,
            }
        )
    )
    for line in sorted(slow, key=lambda line: -float(str(line["p95"])))[:25]:
        print(f"{line['p95']:>9} ms  x{line['ratio_p95']:<7} {line['page']} {line['scans']}")


class _Worker:
    """A process with an application of its own on one of the databases."""

    def __init__(self, url: str) -> None:
        context = get_context("spawn")
        self.here, there = context.Pipe()
        context.Process(target=_serve, args=(url, there), daemon=True).start()

    def ask(self, *what: object) -> Any:
        """Have something done, and wait for the answer."""
        self.here.send(what)
        return self.here.recv()


def _serve(url: str, there: Connection) -> None:
    folder = Path(tempfile.mkdtemp())
    app = create_app(settings_for(folder, url, demo=True))
    with app.app_context():
        day_figures.catch_up(now())
        db.session.remove()
    clients = signed_in(app, PASSWORD)
    while True:
        what, *rest = there.recv()
        if what == "pages":
            there.send(
                [
                    (path, login)
                    for path in addresses(app)
                    if path.startswith(rest[0]) and (login := who_may(clients, path))
                ]
            )
        elif what == "open":
            there.send(_spent(clients[rest[1]], rest[0]))
        elif what == "plans":
            there.send(_plans(app, clients[rest[1]], rest[0]))
        elif what == "count":
            with statements(app) as asked:
                clients[rest[1]].get(rest[0])
            there.send(len(asked))
        else:
            there.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _spent(client: object, path: str) -> float:
    start = time.perf_counter()
    client.get(path).get_data()  # type: ignore[attr-defined]
    return (time.perf_counter() - start) * 1000


def _plans(app: Flask, client: object, path: str) -> tuple[int, list[str]]:
    with statements(app) as all_of_them, asked_of(app) as asked:
        client.get(path)  # type: ignore[attr-defined]
    with app.app_context(), db.engine.connect() as connection:
        found = scans(connection, asked)
    if os.environ.get("SHOW_SCANS"):
        for statement, tables in found.items():
            print(path, tables, statement, file=sys.stderr)
    return len(all_of_them), sorted({name for tables in found.values() for name in tables})


if __name__ == "__main__":
    main()
