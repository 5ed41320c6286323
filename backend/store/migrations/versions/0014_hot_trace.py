"""Hot grids: whose air it is, kept beside them, and the hours of which that was found out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of rankings, and a column that says which hours have theirs."""
    op.create_table(
        "hot_trace",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("station", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("unlisted", sa.Float(), nullable=False),
        sa.Column("sourceless", sa.Float(), nullable=False),
        sa.Column("windy", sa.Boolean(), nullable=False),
        sa.Column("numbers", sa.String(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at", "network", "parameter", "station", name=op.f("pk_hot_trace")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hot_hour", schema=None) as batch_op:
        batch_op.add_column(sa.Column("traced", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Let go of them; they are made again from the readings."""
    with op.batch_alter_table("hot_hour", schema=None) as batch_op:
        batch_op.drop_column("traced")
    op.drop_table("hot_trace")
