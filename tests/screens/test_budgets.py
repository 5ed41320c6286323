"""The byte budgets of the line (design.md's numbers), held by the product's own stations board at 120x40.

Eighty sites of one county: names of nine Chinese letters, their township, what the newest data are worth, five values,
an open alarm at every third, no data for hours from every fifth. Truecolor with the bar, and lite mode: 16 colours and
a pointer. Only bytes are counted, so the machine does not matter.
"""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest
from rich.color import ColorSystem
from sqlalchemy import insert, update

from backend.city.tables import Station, StationParameter
from backend.clock import ManualClock
from backend.feeds.tables import FeedHealth
from backend.store import Store, table
from backend.store.readings import Book, ReadingRow, write
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat
from tests.templates import filled
from tests.terminal.watched import XTERM, Watched, watch

HEALTH = table(FeedHealth)
SITES = 80
FIRST = 101
WORKS = ("房屋建筑", "道路改造", "管网", "水利", "拆迁")
VALUES = {"pm10": 105.0, "pm25": 62.0, "tsp": 220.0, "noise": 63.0}
PAINT, PICTURE = 8000, 8000
"""Bytes from the start until the first board stands, and of a board that is drawn from nothing."""
BAR = {"step": 300, "scroll": 320, "value": 60}
LITE = {"step": 60, "scroll": 150, "value": 60}


@pytest.fixture
def sites(store: Store) -> Store:
    """The small piece of Heze with eighty sites more."""
    filled(store, "sites of a budget", lambda: build(store))
    return store


def build(store: Store) -> None:
    """The same."""
    city.build(store)
    rows = [_site(number) for number in range(SITES)]
    with store.bulk() as conn:
        conn.execute(insert(table(Station)), rows)
        conn.execute(
            insert(table(StationParameter)),
            [
                {"station": row["id"], "parameter": city.CODES[code], "period": city.HOUR, "feed": "dust",
                 "upstream": ""}
                for row in rows
                for code in VALUES
            ],
        )  # fmt: skip
        _readings(conn, [_reading(number, code) for number in range(SITES) for code in VALUES])


def _site(number: int) -> dict[str, Any]:
    east = number % 2 == 0
    return {
        "id": FIRST + number, "code": f"GD{FIRST + number}",
        "name": f"{'东城' if east else '西城'}{WORKS[number % 5]}{number + 1:03d}号扬尘", "name_en": "",
        "initials": "", "kind": "site_dust", "grid": "371702001-01" if east else "371702002-01", "county": "371702",
        "township": "371702001" if east else "371702002", "lon": 115.4, "lat": 35.2, "target": "", "source": "",
        "upstream": "", "in_service": True, "placed": True, "made_up": True,
    }  # fmt: skip


def _reading(number: int, code: str, more: float = 0.0) -> ReadingRow:
    start = city.NEWEST - (6 * city.HOUR if number % 5 == 4 else 0)
    value = VALUES[code] + number * 7 % 60 + more
    return ReadingRow(start, FIRST + number, city.CODES[code], city.HOUR, value, "", 1, "", 0, 2)


def _readings(conn: Any, rows: list[ReadingRow]) -> None:
    places = {FIRST + number: ("371702", "site_dust") for number in range(SITES)}
    day = 86400
    book = Book(places, lambda at: (at + 8 * city.HOUR) // day * day - 8 * city.HOUR)
    write(conn, rows, book, city.NOW)


def alarms_at(store: Store, every: int = 3) -> None:
    """At every third site, or as many as are asked for; the board counts them."""
    from backend.alarms.tables import Alarm

    like = {
        "rule": "site_dust", "rule_version": 1, "state": "ACKED", "priority": "high", "parameter": city.CODES["pm10"],
        "period": city.HOUR, "source": "", "feed": "", "began": city.NEWEST, "presented": city.NOW - 900,
        "last": city.NEWEST, "cleared": None, "acked": city.NOW - 600, "acked_by": "MD-S1", "value": 130.0,
        "peak": 130.0, "threshold": 80.0, "background": None, "occurrences": 1, "suspect": False, "incident": "",
        "inhibited_by": "", "shelved_until": None, "shelved_by": "", "shelve_reason": "", "evidence": "{}",
    }  # fmt: skip
    with store.write() as conn:
        conn.execute(
            insert(table(Alarm)),
            [
                like | {"id": 500 + number, "key": f"site_dust/{number}", "station": FIRST + number}
                | {name: _site(number)[name] for name in ("grid", "county", "township")}
                for number in range(0, SITES, every)
            ],
        )  # fmt: skip


@pytest.fixture
def truecolor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The console takes its theme by what the terminal is said to have, whatever the tests run in."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


async def pressed(seen: Seat, sent: Watched, key: str, times: int) -> list[int]:
    """Bytes of each press."""
    found = []
    for _ in range(times):
        sent.bytes()
        await seen.press(key)
        found.append(sent.bytes())
    return found


@pytest.mark.usefixtures("truecolor")
@pytest.mark.parametrize("lite", [False, True])
async def test_the_stations_board_keeps_to_its_bytes(
    sites: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, lite: bool
) -> None:
    alarms_at(sites)
    most = LITE if lite else BAR
    sent = watch(monkeypatch, XTERM, ColorSystem.STANDARD if lite else ColorSystem.TRUECOLOR)
    async with seat(sites, clock, "MD-S1", lite=lite) as seen:
        assert seen.app.dressed == ("sixteen" if lite else "dark")
        assert sent.bytes() <= PAINT
        await seen.press("2")
        seen.screen.turn_to("site_dust")
        await seen.sees("工地 82", "东城房屋建筑001号扬尘", "无传输")
        lines = seen.board.height_of_rows
        steps = await pressed(seen, sent, "down", lines - 1)
        assert median(steps) <= most["step"], steps
        scrolled = await pressed(seen, sent, "down", 20)
        assert median(scrolled) <= most["scroll"], scrolled
        sent.judge(seen.app)
        if lite:
            # Not one press costs more than it may, whatever stands on the row.
            assert max(steps) <= most["step"], steps
        with sites.bulk() as conn:
            _readings(conn, [_reading(40, "tsp", 9.0)])
            conn.execute(update(HEALTH).values(polls=HEALTH.c.polls + 1))
        await seen.tick()
        assert 0 < sent.bytes() <= most["value"]
        await seen.tick()
        assert sent.bytes() == 0
        sent.encoder.forget()
        text, whole = sent.encoder.frame(sent.composed.frame)
        assert whole
        assert len(text.encode()) <= PICTURE
