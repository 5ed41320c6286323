"""Optical instruments 光学法 in humid air 高湿: droplets scatter light as dust does."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from sqlalchemy import Connection

from backend.analysis.checks.block import Block
from backend.analysis.checks.moves import Floats, Marks
from backend.analysis.checks.numbers import Numbers
from backend.city.geometry import distance_km
from backend.city.registry import City, StationRow
from backend.clock import begun
from backend.quality.reasons import FOG, HUMID
from backend.store.reading_rows import all_of

_LONGEST = 4 * 3600


def optical(city: City, numbers: Numbers) -> frozenset[str]:
    """The kinds of station whose particles are counted by light: the pack's, else the product's."""
    own = json.loads(city.facts.get("optical_kinds") or "null")
    return frozenset(numbers.humid["kinds"] if own is None else map(str, own))


def humidity_for(connection: Connection, city: City, block: Block, numbers: Numbers) -> Floats:
    """The relative humidity 相对湿度 that holds for each value of a block (T, S); NaN where nobody near tells.

    Only for optical stations: their own, else the nearest station's that has one.
    """
    found = np.full((len(block.times), len(block.stations)), np.nan)
    parameter = city.parameter(numbers.humid["humidity"])
    kinds = optical(city, numbers)
    columns = [column for column, row in enumerate(block.stations) if row.kind in kinds]
    if parameter is None or not columns or not len(block.times):
        return found
    read: defaultdict[int, dict[tuple[int, int], float]] = defaultdict(dict)
    rows = all_of(
        connection,
        f"SELECT start, period, station, value FROM reading WHERE start > {block.times[0] - _LONGEST:d} "
        f"AND start <= {block.times[-1]:d} AND parameter = {parameter.id:d} AND flag < 4 AND value IS NOT NULL",
    )
    for start, period, station, value in rows:
        read[station][start, period] = value
    tellers = [row for number in sorted(read) if (row := city.stations.get(number)) is not None]
    zone, begins = city.zone, dict[int, list[int]]()
    for column in columns:
        teller = _teller(block.stations[column], tellers, numbers.humid["within_km"])
        if teller is not None:
            told = read[teller]
            lengths = sorted({period for _, period in told})
            for length in lengths:
                if length not in begins:
                    begins[length] = [begun(int(start), length, zone) for start in block.times]
            for at in range(len(block.times)):
                # The finest that covers the value's beginning.
                covering = (told.get((begins[length][at], length)) for length in lengths)
                found[at, column] = next((value for value in covering if value is not None), np.nan)
    return found


def _teller(station: StationRow, tellers: list[StationRow], within: float) -> int | None:
    if any(one.id == station.id for one in tellers):
        return station.id
    if station.lon is None or station.lat is None:
        return None
    far = [
        (distance_km(station.lon, station.lat, one.lon, one.lat), one.id)
        for one in tellers
        if one.lon is not None and one.lat is not None
    ]
    best = min(far, default=None)
    return best[1] if best is not None and best[0] <= within else None


def damp(block: Block, humidity: Floats, numbers: Numbers) -> Mapping[str, Mapping[str, Marks]]:
    """Which particles were counted in humid air, and which in fog; by parameter and code."""
    rule = numbers.humid
    found = {}
    for code in rule["parameters"]:
        if code in block.values:
            there = np.isfinite(block.values[code])
            with np.errstate(invalid="ignore"):
                fog = there & (humidity >= rule["fog"])
                found[code] = {FOG: fog, HUMID: there & ~fog & (humidity >= rule["humid"])}
    return found
