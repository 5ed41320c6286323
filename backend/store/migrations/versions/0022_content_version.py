"""Versions of content: what the triggers that are installed after every migration renew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table with a line for each content."""
    op.create_table(
        "content_version",
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("writer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("content", name=op.f("pk_content_version")),
    )


def downgrade() -> None:
    """Without it, and without what would renew it."""
    for table in ("city_fact", "grid", "parameter", "station", "station_parameter"):
        if op.get_bind().dialect.name == "sqlite":
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS content_city_{table}_{act}")
        else:
            for act in ("insert", "update", "delete", "truncate"):
                op.execute(f"DROP TRIGGER IF EXISTS content_city_{act} ON {table}")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION IF EXISTS content_city")
    op.drop_table("content_version")
