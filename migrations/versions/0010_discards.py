"""Entries discarded on a phone. Like every other fact they cannot be changed or deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

SAME = "id = NEW.id OR (person_id = NEW.person_id AND discarded_key = NEW.discarded_key)"


def upgrade() -> None:
    """Make the change."""
    _make_table()
    with op.batch_alter_table("discards", schema=None) as batch_op:
        batch_op.create_index("ix_discards_site_id_at", ["site_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_discards_ticket_id"), ["ticket_id"], unique=False)
    for statement in _postgresql_triggers() if _postgresql() else _sqlite_triggers():
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("discards")


def _make_table() -> None:
    op.create_table(
        "discards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("discarded_key", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=False),
        sa.Column("receipt_key", sa.Uuid(), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_discards_sha256_length")),
        sa.CheckConstraint("size >= 0 AND photos >= 0", name=op.f("ck_discards_counts_positive")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_discards_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_discards_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_discards_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discards")),
        sa.UniqueConstraint("person_id", "discarded_key", name=op.f("uq_discards_person_id_discarded_key")),
    )


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _postgresql_triggers() -> list[str]:
    act = "EXECUTE FUNCTION crew_refuse_change()"
    return [
        f"CREATE TRIGGER discards_no_update BEFORE UPDATE ON discards FOR EACH ROW {act}",
        f"CREATE TRIGGER discards_no_delete BEFORE DELETE ON discards FOR EACH ROW {act}",
        f"CREATE TRIGGER discards_no_truncate BEFORE TRUNCATE ON discards FOR EACH STATEMENT {act}",
    ]


def _sqlite_triggers() -> list[str]:
    """INSERT OR REPLACE deletes without firing the trigger on DELETE, so it is refused before it begins."""
    act = "BEGIN SELECT RAISE(ABORT, 'discards is append-only'); END"
    known = f"WHEN EXISTS (SELECT 1 FROM discards WHERE {SAME})"  # noqa: S608 - names of our own columns
    return [
        f"CREATE TRIGGER discards_no_update BEFORE UPDATE ON discards FOR EACH ROW {act}",
        f"CREATE TRIGGER discards_no_delete BEFORE DELETE ON discards FOR EACH ROW {act}",
        f"CREATE TRIGGER discards_no_replace BEFORE INSERT ON discards FOR EACH ROW {known} {act}",
    ]
