"""Concentration limits of GB 3095 环境空气质量标准 by stage and class 功能区类别.

Stages: 2012, ``transition`` from 2026-03-01, ``2031`` from 2031-01-01 (both of GB 3095-2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from backend.standards.rounding import Number, exact
from backend.standards.table import holding, rows

Class = Literal[1, 2]
"""1: nature reserves and the like; 2: where people live, work and farm."""
Averaging = Literal["1h", "8h", "24h", "year"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit 浓度限值; a concentration above it exceeds 超标, one equal to it does not."""

    standard: str
    stage: str
    effective: date
    parameter: str
    averaging: str
    unit: str
    by_class: tuple[Decimal, Decimal]
    clause: str
    basis: str
    """How sure the number is: V read in the standard, V2 in a copy that quotes it."""

    def value(self, area: Class = 2) -> Decimal:
        """The limit for an area of that class, in ``unit``."""
        return self.by_class[area - 1]


@cache
def _limits() -> Mapping[tuple[str, str], tuple[Limit, ...]]:
    found: dict[tuple[str, str], list[Limit]] = {}
    for row in rows("gb3095"):
        one = Limit(
            standard=row["standard"],
            stage=row["stage"],
            effective=date.fromisoformat(row["effective"]),
            parameter=row["parameter"],
            averaging=row["averaging"],
            unit=row["unit"],
            by_class=(Decimal(row["class1"]), Decimal(row["class2"])),
            clause=row["clause"],
            basis=row["basis"],
        )
        found.setdefault((one.parameter, one.averaging), []).append(one)
    return {key: tuple(stages) for key, stages in found.items()}


def limit(parameter: str, averaging: Averaging, on: date) -> Limit | None:
    """The limit in force on a day; None where the standard sets none (PM2.5 and PM10 have no 1-h limit).

    ``o3_8h`` is ozone's 8-h mean and is found under ``8h``.
    """
    if parameter == "o3_8h":
        parameter = "o3"
    stages = _limits().get((parameter, averaging))
    return None if stages is None else holding(stages, on)


def exceeds(parameter: str, averaging: Averaging, value: Number, on: date, area: Class = 2) -> bool | None:
    """Whether a mean is above its limit; None where there is no limit."""
    found = limit(parameter, averaging, on)
    return None if found is None else exact(value) > found.value(area)


def multiple(value: Number, bound: Decimal) -> Decimal:
    """How far above a limit 超标倍数: (C - Cs) / Cs to two decimals, 0 for what is not above it."""
    share = (Fraction(exact(value)) - Fraction(bound)) / Fraction(bound)
    return Decimal(0) if share <= 0 else Decimal(round(share * 100)).scaleb(-2)
