"""What the service desk stands on: who a job was dispatched to, notices, shifts, what to know before a door."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Make the change."""
    _widen_tickets()
    _make_notices()
    _make_shifts()
    _make_contexts()


def downgrade() -> None:
    """Undo it."""
    for table in ("place_contexts", "duty_shifts", "notices"):
        op.drop_table(table)
    op.drop_index(op.f("ix_tickets_assignee_id_state"), "tickets")
    with op.batch_alter_table("tickets") as batch:
        batch.drop_constraint(op.f("fk_tickets_assignee_id"), type_="foreignkey")
        for column in ("reporter_phone", "escalation", "assigned_at", "assignee_id"):
            batch.drop_column(column)


def _widen_tickets() -> None:
    with op.batch_alter_table("tickets") as batch:
        batch.add_column(sa.Column("assignee_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("escalation", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("reporter_phone", sa.String(length=30), server_default="", nullable=False))
        batch.create_foreign_key(op.f("fk_tickets_assignee_id"), "people", ["assignee_id"], ["id"])
        batch.create_index("ix_tickets_assignee_id_state", ["assignee_id", "state"], unique=False)


def _make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("href", sa.String(length=200), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_notices_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_notices_person_id_key")),
    )
    op.create_index("ix_notices_person_id_made_at", "notices", ["person_id", "made_at"], unique=False)
    op.create_index(op.f("ix_notices_site_id"), "notices", ["site_id"], unique=False)


def _make_shifts() -> None:
    op.create_table(
        "duty_shifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duty", sa.String(length=20), nullable=False),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_duty_shifts_starts_before_end")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duty_shifts_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_duty_shifts_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
    )
    op.create_index("ix_duty_shifts_site_id_ends_at", "duty_shifts", ["site_id", "ends_at"], unique=False)
    op.create_index("ix_duty_shifts_person_id_starts_at", "duty_shifts", ["person_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_duty_shifts_site_id"), "duty_shifts", ["site_id"], unique=False)


def _make_contexts() -> None:
    op.create_table(
        "place_contexts",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("care", sa.String(length=20), nullable=True),
        sa.Column("isolation", sa.String(length=200), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("access", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=30), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_place_contexts_changed_by_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_contexts_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_place_contexts_site_id")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place_contexts")),
    )
    op.create_index(op.f("ix_place_contexts_site_id"), "place_contexts", ["site_id"], unique=False)
