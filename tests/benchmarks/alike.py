"""How long a search for look-alikes takes among many photos, and how much room their prints need.

`make bench-alike PHOTOS=1000000`; DATABASE_URL for PostgreSQL (an empty database that may be filled). The prints are
random but for a tenth that look like one of fifty things, as a hospital's photos do; the searches are for pictures.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID

from PIL import Image
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

from crew_app import create_app
from crew_app.core.db import db, session
from crew_app.evidence import searching
from crew_app.evidence.prints import BANDS, KEPT, Print, band_value, kept_parts, looks, signed
from crew_app.evidence.proof_models import PhotoPrint
from tests.bench.scenery import KINDS
from tests.support.database import settings_for, sqlite_url

SITE = UUID(int=1)
SEARCHES, THINGS, ALIKE = 40, 50, 0.1
AT_ONCE = 20_000
FLIPPED = 10


def main() -> None:
    """Fill a table, search in it, say how long it took."""
    parser = argparse.ArgumentParser(description="How long a search for look-alikes takes among many photos.")
    parser.add_argument("--photos", type=int, default=1_000_000)
    photos = parser.parse_args().photos
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL") or sqlite_url(Path(folder))
        app = create_app(settings_for(Path(folder), url))
        with app.app_context():
            _unbound(db.engine)
            began = time.monotonic()
            _fill(db.engine, photos)
            _say(f"{photos} photos, {photos * len(KEPT) * BANDS} rows on {db.engine.dialect.name}")
            _say(f"filled in {time.monotonic() - began:.0f} s, {_size(Path(folder)) / 1e6:.0f} MB on the disk")
            _search()


def _unbound(engine: Engine) -> None:
    """The table alone, without the photos it refers to."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
        engine.dispose()
    with engine.begin() as connection:
        columns = "site_id, band, value, photo_id, part"
        kind = "UUID" if engine.dialect.name == "postgresql" else "CHAR(32)"
        without = " WITHOUT ROWID" if engine.dialect.name == "sqlite" else ""
        connection.execute(text("DROP TABLE IF EXISTS photo_prints"))
        connection.execute(
            text(
                f"CREATE TABLE photo_prints (site_id {kind} NOT NULL, band INTEGER NOT NULL, value INTEGER NOT NULL,"
                f" photo_id {kind} NOT NULL, part INTEGER NOT NULL, hash BIGINT NOT NULL,"
                f" PRIMARY KEY ({columns})){without}"
            )
        )
        connection.execute(text("CREATE INDEX ix_photo_prints_photo_id ON photo_prints (photo_id) WHERE band = 0"))


def _fill(engine: Engine, photos: int) -> None:
    """Band by band in the order of the key, as the table would be after it was compacted."""
    dice = Random(1)
    things = [one.bits for number in range(THINGS) for one in kept_parts(_picture(number))[:1]]
    hashes = [_bits(dice, things) for _ in range(photos * len(KEPT))]
    for band in range(BANDS):
        order = sorted(range(len(hashes)), key=lambda number: band_value(hashes[number], band))
        for start in range(0, len(order), AT_ONCE):
            with engine.begin() as connection:
                _insert(connection, band, ((number, hashes[number]) for number in order[start : start + AT_ONCE]))


def _bits(dice: Random, things: list[int]) -> int:
    if dice.random() >= ALIKE:
        return dice.getrandbits(64)
    return dice.choice(things) ^ sum(1 << place for place in dice.sample(range(64), FLIPPED))


def _insert(connection: Connection, band: int, numbers: Iterator[tuple[int, int]]) -> None:
    site, parts = SITE.hex, len(KEPT)
    rows = [
        (site, band, band_value(bits, band), f"{2 + number // parts:032x}", number % parts, signed(bits))
        for number, bits in numbers
    ]
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    places = ", ".join([mark] * len(rows[0]))
    connection.exec_driver_sql(f"INSERT INTO photo_prints VALUES ({places})", rows)


def _search() -> None:
    times, printing, working = [], [], []
    for number in range(SEARCHES):
        picture = _picture(number % 8 if number % 4 == 0 else 1000 + number)
        worked = time.process_time()
        prints = looks(picture)
        printing.append(time.process_time() - worked)
        began, worked = time.monotonic(), time.process_time()
        searching.candidates(SITE, prints)
        times.append(time.monotonic() - began)
        working.append(time.process_time() - worked)
        session.rollback()
    rows = _rows(looks(_picture(1)))
    _say(f"prints of a new picture: median {statistics.median(printing) * 1000:.0f} ms of the processor")
    _say(
        f"a search takes the processor {statistics.median(working) * 1000:.0f} ms, at most {max(working) * 1000:.0f} ms"
    )
    ordered = sorted(times)
    _say(
        f"{SEARCHES} searches: median {statistics.median(times) * 1000:.0f} ms,"
        f" p95 {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms, longest {ordered[-1] * 1000:.0f} ms;"
        f" one of them reads {rows} rows"
    )


def _rows(prints: list[Print]) -> int:
    by_value = searching.asked(prints)
    counted = 0
    for band in range(BANDS):
        values = [value for b, value in by_value if b == band]
        query = PhotoPrint.site_id == SITE, PhotoPrint.band == band, PhotoPrint.value.in_(values)
        counted += session.query(PhotoPrint).filter(*query).count()
    return counted


def _picture(number: int) -> Image.Image:
    return list(KINDS.values())[1 + number % 3](number, 1)


def _size(folder: Path) -> int:
    if db.engine.dialect.name == "postgresql":
        return int(session.execute(text("SELECT pg_total_relation_size('photo_prints')")).scalar_one())
    return sum(path.stat().st_size for path in folder.glob("crew.db*"))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
