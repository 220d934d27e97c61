"""Plans by meter and by due date; what a run was made for."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

PLAN_COLUMNS = ("meter_base", "remind", "counted_from", "trouble")


def upgrade() -> None:
    """Make the change."""
    with op.batch_alter_table("round_plans") as batch:
        batch.add_column(sa.Column("meter_base", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("remind", sa.String(length=40), nullable=False, server_default=""))
        batch.add_column(sa.Column("counted_from", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("trouble", sa.String(length=200), nullable=False, server_default=""))
    with op.batch_alter_table("runs") as batch:
        batch.add_column(sa.Column("occasion", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("runs") as batch:
        batch.drop_column("occasion")
    with op.batch_alter_table("round_plans") as batch:
        for name in reversed(PLAN_COLUMNS):
            batch.drop_column(name)
