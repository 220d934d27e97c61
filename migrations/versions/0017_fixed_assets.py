"""Fixed assets: cards, their story, transfers, counts, spot checks, scrapping."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

APPEND_ONLY = {
    "asset_events": "id = NEW.id",
    "asset_sightings": "id = NEW.id OR claims_id = NEW.claims_id",
}
"""Tables whose rows nobody changes or deletes, with what a replacement could come in by."""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "asset_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_asset_checks_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_asset_checks_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_checks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_checks")),
    )
    op.create_index(op.f("ix_asset_checks_site_id"), "asset_checks", ["site_id"], unique=False)
    op.create_table(
        "asset_counts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("(department_id IS NULL) <> (place_id IS NULL)", name=op.f("ck_asset_counts_one_scope")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_asset_counts_closed_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_asset_counts_department_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_asset_counts_opened_by_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_asset_counts_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_counts_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_counts")),
    )
    op.create_index(op.f("ix_asset_counts_department_id"), "asset_counts", ["department_id"], unique=False)
    op.create_index(op.f("ix_asset_counts_site_id"), "asset_counts", ["site_id"], unique=False)
    op.create_index("ix_asset_counts_site_id_closed_at", "asset_counts", ["site_id", "closed_at"], unique=False)
    op.create_table(
        "asset_cards",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("keeper_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=True),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("supplier", sa.String(length=120), nullable=False),
        sa.Column("funded_by", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('in_use', 'transferring', 'scrapped', 'missing')", name=op.f("ck_asset_cards_state_known")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_asset_cards_value_not_negative")),
        sa.CheckConstraint("years IS NULL OR years > 0", name=op.f("ck_asset_cards_years_positive")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_cards_asset_id")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_asset_cards_department_id")),
        sa.ForeignKeyConstraint(["keeper_id"], ["people.id"], name=op.f("fk_asset_cards_keeper_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_cards_site_id")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_asset_cards")),
        sa.UniqueConstraint("site_id", "number", name=op.f("uq_asset_cards_site_id_number")),
    )
    op.create_index(op.f("ix_asset_cards_department_id"), "asset_cards", ["department_id"], unique=False)
    op.create_index(op.f("ix_asset_cards_keeper_id"), "asset_cards", ["keeper_id"], unique=False)
    op.create_index(op.f("ix_asset_cards_site_id"), "asset_cards", ["site_id"], unique=False)
    op.create_table(
        "asset_check_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_check_lines_asset_id")),
        sa.ForeignKeyConstraint(["check_id"], ["asset_checks.id"], name=op.f("fk_asset_check_lines_check_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_asset_check_lines_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_check_lines_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_check_lines")),
        sa.UniqueConstraint("check_id", "asset_id", name=op.f("uq_asset_check_lines_check_id_asset_id")),
        sa.UniqueConstraint("check_id", "position", name=op.f("uq_asset_check_lines_check_id_position")),
    )
    op.create_index(op.f("ix_asset_check_lines_site_id"), "asset_check_lines", ["site_id"], unique=False)
    op.create_table(
        "asset_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("before", sa.String(length=240), nullable=False),
        sa.Column("after", sa.String(length=240), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_events_asset_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_asset_events_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_events_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_events")),
    )
    op.create_index(op.f("ix_asset_events_about_id"), "asset_events", ["about_id"], unique=False)
    op.create_index("ix_asset_events_asset_id_id", "asset_events", ["asset_id", "id"], unique=False)
    op.create_index(op.f("ix_asset_events_site_id"), "asset_events", ["site_id"], unique=False)
    op.create_table(
        "asset_photos",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("use", sa.String(length=20), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_photos_asset_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_asset_photos_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_photos_site_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_asset_photos")),
    )
    op.create_index(op.f("ix_asset_photos_about_id"), "asset_photos", ["about_id"], unique=False)
    op.create_index(op.f("ix_asset_photos_asset_id"), "asset_photos", ["asset_id"], unique=False)
    op.create_index(op.f("ix_asset_photos_site_id"), "asset_photos", ["site_id"], unique=False)
    op.create_table(
        "asset_scraps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_scraps_asset_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_asset_scraps_decided_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_asset_scraps_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_scraps_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_scraps")),
    )
    op.create_index(op.f("ix_asset_scraps_person_id"), "asset_scraps", ["person_id"], unique=False)
    op.create_index(op.f("ix_asset_scraps_site_id"), "asset_scraps", ["site_id"], unique=False)
    op.create_index(
        "uq_asset_scraps_open",
        "asset_scraps",
        ["asset_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "asset_sightings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("count_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("expected_id", sa.Uuid(), nullable=True),
        sa.Column("claims_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_sightings_asset_id")),
        sa.ForeignKeyConstraint(["claims_id"], ["asset_sightings.id"], name=op.f("fk_asset_sightings_claims_id")),
        sa.ForeignKeyConstraint(["count_id"], ["asset_counts.id"], name=op.f("fk_asset_sightings_count_id")),
        sa.ForeignKeyConstraint(["expected_id"], ["places.id"], name=op.f("fk_asset_sightings_expected_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_asset_sightings_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_asset_sightings_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_sightings_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_sightings")),
        sa.UniqueConstraint("claims_id", name=op.f("uq_asset_sightings_claims_id")),
    )
    op.create_index(op.f("ix_asset_sightings_asset_id"), "asset_sightings", ["asset_id"], unique=False)
    op.create_index(op.f("ix_asset_sightings_count_id"), "asset_sightings", ["count_id"], unique=False)
    op.create_index(op.f("ix_asset_sightings_site_id"), "asset_sightings", ["site_id"], unique=False)
    op.create_table(
        "asset_transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("from_department_id", sa.Uuid(), nullable=True),
        sa.Column("to_department_id", sa.Uuid(), nullable=False),
        sa.Column("to_place_id", sa.Uuid(), nullable=True),
        sa.Column("giver_id", sa.Uuid(), nullable=True),
        sa.Column("taker_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "given_by_id IS NULL OR given_by_id <> taken_by_id", name=op.f("ck_asset_transfers_two_people")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_transfers_asset_id")),
        sa.ForeignKeyConstraint(
            ["from_department_id"], ["departments.id"], name=op.f("fk_asset_transfers_from_department_id")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["people.id"], name=op.f("fk_asset_transfers_given_by_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["people.id"], name=op.f("fk_asset_transfers_giver_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_asset_transfers_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_asset_transfers_site_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name=op.f("fk_asset_transfers_taken_by_id")),
        sa.ForeignKeyConstraint(["taker_id"], ["people.id"], name=op.f("fk_asset_transfers_taker_id")),
        sa.ForeignKeyConstraint(
            ["to_department_id"], ["departments.id"], name=op.f("fk_asset_transfers_to_department_id")
        ),
        sa.ForeignKeyConstraint(["to_place_id"], ["places.id"], name=op.f("fk_asset_transfers_to_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_transfers")),
    )
    op.create_index(op.f("ix_asset_transfers_person_id"), "asset_transfers", ["person_id"], unique=False)
    op.create_index(op.f("ix_asset_transfers_site_id"), "asset_transfers", ["site_id"], unique=False)
    op.create_index(
        "uq_asset_transfers_open",
        "asset_transfers",
        ["asset_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )

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
    op.drop_index(
        "uq_asset_transfers_open",
        table_name="asset_transfers",
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_index(op.f("ix_asset_transfers_site_id"), table_name="asset_transfers")
    op.drop_index(op.f("ix_asset_transfers_person_id"), table_name="asset_transfers")
    op.drop_table("asset_transfers")
    op.drop_index(op.f("ix_asset_sightings_site_id"), table_name="asset_sightings")
    op.drop_index(op.f("ix_asset_sightings_count_id"), table_name="asset_sightings")
    op.drop_index(op.f("ix_asset_sightings_asset_id"), table_name="asset_sightings")
    op.drop_table("asset_sightings")
    op.drop_index(
        "uq_asset_scraps_open",
        table_name="asset_scraps",
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_index(op.f("ix_asset_scraps_site_id"), table_name="asset_scraps")
    op.drop_index(op.f("ix_asset_scraps_person_id"), table_name="asset_scraps")
    op.drop_table("asset_scraps")
    op.drop_index(op.f("ix_asset_photos_site_id"), table_name="asset_photos")
    op.drop_index(op.f("ix_asset_photos_asset_id"), table_name="asset_photos")
    op.drop_index(op.f("ix_asset_photos_about_id"), table_name="asset_photos")
    op.drop_table("asset_photos")
    op.drop_index(op.f("ix_asset_events_site_id"), table_name="asset_events")
    op.drop_index("ix_asset_events_asset_id_id", table_name="asset_events")
    op.drop_index(op.f("ix_asset_events_about_id"), table_name="asset_events")
    op.drop_table("asset_events")
    op.drop_index(op.f("ix_asset_check_lines_site_id"), table_name="asset_check_lines")
    op.drop_table("asset_check_lines")
    op.drop_index(op.f("ix_asset_cards_site_id"), table_name="asset_cards")
    op.drop_index(op.f("ix_asset_cards_keeper_id"), table_name="asset_cards")
    op.drop_index(op.f("ix_asset_cards_department_id"), table_name="asset_cards")
    op.drop_table("asset_cards")
    op.drop_index("ix_asset_counts_site_id_closed_at", table_name="asset_counts")
    op.drop_index(op.f("ix_asset_counts_site_id"), table_name="asset_counts")
    op.drop_index(op.f("ix_asset_counts_department_id"), table_name="asset_counts")
    op.drop_table("asset_counts")
    op.drop_index(op.f("ix_asset_checks_site_id"), table_name="asset_checks")
    op.drop_table("asset_checks")
