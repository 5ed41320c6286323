"""Tasks and escalation: orders, co-handling departments, arbitration, work orders, proven outages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a task of an order, an arbitration and a work order hold besides."""
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("order_code", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("order_due", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("co_departments", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("about", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("arbitration", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("dark", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(
            "ix_task_live",
            ["id"],
            unique=False,
            sqlite_where=sa.text("closed IS NULL"),
            postgresql_where=sa.text("closed IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_task_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_order_code"), ["order_code"], unique=False)
    with op.batch_alter_table("department", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="bureau"))
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.add_column(sa.Column("maintainer", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "work_order",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("contractor", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("station", sa.Integer(), nullable=True),
        sa.Column("parameter", sa.Integer(), nullable=True),
        sa.Column("down_from", sa.BigInteger(), nullable=False),
        sa.Column("down_to", sa.BigInteger(), nullable=True),
        sa.Column("interference", sa.Boolean(), nullable=False),
        sa.Column("interference_note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_work_order")),
    )
    op.create_index(op.f("ix_work_order_contractor"), "work_order", ["contractor"], unique=False)
    op.create_index(op.f("ix_work_order_station"), "work_order", ["station"], unique=False)
    op.create_table(
        "outage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("centre", sa.String(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    op.create_index(op.f("ix_outage_centre"), "outage", ["centre"], unique=False)


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("outage")
    op.drop_table("work_order")
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.drop_column("maintainer")
    with op.batch_alter_table("department", schema=None) as batch_op:
        batch_op.drop_column("kind")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_order_code"))
        batch_op.drop_index(batch_op.f("ix_task_about"))
        batch_op.drop_index("ix_task_live")
        for name in ("dark", "arbitration", "about", "co_departments", "order_due", "order_code"):
            batch_op.drop_column(name)
