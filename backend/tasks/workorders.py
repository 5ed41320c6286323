"""Work orders 运维工单: what a task is to the maintenance contractor, and how long the instrument was down.

An instrument's fault is no grid member's business: its task goes to the contractor that keeps the station, by clocks of
its own. The down-time is counted from the alarms of the fault, from the first period that shows it until it cleared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from backend.alarms.tables import Alarm
from backend.city.tables import Department, Station
from backend.incidents.tables import Incident
from backend.store import table
from backend.tasks import tables
from backend.tasks.arbitration import Act
from backend.tasks.ops import by_system
from backend.tasks.rows import TASK
from backend.tasks.taskstate import TaskState
from backend.text import clean

ORDER, ALARM, INCIDENT = table(tables.WorkOrder), table(Alarm), table(Incident)
DEPARTMENT, STATION = table(Department), table(Station)
CONTRACTOR: Final = "contractor"
FAULTS: Final = ("offline", "flat", "interference", "instrument", "other")
FAULT_OF_RULE: Final[Mapping[str, str]] = {
    "offline": "offline",
    "flat_line": "flat",
    "tampering": "interference",
    "inversion": "instrument",
    "instrument": "instrument",
    "late": "offline",
}
"""What an alarm's rule says of the instrument; others are ``other``."""


@dataclass(frozen=True, slots=True)
class Down:
    """How long an instrument says nothing that counts."""

    since: int
    until: int | None
    """None while it is down."""
    seconds: int


def contractor_of(connection: Connection, station: int | None) -> str:
    """Who keeps a station: the one that the pack names, else the city's only contractor; empty where none is known."""
    if station is not None:
        own = connection.execute(
            select(STATION.c.maintainer)
            .join(DEPARTMENT, DEPARTMENT.c.code == STATION.c.maintainer)
            .where(STATION.c.id == station, DEPARTMENT.c.in_service)
        ).scalar_one_or_none()
        if own:
            return str(own)
    found = contractors(connection)
    return found[0] if len(found) == 1 else ""


def contractors(connection: Connection) -> list[str]:
    """The contractors in service."""
    query = select(DEPARTMENT.c.code).where(DEPARTMENT.c.kind == CONTRACTOR, DEPARTMENT.c.in_service)
    return list(connection.execute(query.order_by(DEPARTMENT.c.code)).scalars())


def make(
    connection: Connection,
    task: str,
    *,
    contractor: str,
    fault: str,
    station: int | None,
    parameter: int | None,
    down_from: int,
    interference: bool = False,
    note: str = "",
) -> None:
    """Write what the task of a work order is about."""
    connection.execute(
        insert(ORDER).values(
            task=task,
            contractor=contractor,
            fault=fault if fault in FAULTS else "other",
            station=station,
            parameter=parameter,
            down_from=down_from,
            interference=interference,
            interference_note=clean(note, limit=500, lines=5),
        )
    )


def hand_over(connection: Connection, task: TaskState, types: Sequence[str], act: Act) -> None:
    """移交运维: what was found is the instrument's, so a work order is drafted, for a seat to look at and send."""
    if not types or task.type in types:
        return
    place = connection.execute(
        select(INCIDENT.c.station, INCIDENT.c.parameter, STATION.c.name, STATION.c.name_en)
        .outerjoin(STATION, STATION.c.id == INCIDENT.c.station)
        .where(INCIDENT.c.id == task.incident)
    ).one_or_none()
    station, parameter = (None, None) if place is None else (place.station, place.parameter)
    name, name_en = ("", "") if place is None else (place.name or "", place.name_en or place.name or "")
    keeper = contractor_of(connection, station)
    body = {
        "type": types[0],
        "grid": task.grid,
        "priority": "medium",
        "incident": task.incident,
        "department": keeper,
        "origin": "task",
        "title_code": "task.title.work_order",
        "title_args": {"station": name, "station_en": name_en, "fault": "other"},
    }
    made = act(by_system("propose", "", f"sys:workorder:{task.id}:{task.version}", body))
    if made.ok and made.message.code != "task.linked":
        make(
            connection,
            str(made.data["task"]),
            contractor=keeper,
            fault="other",
            station=station,
            parameter=parameter,
            down_from=task.opened,
        )


def suspect_interference(connection: Connection, task: str, note: str) -> bool:
    """Record that somebody may have tampered with the instrument 疑似人为干扰; False where there is no such order."""
    done = connection.execute(
        update(ORDER)
        .where(ORDER.c.task == task)
        .values(interference=True, interference_note=clean(note, limit=500, lines=5))
    )
    return done.rowcount == 1


def restored(connection: Connection, task: str, at: int) -> bool:
    """A person says since when it works again, where no alarm tells it."""
    done = connection.execute(
        update(ORDER).where(ORDER.c.task == task, ORDER.c.down_from <= at).values(down_to=at)
    )
    return done.rowcount == 1


def down_times(connection: Connection, tasks: Iterable[str], now: int) -> dict[str, Down]:
    """The down-time of each work order's instrument; tasks that are no work orders are missing."""
    wanted = sorted(set(tasks))
    orders = connection.execute(
        select(
            ORDER.c.task, ORDER.c.station, ORDER.c.down_from, ORDER.c.down_to, TASK.c.incident, TASK.c.closed
        )
        .join(TASK, TASK.c.id == ORDER.c.task)
        .where(ORDER.c.task.in_(wanted))
    ).all()
    incidents = sorted({order.incident for order in orders if order.incident})
    alarms = connection.execute(
        select(ALARM.c.incident, ALARM.c.station, ALARM.c.began, ALARM.c.cleared, ALARM.c.state).where(
            ALARM.c.incident.in_(incidents)
        )
    ).all()
    found: dict[str, Down] = {}
    for order in orders:
        mine = [a for a in alarms if a.incident == order.incident and a.station in (order.station, None)]
        since = min([order.down_from, *(alarm.began for alarm in mine)])
        standing = any(alarm.cleared is None and alarm.state != "NORM" for alarm in mine)
        ends = [alarm.cleared for alarm in mine if alarm.cleared is not None]
        until = order.down_to if order.down_to is not None else order.closed
        if order.down_to is None and mine:
            until = None if standing or not ends else max(ends)
        found[order.task] = Down(since, until, max(0, (now if until is None else until) - since))
    return found
