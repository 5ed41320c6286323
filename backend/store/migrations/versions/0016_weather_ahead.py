"""Weather to come, kept apart from readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "weather_ahead",
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("station", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("hours", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("issued", "station", "parameter", name=op.f("pk_weather_ahead")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("weather_ahead")
