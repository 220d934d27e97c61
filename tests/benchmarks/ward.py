"""The crew's everyday work, as requests: scans, jobs opened and finished, lists, photos."""

import io
import random
import sqlite3
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from uuid import UUID, uuid5

from PIL import Image

from tests.benchmarks.closed_loop import Asked, Line, form, multipart


class Ward:
    """Somebody signed in, and what there is to work on."""

    def __init__(self, port: int, data: Path) -> None:
        self.port, self.random = port, random.Random(7)
        with sqlite3.connect(data / "crew.db") as books:
            me = books.execute("SELECT id FROM people WHERE login = 'wang'").fetchone()[0]
            site = books.execute("SELECT site_id FROM memberships WHERE person_id = ?", (me,)).fetchone()[0]
            self.tags = _column(books, "SELECT code FROM tags WHERE retired_at IS NULL AND site_id = ? LIMIT 400", site)
            self.places = _column(books, "SELECT id FROM places WHERE site_id = ? LIMIT 400", site)
            self.items = _column(books, IN_BAG, site, me)
        self.person = str(UUID(me))
        self.cookie = self._sign_in()
        self.picture = _photo(300_000)

    def headers(self) -> dict[str, str]:
        """What every request of this person carries."""
        return {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}

    def command(self) -> dict[str, str]:
        """The same for a change that an outbox sends."""
        return self.headers() | {"Crew-Outbox": "1", "Crew-Key": str(self.new()), "Crew-Person": self.person}

    def new(self) -> UUID:
        """An id nobody had before."""
        return uuid5(UUID(int=self.random.getrandbits(128)), str(time.perf_counter_ns()))

    def open(self) -> Asked:
        """A job that is opened."""
        fields = {"ticket_id": str(self.new()), "place_id": str(UUID(self.random.choice(self.places)))}
        return form("/tickets", fields | {"job_kind": "lamp", "description": "走廊灯不亮"}, self.command())

    def jobs(self, count: int, *, accepted: bool) -> list[str]:
        """Jobs of this person, opened ahead."""
        line, made = Line(self.port), []
        for _ in range(count):
            asked = self.open()
            line.ask(asked)
            job = asked.body.split(b"ticket_id=")[1][:36].decode()
            if accepted:
                line.ask(form(f"/tickets/{job}/acceptance", {}, self.command()))
            made.append(job)
        line.close()
        return made

    def _sign_in(self) -> str:
        asked = form("/login", {"login": "wang", "password": "crew-demo"}, {"Sec-Fetch-Site": "same-origin"})
        status, _size, head = Line(self.port).ask(asked)
        assert status == HTTPStatus.FOUND, status
        given = [line for line in head.split(b"\r\n") if line.lower().startswith(b"set-cookie")]
        cookies = [line.split(b": ", 1)[1].split(b";")[0] for line in given]
        return b"; ".join(cookies).decode()


IN_BAG = """SELECT balances.item_id FROM balances JOIN accounts ON accounts.id = balances.account_id
            WHERE accounts.site_id = ? AND accounts.person_id = ? AND accounts.kind = 'bag' LIMIT 3"""


def _column(books: sqlite3.Connection, query: str, *values: object) -> list[str]:
    return [row[0] for row in books.execute(query, values)]


def tag_pages(ward: Ward, _count: int) -> Iterator[Asked]:
    """The page after a scan."""
    while True:
        yield Asked("GET", f"/t/{ward.random.choice(ward.tags)}", ward.headers())


def opened(ward: Ward, _count: int) -> Iterator[Asked]:
    """Jobs opened, with their receipt, event, chain and whoever is asked to do them."""
    while True:
        yield ward.open()


def finished(ward: Ward, count: int) -> Iterator[Asked]:
    """Jobs finished with three materials, in one durable transaction."""
    used = {f"used-{UUID(item)}": "1" for item in ward.items} | {"note": "换好了", "no_photo_reason": "手机没电"}
    for job in ward.jobs(count, accepted=True):
        yield form(f"/tickets/{job}/completion", used, ward.command())


def newest(ward: Ward, _count: int) -> Iterator[Asked]:
    """The newest fifty of all jobs."""
    while True:
        yield Asked("GET", "/tickets?all=1", ward.headers())


def photos(ward: Ward, count: int) -> Iterator[Asked]:
    """Photos of 300 kB: checked, made anew in two sizes, on the disk before the answer."""
    for number, job in enumerate(ward.jobs(min(count, 200), accepted=False) * (count // 200 + 1)):
        fields = {"role": "before", "_key": str(ward.new()), "_person": ward.person}
        mark = b"\xff\xfe\x00\x12" + f"{number:08d}{ward.random.getrandbits(32):08x}".encode()
        yield multipart(f"/tickets/{job}/photos", fields, ward.picture[:2] + mark + ward.picture[2:], ward.headers())


def _photo(size: int) -> bytes:
    """A photo of about so many bytes, of 1600 x 1200 points: noise over a picture, like a dim corridor."""
    grain = Image.effect_noise((1600, 1200), 40).convert("RGB")
    out = io.BytesIO()
    for quality in range(90, 20, -3):
        out = io.BytesIO()
        grain.save(out, "JPEG", quality=quality)
        if out.tell() <= size:
            break
    return out.getvalue()
