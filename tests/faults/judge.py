"""Whether the books agree with what was acknowledged: each of it there once, with its receipt, its photo whole."""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg

from tests.faults.work import Order

Rows = Callable[..., list[tuple[object, ...]]]
"""Asks the database: a query with `?`, and its values."""
COUNTS = {
    "open": "SELECT COUNT(*) FROM tickets WHERE description = (SELECT description FROM tickets WHERE id = ?)",
    "accept": "SELECT COUNT(*) FROM ticket_events WHERE verb = 'accept' AND ticket_id = ?",
    "finish": "SELECT COUNT(*) FROM ticket_events WHERE verb = 'finish' AND ticket_id = ?",
    "material": "SELECT COUNT(*) FROM moves WHERE id = ?",
    "announce": "SELECT COUNT(*) FROM ticket_photos WHERE photo_id = ?",
    "photo": "SELECT COUNT(*) FROM photos WHERE stored_at IS NOT NULL AND id = ?",
    "begin": "SELECT COUNT(*) FROM runs WHERE id = ?",
    "visit": "SELECT COUNT(*) FROM visits WHERE id = ?",
}
ALIKE = {
    "material": (
        "SELECT COUNT(*) FROM ticket_events WHERE verb = 'material' AND ticket_id ="
        " (SELECT a.ticket_id FROM moves m JOIN accounts a ON a.id = m.to_account_id WHERE m.id = ?)"
    ),
    "visit": "SELECT COUNT(*) FROM visits WHERE stop_id = (SELECT stop_id FROM visits WHERE id = ?)",
}
"""The same once more under another id would be doubled as well: one each was sent."""
KINDS = ("original", "large", "thumb", "small")
LONGEST_AWAY = 60
BOUND = "SELECT sha256 FROM photos WHERE stored_at IS NOT NULL AND removed_at IS NULL"


@dataclass
class Verdict:
    """What is missing, and what is there more than once."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether every promise was kept."""
        return not self.lost and not self.doubled


def judge(rows: Rows, sent: Mapping[UUID, Order], acknowledged: Iterable[UUID]) -> Verdict:
    """Compare the books with the outside log."""
    verdict, promised = Verdict(), set(acknowledged)
    kept = {UUID(str(key)): str(location) for key, location in rows("SELECT key, location FROM receipts")}
    for key, order in sent.items():
        name = f"{order.what} {order.subject}"
        found = max(_count(rows, queries[order.what], order) for queries in (COUNTS, ALIKE) if order.what in queries)
        if found > 1:
            verdict.doubled.append(name)
        if key in promised and (not found or key not in kept):
            verdict.lost.append(name)
        if bool(found) != (key in kept) and order.what != "announce":
            verdict.lost.append(f"receipt and effect of {name} do not agree")
    verdict.doubled += [f"receipt {key}" for key in kept if key not in sent]
    return verdict


def missing_photos(rows: Rows, store: Path) -> list[str]:
    """Photos that the books call arrived and the folder does not have, or has otherwise."""
    found = []
    for (sha256,) in rows(BOUND):
        name = str(sha256)
        paths = {kind: store / kind / name[:2] / name for kind in KINDS}
        found += [f"{kind} of {name}" for kind, path in paths.items() if not path.exists() or not path.stat().st_size]
        original = paths["original"]
        if original.exists() and hashlib.sha256(original.read_bytes()).hexdigest() != name:
            found.append(f"original of {name} is another")
    return found


def of_file(path: Path) -> Rows:
    """Asks an SQLite file."""

    def rows(query: str, *values: object) -> list[tuple[object, ...]]:
        with sqlite3.connect(path) as connection:
            found = connection.execute(query, values).fetchall()
        connection.close()
        return found

    return rows


def of_postgres(url: str) -> Rows:
    """Asks a PostgreSQL database, again and again while it is away."""

    def rows(query: str, *values: object) -> list[tuple[object, ...]]:
        end = time.monotonic() + LONGEST_AWAY
        while True:
            try:
                with psycopg.connect(url.replace("+psycopg", "")) as connection:
                    return connection.execute(query.replace("?", "%s").encode(), values).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise

    return rows


def _count(rows: Rows, query: str, order: Order) -> int:
    ((found,),) = rows(query, order.subject.hex)
    return int(str(found))
