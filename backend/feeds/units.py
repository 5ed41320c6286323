"""Turn what an upstream measures in into what the product keeps, exactly.

Gases given as a ratio by volume become a mass per volume at the reference state of GB 3095-2026 4.3
(298.15 K, 1013.25 hPa). The tables are ``data/units.toml`` and ``data/parameters.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from backend.feeds.fault import RecordError


@dataclass(frozen=True, slots=True)
class Conversion:
    """``kept = given * factor + offset``."""

    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)

    def apply(self, value: Decimal) -> float:
        """The value in the unit that is kept."""
        return float(value * self.factor + self.offset)


@dataclass(frozen=True, slots=True)
class _Unit:
    kind: str
    factor: Decimal
    offset: Decimal


@dataclass(frozen=True)
class Parameters:
    """The parameters of the city: in which unit each is kept, and by which names upstreams call it."""

    units: Mapping[str, str]
    zone: str = "Asia/Shanghai"
    """The city's zone, which is what an upstream's times are in unless its settings say otherwise."""

    @classmethod
    def default(cls, own: Mapping[str, str] | None = None, zone: str = "") -> Parameters:
        """The product's own table; ``own`` (code to unit, from the city pack) goes before it."""
        units = {code: row["unit"] for code, row in _table("parameters.toml").items()}
        units.update({code: unit for code, unit in (own or {}).items() if unit or code not in units})
        return cls(units, zone or cls.zone)

    def named(self, name: str) -> str | None:
        """The code of the parameter that an upstream calls ``name``, None where nobody knows it."""
        if name in self.units:
            return name
        return _aliases().get(_squeeze(name))

    def conversion(self, parameter: str, unit: str, scale: Decimal = Decimal(1)) -> Conversion:
        """How to turn ``value * scale`` in ``unit`` into the parameter's own unit.

        Raises:
            RecordError: the parameter or the unit is unknown, or they don't fit each other.
        """
        if parameter not in self.units:
            raise RecordError("feed.parameter.unknown", parameter=parameter)
        return _conversion(parameter, unit, self.units[parameter], scale)


@cache
def _conversion(parameter: str, given: str, kept: str, scale: Decimal) -> Conversion:
    if given == "":
        return Conversion(scale)
    source, target = _unit(given), _unit(kept)
    if source is None:
        raise RecordError("feed.unit.unknown", unit=given)
    if target is None:
        # A unit of the pack's own: it can only be taken as it is.
        if _normal(given) == _normal(kept):
            return Conversion(scale)
        raise RecordError("feed.unit.unknown", unit=kept)
    bridge = Decimal(1)
    if source.kind != target.kind:
        bridge = _bridge(parameter, source.kind, target.kind)
        if not bridge:
            raise RecordError("feed.unit.mismatch", unit=given, kept=kept, parameter=parameter)
    factor = source.factor * bridge / target.factor
    offset = (source.offset * bridge - target.offset) / target.factor
    return Conversion(factor * scale, offset)


def _bridge(parameter: str, source: str, target: str) -> Decimal:
    """The factor between ppb and µg/m³ of a gas, 0 where there is none."""
    table = _table("units.toml")
    molar = table["molar_mass"].get(parameter)
    if molar is None or {source, target} != {"ratio", "mass"}:
        return Decimal(0)
    state = {key: Decimal(value) for key, value in table["reference"].items()}
    litres_per_mole = state["gas_constant"] * state["temperature_k"] / (state["pressure_hpa"] / 10)
    per_ppb = Decimal(molar) / litres_per_mole
    return per_ppb if source == "ratio" else 1 / per_ppb


def _unit(name: str) -> _Unit | None:
    return _units().get(_normal(name))


def _normal(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).replace("\N{GREEK SMALL LETTER MU}", "u").casefold()
    return re.sub(r"[\s^*]", "", text).replace("\N{GREEK SMALL LETTER MU}", "u")


def _squeeze(name: str) -> str:
    return re.sub(r"[\s._-]", "", unicodedata.normalize("NFKC", name).casefold())


@cache
def _units() -> dict[str, _Unit]:
    found: dict[str, _Unit] = {}
    for kind, rows in _table("units.toml")["units"].items():
        for name, row in rows.items():
            unit = _Unit(kind, Decimal(row["factor"]), Decimal(row.get("offset", "0")))
            found.update({_normal(spelling): unit for spelling in (name, *row.get("also", ()))})
    return found


@cache
def _aliases() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, row in _table("parameters.toml").items():
        found.update({_squeeze(spelling): code for spelling in (code, *row.get("also", ()))})
    return found


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("backend.feeds") / "data" / name).read_text("utf-8"))
