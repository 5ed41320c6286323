"""Which stations measure only some of what the AQI is made of: what is never measured there is not missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from backend.city.tables import Parameter, Station, StationParameter
from backend.desk.judging import AIR_KINDS, INPUTS
from backend.store import table

MEASURED, PARAMETER, STATION = table(StationParameter), table(Parameter), table(Station)


def unmonitored(connection: Connection, *conditions: Any) -> Mapping[int, frozenset[str]]:
    """What the air stations that fulfil the conditions never measure of `INPUTS`, by station.

    Those that measure all of it are absent, and so are those that only a feed knows: nobody has said what they do.
    """
    told = (
        select(MEASURED.c.station, PARAMETER.c.code)
        .join(PARAMETER, PARAMETER.c.id == MEASURED.c.parameter)
        .join(STATION, STATION.c.id == MEASURED.c.station)
        .where(STATION.c.kind.in_(sorted(AIR_KINDS)), *conditions)
    )
    inputs = told.where(PARAMETER.c.code.in_(sorted(INPUTS))).subquery()
    whole = (
        select(inputs.c.station)
        .group_by(inputs.c.station)
        .having(func.count(inputs.c.code.distinct()) == len(INPUTS))
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for station, code in connection.execute(told.where(MEASURED.c.station.not_in(whole))):
        found[station].add(code)
    return {station: INPUTS - codes for station, codes in found.items()}
