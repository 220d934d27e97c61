"""Backups under load: phones write through a real server, server and backup are killed, each backup is brought back.

Everything that was acknowledged before a backup began is in it. `make backups COUNT=30` does it thirty times.
"""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import pytest
from PIL import Image

from crew_app.backups.manifest import listed
from crew_app.cli.restoring import check, restore
from crew_app.core.ids import new_id
from tests.acceptance.hospital import CREW
from tests.support.database import Template
from tests.support.pictures import announcement, encoded
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import SmallHospital, small_hospital
from tests.support.tickets import report_fields

COUNT, SEED = int(os.environ.get("BACKUPS", "2")), int(os.environ.get("SEED", "7"))
KEY = "b5f1e2d3c4b5a69788796a5b4c3d2e1f0"
PATIENCE = 600
"""Seconds until something is given up; only a machine with far too much to do gets there."""
pytestmark = pytest.mark.timeout(120 * (COUNT + 3))
BETWEEN = 12
"""Acknowledgements between one backup and the next."""


@dataclass
class Log:
    """What the server said yes to, in order: what kind of thing, and how to find it."""

    said: list[tuple[str, str]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)
    refused: list[str] = field(default_factory=list)

    def add(self, kind: str, what: str) -> None:
        """One more."""
        with self.news:
            self.said.append((kind, what))
            self.news.notify_all()

    def wait_for(self, many: int) -> list[tuple[str, str]]:
        """Everything so far, once there are so many more than before."""
        with self.news:
            wanted = len(self.said) + many
            assert self.news.wait_for(lambda: len(self.said) >= wanted or self.refused, timeout=PATIENCE), (
                "nobody works"
            )
            assert not self.refused, self.refused
            return list(self.said)


class Over(Exception):
    """Nobody waits for an answer any more."""


class Crew:
    """People who work without a pause; what a dead server did not answer is sent again with the same key."""

    def __init__(self, hospital: SmallHospital, template: Template, log: Log) -> None:
        self.hospital, self.world, self.log = hospital, template.world, log
        self.phone = RawPhone(hospital.port, "technician")

    def report(self, number: int) -> None:
        """A job is opened, a photo is sent for it, material is used on it."""
        ticket = report_fields(self.world, description=f"Nr. {number}")
        self._until_yes(f"ticket {number}", lambda key: self.phone.send("/tickets", ticket, key).status)
        self.log.add("ticket", str(ticket["ticket_id"]))
        path = f"/tickets/{ticket['ticket_id']}"
        move = {"move_id": str(new_id()), "item_id": str(self.world.items["tube"]), "quantity": "1"}
        self._until_yes("material", lambda key: self.phone.send(f"{path}/materials", move, key).status)
        self.log.add("move", move["move_id"])
        data = picture()
        fields = announcement(data, role="before")
        self._until_yes("photo", lambda key: self.phone.send(f"{path}/photos", fields, key).status)
        original = f"/photos/{fields['photo_id']}/original"
        self._until_yes("bytes", lambda key: self.phone.bytes_of(original, data, key).status)
        self.log.add("photo", str(fields["photo_sha256"]))

    def work(self, first: int) -> None:
        """One job after the other until it is over."""
        number = first
        with suppress(Over):
            while not self.log.over.is_set():
                self.report(number)
                number += 1

    def _until_yes(self, what: str, send: Callable[..., int]) -> None:
        key = new_id()
        while not self.log.over.is_set():
            with suppress(OSError, HTTPException):
                status = send(key)
                if status in (200, 201):
                    return
                if status < 500 and status != 409:
                    self.log.refused.append(f"{what}: {status}")
                    self.log.over.set()
            self.log.over.wait(0.05)
        raise Over


def picture() -> bytes:
    """Another one each time."""
    return encoded(Image.frombytes("RGB", (64, 48), os.urandom(64 * 48 * 3)), "JPEG")


@contextmanager
def at_work(hospital: SmallHospital, template: Template, people: int = 2) -> Iterator[Log]:
    """People work as long as the block runs."""
    log = Log()
    threads = [
        threading.Thread(target=Crew(hospital, template, log).work, args=(number * 100_000,), daemon=True)
        for number in range(people)
    ]
    for thread in threads:
        thread.start()
    try:
        yield log
    finally:
        log.over.set()
        for thread in threads:
            thread.join(60)


