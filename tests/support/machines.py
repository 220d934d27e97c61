"""Two machines that serve one database and one bucket, and phones that send to whichever answers."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from crew_app.core.ids import new_id
from tests.support.bucket import Far
from tests.support.pictures import announcement, jpeg
from tests.support.serving import Browser, Server
from tests.support.tickets import report_fields
from tests.support.world import World

PATIENCE = 90
"""Seconds until a phone gives up: then the test has failed."""
AGAIN = (409, 503)


@dataclass
class Journal:
    """What phones were told to be done, kept outside of the machines."""

    keys: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    photos: list[tuple[str, str]] = field(default_factory=list)
    """Ids with their fingerprints."""
    wrong: list[str] = field(default_factory=list)
    repeated: int = 0


class Pair:
    """Two servers with data folders of their own."""

    def __init__(self, folder: Path, url: str, far: Far, **more: str) -> None:
        settings = far.environment | {"DATABASE_URL": url, "PHOTO_SAFE": "bucket", "NIGHT_CHECKS": "0"} | more
        self.url = url
        self.servers = [Server(folder / name, 1, **settings) for name in ("first", "second")]

    def start(self) -> "Pair":
        """Start both."""
        for server in self.servers:
            server.start()
        return self

    def stop(self) -> None:
        """Kill both."""
        for server in self.servers:
            server.kill()

    def value(self, query: str, *values: object) -> object:
        """The one value of a query."""
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            row = connection.execute(query.encode(), values).fetchone()
        assert row is not None
        return row[0]

    def leader(self) -> Server | None:
        """Whose worker holds the lease, by the process that the heartbeat names."""
        where = str(self.value("SELECT COALESCE(MAX(\"where\"), '') FROM heartbeats WHERE name = 'worker'"))
        pid = where.rpartition(" ")[2]
        for server in self.servers:
            if server.process and pid and _group(pid) == server.process.pid:
                return server
        return None


def _group(pid: str) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[2])


class Phone(threading.Thread):
    """Reports a fault again and again, every third with a photo; sends each to one machine, then to the other."""

    def __init__(self, pair: Pair, world: World, browser: Browser, jobs: int, first: int) -> None:
        super().__init__(daemon=True)
        self.number = first
        self.pair, self.world, self.browser, self.jobs, self.turn = pair, world, browser, jobs, first
        self.person, self.journal = str(world.people["technician"]), Journal()

    def run(self) -> None:
        """All jobs."""
        try:
            for number in range(self.jobs):
                self._report(with_photo=number % 3 == 0, width=64 + number)
        except Exception as error:  # noqa: BLE001 - told by the test, not by a thread
            self.journal.wrong.append(repr(error))

    def _report(self, *, with_photo: bool, width: int) -> None:
        fields = {name: str(value) for name, value in report_fields(self.world).items()}
        self._until_done("/tickets", fields)
        self.journal.tickets.append(fields["ticket_id"])
        if not with_photo:
            return
        data = jpeg(width, 48 + self.number)  # another picture each time
        told = announcement(data, role="before")
        self._until_done(f"/tickets/{fields['ticket_id']}/photos", told)
        self._until_done(f"/photos/{told['photo_id']}/original", data)
        self.journal.photos.append((told["photo_id"], told["photo_sha256"]))

    def _until_done(self, path: str, fields: dict[str, str] | bytes) -> None:
        key, end = str(new_id()), time.monotonic() + PATIENCE
        while True:
            self.turn += 1
            server = self.pair.servers[self.turn % 2]
            try:
                status, headers, body = self.browser.send(server, path, fields, self.person, key)
            except OSError:
                status, headers, body = 503, {}, b""
            if status in (200, 201) and headers.get("crew-receipt") == key:
                self.journal.keys.append(key)
                return
            self.journal.repeated += 1
            if status not in AGAIN or time.monotonic() > end:
                raise AssertionError(f"{path}: {status} {body[:200]!r}")
            time.sleep(0.05)


def send(phones: Sequence[Phone], meanwhile: Callable[[], None]) -> Journal:
    """All phones at once, and something that happens meanwhile; what they were told together."""
    for phone in phones:
        phone.start()
    meanwhile()
    for phone in phones:
        phone.join(PATIENCE * 2)
        assert not phone.is_alive()
    journals = [phone.journal for phone in phones]
    return Journal(
        [key for one in journals for key in one.keys],
        [ticket for one in journals for ticket in one.tickets],
        [photo for one in journals for photo in one.photos],
        [wrong for one in journals for wrong in one.wrong],
        sum(one.repeated for one in journals),
    )


def lost(pair: Pair, far: Far, journal: Journal) -> list[str]:
    """What was acknowledged and is not there, or is there more often than it was done."""
    receipts = pair.value("SELECT COUNT(*) FROM receipts WHERE key = ANY(%s::uuid[])", journal.keys)
    tickets = pair.value("SELECT COUNT(*) FROM tickets WHERE id = ANY(%s::uuid[])", journal.tickets)
    opened = "SELECT COUNT(*) FROM ticket_events WHERE verb = 'open' AND ticket_id = ANY(%s::uuid[])"
    faults = [f"receipts: {receipts} of {len(journal.keys)}"] if receipts != len(journal.keys) else []
    faults += [f"tickets: {tickets} of {len(journal.tickets)}"] if tickets != len(journal.tickets) else []
    events = pair.value(opened, journal.tickets)
    faults += [f"opened: {events} times"] if events != len(journal.tickets) else []
    return faults + [f"photo {sha256}" for _, sha256 in journal.photos if not far.there.has(f"original/{sha256}")]
