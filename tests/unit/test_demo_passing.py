"""Vehicles that pass the demo's remote-sensing sets: the same at every run, never before their time, some smoking."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from backend.clock import ManualClock
from backend.demo.carry import HOUR, Carry
from backend.demo.city_http import CityHTTP
from backend.demo.episodes import Episodes
from backend.demo.generate import Generator
from backend.demo.passing import Passings
from backend.demo.places import Places
from backend.demo.upstream import Upstreams
from backend.feeds.passages.reading import Shape, decode, known_fields
from backend.feeds.times import TimeLabel
from tests.conftest import START
from tests.tools.small_city import write_small_city

ZONE = ZoneInfo("Asia/Shanghai")
DAY = 24 * HOUR


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_small_city(tmp_path_factory.mktemp("city"))
    with (folder / "vehicles.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("plate", "kind", "fuel", "stage", "source", "grid", "made_up"))
        for number in range(400):
            fuel, stage = (("柴油", "国三"), ("汽油", "国六"), ("纯电", ""))[number % 3]
            out.writerow((f"鲁RD{number:04d}", "轻型货车", fuel, stage, "", "990001001", 1))
    return folder


def passings(folder: Path, seed: int = 1) -> Passings:
    places = Places.read(folder)
    return Passings(places, Carry(places.zone, seed), folder)


def test_the_same_passes_at_every_run_and_nothing_before_it_was_measured(folder: Path) -> None:
    one, other = passings(folder), passings(folder)
    body = one.body(START - DAY, START)
    assert body == other.body(START - DAY, START) != passings(folder, 2).body(START - DAY, START)
    rows = list(one.told(START - DAY, START))
    assert rows
    assert all(START - DAY <= row.at < row.out <= START for row in rows)
    # What was told once is told again later, with what came since.
    later = set(one.told(START - DAY, START + HOUR))
    assert set(rows) < later


def test_the_answer_is_read_by_the_feeds_adapter(folder: Path) -> None:
    made = passings(folder)
    shape = Shape("json", TimeLabel(ZONE), known_fields())
    found = decode(made.body(START - DAY, START), shape, START)
    rows = list(made.told(START - DAY, START))
    assert not found.asides
    assert len(found.passages) == len(rows)
    read = {(one.plate, one.at) for one in found.passages}
    assert read == {(row.vehicle.plate, row.at) for row in rows}


def test_some_that_smoke_come_by_again_and_again(folder: Path) -> None:
    seen: dict[str, int] = {}
    for row in passings(folder).told(START - DAY, START):
        if row.opacity > 30:
            assert row.vehicle.fuel == "柴油"
            seen[row.vehicle.plate] = seen.get(row.vehicle.plate, 0) + 1
    assert max(seen.values()) >= 2


async def test_the_http_side_serves_them(folder: Path) -> None:
    places = Places.read(folder)
    carry = Carry(places.zone, 1)
    upstreams = Upstreams(places, carry, Episodes(places, carry, Generator(carry)))
    clock = ManualClock(START)
    for served, status in ((Passings(places, carry, folder), 200), (None, 404)):
        app = CityHTTP(upstreams, clock, "key", passings=served).app()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://city") as client:
            answer = await client.get(f"/sensing/vehicles?from={START - HOUR}")
            assert answer.status_code == status
            assert (await client.get("/sensing/vehicles?from=noon")).status_code == 400
        if served is not None:
            listed = json.loads(answer.content)["data"]["list"]
            assert listed == json.loads(served.body(START - HOUR, START))["data"]["list"]


def test_a_city_without_a_register_has_nothing_passing() -> None:
    places = Places(ZONE, {}, {}, {}, {})
    assert json.loads(Passings(places, Carry(ZONE, 1)).body(START - HOUR, START)) == {
        "code": 200,
        "data": {"list": []},
    }
