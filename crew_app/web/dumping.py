"""Everything one has as one ZIP, made while it is sent: a file for each table, photos if wanted, a manifest."""

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED

from sqlalchemy import select
from zipstream import ZipStream

from crew_app.core.db import session
from crew_app.core.errors import CrewError
from crew_app.evidence.models import Photo
from crew_app.exports.tables import Plan, plans, rows
from crew_app.people.models import Site
from crew_app.web.archiving import ENDINGS, Order, log_originals
from crew_app.web.pictures import store
from crew_app.web.sheets import FORMULA

FORMAT = "crew-dump/1"
AT_ONCE = 100
README = """Everything of {sites}, as it was at {at} (UTC).

tables/     one file for each table, the rows in the order of their keys. The names of tables and columns are those of
            the database. Ids and times are text (UTC), exact numbers are text, nothing is null (JSON) or empty (CSV).
photos/     originals, bit for bit, named by their SHA-256 (only if they were asked for).
manifest.json   for each file: rows, bytes, SHA-256.

Not in here: passwords, PINs, tokens, keys, sign-ins, personal settings of notices.
The tables were read one after the other while work went on: a row that came meanwhile may lack what it refers to.
CSV: a text that begins with = + - @ has an apostrophe before it, so that no program calculates it.
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sites, in which form (`jsonl` or `csv`), with photos or without, for whom."""

    site_ids: tuple[UUID, ...]
    person_id: UUID
    at: datetime
    form: str = "jsonl"
    photos: bool = False


class _Told:
    """Counts what goes through."""

    def __init__(self, name: str) -> None:
        self.name, self.rows, self.bytes, self.sum = name, 0, 0, hashlib.sha256()

    def count(self, part: bytes, found: int) -> bytes:
        """Count some bytes with so many rows in them."""
        self.rows, self.bytes = self.rows + found, self.bytes + len(part)
        self.sum.update(part)
        return part

    def said(self) -> dict[str, Any]:
        """What the manifest says."""
        return {"file": self.name, "rows": self.rows, "bytes": self.bytes, "sha256": self.sum.hexdigest()}


def dump(wanted: Wanted) -> Iterator[bytes]:
    """The ZIP, a piece at a time."""
    archive, told = ZipStream(), list[_Told]()
    names = ", ".join(session.scalars(select(Site.code).where(Site.id.in_(wanted.site_ids)).order_by(Site.code)))
    archive.add(README.format(sites=names, at=f"{wanted.at:%Y-%m-%d %H:%M}").encode(), "README.txt")
    yield from archive.all_files()
    for plan in plans():
        told.append(_Told(f"tables/{plan.name}.{wanted.form}"))
        archive.add(_table(plan, wanted, told[-1]), told[-1].name, compress_type=ZIP_DEFLATED)
        yield from archive.all_files()
    if wanted.photos:
        for site_id in wanted.site_ids:
            yield from _photos(archive, site_id, wanted, told)
    manifest: dict[str, Any] = {"format": FORMAT, "at": wanted.at.isoformat(), "sites": names.split(", ")}
    manifest |= {"files": [one.said() for one in told]}
    archive.add(json.dumps(manifest, ensure_ascii=False, indent=1).encode(), "manifest.json")
    yield from archive.finalize()


def _table(plan: Plan, wanted: Wanted, told: _Told) -> Iterator[bytes]:
    if wanted.form == "csv":
        yield told.count(b"\xef\xbb\xbf" + _line([one.name for one in plan.columns]), 0)
    batch: list[bytes] = []
    for row in rows(plan, wanted.site_ids):
        batch.append(_line(list(row.values())) if wanted.form == "csv" else _json(row))
        if len(batch) == AT_ONCE:
            yield told.count(b"".join(batch), len(batch))
            batch = []
    yield told.count(b"".join(batch), len(batch))


def _json(row: dict[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _line(cells: list[Any]) -> bytes:
    file = StringIO()
    csv.writer(file).writerow([_cell(cell) for cell in cells])
    return file.getvalue().encode()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _photos(archive: ZipStream, site_id: UUID, wanted: Wanted, told: list[_Told]) -> Iterator[bytes]:
    """Originals that are here; each is logged as fetched before its bytes go out."""
    last: UUID | None = None
    order = Order(site_id, wanted.at.date(), wanted.person_id, wanted.at)
    while True:
        query = select(Photo.id, Photo.sha256, Photo.media_type).where(
            Photo.site_id == site_id, Photo.stored_at.is_not(None), Photo.removed_at.is_(None)
        )
        page = session.execute((query.where(Photo.id > last) if last else query).order_by(Photo.id).limit(20)).all()
        session.rollback()
        if not page:
            return
        log_originals([row.id for row in page], order)
        for row in page:
            yield from _photo(archive, row, told)
        last = page[-1].id


def _photo(archive: ZipStream, row: Any, told: list[_Told]) -> Iterator[bytes]:
    name = f"photos/{row.sha256}.{ENDINGS.get(row.media_type, 'bin')}"
    if any(one.name == name for one in told[-200:]):
        return
    try:
        data = store().get(f"original/{row.sha256}")
    except (OSError, CrewError):
        return
    told.append(_Told(name))
    archive.add(told[-1].count(data, 0), name, compress_type=ZIP_STORED)
    yield from archive.all_files()
