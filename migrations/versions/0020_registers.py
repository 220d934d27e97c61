"""Registers: gate log, hand-over, licences and certificates, training."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

APPEND_ONLY = {
    "gate_entries": "id = NEW.id",
    "hand_over_lines": "id = NEW.id OR (hand_over_id = NEW.hand_over_id AND position = NEW.position)",
    "hand_over_notes": "id = NEW.id",
    "hand_over_signatures": "id = NEW.id OR (hand_over_id = NEW.hand_over_id AND person_id = NEW.person_id)",
    "training_records": "id = NEW.id",
}
"""Tables whose rows nobody changes or deletes, with what a replacement could come in by."""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "credential_kinds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("bearer", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("advance_days", sa.Integer(), nullable=False),
        sa.Column("asset_kind_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("advance_days BETWEEN 1 AND 365", name=op.f("ck_credential_kinds_advance_range")),
        sa.CheckConstraint("months IS NULL OR months BETWEEN 1 AND 240", name=op.f("ck_credential_kinds_months_range")),
        sa.ForeignKeyConstraint(["asset_kind_id"], ["asset_kinds.id"], name=op.f("fk_credential_kinds_asset_kind_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_credential_kinds_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_kinds")),
    )
    op.create_index(op.f("ix_credential_kinds_site_id"), "credential_kinds", ["site_id"], unique=False)
    op.create_table(
        "gate_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("plate_key", sa.String(length=20), nullable=False),
        sa.Column("visitor", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("host", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_gate_visits_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_visits")),
    )
    op.create_index(op.f("ix_gate_visits_plate_key"), "gate_visits", ["plate_key"], unique=False)
    op.create_index(op.f("ix_gate_visits_site_id"), "gate_visits", ["site_id"], unique=False)
    op.create_index("ix_gate_visits_site_id_at_id", "gate_visits", ["site_id", "at", "id"], unique=False)
    op.create_index("ix_gate_visits_site_id_left_at", "gate_visits", ["site_id", "left_at"], unique=False)
    op.create_table(
        "shift_posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("changes", sa.String(length=60), nullable=False),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column("tells_jobs", sa.Boolean(), nullable=False),
        sa.Column("tells_stock", sa.Boolean(), nullable=False),
        sa.Column("tells_visitors", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_shift_posts_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_posts")),
    )
    op.create_index(op.f("ix_shift_posts_site_id"), "shift_posts", ["site_id"], unique=False)
    op.create_table(
        "trainings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("trainer", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_trainings_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_trainings_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    op.create_index(op.f("ix_trainings_site_id"), "trainings", ["site_id"], unique=False)
    op.create_index("ix_trainings_site_id_held_on", "trainings", ["site_id", "held_on"], unique=False)
    op.create_table(
        "gate_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("visitor", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("host", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["gate_entries.id"], name=op.f("fk_gate_entries_corrects_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_gate_entries_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_gate_entries_site_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["gate_visits.id"], name=op.f("fk_gate_entries_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_entries")),
    )
    op.create_index("ix_gate_entries_site_id_received_at", "gate_entries", ["site_id", "received_at"], unique=False)
    op.create_index(op.f("ix_gate_entries_site_id"), "gate_entries", ["site_id"], unique=False)
    op.create_index(op.f("ix_gate_entries_visit_id"), "gate_entries", ["visit_id"], unique=False)
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relieved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("relieved_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hand_overs_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["shift_posts.id"], name=op.f("fk_hand_overs_post_id")),
        sa.ForeignKeyConstraint(["relieved_by_id"], ["people.id"], name=op.f("fk_hand_overs_relieved_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_hand_overs_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    op.create_index(op.f("ix_hand_overs_person_id"), "hand_overs", ["person_id"], unique=False)
    op.create_index("ix_hand_overs_post_id_ends_at", "hand_overs", ["post_id", "ends_at"], unique=False)
    op.create_index(op.f("ix_hand_overs_site_id"), "hand_overs", ["site_id"], unique=False)
    op.create_index("ix_hand_overs_site_id_relieved_at", "hand_overs", ["site_id", "relieved_at"], unique=False)
    op.create_table(
        "licence_needs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("trade", sa.String(length=20), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["credential_kinds.id"], name=op.f("fk_licence_needs_kind_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_licence_needs_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_needs")),
        sa.UniqueConstraint("site_id", "trade", "kind_id", name=op.f("uq_licence_needs_site_id_trade_kind_id")),
    )
    op.create_index(op.f("ix_licence_needs_site_id"), "licence_needs", ["site_id"], unique=False)
    op.create_table(
        "training_photos",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_training_photos_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_training_photos_site_id")),
        sa.ForeignKeyConstraint(["training_id"], ["trainings.id"], name=op.f("fk_training_photos_training_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_training_photos")),
    )
    op.create_index(op.f("ix_training_photos_site_id"), "training_photos", ["site_id"], unique=False)
    op.create_index(op.f("ix_training_photos_training_id"), "training_photos", ["training_id"], unique=False)
    op.create_table(
        "training_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "headcount >= 0 AND passed >= 0 AND passed <= headcount", name=op.f("ck_training_records_heads_in_order")
        ),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_training_records_hours_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_records_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_training_records_site_id")),
        sa.ForeignKeyConstraint(["training_id"], ["trainings.id"], name=op.f("fk_training_records_training_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_records")),
    )
    op.create_index(op.f("ix_training_records_site_id"), "training_records", ["site_id"], unique=False)
    op.create_index(op.f("ix_training_records_training_id"), "training_records", ["training_id"], unique=False)
    op.create_table(
        "hand_over_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("hand_over_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("href", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["hand_over_id"], ["hand_overs.id"], name=op.f("fk_hand_over_lines_hand_over_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_hand_over_lines_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_lines")),
        sa.UniqueConstraint("hand_over_id", "position", name=op.f("uq_hand_over_lines_hand_over_id_position")),
    )
    op.create_index(op.f("ix_hand_over_lines_site_id"), "hand_over_lines", ["site_id"], unique=False)
    op.create_table(
        "hand_over_signatures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("hand_over_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_person_id"], ["people.id"], name=op.f("fk_hand_over_signatures_device_person_id")
        ),
        sa.ForeignKeyConstraint(["hand_over_id"], ["hand_overs.id"], name=op.f("fk_hand_over_signatures_hand_over_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hand_over_signatures_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_hand_over_signatures_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_signatures")),
        sa.UniqueConstraint("hand_over_id", "person_id", name=op.f("uq_hand_over_signatures_hand_over_id_person_id")),
    )
    op.create_index(op.f("ix_hand_over_signatures_site_id"), "hand_over_signatures", ["site_id"], unique=False)
    op.create_table(
        "training_people",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_people_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["training_records.id"], name=op.f("fk_training_people_record_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_training_people_site_id")),
        sa.PrimaryKeyConstraint("record_id", "person_id", name=op.f("pk_training_people")),
    )
    op.create_index(op.f("ix_training_people_site_id"), "training_people", ["site_id"], unique=False)
    op.create_table(
        "credentials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (asset_id IS NULL)", name=op.f("ck_credentials_one_bearer")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_credentials_withdrawn_by_somebody")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_credentials_asset_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["credential_kinds.id"], name=op.f("fk_credentials_kind_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_credentials_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_credentials_site_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["people.id"], name=op.f("fk_credentials_withdrawn_by_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["people.id"], name=op.f("fk_credentials_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
    )
    op.create_index(op.f("ix_credentials_asset_id"), "credentials", ["asset_id"], unique=False)
    op.create_index(op.f("ix_credentials_kind_id"), "credentials", ["kind_id"], unique=False)
    op.create_index(op.f("ix_credentials_person_id"), "credentials", ["person_id"], unique=False)
    op.create_index(op.f("ix_credentials_site_id"), "credentials", ["site_id"], unique=False)
    op.create_table(
        "hand_over_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["hand_over_lines.id"], name=op.f("fk_hand_over_notes_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hand_over_notes_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_hand_over_notes_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_notes")),
    )
    op.create_index(op.f("ix_hand_over_notes_line_id"), "hand_over_notes", ["line_id"], unique=False)
    op.create_index(op.f("ix_hand_over_notes_site_id"), "hand_over_notes", ["site_id"], unique=False)
    op.create_table(
        "credential_photos",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credentials.id"], name=op.f("fk_credential_photos_credential_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_credential_photos_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_credential_photos_site_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_credential_photos")),
    )
    op.create_index(op.f("ix_credential_photos_credential_id"), "credential_photos", ["credential_id"], unique=False)
    op.create_index(op.f("ix_credential_photos_site_id"), "credential_photos", ["site_id"], unique=False)

    for table in APPEND_ONLY:
        for statement in _postgresql(table) if op.get_bind().dialect.name == "postgresql" else _sqlite(table):
            op.execute(statement)


def _postgresql(table: str) -> list[str]:
    act = "EXECUTE FUNCTION crew_refuse_change()"
    rows = [f"CREATE TRIGGER {table}_no_{v} BEFORE {v} ON {table} FOR EACH ROW {act}" for v in ("update", "delete")]
    return [*rows, f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}"]


def _sqlite(table: str) -> list[str]:
    """INSERT OR REPLACE deletes without firing the trigger on DELETE, so it is refused before it begins."""
    act = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    known = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {APPEND_ONLY[table]})"  # noqa: S608 - names of our own tables
    rows = [f"CREATE TRIGGER {table}_no_{v} BEFORE {v} ON {table} FOR EACH ROW {act}" for v in ("update", "delete")]
    return [*rows, f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW {known} {act}"]


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_credential_photos_site_id"), table_name="credential_photos")
    op.drop_index(op.f("ix_credential_photos_credential_id"), table_name="credential_photos")
    op.drop_table("credential_photos")
    op.drop_index(op.f("ix_hand_over_notes_site_id"), table_name="hand_over_notes")
    op.drop_index(op.f("ix_hand_over_notes_line_id"), table_name="hand_over_notes")
    op.drop_table("hand_over_notes")
    op.drop_index(op.f("ix_credentials_site_id"), table_name="credentials")
    op.drop_index(op.f("ix_credentials_person_id"), table_name="credentials")
    op.drop_index(op.f("ix_credentials_kind_id"), table_name="credentials")
    op.drop_index(op.f("ix_credentials_asset_id"), table_name="credentials")
    op.drop_table("credentials")
    op.drop_index(op.f("ix_training_people_site_id"), table_name="training_people")
    op.drop_table("training_people")
    op.drop_index(op.f("ix_hand_over_signatures_site_id"), table_name="hand_over_signatures")
    op.drop_table("hand_over_signatures")
    op.drop_index(op.f("ix_hand_over_lines_site_id"), table_name="hand_over_lines")
    op.drop_table("hand_over_lines")
    op.drop_index(op.f("ix_training_records_training_id"), table_name="training_records")
    op.drop_index(op.f("ix_training_records_site_id"), table_name="training_records")
    op.drop_table("training_records")
    op.drop_index(op.f("ix_training_photos_training_id"), table_name="training_photos")
    op.drop_index(op.f("ix_training_photos_site_id"), table_name="training_photos")
    op.drop_table("training_photos")
    op.drop_index(op.f("ix_licence_needs_site_id"), table_name="licence_needs")
    op.drop_table("licence_needs")
    op.drop_index("ix_hand_overs_site_id_relieved_at", table_name="hand_overs")
    op.drop_index(op.f("ix_hand_overs_site_id"), table_name="hand_overs")
    op.drop_index("ix_hand_overs_post_id_ends_at", table_name="hand_overs")
    op.drop_index(op.f("ix_hand_overs_person_id"), table_name="hand_overs")
    op.drop_table("hand_overs")
    op.drop_index(op.f("ix_gate_entries_visit_id"), table_name="gate_entries")
    op.drop_index("ix_gate_entries_site_id_received_at", table_name="gate_entries")
    op.drop_index(op.f("ix_gate_entries_site_id"), table_name="gate_entries")
    op.drop_table("gate_entries")
    op.drop_index("ix_trainings_site_id_held_on", table_name="trainings")
    op.drop_index(op.f("ix_trainings_site_id"), table_name="trainings")
    op.drop_table("trainings")
    op.drop_index(op.f("ix_shift_posts_site_id"), table_name="shift_posts")
    op.drop_table("shift_posts")
    op.drop_index("ix_gate_visits_site_id_left_at", table_name="gate_visits")
    op.drop_index("ix_gate_visits_site_id_at_id", table_name="gate_visits")
    op.drop_index(op.f("ix_gate_visits_site_id"), table_name="gate_visits")
    op.drop_index(op.f("ix_gate_visits_plate_key"), table_name="gate_visits")
    op.drop_table("gate_visits")
    op.drop_index(op.f("ix_credential_kinds_site_id"), table_name="credential_kinds")
    op.drop_table("credential_kinds")
