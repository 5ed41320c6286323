"""What the demo's instruments push: when it is due, kept until it is acknowledged, and nothing of it forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from backend.demo import gateway as room
from backend.demo.carry import HOUR, Carry
from backend.demo.episodes import Episodes
from backend.demo.gateway import Answer, Gateway
from backend.demo.generate import Generator
from backend.demo.places import Places
from backend.demo.upstream import Ledger, Upstreams, _options
from backend.feeds import hj212
from tests.conftest import START
from tests.tools.small_city import write_small_city

TAKEN = Answer(200)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return Places.read(write_small_city(tmp_path_factory.mktemp("city")))


@dataclass
class Hub:
    """Stands for the seat's HTTP side: takes what comes, or answers as it is told to."""

    answers: list[Answer] = field(default_factory=list)
    always: Answer = TAKEN
    bodies: list[bytes] = field(default_factory=list)
    tried: int = 0
    slept: float = 0.0

    async def post(self, body: bytes) -> Answer:
        self.tried += 1
        answer = self.answers.pop(0) if self.answers else self.always
        if answer.taken:
            self.bodies.append(body)
        return answer

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def page(self, now: int) -> Any:
        return hj212.page(b"".join(self.bodies), hj212.default_options(), now)


Make = Callable[..., tuple[Gateway, Hub, Ledger]]


@pytest.fixture
def make(places: Places, monkeypatch: pytest.MonkeyPatch) -> Make:
    """A gateway with other settings than demo.toml's, the side it posts to, and the ledger."""

    def made(hub: Hub | None = None, **changed: Any) -> tuple[Gateway, Hub, Ledger]:
        carry = Carry(places.zone, 1)
        upstreams = Upstreams(places, carry, Episodes(places, carry, Generator(carry)))
        options = {**_options("site_dust"), **changed}
        monkeypatch.setattr(upstreams, "options", lambda _feed: options)
        side, ledger = hub or Hub(), Ledger()
        gateway = Gateway(
            upstreams,
            "site_dust",
            side.post,
            START,
            ledger=ledger,
            monotonic=lambda: side.slept,
            sleep=side.sleep,
        )
        return gateway, side, ledger

    return made


def go(gateway: Gateway, *instants: int) -> None:
    """Tell it the time, again and again, waiting for the end of each turn."""

    async def turns() -> None:
        for now in instants:
            await gateway.go(now, settle=True)

    asyncio.run(turns())


def day(hours: int = 24) -> list[int]:
    return [START + 300 * step for step in range(hours * 12 + 1)]


def test_every_reading_that_is_due_comes_and_is_in_the_ledger(make: Make, places: Places) -> None:
    gateway, hub, ledger = make()
    go(gateway, *day())
    page = hub.page(START + 24 * HOUR)
    read = {(one.station, one.parameter, one.start, one.period): one.value for one in page.records}
    sites = {site.code: site.upstream for site in places.feeds["site_dust"]}
    told = {(sites[key[0]], *key[1:]): value.value for key, value in ledger.told.items()}
    assert read == pytest.approx(told)
    hours = {key[2] for key in read}
    assert START - 3 * HOUR in hours
    assert len(hours) >= 26


def test_nothing_is_sent_before_its_period_is_over(make: Make) -> None:
    gateway, hub, _ = make(damaged=0.0)
    for now in (START, START + 1500, START + HOUR + 60):
        hub.bodies.clear()
        go(gateway, now)
        assert all(one.start + one.period <= now for one in hub.page(now).records)


def test_a_damaged_frame_comes_whole_a_while_later_and_is_counted(make: Make) -> None:
    gateway, hub, ledger = make(damaged=0.3, again=0.0)
    go(gateway, *day())
    page, told = hub.page(START + 24 * HOUR), gateway.told()
    assert told["damaged"] == len(page.asides) > 20
    assert {one.reason.code for one in page.asides} == {"hj212.crc", "hj212.length", "hj212.cut"}
    # Each reading was sent whole just once, be it at its time or again.
    assert len(page.records) == len(ledger.told)
    assert ledger.repeats == 0


