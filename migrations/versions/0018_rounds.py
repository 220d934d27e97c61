"""Templates, plans, runs and visits of rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

APPEND_ONLY = {"answers": "id = NEW.id", "round_versions": "id = NEW.id"}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "days_off",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_days_off_site_id")),
        sa.PrimaryKeyConstraint("site_id", "day", name=op.f("pk_days_off")),
    )
    op.create_table(
        "round_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_round_templates_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_templates")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_round_templates_site_id_code")),
    )
    op.create_index(op.f("ix_round_templates_site_id"), "round_templates", ["site_id"], unique=False)
    op.create_table(
        "run_numbers",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_run_numbers_site_id")),
        sa.PrimaryKeyConstraint("site_id", "day", name=op.f("pk_run_numbers")),
    )
    op.create_table(
        "round_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_round_versions_made_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_round_versions_site_id")),
        sa.ForeignKeyConstraint(["template_id"], ["round_templates.id"], name=op.f("fk_round_versions_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_versions")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_round_versions_template_id_number")),
    )
    op.create_index(op.f("ix_round_versions_site_id"), "round_versions", ["site_id"], unique=False)
    op.create_table(
        "round_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("times", sa.String(length=300), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=10), nullable=False),
        sa.Column("shift_to", sa.String(length=10), nullable=False),
        sa.Column("floating", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column("meter_asset_id", sa.Uuid(), nullable=True),
        sa.Column("meter_check", sa.String(length=40), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("planned_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["places.id"], name=op.f("fk_round_plans_area_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_round_plans_made_by_id")),
        sa.ForeignKeyConstraint(["meter_asset_id"], ["assets.id"], name=op.f("fk_round_plans_meter_asset_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_round_plans_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_round_plans_site_id")),
        sa.ForeignKeyConstraint(["template_id"], ["round_templates.id"], name=op.f("fk_round_plans_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_plans")),
    )
    op.create_index(op.f("ix_round_plans_site_id"), "round_plans", ["site_id"], unique=False)
    op.create_index(op.f("ix_round_plans_template_id"), "round_plans", ["template_id"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.Column("stop_count", sa.Integer(), nullable=False),
        sa.Column("visited_count", sa.Integer(), nullable=False),
        sa.Column("missed_count", sa.Integer(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("flag_count", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_runs_window")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["people.id"], name=op.f("fk_runs_begun_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_runs_ended_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_runs_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_runs_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["round_plans.id"], name=op.f("fk_runs_plan_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_runs_site_id")),
        sa.ForeignKeyConstraint(["template_id"], ["round_templates.id"], name=op.f("fk_runs_template_id")),
        sa.ForeignKeyConstraint(["version_id"], ["round_versions.id"], name=op.f("fk_runs_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("plan_id", "slot", name=op.f("uq_runs_plan_id_slot")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_runs_site_id_number")),
    )
    op.create_index(op.f("ix_runs_person_id"), "runs", ["person_id"], unique=False)
    op.create_index(op.f("ix_runs_site_id"), "runs", ["site_id"], unique=False)
    op.create_index("ix_runs_site_id_opens_at_id", "runs", ["site_id", "opens_at", "id"], unique=False)
    op.create_index("ix_runs_site_id_state_opens_at", "runs", ["site_id", "state", "opens_at"], unique=False)
    op.create_index("ix_runs_template_id_opens_at", "runs", ["template_id", "opens_at"], unique=False)
    op.create_table(
        "run_stops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("challenge", sa.String(length=20), nullable=True),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_run_stops_asset_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_run_stops_place_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_stops_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_run_stops_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_stops")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_run_stops_run_id_position")),
    )
    op.create_index("ix_run_stops_asset_id_state", "run_stops", ["asset_id", "state"], unique=False)
    op.create_index("ix_run_stops_place_id_state", "run_stops", ["place_id", "state"], unique=False)
    op.create_index(op.f("ix_run_stops_site_id"), "run_stops", ["site_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("stop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("tag_code", sa.String(length=14), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frame_hash", sa.String(length=16), nullable=False),
        sa.Column("frame_id", sa.Uuid(), nullable=True),
        sa.Column("challenge_answer", sa.String(length=60), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_visits_device_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["photos.id"], name=op.f("fk_visits_frame_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_visits_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_visits_run_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_visits_site_id")),
        sa.ForeignKeyConstraint(["stop_id"], ["run_stops.id"], name=op.f("fk_visits_stop_id")),
        sa.ForeignKeyConstraint(["tag_code"], ["tags.code"], name=op.f("fk_visits_tag_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_person_id_at", "visits", ["person_id", "at"], unique=False)
    op.create_index(op.f("ix_visits_run_id"), "visits", ["run_id"], unique=False)
    op.create_index(op.f("ix_visits_site_id"), "visits", ["site_id"], unique=False)
    op.create_index("ix_visits_stop_id_at", "visits", ["stop_id", "at"], unique=False)
    op.create_index("ix_visits_tag_code_at", "visits", ["tag_code", "at"], unique=False)
    op.create_table(
        "answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("check_key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_answers_site_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_answers_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("visit_id", "position", name=op.f("uq_answers_visit_id_position")),
    )
    op.create_index(op.f("ix_answers_site_id"), "answers", ["site_id"], unique=False)
    op.create_index("ix_answers_subject_id_check_key_at", "answers", ["subject_id", "check_key", "at"], unique=False)
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("check_key", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_findings_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_findings_ticket_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_findings_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("visit_id", "check_key", name=op.f("uq_findings_visit_id_check_key")),
    )
    op.create_index(op.f("ix_findings_site_id"), "findings", ["site_id"], unique=False)
    op.create_index(op.f("ix_findings_ticket_id"), "findings", ["ticket_id"], unique=False)
    op.create_table(
        "visit_flags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_visit_flags_site_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_flags_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_flags")),
        sa.UniqueConstraint("visit_id", "rule", name=op.f("uq_visit_flags_visit_id_rule")),
    )
    op.create_index(op.f("ix_visit_flags_site_id"), "visit_flags", ["site_id"], unique=False)
    op.create_index("ix_visit_flags_site_id_made_at", "visit_flags", ["site_id", "made_at"], unique=False)
    op.create_table(
        "visit_photos",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("check_key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_visit_photos_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_visit_photos_site_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_photos_visit_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_visit_photos")),
        sa.UniqueConstraint("visit_id", "position", name=op.f("uq_visit_photos_visit_id_position")),
    )
    op.create_index(op.f("ix_visit_photos_site_id"), "visit_photos", ["site_id"], unique=False)

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
    op.drop_index(op.f("ix_visit_photos_site_id"), table_name="visit_photos")
    op.drop_table("visit_photos")
    op.drop_index("ix_visit_flags_site_id_made_at", table_name="visit_flags")
    op.drop_index(op.f("ix_visit_flags_site_id"), table_name="visit_flags")
    op.drop_table("visit_flags")
    op.drop_index(op.f("ix_findings_ticket_id"), table_name="findings")
    op.drop_index(op.f("ix_findings_site_id"), table_name="findings")
    op.drop_table("findings")
    op.drop_index("ix_answers_subject_id_check_key_at", table_name="answers")
    op.drop_index(op.f("ix_answers_site_id"), table_name="answers")
    op.drop_table("answers")
    op.drop_index("ix_visits_tag_code_at", table_name="visits")
    op.drop_index("ix_visits_stop_id_at", table_name="visits")
    op.drop_index(op.f("ix_visits_site_id"), table_name="visits")
    op.drop_index(op.f("ix_visits_run_id"), table_name="visits")
    op.drop_index("ix_visits_person_id_at", table_name="visits")
    op.drop_table("visits")
    op.drop_index(op.f("ix_run_stops_site_id"), table_name="run_stops")
    op.drop_index("ix_run_stops_place_id_state", table_name="run_stops")
    op.drop_index("ix_run_stops_asset_id_state", table_name="run_stops")
    op.drop_table("run_stops")
    op.drop_index("ix_runs_template_id_opens_at", table_name="runs")
    op.drop_index("ix_runs_site_id_state_opens_at", table_name="runs")
    op.drop_index("ix_runs_site_id_opens_at_id", table_name="runs")
    op.drop_index(op.f("ix_runs_site_id"), table_name="runs")
    op.drop_index(op.f("ix_runs_person_id"), table_name="runs")
    op.drop_table("runs")
    op.drop_index(op.f("ix_round_plans_template_id"), table_name="round_plans")
    op.drop_index(op.f("ix_round_plans_site_id"), table_name="round_plans")
    op.drop_table("round_plans")
    op.drop_index(op.f("ix_round_versions_site_id"), table_name="round_versions")
    op.drop_table("round_versions")
    op.drop_table("run_numbers")
    op.drop_index(op.f("ix_round_templates_site_id"), table_name="round_templates")
    op.drop_table("round_templates")
    op.drop_table("days_off")
