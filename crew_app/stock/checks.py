"""Proof that the books are right: balances, values and order against the moves, and the triggers that guard history."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import joinedload

from crew_app.core.db import session
from crew_app.stock.chain import START, seal
from crew_app.stock.models import OWNED, Entry, Move, Posting

REGISTERS = ("gate_entries", "hand_over_lines", "hand_over_notes", "hand_over_signatures", "training_records")
SERVICE = ("emergency_entries", "playbook_versions", "vehicle_fillings")
FACTS = ("discards", "count_entries", "asset_events", "asset_sightings", *REGISTERS, *SERVICE)
"""What people recorded elsewhere; these cannot be changed either."""
TABLES = ("moves", "postings", "ledger_entries", "ticket_events", *FACTS)
"""Tables whose rows never change, by trigger."""
SEEN = (Posting, Move, Entry)
PAGE = 500

_DRIFT = text(
    """
    WITH entries AS (
        SELECT to_account_id AS account_id, item_id, quantity FROM moves
        UNION ALL SELECT from_account_id, item_id, -quantity FROM moves
    ), summed AS (SELECT account_id, item_id, SUM(quantity) AS quantity FROM entries GROUP BY account_id, item_id)
    SELECT COALESCE(s.account_id, b.account_id), COALESCE(s.item_id, b.item_id),
           COALESCE(s.quantity, 0), COALESCE(b.quantity, 0)
    FROM summed s FULL OUTER JOIN balances b ON b.account_id = s.account_id AND b.item_id = s.item_id
    WHERE COALESCE(s.quantity, 0) <> COALESCE(b.quantity, 0)
    """
)
_OWNED = ", ".join(f"'{kind}'" for kind in sorted(OWNED))
_WORTH = text(
    f"""
    WITH crossing AS (
        SELECT m.site_id, m.item_id, m.quantity, (m.quantity * m.unit_cost + 500) / 1000 AS value,
               (CASE WHEN t.kind IN ({_OWNED}) THEN 1 ELSE 0 END)
               - (CASE WHEN f.kind IN ({_OWNED}) THEN 1 ELSE 0 END) AS sign
        FROM moves m JOIN accounts f ON f.id = m.from_account_id JOIN accounts t ON t.id = m.to_account_id
    ), summed AS (
        SELECT site_id, item_id, SUM(sign * quantity) AS quantity, SUM(sign * value) AS value
        FROM crossing WHERE sign <> 0 GROUP BY site_id, item_id
    )
    SELECT COALESCE(s.site_id, v.site_id), COALESCE(s.item_id, v.item_id),
           COALESCE(s.value, 0), COALESCE(v.value, 0), COALESCE(s.quantity, 0), COALESCE(v.quantity, 0)
    FROM summed s FULL OUTER JOIN valuations v ON v.site_id = s.site_id AND v.item_id = s.item_id
    WHERE COALESCE(s.value, 0) <> COALESCE(v.value, 0) OR COALESCE(s.quantity, 0) <> COALESCE(v.quantity, 0)
    """  # noqa: S608 - names of our own account kinds
)
_TRIGGERS_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_TRIGGERS_POSTGRESQL = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"


@dataclass(frozen=True, slots=True)
class Drift:
    """A balance that is not the sum of its moves, in the item's unit."""

    account_id: str
    item_id: str
    from_moves: Decimal
    kept: Decimal


@dataclass(frozen=True, slots=True)
class Misvalued:
    """A site's stock of an item that is not worth what its moves say, in yuan."""

    site_id: str
    item_id: str
    from_moves: Decimal
    kept: Decimal


@dataclass(frozen=True, slots=True)
class Break:
    """Where a site's chain does not fit: an altered row, a deleted one, or an order that was changed."""

    site_id: UUID
    position: int
    posting_id: UUID | None
    what: str


def drifts() -> list[Drift]:
    """Every kept balance that differs from the sum of the moves."""
    return [
        Drift(str(account), str(item), Decimal(int(moves)).scaleb(-3), Decimal(int(kept)).scaleb(-3))
        for account, item, moves, kept in session.execute(_DRIFT)
    ]


def unbalanced_items() -> list[str]:
    """Items whose kept balances do not sum to zero over all accounts."""
    query = text("SELECT item_id FROM balances GROUP BY item_id HAVING SUM(quantity) <> 0")
    return [str(row[0]) for row in session.execute(query)]


def misvalued() -> list[Misvalued]:
    """Every kept value that differs from what the moves say."""
    return [
        Misvalued(str(site), str(item), Decimal(int(moves)).scaleb(-4), Decimal(int(kept)).scaleb(-4))
        for site, item, moves, kept, *_quantities in session.execute(_WORTH)
    ]


def breaks() -> Iterator[Break]:
    """Walk every site's chain from its start, page by page, and tell where it does not fit."""
    yield from _unsealed()
    last: dict[UUID, tuple[int, str]] = defaultdict(lambda: (0, START))
    for entry, moves in _sealed():
        position, before = last[entry.site_id]
        if entry.position != position + 1:
            yield Break(entry.site_id, position + 1, None, "missing")
        if entry.hash != seal(before, entry, entry.posting, moves):
            yield Break(entry.site_id, entry.position, entry.posting_id, "altered")
        last[entry.site_id] = (entry.position, entry.hash)


def missing_triggers() -> list[str]:
    """Names of the triggers that keep history unchangeable and are not there."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    verbs = ("update", "delete", "replace" if sqlite else "truncate")
    needed = {f"{table}_no_{verb}" for table in TABLES for verb in verbs}
    present = session.scalars(text(_TRIGGERS_SQLITE if sqlite else _TRIGGERS_POSTGRESQL))
    return sorted(needed - set(present))


def _unsealed() -> Iterator[Break]:
    """Postings, or entries, that stand alone."""
    query = select(Posting.site_id, Posting.id).where(~exists().where(Entry.posting_id == Posting.id))
    for site_id, posting_id in session.execute(query):
        yield Break(site_id, 0, posting_id, "not in the chain")
    orphans = select(Entry).where(~exists().where(Posting.id == Entry.posting_id))
    for entry in session.scalars(orphans):
        yield Break(entry.site_id, entry.position, entry.posting_id, "posting deleted")


def _sealed() -> Iterator[tuple[Entry, list[Move]]]:
    """All entries with their moves, by site and position; a page at a time leaves memory after it."""
    for site_id in session.scalars(select(Entry.site_id).distinct()).all():
        last = session.scalar(select(func.max(Entry.position)).where(Entry.site_id == site_id)) or 0
        for start in range(1, last + 1, PAGE):
            query = select(Entry).where(Entry.site_id == site_id, Entry.position.between(start, start + PAGE - 1))
            entries = session.scalars(query.order_by(Entry.position).options(joinedload(Entry.posting, innerjoin=True)))
            page = entries.all()
            lines = _moves_of([entry.posting_id for entry in page])
            yield from ((entry, lines[entry.posting_id]) for entry in page)
            session.expunge_all()


def _moves_of(postings: list[UUID]) -> dict[UUID, list[Move]]:
    found: dict[UUID, list[Move]] = defaultdict(list)
    for move in session.scalars(select(Move).where(Move.posting_id.in_(postings))):
        found[move.posting_id].append(move)
    return found


def summary() -> dict[str, int]:
    """How much was looked at."""
    return {model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0 for model in SEEN}
