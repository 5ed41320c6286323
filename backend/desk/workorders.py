"""Work orders to the maintenance contractor: issue one, see how long its instrument is down, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select

from backend.alarms.tables import Alarm
from backend.city.tables import Parameter, Station
from backend.desk import acts
from backend.desk.desk import Desk
from backend.desk.naming import names
from backend.desk.scope import scope_of
from backend.desk.taskrows import TaskRow, rows_of
from backend.escalation.raising import raise_cause
from backend.store import table
from backend.tasks import workorders
from backend.tasks.rows import TASK, load
from backend.tasks.workorders import FAULT_OF_RULE, ORDER
from backend.words import Outcome

ALARM, STATION, PARAMETER = table(Alarm), table(Station), table(Parameter)
TYPE = "equipment"
"""The incident type of an instrument's fault, where an alarm's incident is of none."""


@dataclass(frozen=True, slots=True)
class WorkOrderRow:
    """A line of the list of work orders."""

    task: TaskRow
    contractor: str
    contractor_name: str
    fault: str
    """offline, flat, interference, instrument or other: ``task.fault.<it>``."""
    station: str
    station_name: str
    parameter: str
    down_since: int
    down_until: int | None
    """None while it is down."""
    down_seconds: int
    interference: bool
    interference_note: str


def issue_for_alarm(desk: Desk, alarm: int, *, note: str = "", interference: bool = False) -> Outcome:
    """Make the work order of an alarm's instrument and send it to its contractor: file, dispatch, all at once.

    The alarm counts as acknowledged. Where its incident has a work order already, nothing is made and the outcome names
    it. Values set by hand (rule ``tampering``) are suspected interference by themselves.
    """
    with desk.store.write() as connection:
        return of_alarm(connection, desk, alarm, note=note, interference=interference)


def of_alarm(
    connection: Connection, desk: Desk, alarm: int, *, note: str = "", interference: bool = False
) -> Outcome:
    """The same in the caller's transaction."""
    row = connection.execute(select(ALARM).where(ALARM.c.id == alarm)).first()
    if row is None:
        return Outcome.refused("desk.no_alarm")
    if row.station is None:
        return Outcome.refused("task.refused.no_station")
    body = {
        "type": TYPE,
        "grid": row.grid or row.township or row.county,
        "priority": row.priority,
        "incident": row.incident,
        "origin": "alarm",
    }
    fault = FAULT_OF_RULE.get(row.rule, "other")
    done = _issued(connection, desk, body, row.station, row.parameter, fault, row.began)
    if done.ok and done.message.code != "task.linked":
        acts.acknowledge_signal(connection, desk, row)
        if interference or fault == "interference":
            _suspect(connection, desk, str(done.data["task"]), note)
    return done


def issue_for_station(
    desk: Desk,
    station: str,
    *,
    fault: str,
    note: str = "",
    parameter: int | None = None,
    priority: str = "medium",
    since: int | None = None,
    interference: bool = False,
) -> Outcome:
    """Make a work order of what a person saw at a station; ``since`` is from when on its values do not count."""
    if fault not in workorders.FAULTS:
        return Outcome.refused("task.refused.reason", reason=fault, known=", ".join(workorders.FAULTS))
    with desk.store.write() as connection:
        row = connection.execute(select(STATION).where(STATION.c.code == station)).first()
        if row is None or not row.grid:
            return Outcome.refused("task.refused.no_station")
        body = {"type": TYPE, "grid": row.grid, "priority": priority, "origin": "patrol"}
        done = _issued(connection, desk, body, row.id, parameter, fault, desk.now if since is None else since)
        if done.ok and (interference or fault == "interference"):
            _suspect(connection, desk, str(done.data["task"]), note)
        return done


def interference(desk: Desk, task: str, note: str) -> Outcome:
    """Record suspected interference 疑似人为干扰 with an instrument: into the log of the task, and up to the city."""
    with desk.store.write() as connection:
        if not note.strip():
            return Outcome.refused("task.refused.missing", field="note")
        if connection.execute(select(ORDER.c.task).where(ORDER.c.task == task)).first() is None:
            return Outcome.refused("task.refused.no_work_order", task=task)
        noted = acts.act_in(connection, desk, task, "note", {"note": note})
        return _suspect(connection, desk, task, note) if noted.ok else noted


def restored(desk: Desk, task: str, at: int) -> Outcome:
    """Say since when an instrument works again, where no alarm tells it."""
    with desk.store.write() as connection:
        down = connection.execute(select(ORDER.c.down_from).where(ORDER.c.task == task)).scalar_one_or_none()
        if down is None:
            return Outcome.refused("task.refused.no_work_order", task=task)
        if not down <= at <= desk.now:
            return Outcome.refused("task.refused.schema", field="at", value=str(at))
        noted = acts.act_in(connection, desk, task, "note", {"note": "restored", "at": at})
        if not noted.ok:
            return noted
        workorders.restored(connection, task, at)
        return Outcome.done("task.done.restored", task=task, at=at)


