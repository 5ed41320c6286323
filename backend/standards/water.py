"""Surface-water classes 水质类别 by GB 3838-2002: single-factor, the worst parameter decides.

Classes are 1 to 5 (Ⅰ to Ⅴ); 6 is worse than class V 劣Ⅴ类. Total nitrogen is judged in lakes and reservoirs
only, total phosphorus has limits of its own there; temperature, turbidity and conductivity are never judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from backend.standards.limits import multiple
from backend.standards.rounding import NotANumber, Number, concentration, exact
from backend.standards.table import holding, rows

Body = Literal["river", "lake"]
"""River 河流, or lake and reservoir 湖库."""
WORSE = 6
"""Worse than class V 劣Ⅴ类."""


@dataclass(frozen=True, slots=True)
class WaterLimit:
    """A row of Table 1: the limits of one parameter for the five classes."""

    parameter: str
    body: str
    sense: str
    """``most`` at most, ``least`` at least, ``within`` a span."""
    unit: str
    classes: tuple[tuple[Decimal, Decimal], ...]
    """For each class (low, high) for ``within``, else the limit twice."""
    has_multiple: bool
    """Whether an exceedance multiple 超标倍数 is computed (not for temperature, pH and DO)."""
    effective: date
    clause: str
    basis: str


@dataclass(frozen=True, slots=True)
class WaterResult:
    """What a sample is."""

    body: Body
    grade: int | None
    """1 to 5, 6 worse than V; None where nothing that is judged was measured."""
    deciding: tuple[str, ...]
    """The parameters of that class 定类因子, in the order of the standard."""
    by_parameter: Mapping[str, int]
    target: int
    """The class it is held against 水质目标."""
    exceeded: Mapping[str, Decimal | None]
    """Parameters beyond the target, with the multiple where there is one."""

    @property
    def code(self) -> str:
        """The code of the class in the words: ``standard.water.3``; ``standard.water.none`` without one."""
        return f"standard.water.{self.grade or 'none'}"


@cache
def _limits() -> Mapping[tuple[str, str], tuple[WaterLimit, ...]]:
    found: dict[tuple[str, str], list[WaterLimit]] = {}
    for row in rows("gb3838"):
        one = WaterLimit(
            parameter=row["parameter"],
            body=row["body"],
            sense=row["sense"],
            unit=row["unit"],
            classes=tuple(_span(row[f"class{number}"]) for number in range(1, 6)),
            has_multiple=row["multiple"] == "yes",
            effective=date.fromisoformat(row["effective"]),
            clause=row["clause"],
            basis=row["basis"],
        )
        for body in ("river", "lake") if one.body == "any" else (one.body,):
            found.setdefault((one.parameter, body), []).append(one)
    return {key: tuple(versions) for key, versions in found.items()}


def _span(cell: str) -> tuple[Decimal, Decimal]:
    low, _, high = cell.partition("..")
    return Decimal(low), Decimal(high or low)


def water_limit(parameter: str, body: Body, on: date) -> WaterLimit | None:
    """The limits of a parameter, None where it is not judged in such a body of water."""
    versions = _limits().get((parameter, body))
    return None if versions is None else holding(versions, on)


def classify(
    values: Mapping[str, Number | None],
    body: Body,
    on: date,
    *,
    target: int = 3,
) -> WaterResult:
    """The class of a sample and the parameters that decide it.

    Args:
        values: parameter to value (mg/L, pH without unit); ``water_temp`` (°C) lets dissolved oxygen reach
            class I by 90 % of saturation. None or absent where missing; what is not judged is ignored.
        body: river or lake.
        on: the day, which chooses the edition.
        target: the class that the section must keep, 1 to 5.

    Raises:
        NotANumber: for a negative concentration, NaN or an infinity.
        ValueError: for a target that is no class.
    """
    if not 1 <= target <= 5:
        raise ValueError(f"target class {target} is not 1 to 5")
    temperature = values.get("water_temp")
    grades: dict[str, int] = {}
    exceeded: dict[str, Decimal | None] = {}
    for parameter, at in _limits():
        value = values.get(parameter)
        found = water_limit(parameter, body, on) if at == body else None
        if found is None or value is None:
            continue
        number = concentration(value, parameter)
        grades[parameter] = _grade(found, number, temperature)
        if grades[parameter] > target:
            exceeded[parameter] = (
                multiple(number, found.classes[target - 1][1]) if found.has_multiple else None
            )
    grade = max(grades.values(), default=None)
    return WaterResult(
        body=body,
        grade=grade,
        deciding=tuple(name for name, one in grades.items() if one == grade),
        by_parameter=grades,
        target=target,
        exceeded=exceeded,
    )


def _grade(found: WaterLimit, value: Decimal, temperature: Number | None) -> int:
    for number, (low, high) in enumerate(found.classes, 1):
        if found.sense == "most" and value <= high:
            return number
        if found.sense == "least" and value >= low:
            return number
        if found.sense == "within" and low <= value <= high:
            return number
        saturated = found.parameter == "do" and number == 1 and temperature is not None
        if saturated and Fraction(value) >= Fraction(9, 10) * saturation(temperature or 0):
            return number
    return WORSE


def saturation(temperature: Number) -> Fraction:
    """Saturated dissolved oxygen 饱和溶解氧 in mg/L at a water temperature in °C: 468 / (31.6 + T).

    Raises:
        NotANumber: for a temperature that no water has (-31.6 °C or less).
    """
    degrees = Fraction(exact(temperature))
    if degrees <= Fraction("-31.6"):
        raise NotANumber("negative", temperature, "water_temp")
    return 468 / (Fraction("31.6") + degrees)


def standard_index(
    parameter: str,
    value: Number,
    grade: int,
    body: Body,
    on: date,
    temperature: Number | None = None,
) -> Fraction | None:
    """The standard index 标准指数 of a value against a class; above 1 it exceeds.

    None where the parameter is not judged, or for DO above its limit without a water temperature.
    """
    found = water_limit(parameter, body, on)
    if found is None:
        return None
    number = Fraction(concentration(value, parameter))
    low, high = map(Fraction, found.classes[grade - 1])
    if found.sense == "within":
        return (7 - number) / (7 - low) if number <= 7 else (number - 7) / (high - 7)
    if found.sense == "most":
        return number / high
    if number < low:
        return 10 - 9 * number / low
    if temperature is None:
        return None
    full = saturation(temperature)
    return abs(full - number) / (full - low) if full != low else None


_BELOW = re.compile(r"(?:<\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*[Ll])")


def below_detection(text: str) -> Decimal | None:
    """The detection limit 检出限 in what a laboratory writes for "less than it": ``0.05L`` or ``<0.05``.

    The value to store is that limit, with the qualifier LT; None where the text says nothing of the kind.
    """
    found = _BELOW.fullmatch(text.strip())
    return None if found is None else Decimal(found[1] or found[2])
