"""What stores should hold, and what jobs wait for."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "demands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("handed", sa.BigInteger(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_demands_quantity_positive")),
        sa.CheckConstraint(
            "reserved >= 0 AND handed >= 0 AND reserved + handed <= quantity", name=op.f("ck_demands_never_too_much")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_demands_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_demands_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_demands_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_demands_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demands")),
    )
    op.create_index(op.f("ix_demands_item_id"), "demands", ["item_id"], unique=False)
    op.create_index(op.f("ix_demands_site_id"), "demands", ["site_id"], unique=False)
    op.create_index(
        "ix_demands_site_id_item_id_closed_at", "demands", ["site_id", "item_id", "closed_at"], unique=False
    )
    op.create_index(op.f("ix_demands_ticket_id"), "demands", ["ticket_id"], unique=False)
    op.create_table(
        "stock_levels",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("bin", sa.String(length=30), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("reorder_point", sa.BigInteger(), nullable=False),
        sa.Column("maximum", sa.BigInteger(), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "0 <= minimum AND minimum <= reorder_point AND reorder_point <= maximum",
            name=op.f("ck_stock_levels_in_order"),
        ),
        sa.CheckConstraint("lead_time_days BETWEEN 0 AND 365", name=op.f("ck_stock_levels_lead_time_range")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_stock_levels_item_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_stock_levels_site_id")),
        sa.ForeignKeyConstraint(["store_id"], ["accounts.id"], name=op.f("fk_stock_levels_store_id")),
        sa.PrimaryKeyConstraint("store_id", "item_id", name=op.f("pk_stock_levels")),
    )
    op.create_index(op.f("ix_stock_levels_item_id"), "stock_levels", ["item_id"], unique=False)
    op.create_index(op.f("ix_stock_levels_site_id"), "stock_levels", ["site_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_stock_levels_site_id"), table_name="stock_levels")
    op.drop_index(op.f("ix_stock_levels_item_id"), table_name="stock_levels")
    op.drop_table("stock_levels")
    op.drop_index(op.f("ix_demands_ticket_id"), table_name="demands")
    op.drop_index("ix_demands_site_id_item_id_closed_at", table_name="demands")
    op.drop_index(op.f("ix_demands_site_id"), table_name="demands")
    op.drop_index(op.f("ix_demands_item_id"), table_name="demands")
    op.drop_table("demands")
