"""Segments: when the clock that one carries on had run out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column more, empty for the segments that are there."""
    op.add_column("segment", sa.Column("ran_out", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Without it."""
    op.drop_column("segment", "ran_out")
