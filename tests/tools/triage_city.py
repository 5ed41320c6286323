"""Alarms put into the small city as the rules would, each with its incident: what the triage desk is tried on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from backend.alarms.tables import Alarm, AlarmAct
from backend.city.tables import Department, Grid, Parameter, Station
from backend.desk.desk import Desk
from backend.incidents.tables import Incident
from backend.store import table

ALARM, INCIDENT, STATION = table(Alarm), table(Incident), table(Station)
COUNTY = "990001"


def alarm_at(
    desk: Desk,
    station: str,
    *,
    rule: str = "exceedance",
    parameter: str = "pm25",
    type: str = "air_quality",  # noqa: A002 - the field's own word
    minutes: int = 10,
    incident: str = "",
    key: str = "",
    priority: str = "high",
    suspect: bool = False,
    value: float = 420.0,
) -> int:
    """One alarm that waits, presented so many minutes ago, with its incident; gives its number.

    Args:
        station: its code; empty for one of the whole county.
        incident: the incident's number; one of its own where empty.
    """
    with desk.store.write() as connection:
        place: Any = connection.execute(select(STATION).where(STATION.c.code == station)).first()
        county = connection.execute(select(table(Grid)).where(table(Grid).c.code == COUNTY)).first()
        at = place if place is not None else county
        assert at is not None
        named = table(Parameter)
        number = connection.execute(select(named.c.id).where(named.c.code == parameter)).scalar_one()
        presented = desk.now - minutes * 60
        grid = place.grid if place is not None else COUNTY
        lies = {"county": at.county, "township": at.township if place is not None else "", "grid": grid}
        name = incident or f"I-{station or 'county'}-{parameter}"
        known = connection.execute(select(INCIDENT.c.id).where(INCIDENT.c.id == name)).first()
        if known is None:
            connection.execute(
                insert(INCIDENT).values(
                    id=name, type=type, state="open", priority=priority, title_code=f"rule.{rule}",
                    title_args="{}", place=at.name, lon=at.lon, lat=at.lat, opened=presented, last=desk.now,
                    station=place.id if place is not None else None, parameter=number,
                    source=place.source if place is not None else "", regional=place is None, **lies,
                )
            )  # fmt: skip
        hour = desk.now // 3600 * 3600 - 3600
        made = connection.execute(
            insert(ALARM)
            .values(
                key=key or f"{rule}/{station}/{parameter}", rule=rule, rule_version=1, state="UNACK",
                priority=priority, station=place.id if place is not None else None, parameter=number,
                source=place.source if place is not None else "", began=hour, presented=presented, last=hour,
                value=value, peak=value, threshold=115.0, incident=name, suspect=suspect, evidence="{}", **lies,
            )
            .returning(ALARM.c.id)
        ).scalar_one()  # fmt: skip
        connection.execute(
            insert(table(AlarmAct)).values(
                alarm=made, at=presented, act="raise", from_state="NORM", to_state="UNACK"
            )
        )
    return int(made)


def contractor(desk: Desk) -> None:
    """Give the city a maintenance contractor 运维单位."""
    with desk.store.write() as connection:
        connection.execute(
            insert(table(Department)).values(
                code="YW1",
                name="样城运维公司",
                name_en="Sample Upkeep",
                phone="0530-1000001",
                kind="contractor",
            )
        )
