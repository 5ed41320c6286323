"""Arbitration 移交裁定: when nobody takes over what was offered, the common superior says whose it is (row 18).

The arbitration is a task of the superior's own. Until it is settled the clock of the one that it is about stands still;
it ends by itself when that one does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from backend.city.tables import Centre, Grid
from backend.store import table
from backend.tasks.ops import Op, by_system
from backend.tasks.states import above, rank
from backend.tasks.taskstate import TaskState
from backend.words import Outcome

CENTRE, GRID = table(Centre), table(Grid)
TYPE: Final = "arbitration"
"""The type of such a task: its policy rows go by this name."""
Act = Callable[[Op], Outcome]
"""Judges and writes one more act in the same transaction."""


def follow(connection: Connection, before: TaskState, after: TaskState, op: Op, act: Act) -> None:
    """What an act on a task brings about for the arbitration about it, or for the task that it was about."""
    if op.kind == "offer_timeout":
        _open(connection, before, after, act)
    elif op.kind == "settle":
        _settled(after, op, act)
    if after.arbitration and not after.live:
        act(by_system("lapse", after.arbitration, f"sys:lapse:{after.arbitration}"))


def common_superior(connection: Connection, task: TaskState, kind: str, code: str) -> tuple[str, str]:
    """Grid and tier of the lowest centre that stands above both the giver and the receiver.

    Departments are the city's; within a county its centre decides between a township and them.
    """
    tier = above(task.level)
    if kind == "centre":
        place = connection.execute(
            select(GRID.c.county, GRID.c.level)
            .join(CENTRE, CENTRE.c.grid == GRID.c.code)
            .where(CENTRE.c.code == code)
        ).one_or_none()
        near = place is not None and place.county == task.county and place.level > 2
        tier = "C" if near and rank(task.level) < rank("C") else "M"
    if tier == "C" and task.county:
        return task.county, "C"
    city = connection.execute(select(GRID.c.code).where(GRID.c.level == 1)).scalar() or task.county
    return city, "M"


def _open(connection: Connection, before: TaskState, after: TaskState, act: Act) -> None:
    """Propose and file the arbitration about an offer that ran out."""
    grid, tier = common_superior(connection, after, before.offered_kind, before.offered_to)
    name = f"sys:arbitration:{after.id}:{after.offers}"
    titled = {
        "task": after.id,
        "giver": after.holder or after.centre,
        "receiver": before.offered_to,
        "receiver_kind": before.offered_kind,
    }
    body: dict[str, Any] = {
        "type": TYPE,
        "grid": grid,
        "level": tier,
        "priority": after.priority,
        "about": after.id,
        "origin": "arbitration",
        "title_code": "task.title.arbitration",
        "title_args": titled,
    }
    made = act(by_system("propose", "", name, body))
    if not made.ok:
        return
    opened = str(made.data["task"])
    act(by_system("file", opened, f"{name}:file"))
    act(by_system("arbitrate", after.id, f"{name}:about", {"arbitration": opened}))


def _settled(arbitration: TaskState, op: Op, act: Act) -> None:
    """Carry the verdict out on the task that it is about."""
    told = msgspec.json.decode(arbitration.title_args or "{}", type=dict[str, Any])
    name, reason = f"sys:settled:{arbitration.id}", str(op.body.get("reason", ""))
    said = {"arbitration": arbitration.id, "by": op.actor, "reason": reason}
    if op.body.get("to") == "receiver":
        to = {"holder": told.get("receiver", ""), "holder_kind": told.get("receiver_kind", "department")}
        if act(by_system("assign", arbitration.about, f"{name}:assign", said | to)).ok:
            return
    act(by_system("keep", arbitration.about, f"{name}:keep", said))
