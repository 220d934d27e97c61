"""The audit chain: links of everything that counts as evidence, and its heads as they were told to the outside."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

TABLE = "chain_links"
SAME = "(chain = NEW.chain AND position = NEW.position) OR (subject = NEW.subject AND kind = NEW.kind)"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        TABLE,
        sa.Column("chain", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_chain_links_site_id")),
        sa.PrimaryKeyConstraint("chain", "position", name=op.f("pk_chain_links")),
    )
    op.create_index("ix_chain_links_subject_kind", TABLE, ["subject", "kind"], unique=True)
    for statement in _triggers():
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.drop_table(TABLE)


def _triggers() -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        act = "EXECUTE FUNCTION crew_refuse_change()"
        return [
            f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW {act}",
            f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW {act}",
            f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {act}",
        ]
    act = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
    known = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE {SAME})"  # noqa: S608 - names of our own table
    return [
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} FOR EACH ROW {act}",
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW {act}",
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} FOR EACH ROW {known} {act}",
    ]
