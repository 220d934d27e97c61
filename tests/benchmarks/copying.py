"""Whether writers of an SQLite file wait while it is copied: python -m tests.benchmarks.copying FILE.

Works on a copy of FILE. Prints transactions of five rows, p50, p95 and the longest in milliseconds, without and with
copies made one after the other by another process; then how long each copy took.
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

SECONDS = 20
COPIES = """
import sys, time
from pathlib import Path
from crew_app.backups.snapshots import copy_sqlite
source, target = map(Path, sys.argv[1:])
print("begun", flush=True)
while True:
    began = time.monotonic()
    copy_sqlite(source, target)
    target.unlink()
    print(f"{time.monotonic() - began:.2f}", flush=True)
"""


def written(path: Path, what: str) -> None:
    """Write for a while, each transaction durable."""
    times = []
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS heap (what BLOB)")
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO heap VALUES (randomblob(?))", [(400,)] * 5)
            connection.execute("COMMIT")
            times.append(1000 * (time.perf_counter() - began))
    times.sort()
    said = f"p50 {times[len(times) // 2]:.2f}, p95 {times[len(times) * 95 // 100]:.1f}, longest {times[-1]:.0f} ms"
    print(f"{what}: {len(times)} transactions, {said}")


def main() -> None:
    """Without, then with copies."""
    with tempfile.TemporaryDirectory() as folder:
        path, copy = Path(folder) / "crew.db", Path(folder) / "copy.db"
        shutil.copy(sys.argv[1], path)
        written(path, "without copies")
        command = [sys.executable, "-c", COPIES, str(path), str(copy)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            process.stdout.readline()
            written(path, "while it is copied again and again")
            process.kill()
            print("seconds for each copy:", *process.stdout.read().split())


if __name__ == "__main__":
    main()
