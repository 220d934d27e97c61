"""How many of the crew's everyday requests a second this machine answers, beside what it can do at all.

    make bench [EACH=6] [REPEATS=3] [WORKERS=2]

A bare Flask application on the same server with the same settings, single rows written durably, then the real one with
the demo year and 100,000 jobs, 16 connections, one person signed in. Prints a table, then a line of JSON for each work:
`share` is its rate as a share of the bare application's in the same run. Nothing here passes or fails.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.closed_loop import Asked, Found, Line, load
from tests.benchmarks.machine import CREW, commits, demo_data, free_port, memory_of_tree, serving
from tests.benchmarks.ward import Ward, finished, newest, opened, photos, tag_pages

GRANIAN = str(Path(sys.executable).with_name("granian"))
CONNECTIONS, JOBS = 16, 100_000
HELLO = "from flask import Flask\napp = Flask(__name__)\n\n@app.get('/')\ndef hello():\n    return 'hello'\n"
GOOD = frozenset({200, 201, 302, 303})


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--data", type=Path, help="demo data made before, instead of making it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {asked.workers} workers", flush=True)
        hello = _bare(folder, asked)
        raw = commits(folder / "raw.db", asked.seconds)
        print(f"{'hello':14} {hello:8.1f} /s\n{'raw commits':14} {raw:8.1f} /s", flush=True)
        data, port = demo_data(folder / "data", asked.data, JOBS), free_port()
        command, room = [CREW, "serve", "--workers", str(asked.workers)], {**os.environ, "CREW_DATA": str(data)}
        with serving(command, port, "/login", env=room) as (started, pid):
            print(f"{'cold start':14} {started:8.2f} s", flush=True)
            ward = Ward(port, data)
            lines = [_measured(name, make, ward, asked, hello) for name, make in WORKS.items()]
            memory = memory_of_tree(pid)
        print(f"{'memory (PSS)':14} {memory:8.0f} MB")
    for line in [*lines, {"work": "memory", "mb": round(memory)}, {"work": "cold_start", "seconds": round(started, 2)}]:
        print(json.dumps(line))


Make = Callable[[Ward, int], Iterator[Asked]]
WORKS: dict[str, Make] = {
    "tag_page": tag_pages,
    "open_ticket": opened,
    "finish_ticket": finished,
    "newest_50": newest,
    "photo": photos,
}
AHEAD = {"finish_ticket": 130, "photo": 60}
"""At most so many a second are made ready."""


def _measured(name: str, make: Make, ward: Ward, asked: argparse.Namespace, hello: float) -> dict[str, object]:
    count = int(AHEAD.get(name, 0) * asked.seconds)
    for path in make(ward, 20):
        Line(ward.port).ask(path)
        break
    runs = []
    for _ in range(asked.repeats):
        requests = iter(list(make(ward, count))) if count else make(ward, 0)
        runs.append(load(ward.port, requests, connections=CONNECTIONS, seconds=asked.seconds, good=GOOD))
    found: Found = sorted(runs, key=lambda one: one.rate)[len(runs) // 2]
    errors = sum(sum(one.errors.values()) for one in runs)
    words = f"p50 {found.p50:7.1f} p95 {found.p95:7.1f} p99 {found.p99:7.1f} ms  {found.size:7} bytes  {errors} errors"
    print(f"{name:14} {found.rate:8.1f} /s  share {found.rate / hello:.3f}  {words}", flush=True)
    return {
        "work": name,
        "share": round(found.rate / hello, 4),
        "per_second": round(found.rate, 1),
        "p50_ms": round(found.p50, 1),
        "p95_ms": round(found.p95, 1),
        "p99_ms": round(found.p99, 1),
        "errors": errors,
        "requests": sum(one.count for one in runs),
    }


def _bare(folder: Path, asked: argparse.Namespace) -> float:
    """Answers a second of a Flask application that only says hello, on the same server with the same settings."""
    (folder / "hello.py").write_text(HELLO)
    port = free_port()
    options = ["--interface", "wsgi", "--workers", str(asked.workers), "--blocking-threads", "64"]
    command = [GRANIAN, *options, "--backpressure", "256", "--no-access-log", "hello:app"]

    def hellos() -> Iterator[Asked]:
        while True:
            yield Asked("GET", "/")

    with serving(command, port, "/", cwd=folder):
        runs = [
            load(port, hellos(), connections=CONNECTIONS, seconds=asked.seconds, good=GOOD)
            for _ in range(asked.repeats)
        ]
    return statistics.median(one.rate for one in runs)


if __name__ == "__main__":
    main()
