"""Who asks for a department and up to what amount; checks of lent tools."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "department_limits",
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("monthly", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("monthly >= 0", name=op.f("ck_department_limits_monthly_not_negative")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_department_limits_department_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_department_limits_site_id")),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_department_limits")),
    )
    op.create_index(op.f("ix_department_limits_site_id"), "department_limits", ["site_id"], unique=False)
    op.create_table(
        "department_people",
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_department_people_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_department_people_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_department_people_site_id")),
        sa.PrimaryKeyConstraint("department_id", "person_id", name=op.f("pk_department_people")),
    )
    op.create_index(op.f("ix_department_people_person_id"), "department_people", ["person_id"], unique=False)
    op.create_index(op.f("ix_department_people_site_id"), "department_people", ["site_id"], unique=False)
    op.create_table(
        "loan_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_loan_checks_account_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_loan_checks_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_loan_checks_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_loan_checks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_checks")),
    )
    op.create_index("ix_loan_checks_account_id_item_id", "loan_checks", ["account_id", "item_id"], unique=False)
    op.create_index(op.f("ix_loan_checks_site_id"), "loan_checks", ["site_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_loan_checks_site_id"), table_name="loan_checks")
    op.drop_index("ix_loan_checks_account_id_item_id", table_name="loan_checks")
    op.drop_table("loan_checks")
    op.drop_index(op.f("ix_department_people_site_id"), table_name="department_people")
    op.drop_index(op.f("ix_department_people_person_id"), table_name="department_people")
    op.drop_table("department_people")
    op.drop_index(op.f("ix_department_limits_site_id"), table_name="department_limits")
    op.drop_table("department_limits")
