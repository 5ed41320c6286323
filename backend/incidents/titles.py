"""An incident's title as a code and its arguments: names in both languages, so that either can be said."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from backend.alarms.machine import State
from backend.alarms.rules import PRIORITIES
from backend.alarms.standing import Standing
from backend.alarms.tables import Alarm
from backend.city.registry import City
from backend.store import table
from backend.words import entry
from backend.words.message import Scalar

ALARM = table(Alarm)
SHOWS = (State.UNACK.value, State.ACKED.value)
"""States of an alarm whose condition stands before people."""


def of_task(connection: Connection, incident: Any, alarm: Any = None) -> tuple[str, str]:
    """What a new task of an incident (its row) is called: its title's code, and the arguments as JSON.

    An incident keeps the name of the alarm that opened it, and a worse one may have joined it since: whoever is sent is
    sent for that one, or for the alarm (its row) that the task is made of. What a person has named keeps that name.
    """
    if incident.origin != "alarm" or incident.signal:
        return incident.title_code, incident.title_args
    named = alarm if alarm is not None else _worst(connection, incident.id)
    if named is None:
        return incident.title_code, incident.title_args
    code, args = title(City.read(connection), named)
    return code, json.dumps(args, ensure_ascii=False)


def _worst(connection: Connection, incident: str) -> Any:
    """The most urgent alarm that stands; of several what rings against an order, then the first: so lists lead."""
    query = select(ALARM).where(ALARM.c.incident == incident, ALARM.c.state.in_(SHOWS)).order_by(ALARM.c.id)
    return min(connection.execute(query), key=_rank, default=None)


def _rank(alarm: Any) -> tuple[int, bool]:
    urgency = PRIORITIES.index(alarm.priority) if alarm.priority in PRIORITIES else len(PRIORITIES)
    return urgency, not (alarm.evidence and json.loads(alarm.evidence).get("order"))


def title(city: City, alarm: Standing) -> tuple[str, dict[str, Scalar]]:
    """The title of an incident that an alarm opens."""
    args: dict[str, Scalar] = {"rule": alarm.rule, "feed": alarm.feed, "subject": alarm.subject}
    station = city.stations.get(alarm.station or 0)
    if station is not None:
        args["station"], args["station_en"] = station.name, station.name_en or station.name
    region = city.grids.get(alarm.county or alarm.grid)
    if region is not None:
        args["region"], args["region_en"] = region.name, region.name_en or region.name
    parameter = city.parameters.get(alarm.parameter or 0)
    if parameter is not None:
        # 细颗粒物 PM2.5: the short form is what is said at the desk.
        args["parameter"], args["parameter_en"] = (
            parameter.name.split()[-1],
            parameter.name_en or parameter.code,
        )
    code = f"incident.title.{alarm.rule}"
    return (code if entry(code, "zh") is not None else "incident.title.alarm"), args