def board(desk: Desk, *, over: bool = False, limit: int = 1000) -> list[WorkOrderRow]:
    """The work orders of the jurisdiction, those that are down longest first; with ``over`` also those that ended."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = select(ORDER.c.task).join(TASK, TASK.c.id == ORDER.c.task).where(scope.covers(TASK))
        if not over:
            query = query.where(TASK.c.closed.is_(None))
        ids = list(connection.execute(query.order_by(TASK.c.opened).limit(limit)).scalars())
        rows = _rows(connection, desk, ids)
    return sorted(rows, key=lambda row: (row.down_until is not None, -row.down_seconds))


def count(desk: Desk) -> int:
    """How many work orders are open in the jurisdiction."""
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        query = select(func.count()).select_from(ORDER.join(TASK, TASK.c.id == ORDER.c.task))
        return int(connection.execute(query.where(scope.covers(TASK), TASK.c.closed.is_(None))).scalar_one())


def of_task(desk: Desk, task: str) -> WorkOrderRow | None:
    """What a task is to the contractor; None where it is no work order."""
    with desk.store.read() as connection:
        return next(iter(_rows(connection, desk, [task])), None)


def _rows(connection: Connection, desk: Desk, tasks: list[str]) -> list[WorkOrderRow]:
    orders = {row.task: row for row in connection.execute(select(ORDER).where(ORDER.c.task.in_(tasks)))}
    if not orders:
        return []
    down = workorders.down_times(connection, orders, desk.now)
    numbers = [row.station for row in orders.values() if row.station is not None]
    stations = {
        row.id: row
        for row in connection.execute(
            select(STATION.c.id, STATION.c.code, STATION.c.name, STATION.c.name_en).where(
                STATION.c.id.in_(numbers)
            )
        )
    }
    parameters = {row.id: row.code for row in connection.execute(select(PARAMETER.c.id, PARAMETER.c.code))}
    called = names(connection, [row.contractor for row in orders.values()], desk.language)
    found = []
    for line in rows_of(connection, desk, [task for task in tasks if task in orders]):
        order, stretch = orders[line.id], down[line.id]
        place = stations.get(order.station)
        name = (
            ""
            if place is None
            else (place.name_en if desk.language == "en" and place.name_en else place.name)
        )
        found.append(
            WorkOrderRow(
                task=line,
                contractor=order.contractor,
                contractor_name=called.get(order.contractor, order.contractor),
                fault=order.fault,
                station="" if place is None else place.code,
                station_name=name,
                parameter=parameters.get(order.parameter, ""),
                down_since=stretch.since,
                down_until=stretch.until,
                down_seconds=stretch.seconds,
                interference=order.interference,
                interference_note=order.interference_note,
            )
        )
    return found


def _issued(
    connection: Connection,
    desk: Desk,
    body: Mapping[str, Any],
    station: int,
    parameter: int | None,
    fault: str,
    since: int,
) -> Outcome:
    """Propose, file and send to the contractor; refused whole where there is none to send to."""
    contractor = workorders.contractor_of(connection, station)
    if not contractor:
        return Outcome.refused("task.refused.no_contractor")
    place = connection.execute(select(STATION.c.name, STATION.c.name_en).where(STATION.c.id == station)).one()
    titled = {"station": place.name, "station_en": place.name_en or place.name, "fault": fault}
    full = {**body, "department": contractor, "title_code": "task.title.work_order", "title_args": titled}
    made = acts.make_task(connection, desk, full, file=True)
    if not made.ok or made.message.code == "task.linked":
        return made
    task = str(made.data["task"])
    workorders.make(
        connection,
        task,
        contractor=contractor,
        fault=fault,
        station=station,
        parameter=parameter,
        down_from=since,
    )
    to = {"holder": contractor, "holder_kind": "department", "department": contractor}
    sent = acts.act_in(connection, desk, task, "dispatch", to)
    # Where another tier must file it first it is a draft with its contractor named.
    return sent if sent.ok else replace(made, data={**made.data, "task": task})


def _suspect(connection: Connection, desk: Desk, task: str, note: str) -> Outcome:
    """Record it, and raise the task as the policy says for suspected falsification."""
    workorders.suspect_interference(connection, task, note)
    raise_cause(connection, task, "falsification", f"interference/{task}", desk.now, {"note": note})
    state = load(connection, task)
    level = state.level if state is not None else ""
    return Outcome.done("task.done.interference", task=task, level=level)
