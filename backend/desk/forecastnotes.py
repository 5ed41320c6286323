"""What an issue rests on 预报依据: of what nothing came for a day, and whose values are in doubt, told with it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Select, func, select

from backend.city.tables import Parameter, Station, StationParameter
from backend.desk.desk import Desk
from backend.standards.flags import Flag
from backend.store import table
from backend.store.tables import Reading
from backend.words import Message

MEASURED, PARAMETER = table(StationParameter), table(Parameter)
READING, STATION = table(Reading), table(Station)
HOUR, DAY = 3600, 86400
SILENT = 90
"""Days back in which the newest value is looked for, of what nobody has said for a day."""
DOUBTED = 0.5
"""The share of a station's last day in doubt that a reader is told of."""
NAMED = 4
"""Stations that are named."""


def silences(desk: Desk, at: int, *, station: str = "", parameter: str = "") -> list[Message]:
    """What a reader of an issue from ``at`` must know: of what, and from whom, nothing came for a day, and whose values
    of the day were in doubt."""
    from backend.analysis.forecast.refreshing import known_names

    stations, units = known_names(desk.store)
    notes: list[Message] = []
    with desk.store.read() as conn:
        numbers = {
            row.id: row.code
            for row in conn.execute(select(STATION.c.id, STATION.c.code))
            if row.code in stations and station in ("", row.code)
        }
        measured = conn.execute(
            select(MEASURED.c.station, PARAMETER.c.id, PARAMETER.c.code)
            .join(PARAMETER, PARAMETER.c.id == MEASURED.c.parameter)
            .where(PARAMETER.c.code.in_(sorted(units)), MEASURED.c.station.in_(list(numbers)))
        ).all()
        for code in sorted({row.code for row in measured if parameter in ("", row.code)}):
            whose = {row.station for row in measured if row.code == code}
            number = next(row.id for row in measured if row.code == code)
            spoke = set(conn.execute(_heard(number, whose, at - DAY, at)).scalars())
            notes += _doubted(conn, code, number, {one: numbers[one] for one in whose}, at)
            if spoke and len(spoke) < len(whose):
                told = {"parameter": code, "count": len(whose - spoke), "of": len(whose)}
                notes.append(Message("forecast.note.stations", told))
            elif not spoke:
                newest = conn.execute(
                    select(func.max(READING.c.start)).where(*_valid(number, whose, at - SILENT * DAY, at))
                ).scalar_one_or_none()
                if newest is None:
                    notes.append(Message("forecast.note.never", {"parameter": code, "days": SILENT}))
                else:
                    told = {"parameter": code, "hours": (at - newest) // HOUR}
                    notes.append(Message("forecast.note.silent", told))
    return notes


def _doubted(conn: Connection, code: str, parameter: int, stations: dict[int, str], at: int) -> list[Message]:
    """Stations whose last day is in doubt for the greater part: their forecast follows what they said."""
    flags = conn.execute(
        select(READING.c.station, READING.c.flag, func.count())
        .where(*_valid(parameter, set(stations), at - DAY, at))
        .group_by(READING.c.station, READING.c.flag)
    ).all()
    doubted: dict[int, int] = {}
    every: dict[int, int] = {}
    for station, flag, count in flags:
        every[station] = every.get(station, 0) + count
        doubted[station] = doubted.get(station, 0) + (count if flag == Flag.SUSPECT else 0)
    found = sorted(stations[one] for one, count in every.items() if doubted[one] >= DOUBTED * count)
    if not found:
        return []
    named = ", ".join(found[:NAMED]) + (" ..." if len(found) > NAMED else "")
    told: dict[str, str | int] = {"parameter": code, "count": len(found), "stations": named}
    return [Message("forecast.note.doubted", told)]


def _heard(parameter: int, stations: set[int], since: int, until: int) -> Select[tuple[int]]:
    return select(READING.c.station).where(*_valid(parameter, stations, since, until)).distinct()


def _valid(parameter: int, stations: set[int], since: int, until: int) -> list[ColumnElement[bool]]:
    return [
        READING.c.start >= since,
        READING.c.start < until,
        READING.c.parameter == parameter,
        READING.c.station.in_(sorted(stations)),
        READING.c.flag <= Flag.SUSPECT,
        # What is below nothing says nothing.
        READING.c.value >= 0,
    ]
