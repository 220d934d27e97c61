"""The order of a site's postings, sealed: each entry's hash covers the one before it and all that was posted."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.people.models import Site
from crew_app.stock.models import Entry, Move, Posting

START = "0" * 64
"""What the first entry of a site follows."""


def lock(site_id: UUID) -> None:
    """Let one posting after the other into a site's ledger; SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(Site.id).where(Site.id == site_id).with_for_update(key_share=True))


def append(posting: Posting, moves: Iterable[Move], at: Moment) -> Entry:
    """Give a posting its place behind the last one. Needs the `lock`."""
    last = session.scalar(select(Entry).filter_by(site_id=posting.site_id).order_by(Entry.position.desc()).limit(1))
    entry = Entry(
        site_id=posting.site_id,
        position=last.position + 1 if last else 1,
        posting_id=posting.id,
        posted_at=max(last.posted_at, at.received_at) if last else at.received_at,
    )
    entry.hash = seal(last.hash if last else START, entry, posting, moves)
    session.add(entry)
    return entry


def seal(before: str, entry: Entry, posting: Posting, moves: Iterable[Move]) -> str:
    """SHA-256, as 64 hex digits, of the hash before it and of the content."""
    said = json.dumps([before, *content(entry, posting, moves)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def content(entry: Entry, posting: Posting, moves: Iterable[Move]) -> list[object]:
    """Everything a posting and its moves say, in one form on every database.

    Ids as hex, times in UTC to the microsecond, quantities in thousandths, unit costs in ten-thousandths of a yuan;
    the moves by id.
    """
    head = [
        entry.position,
        _time(entry.posted_at),
        *map(_id, (posting.id, posting.site_id, posting.person_id, posting.receipt_key, posting.document_id)),
        *map(_time, (posting.at, posting.device_at, posting.received_at)),
        str(posting.reason),
        posting.note,
    ]
    return [*head, [_move(move) for move in sorted(moves, key=lambda move: move.id.bytes)]]


def _move(move: Move) -> list[object]:
    ids = (move.id, move.item_id, move.from_account_id, move.to_account_id, move.reverses_id)
    return [*map(_id, ids), _whole(move.quantity, 3), _whole(move.unit_cost, 4)]


def _id(value: UUID | None) -> str | None:
    return value.hex if value else None


def _time(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if value else None


def _whole(value: Decimal, places: int) -> int:
    return int(value.scaleb(places).to_integral_value())