class Night:
    """One backup after the other, some of them with a kill in the middle."""

    def __init__(self, hospital: SmallHospital, target: Path, chance: random.Random) -> None:
        self.hospital, self.target, self.chance = hospital, target, chance
        self.environment = hospital.environment | {"BACKUP_KEY": KEY}
        self.tally = {"server kills": 0, "backup kills": 0, "seconds": 0.0}

    def back_up(self, number: int) -> None:
        """One that is whole, after one that was killed, or while the server is."""
        if number % 3 == 1:
            self._killed_backup()
        process = self._begin()
        if number % 3 == 0:
            self._wait(process, 0, 3)
            self.hospital.stop()
            self.hospital.start()
            self.tally["server kills"] += 1
        said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said

    def _killed_backup(self) -> None:
        whole, process = len(listed(self.target)), self._begin()
        self._wait(process, 1, 5)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.tally["backup kills"] += process.returncode == -signal.SIGKILL
        assert len(listed(self.target)) - whole == (process.returncode == 0)

    def _begin(self) -> subprocess.Popen[str]:
        command = [CREW, "backup", str(self.target), "--keep", "5"]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def _wait(self, process: subprocess.Popen[str], least: float, most: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.chance.uniform(least, most))


def lost(folder: Path, said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was acknowledged and is not in what came back."""
    with closing(sqlite3.connect(folder / "crew.db")) as connection:
        there = {("ticket", row[0]) for row in connection.execute("SELECT id FROM tickets")}
        there |= {("move", row[0]) for row in connection.execute("SELECT id FROM moves")}
        stored = connection.execute("SELECT sha256 FROM photos WHERE stored_at IS NOT NULL").fetchall()
    there |= {("photo", row[0]) for row in stored if whole(folder, row[0])}
    return [(kind, what) for kind, what in said if (kind, what.replace("-", "")) not in there]


def whole(folder: Path, sha256: str) -> bool:
    """Whether the original of a photo is there as it was sent."""
    path = folder / "photos" / "original" / sha256[:2] / sha256
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def test_each_backup_has_all_that_was_acknowledged_before_it(sqlite_template: Template, tmp_path: Path) -> None:
    with small_hospital(sqlite_template, tmp_path) as hospital:
        night = Night(hospital, tmp_path / "backups", random.Random(SEED))
        night.target.mkdir()
        hospital.patience = PATIENCE
        acknowledged, fine, folder = 0, 0, tmp_path
        with at_work(hospital, sqlite_template) as log:
            for number in range(COUNT):
                said = log.wait_for(BETWEEN)
                began = time.monotonic()
                night.back_up(number)
                night.tally["seconds"] += time.monotonic() - began
                folder = tmp_path / f"restored-{number}"
                found = restore(night.target, folder, KEY.encode())
                assert found.problems == []
                assert lost(folder, said) == []
                acknowledged, fine = len(said), fine + 1
        print(f"\nbackups={COUNT} whole={fine} acknowledged={acknowledged} lost=0 {night.tally}")  # noqa: T201
        assert fine == COUNT
        _serves(hospital, folder)


def _serves(hospital: SmallHospital, folder: Path) -> None:
    """A server on what came back answers the same people."""
    hospital.stop()
    hospital.data = folder
    hospital.environment |= {"CREW_DATA": str(folder)}
    hospital.start()
    with urllib.request.urlopen(f"{hospital.url}/login", timeout=20) as page:
        assert page.status == 200
    assert RawPhone(hospital.port, "technician").ask("GET", "/tickets").status == 200
    assert "The ledger is right." in hospital.check_ledger()


def test_a_backup_that_forgets_the_newest_is_found_out(sqlite_template: Template, tmp_path: Path) -> None:
    """The sabotage: the file alone is copied, without what is still in the write-ahead log."""
    with small_hospital(sqlite_template, tmp_path) as hospital:
        with at_work(hospital, sqlite_template, people=1) as log:
            said = log.wait_for(BETWEEN)
            folder = tmp_path / "copied"
            folder.mkdir()
            (folder / "crew.db").write_bytes((hospital.data / "crew.db").read_bytes())
        assert lost(folder, said)
        with pytest.raises(Exception, match="no backup"):
            check(folder, None)
