"""Indexes for what grows: the newest of a person, the books of a site by time, and the few rows that are open."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

INSTEAD = {
    "ix_tickets_reporter_id": ("tickets", ["reporter_id"], "ix_tickets_reporter_id_opened_at", ["opened_at"]),
    "ix_moves_site_id": ("moves", ["site_id"], "ix_moves_site_id_item_id_posting_id", ["item_id", "posting_id"]),
    "ix_moves_from_account_id_item_id": (
        *("moves", ["from_account_id", "item_id"]),
        *("ix_moves_from_account_id_item_id_posting_id", ["posting_id"]),
    ),
    "ix_moves_to_account_id_item_id": (
        *("moves", ["to_account_id", "item_id"]),
        *("ix_moves_to_account_id_item_id_posting_id", ["posting_id"]),
    ),
    "ix_photos_site_id": ("photos", ["site_id"], "ix_photos_site_id_received_at", ["received_at"]),
}
"""What an index covered, and the one that goes further and takes its place."""
OPEN = {
    "ix_tickets_done": ("tickets", ["site_id", "finished_at"], "finished_at IS NOT NULL"),
    "ix_tickets_closed": ("tickets", ["site_id", "closed_at"], "closed_at IS NOT NULL"),
    "ix_answers_failed": ("answers", ["site_id", "at"], "outcome = 'fail'"),
    "ix_runs_missed": ("runs", ["site_id", "closes_at"], "state IN ('missed', 'incomplete')"),
    "ix_demands_open": ("demands", ["site_id", "item_id"], "closed_at IS NULL"),
    "ix_discrepancies_open": ("discrepancies", ["site_id", "id"], "settled_at IS NULL"),
}
"""Of some rows only."""


def upgrade() -> None:
    """Make the change."""
    for before, (table, columns, name, more) in INSTEAD.items():
        op.create_index(name, table, columns + more)
        op.drop_index(before, table)
    op.drop_index("ix_tickets_site_id", "tickets")  # five others begin with it
    op.create_index("ix_ledger_entries_site_id_posted_at", "ledger_entries", ["site_id", "posted_at"])
    op.drop_index("ix_ledger_entries_posted_at", "ledger_entries")
    for name, (table, columns, where) in OPEN.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Undo it."""
    for name, (table, _columns, _where) in OPEN.items():
        op.drop_index(name, table)
    op.create_index("ix_tickets_site_id", "tickets", ["site_id"])
    op.create_index("ix_ledger_entries_posted_at", "ledger_entries", ["posted_at"])
    op.drop_index("ix_ledger_entries_site_id_posted_at", "ledger_entries")
    for before, (table, columns, name, _more) in INSTEAD.items():
        op.create_index(before, table, columns)
        op.drop_index(name, table)
