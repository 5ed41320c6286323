"""Sources: how high they let go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column more, empty for the sources that are there."""
    op.add_column("source", sa.Column("height", sa.Float(), nullable=True))


def downgrade() -> None:
    """Without it."""
    op.drop_column("source", "height")
