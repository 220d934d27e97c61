"""How long writers wait while backups are made: a year of the demo, one phone that writes without a pause.

Prints a line each with and without a backup going on: acknowledgements, p50, p95 and the longest in milliseconds; then
how long backups took, the first and those after it, and how much they wrote.
"""

import argparse
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

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
        self.ticket = str(hospital.rows(query + " LIMIT 1", login)[0][0])
        self.times: list[float] = []
        self.over = threading.Event()

    def work(self) -> None:
        """Until it is over."""
        while not self.over.is_set():
            began = time.monotonic()
            status = self.phone.send(f"/tickets/{self.ticket}/notes", {"note": f"Notiz {new_id()}"}).status
            assert status == 200, status
            self.times.append(1000 * (time.monotonic() - began))


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


def main() -> None:
    """One after the other on the same hospital."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=30)
    arguments.add_argument("--demo", type=Path, help="Data of a demo that was made before, else it is made.")
    wanted = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="crew-backups-"))
    try:
        hospital = Hospital(wanted.demo or make_demo(folder / "demo"), folder / "data")
        hospital.start()
        try:
            measured(hospital, "without a backup", wanted.seconds, None)
            measured(hospital, "while backups are made", wanted.seconds, folder / "backups")
        finally:
            hospital.stop()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
