"""Forecasts: how many of an issue's hours knew the weather to come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column more, 0 for the issues that are kept."""
    op.add_column(
        "forecast_issue", sa.Column("weather_hours", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    """Without it."""
    op.drop_column("forecast_issue", "weather_hours")
