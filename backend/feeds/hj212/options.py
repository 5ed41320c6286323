"""The settings of an HJ 212 source: its zone, its units, its own codes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from backend.feeds.fault import RecordError
from backend.feeds.options import Table
from backend.feeds.times import TimeLabel
from backend.feeds.units import Conversion, Parameters


@dataclass(frozen=True)
class Factor:
    """What a code stands for, and how its value becomes ours."""

    parameter: str
    conversion: Conversion


@dataclass(frozen=True)
class Command:
    """A command that carries values."""

    name: str
    period: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Hj212Options:
    """All of it."""

    time: TimeLabel
    periods: Mapping[str, int]
    """Seconds of ``instant``, ``minute``, ``hour`` and ``day``."""
    factors: Mapping[str, Factor]
    devices: Mapping[str, Mapping[str, Factor]]
    """By MN: what one device calls differently."""
    ignore: frozenset[str]
    kinds: Mapping[str, str]
    commands: Mapping[str, Command]

    def factor(self, device: str, code: str) -> Factor | None:
        """What ``code`` stands for when ``device`` says it."""
        own = self.devices.get(device, {})
        return own.get(code) or self.factors.get(code) or self.factors.get(code.upper())


@cache
def code_table() -> dict[str, Any]:
    """``data/hj212.toml``."""
    return tomllib.loads((files("backend.feeds") / "data" / "hj212.toml").read_text("utf-8"))


def read_options(table: Table, parameters: Parameters) -> Hj212Options:
    """Read and check; faults are noted in ``table``.

    Keys: ``zone``; ``units`` ("ambient" or "annex"); ``minute`` and ``instant`` (seconds); ``ignore``;
    ``[unit]`` code to unit; ``[codes.X]`` with parameter and unit; ``[device.MN]`` with the same two
    tables for one device; ``[kinds]`` ST to station kind.
    """
    base = table.choice("units", ("ambient", "annex"), "ambient")
    factors = _base(base, parameters)
    units = table.texts("unit")
    _units(table, "unit", units, factors, parameters)
    _codes(table, factors, parameters)
    devices = {}
    for device, inner in table.named("device").items():
        own: dict[str, Factor] = {}
        _units(inner, "unit", inner.texts("unit"), own, parameters)
        _codes(inner, own, parameters)
        inner.finish()
        devices[device] = own
    commands = {
        code: Command(row["name"], row["period"], tuple(row["values"]))
        for code, row in code_table()["commands"].items()
    }
    return Hj212Options(
        time=TimeLabel(table.zone("zone", parameters.zone), "start", "iso"),
        periods={
            "instant": table.whole("instant", 60, low=1, high=86_400),
            "minute": table.whole("minute", 600, low=60, high=3600),
            "hour": 3600,
            "day": 86_400,
        },
        factors=factors,
        devices=devices,
        ignore=frozenset(table.strings("ignore")),
        kinds={**code_table()["stations"], **table.texts("kinds")},
        commands=commands,
    )


def _base(base: str, parameters: Parameters) -> dict[str, Factor]:
    found: dict[str, Factor] = {}
    for code, row in code_table()["factors"].items():
        try:
            factor = Factor(row["parameter"], parameters.conversion(row["parameter"], row[base]))
        except RecordError:
            # The city keeps this parameter in a unit of its own: without a word from the feed it is unknown.
            continue
        found.update(dict.fromkeys((code, *row["also"]), factor))
    return found


def _units(
    table: Table, key: str, units: Mapping[str, str], factors: dict[str, Factor], parameters: Parameters
) -> None:
    known = code_table()["factors"]
    for code, unit in units.items():
        row = known.get(code)
        if row is None:
            table.fault(key, "hj212.option.code", factor=code)
            continue
        _set(table, key, factors, (code, *row["also"]), row["parameter"], unit, parameters)


def _codes(table: Table, factors: dict[str, Factor], parameters: Parameters) -> None:
    for code, inner in table.named("codes").items():
        parameter, unit = inner.string("parameter"), inner.string("unit")
        inner.finish()
        if parameter and unit:
            _set(inner, "unit", factors, (code,), parameter, unit, parameters)


def _set(
    table: Table,
    key: str,
    factors: dict[str, Factor],
    codes: tuple[str, ...],
    parameter: str,
    unit: str,
    parameters: Parameters,
) -> None:
    try:
        factor = Factor(parameter, parameters.conversion(parameter, unit))
    except RecordError as error:
        table.refuse(key, error)
        return
    factors.update(dict.fromkeys(codes, factor))
