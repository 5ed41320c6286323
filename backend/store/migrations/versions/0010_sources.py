"""Sources: the answers that acts were based on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXED = ("at", "incident", "source", "station", "task")


def upgrade() -> None:
    """What was known of a source when somebody was sent."""
    op.create_table(
        "trace_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("parameter", sa.String(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("none", sa.Float(), nullable=False),
        sa.Column("incident", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("numbers", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_answer")),
    )
    with op.batch_alter_table("trace_answer", schema=None) as batch_op:
        for name in INDEXED:
            batch_op.create_index(batch_op.f(f"ix_trace_answer_{name}"), [name], unique=False)


def downgrade() -> None:
    """Let go of them."""
    op.drop_table("trace_answer")
