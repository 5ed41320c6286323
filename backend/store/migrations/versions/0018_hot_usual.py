"""Hot grids: what was learned of a day, for other processes and for the day's first screen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of what is usual."""
    op.create_table(
        "hot_usual",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", "network", "parameter", name=op.f("pk_hot_usual")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Let go of it; it is learned again from the readings."""
    op.drop_table("hot_usual")
