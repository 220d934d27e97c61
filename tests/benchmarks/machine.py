"""Servers started for a measurement, what they weigh, and what this machine's disk can do."""

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.closed_loop import Asked, Line

CREW = str(Path(sys.executable).with_name("crew"))
ROW = "INSERT INTO rows (words) VALUES ('one durable row')"
"""What a raw commit writes."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def serving(command: list[str], port: int, path: str, **options: object) -> Iterator[tuple[float, int]]:
    """A server: seconds until its first answer, and its process."""
    begun = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([*command, "--port", str(port)], **quiet, **options)  # type: ignore[call-overload]
    try:
        _until_it_answers(port, path)
        yield time.perf_counter() - begun, server.pid
    finally:
        server.terminate()
        server.wait()


def _until_it_answers(port: int, path: str) -> None:
    while True:
        line = Line(port)
        try:
            if line.ask(Asked("GET", path))[0] == 200:
                return
        except OSError:
            time.sleep(0.01)
        finally:
            line.close()


def memory_of_tree(pid: int) -> float:
    """Megabytes of a process and its children, pages they share counted once (PSS)."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return total / 1024


def commits(path: Path, seconds: float) -> float:
    """Single rows a second, each on the disk before the next."""
    with sqlite3.connect(path, isolation_level=None) as books:
        books.execute("PRAGMA journal_mode=WAL")
        books.execute("PRAGMA synchronous=FULL")
        books.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, words TEXT)")
        begun, count = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            books.execute(ROW)
            count += 1
        return count / (time.perf_counter() - begun)


def demo_data(folder: Path, made: Path | None, jobs: int) -> Path:
    """The demo year in a folder, with closed jobs of former years until there are so many."""
    folder.mkdir()
    if made:
        with sqlite3.connect(made / "crew.db") as source, sqlite3.connect(folder / "crew.db") as target:
            source.backup(target)
    else:
        subprocess.run([CREW, "demo", "--no-serve"], env={**os.environ, "CREW_DATA": str(folder)}, check=True)
    with sqlite3.connect(folder / "crew.db") as books:
        _more_jobs(books, jobs)
    return folder


def _more_jobs(books: sqlite3.Connection, jobs: int) -> None:
    columns = [row[1] for row in books.execute("PRAGMA table_info(tickets)")]
    changed = {
        "id": "lower(hex(randomblob(16)))",
        "number": "number || '/' || :year",
        "follow_hash": "NULL",
        "opened_at": "datetime(opened_at, '-' || :year || ' years') || '.000000'",
    }
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    closed = "state IN ('verified', 'cancelled') AND number NOT LIKE '%/%'"
    query = f"INSERT INTO tickets ({names}) SELECT {values} FROM tickets WHERE {closed}"
    year = 0
    while books.execute("SELECT count(*) FROM tickets").fetchone()[0] < jobs:
        year += 1
        books.execute(query, {"year": year})
