"""The ledger of a storeroom: more accounts, what goods are worth, and the sealed order of all postings."""

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

PERSONAL = "(kind IN ('bag', 'loan', 'owed')) = (person_id IS NOT NULL)"
PAGE = 500
SAME = "(site_id = NEW.site_id AND position = NEW.position) OR posting_id = NEW.posting_id"


def upgrade() -> None:
    """Make the change."""
    _widen()
    op.create_index(op.f("ix_postings_document_id"), "postings", ["document_id"])
    _make_tables()
    _value_stock()
    _seal()
    for statement in _postgresql_triggers() if _postgresql() else _sqlite_triggers():
        op.execute(statement)


def downgrade() -> None:
    """Take it back; impossible once something was posted in the accounts that came with it."""
    op.execute(
        """
        DELETE FROM accounts WHERE kind IN ('loan', 'owed', 'department', 'removed', 'off_book')
        AND id NOT IN (SELECT from_account_id FROM moves UNION SELECT to_account_id FROM moves)
        """
    )
    op.drop_table("valuations")
    op.drop_table("ledger_entries")
    op.drop_index(op.f("ix_postings_document_id"), "postings")
    op.drop_column("postings", "document_id")
    _narrow()


def _narrow() -> None:
    with op.batch_alter_table("discrepancies") as batch:
        batch.drop_constraint(op.f("fk_discrepancies_settled_by_id"), type_="foreignkey")
        for name in ("settled_by_id", "outcome", "note"):
            batch.drop_column(name)
    with op.batch_alter_table("accounts") as batch:
        batch.drop_constraint(op.f("ck_accounts_personal_has_person"), type_="check")
        batch.drop_constraint(op.f("ck_accounts_department_has_department"), type_="check")
        batch.drop_constraint(op.f("uq_accounts_department_id"), type_="unique")
        batch.drop_constraint(op.f("fk_accounts_department_id"), type_="foreignkey")
        batch.drop_column("department_id")
        batch.create_check_constraint(op.f("ck_accounts_bag_has_person"), "(kind = 'bag') = (person_id IS NOT NULL)")
    with op.batch_alter_table("items") as batch:
        batch.drop_constraint(op.f("ck_items_pack_size_positive"), type_="check")
        for name in ("pack_unit", "pack_size", "old_for_new", "is_tool", "requestable"):
            batch.drop_column(name)


