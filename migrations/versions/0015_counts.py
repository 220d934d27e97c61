"""Stock counts, and discrepancies that they find."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "count_numbers",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_count_numbers_site_id")),
        sa.PrimaryKeyConstraint("site_id", "day", name=op.f("pk_count_numbers")),
    )
    op.create_table(
        "stock_counts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=2000), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'proposed', 'approved', 'cancelled')", name=op.f("ck_stock_counts_state_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_stock_counts_account_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_stock_counts_decided_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_stock_counts_opened_by_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_stock_counts_posting_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people.id"], name=op.f("fk_stock_counts_proposed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_stock_counts_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_counts")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_stock_counts_posting_id")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_stock_counts_site_id_number")),
    )
    op.create_index("ix_stock_counts_account_id_state", "stock_counts", ["account_id", "state"], unique=False)
    op.create_index(op.f("ix_stock_counts_site_id"), "stock_counts", ["site_id"], unique=False)
    op.create_table(
        "count_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("count_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("bin", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_count_entries_quantity_not_negative")),
        sa.ForeignKeyConstraint(["count_id"], ["stock_counts.id"], name=op.f("fk_count_entries_count_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_count_entries_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_count_entries_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_count_entries_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_entries")),
    )
    op.create_index("ix_count_entries_count_id_item_id", "count_entries", ["count_id", "item_id"], unique=False)
    op.create_index(op.f("ix_count_entries_site_id"), "count_entries", ["site_id"], unique=False)
    op.create_table(
        "count_items",
        sa.Column("count_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["count_id"], ["stock_counts.id"], name=op.f("fk_count_items_count_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_count_items_item_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_count_items_site_id")),
        sa.PrimaryKeyConstraint("count_id", "item_id", name=op.f("pk_count_items")),
    )
    op.create_index(op.f("ix_count_items_site_id"), "count_items", ["site_id"], unique=False)
    op.create_table(
        "count_results",
        sa.Column("count_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("book", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_count_results_account_id")),
        sa.ForeignKeyConstraint(["count_id"], ["stock_counts.id"], name=op.f("fk_count_results_count_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_count_results_item_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_count_results_site_id")),
        sa.PrimaryKeyConstraint("count_id", "item_id", name=op.f("pk_count_results")),
    )
    op.create_index("ix_count_results_account_id_item_id", "count_results", ["account_id", "item_id"], unique=False)
    op.create_index(op.f("ix_count_results_site_id"), "count_results", ["site_id"], unique=False)
    with op.batch_alter_table("discrepancies") as batch:
        batch.add_column(sa.Column("count_id", sa.Uuid(), nullable=True))
        batch.drop_constraint(op.f("uq_discrepancies_move_id"), type_="unique")
        batch.create_unique_constraint(op.f("uq_discrepancies_move_id_account_id"), ["move_id", "account_id"])
    for statement in _postgresql_triggers() if op.get_bind().dialect.name == "postgresql" else _sqlite_triggers():
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("discrepancies") as batch:
        batch.drop_constraint(op.f("uq_discrepancies_move_id_account_id"), type_="unique")
        batch.create_unique_constraint(op.f("uq_discrepancies_move_id"), ["move_id"])
        batch.drop_column("count_id")
    op.drop_index(op.f("ix_count_results_site_id"), table_name="count_results")
    op.drop_index("ix_count_results_account_id_item_id", table_name="count_results")
    op.drop_table("count_results")
    op.drop_index(op.f("ix_count_items_site_id"), table_name="count_items")
    op.drop_table("count_items")
    op.drop_index(op.f("ix_count_entries_site_id"), table_name="count_entries")
    op.drop_index("ix_count_entries_count_id_item_id", table_name="count_entries")
    op.drop_table("count_entries")
    op.drop_index(op.f("ix_stock_counts_site_id"), table_name="stock_counts")
    op.drop_index("ix_stock_counts_account_id_state", table_name="stock_counts")
    op.drop_table("stock_counts")
    op.drop_table("count_numbers")


def _postgresql_triggers() -> list[str]:
    act = "EXECUTE FUNCTION crew_refuse_change()"
    return [
        f"CREATE TRIGGER count_entries_no_update BEFORE UPDATE ON count_entries FOR EACH ROW {act}",
        f"CREATE TRIGGER count_entries_no_delete BEFORE DELETE ON count_entries FOR EACH ROW {act}",
        f"CREATE TRIGGER count_entries_no_truncate BEFORE TRUNCATE ON count_entries FOR EACH STATEMENT {act}",
    ]


def _sqlite_triggers() -> list[str]:
    """INSERT OR REPLACE deletes without firing the trigger on DELETE, so it is refused before it begins."""
    act = "BEGIN SELECT RAISE(ABORT, 'count_entries is append-only'); END"
    known = "WHEN EXISTS (SELECT 1 FROM count_entries WHERE id = NEW.id)"
    return [
        f"CREATE TRIGGER count_entries_no_update BEFORE UPDATE ON count_entries FOR EACH ROW {act}",
        f"CREATE TRIGGER count_entries_no_delete BEFORE DELETE ON count_entries FOR EACH ROW {act}",
        f"CREATE TRIGGER count_entries_no_replace BEFORE INSERT ON count_entries FOR EACH ROW {known} {act}",
    ]
