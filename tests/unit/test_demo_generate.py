"""The made-up hours: dust rides on the air, water is slow, power keeps working hours."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean, pstdev

import pytest

from backend.demo.carry import HOUR, Carry
from backend.demo.generate import Generator
from backend.demo.places import Places, Site
from tests.conftest import START
from tests.tools.small_city import MEASURES, write_small_city

DAY = 24 * HOUR


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return Places.read(write_small_city(tmp_path_factory.mktemp("city")))


@pytest.fixture(scope="module")
def carry(places: Places) -> Carry:
    return Carry(places.zone, 5)


def series(carry: Carry, site: Site, name: str, days: int, step: int = HOUR) -> list[float]:
    make = Generator(carry)
    return [make.values(site, start)[name] for start in range(START, START + days * DAY, step)]


def correlation(one: list[float], other: list[float]) -> float:
    a, b = fmean(one), fmean(other)
    together = fmean((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    return together / (pstdev(one) * pstdev(other))


def test_every_site_measures_what_the_pack_says(places: Places, carry: Carry) -> None:
    make = Generator(carry)
    feeds = {feed for feed, _, _ in MEASURES.values()}
    assert set(places.feeds) == feeds
    for site in places.sites.values():
        values = make.values(site, START)
        assert {measure.parameter for measure in site.measures} <= values.keys()
        assert all(value >= 0 for value in values.values() if site.kind != "weather")


def test_site_dust_rides_on_the_citys_air_and_on_work(places: Places, carry: Carry) -> None:
    hours = range(START, START + 20 * DAY, HOUR)
    for site in places.of_kind("site_dust"):
        dust = series(carry, site, "pm10", 20)
        air = [carry.hour(start).regional["pm10"] for start in hours]
        assert correlation(dust, air) > 0.7
        above = [value - base for value, base in zip(dust, air, strict=True)]
        working = [one for one, start in zip(above, hours, strict=True) if 8 <= carry.hour(start).hour <= 16]
        resting = [one for one, start in zip(above, hours, strict=True) if carry.hour(start).hour <= 4]
        assert fmean(working) > fmean(resting)


def test_pm25_is_never_above_pm10_unless_an_instrument_fails(places: Places, carry: Carry) -> None:
    make = Generator(carry)
    for site in places.of_kind("air", "township_air", "road_dust", "site_dust"):
        for start in range(START, START + 10 * DAY, HOUR):
            values = make.values(site, start)
            assert values["pm25"] < values["pm10"]


def test_water_is_slow(places: Places, carry: Carry) -> None:
    for site in places.of_kind("water"):
        for name in ("codmn", "nh3n", "tp", "ph"):
            found = series(carry, site, name, 30, step=4 * HOUR)
            steps = [abs(after / before - 1) for before, after in pairwise(found)]
            assert max(steps) < 0.15
            assert max(found) > min(found)


def test_power_keeps_working_hours(places: Places, carry: Carry) -> None:
    kinds = set()
    for site in places.of_kind("power"):
        production = series(carry, site, "power_prod", 7)
        assert max(production) <= site.rated[0] * 1.2
        busy = sum(value > 0.3 * site.rated[0] for value in production)
        kinds.add("always" if busy == len(production) else "shifts")
        assert busy > 0
    assert "shifts" in kinds