def _widen() -> None:
    with op.batch_alter_table("items") as batch:
        batch.add_column(sa.Column("pack_unit", sa.String(length=10), nullable=False, server_default=""))
        batch.add_column(sa.Column("pack_size", sa.BigInteger(), nullable=False, server_default="1000"))
        for name in ("old_for_new", "is_tool", "requestable"):
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_check_constraint(op.f("ck_items_pack_size_positive"), "pack_size > 0")
    with op.batch_alter_table("accounts") as batch:
        batch.add_column(sa.Column("department_id", sa.Uuid(), nullable=True))
        batch.drop_constraint(op.f("ck_accounts_bag_has_person"), type_="check")
        batch.create_check_constraint(op.f("ck_accounts_personal_has_person"), PERSONAL)
        words = "(kind = 'department') = (department_id IS NOT NULL)"
        batch.create_check_constraint(op.f("ck_accounts_department_has_department"), words)
        batch.create_foreign_key(op.f("fk_accounts_department_id"), "departments", ["department_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_accounts_department_id"), ["department_id"])
    with op.batch_alter_table("discrepancies") as batch:
        batch.add_column(sa.Column("settled_by_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("outcome", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("note", sa.String(length=500), nullable=False, server_default=""))
        batch.create_foreign_key(op.f("fk_discrepancies_settled_by_id"), "people", ["settled_by_id"], ["id"])
    # Not as a batch: a copy of the table would lose its triggers.
    op.add_column("postings", sa.Column("document_id", sa.Uuid(), nullable=True))


def _make_tables() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_ledger_entries_posting_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_ledger_entries_site_id")),
        sa.PrimaryKeyConstraint("site_id", "position", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_ledger_entries_posting_id")),
    )
    op.create_index(op.f("ix_ledger_entries_posted_at"), "ledger_entries", ["posted_at"])
    op.create_table(
        "valuations",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("last_price", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_valuations_item_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_valuations_site_id")),
        sa.PrimaryKeyConstraint("site_id", "item_id", name=op.f("pk_valuations")),
    )
    op.create_index(op.f("ix_valuations_item_id"), "valuations", ["item_id"])


def _value_stock() -> None:
    """What the moves so far say that stores and bags are worth."""
    op.execute(
        """
        INSERT INTO valuations (site_id, item_id, quantity, value, last_price)
        SELECT site_id, item_id, SUM(sign * quantity), SUM(sign * ((quantity * unit_cost + 500) / 1000)), NULL
        FROM (
            SELECT m.site_id, m.item_id, m.quantity, m.unit_cost,
                   (CASE WHEN t.kind IN ('store', 'bag') THEN 1 ELSE 0 END)
                   - (CASE WHEN f.kind IN ('store', 'bag') THEN 1 ELSE 0 END) AS sign
            FROM moves m JOIN accounts f ON f.id = m.from_account_id JOIN accounts t ON t.id = m.to_account_id
        ) AS crossing
        WHERE sign <> 0 GROUP BY site_id, item_id
        """
    )


def _seal() -> None:
    """Give the postings so far their places, in the order in which the server received them."""
    postings = _table("postings", ["site_id", "person_id", "receipt_key"], ["at", "device_at", "received_at"])
    moves = _table("moves", ["posting_id", "item_id", "from_account_id", "to_account_id", "reverses_id"], [])
    connection = op.get_bind()
    order = sa.select(postings.c.id).order_by(postings.c.received_at, postings.c.id)
    ids = connection.scalars(order).all()
    last: dict[UUID, tuple[int, str]] = {}
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        lines = defaultdict(list)
        for move in connection.execute(sa.select(moves).where(moves.c.posting_id.in_(page))):
            lines[move.posting_id].append(move)
        known = {row.id: row for row in connection.execute(sa.select(postings).where(postings.c.id.in_(page)))}
        rows = [_entry(last, known[posting_id], lines[posting_id]) for posting_id in page]
        connection.execute(sa.insert(ENTRIES), rows)


def _entry(last: dict[UUID, tuple[int, str]], posting: Any, moves: list[Any]) -> dict[str, Any]:
    position, before = last.get(posting.site_id, (0, "0" * 64))
    said = [before, *_content(position + 1, posting, moves)]
    seal = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    last[posting.site_id] = (position + 1, hashlib.sha256(seal).hexdigest())
    place = {"site_id": posting.site_id, "posting_id": posting.id, "posted_at": posting.received_at}
    return place | dict(zip(("position", "hash"), last[posting.site_id], strict=True))


def _content(position: int, posting: Any, moves: list[Any]) -> list[object]:
    head = [
        position,
        _time(posting.received_at),
        *map(_hex, (posting.id, posting.site_id, posting.person_id, posting.receipt_key)),
        None,
        *map(_time, (posting.at, posting.device_at, posting.received_at)),
        posting.reason,
        posting.note,
    ]
    return [*head, [_move(move) for move in sorted(moves, key=lambda move: move.id.bytes)]]


def _move(move: Any) -> list[object]:
    ids = (move.id, move.item_id, move.from_account_id, move.to_account_id, move.reverses_id)
    return [*map(_hex, ids), move.quantity, move.unit_cost]


def _hex(value: UUID | None) -> str | None:
    return value.hex if value else None


def _time(value: datetime | None) -> str | None:
    if value is None:
        return None
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


def _columns(ids: list[str], times: list[str], rest: list[str]) -> list[Any]:
    return [
        *(sa.column(name, sa.Uuid()) for name in ids),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in times),
        *(sa.column(name) for name in rest),
    ]


def _table(name: str, ids: list[str], times: list[str]) -> Any:
    rest = {"postings": ["reason", "note"], "moves": ["quantity", "unit_cost"]}[name]
    return sa.table(name, *_columns(["id", *ids], times, rest))


ENTRIES = sa.table("ledger_entries", *_columns(["site_id", "posting_id"], ["posted_at"], ["position", "hash"]))


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _postgresql_triggers() -> list[str]:
    act = "EXECUTE FUNCTION crew_refuse_change()"
    return [
        f"CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries FOR EACH ROW {act}",
        f"CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries FOR EACH ROW {act}",
        f"CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT {act}",
    ]


def _sqlite_triggers() -> list[str]:
    """INSERT OR REPLACE deletes without firing the trigger on DELETE, so it is refused before it begins."""
    act = "BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END"
    known = f"WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE {SAME})"  # noqa: S608 - names of our own columns
    return [
        f"CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries FOR EACH ROW {act}",
        f"CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries FOR EACH ROW {act}",
        f"CREATE TRIGGER ledger_entries_no_replace BEFORE INSERT ON ledger_entries FOR EACH ROW {known} {act}",
    ]
