"""Values against limits: when an alarm rings, what it says, and when it clears."""

from __future__ import annotations

import json
from datetime import date

import pytest

from backend.alarms.rule_kinds import Limit
from backend.alarms.thresholds import threshold, water_target
from backend.store import Store
from tests.unit.alarm_hours import alarms, hour, run, states
from tests.unit.small_city import HOUR, T, build, rows, station

ON = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("limit", "target", "high", "low"),
    [
        (Limit("so2", "hour", "gb3095", "1h"), "", 500, None),
        (Limit("co", "hour", "gb3095", "1h"), "", 10, None),
        (Limit("pm25", "hour", "aqi_level", 4.0), "", 115, None),
        (Limit("pm10", "hour", "aqi_level", 4.0), "", 250, None),
        (Limit("pm10", "hour", "dust", "hebei"), "", 80, None),
        (Limit("nh3n", "hours4", "gb3838", "target"), "III", 1.0, None),
        (Limit("tp", "hours4", "gb3838", "target"), "Ⅳ", 0.3, None),
        (Limit("tp", "hours4", "gb3838", "target"), "湖库 3", 0.05, None),
        (Limit("do", "hours4", "gb3838", "target"), "3", None, 5),
        (Limit("ph", "hours4", "gb3838", "target"), "V", 9, 6),
    ],
)
def test_a_limit_is_what_the_standard_says(limit: Limit, target: str, high: float, low: float) -> None:
    found = threshold(limit, target, ON)
    assert found is not None
    assert (found.high, found.low) == (high, low)


def test_pm_limits_follow_the_rounding_of_the_index() -> None:
    found = threshold(Limit("pm25", "hour", "aqi_level", 4.0), "", ON)
    assert found is not None
    # 115.5 rounds to 116 (half to even): AQI 152. 115.4 rounds to 115: AQI 150.
    assert found.ratio(115.4) <= 1 < found.ratio(115.5)


@pytest.mark.parametrize(
    ("text", "found"), [("Ⅲ", (3, "river")), ("II类", (2, "river")), ("lake IV", (4, "lake")), ("", None)]
)
def test_a_water_target_is_read_as_people_write_it(text: str, found: tuple[int, str] | None) -> None:
    assert water_target(text) == found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((100, 100, 100), []),
        ((100, 115, 115), []),
        ((100, 100, 130), []),  # once, by a little
        ((100, 130, 130), ["UNACK"]),  # two of the last three
        ((130, 100, 130), ["UNACK"]),
        ((130, 130, 100), ["UNACK"]),  # rang an hour ago, one clean hour does not clear it
        ((100, 100, 173), ["UNACK"]),  # once at 1.5 times
        ((100, 100, 172), []),
        ((130, None, 130), ["UNACK"]),  # the last valid values
        ((173, 100, 100), ["RTN_UNACK"]),  # two clean ones
        ((173, 100, 100, 173), ["UNACK"]),
    ],
)
def test_when_an_alarm_rings(store: Store, values: tuple[float | None, ...], expected: list[str]) -> None:
    city = build(store, [station("S1")])
    run(store, city, *values)
    assert states(store, "exceedance") == expected


def test_an_alarm_says_what_its_rule_saw(store: Store) -> None:
    city = build(store, [station("S1", source="ENT1")])
    run(store, city, 100, 130, 150)
    key, county, township, source = alarms(store, "key, county, township, source")[0]
    began, last, presented = alarms(store, "began, last, presented")[0]
    value, peak, limit, priority, version = alarms(store, "value, peak, threshold, priority, rule_version")[0]
    seen = alarms(store, "evidence")[0][0]
    assert key == "exceedance|1|1|3600"
    assert (county, township, source) == ("A", "A1", "ENT1")
    assert (began, last, presented) == (T - 2 * HOUR, T - HOUR, T + 60)
    assert (value, peak, limit, version) == (150.0, 150.0, 115.0, 1)
    assert priority == "medium"
    evidence = json.loads(seen)
    assert evidence["values"] == [[T - 3 * HOUR, 100.0], [T - 2 * HOUR, 130.0], [T - HOUR, 150.0]]
    assert "633" in evidence["clause"]


def test_it_grows_more_urgent_and_never_less(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 130, 130, 360, 130)
    found = alarms(store, "priority, peak, value, occurrences", "rule = 'exceedance'")
    assert found == [("critical", 360.0, 130.0, 1)]


def test_the_same_hour_twice_rings_once(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 200, 200)
    before = alarms(store, "*")
    for _ in range(3):
        report = hour(store, city, 0, {"S1": 200})
        assert (report.alarms_raised, report.incidents_opened) == (0, 0)
    assert alarms(store, "*") == before
    assert len(rows(store, "SELECT * FROM alarm_act")) == 1


