"""Reports: bulletins, remarks, task sheets, scores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("brief_use",)


def upgrade() -> None:
    """Which briefs were read out."""
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


def downgrade() -> None:
    """Take all of it back."""
    for name in TABLES:
        op.drop_table(name)
