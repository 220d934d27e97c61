"""What the office reads: summaries, counts per day, points, costs, own works."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Make the change."""
    _make_counts()
    _make_points()
    _make_costs()


def downgrade() -> None:
    """Undo it; what was in these tables is gone."""
    for table in (
        "works_quotes",
        "work_times",
        "meter_prices",
        "labour_rates",
        "cost_bookings",
        "cost_lines",
        "cost_months",
        "point_months",
        "point_objections",
        "job_points",
        "point_rules",
        "figure_marks",
        "day_figures",
        "work_summaries",
    ):
        op.drop_table(table)


def _make_counts() -> None:
    op.create_table(
        "work_summaries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("span", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_work_summaries_changed_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_work_summaries_closed_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_work_summaries_made_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_work_summaries_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_summaries")),
        sa.UniqueConstraint("site_id", "span", "starts_on", name=op.f("uq_work_summaries_site_id_span_starts_on")),
    )
    op.create_index(op.f("ix_work_summaries_site_id"), "work_summaries", ["site_id"])
    op.create_table(
        "day_figures",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("member", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_day_figures_site_id")),
        sa.PrimaryKeyConstraint("site_id", "day", "measure", "dimension", "member", name=op.f("pk_day_figures")),
    )
    op.create_index(
        "ix_day_figures_site_id_measure_dimension_member", "day_figures", ["site_id", "measure", "dimension"]
    )
    op.create_table(
        "figure_marks",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_figure_marks_site_id")),
        sa.PrimaryKeyConstraint("site_id", "source", name=op.f("pk_figure_marks")),
    )


def _make_points() -> None:
    op.create_table(
        "point_rules",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("basic", sa.Integer(), nullable=False),
        sa.Column("late_percent", sa.Integer(), nullable=False),
        sa.Column("sent_back_percent", sa.Integer(), nullable=False),
        sa.Column("repeat_percent", sa.Integer(), nullable=False),
        sa.Column("repeat_days", sa.Integer(), nullable=False),
        sa.Column("star_percent", sa.Integer(), nullable=False),
        sa.Column("helper_percent", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("repeat_days BETWEEN 1 AND 365", name=op.f("ck_point_rules_repeat_days_range")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_point_rules_changed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_point_rules_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_point_rules")),
    )
    op.create_table(
        "job_points",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("job_kind_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["job_kind_id"], ["job_kinds.id"], name=op.f("fk_job_points_job_kind_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_job_points_site_id")),
        sa.PrimaryKeyConstraint("site_id", "job_kind_id", name=op.f("pk_job_points")),
    )
    op.create_table(
        "point_objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_point_objections_answered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_point_objections_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_point_objections_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_point_objections_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_objections")),
    )
    op.create_index(op.f("ix_point_objections_site_id"), "point_objections", ["site_id"])
    op.create_index("ix_point_objections_site_id_state", "point_objections", ["site_id", "state"])
    op.create_index(
        "ix_point_objections_ticket_id_person_id", "point_objections", ["ticket_id", "person_id"], unique=True
    )
    op.create_table(
        "point_months",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_point_months_closed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_point_months_site_id")),
        sa.PrimaryKeyConstraint("site_id", "month", name=op.f("pk_point_months")),
    )


def _make_costs() -> None:
    op.create_table(
        "cost_months",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_cost_months_closed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_cost_months_site_id")),
        sa.PrimaryKeyConstraint("site_id", "month", name=op.f("pk_cost_months")),
    )
    op.create_table(
        "cost_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_cost_lines_department_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_cost_lines_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_lines")),
        sa.UniqueConstraint(
            "site_id",
            "month",
            "department_id",
            "kind",
            "detail",
            name=op.f("uq_cost_lines_site_id_month_department_id_kind_detail"),
        ),
    )
    op.create_index(op.f("ix_cost_lines_site_id"), "cost_lines", ["site_id"])
    op.create_table(
        "cost_bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("contractor_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contractor_id"], ["contractors.id"], name=op.f("fk_cost_bookings_contractor_id")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_cost_bookings_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_cost_bookings_person_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["cost_bookings.id"], name=op.f("fk_cost_bookings_reverses_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_cost_bookings_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_bookings")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_cost_bookings_reverses_id")),
    )
    op.create_index(op.f("ix_cost_bookings_site_id"), "cost_bookings", ["site_id"])
    op.create_index("ix_cost_bookings_site_id_month", "cost_bookings", ["site_id", "month"])
    op.create_table(
        "labour_rates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("trade", sa.String(length=20), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("per_hour", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_labour_rates_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_rates")),
        sa.UniqueConstraint("site_id", "trade", "since", name=op.f("uq_labour_rates_site_id_trade_since")),
    )
    op.create_index(op.f("ix_labour_rates_site_id"), "labour_rates", ["site_id"])
    op.create_table(
        "meter_prices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("medium", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_meter_prices_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter_prices")),
        sa.UniqueConstraint(
            "site_id", "medium", "unit", "since", name=op.f("uq_meter_prices_site_id_medium_unit_since")
        ),
    )
    op.create_index(op.f("ix_meter_prices_site_id"), "meter_prices", ["site_id"])
    op.create_table(
        "work_times",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes BETWEEN 1 AND 14400", name=op.f("ck_work_times_minutes_range")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_work_times_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_work_times_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_work_times_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_times")),
    )
    op.create_index(op.f("ix_work_times_site_id"), "work_times", ["site_id"])
    op.create_index("ix_work_times_ticket_id", "work_times", ["ticket_id"])
    op.create_table(
        "works_quotes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("firm", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("quoted_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_works_quotes_amount")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_works_quotes_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_works_quotes_site_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_works_quotes_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works_quotes")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_works_quotes_ticket_id")),
    )
    op.create_index(op.f("ix_works_quotes_site_id"), "works_quotes", ["site_id"])
