"""Incidents: complaints and orders from above."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = sa.text("reply_due IS NOT NULL AND replied IS NULL")
NUMBERED = sa.text("number <> ''")
REPORT = ("replied_by", "reply_result", "called_by", "call_result", "call_note", "category")


def upgrade() -> None:
    """Complaints are answered and called back; orders have a history, a due time and an end before their end."""
    op.create_table(
        "case_aside",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("args", sa.String(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_aside")),
    )
    op.create_index(op.f("ix_case_aside_at"), "case_aside", ["at"], unique=False)
    op.create_table(
        "complaint_act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_act")),
    )
    op.create_index(op.f("ix_complaint_act_report"), "complaint_act", ["report"], unique=False)
    op.create_table(
        "order_act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_act")),
    )
    op.create_index(op.f("ix_order_act_at"), "order_act", ["at"], unique=False)
    op.create_index(op.f("ix_order_act_code"), "order_act", ["code"], unique=False)
    for name in REPORT:
        op.add_column("incident_report", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("op", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_evidence_op"), "evidence", ["op"], unique=False)
    op.add_column("incident", sa.Column("order_code", sa.String(), nullable=False, server_default=""))
    op.add_column("standing_order", sa.Column("lead", sa.String(), nullable=False, server_default=""))
    for name in ("due", "recorded", "withdrawn"):
        op.add_column("standing_order", sa.Column(name, sa.BigInteger(), nullable=True))
    # A number that was entered twice before numbers were kept apart: the later ones say that they are later.
    op.execute(
        "UPDATE incident_report SET number = number || '-' || CAST(id AS VARCHAR) WHERE number <> '' AND id NOT IN "
        "(SELECT MIN(id) FROM incident_report WHERE number <> '' GROUP BY channel, number)"
    )
    op.create_index(
        "uq_incident_report_number",
        "incident_report",
        ["channel", "number"],
        unique=True,
        sqlite_where=NUMBERED,
        postgresql_where=NUMBERED,
    )
    op.create_index(
        "ix_incident_report_waiting",
        "incident_report",
        ["reply_due"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Take all of it back."""
    op.drop_index("ix_incident_report_waiting", table_name="incident_report")
    op.drop_index("uq_incident_report_number", table_name="incident_report")
    for name in ("withdrawn", "recorded", "due", "lead"):
        op.drop_column("standing_order", name)
    op.drop_column("incident", "order_code")
    op.drop_index(op.f("ix_evidence_op"), table_name="evidence")
    op.drop_column("evidence", "op")
    for name in REPORT:
        op.drop_column("incident_report", name)
    op.drop_table("order_act")
    op.drop_table("complaint_act")
    op.drop_table("case_aside")
