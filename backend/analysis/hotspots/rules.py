"""The figures that hot grids are found by: dated data (``analysis/data/hotspots.toml``), never constants in code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import isnan
from typing import Any


@cache
def rules() -> Mapping[str, Any]:
    """The whole file."""
    text = files("backend.analysis").joinpath("data", "hotspots.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def network_of(kind: str) -> str:
    """The network that a kind of station belongs to; one that is named nowhere is its own."""
    for network in rules()["network"]:
        if kind in network["kinds"]:
            return str(network["name"])
    return kind


def kinds_of(network: str) -> tuple[str, ...]:
    """The kinds of station of a network."""
    for one in rules()["network"]:
        if one["name"] == network:
            return tuple(one["kinds"])
    return (network,)


def material(parameter: str, unit: str) -> float | None:
    """The excess that counts of a parameter, in its unit; None where no figure is known for it in this unit."""
    known = rules()["excess"].get(parameter)
    return float(known["value"]) if isinstance(known, Mapping) and known["unit"] == _plain(unit) else None


def _plain(unit: str) -> str:
    """A unit as the file writes it: packs write ``ug/m3``, or the Greek letter for the micro sign."""
    return unit.replace("\u03bc", "µ").replace("ug/", "µg/").replace("^3", "³").replace("m3", "m³")


def step_of(spacing: float, period: int) -> int:
    """The step 分析步长 in seconds for a network: the time air takes between stations, an hour at most.

    Args:
        spacing: metres; NaN counts as wide.
        period: seconds of the readings.
    """
    told = rules()["step"]
    wanted = told["choices"][-1] if isnan(spacing) else spacing / told["wind"]
    fit = [int(one) for one in told["choices"] if one <= max(wanted, told["choices"][0])]
    return max(fit[-1] // period * period, period)
