"""A region-wide arrival as the replay makes it, hour by hour through ingest: one regional incident, and above it
only what stands above it.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select, text

from backend.city.load import load_pack
from backend.city.packs import heze_path
from backend.city.registry import City
from backend.demo.carry import HOUR, Carry, settings
from backend.demo.episodes import KINDS, Episode, Episodes, Opening, truth_of
from backend.demo.generate import Generator
from backend.demo.headless import Result, _score
from backend.demo.places import Places
from backend.demo.upstream import Upstreams
from backend.feeds.record import Page, Record
from backend.feeds.tables import Feed
from backend.ingest import ingest
from backend.store import Store, table
from tests.conftest import START
from tests.tools.small_city import write_small_city

FEED = table(Feed)
HOURS = 24


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def places(pack: Path) -> Places:
    return Places.read(pack)


def replay(places: Places, seed: int, at: int = START, county: str = "990001") -> tuple[Upstreams, Episodes]:
    """The upstreams of a demo that opens at `at`, with nothing planted but what every demo opens with."""
    carry = Carry(places.zone, seed)
    episodes = Episodes(places, carry, Generator(carry), rate=0.0, opening=Opening(county, at))
    return Upstreams(places, carry, episodes), episodes


@pytest.fixture
def played(store: Store, pack: Path, places: Places) -> tuple[Store, list[Episode]]:
    """A day of air and road dust taken in as it would come, an hour at a time."""
    assert load_pack(store, pack, START - 400 * 86400, base="http://city.invalid").ok
    with store.read() as connection:
        city = City.read(connection)
        numbers = {row.code: row.id for row in connection.execute(select(FEED.c.code, FEED.c.id))}
    upstreams, episodes = replay(places, 1)
    for hour in range(-3, HOURS):
        end = START + (hour + 1) * HOUR
        for feed in ("air", "township_air", "road_dust"):
            told = [
                Record(one.site.upstream, name, one.start, one.period, value.value)
                for one in upstreams.ended(feed, end - HOUR, end)
                for name, value in one.values.items()
                if value.value is not None and not value.below
            ]
            ingest(store, city, numbers[feed], Page(told, [], []), end + 600)
    return store, episodes.planned()


ALARMS = """
SELECT s.code, p.code, a.began, a.presented FROM alarm a
JOIN station s ON s.id = a.station JOIN parameter p ON p.id = a.parameter
WHERE a.rule = 'exceedance' AND a.began >= :began
"""
READINGS = """
SELECT s.code, p.code, r.start, r.value FROM reading r
JOIN station s ON s.id = r.station JOIN parameter p ON p.id = r.parameter
WHERE s.kind IN ('air', 'township_air')
"""


def test_it_is_one_regional_incident_and_what_rings_beside_it_stands_above_it(
    played: tuple[Store, list[Episode]],
) -> None:
    store, planned = played
    (region,) = [one for one in planned if one.kind == "region"]
    with store.read() as connection:

        def ask(query: str, **given: int) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(text(query), given)]

        assert ask("SELECT grid FROM incident WHERE type = 'regional' AND merged_into = ''") == [("990000",)]
        ((began, cleared),) = ask(
            "SELECT MIN(began), MIN(cleared) FROM alarm WHERE rule = 'regional' AND grid = '990000'"
        )
        exceeding = ask(ALARMS, began=began)
        values: dict[tuple[str, int], dict[str, float]] = {}
        for station, name, start, value in ask(READINGS):
            values.setdefault((name, start), {})[station] = value
    assert region.begins < began < region.ends
    silent = [one for one in exceeding if not one[3]]
    # Most of the eight stations of the network are beyond the limit, and none of them has rung for it.
    assert len(silent) >= 5
    for code, name, at, presented in exceeding:
        if presented and (cleared is None or presented < cleared):
            assert values[name, at][code] >= 2 * median(values[name, at].values()), (code, name, at)


def test_it_counts_as_found_by_the_alarm_of_the_region_alone(played: tuple[Store, list[Episode]]) -> None:
    store, planned = played
    truth = truth_of(planned)

    def found() -> dict[str, dict[str, int]]:
        result = Result(HOURS)
        _score(store, truth, START, START + HOURS * HOUR, result)
        return result.by_kind

    assert found()["region"] == {"planted": 1, "found": 1}
    with store.write() as connection:
        connection.execute(text("DELETE FROM alarm WHERE rule = 'regional'"))
    assert found()["region"] == {"planted": 1, "found": 0}


@pytest.fixture(scope="module")
def heze() -> Places:
    return Places.read(heze_path())


@pytest.mark.parametrize(("seed", "hour"), [(1, 8), (2, 19)])
def test_whenever_a_demo_opens_its_first_day_has_each_kind_once_at_least(
    heze: Places, seed: int, hour: int
) -> None:
    origin = START + hour * HOUR - 300
    _, episodes = replay(heze, seed, origin, county="371702")
    for step in range(HOURS + 1):
        episodes.plan(origin + step * HOUR)
    end = origin + HOURS * HOUR
    counted = {
        one.kind
        for one in episodes.planned()
        for hours in one.shown.values()
        if one.begins >= origin - HOUR
        and min(start for starts in hours.values() for start in starts) + 3 * HOUR <= end
    }
    assert counted == set(KINDS)


def test_no_place_fills_faster_than_transport_fills_it() -> None:
    region = settings()["episode"]["region"]
    assert region["peak"][1] / region["ramp"] <= 30
