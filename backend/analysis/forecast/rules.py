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
    """The air stations 空气站 of a city: placed, in service, and of no kind that measures something else."""
    left_out = rules()["scope"]["kinds_left_out"]
    return tuple(
        row
        for _number, row in sorted(city.stations.items())
        if row.placed and row.in_service and row.kind not in left_out and row.lon is not None
    )


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
