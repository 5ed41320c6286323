"""The tasks that a person makes: of an alarm, an incident, a call, an order from above; and every other act to a task.

The acts themselves are in `backend.desk.acting`, where the one judge is asked; they are called by the names here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from backend import alarms
from backend.access import may
from backend.alarms.acts import acknowledge_many
from backend.alarms.tables import Alarm
from backend.city.registry import City
from backend.city.tables import Grid
from backend.desk.acting import act as act
from backend.desk.acting import act_all as act_all
from backend.desk.acting import act_in as act_in
from backend.desk.acting import claim as claim
from backend.desk.acting import file_and_dispatch as file_and_dispatch
from backend.desk.acting import judged as judged
from backend.desk.acting import operation
from backend.desk.acting import recall as recall
from backend.desk.acting import release as release
from backend.desk.desk import Desk
from backend.desk.leading import leading
from backend.escalation.plan import plan
from backend.incidents import Intake, report_by_person, titles
from backend.incidents import evidence as references
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks.apply import apply
from backend.tasks.ops import by_system
from backend.tasks.tables import Task
from backend.tasks.workorders import FAULT_OF_RULE, contractor_of
from backend.tasks.workorders import make as make_order
from backend.words import Outcome

ALARM, GRID, INCIDENT = table(Alarm), table(Grid), table(Incident)
TASK = table(Task)
WAITING = ("UNACK", "RTN_UNACK")


def from_alarm(desk: Desk, alarm: int, *, file: bool = True, op_id: str = "") -> Outcome:
    """Make a task of an alarm's incident. The alarm counts as acknowledged, with the others of its station there.

    Where the incident has an open task already, nothing is made and the outcome names that task.

    Args:
        file: file it at once (研判立项), where the person may and nothing must be confirmed first.
    """
    with desk.store.write() as connection:
        row = connection.execute(select(ALARM).where(ALARM.c.id == alarm)).first()
        if row is None:
            return Outcome.refused("desk.no_alarm")
        made = of_alarm(connection, desk, row, file=file, op_id=op_id)
        if made.ok:
            acknowledge_signal(connection, desk, row)
        return made


def of_alarm(
    connection: Connection, desk: Desk, alarm: Any, *, file: bool = True, op_id: str = ""
) -> Outcome:
    """Make the task of an alarm's (its row's) incident in the caller's transaction, and acknowledge nothing."""
    incident = connection.execute(select(INCIDENT).where(INCIDENT.c.id == alarm.incident)).first()
    if incident is None:
        return Outcome.refused("desk.alarm_alone")
    body = _of_incident(connection, desk, incident, alarm)
    body["grid"] = alarm.grid or body["grid"]
    body["suspect"] = bool(alarm.suspect)
    keeper = ""
    if alarm.rule in FAULT_OF_RULE and alarm.station is not None:
        # An instrument's fault is its contractor's, whatever key it was sent by.
        keeper = contractor_of(connection, alarm.station)
        body |= {"department": keeper, "co_departments": ""} if keeper else {}
    made = make_task(connection, desk, body, file=file, op=op_id)
    if keeper and made.ok and made.message.code != "task.linked":
        make_order(
            connection,
            str(made.data["task"]),
            contractor=keeper,
            fault=FAULT_OF_RULE[alarm.rule],
            station=alarm.station,
            parameter=alarm.parameter,
            down_from=alarm.began,
        )
    if made.ok and made.message.code != "task.linked":
        _order_as_evidence(connection, desk, alarm, str(made.data["task"]))
    return made


def _order_as_evidence(connection: Connection, desk: Desk, alarm: Any, task: str) -> None:
    """The order against which an alarm rang 管控令 goes with whoever is sent."""
    seen = msgspec.json.decode(alarm.evidence or "{}")
    order = str(seen.get("order") or "") if isinstance(seen, dict) else ""
    if order:
        references.add(
            connection,
            [order],
            zone=desk.zone,
            by=desk.actor.person,
            at=desk.now,
            incident=alarm.incident,
            task=task,
            kind="document",
            note=str(seen.get("order_title") or ""),
            stance="for",
        )


def from_incident(desk: Desk, incident: str, *, file: bool = True, op_id: str = "") -> Outcome:
    """Make a task of an incident; see `from_alarm`."""
    with desk.store.write() as connection:
        return of_incident(connection, desk, incident, file=file, op_id=op_id)


def propose(
    desk: Desk,
    *,
    type: str,  # noqa: A002 - the field's own word
    grid: str,
    text: str = "",
    priority: str = "",
    channel: str = "phone",
    number: str = "",
    caller: str = "",
    caller_phone: str = "",
    op_id: str = "",
) -> Outcome:
    """A person starts it: an incident from a call, a complaint, a patrol or an order, and its task, filed at once.

    Args:
        type: the code of an incident type.
        grid: where; below level 3 or at it, so that the task has its township.
        priority: that of the type where empty.
        channel: phone, 12345, patrol, camera or leader.
    """
    intake = Intake(
        type,
        channel,
        grid,
        text=text,
        priority=priority,
        number=number,
        caller=caller,
        caller_phone=caller_phone,
    )
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "incident.report", grid)
        if refusal is not None:
            return Outcome(False, refusal)
        reported = report_by_person(
            connection, City.read(connection), intake, actor=desk.actor.person, now=desk.now
        )
        if not reported.ok:
            return reported
        name = str(reported.data["incident"])
        row = connection.execute(select(INCIDENT).where(INCIDENT.c.id == name)).one()
        made = make_task(connection, desk, _of_incident(connection, desk, row), file=True, op=op_id)
        return replace(made, data={**made.data, "incident": name})


