"""What the replayed upstreams answer: only what is over, late hours, corrections, and the habits of each shape."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from backend.clock import ManualClock
from backend.demo.carry import HOUR, Carry
from backend.demo.city_http import KEY_HEADER, CityHTTP
from backend.demo.episodes import Episodes
from backend.demo.generate import Generator
from backend.demo.places import Places
from backend.demo.upstream import KEPT, Ledger, Upstreams
from tests.conftest import START
from tests.tools.small_city import write_small_city

DAY = 24 * HOUR


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return Places.read(write_small_city(tmp_path_factory.mktemp("city")))


def upstreams(places: Places, seed: int = 1) -> Upstreams:
    carry = Carry(places.zone, seed)
    return Upstreams(places, carry, Episodes(places, carry, Generator(carry)))


class Side:
    """The HTTP side without a network."""

    def __init__(self, places: Places, truth: Path | None = None) -> None:
        self.clock = ManualClock(START)
        self.ledger = Ledger()
        self.city = CityHTTP(upstreams(places), self.clock, "key", ledger=self.ledger, truth=truth)
        self._transport = httpx.ASGITransport(self.city.app())

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """An answer that is not "busy"."""
        async with httpx.AsyncClient(transport=self._transport, base_url="http://city") as client:
            while True:
                response = await client.get(path, headers=headers)
                if response.status_code != 503:
                    return response
                assert response.headers["retry-after"] == "1"


@pytest.fixture
def side(places: Places) -> Side:
    return Side(places)


def test_only_hours_that_are_over_are_told(places: Places) -> None:
    side = upstreams(places)
    for now in range(START, START + 2 * HOUR, 600):
        for hour in side.told("township_air", START - DAY, START + DAY, now):
            assert hour.start + hour.period <= hour.out <= now


def test_some_hours_come_late_and_some_values_are_put_right_and_the_stamp_says_so(places: Places) -> None:
    side = upstreams(places)
    since, until = START - 40 * DAY, START - 2 * DAY
    hours = list(side.told("township_air", since, until, START))
    late = [hour for hour in hours if hour.out >= hour.start + 2 * hour.period]
    righted = [hour for hour in hours if hour.corrections]
    assert late
    assert righted
    hour = righted[0]
    (name,) = hour.corrections
    before, after = hour.at(hour.righted - 1)[name], hour.at(hour.righted)[name]
    assert before != after
    window = (hour.start, hour.start + hour.period)
    stamps = [side.stamp("township_air", *window, at) for at in (hour.righted - 1, hour.righted)]
    assert stamps[0] != stamps[1]


def test_a_stamp_stays_while_nothing_changes(places: Places) -> None:
    side = upstreams(places)
    told, stamps = set(), set()
    for now in range(START, START + 3 * HOUR, 60):
        stamps.add(side.stamp("road_dust", START - HOUR, now, now))
        told.add(
            tuple(
                (hour.site.code, hour.start, tuple(hour.at(now).items()))
                for hour in side.told("road_dust", START - HOUR, now, now)
            )
        )
    assert len(stamps) == len(told)


async def test_an_answer_is_not_given_again_while_it_is_the_same(side: Side) -> None:
    first = await side.get(f"/road/export.csv?from={START - DAY}")
    again = await side.get(f"/road/export.csv?from={START - DAY}", **{"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    side.clock.move(HOUR)
    later = await side.get(f"/road/export.csv?from={START - DAY}", **{"if-none-match": first.headers["etag"]})
    assert later.status_code == 200


async def test_an_export_is_in_gb18030_and_its_last_row_comes_twice(side: Side) -> None:
    response = await side.get(f"/road/export.csv?from={START - DAY}")
    rows = list(csv.reader(io.StringIO(response.content.decode("gb18030"))))
    assert rows[0][:3] == ["设备编号", "道路名称", "时间"]
    assert rows[-1] == rows[-2] != rows[-3]


async def test_a_page_begins_with_the_last_row_of_the_page_before(side: Side) -> None:
    base = f"/township/hourData?startTime={START - 20 * DAY}"
    pages = [(await side.get(f"{base}&pageNum={page}")).json()["data"]["list"] for page in (1, 2)]
    assert pages[1][0] == pages[0][-1]
    assert all(isinstance(value, str) for row in pages[0] for value in row.values())


async def test_what_is_handed_out_is_in_the_ledger_once_with_the_last_value(side: Side) -> None:
    for _ in range(12):
        await side.get(f"/township/hourData?startTime={START - 6 * HOUR}")
        side.clock.move(1800)
    now = side.clock.now() - 1800
    told = {
        (hour.site.code, name, hour.start, hour.period): value
        for hour in side.city.upstreams.told("township_air", START - 6 * HOUR, now, now)
        for name, value in hour.at(now).items()
        if value.value is not None
    }
    assert told == side.ledger.told
    assert side.ledger.repeats > 0


async def test_an_upstream_is_busy_now_and_then_but_never_twice_in_a_row(side: Side) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(side.city.app()), base_url="http://city"
    ) as client:
        codes = [(await client.get(f"/road/export.csv?from={START}")).status_code for _ in range(1500)]
    assert 0 < codes.count(503) < 30
    assert not any(a == b == 503 for a, b in pairwise(codes))


async def test_the_truth_and_the_clock_want_the_key(side: Side) -> None:
    assert (await side.get("/_truth/served")).status_code == 403
    assert (await side.get("/_truth/episodes", **{KEY_HEADER: "other"})).status_code == 403
    assert (await side.get("/_truth/served", **{KEY_HEADER: "key"})).status_code == 200


async def test_the_truth_is_kept_in_a_file_of_its_own(places: Places, tmp_path: Path) -> None:
    import json

    side = Side(places, tmp_path / "truth.json")
    response = await side.get(f"/township/hourData?startTime={START - HOUR}")
    assert "point" not in response.text
    kept = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert {"id", "kind", "source", "from", "to", "stations"} <= kept[0].keys()


async def test_a_bad_question_is_answered_as_one(side: Side) -> None:
    assert (await side.get("/road/export.csv?from=yesterday")).status_code == 400
    assert (await side.get("/sensorthings/v1.1/Observations?$filter=result gt 5")).status_code == 400
    assert (await side.get("/v1/forecast?latitude=x&longitude=1")).status_code == 400


def test_what_nobody_asks_for_any_more_is_let_go_and_made_again_as_it_was(places: Places) -> None:
    side, now = upstreams(places), START + 30 * HOUR
    before = list(side.told("road_dust", START, now, now))
    side.forget(now)
    held = {start for _, start, _ in side._kept}
    assert held
    assert min(held) >= now - KEPT
    assert list(side.told("road_dust", START, now, now)) == before
