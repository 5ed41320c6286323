"""Orders: the load that a heavy-pollution warning allows the sources it names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column more."""
    op.add_column("standing_order", sa.Column("allowed_load", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("standing_order", "allowed_load")
