"""Hotspots: the hot grids of each hour, and the monthly lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("hot_entry", "hot_grid", "hot_hour")


def upgrade() -> None:
    """Hours that were judged, what stood out in them, the lists of closed months."""
    _hours()
    _grids()
    _entries()


def _hours() -> None:
    op.create_table(
        "hot_hour",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("stations", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("hot", sa.Integer(), nullable=False),
        sa.Column("strong", sa.Integer(), nullable=False),
        sa.Column("background", sa.Float(), nullable=True),
        sa.Column("regional", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("at", "network", "parameter", name=op.f("pk_hot_hour")),
        sqlite_with_rowid=False,
    )


def _grids() -> None:
    op.create_table(
        "hot_grid",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("heat", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("ranked", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("background", sa.Float(), nullable=False),
        sa.Column("increment", sa.Float(), nullable=False),
        sa.Column("ratio", sa.Float(), nullable=True),
        sa.Column("z", sa.Float(), nullable=True),
        sa.Column("gi", sa.Float(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("nearest", sa.Float(), nullable=False),
        sa.Column("measured", sa.Boolean(), nullable=False),
        sa.Column("stations", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("against", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at", "network", "parameter", "level", "grid", name=op.f("pk_hot_grid")),
        sqlite_with_rowid=False,
    )


def _entries() -> None:
    op.create_table(
        "hot_entry",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("before", sa.Float(), nullable=True),
        sa.Column("change", sa.Float(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "month", "network", "parameter", "level", "kind", "rank", name=op.f("pk_hot_entry")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hot_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hot_entry_grid"), ["grid"], unique=False)


def downgrade() -> None:
    """Let go of them; they are made again from the readings."""
    for name in TABLES:
        op.drop_table(name)