def of_order(
    connection: Connection,
    desk: Desk,
    *,
    order: str,
    grid: str,
    due: int,
    title: str,
    title_en: str = "",
    type: str = "order",  # noqa: A002 - the field's own word
    priority: str = "high",
    department: str = "",
    incident: str = "",
    op_id: str = "",
) -> Outcome:
    """Make the supervised task of an order from above 上级交办, in the caller's transaction; filed where it may be.

    Its TOTAL clock ends at ``due``; the level that answers is the centre's of ``grid`` (a county's order stays with the
    county). Where the order has an open task in this grid already, that one is named.

    Args:
        order: the order's code.
        title: what was ordered, as it is written.
        title_en: the same in English, where the product wrote it.
        due: until when it must be carried out; refused where it has passed.
    """
    body: dict[str, Any] = {
        "order": order,
        "due": due,
        "grid": grid,
        "type": type,
        "priority": priority,
        "incident": incident,
        "origin": "order",
        "title_code": "task.title.order.both" if title_en else "task.title.order",
        "title_args": {"order": order, "title": title, **({"title_en": title_en} if title_en else {})},
        **({"department": department} if department else _charged(connection, desk, type)),
    }
    return make_task(connection, desk, body, file=True, op=op_id)


def of_incident(
    connection: Connection,
    desk: Desk,
    incident: str,
    *,
    file: bool = True,
    op_id: str = "",
    system: str = "",
) -> Outcome:
    """Make the task of an incident in the caller's transaction; see `from_incident`.

    Args:
        system: the operation's id where nobody's hand makes it, as of a case that is imported: it waits to be triaged.
    """
    row = connection.execute(select(INCIDENT).where(INCIDENT.c.id == incident)).first()
    if row is None:
        return Outcome.refused("desk.no_incident", incident=incident)
    if system:
        op = by_system("propose", "", system, _of_incident(connection, desk, row))
        return apply(connection, op, desk.now, planner=plan)
    made = make_task(connection, desk, _of_incident(connection, desk, row), file=file, op=op_id)
    if made.ok and made.message.code != "task.linked":
        # Whoever works on the incident has seen what rang for it.
        waiting = select(ALARM.c.id).where(ALARM.c.incident == incident, ALARM.c.state.in_(WAITING))
        numbers = list(connection.execute(waiting).scalars())
        acknowledge_many(connection, numbers, actor=desk.actor.person, now=desk.now)
    return made


def order_due(connection: Connection, desk: Desk, order: str, due: int) -> list[Outcome]:
    """Move the due time of an order's open tasks, in the caller's transaction, once the order was amended."""
    query = select(TASK.c.id).where(TASK.c.order_code == order, TASK.c.closed.is_(None)).order_by(TASK.c.id)
    name = f"sys:redue:{order}:{due}:{desk.now}"
    return [
        apply(connection, by_system("redue", task, f"{name}:{task}", {"due": due}), desk.now, planner=plan)
        for task in connection.execute(query).scalars()
    ]


def _of_incident(connection: Connection, desk: Desk, row: Any, alarm: Any = None) -> dict[str, Any]:
    """What a task of an incident begins with; the type says who leads and who helps, the alarm what it is called."""
    code, args = titles.of_task(connection, row, alarm)
    return {
        **_charged(connection, desk, row.type),
        "incident": row.id,
        "type": row.type,
        "grid": row.grid or row.township or row.county,
        "priority": row.priority,
        "title_code": code,
        "title_args": args,
        "origin": row.origin,
    }


def _charged(connection: Connection, desk: Desk, type_: str) -> dict[str, str]:
    """The lead 主办 and the co-handling departments 协办 of a type, as a proposal says them."""
    found = leading(connection, desk, type_)
    return {"department": found.lead, "co_departments": "|".join(found.co)}


def acknowledge_signal(connection: Connection, desk: Desk, alarm: Any) -> None:
    """Acknowledge an alarm (its row) with the others that wait at its station for the same incident."""
    for one in _same_signal(connection, alarm):
        alarms.acknowledge(connection, one, actor=desk.actor.person, now=desk.now)


def _same_signal(connection: Connection, alarm: Any) -> list[int]:
    """The alarms that wait at the same station for the same incident: whoever sends somebody has seen them all."""
    query = select(ALARM.c.id).where(
        ALARM.c.incident == alarm.incident, ALARM.c.station == alarm.station, ALARM.c.state.in_(WAITING)
    )
    return sorted({*connection.execute(query).scalars(), *([alarm.id] if alarm.state in WAITING else [])})


def _has_township(connection: Connection, grid: str) -> bool:
    return bool(connection.execute(select(GRID.c.township).where(GRID.c.code == grid)).scalar_one_or_none())


def make_task(
    connection: Connection, desk: Desk, body: Mapping[str, Any], *, file: bool, op: str = ""
) -> Outcome:
    """Propose a task, and file it where that can be done at once."""
    proposal = operation(desk, "", "propose", body, "", "", op)
    made = judged(connection, desk, proposal)
    settled = body.get("order") or _has_township(connection, str(body["grid"]))
    fileable = file and not body.get("suspect") and settled
    if not made.ok or made.message.code == "task.linked" or not fileable:
        return made
    task, version = str(made.data["task"]), made.data.get("version")
    filing = operation(desk, task, "file", {}, "", "", f"{proposal.id}:file")
    filed = judged(connection, desk, replace(filing, version=version if isinstance(version, int) else None))
    # A draft that another tier must file is still a task.
    return filed if filed.ok else made
