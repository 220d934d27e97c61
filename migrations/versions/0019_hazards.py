"""Hazards: grade, who answers for them, re-checks."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "hazard_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hazard_checks_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_hazard_checks_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_hazard_checks_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_checks")),
    )
    op.create_index(op.f("ix_hazard_checks_site_id"), "hazard_checks", ["site_id"], unique=False)
    op.create_index("ix_hazard_checks_ticket_id_at", "hazard_checks", ["ticket_id", "at"], unique=False)
    op.create_table(
        "hazards",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("graded_by_id", sa.Uuid(), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["graded_by_id"], ["people.id"], name=op.f("fk_hazards_graded_by_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["people.id"], name=op.f("fk_hazards_responsible_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_hazards_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_hazards_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_hazards")),
    )
    op.create_index(op.f("ix_hazards_responsible_id"), "hazards", ["responsible_id"], unique=False)
    op.create_index(op.f("ix_hazards_site_id"), "hazards", ["site_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_hazards_site_id"), table_name="hazards")
    op.drop_index(op.f("ix_hazards_responsible_id"), table_name="hazards")
    op.drop_table("hazards")
    op.drop_index("ix_hazard_checks_ticket_id_at", table_name="hazard_checks")
    op.drop_index(op.f("ix_hazard_checks_site_id"), table_name="hazard_checks")
    op.drop_table("hazard_checks")
