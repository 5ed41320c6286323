"""Incidents: what signals know one by, once a person has said what it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column more."""
    op.add_column("incident", sa.Column("signal", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("incident", "signal")
