"""Look up what a decision needs besides the task's own row."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from backend.city.tables import Centre, Department, Grid, IncidentType
from backend.store import table
from backend.tasks import tables
from backend.tasks.ops import Op
from backend.tasks.policy import Policy
from backend.tasks.rows import TASK, load
from backend.tasks.states import ENDED
from backend.tasks.taskstate import Facts, LastAct, TaskState

ACT, GRID, CENTRE, TYPE = table(tables.Act), table(Grid), table(Centre), table(IncidentType)
DEPARTMENT = table(Department)
MOVES_NOTHING = ("note", "attach", "call", "urge", "breach", "mark_suspect", "clear_suspect")
"""Acts after which the one before can still be recalled."""
TWIN_KEYS = ("incident", "type", "order", "grid")


def facts_for(connection: Connection, task: TaskState, op: Op, policy: Policy) -> Facts:
    """What this act's guards ask for; nothing is looked up for the others."""
    match op.kind:
        case "report":
            return Facts(results=results_of(connection, task, policy))
        case "merge":
            into = op.body.get("into")
            other = load(connection, into, lock=True) if isinstance(into, str) and into else None
            return Facts(other=other)
        case "take" if task.offered_kind == "centre":
            return Facts(place=place_of_centre(connection, task.offered_to))
        case "assign" if op.body.get("holder_kind") == "centre":
            return Facts(place=place_of_centre(connection, str(op.body.get("holder"))))
        case "dispatch" if op.body.get("co_departments"):
            known = connection.execute(select(DEPARTMENT.c.code).where(DEPARTMENT.c.in_service))
            return Facts(departments=frozenset(known.scalars()))
        case "recall":
            return Facts(last=last_act(connection, task.id))
        case "propose":
            return Facts(linked=open_twin(connection, op))
    return Facts()


def results_of(connection: Connection, task: TaskState, policy: Policy) -> tuple[str, ...]:
    """The result codes of the incident type, as they were when the task was opened."""
    day = datetime.fromtimestamp(task.opened, policy.zone).date().isoformat()
    value = connection.execute(
        select(TYPE.c.results)
        .where(TYPE.c.code == task.type, TYPE.c.valid_from <= day)
        .order_by(TYPE.c.valid_from.desc())
        .limit(1)
    ).scalar_one_or_none()
    return tuple(part.strip() for part in (value or "").split("|") if part.strip())


def place_of_centre(connection: Connection, centre: str) -> tuple[str, str, str] | None:
    """The grid of a centre, with its county and township."""
    row = connection.execute(
        select(GRID.c.code, GRID.c.county, GRID.c.township)
        .join(CENTRE, CENTRE.c.grid == GRID.c.code)
        .where(CENTRE.c.code == centre)
    ).one_or_none()
    return None if row is None else (row.code, row.county, row.township)


def centre_for(connection: Connection, *grids: str) -> tuple[str, str]:
    """The centre (and its tier) of the first of these grids that has one."""
    for grid in grids:
        if grid:
            row = connection.execute(
                select(CENTRE.c.code, CENTRE.c.tier)
                .where(CENTRE.c.grid == grid)
                .order_by(CENTRE.c.code)
                .limit(1)
            ).one_or_none()
            if row is not None:
                return row.code, row.tier
    return "", ""


def open_twin(connection: Connection, op: Op) -> str:
    """The open task of the same incident and type, or order and grid, of which a proposal would be a double."""
    words = {key: value if isinstance(value := op.body.get(key), str) else "" for key in TWIN_KEYS}
    if words["incident"] and words["type"]:
        same = (TASK.c.incident == words["incident"]) & (TASK.c.type == words["type"])
    elif words["order"]:
        same = (TASK.c.order_code == words["order"]) & (TASK.c.grid == words["grid"])
    else:
        return ""
    found = connection.execute(
        select(TASK.c.id).where(same, TASK.c.state.not_in(sorted(ENDED))).order_by(TASK.c.opened).limit(1)
    ).scalar_one_or_none()
    return found or ""


def last_act(connection: Connection, task: str) -> LastAct | None:
    """The newest act that changed the task."""
    row = connection.execute(
        select(ACT.c.op, ACT.c.kind, ACT.c.actor, ACT.c.at, ACT.c.undo)
        .where(ACT.c.task == task, ACT.c.result == "applied", ACT.c.kind.not_in(MOVES_NOTHING))
        .order_by(ACT.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return LastAct(row.op, row.kind, row.actor, row.at, msgspec.json.decode(row.undo) if row.undo else None)
