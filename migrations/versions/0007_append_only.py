"""No move, posting or event can be changed, deleted or replaced, by nobody."""

from alembic import op

revision = "0007"
down_revision = "0006"

TABLES = ("moves", "postings", "ticket_events")
SAME = {
    "moves": ["reverses_id = NEW.reverses_id"],
    "postings": [],
    "ticket_events": ["(ticket_id = NEW.ticket_id AND position = NEW.position)"],
}
"""Beside the id, what a row may share with no other: a replacement could come in by it."""

FUNCTION = """
CREATE FUNCTION crew_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def upgrade() -> None:
    """Make the change."""
    if _postgresql():
        op.execute(FUNCTION)
    for table in TABLES:
        for statement in _postgresql_triggers(table) if _postgresql() else _sqlite_triggers(table):
            op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    last = "truncate" if _postgresql() else "replace"
    for table in TABLES:
        for verb in ("update", "delete", last):
            op.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if _postgresql() else ""))
    if _postgresql():
        op.execute("DROP FUNCTION crew_refuse_change()")


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _postgresql_triggers(table: str) -> list[str]:
    act = "EXECUTE FUNCTION crew_refuse_change()"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}",
    ]


def _sqlite_triggers(table: str) -> list[str]:
    """INSERT OR REPLACE deletes without firing the trigger on DELETE, so it is refused before it begins."""
    act = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    same = " OR ".join(["id = NEW.id", *SAME[table]])
    known = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW {known} {act}",
    ]
