"""Reports: bulletins, remarks, task sheets, scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("brief_use", "contribution", "bulletin", "task_sheet", "score_entry", "score_mark")


def upgrade() -> None:
    """Which briefs were read out; reports, task sheets, points."""
    op.create_table(
        "brief_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("orders", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_use")),
    )
    op.create_index(op.f("ix_brief_use_at"), "brief_use", ["at"], unique=False)
    _reports()
    _scores()


def _reports() -> None:
    """Contributions, daily reports, task sheets."""
    op.create_table(
        "bulletin",
        sa.Column("centre", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("drafted", sa.BigInteger(), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("reviewed", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("signed", sa.BigInteger(), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=True),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("audit_head", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("centre", "day", "version", name=op.f("pk_bulletin")),
    )
    op.create_index("ix_bulletin_day", "bulletin", ["day"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("centre", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("day", "centre", "number", name=op.f("uq_contribution_day_centre_number")),
    )
    op.create_index(op.f("ix_contribution_at"), "contribution", ["at"], unique=False)
    op.create_table(
        "task_sheet",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("printed", sa.BigInteger(), nullable=False),
        sa.Column("printed_by", sa.String(), nullable=False),
        sa.Column("task_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_task_sheet")),
    )
    op.create_index(op.f("ix_task_sheet_printed"), "task_sheet", ["printed"], unique=False)
    op.create_index(op.f("ix_task_sheet_task"), "task_sheet", ["task"], unique=False)


def _scores() -> None:
    """The ledger of points."""
    op.create_table(
        "score_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("occurred", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("township", sa.String(), nullable=False),
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("alarm", sa.BigInteger(), nullable=True),
        sa.Column("reverses", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("table_from", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_entry")),
        sa.UniqueConstraint("cause", name=op.f("uq_score_entry_cause")),
        sa.UniqueConstraint("reverses", name=op.f("uq_score_entry_reverses")),
    )
    op.create_index("ix_score_entry_department", "score_entry", ["department", "occurred"], unique=False)
    op.create_index(op.f("ix_score_entry_occurred"), "score_entry", ["occurred"], unique=False)
    op.create_index(op.f("ix_score_entry_task"), "score_entry", ["task"], unique=False)
    op.create_index("ix_score_entry_township", "score_entry", ["township", "occurred"], unique=False)
    op.create_table(
        "score_mark",
        sa.Column("log", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_score_mark")),
    )


def downgrade() -> None:
    """Take all of it back."""
    for name in TABLES:
        op.drop_table(name)
