"""Targets, working hours, the chain of escalation and the steps that were taken."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Make the change."""
    op.add_column("tickets", sa.Column("hours", sa.String(length=20), server_default="always", nullable=False))
    op.add_column("tickets", sa.Column("target", sa.String(length=100), server_default="", nullable=False))
    _make_targets()
    _make_steps()
    _make_escalations()


def downgrade() -> None:
    """Undo it."""
    for table in ("escalations", "escalation_steps", "service_hours", "target_rules"):
        op.drop_table(table)
    op.drop_column("tickets", "target")
    op.drop_column("tickets", "hours")


def _make_targets() -> None:
    op.create_table(
        "target_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=100), nullable=False),
        sa.Column("care", sa.String(length=20), nullable=True),
        sa.Column("job_kind_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("response_minutes", sa.Integer(), nullable=False),
        sa.Column("resolution_minutes", sa.Integer(), nullable=False),
        sa.Column("hours", sa.String(length=20), nullable=False),
        sa.Column("raise_to", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name=op.f("ck_target_rules_priority_range")),
        sa.CheckConstraint("raise_to BETWEEN 1 AND 4", name=op.f("ck_target_rules_raise_range")),
        sa.CheckConstraint(
            "response_minutes > 0 AND response_minutes <= resolution_minutes",
            name=op.f("ck_target_rules_minutes_ordered"),
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_target_rules_changed_by_id")),
        sa.ForeignKeyConstraint(["job_kind_id"], ["job_kinds.id"], name=op.f("fk_target_rules_job_kind_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_target_rules_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_rules")),
        sa.UniqueConstraint("site_id", "scope", name=op.f("uq_target_rules_site_id_scope")),
    )
    op.create_index(op.f("ix_target_rules_site_id"), "target_rules", ["site_id"], unique=False)
    op.create_table(
        "service_hours",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("periods", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_service_hours_changed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_service_hours_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_service_hours")),
    )


def _make_steps() -> None:
    op.create_table(
        "escalation_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("percent IS NULL OR percent > 0", name=op.f("ck_escalation_steps_percent_positive")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_escalation_steps_minutes_not_negative")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_escalation_steps_changed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_escalation_steps_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_steps")),
        sa.UniqueConstraint("site_id", "key", name=op.f("uq_escalation_steps_site_id_key")),
    )
    op.create_index(op.f("ix_escalation_steps_site_id"), "escalation_steps", ["site_id"], unique=False)


def _make_escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_escalations_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_escalations_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
        sa.UniqueConstraint("ticket_id", "step", "occasion", name=op.f("uq_escalations_ticket_id_step_occasion")),
    )
    op.create_index(op.f("ix_escalations_site_id"), "escalations", ["site_id"], unique=False)
