"""The numbers of ``data/checks.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from backend.city.registry import ParameterRow
from backend.standards.ranges import range_of


@dataclass(frozen=True)
class Numbers:
    """The file, by section."""

    version: int
    effective: date
    history: Mapping[str, Any]
    look: Mapping[str, Any]
    spike: Mapping[str, Any]
    rate: Mapping[str, Any]
    outlier: Mapping[str, Any]
    agree: Mapping[str, Any]
    near: Mapping[str, Any]
    peers: Mapping[str, Any]
    departs: Mapping[str, Any]
    humid: Mapping[str, Any]

    def floor(self, parameter: ParameterRow) -> float | None:
        """The smallest change that is worth a word, in the parameter's unit; None where the standard knows none."""
        standard = range_of(parameter.code)
        if standard is None or (parameter.unit and parameter.unit != standard.unit):
            return None
        found = self.spike["floor"].get(parameter.code)
        return None if found is None else float(found)

    def judged(self, parameter: ParameterRow) -> bool:
        """Whether its values are held against those before and after: not where it jumps by nature."""
        if parameter.code in self.look["not"]:
            return False
        standard = range_of(parameter.code)
        known = standard is not None and (not parameter.unit or parameter.unit == standard.unit)
        return not known or parameter.code in self.spike["floor"]

    def network(self, kind: str) -> frozenset[str]:
        """The kinds of station that a kind is compared with."""
        for one in self.near["network"]:
            if kind in one["kinds"]:
                return frozenset(one["kinds"])
        return frozenset({kind})


@cache
def numbers() -> Numbers:
    """What the product ships."""
    text = (files("backend.analysis") / "data" / "checks.toml").read_text("utf-8")
    return parse(tomllib.loads(text))


def parse(data: Mapping[str, Any]) -> Numbers:
    """Numbers from the table of a TOML file."""
    return Numbers(**{name: data[name] for name in Numbers.__dataclass_fields__})
