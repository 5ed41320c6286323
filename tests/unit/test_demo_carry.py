"""The carried hours: repeatable, on their hour, like their city."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from backend.demo.carry import HOUR, Carry
from backend.demo.record import POLLUTANTS, Wind, load, mean_wind
from tests.conftest import START

ZONE = ZoneInfo("Asia/Shanghai")
TOWNS = [f"T{number}" for number in range(40)]


def values(carry: Carry, hours: int = 30) -> list[float]:
    return [
        carry.value(town, "township_air", pollutant, START + hour * HOUR)
        for hour in range(hours)
        for town in TOWNS
        for pollutant in POLLUTANTS
    ]


def test_the_same_seed_gives_the_same_city_and_another_seed_another() -> None:
    assert values(Carry(ZONE, 7)) == values(Carry(ZONE, 7))
    assert values(Carry(ZONE, 7)) != values(Carry(ZONE, 8))


def test_the_hour_of_the_day_and_the_season_are_kept() -> None:
    carry = Carry(ZONE, 1)
    spans = load()
    for start in range(START, START + 60 * 24 * HOUR, 7 * HOUR):
        hour = carry.hour(start)
        local = datetime.fromtimestamp(start, UTC).astimezone(ZONE)
        index = next(i for i, one in enumerate(spans["winter"].hours) if one is hour.recorded)
        assert index % 24 == local.hour == hour.hour


def test_days_that_follow_each_other_in_the_record_follow_each_other_in_the_city() -> None:
    carry = Carry(ZONE, 1)
    hours = [carry.hour(START + step * HOUR).recorded for step in range(24 * 38)]
    recorded = list(load()["winter"].hours)
    numbers = {id(hour): index for index, hour in enumerate(recorded)}
    places = [numbers[id(hour)] for hour in hours]
    assert all((after - before) % len(recorded) == 1 for before, after in pairwise(places))


def test_where_the_span_begins_again_the_signal_does_not_jump() -> None:
    carry = Carry(ZONE, 1)
    first = load()["winter"].hours[0]
    at = next(
        START + step * HOUR for step in range(24 * 38) if carry.hour(START + step * HOUR).recorded is first
    )
    before, after = carry.hour(at - HOUR).regional, carry.hour(at).regional
    recorded = first.regional
    for pollutant in POLLUTANTS:
        assert abs(after[pollutant] - before[pollutant]) <= abs(recorded[pollutant] - before[pollutant]) / 6


def test_a_citys_stations_lie_about_the_regional_signal_and_pm10_above_pm25() -> None:
    carry = Carry(ZONE, 3)
    for start in range(START, START + 48 * HOUR, HOUR):
        regional = carry.hour(start).regional
        found = [carry.value(town, "township_air", "pm25", start) for town in TOWNS]
        assert 0.75 < median(found) / regional["pm25"] < 1.35
        for town, fine in zip(TOWNS, found, strict=True):
            assert carry.value(town, "township_air", "pm10", start) > fine > 0


def test_the_mean_of_winds_is_a_vector_in_direction_and_plain_in_speed() -> None:
    north = mean_wind([(Wind(350, 2.0), 1.0), (Wind(10, 2.0), 1.0)])
    assert min(north.origin, 360 - north.origin) < 1e-6
    assert north.speed == 2.0
    turned = mean_wind([(Wind(0, 1.0), 1.0), (Wind(90, 1.0), 1.0)])
    assert round(turned.origin) == 45


def test_the_record_holds_what_its_readme_says_and_no_replaced_constant() -> None:
    spans = load()
    assert {name: span.days for name, span in spans.items()} == {
        "winter": 38,
        "spring": 21,
        "summer": 21,
        "autumn": 21,
    }
    # In the copy at hand the dirtiest hours of every station are one constant: the medians would stand still.
    for span in spans.values():
        series = [hour.regional["pm25"] for hour in span.hours]
        longest = run = 1
        for before, after in pairwise(series):
            run = run + 1 if before == after else 1
            longest = max(longest, run)
        assert longest <= 6