def test_a_revision_takes_an_alarm_back(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 60, 60, 300)
    assert states(store, "exceedance") == ["UNACK"]
    hour(store, city, 0, {"S1": 61})
    assert states(store, "exceedance") == ["RTN_UNACK"]


def test_only_placed_stations_in_service_ring(store: Store) -> None:
    city = build(store, [station("S1", placed=False, county=""), station("S2", in_service=False)])
    run(store, city, 300, 300, station="S1")
    run(store, city, 300, 300, station="S2")
    run(store, city, 300, 300, station="NEW")
    assert states(store) == []


def test_bad_data_rings_nothing(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 300, 301, 302, device="M")
    run(store, city, 1500, 1501, 1502, parameter="so2", device="C")
    assert states(store, "exceedance") == []


def test_what_is_only_high_rings_and_is_marked_suspect(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 90, 640)
    assert rows(store, "SELECT flag, reason FROM reading WHERE value = 640") == [(3, "high")]
    assert alarms(store, "state, suspect", "rule = 'exceedance'") == [("UNACK", 1)]


def test_an_alarm_on_readings_found_bad_later_is_marked_suspect(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 180, 180, 180)
    assert alarms(store, "suspect", "rule = 'exceedance'") == [(0,)]
    hour(store, city, -1, {"S1": 180})
    assert rows(store, "SELECT DISTINCT flag, reason FROM reading") == [(3, "flat")]
    assert alarms(store, "suspect", "rule = 'exceedance'") == [(1,)]
    assert states(store, "flat_line") == ["UNACK"]


def test_hours_that_are_over_ring_nothing_but_clear(store: Store) -> None:
    city = build(store, [station("S1")])
    for back in (30, 29, 28):
        hour(store, city, back, {"S1": 300 + back}, now=T)
    assert states(store) == []
    run(store, city, 300, 301)
    assert states(store, "exceedance") == ["UNACK"]
    # The line was down; what happened meanwhile comes a day later.
    for back in (-1, -2):
        hour(store, city, back, {"S1": 50 + back}, now=T + 86400)
    assert states(store, "exceedance") == ["RTN_UNACK"]
    hour(store, city, -3, {"S1": 400}, now=T + 86400)
    assert states(store, "exceedance") == ["RTN_UNACK"]


def test_a_site_is_held_against_its_county(store: Store) -> None:
    city = build(
        store,
        [
            station("N1"),
            station("N2"),
            station("D1", "site_dust", source="SITE1"),
            station("D2", "site_dust", "B"),
        ],
    )
    for back in (1, 0):
        hour(store, city, back, {"N1": 150 + back, "N2": 170, "D1": 245 + back, "D2": 900}, parameter="pm10")
    found = alarms(store, "state, value, threshold, background, source", "rule = 'site_dust'")
    assert found == [("UNACK", 245.0, 80.0, 160.0, "SITE1")]
    # Site D2's county has no station to compare with: nothing can be told.


def test_water_is_held_against_its_target_at_its_own_cadence(store: Store) -> None:
    four = 4 * HOUR
    city = build(store, [station("W1", "water", target="III"), station("W2", "water", target="V")])
    for back in (2, 1, 0):
        hour(store, city, back, {"W1": 1.4 + back / 10, "W2": 1.4}, parameter="nh3n", period=four)
        hour(store, city, back, {"W1": 4.5 - back / 10, "W2": 4.5}, parameter="do", period=four)
    found = alarms(store, "station, parameter, threshold, period", "rule = 'water'")
    assert found == [(1, 18, 1.0, four), (1, 16, 5.0, four)]


def test_a_limit_of_the_hour_is_not_asked_of_minutes(store: Store) -> None:
    city = build(store, [station("S1")])
    for back in (2, 1, 0):
        hour(store, city, back, {"S1": 400.0}, period=300)
    assert states(store, "exceedance") == []


def test_what_a_crash_left_unlooked_at_rings_with_the_same_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = build(store, [station("S1")])

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("backend.ingest.run.evaluate", dies)
    with pytest.raises(KeyboardInterrupt):
        hour(store, city, 0, {"S1": 300})
    monkeypatch.undo()
    assert rows(store, "SELECT value FROM reading") == [(300.0,)]
    report = hour(store, city, 0, {"S1": 300})
    assert (report.written, report.same, report.alarms_raised) == (0, 1, 1)
    assert states(store, "exceedance") == ["UNACK"]
