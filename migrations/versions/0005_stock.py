"""Items, accounts, moves and balances."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("spec", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("pinyin", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("code", name=op.f("uq_items_code")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(kind = 'bag') = (person_id IS NOT NULL)", name=op.f("ck_accounts_bag_has_person")),
        sa.CheckConstraint("(kind = 'ticket') = (ticket_id IS NOT NULL)", name=op.f("ck_accounts_ticket_has_ticket")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_accounts_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_accounts_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("site_id", "kind", "person_id", name=op.f("uq_accounts_site_id_kind_person_id")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_accounts_ticket_id")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accounts_site_id"), ["site_id"], unique=False)
    op.create_table(
        "postings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_postings_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_postings_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postings_site_id"), ["site_id"], unique=False)
    op.create_table(
        "moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("from_account_id", sa.Uuid(), nullable=False),
        sa.Column("to_account_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("from_account_id <> to_account_id", name=op.f("ck_moves_two_accounts")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_moves_quantity_positive")),
        sa.ForeignKeyConstraint(["from_account_id"], ["accounts.id"], name=op.f("fk_moves_from_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_moves_item_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_moves_posting_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["moves.id"], name=op.f("fk_moves_reverses_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_moves_site_id")),
        sa.ForeignKeyConstraint(["to_account_id"], ["accounts.id"], name=op.f("fk_moves_to_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_moves_reverses_id")),
    )
    with op.batch_alter_table("moves", schema=None) as batch_op:
        batch_op.create_index("ix_moves_from_account_id_item_id", ["from_account_id", "item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moves_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moves_posting_id"), ["posting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moves_site_id"), ["site_id"], unique=False)
        batch_op.create_index("ix_moves_to_account_id_item_id", ["to_account_id", "item_id"], unique=False)
    op.create_table(
        "balances",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_balances_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_balances_item_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_balances_site_id")),
        sa.PrimaryKeyConstraint("account_id", "item_id", name=op.f("pk_balances")),
    )
    with op.batch_alter_table("balances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_balances_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_balances_site_id"), ["site_id"], unique=False)
    op.create_table(
        "discrepancies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("missing", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_discrepancies_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_discrepancies_item_id")),
        sa.ForeignKeyConstraint(["move_id"], ["moves.id"], name=op.f("fk_discrepancies_move_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_discrepancies_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
        sa.UniqueConstraint("move_id", name=op.f("uq_discrepancies_move_id")),
    )
    with op.batch_alter_table("discrepancies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discrepancies_site_id"), ["site_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("discrepancies")
    op.drop_table("balances")
    op.drop_table("moves")
    op.drop_table("postings")
    op.drop_table("accounts")
    op.drop_table("items")
