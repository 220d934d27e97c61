"""Proof that the books are right: balances against moves, double entry, and the triggers that guard history."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from crew_app.core.db import session

TABLES = ("moves", "postings", "ticket_events")
"""Tables whose rows never change, by trigger."""

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
_TRIGGERS_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_TRIGGERS_POSTGRESQL = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"


@dataclass(frozen=True, slots=True)
class Drift:
    """A balance that is not the sum of its moves, in thousandths of the item's unit."""

    account_id: str
    item_id: str
    from_moves: Decimal
    kept: Decimal


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


def missing_triggers() -> list[str]:
    """Names of the triggers that keep history unchangeable and are not there."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    verbs = ("update", "delete", "replace" if sqlite else "truncate")
    needed = {f"{table}_no_{verb}" for table in TABLES for verb in verbs}
    present = session.scalars(text(_TRIGGERS_SQLITE if sqlite else _TRIGGERS_POSTGRESQL))
    return sorted(needed - set(present))
