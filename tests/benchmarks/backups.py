"""How long writers wait while backups are made: a year of the demo, one phone that writes without a pause.

Prints a line each with and without a backup going on: acknowledgements, p50, p95 and the longest in milliseconds; then
how long backups took, the first and those after it, and how much they wrote; then what a continuous copy loses when
the machine is gone from one moment to the next.
"""

import argparse
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPException
from pathlib import Path
from uuid import UUID

from crew_app.cli.restoring import restore
from crew_app.core.ids import new_id
from tests.acceptance.hospital import CREW, Hospital, make_demo
from tests.acceptance.phone import PASSWORD
from tests.support.raw_phone import RawPhone


class Writer:
    """One phone: a note after the other, each with the time it took."""

    def __init__(self, hospital: Hospital, login: str) -> None:
        self.phone = RawPhone(hospital.port, login, PASSWORD)
        query = (
            "SELECT t.id FROM tickets t JOIN people p ON p.id = t.owner_id WHERE p.login = ? AND t.state = 'accepted'"
        )
        self.ticket = str(UUID(str(hospital.rows(query + " LIMIT 1", login)[0][0])))
        self.times: list[float] = []
        self.said: list[tuple[float, str]] = []
        """When each note was acknowledged, and its words."""
        self.over = threading.Event()

    def work(self) -> None:
        """Until it is over."""
        while not self.over.is_set():
            began = time.monotonic()
            note = f"Notiz {new_id()}"
            with suppress(OSError, HTTPException):
                assert self.phone.send(f"/tickets/{self.ticket}/notes", {"note": note}).status == 200
                self.said.append((time.monotonic(), note))
                self.times.append(1000 * (self.said[-1][0] - began))


def measured(hospital: Hospital, what: str, seconds: float, target: Path | None) -> None:
    """Write for so long, with backups one after the other if there is a target."""
    writer = Writer(hospital, "wang")
    thread = threading.Thread(target=writer.work, daemon=True)
    thread.start()
    end, made = time.monotonic() + seconds, []
    while time.monotonic() < end:
        if target is None:
            writer.over.wait(1)
            continue
        done = subprocess.run(
            [CREW, "backup", str(target)], env=hospital.environment, capture_output=True, text=True, check=True
        )
        made.append(done.stdout.strip().rpartition(": ")[2])
    writer.over.set()
    thread.join()
    times = sorted(writer.times)
    p50, p95 = statistics.median(times), times[len(times) * 95 // 100]
    print(f"{what}: {len(times)} writes, p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {times[-1]:.0f} ms")
    for line in made:
        print(f"  backup: {line}")


def followed(hospital: Hospital, every: float, seconds: float, folder: Path) -> None:
    """Follow for so long, then everything is killed at once: what the newest copy does not have."""
    writer = Writer(hospital, "wang")
    thread = threading.Thread(target=writer.work, daemon=True)
    command = [CREW, "backup", str(folder / "followed"), "--follow", str(every), "--keep", "10"]
    with subprocess.Popen(command, env=hospital.environment, stdout=subprocess.DEVNULL) as copying:
        thread.start()
        while not list((folder / "followed").glob("*.backup")):
            writer.over.wait(0.2)
        writer.over.wait(seconds)
        copying.kill()
        hospital.stop()
        at = time.monotonic()
    writer.over.set()
    thread.join()
    found = restore(folder / "followed", folder / "back", None)
    with closing(sqlite3.connect(folder / "back" / "crew.db")) as connection:
        there = {row[0] for row in connection.execute("SELECT note FROM ticket_events")}
    gone = [moment for moment, note in writer.said if note not in there]
    age = at - min(gone, default=at)
    said = f"{len(writer.said)} acknowledged, {len(gone)} lost, the oldest of them {age:.1f} s before the end"
    print(f"followed every {every:.0f} s for {seconds:.0f} s: {said}; {len(found.problems)} problems")


def main() -> None:
    """One after the other on the same hospital."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=30)
    arguments.add_argument("--every", type=float, default=10, help="Seconds between copies when following.")
    arguments.add_argument("--demo", type=Path, help="Data of a demo that was made before, else it is made.")
    wanted = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="crew-backups-"))
    try:
        hospital = Hospital(wanted.demo or make_demo(folder / "demo"), folder / "data")
        hospital.patience = 180
        try:
            hospital.start()
            measured(hospital, "without a backup", wanted.seconds, None)
            measured(hospital, "while backups are made", wanted.seconds, folder / "backups")
            followed(hospital, wanted.every, 3 * wanted.seconds, folder)
        finally:
            hospital.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
