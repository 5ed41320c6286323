"""Alarms: maintenance windows, floods, vehicles that passed, what power meters usually show, marks of chatter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and the marks on alarms."""
    op.create_table(
        "alarm_flood",
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("began", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("peak", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("grid", "began", name=op.f("pk_alarm_flood")),
    )
    op.create_table(
        "maintenance_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope_kind", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("grid", sa.String(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_window")),
    )
    for name in ("ends", "grid", "starts"):
        op.create_index(op.f(f"ix_maintenance_window_{name}"), "maintenance_window", [name], unique=False)
    op.create_table(
        "passage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("station", sa.Integer(), nullable=False),
        sa.Column("no_ppm", sa.Float(), nullable=True),
        sa.Column("opacity", sa.Float(), nullable=True),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("fuel", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sa.UniqueConstraint("plate", "at", "station", name=op.f("uq_passage_plate_at_station")),
    )
    op.create_table(
        "power_usual",
        sa.Column("station", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("production_on", sa.Float(), nullable=True),
        sa.Column("production", sa.Float(), nullable=True),
        sa.Column("treatment_on", sa.Float(), nullable=True),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_power_usual")),
    )
    op.create_index(op.f("ix_power_usual_made"), "power_usual", ["made"], unique=False)
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("activations", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("fleeting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_alarm_act_at"), "alarm_act", ["at"], unique=False)


def downgrade() -> None:
    """Take them away again."""
    op.drop_index(op.f("ix_alarm_act_at"), table_name="alarm_act")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_column("fleeting")
        batch_op.drop_column("activations")
        batch_op.drop_column("subject")
    op.drop_table("power_usual")
    op.drop_table("passage")
    op.drop_table("maintenance_window")
    op.drop_table("alarm_flood")
