"""Regional inhibition: most stations together are one region, and only what stands above it rings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from backend.alarms import sweep
from backend.city.registry import City
from backend.store import Store
from tests.unit.alarm_hours import alarms, hour, states
from tests.unit.small_city import HOUR, T, build, rows, station

COUNTIES = ("A", "B", "C", "D")


def town(per_county: int = 4) -> list[dict[str, Any]]:
    """Air stations in four counties, 10 km apart, and dust sites in the first."""
    found = []
    for number, county in enumerate(COUNTIES):
        for index in range(per_county):
            kind = "air" if index == 0 else "township_air"
            where = {"lon": 115 + number / 5, "lat": 35 + index / 10}
            found.append(station(f"{county}{index}", kind, county, **where))
    found += [
        station(f"SITE{index}", "site_dust", "A", lon=115.03, lat=35 + index / 20) for index in range(5)
    ]
    return found


def level(city: City, value: float, **others: float) -> Mapping[str, float]:
    """Every air station at about one value, which differs by station, and some at their own."""
    found = {
        row.code: value + number % 7
        for number, row in enumerate(sorted(city.stations.values()))
        if row.kind in ("air", "township_air")
    }
    return {**found, **others}


def ringing(store: Store) -> list[tuple[Any, ...]]:
    """Rule, place and state of what is not suppressed."""
    return alarms(store, "rule, COALESCE(station, grid), state", "state NOT IN ('NORM', 'SUPPRESSED')")


def test_a_day_above_aqi_200_with_one_site_far_above_is_one_regional_incident_and_that_site(
    store: Store,
) -> None:
    city = build(store, town(), COUNTIES)
    odd = city.by_code["B2"].id
    for back in range(23, -1, -1):
        values = level(city, 165 + back % 5, B2=2.5 * (168 + back % 5))
        hour(store, city, back, values)
        hour(store, city, back, {code: 1.4 * value for code, value in values.items()}, parameter="pm10")
        sites = {f"SITE{index}": 1.4 * 168 + index + back % 5 for index in range(5)}
        hour(store, city, back, sites, parameter="pm10")
    found = ringing(store)
    assert [one for one in found if one[0] == "regional"] == [("regional", "Z", "UNACK")]
    assert {one[1] for one in found} == {"Z", odd}
    regional = rows(store, "SELECT id, type, regional, grid FROM incident WHERE regional")
    assert [one[1:] for one in regional] == [("regional", 1, "Z")]
    assert rows(store, "SELECT station, COUNT(*) FROM incident WHERE NOT regional GROUP BY station") == [
        (odd, 1)
    ]
    # Nothing is dropped: the others are on record, and say who speaks for them.
    spoken = alarms(store, "DISTINCT inhibited_by", "state = 'SUPPRESSED'")
    assert spoken == [(regional[0][0],)]
    assert len(alarms(store, "id", "state = 'SUPPRESSED' AND rule = 'exceedance' AND parameter = 1")) == 15


def test_one_dust_site_above_the_others_of_a_dusty_county(store: Store) -> None:
    city = build(store, town(), COUNTIES)
    for back in (2, 1, 0):
        hour(store, city, back, level(city, 200 + back), parameter="pm10")
        sites = {f"SITE{index}": 330.0 + index + back for index in range(4)}
        hour(store, city, back, {**sites, "SITE4": 2.5 * 330 + back}, parameter="pm10")
    by_rule = [(rule, place) for rule, place, _ in ringing(store)]
    assert ("regional", "A") in by_rule
    assert {place for rule, place in by_rule if rule != "regional"} == {city.by_code["SITE4"].id}


def test_one_county_is_a_region_of_its_own(store: Store) -> None:
    city = build(store, town(), COUNTIES)
    for back in (1, 0):
        values = {code: (180.0 + back if code.startswith("C") else 60.0 + back) for code in level(city, 0)}
        hour(store, city, back, values)
    assert ringing(store) == [("regional", "C", "UNACK")]
    assert rows(store, "SELECT type, regional, county, priority FROM incident") == [
        ("regional", 1, "C", "high")
    ]
    assert alarms(store, "value, threshold, county", "rule = 'regional'")[0][1:] == (115.0, "C")


def test_what_rang_before_the_region_filled_is_taken_back(store: Store) -> None:
    city = build(store, town(), COUNTIES)
    hour(store, city, 2, level(city, 60))
    hour(store, city, 1, level(city, 60, C0=200, C1=200))
    assert [(rule, state) for rule, _, state in ringing(store) if rule == "exceedance"] == [
        ("exceedance", "UNACK")
    ] * 2
    hour(store, city, 0, {code: (200.0 if code.startswith("C") else 61.0) for code in level(city, 0)})
    assert [one for one in ringing(store) if one[0] in ("exceedance", "regional")] == [
        ("regional", "C", "UNACK")
    ]
    acts = rows(
        store,
        "SELECT act, from_state, to_state FROM alarm_act WHERE act = 'suppress' AND from_state = 'UNACK'",
    )
    assert acts == [("suppress", "UNACK", "SUPPRESSED")] * 2


def test_the_city_speaks_for_its_counties_and_hands_back(store: Store) -> None:
    city = build(store, town(), COUNTIES)

    def at(back: int, *counties: str) -> None:
        # From hour to hour a little less or more: nothing repeats, nothing rises suddenly.
        values = {code: (175.0 if code[0] in counties else 100.0) + back / 10 for code in level(city, 0)}
        hour(store, city, back, values)

    at(9, "C")
    assert [one for one in ringing(store) if one[0] == "regional"] == [("regional", "C", "UNACK")]
    at(8, "A", "B", "C")
    assert [one for one in ringing(store) if one[0] == "regional"] == [("regional", "Z", "UNACK")]
    whole = rows(store, "SELECT id FROM incident WHERE grid = 'Z'")[0][0]
    assert rows(store, "SELECT merged_into FROM incident WHERE grid = 'C'") == [(whole,)]
    at(7, "C")
    at(6, "C")
    assert [one for one in ringing(store) if one[0] == "regional"] == [
        ("regional", "C", "UNACK"),
        ("regional", "Z", "RTN_UNACK"),
    ]
    assert rows(store, "SELECT merged_into FROM incident WHERE grid = 'C'") == [("",)]
    at(5)
    at(4)
    assert {state for rule, _, state in ringing(store) if rule == "regional"} == {"RTN_UNACK"}
    assert states(store).count("SUPPRESSED") == 0


def test_a_station_that_stays_high_when_the_region_ends_rings_for_itself(store: Store) -> None:
    city = build(store, town(), COUNTIES)
    for back in (5, 4):
        hour(
            store,
            city,
            back,
            {code: 180.0 + back / 10 if code[0] == "C" else 60.0 + back for code in level(city, 0)},
        )
    assert alarms(store, "presented", "state = 'SUPPRESSED'") == [(0,)] * 4
    for back in (3, 2):
        values = dict.fromkeys(level(city, 0), 60.0 + back)
        hour(store, city, back, {**values, "C1": 181.0 + back / 10})
    found = [one for one in ringing(store) if one[0] == "exceedance"]
    assert found == [("exceedance", city.by_code["C1"].id, "UNACK")]
    # It counts for the seat's load from the moment it is shown.
    assert alarms(store, "presented", "rule = 'exceedance' AND state = 'UNACK'") == [(T - 2 * HOUR + 60,)]


@pytest.mark.parametrize("share", [1, 2])
def test_few_stations_are_no_region(store: Store, share: int) -> None:
    city = build(store, town(), COUNTIES)
    high = {f"C{index}" for index in range(share)}
    for back in (1, 0):
        hour(
            store,
            city,
            back,
            {code: 200.0 + back if code in high else 60.0 + back for code in level(city, 0)},
        )
    assert "regional" not in {rule for rule, _, _ in ringing(store)}
    assert sum(rule == "exceedance" for rule, _, _ in ringing(store)) == share


def test_without_data_a_region_ends_and_lets_go_of_its_stations(store: Store) -> None:
    city = build(store, town(), COUNTIES)
    for back in (1, 0):
        hour(store, city, back, level(city, 180 + back))
    assert states(store).count("SUPPRESSED") == 16
    with store.bulk() as conn:
        sweep(conn, city, T + 30 * HOUR)
    assert states(store).count("SUPPRESSED") == 0
    assert alarms(store, "state", "rule = 'regional'") == [("RTN_UNACK",)]
    assert set(states(store, "exceedance")) == {"NORM"}


def test_a_region_ends_in_the_same_state_whatever_the_order_of_its_pages(store: Store) -> None:
    city = build(store, town(), COUNTIES)
    values = level(city, 180)
    for back in (1, 0):
        for first in COUNTIES:
            hour(
                store, city, back, {code: value + back for code, value in values.items() if code[0] == first}
            )
    assert ringing(store) == [("regional", "Z", "UNACK")]
