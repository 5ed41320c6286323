"""The duty book is kept here too; rooms and orders in English; tasks that went over before 0015 are in sight again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PLACE = ("centre", "grid", "county", "township")
TAKEN = ("take", "assign")
MOVES_NOTHING = ("note", "attach", "call", "urge", "breach", "mark_suspect", "clear_suspect")
"""Acts that a recall passes over."""
ACT = sa.table("act", *map(sa.column, ("id", "op", "task", "kind", "at", "result", "body", "undo")))
CENTRE = sa.table("centre", sa.column("code"), sa.column("grid"))
GRID = sa.table("grid", sa.column("code"), sa.column("county"), sa.column("township"))
HANDED = sa.table("handed_on", *map(sa.column, ("task", *PLACE, "receiver", "receiver_kind", "at", "op")))


def upgrade() -> None:
    """Columns of two tables; rows of one."""
    op.add_column("duty_entry", sa.Column("name_en", sa.String(), server_default="", nullable=False))
    op.add_column("duty_entry", sa.Column("set_by", sa.String(), server_default="", nullable=False))
    op.add_column("duty_entry", sa.Column("set_at", sa.BigInteger(), nullable=True))
    op.add_column("standing_order", sa.Column("title_en", sa.String(), server_default="", nullable=False))
    fill(op.get_bind())


def downgrade() -> None:
    """Take the columns back; what was noted of tasks is true at any version."""
    op.drop_column("standing_order", "title_en")
    for name in ("set_at", "set_by", "name_en"):
        op.drop_column("duty_entry", name)


def fill(connection: sa.Connection) -> None:
    """Note where each task was before it went over, as its acts tell it, where that is not noted yet."""
    went = sa.select(ACT.c.task).where(ACT.c.kind.in_(TAKEN), ACT.c.result == "applied")
    noted = set(connection.execute(sa.select(HANDED.c.op)).scalars())
    acts = connection.execute(
        sa.select(ACT).where(ACT.c.task.in_(went), ACT.c.result == "applied").order_by(ACT.c.task, ACT.c.id)
    ).all()
    if not acts:
        return
    places = {
        row.centre: {"grid": row.code, "county": row.county, "township": row.township}
        for row in connection.execute(
            sa.select(CENTRE.c.code.label("centre"), GRID).join(GRID, GRID.c.code == CENTRE.c.grid)
        )
    }
    rows = [
        row
        for _, of_task in groupby(acts, lambda act: act.task)
        for row in _walk(of_task, places)
        if row["op"] not in noted
    ]
    if rows:
        connection.execute(HANDED.insert(), rows)


def _walk(acts: Iterator[Any], places: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """Follow a task through its acts; what each taking over found."""
    at: dict[str, str] = {}
    offered = ("", "")
    undo: Mapping[str, Any] = {}
    for act in acts:
        body = json.loads(act.body or "{}")
        match act.kind:
            case "propose":
                at = {name: str(body.get(name) or "") for name in PLACE}
            case "file":
                at |= {name: str(body[name]) for name in PLACE[1:] if body.get(name)}
            case "transfer":
                offered = (str(body.get("receiver") or ""), str(body.get("receiver_kind") or "department"))
            case "force" if body.get("field") == "centre":
                at["centre"] = str(body.get("value") or "")
            case "recall":
                at |= {name: undo[name] for name in PLACE if name in undo}
            case "take" | "assign":
                if act.kind == "assign":
                    offered = (str(body.get("holder") or ""), str(body.get("holder_kind") or "department"))
                # Without its proposal nothing tells where it was.
                if at.get("centre") and offered[0]:
                    yield {
                        "task": act.task, **at, "receiver": offered[0], "receiver_kind": offered[1],
                        "at": act.at, "op": act.op,
                    }  # fmt: skip
                if offered[1] == "centre":
                    at |= {"centre": offered[0], **places.get(offered[0], {})}
        if act.kind not in MOVES_NOTHING:
            undo = json.loads(act.undo or "{}").get("fields", {})
