"""Up to which value a supervisor decides about write-offs."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the change."""
    op.add_column("sites", sa.Column("write_off_limit", sa.BigInteger(), server_default="5000000", nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("sites", "write_off_limit")
