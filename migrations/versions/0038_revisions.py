"""The database counts the changes of what processes keep."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

TOPICS = {
    "people": ("sites", "people", "memberships", "person_trades"),
    "places": ("departments", "places", "place_contexts", "asset_kinds", "assets", "tags"),
    "lists": (
        "chat_hook_topics",
        "chat_hooks",
        "credential_kinds",
        "escalation_steps",
        "job_kinds",
        "licence_needs",
        "playbook_versions",
        "playbooks",
        "roster_rules",
        "service_hours",
        "shot_rules",
        "site_words",
        "target_rules",
        "webhooks",
    ),
    "announcements": ("announcements", "announcement_audiences", "announcement_places"),
}
TABLES = [(topic, table) for topic, tables in TOPICS.items() for table in tables]
EVENTS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    """Make the change."""
    made = op.create_table(
        "revisions",
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_revisions")),
    )
    op.bulk_insert(made, [{"topic": topic, "number": 0} for topic in TOPICS])
    if op.get_bind().dialect.name == "postgresql":
        _count_on_postgresql()
        return
    for topic, table in TABLES:
        for event in EVENTS:
            counted = f"UPDATE revisions SET number = number + 1 WHERE topic = '{topic}'"  # noqa: S608 - our own names
            op.execute(f"CREATE TRIGGER count_{table}_{event.lower()} AFTER {event} ON {table} BEGIN {counted}; END")


def _count_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION count_revision() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE revisions SET number = number + 1 WHERE topic = TG_ARGV[0]; RETURN NULL; END $$"
    )
    for topic, table in TABLES:
        op.execute(
            f"CREATE TRIGGER count_{table} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION count_revision('{topic}')"
        )


def downgrade() -> None:
    """Take it back."""
    if op.get_bind().dialect.name == "postgresql":
        for _topic, table in TABLES:
            op.execute(f"DROP TRIGGER count_{table} ON {table}")
        op.execute("DROP FUNCTION count_revision()")
    else:
        for _topic, table in TABLES:
            for event in EVENTS:
                op.execute(f"DROP TRIGGER count_{table}_{event.lower()}")
    op.drop_table("revisions")
