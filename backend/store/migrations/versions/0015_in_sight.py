"""Tasks handed on stay in sight, departments are told, calendars are kept as a clock found them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OFFERED = sa.text("offered_to <> ''")


def upgrade() -> None:
    """Two tables, a column of notices, an index of offers."""
    op.create_table(
        "calendar_text",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendar_text")),
    )
    op.create_table(
        "handed_on",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("centre", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("township", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("receiver_kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_on")),
    )
    for name in ("centre", "county", "task", "township"):
        op.create_index(op.f(f"ix_handed_on_{name}"), "handed_on", [name], unique=False)
    op.add_column("notice", sa.Column("department", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "ix_task_offered",
        "task",
        ["offered_to"],
        unique=False,
        sqlite_where=OFFERED,
        postgresql_where=OFFERED,
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_task_offered", table_name="task", sqlite_where=OFFERED, postgresql_where=OFFERED)
    op.drop_column("notice", "department")
    op.drop_table("handed_on")
    op.drop_table("calendar_text")
