"""Look up what a decision needs besides the task's own row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from backend.city.tables import Centre, Department, Grid, IncidentType, Person
from backend.store import table
from backend.tasks import tables
from backend.tasks.ops import Op
from backend.tasks.policy import Policy
from backend.tasks.rows import TASK, load
from backend.tasks.states import ENDED
from backend.tasks.taskstate import Facts, LastAct, TaskState

ACT, GRID, CENTRE, TYPE = table(tables.Act), table(Grid), table(Centre), table(IncidentType)
DEPARTMENT, PERSON = table(Department), table(Person)
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
        case "assign":
            to_centre = op.body.get("holder_kind") == "centre"
            place = place_of_centre(connection, str(op.body.get("holder"))) if to_centre else None
            return Facts(place=place, missing=missing_party(connection, op.body))
        case "dispatch":
            departments = None
            if op.body.get("co_departments"):
                known = connection.execute(select(DEPARTMENT.c.code).where(DEPARTMENT.c.in_service))
                departments = frozenset(known.scalars())
            return Facts(
                departments=departments,
                missing=missing_party(connection, op.body),
                outside=outside_party(connection, task, op),
            )
        case "transfer":
            to = {
                "holder": op.body.get("receiver"),
                "holder_kind": op.body.get("receiver_kind") or "department",
            }
            return Facts(missing=missing_party(connection, to))
        case "force":
            return Facts(missing=missing_forced(connection, task, op))
        case "file" if op.body.get("grid"):
            grid = str(op.body["grid"])
            query = select(GRID.c.code).where(GRID.c.code == grid, GRID.c.in_service)
            return Facts(missing="" if connection.execute(query).first() else grid)
        case "recall":
            return Facts(last=last_act(connection, task.id))
        case "propose":
            return Facts(linked=open_twin(connection, op))
    return Facts()


def missing_party(connection: Connection, body: Mapping[str, object]) -> str:
    """Whoever an act names as holder, where they are not there, or are on the books no more; empty where they are."""
    code, kind = body.get("holder"), body.get("holder_kind") or "member"
    of = {
        "member": (PERSON.c.code, PERSON.c.active),
        "centre": (CENTRE.c.code, CENTRE.c.in_service),
        "department": (DEPARTMENT.c.code, DEPARTMENT.c.in_service),
    }.get(str(kind))
    if of is None or not isinstance(code, str) or not code:
        return ""
    column, there = of
    return "" if connection.execute(select(column).where(column == code, there)).first() else code


def outside_party(connection: Connection, task: TaskState, op: Op) -> str:
    """Whoever an act would send although they are of another jurisdiction: beside the task's place, not above it.

    A county sends within itself, the city anywhere; a department is of the whole city.
    """
    code, kind = op.body.get("holder"), op.body.get("holder_kind") or "member"
    own = {"T": task.township, "C": task.county}.get(op.tier, "")
    of = {"member": PERSON, "centre": CENTRE}.get(str(kind))
    if of is None or not own or not isinstance(code, str):
        return ""
    query = select(GRID.c.township, GRID.c.county).join(of, of.c.grid == GRID.c.code).where(of.c.code == code)
    place = connection.execute(query).first()
    if place is None:
        return ""
    county, township = place.county or task.county, place.township or task.township
    return "" if county == task.county and (op.tier == "C" or township == task.township) else code


def missing_forced(connection: Connection, task: TaskState, op: Op) -> str:
    """What a break-glass act names and is not there: what it sets, or the second person who answers for it."""
    field, value = op.body.get("field"), op.body.get("value")
    kind = op.body.get("holder_kind") or task.holder_kind or "member" if field == "holder" else field
    second = op.body.get("second")
    query = select(PERSON.c.code).where(PERSON.c.code == second, PERSON.c.active, PERSON.c.role != "member")
    if isinstance(second, str) and second and connection.execute(query).first() is None:
        return second
    return missing_party(connection, {"holder": value, "holder_kind": kind})


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
