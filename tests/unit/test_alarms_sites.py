"""Construction sites: too often in one day, dust during a stop-work order, and what a declared stop keeps quiet."""

from __future__ import annotations

import json
from typing import Any

from backend.alarms import sweep
from backend.city.registry import City
from backend.store import Store
from tests.unit.alarm_hours import alarms, hour, run, states
from tests.unit.small_city import HOUR, T, build, order, rows, source, station

MIDNIGHT = T - 16 * HOUR
"""2026-11-03 00:00 in the city: the tests' hour is 16:00."""


def site(store: Store, *more: dict[str, Any]) -> City:
    return build(store, [station("N1"), station("D1", "site_dust", source="SITE1"), *more])


def above(store: Store, city: City, back: int, excess: float, background: float = 40.0) -> None:
    """One hour with the site so much above its county."""
    hour(
        store,
        city,
        back,
        {"N1": background + back / 10, "D1": background + back / 10 + excess},
        parameter="pm10",
    )


def test_a_third_hour_above_the_county_in_one_day_is_too_often(store: Store) -> None:
    city = site(store)
    above(store, city, 17, 90)  # 22:00 of the day before: counts there
    for back, excess in ((12, 90), (11, 10), (10, 10), (9, 95), (8, 20), (7, 20)):
        above(store, city, back, excess)
    assert states(store, "site_dust_day") == []
    above(store, city, 6, 85)
    found = alarms(store, "state, value, threshold, priority, evidence", "rule = 'site_dust_day'")
    assert found[0][:4] == ("UNACK", 40.6 + 85, 80.0, "medium")
    seen = json.loads(found[0][4])
    assert (seen["count"], seen["allowed"], seen["type"]) == (3, 2, "site_dust")
    assert [start for start, _ in seen["values"]] == [T - back * HOUR - HOUR for back in (12, 9, 6)]
    assert "DB13/2934" in seen["source"]
    # It stands for the day, and the day after begins with none.
    above(store, city, 5, 5)
    above(store, city, 4, 5)
    assert states(store, "site_dust_day") == ["UNACK"]
    above(store, city, -9, 5)
    assert states(store, "site_dust_day") == ["RTN_UNACK"]


def test_a_site_that_was_told_to_stop_rings_at_the_first_hour_of_dust(store: Store) -> None:
    city = site(store, station("D2", "site_dust", source="SITE2", lat=35.4))
    order(store, "ZL1", "stop_work", "source", "SITE1", T - 3 * HOUR)
    for back in (4, 2, 1):
        hour(store, city, back, {"N1": 40.0 + back, "D1": 60.0 + back, "D2": 99.0 + back}, parameter="pm10")
    assert states(store, "stop_dust") == []
    hour(store, city, 0, {"N1": 40.0, "D1": 91.0, "D2": 95.0}, parameter="pm10")
    found = alarms(
        store, "station, state, value, background, threshold, priority, source", "rule = 'stop_dust'"
    )
    assert found == [(2, "UNACK", 91.0, 40.0, 50.0, "critical", "SITE1")]
    seen = json.loads(alarms(store, "evidence", "rule = 'stop_dust'")[0][0])
    assert (seen["order"], seen["type"]) == ("ZL1", "site_dust")


def test_an_hour_before_the_order_counts_for_nothing_and_its_end_ends_the_alarm(store: Store) -> None:
    city = site(store)
    order(store, "ZL1", "stop_work", "source", "SITE1", T - 2 * HOUR, T + HOUR)
    above(store, city, 3, 70)
    above(store, city, 2, 70)
    assert states(store, "stop_dust") == []
    above(store, city, 1, 70)
    assert states(store, "stop_dust") == ["UNACK"]
    # The order is over: from then on nothing says that it may not work.
    above(store, city, -2, 60)
    above(store, city, -3, 60)
    assert states(store, "stop_dust") == ["RTN_UNACK"]


def test_a_stop_for_a_grid_means_the_sites_in_it(store: Store) -> None:
    stations = [station("N1"), station("N2", county="B")]
    stations += [
        station("D1", "site_dust", source="SITE1"),
        station("D2", "site_dust", "B", source="SITE2"),
        station("D3", "site_dust", source="WORKS"),
        station("D4", "site_dust"),
    ]
    city = build(store, stations)
    for code, kind in (("SITE1", "site"), ("SITE2", "site"), ("WORKS", "enterprise")):
        source(store, code, kind)
    order(store, "ZL1", "stop_work", "grid", "A", T - 3 * HOUR)
    values = dict.fromkeys(("D1", "D2", "D3", "D4"), 100.0)
    hour(store, city, 0, {"N1": 40.0, "N2": 40.0, **values}, parameter="pm10")
    assert alarms(store, "station", "rule = 'stop_dust'") == [(3,)]


def test_a_declared_stop_keeps_the_instrument_quiet_and_splits_what_stood(store: Store) -> None:
    city = site(store)
    run(store, city, 50, 50, 50, 50, station="D1")
    assert states(store, "flat_line") == ["UNACK"]
    order(store, "SB1", "declared_stop", "source", "SITE1", T, T + 5 * HOUR)
    with store.bulk() as conn:
        sweep(conn, city, T + 120)
    assert alarms(store, "state, inhibited_by", "rule = 'flat_line'") == [("SUPPRESSED", "order:SB1")]
    for back in (-1, -2):
        hour(store, city, back, {"D1": 50})
    assert alarms(store, "state, inhibited_by", "rule = 'flat_line'") == [("SUPPRESSED", "order:SB1")]
    with store.bulk() as conn:
        sweep(conn, city, T + 5 * HOUR)
    assert alarms(store, "state, inhibited_by, presented", "rule = 'flat_line'") == [
        ("UNACK", "", T + 5 * HOUR)
    ]
    said = rows(store, "SELECT act, reason FROM alarm_act ORDER BY id")
    assert said == [("raise", ""), ("suppress", "order:SB1"), ("release", "order:SB1")]


def test_what_begins_during_a_declared_stop_is_recorded_and_never_shown(store: Store) -> None:
    city = site(store)
    order(store, "SB1", "declared_stop", "source", "SITE1", T - 9 * HOUR)
    run(store, city, 50, 50, 50, 50, station="D1")
    assert alarms(store, "state, presented, incident", "rule = 'flat_line'") == [("SUPPRESSED", 0, "")]
    with store.bulk() as conn:
        sweep(conn, city, T + 30 * HOUR)
    # Silence is what a declared stop looks like.
    assert set(states(store, "offline")) <= {"SUPPRESSED"}


def test_a_declared_stop_does_not_hide_dust(store: Store) -> None:
    city = site(store)
    order(store, "SB1", "declared_stop", "source", "SITE1", T - 9 * HOUR)
    above(store, city, 1, 130)
    above(store, city, 0, 130)
    assert states(store, "site_dust") == ["UNACK"]
