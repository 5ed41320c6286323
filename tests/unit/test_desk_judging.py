"""What newest values amount to, and when many alarms are a flood."""

from __future__ import annotations

from datetime import date

import pytest

from backend.desk import judging
from backend.desk.judging import Value, state_of
from backend.desk.operator import Limits, flood_since

HOUR = 3600
NOW = 1793692800
DAY = date(2026, 11, 3)


def value(parameter: str, number: float | None, flag: int = 1, start: int = NOW - HOUR) -> Value:
    return Value(parameter, number, flag, "", "", start)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([], "silent"),
        ([value("pm25", 30)], "good"),
        ([value("pm25", 30), value("pm10", 40, 3)], "suspect"),
        ([value("pm25", None, 9)], "no_value"),
        ([value("pm25", 900, 4), value("pm10", None, 9)], "invalid"),
        ([value("pm25", 30, start=NOW - 4 * HOUR)], "silent"),
    ],
)
def test_the_three_absences_and_the_rest_are_told_apart(values: list[Value], state: str) -> None:
    assert state_of(values, in_service=True, placed=True, period=HOUR, now=NOW) == state


def test_a_station_out_of_service_is_not_called_silent() -> None:
    assert state_of([], in_service=False, placed=True, period=HOUR, now=NOW) == "off"
    assert state_of([], in_service=True, placed=False, period=HOUR, now=NOW) == "unplaced"


def test_only_good_values_of_the_newest_hour_make_the_index() -> None:
    values = {code: value(code, number) for code, number in (("pm25", 35), ("pm10", 60), ("o3", 90))}
    values |= {code: value(code, number) for code, number in (("so2", 8), ("no2", 20), ("co", 0.6))}
    whole = judging.air(values, NOW - HOUR, DAY)
    assert whole.index is not None
    assert whole.level in (1, 2)
    spoilt = judging.air({**values, "pm25": value("pm25", 35, 4)}, NOW - HOUR, DAY)
    assert spoilt.sub.get("pm25") is None


def test_a_section_names_what_decides_its_class_and_what_misses_the_target() -> None:
    values = {"codmn": value("codmn", 6.8), "nh3n": value("nh3n", 0.4), "do": value("do", 7)}
    found = judging.water_class(values, "III", DAY)
    assert (found.grade, found.deciding, found.exceeded) == (4, ("codmn",), ("codmn",))
    assert judging.water_class(values, "", DAY).exceeded == ()
    assert judging.water_class({}, "III", DAY).grade == 0


def test_dust_is_compared_with_the_county_only_where_both_are_known() -> None:
    assert judging.above(value("pm10", 180), 120) == 60
    assert judging.above(value("pm10", 180), None) is None
    assert judging.above(value("pm10", 180, 4), 120) is None


def test_a_flood_begins_with_the_eleventh_alarm_and_ends_below_five() -> None:
    limits = Limits.read()
    rise = [NOW - 900 + 30 * number for number in range(11)]
    assert flood_since(rise[:10], rise[9], limits) is None
    assert flood_since(rise, rise[10], limits) == rise[10]
    # Ten minutes after the first ones fewer than five are left in the window.
    assert flood_since(rise, rise[6] + 599, limits) == rise[10]
    assert flood_since(rise, rise[6] + 600, limits) is None


def test_a_second_flood_has_its_own_beginning() -> None:
    limits = Limits.read()
    first = [NOW - 9000 + number for number in range(12)]
    second = [NOW - 300 + number for number in range(12)]
    assert flood_since([*first, *second], NOW, limits) == second[10]
