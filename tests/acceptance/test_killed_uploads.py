"""Server or browser killed in the middle of an upload: what was acknowledged is there, pixel by pixel, and once."""

import hashlib
import io
import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Error

from crew_app.core.ids import new_id
from tests.acceptance.basement import Basement
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.pictures import camera_photo
from tests.acceptance.sabotage import Cut, sabotaged
from tests.support.database import Template
from tests.support.pictures import announcement, encoded
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import small_hospital

KILLS, SEED = int(os.environ.get("KILLS", "15")), int(os.environ.get("SEED", "7"))
pytestmark = pytest.mark.timeout(60 * (KILLS + 10))
AFTERWARDS = 0.15
"""Seconds after the last byte within which the server may be killed as well."""


class Sender:
    """Photos that are sent to a server which dies on the way, as a phone's outbox sends them."""

    def __init__(self, hospital: Hospital, tickets: list[str], chance: random.Random) -> None:
        self.hospital, self.tickets, self.chance = hospital, tickets, chance
        self.phone = RawPhone(hospital.port, "technician")
        self.sent: dict[str, bytes] = {}
        self.acknowledged: set[str] = set()

    def upload_all(self, count: int) -> None:
        """So many, one after the other."""
        for number in range(count):
            self.upload(number)

    def upload(self, number: int) -> None:
        """One photo: the server dies at a random point of it, starts again, and hears it until it says yes."""
        data = picture(number)
        fields = announcement(data, role="before")
        path, key = f"/photos/{fields['photo_id']}/original", new_id()
        heard = self.phone.send(f"/tickets/{self.tickets[number % len(self.tickets)]}/photos", fields)
        assert heard.status == 200, heard.words
        sha256 = str(fields["photo_sha256"])
        self.sent[sha256] = data
        if self._killed_on_the_way(path, data, key):
            self.acknowledged.add(sha256)
        check(self.hospital, self.sent, self.acknowledged)
        self.hospital.start()
        heard = self.phone.bytes_of(path, data, key)
        assert heard.status == 200, heard.words
        self.acknowledged.add(sha256)

    def _killed_on_the_way(self, path: str, data: bytes, key: Any) -> bool:
        """Whether the server had said yes before it died."""
        line = HTTPConnection("127.0.0.1", self.hospital.port, timeout=30)
        stop = int(len(data) * self.chance.uniform(0, 2))
        line.putrequest("POST", path)
        length = {"Content-Length": str(len(data)), "Content-Type": "image/jpeg"}
        for name, value in (self.phone.head(self.phone.command(key)) | length).items():
            line.putheader(name, value)
        line.endheaders()
        line.send(data[:stop])
        if stop >= len(data):
            self._for_a_moment()
        self.hospital.stop()
        with suppress(OSError, HTTPException):
            return line.getresponse().status == 200
        return False

    def _for_a_moment(self) -> None:
        end = time.monotonic() + self.chance.uniform(0, AFTERWARDS)
        while time.monotonic() < end:
            os.sched_yield()


def picture(number: int) -> bytes:
    """Another one each time, large enough that a line needs a while for it."""
    grain = random.Random(number).randbytes(300 * 400 * 3)
    return encoded(Image.frombytes("RGB", (400, 300), grain).resize((1600, 1200)), "JPEG", quality=92)


def check(hospital: Hospital, sent: dict[str, bytes], acknowledged: set[str]) -> None:
    """Every photo the books call arrived is on the disk, whole; each acknowledged one is among them, and none twice."""
    rows = hospital.rows("SELECT p.sha256, p.stored_at FROM ticket_photos t JOIN photos p ON p.id = t.photo_id")
    mine = [str(sha256) for sha256, _ in rows if sha256 in sent]
    assert len(mine) == len(set(mine)), "a photo is there twice"
    arrived = {str(sha256) for sha256, stored_at in rows if stored_at is not None and sha256 in sent}
    assert acknowledged <= arrived, "a photo that was acknowledged is not in the books"
    for sha256 in arrived:
        folder = hospital.data / "photos"
        kept = {kind: folder / kind / sha256[:2] / sha256 for kind in ("original", "large", "thumb", "small")}
        missing = [kind for kind, path in kept.items() if not path.exists()]
        assert not missing, f"the job points at a photo that is not there: {missing}"
        assert kept["original"].read_bytes() == sent[sha256], "the original is not what was sent"
        assert _likeness(kept["large"].read_bytes(), sent[sha256]) < 12, "what is shown is another picture"


