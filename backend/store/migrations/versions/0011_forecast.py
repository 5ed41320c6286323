"""Forecast: issues, their series, the days' levels, and what they were worth."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("forecast_skill", "forecast_day", "forecast_series", "forecast_issue")


def upgrade() -> None:
    """Issues and all that hangs on them."""
    _issues()
    _days()
    op.create_table(
        "forecast_skill",
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("ours", sa.Float(), nullable=True),
        sa.Column("persistence", sa.Float(), nullable=True),
        sa.Column("climatology", sa.Float(), nullable=True),
        sa.Column("last_issue", sa.Float(), nullable=True),
        sa.Column("coverage", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("parameter", "kind", name=op.f("pk_forecast_skill")),
        sqlite_with_rowid=False,
    )


def _issues() -> None:
    op.create_table(
        "forecast_issue",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("trained", sa.BigInteger(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("stations", sa.Integer(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_forecast_issue")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "forecast_series",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("station", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("at", "station", "parameter", name=op.f("pk_forecast_series")),
        sqlite_with_rowid=False,
    )


def _days() -> None:
    op.create_table(
        "forecast_day",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("station", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(f"p{level}", sa.Integer(), nullable=False) for level in range(1, 7)),
        sa.Column("aqi", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("primary", sa.String(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at", "station", "day", name=op.f("pk_forecast_day")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take them back."""
    for name in TABLES:
        op.drop_table(name)
