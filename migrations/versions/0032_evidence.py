"""Evidence: codes, places and challenges of photos, oddities, prints, covers, removals, heads, what a site decides."""

import sqlalchemy as sa
from alembic import op

from crew_app.core.codes import make_code

revision = "0032"
down_revision = "0031"

SEALED = {
    "removals": "id = NEW.id",
    "chain_heads": "day = NEW.day AND chain = NEW.chain",
    "original_views": "id = NEW.id",
}
"""Rows of these never change; by what a row could be replaced by another."""
FINISHED = sa.text("state = 'finished'")
FIRST = sa.text("band = 0")
WAITS = sa.text("looked_at IS NULL AND stored_at IS NOT NULL")
AT_ONCE = 1000


def upgrade() -> None:
    """Make the change."""
    _widen_photos()
    _make_findings()
    _make_privacy()
    _make_rules()
    _make_proofs()
    op.add_column("tickets", sa.Column("risk", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tickets", sa.Column("sampled", sa.Boolean(), nullable=False, server_default=sa.true()))
    columns = ["site_id", "risk", "finished_at"]
    op.create_index("ix_tickets_review", "tickets", columns, sqlite_where=FINISHED, postgresql_where=FINISHED)
    for table in SEALED:
        for statement in _triggers(table):
            op.execute(statement)


def downgrade() -> None:
    """Undo it; what was removed does not come back."""
    op.drop_index("ix_tickets_review", "tickets")
    op.drop_column("tickets", "sampled")
    op.drop_column("tickets", "risk")
    tables = ("chain_heads", "removals", "ticket_risks", "shot_rules", "photo_retentions", "evidence_rules")
    for table in (*tables, "original_views", "photo_covers", "photo_prints", "photo_flags"):
        op.drop_table(table)
    op.drop_index("ix_photos_to_be_looked_at", "photos")
    with op.batch_alter_table("photos", table_args=_photo_checks()) as batch:
        batch.drop_index(op.f("ix_photos_copy_of_id"))
        batch.drop_constraint(op.f("fk_photos_copy_of_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_photos_place_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_photos_code"), type_="unique")
        batch.drop_constraint(op.f("uq_photos_challenge_id"), type_="unique")
        for name in ("code", "place_id", "copy_of_id", "challenge_id", "challenged_at", "camera", "shape"):
            batch.drop_column(name)
        for name in ("looked_at", "version", "removed_at"):
            batch.drop_column(name)


def _photo_checks() -> tuple[sa.CheckConstraint]:
    """What SQLite would lose when it copies the table."""
    return (sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_photos_sha256_length")),)


def _widen_photos() -> None:
    op.add_column("photos", sa.Column("code", sa.String(length=14), nullable=True))
    _give_codes()
    with op.batch_alter_table("photos", table_args=_photo_checks()) as batch:
        batch.alter_column("code", existing_type=sa.String(length=14), nullable=False)
        batch.add_column(sa.Column("place_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("copy_of_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("challenge_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("challenged_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("camera", sa.String(length=80), nullable=False, server_default=""))
        batch.add_column(sa.Column("shape", sa.String(length=40), nullable=False, server_default=""))
        batch.add_column(sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_photos_place_id"), "places", ["place_id"], ["id"])
        batch.create_foreign_key(op.f("fk_photos_copy_of_id"), "photos", ["copy_of_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_photos_code"), ["code"])
        batch.create_unique_constraint(op.f("uq_photos_challenge_id"), ["challenge_id"])
        batch.create_index(op.f("ix_photos_copy_of_id"), ["copy_of_id"])
    columns = ["received_at", "id"]
    op.create_index("ix_photos_to_be_looked_at", "photos", columns, sqlite_where=WAITS, postgresql_where=WAITS)


def _give_codes() -> None:
    """A code for each photo that is here already, a thousand at a time."""
    photos = sa.table("photos", sa.column("id", sa.Uuid()), sa.column("code", sa.String()))
    bind = op.get_bind()
    update = photos.update().where(photos.c.id == sa.bindparam("photo")).values(code=sa.bindparam("given"))
    while ids := bind.execute(sa.select(photos.c.id).where(photos.c.code.is_(None)).limit(AT_ONCE)).scalars().all():
        bind.execute(update, [{"photo": one, "given": make_code()} for one in ids])


def _make_findings() -> None:
    op.create_table(
        "photo_flags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_by_id", sa.Uuid(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("harmless", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["judged_by_id"], ["people.id"], name=op.f("fk_photo_flags_judged_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["photos.id"], name=op.f("fk_photo_flags_other_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_photo_flags_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_photo_flags_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_flags")),
        sa.UniqueConstraint("photo_id", "kind", "other_id", name=op.f("uq_photo_flags_photo_id_kind_other_id")),
    )
    op.create_index("ix_photo_flags_site_id_made_at", "photo_flags", ["site_id", "made_at"])
    op.create_index(op.f("ix_photo_flags_other_id"), "photo_flags", ["other_id"])
    op.create_table(
        "photo_prints",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("band BETWEEN 0 AND 3", name=op.f("ck_photo_prints_band_range")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_photo_prints_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_photo_prints_site_id")),
        sa.PrimaryKeyConstraint("site_id", "band", "value", "photo_id", "part", name=op.f("pk_photo_prints")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_photo_prints_photo_id", "photo_prints", ["photo_id"], sqlite_where=FIRST, postgresql_where=FIRST
    )


def _make_privacy() -> None:
    op.create_table(
        "photo_covers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_photo_covers_has_area")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["people.id"], name=op.f("fk_photo_covers_lifted_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_photo_covers_made_by_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_photo_covers_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_photo_covers_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_covers")),
    )
    op.create_index(op.f("ix_photo_covers_photo_id"), "photo_covers", ["photo_id"])
    op.create_index(op.f("ix_photo_covers_site_id"), "photo_covers", ["site_id"])
    op.create_table(
        "original_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_original_views_person_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_original_views_photo_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_original_views_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_original_views")),
    )
    op.create_index(op.f("ix_original_views_photo_id"), "original_views", ["photo_id"])
    op.create_index(op.f("ix_original_views_site_id"), "original_views", ["site_id"])


def _make_rules() -> None:
    op.create_table(
        "evidence_rules",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("position_days", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("blur_faces", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("sample_percent", sa.Integer(), nullable=False, server_default="100"),
        sa.Column("costly", sa.BigInteger(), nullable=False, server_default="2000000"),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sample_percent BETWEEN 0 AND 100", name=op.f("ck_evidence_rules_sample_is_a_share")),
        sa.CheckConstraint("position_days BETWEEN 0 AND 3650", name=op.f("ck_evidence_rules_position_days_range")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_evidence_rules_changed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_evidence_rules_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_evidence_rules")),
    )
    op.create_table(
        "photo_retentions",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days BETWEEN 30 AND 36500", name=op.f("ck_photo_retentions_days_range")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_photo_retentions_changed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_photo_retentions_site_id")),
        sa.PrimaryKeyConstraint("site_id", "kind", name=op.f("pk_photo_retentions")),
    )
    op.create_table(
        "shot_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("job_kind_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("before BETWEEN 0 AND 5 AND after BETWEEN 0 AND 5", name=op.f("ck_shot_rules_shots_range")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_shot_rules_changed_by_id")),
        sa.ForeignKeyConstraint(["job_kind_id"], ["job_kinds.id"], name=op.f("fk_shot_rules_job_kind_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_shot_rules_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shot_rules")),
    )
    op.create_index("ix_shot_rules_site_id_job_kind_id", "shot_rules", ["site_id", "job_kind_id"], unique=True)
    op.create_table(
        "ticket_risks",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_ticket_risks_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_risks_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "reason", name=op.f("pk_ticket_risks")),
    )
    op.create_index(op.f("ix_ticket_risks_site_id"), "ticket_risks", ["site_id"])


def _make_proofs() -> None:
    op.create_table(
        "removals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("content_before", sa.String(length=64), nullable=False),
        sa.Column("content_after", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_removals_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_removals_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    op.create_index("ix_removals_subject_kind", "removals", ["subject", "kind"])
    op.create_index(op.f("ix_removals_site_id"), "removals", ["site_id"])
    op.create_table(
        "chain_heads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", "chain", name=op.f("pk_chain_heads")),
    )


def _triggers(table: str) -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        act = "EXECUTE FUNCTION crew_refuse_change()"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {act}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}",
        ]
    act = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    known = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {SEALED[table]})"  # noqa: S608 - names of our own tables
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW {known} {act}",
    ]
