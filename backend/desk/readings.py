"""Readings of one station, for lists and for programs."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text

from backend.city.tables import Parameter, Station, StationParameter
from backend.desk.desk import Desk
from backend.store import table
from backend.store.tables import Latest

PARAMETER, STATION, MEASURED = table(Parameter), table(Station), table(StationParameter)
LATEST = table(Latest)
_SPAN = 31 * 86400


class ReadingLine(NamedTuple):
    """A stored reading with its parameter's words."""

    start: int
    parameter: str
    value: float | None
    unit: str
    qualifier: str
    flag: int
    reason: str
    revision: int
    period: int


_BY_HOURS = text(
    "SELECT start, parameter, value, qualifier, flag, reason, revision, period FROM reading "
    "WHERE start IN :starts AND station = :station"
).bindparams(bindparam("starts", expanding=True))
_BY_RANGE = text(
    "SELECT start, parameter, value, qualifier, flag, reason, revision, period FROM reading "
    "WHERE start >= :since AND start < :until AND station = :station"
)


def parameters_of(desk: Desk, code: str) -> list[str]:
    """What a station measures, in the city's order of parameters."""
    query = (
        select(PARAMETER.c.code)
        .join(MEASURED, MEASURED.c.parameter == PARAMETER.c.id)
        .join(STATION, STATION.c.id == MEASURED.c.station)
        .where(STATION.c.code == code)
        .order_by(PARAMETER.c.id)
    )
    with desk.store.read() as connection:
        return list(dict.fromkeys(connection.execute(query).scalars()))


def of_station(
    desk: Desk, code: str, since: int, until: int, *, parameter: str = ""
) -> list[ReadingLine] | None:
    """The readings of a station in ``[since, until)``, oldest first; None where there is no such station.

    Readings lie by time, so those of one station are asked for by their hours where the span is a month or less
    (0.5 ms instead of a walk over every station's).
    """
    with desk.store.read() as connection:
        station = connection.execute(select(STATION.c.id).where(STATION.c.code == code)).scalar_one_or_none()
        if station is None:
            return None
        parameters = {row.id: row for row in connection.execute(select(PARAMETER))}
        periods = set(
            connection.execute(select(MEASURED.c.period).where(MEASURED.c.station == station)).scalars()
        )
        if periods and until - since <= _SPAN and min(periods) >= 900:
            starts = sorted(_starts(connection, station, periods, since, until))
            rows = [
                row
                for first in range(0, len(starts), 500)
                for row in connection.execute(
                    _BY_HOURS, {"starts": starts[first : first + 500], "station": station}
                )
            ]
        else:
            answer = connection.execute(_BY_RANGE, {"since": since, "until": until, "station": station})
            rows = list(answer)
    lines = [
        ReadingLine(
            row.start,
            parameters[row.parameter].code,
            row.value,
            parameters[row.parameter].unit,
            row.qualifier,
            row.flag,
            row.reason,
            row.revision,
            row.period,
        )
        for row in rows
        if row.parameter in parameters and (not parameter or parameters[row.parameter].code == parameter)
    ]
    return sorted(lines, key=lambda line: (line.start, line.parameter, line.period))


def _starts(connection: Connection, station: int, periods: set[int], since: int, until: int) -> set[int]:
    """When a station's readings begin: by its newest of each period, which may lie beside UTC's hours."""
    newest = connection.execute(
        select(LATEST.c.period, func.max(LATEST.c.start))
        .where(LATEST.c.station == station)
        .group_by(LATEST.c.period)
    )
    begins = {row[0]: row[1] // 900 * 900 for row in newest}
    return {
        at
        for period in periods
        for at in range(since + (begins.get(period, 0) - since) % period, until, period)
    }
