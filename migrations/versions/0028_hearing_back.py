"""Hearing back: who else follows a ticket, ratings, counts of strangers' reports, surveys."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

TABLES = ("ticket_ratings", "ticket_voices")
"""Rows of these never change."""
SAME = {
    "ticket_ratings": "id = NEW.id OR (ticket_id = NEW.ticket_id AND voice = NEW.voice AND number = NEW.number)",
    "ticket_voices": "event_id = NEW.event_id",
}


def upgrade() -> None:
    """Make the change."""
    _make_followers()
    _make_ratings()
    _make_acts()
    _make_surveys()
    for table in TABLES:
        for statement in _postgresql_triggers(table) if _postgresql() else _sqlite_triggers(table):
            op.execute(statement)
    op.execute("UPDATE receipts SET location = '/' WHERE location LIKE '/r/%'")


def downgrade() -> None:
    """Undo it; secret links that were taken out of receipts do not come back."""
    last = "truncate" if _postgresql() else "replace"
    for table in TABLES:
        for verb in ("update", "delete", last):
            op.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if _postgresql() else ""))
    surveys = ("survey_scores", "survey_answers", "survey_addresses", "survey_questions")
    for table in (*surveys, "stranger_acts", "ticket_ratings", "ticket_voices", "ticket_followers"):
        op.drop_table(table)


def _make_followers() -> None:
    op.create_table(
        "ticket_followers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (secret_hash IS NULL)", name=op.f("ck_ticket_followers_account_or_link")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ticket_followers_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_ticket_followers_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_followers_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_followers")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_ticket_followers_secret_hash")),
        sa.UniqueConstraint("ticket_id", "person_id", name=op.f("uq_ticket_followers_ticket_id_person_id")),
    )
    op.create_index(op.f("ix_ticket_followers_site_id"), "ticket_followers", ["site_id"])
    op.create_index(op.f("ix_ticket_followers_person_id"), "ticket_followers", ["person_id"])
    op.create_table(
        "ticket_voices",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("follower_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["ticket_events.id"], name=op.f("fk_ticket_voices_event_id")),
        sa.ForeignKeyConstraint(["follower_id"], ["ticket_followers.id"], name=op.f("fk_ticket_voices_follower_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_ticket_voices_site_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_ticket_voices")),
    )
    op.create_index(op.f("ix_ticket_voices_site_id"), "ticket_voices", ["site_id"])
    op.create_index(op.f("ix_ticket_voices_follower_id"), "ticket_voices", ["follower_id"])


def _make_ratings() -> None:
    op.create_table(
        "ticket_ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("voice", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "quality BETWEEN 1 AND 5 AND service BETWEEN 1 AND 5", name=op.f("ck_ticket_ratings_score_range")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_ticket_ratings_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_ratings_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_ratings")),
        sa.UniqueConstraint("ticket_id", "voice", "number", name=op.f("uq_ticket_ratings_ticket_id_voice_number")),
    )
    op.create_index(op.f("ix_ticket_ratings_site_id"), "ticket_ratings", ["site_id"])
    op.create_index("ix_ticket_ratings_site_id_made_at", "ticket_ratings", ["site_id", "made_at"])


def _make_acts() -> None:
    op.create_table(
        "stranger_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("tag_code", sa.String(length=14), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("joins", sa.Boolean(), nullable=False),
        sa.Column("effort", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_stranger_acts_site_id")),
        sa.ForeignKeyConstraint(["tag_code"], ["tags.code"], name=op.f("fk_stranger_acts_tag_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stranger_acts")),
        sa.UniqueConstraint("effort", name=op.f("uq_stranger_acts_effort")),
    )
    op.create_index(op.f("ix_stranger_acts_site_id"), "stranger_acts", ["site_id"])
    op.create_index(op.f("ix_stranger_acts_at"), "stranger_acts", ["at"])
    op.create_index("ix_stranger_acts_tag_code_at", "stranger_acts", ["tag_code", "at"])
    op.create_index("ix_stranger_acts_device_at", "stranger_acts", ["device", "at"])


def _make_surveys() -> None:
    op.create_table(
        "survey_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_survey_questions_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_questions")),
    )
    op.create_index(op.f("ix_survey_questions_site_id"), "survey_questions", ["site_id"])
    op.create_table(
        "survey_addresses",
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_survey_addresses_department_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_survey_addresses_site_id")),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_survey_addresses")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_addresses_code")),
    )
    op.create_index(op.f("ix_survey_addresses_site_id"), "survey_addresses", ["site_id"])
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_survey_answers_department_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_survey_answers_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
    )
    op.create_index(op.f("ix_survey_answers_department_id"), "survey_answers", ["department_id"])
    op.create_index("ix_survey_answers_site_id_month", "survey_answers", ["site_id", "month"])
    op.create_table(
        "survey_scores",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_survey_scores_score_range")),
        sa.ForeignKeyConstraint(["answer_id"], ["survey_answers.id"], name=op.f("fk_survey_scores_answer_id")),
        sa.ForeignKeyConstraint(["question_id"], ["survey_questions.id"], name=op.f("fk_survey_scores_question_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_survey_scores_site_id")),
        sa.PrimaryKeyConstraint("answer_id", "question_id", name=op.f("pk_survey_scores")),
    )


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
    known = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {SAME[table]})"  # noqa: S608 - names of our own tables
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {act}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW {known} {act}",
    ]
