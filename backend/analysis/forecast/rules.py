"""The figures that forecasts are made with: dated data (``analysis/data/forecast.toml``), never constants in code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from backend.city.registry import City, ParameterRow, StationRow


@cache
def rules() -> Mapping[str, Any]:
    """The whole file."""
    text = files("backend.analysis").joinpath("data", "forecast.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def stations(city: City) -> tuple[StationRow, ...]:
    """The air stations 空气站 of a city: placed, in service, of no kind that measures something else, and with readings
    that are fine enough for hours."""
    return tuple(row for row in _air(city) if step_of(city, row) <= int(rules()["cadence"]["coarsest"]))


def too_coarse(city: City) -> Mapping[str, int]:
    """The air stations that have no forecast since they say too little of hours: code to seconds of a reading."""
    most = int(rules()["cadence"]["coarsest"])
    return {row.code: step for row in _air(city) if (step := step_of(city, row)) > most}


def _air(city: City) -> tuple[StationRow, ...]:
    left_out = rules()["scope"]["kinds_left_out"]
    return tuple(
        row
        for _number, row in sorted(city.stations.items())
        if row.placed and row.in_service and row.kind not in left_out and row.lon is not None
    )


def step_of(city: City, station: StationRow) -> int:
    """Seconds of a station's finest declared readings of a concentration; 0 where none are declared."""
    unused = rules()["scope"]["units_left_out"]
    declared = (
        measure.period
        for measure in city.measures.get(station.id, ())
        if (row := city.parameters.get(measure.parameter)) is not None and row.unit not in unused
    )
    return min((period for period in declared if period > 0), default=0)


def parameters(city: City) -> tuple[ParameterRow, ...]:
    """The concentrations that these stations measure, in order of number."""
    scope = rules()["scope"]
    measured = {
        measure.parameter for station in stations(city) for measure in city.measures.get(station.id, ())
    }
    return tuple(
        row
        for number, row in sorted(city.parameters.items())
        if (number in measured or not measured)
        and row.unit not in scope["units_left_out"]
        and row.code not in scope["parameters_left_out"]
    )
