"""The database counts the changes of habits, areas and papers, too: every job that opens asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

NEW = "habits"
TABLES = (
    (NEW, "notice_choices"),
    (NEW, "notice_habits"),
    (NEW, "push_subscriptions"),
    ("lists", "credentials"),
    ("lists", "responsibilities"),
)
EVENTS = ("INSERT", "UPDATE", "DELETE")
REVISIONS = sa.table("revisions", sa.column("topic", sa.String), sa.column("number", sa.Integer))


def upgrade() -> None:
    """Make the change."""
    op.bulk_insert(REVISIONS, [{"topic": NEW, "number": 0}])
    if op.get_bind().dialect.name == "postgresql":
        for topic, table in TABLES:
            op.execute(
                f"CREATE TRIGGER count_{table} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION count_revision('{topic}')"
            )
        return
    for topic, table in TABLES:
        for event in EVENTS:
            counted = f"UPDATE revisions SET number = number + 1 WHERE topic = '{topic}'"  # noqa: S608 - our own names
            op.execute(f"CREATE TRIGGER count_{table}_{event.lower()} AFTER {event} ON {table} BEGIN {counted}; END")


def downgrade() -> None:
    """Take it back."""
    for _topic, table in TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER count_{table} ON {table}")
            continue
        for event in EVENTS:
            op.execute(f"DROP TRIGGER count_{table}_{event.lower()}")
    op.execute(sa.delete(REVISIONS).where(REVISIONS.c.topic == NEW))
