"""Slips of the storeroom, with lines, signatures and photos."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "slip_numbers",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_slip_numbers_site_id")),
        sa.PrimaryKeyConstraint("site_id", "kind", "day", name=op.f("pk_slip_numbers")),
    )
    op.create_table(
        "slips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("based_on_id", sa.Uuid(), nullable=True),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("supplier", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=False),
        sa.Column("done_by_id", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posting_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'declined', 'done', 'cancelled')", name=op.f("ck_slips_state_known")
        ),
        sa.ForeignKeyConstraint(["based_on_id"], ["slips.id"], name=op.f("fk_slips_based_on_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_slips_decided_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_slips_department_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_slips_done_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["accounts.id"], name=op.f("fk_slips_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_slips_person_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_slips_posting_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_slips_site_id")),
        sa.ForeignKeyConstraint(["store_id"], ["accounts.id"], name=op.f("fk_slips_store_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_slips_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_slips_posting_id")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_slips_site_id_number")),
    )
    op.create_index(op.f("ix_slips_based_on_id"), "slips", ["based_on_id"], unique=False)
    op.create_index(op.f("ix_slips_department_id"), "slips", ["department_id"], unique=False)
    op.create_index(op.f("ix_slips_person_id"), "slips", ["person_id"], unique=False)
    op.create_index(op.f("ix_slips_site_id"), "slips", ["site_id"], unique=False)
    op.create_index("ix_slips_site_id_kind_state", "slips", ["site_id", "kind", "state"], unique=False)
    op.create_index(op.f("ix_slips_ticket_id"), "slips", ["ticket_id"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("signer", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signatures_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_signatures_site_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["slips.id"], name=op.f("fk_signatures_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("slip_id", "signer", name=op.f("uq_signatures_slip_id_signer")),
    )
    op.create_index(op.f("ix_signatures_site_id"), "signatures", ["site_id"], unique=False)
    op.create_table(
        "slip_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("granted", sa.BigInteger(), nullable=True),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.Column("entered", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("granted IS NULL OR granted >= 0", name=op.f("ck_slip_lines_granted_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_slip_lines_quantity_positive")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_slip_lines_item_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_slip_lines_site_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["slips.id"], name=op.f("fk_slip_lines_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_lines")),
        sa.UniqueConstraint("slip_id", "position", name=op.f("uq_slip_lines_slip_id_position")),
    )
    op.create_index(op.f("ix_slip_lines_item_id"), "slip_lines", ["item_id"], unique=False)
    op.create_index(op.f("ix_slip_lines_site_id"), "slip_lines", ["site_id"], unique=False)
    op.create_table(
        "slip_photos",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_slip_photos_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_slip_photos_site_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["slips.id"], name=op.f("fk_slip_photos_slip_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_slip_photos")),
        sa.UniqueConstraint("slip_id", "position", name=op.f("uq_slip_photos_slip_id_position")),
    )
    op.create_index(op.f("ix_slip_photos_site_id"), "slip_photos", ["site_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_slip_photos_site_id"), table_name="slip_photos")
    op.drop_table("slip_photos")
    op.drop_index(op.f("ix_slip_lines_site_id"), table_name="slip_lines")
    op.drop_index(op.f("ix_slip_lines_item_id"), table_name="slip_lines")
    op.drop_table("slip_lines")
    op.drop_index(op.f("ix_signatures_site_id"), table_name="signatures")
    op.drop_table("signatures")
    op.drop_index(op.f("ix_slips_ticket_id"), table_name="slips")
    op.drop_index("ix_slips_site_id_kind_state", table_name="slips")
    op.drop_index(op.f("ix_slips_site_id"), table_name="slips")
    op.drop_index(op.f("ix_slips_person_id"), table_name="slips")
    op.drop_index(op.f("ix_slips_department_id"), table_name="slips")
    op.drop_index(op.f("ix_slips_based_on_id"), table_name="slips")
    op.drop_table("slips")
    op.drop_table("slip_numbers")
