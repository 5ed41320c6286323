"""Planted episodes: the plume goes downwind, named sources emit, the truth is kept and told to nobody."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from backend.demo import plume
from backend.demo.carry import HOUR, Carry, settings
from backend.demo.episodes import Episode, Episodes, Opening, truth_of
from backend.demo.generate import Generator
from backend.demo.places import Places
from backend.demo.record import Wind
from tests.conftest import START
from tests.tools.small_city import write_small_city

DAY = 24 * HOUR
PLUME = settings()["plume"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return Places.read(write_small_city(tmp_path_factory.mktemp("city")))


def planned(places: Places, seed: int = 1, days: int = 6, opening: Opening | None = None) -> list[Episode]:
    carry = Carry(places.zone, seed)
    episodes = Episodes(places, carry, Generator(carry), rate=3.0, opening=opening)
    for day in range(days):
        episodes.plan(START + day * DAY)
    return episodes.planned()


@pytest.mark.parametrize("origin", [0, 45, 90, 180, 300])
def test_a_plume_goes_downwind_and_thins_with_distance_and_to_the_side(origin: int) -> None:
    wind = Wind(origin, 2.0)
    towards = math.radians(origin + 180)
    east, north = math.sin(towards), math.cos(towards)

    def at(along: float, aside: float = 0.0) -> float:
        dx, dy = along * east - aside * north, along * north + aside * east
        return plume.concentration("straw", wind, dx, dy, PLUME)[0]

    assert at(-2.0) == 0.0
    assert at(1.0) > at(3.0) > at(8.0) > 0.0
    assert at(3.0) > at(3.0, 0.5) > at(3.0, 1.5)
    assert at(3.0, 0.5) == pytest.approx(at(3.0, -0.5))
    assert at(PLUME["reach"] + 1) == 0.0


def test_the_air_takes_its_time() -> None:
    hours = plume.concentration("point", Wind(270, 2.0), 7.2, 0.0, PLUME)[1]
    assert hours == pytest.approx(1.0)


def test_next_to_the_source_the_wind_does_not_matter() -> None:
    assert plume.concentration("site_dust", Wind(270, 2.0), -0.1, 0.0, PLUME)[0] > 0


def test_the_same_seed_plants_the_same_and_named_sources_of_the_pack_emit(places: Places) -> None:
    found = planned(places)
    assert truth_of(found) == truth_of(planned(places))
    assert truth_of(found) != truth_of(planned(places, seed=2))
    kinds = {episode.kind for episode in found}
    assert {"point", "line", "fault"} <= kinds
    for episode in found:
        match episode.kind:
            case "fault":
                assert episode.source in places.sites
            case "region":
                assert episode.source == ""
            case _:
                sources = settings()["episode"][episode.kind]["sources"]
                assert places.emitters[episode.source].kind in sources
                assert episode.emission


def test_a_station_shows_an_episode_only_where_what_is_added_is_material(places: Places) -> None:
    carry = Carry(places.zone, 1)
    generator = Generator(carry)
    material = settings()["material"]
    emitted = [episode for episode in planned(places) if episode.added]
    assert any(episode.shown for episode in emitted)
    for episode in emitted:
        for code, parameters in episode.shown.items():
            for parameter, starts in parameters.items():
                for start in starts:
                    base = generator.values(places.sites[code], start)[parameter]
                    added = episode.added[code][start][parameter]
                    assert added >= max(material["least"][parameter], material["share"] * base)


def test_the_stations_that_show_a_plume_lie_downwind_in_some_hour_of_it(places: Places) -> None:
    carry = Carry(places.zone, 1)
    for episode in planned(places):
        if episode.kind != "point":
            continue
        source = places.emitters[episode.source]
        winds = [carry.hour(start).wind for start in range(episode.begins, episode.ends, HOUR)]
        for code in episode.shown:
            site = places.sites[code]
            along = [plume.offsets(wind, site.x - source.x, site.y - source.y)[0] for wind in winds]
            near = math.hypot(site.x - source.x, site.y - source.y) <= PLUME["on_site"]
            assert near or max(along) > 0


def test_an_instrument_fails_as_its_episode_says(places: Places) -> None:
    carry = Carry(places.zone, 1)
    generator = Generator(carry)
    episodes = Episodes(places, carry, generator, rate=0.4)
    for day in range(60):
        episodes.plan(START + day * DAY)
    alone = [
        episode
        for episode in episodes.planned()
        if episode.fault
        and not any(
            other is not episode and episode.source in {*other.shown, *other.added, other.source}
            for other in episodes.planned()
            if other.begins < episode.ends and episode.begins < other.ends + DAY
        )
    ]
    assert {episode.fault for episode in alone} == {"offline", "flat", "inversion", "high"}
    for episode in alone:
        site = places.sites[episode.source]
        starts = range(episode.begins, episode.ends, HOUR)
        shown = [episodes.apply(site, start, generator.values(site, start)) for start in starts]
        match episode.fault:
            case "offline":
                assert shown == [None] * len(shown)
            case "flat":
                assert len({values["pm10"] for values in shown if values}) == 1
            case "inversion":
                assert all(values and values["pm25"] > values["pm10"] for values in shown)
            case "high":
                plain = [generator.values(site, start)["pm10"] for start in starts]
                assert all(
                    values and values["pm10"] == pytest.approx(3.5 * before)
                    for values, before in zip(shown, plain, strict=True)
                )


def test_something_is_planted_at_the_start_in_the_county_of_the_seat(places: Places) -> None:
    found = [
        episode
        for episode in planned(places, days=1, opening=Opening("990001", START))
        if "opening" in episode.id and episode.kind == "point"
    ]
    assert found
    assert START - HOUR < found[0].begins <= START
    assert found[0].source.startswith("E1")
    assert any(code.startswith("TA1") for code in found[0].shown)


def test_the_generator_shares_no_code_with_detection() -> None:
    """Not a line of alarms, quality or analysis is loaded by what makes and serves the hours."""
    import subprocess
    import sys

    program = (
        "import sys, backend.demo.city_http, backend.demo.serve, backend.demo.episodes\n"
        "print([name for name in sys.modules if name.startswith(('backend.alarms', 'backend.quality',"
        " 'backend.analysis', 'backend.incidents', 'backend.ingest'))])"
    )
    root = Path(__file__).parents[2]
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=root, check=True
    )
    assert said.stdout.strip() == "[]"
