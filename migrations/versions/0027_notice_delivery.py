"""How notices reach people: choices, quiet hours, phones, chat groups, deliveries; and the worker's heartbeat."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Make the change."""
    _index_notices()
    _make_choices()
    _make_push()
    _make_chat()
    _make_deliveries()
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("where", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )


def downgrade() -> None:
    """Undo it."""
    for table in (
        "heartbeats",
        "notice_deliveries",
        "chat_hook_topics",
        "chat_hooks",
        "push_keys",
        "push_subscriptions",
        "notice_choices",
        "notice_habits",
    ):
        op.drop_table(table)
    op.drop_index("ix_notices_read_at", "notices")
    op.drop_index("ix_notices_unread", "notices")


def _index_notices() -> None:
    unread = sa.text("read_at IS NULL")
    op.create_index("ix_notices_unread", "notices", ["person_id"], sqlite_where=unread, postgresql_where=unread)
    op.create_index("ix_notices_read_at", "notices", ["read_at"])


def _make_choices() -> None:
    op.create_table(
        "notice_habits",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mail", sa.String(length=120), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("on_duty_only", sa.Boolean(), nullable=False),
        sa.Column("later", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notice_habits_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_habits")),
    )
    op.create_table(
        "notice_choices",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notice_choices_person_id")),
        sa.PrimaryKeyConstraint("person_id", "topic", "channel", name=op.f("pk_notice_choices")),
    )


def _make_push() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("endpoint", sa.String(length=600), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name=op.f("fk_push_subscriptions_device_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_push_subscriptions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("endpoint", "person_id", name=op.f("uq_push_subscriptions_endpoint_person_id")),
    )
    op.create_index(op.f("ix_push_subscriptions_person_id"), "push_subscriptions", ["person_id"])
    op.create_index(op.f("ix_push_subscriptions_device_id"), "push_subscriptions", ["device_id"])
    op.create_table(
        "push_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("private", sa.String(length=60), nullable=False),
        sa.Column("public", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_keys")),
    )


def _make_chat() -> None:
    op.create_table(
        "chat_hooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_chat_hooks_made_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_chat_hooks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_hooks")),
    )
    op.create_index(op.f("ix_chat_hooks_site_id"), "chat_hooks", ["site_id"])
    op.create_table(
        "chat_hook_topics",
        sa.Column("hook_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["chat_hooks.id"], name=op.f("fk_chat_hook_topics_hook_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_chat_hook_topics_site_id")),
        sa.PrimaryKeyConstraint("hook_id", "topic", name=op.f("pk_chat_hook_topics")),
    )
    op.create_index(op.f("ix_chat_hook_topics_site_id"), "chat_hook_topics", ["site_id"])


def _make_deliveries() -> None:
    op.create_table(
        "notice_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("target", sa.Uuid(), nullable=False),
        sa.Column("stand", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_deliveries_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_notice_deliveries_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_deliveries")),
        sa.UniqueConstraint(
            "notice_id", "channel", "target", name=op.f("uq_notice_deliveries_notice_id_channel_target")
        ),
    )
    op.create_index("ix_notice_deliveries_stand_due_at", "notice_deliveries", ["stand", "due_at"])
    op.create_index(op.f("ix_notice_deliveries_site_id"), "notice_deliveries", ["site_id"])
