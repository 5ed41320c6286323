"""Humid air: alarms of dust alone are kept from ringing where optical instruments count droplets."""

from __future__ import annotations

from backend.city.registry import City
from backend.store import Store
from tests.unit.alarm_hours import alarms, hour
from tests.unit.small_city import build, rows, station


def dusty(store: Store) -> City:
    """A county with a construction site and a weather station, and another county without one."""
    return build(
        store,
        [
            station("A1"),
            station("D1", "site_dust"),
            station("W1", "weather"),
            station("A2", county="B"),
            station("D2", "site_dust", county="B"),
        ],
    )


def said(store: Store, city: City, back: int, rh: float, site: float = 300.0) -> None:
    """One hour."""
    hour(store, city, back, {"W1": rh}, parameter="rh")
    hour(store, city, back, {"A1": 50.0, "D1": site, "A2": 50.0, "D2": site}, parameter="pm10")


def test_dust_alone_does_not_ring_in_fog_and_rings_when_it_dries(store: Store) -> None:
    city = dusty(store)
    for back in (3, 2):
        said(store, city, back, 98.0)
    # The county without a station of its own goes by the city's.
    assert alarms(store, "rule, state, inhibited_by") == [
        ("site_dust", "SUPPRESSED", "humid:A"),
        ("site_dust", "SUPPRESSED", "humid:B"),
    ]
    assert rows(store, "SELECT COUNT(*) FROM incident") == [(0,)]
    said(store, city, 1, 70.0, site=310.0)
    assert alarms(store, "state, inhibited_by", "rule = 'site_dust'")[0][0] == "UNACK"


def test_what_is_no_dust_rings_in_fog_too(store: Store) -> None:
    city = dusty(store)
    hour(store, city, 0, {"W1": 99.0}, parameter="rh")
    hour(store, city, 0, {"A1": 900.0}, parameter="so2")
    assert alarms(store, "rule, state", "rule = 'exceedance'") == [("exceedance", "UNACK")]


def test_dry_or_unknown_air_keeps_nothing_from_ringing(store: Store) -> None:
    city = dusty(store)
    for back in (3, 2):
        hour(store, city, back, {"A1": 50.0, "D1": 300.0}, parameter="pm10")
    assert alarms(store, "state") == [("UNACK",)]