def test_a_frame_that_comes_twice_is_the_same_reading(make: Make) -> None:
    gateway, hub, ledger = make(damaged=0.0, again=0.5)
    go(gateway, *day(6))
    page = hub.page(START + 6 * HOUR)
    assert len(page.records) > 1.2 * len(ledger.told)
    assert gateway.told()["again"] > 0


def test_what_is_not_acknowledged_is_kept_and_sent_again_after_a_growing_pause(make: Make) -> None:
    gateway, hub, ledger = make(Hub(answers=[Answer(0), Answer(503), Answer(401)]))
    go(gateway, START + 600)
    assert hub.tried == 4
    assert hub.slept == pytest.approx(room.FIRST_PAUSE * (1 + 2 + 4))
    assert gateway.told()["failed"] == 3
    assert gateway.told()["waiting"] == 0
    assert len(hub.page(START + 600).records) >= len(ledger.told) > 0


def test_a_busy_side_is_left_alone_for_as_long_as_it_asks(make: Make) -> None:
    gateway, hub, _ = make(Hub(answers=[Answer(503, 5.0)]))
    go(gateway, START + 600)
    assert hub.slept == 5.0
    assert gateway.told()["waiting"] == 0


def test_who_waits_for_the_end_is_let_go_when_nobody_takes_anything(make: Make) -> None:
    gateway, hub, ledger = make(Hub(always=Answer(404)))
    go(gateway, START + 600)
    assert hub.tried == room.TRIES + 1
    assert gateway.waits() is None
    assert gateway.told()["waiting"] > 0
    # What was due and never taken stays in the ledger: it would be counted as lost.
    assert ledger.told
    hub.always = TAKEN
    hub.slept += room.LONGEST_PAUSE
    go(gateway, START + 900)
    assert gateway.told()["waiting"] == 0
    assert len(hub.page(START + 900).records) >= len(ledger.told)


def test_a_body_that_is_too_large_is_sent_in_halves(make: Make) -> None:
    gateway, hub, _ = make(Hub(answers=[Answer(room.TOO_LARGE)]), page=16)
    go(gateway, START + 600)
    assert hub.slept == 0.0
    assert max(body.count(b"##") for body in hub.bodies) == 8


def test_the_oldest_is_let_go_when_nobody_takes_anything_for_days(make: Make) -> None:
    gateway, _hub, ledger = make(Hub(always=Answer(404)), keeps=6, damaged=0.0, again=0.0)
    go(gateway, *(START + HOUR * step for step in range(13)))
    told = gateway.told()
    assert told["dropped"] > 0
    assert told["waiting"] <= 7 * 6
    assert len(ledger.told) == 3 * (told["dropped"] + told["waiting"])


def test_time_is_told_what_waits_only_while_it_is_on_its_way(make: Make) -> None:
    gateway, hub, _ = make()
    assert gateway.waits() is None

    async def turns() -> None:
        await gateway.go(START + 600)
        held = gateway.waits()
        assert held is not None
        assert held <= START + 600
        # A turn that waits comes after the one in the background.
        await gateway.go(START + 600, settle=True)
        assert gateway.waits() is None

    asyncio.run(turns())
    assert hub.bodies


def test_the_same_seed_sends_the_same_bytes(make: Make) -> None:
    sent = []
    for _ in range(2):
        gateway, hub, _ = make()
        go(gateway, *day(3))
        sent.append(hub.bodies)
    assert sent[0] == sent[1]


async def test_a_side_that_is_not_there_is_an_answer_too() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = await room.HttpPost(f"http://127.0.0.1:{port}/v1/push/x", "key")(b"##")
    assert answer.status == 0
    assert not answer.taken
