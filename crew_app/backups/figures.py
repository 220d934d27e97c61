"""What a backup says of its database: heads of chains and books, counts. A restored one must say the same."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Ask = Callable[[str], Iterable[Sequence[Any]]]
HEADS = """SELECT l.chain, l.position, l.hash FROM chain_links l
    JOIN (SELECT chain, MAX(position) AS position FROM chain_links GROUP BY chain) e
    ON e.chain = l.chain AND e.position = l.position ORDER BY l.chain"""
LEDGER = """SELECT l.site_id, l.position, l.hash FROM ledger_entries l
    JOIN (SELECT site_id, MAX(position) AS position FROM ledger_entries GROUP BY site_id) e
    ON e.site_id = l.site_id AND e.position = l.position ORDER BY l.site_id"""
COUNTED = ("tickets", "ticket_events", "moves", "photos", "people", "receipts", "chain_links", "ledger_entries")


def heads(ask: Ask) -> list[list[Any]]:
    """How far each audit chain has come."""
    return [[str(chain), int(position), str(digits)] for chain, position, digits in ask(HEADS)]


def ledger(ask: Ask) -> list[list[Any]]:
    """How far the books of each site have come."""
    return [[str(site).replace("-", ""), int(position), str(digits)] for site, position, digits in ask(LEDGER)]


def counts(ask: Ask) -> dict[str, int]:
    """Rows of the tables that grow."""
    return {table: int(next(iter(ask(f"SELECT COUNT(*) FROM {table}")))[0]) for table in COUNTED}  # noqa: S608 - our own


def revision(ask: Ask) -> str:
    """The migration it stands at."""
    return ",".join(sorted(str(row[0]) for row in ask("SELECT version_num FROM alembic_version")))
