"""One stretch of values looked at: which stand out, and nobody else saw it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backend.analysis.checks.moves import (
    Floats,
    Marks,
    Usual,
    bounds,
    changes,
    outliers,
    rates,
    spikes,
)
from backend.analysis.checks.near import Neighbours, agreed, together
from backend.analysis.checks.numbers import Numbers
from backend.city.registry import ParameterRow
from backend.quality.reasons import OUTLIER, RATE, SPIKE

Found = Mapping[str, Mapping[str, Marks]]
"""By parameter and code."""


def look(
    numbers: Numbers,
    parameters: Mapping[str, ParameterRow],
    values: Mapping[str, Floats],
    past: Mapping[str, Usual],
    near: Neighbours,
    at_source: Marks,
) -> Found:
    """Hold values against those before and after, the series' own past, the neighbours and the companions.

    Args:
        values: by code, (T, S) of one period length, consecutive.
        past: by code, what each series usually does.
        at_source: which stations stand at a source (S,): there a rise is held against nothing.
    """
    judged = {code: array for code, array in values.items() if numbers.judged(parameters[code])}
    bound = {code: bounds(numbers, parameters[code], past[code]) for code in judged}
    before = {code: changes(array)[0] for code, array in judged.items()}
    found: dict[str, dict[str, Marks]] = {}
    for code, array in judged.items():
        share = 0.0 if code in numbers.spike["plain"] else float(numbers.spike["share"])
        marks = {
            SPIKE: spikes(array, bound[code], share),
            RATE: rates(array, bound[code], share, numbers.rate["factor"]),
            OUTLIER: _outliers(numbers, parameters[code], array, past[code], near),
        }
        with np.errstate(invalid="ignore"):
            risen = (before[code] > 0) | (np.isnan(before[code]) & (array > past[code].middle))
        for mark in marks.values():
            mark &= ~(risen & at_source)
        # Back from a spike is no change of its own.
        marks[RATE][1:] &= ~marks[SPIKE][:-1]
        moved = before[code]
        for name, mark in marks.items():
            # Few stand out; only these are asked about one by one.
            for at, column in np.argwhere(mark):
                change = moved[at, column]
                if name == OUTLIER:
                    told = _also_off(numbers, parameters, values, past, code, int(at), int(column), near)
                else:
                    told = np.isfinite(change) and agreed(
                        int(at), int(column), float(change), before, bound, code, near, numbers
                    )
                if told:
                    mark[at, column] = False
        found[code] = marks
    return found


def _outliers(
    numbers: Numbers, parameter: ParameterRow, array: Floats, past: Usual, near: Neighbours
) -> Marks:
    floor = numbers.floor(parameter)
    least = past.mad * 0 if floor is None else np.full(array.shape[1], floor * numbers.outlier["floor"])
    if not np.isfinite(past.middle).any():
        return np.zeros(array.shape, dtype=bool)
    rule = numbers.outlier
    with np.errstate(invalid="ignore"):
        # The neighbours are asked only where a series leaves its own days at all.
        off = np.abs(array - past.middle) > rule["mad"] * np.fmax(past.mad, least)
    if not off.any():
        return np.zeros(array.shape, dtype=bool)
    others, count = together(array, near)
    return outliers(array, past, least, numbers, others, count)


def _also_off(
    numbers: Numbers,
    parameters: Mapping[str, ParameterRow],
    values: Mapping[str, Floats],
    past: Mapping[str, Usual],
    code: str,
    at: int,
    column: int,
    near: Neighbours,
) -> bool:
    """Whether enough neighbours, or something of the same sources at the station, is far from its own days too."""
    rule = numbers.agree
    off = values[code][at, column] - past[code].middle[column]
    away = [values[code][at, one] - past[code].middle[one] for one in near[column] if one >= 0]
    told = [one for one in away if np.isfinite(one)]
    alike = sum(one * off > 0 and abs(one) >= rule["part"] * abs(off) for one in told)
    if told and alike >= max(1, rule["share"] * len(told)):
        return True
    for name in rule["companions"].get(code, ()):
        other = name.lstrip("-")
        if other not in values:
            continue
        moved = values[other][at, column] - past[other].middle[column]
        moved *= -1 if name.startswith("-") else 1
        floor = numbers.floor(parameters[other])
        mad = np.fmax(past[other].mad[column], 0.0 if floor is None else floor * numbers.outlier["floor"])
        if moved * off > 0 and abs(moved) > numbers.outlier["mad"] * rule["companion"] * mad:
            return True
    return False
