"""Who came in and what was refused, counted guesses, how old passwords are, when sign-ins end at the latest."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

KEPT_DAYS = 180
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the change."""
    op.add_column("people", sa.Column("password_set_at", TIME, nullable=True))
    op.add_column("login_sessions", sa.Column("ends_at", TIME, nullable=True))
    op.drop_table("sign_in_failures")
    op.create_table(
        "guesses",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("free_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_guesses")),
    )
    op.create_index(op.f("ix_guesses_login"), "guesses", ["login"])
    op.create_index(op.f("ix_guesses_last_at"), "guesses", ["last_at"])
    op.create_table(
        "former_passwords",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_former_passwords_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_passwords")),
    )
    op.create_index(op.f("ix_former_passwords_person_id"), "former_passwords", ["person_id"])
    op.create_table(
        "access_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_access_records_person_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_access_records_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_records")),
    )
    op.create_index("ix_access_records_at", "access_records", ["at", "id"])
    op.create_index("ix_access_records_person_id_at", "access_records", ["person_id", "at"])
    for statement in _triggers():
        op.execute(statement)


def downgrade() -> None:
    """Undo it; the record of who came in is gone."""
    for table in ("access_records", "former_passwords", "guesses"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION crew_keep_half_year()")
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    op.create_index("ix_sign_in_failures_at", "sign_in_failures", ["at"])
    op.create_index("ix_sign_in_failures_login", "sign_in_failures", ["login"])
    op.drop_column("login_sessions", "ends_at")
    op.drop_column("people", "password_set_at")


def _triggers() -> list[str]:
    """Nothing is changed; nothing goes before its time, whoever asks the database for it."""
    if op.get_bind().dialect.name == "postgresql":
        function = "EXECUTE FUNCTION"
        body = f"IF OLD.at > now() - interval '{KEPT_DAYS} days' THEN RAISE EXCEPTION 'kept for 180 days'; END IF;"
        made = "CREATE FUNCTION crew_keep_half_year() RETURNS trigger LANGUAGE plpgsql AS"
        on = "ON access_records FOR EACH"
        return [
            f"{made} $$ BEGIN {body} RETURN OLD; END $$",
            f"CREATE TRIGGER access_records_no_update BEFORE UPDATE {on} ROW {function} crew_refuse_change()",
            f"CREATE TRIGGER access_records_no_delete BEFORE DELETE {on} ROW {function} crew_keep_half_year()",
            f"CREATE TRIGGER access_records_no_truncate BEFORE TRUNCATE {on} STATEMENT {function} crew_refuse_change()",
        ]
    act = "BEGIN SELECT RAISE(ABORT, 'access_records are kept for 180 days'); END"
    young = f"WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{KEPT_DAYS} days')"
    known = "WHEN EXISTS (SELECT 1 FROM access_records WHERE id = NEW.id)"
    return [
        f"CREATE TRIGGER access_records_no_update BEFORE UPDATE ON access_records FOR EACH ROW {act}",
        f"CREATE TRIGGER access_records_no_delete BEFORE DELETE ON access_records FOR EACH ROW {young} {act}",
        f"CREATE TRIGGER access_records_no_replace BEFORE INSERT ON access_records FOR EACH ROW {known} {act}",
    ]
