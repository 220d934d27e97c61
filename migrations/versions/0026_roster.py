"""Who works when and where: patterns of shifts, swaps, areas of responsibility; who a job was given to and why."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make the change."""
    _make_patterns()
    _make_rotas()
    with op.batch_alter_table("duty_shifts") as batch:
        batch.add_column(sa.Column("rota_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_duty_shifts_rota_id"), "rotas", ["rota_id"], ["id"])
        batch.create_index(op.f("ix_duty_shifts_rota_id"), ["rota_id"], unique=False)
    with op.batch_alter_table("tickets") as batch:
        batch.add_column(sa.Column("help_wanted", sa.Boolean(), server_default="0", nullable=False))
    _make_swaps()
    _make_changes()
    _make_rules()
    _make_dispatches()


def downgrade() -> None:
    """Undo it."""
    for table in ("ticket_dispatches", "responsibilities", "roster_rules", "roster_changes", "shift_swaps"):
        op.drop_table(table)
    with op.batch_alter_table("tickets") as batch:
        batch.drop_column("help_wanted")
    with op.batch_alter_table("duty_shifts") as batch:
        batch.drop_index(op.f("ix_duty_shifts_rota_id"))
        batch.drop_constraint(op.f("fk_duty_shifts_rota_id"), type_="foreignkey")
        batch.drop_column("rota_id")
    for table in ("rotas", "shift_patterns"):
        op.drop_table(table)


def _make_patterns() -> None:
    op.create_table(
        "shift_patterns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=40), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("on_holidays", sa.Boolean(), nullable=False),
        sa.Column("duty", sa.String(length=20), nullable=False),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_shift_patterns_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_patterns")),
    )
    op.create_index(op.f("ix_shift_patterns_site_id"), "shift_patterns", ["site_id"], unique=False)


def _make_rotas() -> None:
    op.create_table(
        "rotas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("pattern_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("made_until", sa.Date(), nullable=True),
        sa.CheckConstraint("every BETWEEN 1 AND 31", name=op.f("ck_rotas_every_range")),
        sa.ForeignKeyConstraint(["pattern_id"], ["shift_patterns.id"], name=op.f("fk_rotas_pattern_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rotas_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_rotas_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotas")),
    )
    for column in ("pattern_id", "person_id", "site_id"):
        op.create_index(op.f(f"ix_rotas_{column}"), "rotas", [column], unique=False)


def _make_swaps() -> None:
    op.create_table(
        "shift_swaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_shift_swaps_decided_by_id")),
        sa.ForeignKeyConstraint(["from_id"], ["people.id"], name=op.f("fk_shift_swaps_from_id")),
        sa.ForeignKeyConstraint(["other_id"], ["duty_shifts.id"], name=op.f("fk_shift_swaps_other_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["duty_shifts.id"], name=op.f("fk_shift_swaps_shift_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_shift_swaps_site_id")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_shift_swaps_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_swaps")),
    )
    op.create_index("ix_shift_swaps_site_id_state", "shift_swaps", ["site_id", "state"], unique=False)
    for column in ("shift_id", "other_id", "from_id", "to_id", "site_id"):
        op.create_index(op.f(f"ix_shift_swaps_{column}"), "shift_swaps", [column], unique=False)


def _make_changes() -> None:
    op.create_table(
        "roster_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["before_id"], ["people.id"], name=op.f("fk_roster_changes_before_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_roster_changes_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_roster_changes_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_roster_changes_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_changes")),
    )
    op.create_index("ix_roster_changes_site_id_at", "roster_changes", ["site_id", "at"], unique=False)
    op.create_index(op.f("ix_roster_changes_site_id"), "roster_changes", ["site_id"], unique=False)


def _make_rules() -> None:
    op.create_table(
        "roster_rules",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("swap_approval", sa.Boolean(), nullable=False),
        sa.Column("rest_hours", sa.Integer(), nullable=False),
        sa.Column("dispatching", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_roster_rules_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_roster_rules")),
    )
    op.create_table(
        "responsibilities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.CheckConstraint("person_id IS NOT NULL OR trade IS NOT NULL", name=op.f("ck_responsibilities_somebody")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_responsibilities_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_responsibilities_place_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_responsibilities_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibilities")),
    )
    for column in ("person_id", "place_id", "site_id"):
        op.create_index(op.f(f"ix_responsibilities_{column}"), "responsibilities", [column], unique=False)


def _make_dispatches() -> None:
    op.create_table(
        "ticket_dispatches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("answering", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("licence_note", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ticket_dispatches_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_ticket_dispatches_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_dispatches_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_dispatches")),
        sa.UniqueConstraint("ticket_id", "position", name=op.f("uq_ticket_dispatches_ticket_id_position")),
    )
    op.create_index("ix_ticket_dispatches_answering_at", "ticket_dispatches", ["answering", "at"], unique=False)
    op.create_index(op.f("ix_ticket_dispatches_site_id"), "ticket_dispatches", ["site_id"], unique=False)
