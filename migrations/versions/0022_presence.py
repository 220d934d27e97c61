"""How long ways take, and what people say about flags."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "walk_times",
        sa.Column("from_place_id", sa.Uuid(), nullable=False),
        sa.Column("to_place_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("samples", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["from_place_id"], ["places.id"], name=op.f("fk_walk_times_from_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_walk_times_site_id")),
        sa.ForeignKeyConstraint(["to_place_id"], ["places.id"], name=op.f("fk_walk_times_to_place_id")),
        sa.PrimaryKeyConstraint("from_place_id", "to_place_id", name=op.f("pk_walk_times")),
    )
    op.create_index(op.f("ix_walk_times_site_id"), "walk_times", ["site_id"], unique=False)
    op.create_table(
        "flag_remarks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("explained", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["flag_id"], ["visit_flags.id"], name=op.f("fk_flag_remarks_flag_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_flag_remarks_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_flag_remarks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_remarks")),
    )
    op.create_index(op.f("ix_flag_remarks_flag_id"), "flag_remarks", ["flag_id"], unique=False)
    op.create_index(op.f("ix_flag_remarks_site_id"), "flag_remarks", ["site_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_flag_remarks_site_id"), table_name="flag_remarks")
    op.drop_index(op.f("ix_flag_remarks_flag_id"), table_name="flag_remarks")
    op.drop_table("flag_remarks")
    op.drop_index(op.f("ix_walk_times_site_id"), table_name="walk_times")
    op.drop_table("walk_times")