def _likeness(shown: bytes, original: bytes) -> float:
    """How far apart two pictures are on the average, in steps of 256."""
    with Image.open(io.BytesIO(shown)) as one, Image.open(io.BytesIO(original)) as other:
        small = [picture.convert("L").resize((64, 48)) for picture in (one, other)]
    histogram = ImageChops.difference(*small).histogram()
    return sum(step * count for step, count in enumerate(histogram)) / (64 * 48)


def test_a_server_that_is_killed_in_the_middle_loses_nothing_it_acknowledged(
    sqlite_template: Template, tmp_path: Path
) -> None:
    with small_hospital(sqlite_template, tmp_path) as hospital:
        sender = Sender(hospital, hospital.tickets(sqlite_template, KILLS // 8 + 1), random.Random(SEED))
        sender.upload_all(KILLS)
        check(hospital, sender.sent, sender.acknowledged)
        assert len(sender.acknowledged) == KILLS


def test_a_server_that_says_yes_before_it_has_written_is_found_out(sqlite_template: Template, tmp_path: Path) -> None:
    """The sabotage: the original is written a while after the answer, and nobody looks whether it is there."""
    there = 'store.put(f"original/{sha256}", data)'
    later = '__import__("threading").Timer(20, store.put, (f"original/{sha256}", data)).start()'
    looked = Cut("crew_app/web/pictures.py", 'if not store().has(f"original/{arrival.sha256}"):', "if False:")
    program = sabotaged(tmp_path / "program", Cut("crew_app/evidence/actions.py", there, later), looked)
    with small_hospital(sqlite_template, tmp_path, program) as hospital:
        sender = Sender(hospital, hospital.tickets(sqlite_template), random.Random(SEED))
        with pytest.raises(AssertionError, match="not there"):
            sender.upload_all(6)


@pytest.mark.browser
def test_a_browser_that_is_killed_in_the_middle_loses_nothing_that_was_saved(
    phone: Callable[..., Phone], hospital: Hospital, tmp_path: Path
) -> None:
    """The battery dies at a random moment after the photo was chosen; the same phone is switched on again."""
    chance, before = random.Random(SEED), {_row(row) for row in hospital.rows(_PHOTOS)}
    walker = Basement(phone("wang").switch_on().sign_in(), hospital)
    jobs = [walker.begin()]
    shown: list[Path] = []
    for number in range(KILLS):
        if number and not number % 4:
            jobs.append(walker.begin())
        walker.open(f"/tickets/{jobs[-1]}")
        shown.append(camera_photo(tmp_path / f"{number}.jpg", f"rgb({number * 16}, {200 - number * 10}, 90)"))
        walker.photograph("before", shown[-1])  # durable on the phone from here on
        _battery_dies_within(walker.phone, chance.uniform(0, 0.6))
        walker.phone.switch_on().sign_in()  # a browser that is killed may forget its newest cookie
        walker.open(f"/tickets/{jobs[-1]}")
        walker.wake()
        walker.phone.nothing_waits()
    _all_arrived_once(hospital, before, shown)


_PHOTOS = "SELECT p.sha256, p.stored_at, p.id FROM ticket_photos t JOIN photos p ON p.id = t.photo_id ORDER BY t.rowid"


def _row(row: tuple[object, ...]) -> str:
    return str(row[2])


def _battery_dies_within(phone: Phone, seconds: float) -> None:
    with suppress(Error):
        phone.page.wait_for_timeout(seconds * 1000)
    phone.kill()


def _all_arrived_once(hospital: Hospital, before: set[str], shown: list[Path]) -> None:
    rows = [row for row in hospital.rows(_PHOTOS) if _row(row) not in before]
    assert len(rows) == len(shown), "one photo for each that was taken"
    assert all(stored_at for _, stored_at, _ in rows), "the bytes of each arrived"
    for (sha256, _, _), source in zip(rows, shown, strict=True):
        name = str(sha256)
        kept = {kind: hospital.data / "photos" / kind / name[:2] / name for kind in ("original", "large", "thumb")}
        data = kept["original"].read_bytes()
        assert hashlib.sha256(data).hexdigest() == name
        assert _likeness(data, source.read_bytes()) < 12
        assert _likeness(kept["large"].read_bytes(), data) < 12
