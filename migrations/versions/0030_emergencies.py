"""Emergencies with playbooks, carrying, trips with vehicles; job kinds that nobody is offered who reports."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

APPEND_ONLY = {
    "playbook_versions": "id = NEW.id OR (playbook_id = NEW.playbook_id AND number = NEW.number)",
    "emergency_entries": "id = NEW.id",
    "vehicle_fillings": "id = NEW.id",
}
"""Tables whose rows nobody changes or deletes, with what a replacement could come in by."""
TABLES = (
    "vehicle_fillings",
    "trips",
    "vehicles",
    "deliveries",
    "emergency_entries",
    "emergency_calls",
    "emergencies",
    "playbook_versions",
    "playbooks",
)


def upgrade() -> None:
    """Make the change."""
    op.add_column("job_kinds", sa.Column("offered", sa.Boolean(), server_default=sa.true(), nullable=False))
    _make_playbooks()
    _make_emergencies()
    _make_calls_and_log()
    _make_deliveries()
    _make_vehicles()
    _make_trips()
    for table in APPEND_ONLY:
        for statement in _triggers(table):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("job_kinds") as batch:
        batch.drop_column("offered")


def _make_playbooks() -> None:
    op.create_table(
        "playbooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("asset_kind", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("current_id", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_playbooks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbooks")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_playbooks_site_id_code")),
    )
    op.create_index(op.f("ix_playbooks_site_id"), "playbooks", ["site_id"], unique=False)
    op.create_table(
        "playbook_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("playbook_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_playbook_versions_made_by_id")),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbooks.id"], name=op.f("fk_playbook_versions_playbook_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_playbook_versions_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook_versions")),
        sa.UniqueConstraint("playbook_id", "number", name=op.f("uq_playbook_versions_playbook_id_number")),
    )
    op.create_index(op.f("ix_playbook_versions_site_id"), "playbook_versions", ["site_id"], unique=False)


def _make_emergencies() -> None:
    op.create_table(
        "emergencies",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("false_alarm", sa.Boolean(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_emergencies_closed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_emergencies_site_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name=op.f("fk_emergencies_started_by_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_emergencies_ticket_id")),
        sa.ForeignKeyConstraint(["training_id"], ["trainings.id"], name=op.f("fk_emergencies_training_id")),
        sa.ForeignKeyConstraint(["version_id"], ["playbook_versions.id"], name=op.f("fk_emergencies_version_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_emergencies")),
    )
    op.create_index(op.f("ix_emergencies_site_id"), "emergencies", ["site_id"], unique=False)
    op.create_index("ix_emergencies_site_id_closed_at", "emergencies", ["site_id", "closed_at"], unique=False)


def _make_calls_and_log() -> None:
    op.create_table(
        "emergency_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.String(length=20), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_emergency_calls_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_emergency_calls_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["emergencies.ticket_id"], name=op.f("fk_emergency_calls_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_calls")),
        sa.UniqueConstraint("ticket_id", "person_id", name=op.f("uq_emergency_calls_ticket_id_person_id")),
    )
    op.create_index(op.f("ix_emergency_calls_person_id"), "emergency_calls", ["person_id"], unique=False)
    op.create_index(op.f("ix_emergency_calls_site_id"), "emergency_calls", ["site_id"], unique=False)
    op.create_table(
        "emergency_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("step_key", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_emergency_entries_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_emergency_entries_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["emergencies.ticket_id"], name=op.f("fk_emergency_entries_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_entries")),
    )
    op.create_index(op.f("ix_emergency_entries_site_id"), "emergency_entries", ["site_id"], unique=False)
    op.create_index("ix_emergency_entries_ticket_id_at", "emergency_entries", ["ticket_id", "at"], unique=False)


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("to_place_id", sa.Uuid(), nullable=False),
        sa.Column("cargo", sa.String(length=20), nullable=False),
        sa.Column("needs", sa.String(length=80), nullable=False),
        sa.Column("picked_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("picked_up_by_id", sa.Uuid(), nullable=True),
        sa.Column("picked_up_proof", sa.String(length=20), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_proof", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "dropped_at IS NULL OR picked_up_at IS NOT NULL", name=op.f("ck_deliveries_picked_up_before_dropped")
        ),
        sa.ForeignKeyConstraint(["picked_up_by_id"], ["people.id"], name=op.f("fk_deliveries_picked_up_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_deliveries_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_deliveries_ticket_id")),
        sa.ForeignKeyConstraint(["to_place_id"], ["places.id"], name=op.f("fk_deliveries_to_place_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_site_id"), "deliveries", ["site_id"], unique=False)
    op.create_index("ix_deliveries_site_id_dropped_at", "deliveries", ["site_id", "dropped_at"], unique=False)
    op.create_index("ix_deliveries_to_place_id", "deliveries", ["to_place_id"], unique=False)


def _make_vehicles() -> None:
    op.create_table(
        "vehicles",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("km", sa.Integer(), nullable=False),
        sa.Column("next_km", sa.Integer(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("out_of_use", sa.Boolean(), nullable=False),
        sa.CheckConstraint("km >= 0 AND seats >= 0", name=op.f("ck_vehicles_not_negative")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_vehicles_asset_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_vehicles_site_id")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_vehicles")),
    )
    op.create_index(op.f("ix_vehicles_site_id"), "vehicles", ["site_id"], unique=False)


def _make_trips() -> None:
    op.create_table(
        "trips",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("goal", sa.String(length=120), nullable=False),
        sa.Column("leave_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passengers", sa.Integer(), nullable=False),
        sa.Column("goods", sa.String(length=120), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dispatched_by_id", sa.Uuid(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("km_out", sa.Integer(), nullable=True),
        sa.Column("failed_before", sa.String(length=120), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("km_in", sa.Integer(), nullable=True),
        sa.Column("failed_after", sa.String(length=120), nullable=False),
        sa.CheckConstraint("km_in IS NULL OR km_in >= km_out", name=op.f("ck_trips_km_forward")),
        sa.CheckConstraint("passengers >= 0", name=op.f("ck_trips_passengers_not_negative")),
        sa.ForeignKeyConstraint(["asset_id"], ["vehicles.asset_id"], name=op.f("fk_trips_asset_id")),
        sa.ForeignKeyConstraint(["dispatched_by_id"], ["people.id"], name=op.f("fk_trips_dispatched_by_id")),
        sa.ForeignKeyConstraint(["driver_id"], ["people.id"], name=op.f("fk_trips_driver_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_trips_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_trips_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_trips")),
    )
    op.create_index("ix_trips_asset_id_leave_at", "trips", ["asset_id", "leave_at"], unique=False)
    op.create_index(op.f("ix_trips_site_id"), "trips", ["site_id"], unique=False)
    op.create_index("ix_trips_site_id_leave_at", "trips", ["site_id", "leave_at"], unique=False)
    op.create_table(
        "vehicle_fillings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("litres", sa.BigInteger(), nullable=False),
        sa.Column("yuan", sa.BigInteger(), nullable=False),
        sa.Column("km", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.CheckConstraint("litres > 0 AND yuan >= 0 AND km >= 0", name=op.f("ck_vehicle_fillings_plausible")),
        sa.ForeignKeyConstraint(["asset_id"], ["vehicles.asset_id"], name=op.f("fk_vehicle_fillings_asset_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_vehicle_fillings_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_vehicle_fillings_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["trips.ticket_id"], name=op.f("fk_vehicle_fillings_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_fillings")),
    )
    op.create_index("ix_vehicle_fillings_asset_id_at", "vehicle_fillings", ["asset_id", "at"], unique=False)
    op.create_index(op.f("ix_vehicle_fillings_site_id"), "vehicle_fillings", ["site_id"], unique=False)


def _triggers(table: str) -> list[str]:
    return _postgresql(table) if op.get_bind().dialect.name == "postgresql" else _sqlite(table)


def _postgresql(table: str) -> list[str]:
    act = "EXECUTE FUNCTION crew_refuse_change()"
    rows = [f"CREATE TRIGGER {table}_no_{v} BEFORE {v} ON {table} FOR EACH ROW {act}" for v in ("update", "delete")]
    return [*rows, f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}"]


def _sqlite(table: str) -> list[str]:
    act = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    known = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {APPEND_ONLY[table]})"  # noqa: S608 - names of our own tables
    rows = [f"CREATE TRIGGER {table}_no_{v} BEFORE {v} ON {table} FOR EACH ROW {act}" for v in ("update", "delete")]
    return [*rows, f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW {known} {act}"]
