"""Series of readings; contractors with scores, findings, deductions and rewards."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

APPEND_ONLY = {
    "contractor_findings": "id = NEW.id",
    "contractor_answers": "id = NEW.id",
    "contractor_entries": "id = NEW.id OR reverses_id = NEW.reverses_id",
}
"""Tables whose rows nobody changes or deletes, with what a replacement could come in by."""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "contractors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_contractors_made_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contractors_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractors")),
    )
    op.create_index(op.f("ix_contractors_site_id"), "contractors", ["site_id"], unique=False)
    op.create_table(
        "contractor_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("contractor_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_contractor_entries_amount")),
        sa.ForeignKeyConstraint(
            ["contractor_id"], ["contractors.id"], name=op.f("fk_contractor_entries_contractor_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contractor_entries_person_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["contractor_entries.id"], name=op.f("fk_contractor_entries_reverses_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contractor_entries_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractor_entries")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_contractor_entries_reverses_id")),
    )
    op.create_index(
        "ix_contractor_entries_contractor_id_day", "contractor_entries", ["contractor_id", "day"], unique=False
    )
    op.create_index(op.f("ix_contractor_entries_site_id"), "contractor_entries", ["site_id"], unique=False)
    op.create_table(
        "contractor_people",
        sa.Column("contractor_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["contractor_id"], ["contractors.id"], name=op.f("fk_contractor_people_contractor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contractor_people_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contractor_people_site_id")),
        sa.PrimaryKeyConstraint("contractor_id", "person_id", name=op.f("pk_contractor_people")),
    )
    op.create_index(op.f("ix_contractor_people_person_id"), "contractor_people", ["person_id"], unique=False)
    op.create_index(op.f("ix_contractor_people_site_id"), "contractor_people", ["site_id"], unique=False)
    op.create_table(
        "contractor_templates",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("contractor_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"], ["contractors.id"], name=op.f("fk_contractor_templates_contractor_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contractor_templates_site_id")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["round_templates.id"], name=op.f("fk_contractor_templates_template_id")
        ),
        sa.PrimaryKeyConstraint("template_id", name=op.f("pk_contractor_templates")),
    )
    op.create_index(
        op.f("ix_contractor_templates_contractor_id"), "contractor_templates", ["contractor_id"], unique=False
    )
    op.create_index(op.f("ix_contractor_templates_site_id"), "contractor_templates", ["site_id"], unique=False)
    op.create_table(
        "reading_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("check_key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("last_outcome", sa.String(length=20), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("odd", sa.Boolean(), nullable=False),
        sa.Column("alarm_number", sa.BigInteger(), nullable=True),
        sa.Column("alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_reading_series_asset_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_reading_series_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_reading_series_site_id")),
        sa.ForeignKeyConstraint(["template_id"], ["round_templates.id"], name=op.f("fk_reading_series_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_series")),
        sa.UniqueConstraint("subject_id", "check_key", name=op.f("uq_reading_series_subject_id_check_key")),
    )
    op.create_index(op.f("ix_reading_series_site_id"), "reading_series", ["site_id"], unique=False)
    op.create_index("ix_reading_series_site_id_alarm_at", "reading_series", ["site_id", "alarm_at"], unique=False)
    op.create_index(op.f("ix_reading_series_template_id"), "reading_series", ["template_id"], unique=False)
    op.create_table(
        "run_contractors",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("contractor_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contractor_id"], ["contractors.id"], name=op.f("fk_run_contractors_contractor_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_contractors_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_run_contractors_site_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_contractors")),
    )
    op.create_index(
        "ix_run_contractors_contractor_id_opens_at", "run_contractors", ["contractor_id", "opens_at"], unique=False
    )
    op.create_index(op.f("ix_run_contractors_site_id"), "run_contractors", ["site_id"], unique=False)
    op.create_table(
        "contractor_findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("contractor_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("check_key", sa.String(length=40), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contractor_id"], ["contractors.id"], name=op.f("fk_contractor_findings_contractor_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contractor_findings_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_contractor_findings_place_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_contractor_findings_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contractor_findings_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_contractor_findings_ticket_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_contractor_findings_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractor_findings")),
        sa.UniqueConstraint("visit_id", "check_key", name=op.f("uq_contractor_findings_visit_id_check_key")),
    )
    op.create_index(
        "ix_contractor_findings_contractor_id_at", "contractor_findings", ["contractor_id", "at"], unique=False
    )
    op.create_index(op.f("ix_contractor_findings_site_id"), "contractor_findings", ["site_id"], unique=False)
    op.create_table(
        "contractor_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["contractor_findings.id"], name=op.f("fk_contractor_answers_finding_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contractor_answers_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contractor_answers_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractor_answers")),
    )
    op.create_index(op.f("ix_contractor_answers_finding_id"), "contractor_answers", ["finding_id"], unique=False)
    op.create_index(op.f("ix_contractor_answers_site_id"), "contractor_answers", ["site_id"], unique=False)
    op.create_table(
        "contractor_photos",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("contractor_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["contractor_answers.id"], name=op.f("fk_contractor_photos_answer_id")),
        sa.ForeignKeyConstraint(["contractor_id"], ["contractors.id"], name=op.f("fk_contractor_photos_contractor_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["contractor_entries.id"], name=op.f("fk_contractor_photos_entry_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["contractor_findings.id"], name=op.f("fk_contractor_photos_finding_id")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_contractor_photos_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contractor_photos_site_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_contractor_photos")),
    )
    op.create_index(op.f("ix_contractor_photos_answer_id"), "contractor_photos", ["answer_id"], unique=False)
    op.create_index(op.f("ix_contractor_photos_entry_id"), "contractor_photos", ["entry_id"], unique=False)
    op.create_index(op.f("ix_contractor_photos_finding_id"), "contractor_photos", ["finding_id"], unique=False)
    op.create_index(op.f("ix_contractor_photos_site_id"), "contractor_photos", ["site_id"], unique=False)

    for table in APPEND_ONLY:
        for statement in _postgresql(table) if op.get_bind().dialect.name == "postgresql" else _sqlite(table):
            op.execute(statement)


def _postgresql(table: str) -> list[str]:
    act = "EXECUTE FUNCTION crew_refuse_change()"
    rows = [f"CREATE TRIGGER {table}_no_{v} BEFORE {v} ON {table} FOR EACH ROW {act}" for v in ("update", "delete")]
    return [*rows, f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}"]


def _sqlite(table: str) -> list[str]:
    act = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    known = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {APPEND_ONLY[table]})"  # noqa: S608 - names of our own tables
    rows = [f"CREATE TRIGGER {table}_no_{v} BEFORE {v} ON {table} FOR EACH ROW {act}" for v in ("update", "delete")]
    return [*rows, f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW {known} {act}"]


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_contractor_photos_site_id"), table_name="contractor_photos")
    op.drop_index(op.f("ix_contractor_photos_finding_id"), table_name="contractor_photos")
    op.drop_index(op.f("ix_contractor_photos_entry_id"), table_name="contractor_photos")
    op.drop_index(op.f("ix_contractor_photos_answer_id"), table_name="contractor_photos")
    op.drop_table("contractor_photos")
    op.drop_index(op.f("ix_contractor_answers_site_id"), table_name="contractor_answers")
    op.drop_index(op.f("ix_contractor_answers_finding_id"), table_name="contractor_answers")
    op.drop_table("contractor_answers")
    op.drop_index(op.f("ix_contractor_findings_site_id"), table_name="contractor_findings")
    op.drop_index("ix_contractor_findings_contractor_id_at", table_name="contractor_findings")
    op.drop_table("contractor_findings")
    op.drop_index(op.f("ix_run_contractors_site_id"), table_name="run_contractors")
    op.drop_index("ix_run_contractors_contractor_id_opens_at", table_name="run_contractors")
    op.drop_table("run_contractors")
    op.drop_index(op.f("ix_reading_series_template_id"), table_name="reading_series")
    op.drop_index("ix_reading_series_site_id_alarm_at", table_name="reading_series")
    op.drop_index(op.f("ix_reading_series_site_id"), table_name="reading_series")
    op.drop_table("reading_series")
    op.drop_index(op.f("ix_contractor_templates_site_id"), table_name="contractor_templates")
    op.drop_index(op.f("ix_contractor_templates_contractor_id"), table_name="contractor_templates")
    op.drop_table("contractor_templates")
    op.drop_index(op.f("ix_contractor_people_site_id"), table_name="contractor_people")
    op.drop_index(op.f("ix_contractor_people_person_id"), table_name="contractor_people")
    op.drop_table("contractor_people")
    op.drop_index(op.f("ix_contractor_entries_site_id"), table_name="contractor_entries")
    op.drop_index("ix_contractor_entries_contractor_id_day", table_name="contractor_entries")
    op.drop_table("contractor_entries")
    op.drop_index(op.f("ix_contractors_site_id"), table_name="contractors")
    op.drop_table("contractors")
