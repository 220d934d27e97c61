"""Calls at the service desk, announcements with who has read them, changes of what to know before a door."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

CALLED = sa.text("reporter_phone <> ''")


def upgrade() -> None:
    """Make the change."""
    _make_announcements()
    _make_announcement_parts()
    _make_calls()
    columns = ["site_id", "changed_at"]
    op.create_index("ix_tickets_called", "tickets", columns, sqlite_where=CALLED, postgresql_where=CALLED)


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_tickets_called", "tickets")
    for table in (
        "call_backs",
        "joined_callers",
        "place_context_changes",
        "announcement_readers",
        "announcement_places",
        "announcement_entries",
        "announcement_audiences",
        "announcements",
    ):
        op.drop_table(table)


def _make_announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("utility", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'outage' OR (utility IS NOT NULL AND ends_at IS NOT NULL)",
            name=op.f("ck_announcements_outage_is_whole"),
        ),
        sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_announcements_starts_before_end")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_announcements_made_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_announcements_site_id")),
        sa.ForeignKeyConstraint(["training_id"], ["trainings.id"], name=op.f("fk_announcements_training_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index(op.f("ix_announcements_site_id"), "announcements", ["site_id"], unique=False)
    op.create_index(
        "ix_announcements_site_id_kind_ends_at", "announcements", ["site_id", "kind", "ends_at"], unique=False
    )


def _make_announcement_parts() -> None:
    op.create_table(
        "announcement_audiences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(role IS NOT NULL AND trade IS NULL AND department_id IS NULL)"
            " OR (role IS NULL AND trade IS NOT NULL AND department_id IS NULL)"
            " OR (role IS NULL AND trade IS NULL AND department_id IS NOT NULL)",
            name=op.f("ck_announcement_audiences_one_group"),
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_announcement_audiences_announcement_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_announcement_audiences_department_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_announcement_audiences_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_audiences")),
    )
    op.create_index(
        op.f("ix_announcement_audiences_announcement_id"), "announcement_audiences", ["announcement_id"], unique=False
    )
    op.create_index(op.f("ix_announcement_audiences_site_id"), "announcement_audiences", ["site_id"], unique=False)
    op.create_table(
        "announcement_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_announcement_entries_announcement_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_announcement_entries_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_announcement_entries_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_entries")),
    )
    op.create_index(
        op.f("ix_announcement_entries_announcement_id"), "announcement_entries", ["announcement_id"], unique=False
    )
    op.create_index(op.f("ix_announcement_entries_site_id"), "announcement_entries", ["site_id"], unique=False)
    op.create_table(
        "announcement_places",
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_announcement_places_announcement_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_announcement_places_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_announcement_places_site_id")),
        sa.PrimaryKeyConstraint("announcement_id", "place_id", name=op.f("pk_announcement_places")),
    )
    op.create_index(op.f("ix_announcement_places_site_id"), "announcement_places", ["site_id"], unique=False)
    op.create_table(
        "announcement_readers",
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_announcement_readers_announcement_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_announcement_readers_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_announcement_readers_site_id")),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name=op.f("pk_announcement_readers")),
    )
    op.create_index(op.f("ix_announcement_readers_person_id"), "announcement_readers", ["person_id"], unique=False)
    op.create_index(op.f("ix_announcement_readers_site_id"), "announcement_readers", ["site_id"], unique=False)


def _make_calls() -> None:
    op.create_table(
        "place_context_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("old", sa.String(length=200), nullable=False),
        sa.Column("new", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_place_context_changes_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_place_context_changes_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_place_context_changes_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_context_changes")),
    )
    op.create_index("ix_place_context_changes_place_id_at", "place_context_changes", ["place_id", "at"], unique=False)
    op.create_index(op.f("ix_place_context_changes_site_id"), "place_context_changes", ["site_id"], unique=False)
    op.create_table(
        "joined_callers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_joined_callers_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_joined_callers_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_joined_callers_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joined_callers")),
    )
    op.create_index(op.f("ix_joined_callers_site_id"), "joined_callers", ["site_id"], unique=False)
    op.create_index(op.f("ix_joined_callers_ticket_id"), "joined_callers", ["ticket_id"], unique=False)
    op.create_table(
        "call_backs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("joined_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["joined_id"], ["joined_callers.id"], name=op.f("fk_call_backs_joined_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_call_backs_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_call_backs_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_call_backs_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
    )
    op.create_index(op.f("ix_call_backs_site_id"), "call_backs", ["site_id"], unique=False)
    op.create_index(op.f("ix_call_backs_ticket_id"), "call_backs", ["ticket_id"], unique=False)
