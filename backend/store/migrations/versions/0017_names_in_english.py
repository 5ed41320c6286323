"""People and feeds: what they are called in English; tasks by what they wait for, and where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
TABLES = ("person", "feed")


def upgrade() -> None:
    """A column more in each, and an index."""
    for name in TABLES:
        op.add_column(name, sa.Column("name_en", sa.String(), server_default="", nullable=False))
    op.create_index(
        "ix_task_waiting",
        "task",
        ["state", "township", "county", "grid"],
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_task_waiting", "task")
    for name in TABLES:
        op.drop_column(name, "name_en")
