"""Power cuts: a server under load is recorded, and what its disk may hold after a cut is looked at, many times."""

import os
import random
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.faults import recorder
from tests.faults.books import wrong_books
from tests.faults.crew import Crew, Journal
from tests.faults.disk import Disk, Loss
from tests.faults.judge import judge, missing_photos, of_file
from tests.faults.recorder import Call
from tests.faults.replay import is_moment, replay
from tests.faults.site import make_round
from tests.support.database import Template, settings_for, sqlite_url
from tests.support.small_hospital import SmallHospital, founded

LOSSES = tuple(Loss)
BOOKS_EACH = 10
"""Of so many images one is asked for its ledger and chain as well."""


@dataclass(frozen=True)
class Record:
    """A server's work as it was seen."""

    before: Disk
    calls: list[Call]
    journal: Journal

    def without(self, *parts: str) -> "Record":
        """As if files whose path has one of these parts had not been forced onto the disk."""
        careless = [
            call
            for call in self.calls
            if call.name not in ("fsync", "fdatasync") or not any(part in call.path for part in parts)
        ]
        return Record(self.before, careless, self.journal)

    @property
    def moments(self) -> int:
        """Moments at which the power may fail."""
        return sum(is_moment(str(self.before.root), call) for call in self.calls)

    @property
    def forced(self) -> Counter[str]:
        """How often something was forced onto the disk, by what it was."""
        root = str(self.before.root)
        calls = (call for call in self.calls if call.name in ("fsync", "fdatasync") and call.path.startswith(root))
        return Counter(f"{call.path}/".removeprefix(f"{root}/").partition("/")[0] or "." for call in calls)


@dataclass
class Damage:
    """What was found after cuts."""

    images: int = 0
    promised: int = 0
    """Acknowledged commands that were looked for, all images together."""
    losses: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    """What was wrong, with the kind of loss."""


def record(template: Template, folder: Path, commands: int, seed: int, program: Path | None = None) -> Record:
    """Let a crew work under watch until so many commands were acknowledged."""
    hospital = founded(template, folder, program)
    round_ = make_round(settings_for(hospital.data, sqlite_url(hospital.data)), template.world)
    before, trace = Disk(hospital.data), folder / "trace"
    hospital.under = recorder.watched(trace)
    journal = Journal(folder / "acknowledged.jsonl")
    with _running(hospital), Crew(hospital, template.world, round_, journal, seed, side=240):
        journal.until_acknowledged(commands, 300)
    journal.close()
    assert not journal.wrong, journal.wrong[:5]
    calls = list(recorder.calls(trace))
    trace.unlink()
    heard = {key for call in calls if (key := recorder.acknowledged(call))}
    assert set(journal.acknowledged) <= heard, "the record does not show what phones heard"
    return Record(before, calls, journal)


def cuts(
    made: Record, folder: Path, number: int, seed: int, losses: tuple[Loss, ...] = LOSSES, after: float = 0.0
) -> Damage:
    """Cut the power at so many moments, and look at what is left each time; `after`: not before this share of them."""
    chance, damage, disk = random.Random(seed), Damage(), deepcopy(made.before)
    chosen = Counter(chance.choices(range(int(made.moments * after), made.moments), k=number))
    for moment, promised in enumerate(replay(disk, made.calls)):
        for _ in range(chosen[moment]):
            loss = losses[damage.images % len(losses)]
            disk.cut(folder, loss, chance)
            wrong = _look(folder, made.journal, promised, books=damage.images % BOOKS_EACH == 0)
            shutil.rmtree(folder)
            damage.images += 1
            damage.promised += len(promised)
            damage.losses[loss.value] += 1
            damage.found += [f"{one} ({loss.value}, moment {moment})" for one in wrong]
    return damage


def _look(image: Path, journal: Journal, promised: set[UUID], *, books: bool) -> list[str]:
    """What is wrong with an image."""
    (image / "crew.db-shm").unlink(missing_ok=True)  # memory of the machine that went off
    path = image / "crew.db"
    with closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
    if verdict != "ok" or dangling:
        return [f"the database is damaged: {verdict} {dangling[:3]}"]
    rows = of_file(path)
    found = judge(rows, journal.sent, promised)
    wrong = [f"lost: {one}" for one in found.lost] + [f"doubled: {one}" for one in found.doubled]
    wrong += [f"missing: {one}" for one in missing_photos(rows, image / "photos")]
    return wrong + (wrong_books(image) if books else [])


@contextmanager
def _running(hospital: SmallHospital) -> Iterator[None]:
    """Until the end of the block; then the server ends by itself, so that the record is whole."""
    hospital.start()
    try:
        yield
        assert hospital.process
        (server,) = hospital.workers()  # the child of the one who watches
        os.kill(server, signal.SIGTERM)
        hospital.process.wait(60)
        hospital.process = None
    finally:
        hospital.stop()
