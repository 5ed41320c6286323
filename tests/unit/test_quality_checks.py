"""One value by itself: range, drift, device, clock, missing; and the three absences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pytest

from backend.quality import Absence, absence, flag_of, load_checks
from backend.quality.checks import Limits
from backend.quality.reasons import FLAGS, device_code, with_code, without_code
from backend.words import LANGUAGES, entry
from tests.unit.small_city import HOUR, T, parameters


@dataclass
class Row:
    """A parameter as the city keeps it."""

    id: int
    code: str
    unit: str
    low: float | None
    high: float | None
    suspect_above: float | None


def bounds(code: str, period: int = HOUR, **own: float | None) -> Limits:
    names = ("id", "code", "unit", "low", "high", "suspect_above")
    blank: dict[str, Any] = {**dict.fromkeys(names), "id": 99, "code": code, "unit": ""}
    found = next((row for row in parameters() if row["code"] == code), blank)
    return load_checks().limits(Row(**{name: found[name] for name in names} | own), period)


@pytest.mark.parametrize(
    ("code", "value", "reason"),
    [
        ("pm25", 0, ""),
        ("pm25", 500, ""),
        ("pm25", 500.1, "high"),
        ("pm25", 1000, "high"),
        ("pm25", 1000.1, "range"),
        ("pm25", -0.1, "drift"),
        ("pm25", -5, "drift"),
        ("pm25", -5.1, "range"),
        ("pm25", math.nan, "range"),
        ("co", 21, "high"),
        ("co", 151, "range"),
        ("o3", 401, "high"),
        ("ph", 7, ""),
        ("ph", 14.1, "range"),
        ("ph", 3, "low"),
        ("do", 20.5, "range"),
        ("temp", -20, ""),
        ("pressure", 1013, ""),
        ("wind_dir", 361, "range"),
        ("noise", 65, ""),
    ],
)
def test_ranges(code: str, value: float, reason: str) -> None:
    assert bounds(code).reason(value) == reason


def test_a_pack_s_own_bounds_go_first() -> None:
    own = bounds("pm25", low=0.0, high=800.0, suspect_above=300.0)
    assert [own.reason(value) for value in (-1, 299, 301, 801)] == ["drift", "", "high", "range"]
    assert bounds("pm25", low=1.0).reason(0.5) == "range"
    assert bounds("unknown").reason(1e9) == ""


@pytest.mark.parametrize(
    ("value", "device", "end", "flag", "reason"),
    [
        (40.0, "", T, 1, ""),
        (40.0, "N", T, 1, ""),
        (40.0, "n", T, 1, ""),
        (40.0, "M", T, 4, "device:M"),
        (40.0, "T", T, 3, "device:T"),
        (40.0, "B", T, 9, "device:B"),
        (40.0, "\x1b", T, 3, "device:?"),
        (None, "", T, 9, "no_value"),
        (None, "D", T, 9, "device:D no_value"),
        (40.0, "", T + 300, 1, ""),
        (40.0, "", T + 301, 1, "early"),
        (40.0, "", T + HOUR + 300, 1, "early"),
        (40.0, "", T + HOUR + 301, 4, "future"),
        (40.0, "", T - HOUR, 1, ""),
        (40.0, "", T - HOUR - 1, 1, "late"),
        (600.0, "", T - 2 * HOUR, 3, "high late"),
        (2000.0, "S", T, 4, "device:S range"),
    ],
)
def test_one_value_by_itself(value: float | None, device: str, end: int, flag: int, reason: str) -> None:
    checks = load_checks()
    found = checks.verdict(bounds("pm25"), end - HOUR, HOUR, value, device, T, T)
    assert found == (flag, reason)


def test_what_nobody_asked_for_in_time_is_not_late() -> None:
    checks, end = load_checks(), T - 2 * HOUR
    for asked, reason in ((0, ""), (end + HOUR, ""), (end + HOUR + 1, "late")):
        assert checks.verdict(bounds("pm25"), end - HOUR, HOUR, 40.0, "", T, asked) == (1, reason)


@pytest.mark.parametrize(
    ("code", "period", "count"),
    [
        ("pm25", HOUR, 4),
        ("no2", HOUR, 6),
        ("pm10", 300, 48),
        ("nh3n", 4 * HOUR, 12),
        ("pm25", 86400, 0),
        ("rh", HOUR, 0),
    ],
)
def test_how_many_equal_values_are_a_flat_line(code: str, period: int, count: int) -> None:
    assert bounds(code, period).flat == count


def test_flags_follow_from_reasons() -> None:
    for code, flag in FLAGS.items():
        assert flag_of(code) == flag
    assert flag_of("") == 1
    assert flag_of("late high future") == 4
    assert flag_of("flat corrected_by_hand") is None
    assert with_code("range", "flat") == "flat range" == with_code("flat range", "flat")
    assert without_code("flat range", "range") == "flat"
    assert device_code(" m ") == "device:M"


def test_every_reason_and_absence_has_words() -> None:
    for name in [*(f"reason.{code}" for code in FLAGS), *(f"absence.{one.value}" for one in Absence)]:
        for language in LANGUAGES:
            assert entry(f"quality.{name}", language), name


def test_the_three_absences_look_different() -> None:
    assert absence(None, None) is Absence.NOT_SENT
    assert absence(9, None) is Absence.NO_VALUE
    assert absence(3, 40.0) is absence(4, 40.0) is Absence.INVALID
    assert absence(1, 40.0) is None
