"""Sudden rise, spatial excess, and what the checks object to."""

from __future__ import annotations

import json

import pytest

from backend.store import Store
from tests.unit.alarm_hours import alarms, hour, run, states
from tests.unit.small_city import HOUR, T, build, station


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((20, 49), []),  # 29: not the amount
        ((20, 50), ["UNACK"]),  # 30 and more than half
        ((80, 115), []),  # 35, but less than half of what it was
        ((20, None, 60), []),  # not from one hour to the next
        ((20, 60, 62), ["UNACK"]),  # one clean hour
        ((20, 60, 62, 61), ["RTN_UNACK"]),
        ((20, 60, 62, 100, 101), ["UNACK"]),
    ],
)
def test_a_sudden_rise_rings_at_once(
    store: Store, values: tuple[float | None, ...], expected: list[str]
) -> None:
    city = build(store, [station("S1")])
    run(store, city, *values)
    assert states(store, "sudden_rise") == expected


def test_a_plume_that_reaches_everyone_is_no_sudden_rise(store: Store) -> None:
    codes = [f"S{number}" for number in range(6)]
    city = build(store, [station(code) for code in codes])
    hour(store, city, 2, {code: 20.0 + number for number, code in enumerate(codes)})
    hour(store, city, 1, {code: 60.0 + number for number, code in enumerate(codes)})
    assert states(store, "sudden_rise") == []
    hour(
        store,
        city,
        0,
        {code: (110.0 if code == "S3" else 61.0 + number) for number, code in enumerate(codes)},
    )
    assert alarms(store, "station, value, background, threshold", "rule = 'sudden_rise'") == [
        (4, 110.0, 63.0, 30.0)
    ]
    seen = json.loads(alarms(store, "evidence", "rule = 'sudden_rise'")[0][0])
    assert (seen["rise"], seen["amount"]) == (47.0, 30.0)


def test_a_station_far_above_its_neighbours_rings_after_two_hours(store: Store) -> None:
    codes = [f"S{number}" for number in range(5)]
    city = build(store, [station(code) for code in codes])
    values = {code: 40.0 + number for number, code in enumerate(codes)}
    hour(store, city, 2, {**values, "S4": 85.0})
    assert states(store, "spatial_excess") == []
    hour(store, city, 1, {**values, "S4": 90.0})
    assert alarms(store, "station, state", "rule = 'spatial_excess'") == [(5, "UNACK")]
    hour(store, city, 0, {**values, "S4": 60.0})
    hour(store, city, -1, {**values, "S4": 61.0})
    assert states(store, "spatial_excess") == ["RTN_UNACK"]


def test_a_value_above_its_limit_does_not_ring_a_second_time_for_its_neighbours(store: Store) -> None:
    codes = [f"S{number}" for number in range(5)]
    city = build(store, [station(code) for code in codes])
    for back in (1, 0):
        hour(store, city, back, {**dict.fromkeys(codes, 40.0 + back), "S4": 200.0 + back})
    assert states(store, "exceedance") == ["UNACK"]
    assert states(store, "spatial_excess") == []


def test_a_flat_line_is_the_instrument_and_ends_with_two_good_values(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 50, 50, 50)
    assert states(store, "flat_line") == []
    hour(store, city, -1, {"S1": 50})
    found = alarms(store, "state, value, began, priority, evidence", "rule = 'flat_line'")
    assert found[0][:4] == ("UNACK", 50.0, T - 3 * HOUR, "medium")
    seen = json.loads(found[0][4])
    assert (seen["type"], seen["reasons"]) == ("equipment", ["flat"])
    hour(store, city, -2, {"S1": 51})
    assert states(store, "flat_line") == ["UNACK"]
    hour(store, city, -3, {"S1": 53})
    assert states(store, "flat_line") == ["RTN_UNACK"]


@pytest.mark.parametrize(
    ("devices", "expected"),
    [("NDD", ["UNACK"]), ("DND", ["UNACK"]), ("NND", []), ("MMM", []), ("DDNN", ["RTN_UNACK"])],
)
def test_an_instrument_that_says_it_is_at_fault(store: Store, devices: str, expected: list[str]) -> None:
    city = build(store, [station("S1")])
    for number, letter in enumerate(devices):
        hour(store, city, len(devices) - 1 - number, {"S1": 50.0 + number}, device=letter)
    assert states(store, "instrument") == expected


def test_periods_sent_without_a_value_are_the_instrument(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 50, None, None)
    assert states(store, "instrument") == ["UNACK"]


def test_a_part_above_its_whole_is_the_instrument(store: Store) -> None:
    city = build(store, [station("S1")])
    for back, fine in ((2, 60.0), (1, 61.0), (0, 63.0)):
        hour(store, city, back, {"S1": 40.0 + back}, parameter="pm10")
        hour(store, city, back, {"S1": fine})
    found = alarms(store, "state, priority, evidence", "rule = 'inversion'")
    assert {row[:2] for row in found} == {("UNACK", "low")}
    seen = json.loads(found[0][2])
    assert (seen["type"], seen["reasons"]) == ("equipment", ["inversion"])


@pytest.mark.parametrize(("parameter", "clean", "dusty"), [("pm10", 90.0, 420.0), ("tsp", 500.0, 910.0)])
def test_a_road_that_raises_dust(store: Store, parameter: str, clean: float, dusty: float) -> None:
    city = build(store, [station("R1", "road_dust"), station("S1")])
    for back, value in ((3, clean), (2, clean + 1), (1, dusty), (0, dusty + 1)):
        hour(store, city, back, {"R1": value}, parameter=parameter)
    found = alarms(store, "state, station, evidence", "rule = 'road_dust'")
    assert [row[:2] for row in found] == [("UNACK", 1)]
    assert json.loads(found[0][2])["type"] == "road_dust"
