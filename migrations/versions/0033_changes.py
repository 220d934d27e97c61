"""Changes with old and new values, what was retired, a site's own words, staff numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

RETIRED = ("departments", "places", "assets")


def upgrade() -> None:
    """Make the change."""
    for table in RETIRED:
        op.add_column(table, sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("staff_number", sa.String(length=40), nullable=True))
    op.create_index("ix_people_staff_number", "people", ["staff_number"], unique=True)
    op.create_table(
        "changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=2000), nullable=False),
        sa.Column("after", sa.String(length=2000), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_changes_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_changes_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_site_id_at", "changes", ["site_id", "at"])
    op.create_index("ix_changes_subject_id_at", "changes", ["subject_id", "at"])
    op.create_table(
        "site_words",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("zh", sa.String(length=60), nullable=False),
        sa.Column("en", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_words_site_id")),
        sa.PrimaryKeyConstraint("site_id", "key", name=op.f("pk_site_words")),
    )
    for statement in _triggers():
        op.execute(statement)


def downgrade() -> None:
    """Undo it; what was in these tables is gone."""
    for table in ("site_words", "changes"):
        op.drop_table(table)
    op.drop_index("ix_people_staff_number", "people")
    op.drop_column("people", "staff_number")
    for table in RETIRED:
        op.drop_column(table, "retired_at")


def _triggers() -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        act = "EXECUTE FUNCTION crew_refuse_change()"
        return [
            f"CREATE TRIGGER changes_no_update BEFORE UPDATE ON changes FOR EACH ROW {act}",
            f"CREATE TRIGGER changes_no_delete BEFORE DELETE ON changes FOR EACH ROW {act}",
            f"CREATE TRIGGER changes_no_truncate BEFORE TRUNCATE ON changes FOR EACH STATEMENT {act}",
        ]
    act = "BEGIN SELECT RAISE(ABORT, 'changes is append-only'); END"
    known = "WHEN EXISTS (SELECT 1 FROM changes WHERE id = NEW.id)"
    return [
        f"CREATE TRIGGER changes_no_update BEFORE UPDATE ON changes FOR EACH ROW {act}",
        f"CREATE TRIGGER changes_no_delete BEFORE DELETE ON changes FOR EACH ROW {act}",
        f"CREATE TRIGGER changes_no_replace BEFORE INSERT ON changes FOR EACH ROW {known} {act}",
    ]
