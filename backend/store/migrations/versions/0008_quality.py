"""Quality: an index of what was objected to, the days of every series, findings over days, what people decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FLAGGED = "flag IN (3, 4)"


def upgrade() -> None:
    """Add the tables, and the index of flagged readings."""
    op.create_index(
        "ix_reading_flagged",
        "reading",
        ["start", "station", "parameter", "period"],
        unique=False,
        sqlite_where=sa.text(FLAGGED),
        postgresql_where=sa.text(FLAGGED),
    )
    op.create_table(
        "quality_day",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("station", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("parameter", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("middle", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("step", sa.Float(), nullable=True),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("ratio", sa.Float(), nullable=True),
        sa.Column("own", sa.Float(), nullable=False),
        sa.Column("other", sa.Float(), nullable=False),
        sa.Column("own2", sa.Float(), nullable=False),
        sa.Column("other2", sa.Float(), nullable=False),
        sa.Column("product", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("day", "station", "parameter", "period", name=op.f("pk_quality_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quality_pass",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_quality_pass")),
    )
    _findings()
    _verdicts()


def _findings() -> None:
    """What was found about a series over days."""
    op.create_table(
        "quality_finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("station", sa.Integer(), nullable=False),
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_finding")),
    )
    op.create_index(op.f("ix_quality_finding_at"), "quality_finding", ["at"], unique=False)
    op.create_index(
        "uq_quality_finding_open",
        "quality_finding",
        ["kind", "station", "parameter", "period"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _verdicts() -> None:
    """What people decided."""
    op.create_table(
        "quality_verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("station", sa.Integer(), nullable=False),
        sa.Column("parameter", sa.Integer(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("finding", sa.BigInteger(), nullable=True),
        sa.Column("alarms", sa.Integer(), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_verdict")),
    )
    op.create_index(op.f("ix_quality_verdict_at"), "quality_verdict", ["at"], unique=False)
    op.create_index(
        "ix_quality_verdict_series",
        "quality_verdict",
        ["station", "parameter", "period", "since"],
        unique=False,
    )


def downgrade() -> None:
    """Take all of it back."""
    for name in ("quality_verdict", "quality_finding", "quality_pass", "quality_day"):
        op.drop_table(name)
    op.drop_index("ix_reading_flagged", table_name="reading")
