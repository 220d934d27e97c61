"""Roles and sign-ins that ended, and entries that wait for a supervisor's decision."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the change."""
    _former_roles()
    _ended_sessions()
    _held_entries()


def downgrade() -> None:
    """Take it back."""
    op.drop_table("held_entries")
    op.drop_table("ended_sessions")
    op.drop_table("former_roles")


def _former_roles() -> None:
    op.create_table(
        "former_roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_former_roles_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_former_roles_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_roles")),
    )
    op.create_index(op.f("ix_former_roles_person_id"), "former_roles", ["person_id"])


def _ended_sessions() -> None:
    op.create_table(
        "ended_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ended_sessions_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_ended_sessions")),
    )
    op.create_index(op.f("ix_ended_sessions_person_id"), "ended_sessions", ["person_id"])


def _held_entries() -> None:
    op.create_table(
        "held_entries",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_held_entries_decided_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_held_entries_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_held_entries_site_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_held_entries")),
    )
    with op.batch_alter_table("held_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_entries_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_entries_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_entries_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index("ix_held_entries_undecided", ["site_id", "decided_at"], unique=False)
