"""The byte budgets of a cursor step and of a scrolled line on every main board, at both sizes, in both looks.

The stations board with what else it is held to is in `test_budgets`; here is the same store with forty tasks, and what
is read of a row once the cursor rests on it never comes: that is no part of a step. At the triage desk, which has a
reading pane, what follows at rest has a budget of its own. Only bytes are counted, so the machine does not matter.
"""

from __future__ import annotations

from statistics import median

import pytest
from rich.color import ColorSystem
from sqlalchemy import insert, update

from backend.alarms.tables import Alarm
from backend.city.tables import Grid
from backend.clock import ManualClock
from backend.store import Store, table
from backend.store.readings import ReadingRow
from screens import tasks, triage
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat
from tests.screens.test_budgets import BAR, FIRST, LITE, PAINT, SITES, alarms_at, build, pressed, truecolor
from tests.screens.test_budgets import _readings as readings
from tests.templates import filled
from tests.terminal.watched import XTERM, watch
from tests.unit.task_world import draft

BOARDS = {"overview": "1", "alarms": "3", "tasks": "4", "triage": "0", "feeds": "5"}
"""The key of each; feeds last, as the city has but five: they fill no screen."""
ROWS = {"feeds": 4}
"""Steps there are on a board, where it has fewer than lines."""
PRIORITIES = ("critical", "high", "medium", "low")
GRIDS = 40
PANE = {(120, 40): 1100, (80, 24): 900}
"""Bytes of the triage desk's pane that tells of another alarm: its trend, neighbours, past, cameras and contact. All of
it is another place's; what is told of every row (labels, units, axes) may not be sent again."""
__all__ = ["truecolor"]


@pytest.fixture
def town(store: Store) -> Store:
    """Eighty sites, an alarm at each, forty tasks."""
    filled(store, "boards of a budget", lambda: _build(store))
    return store


def _build(store: Store) -> None:
    build(store)
    alarms_at(store, every=1)
    like = {
        "parent": "371702001", "level": 4, "name_en": "", "pinyin": "", "initials": "", "aliases": "", "kind": "",
        "county": "371702", "township": "371702001", "lon": 115.4, "lat": 35.2, "in_service": True, "made_up": False,
    }  # fmt: skip
    places = [f"371702001-{number:02}" for number in range(10, 10 + GRIDS)]
    with store.write() as conn:
        conn.execute(
            insert(table(Grid)),
            [like | {"code": code, "name": f"样例{place:02}号网格"} for place, code in enumerate(places)],
        )
        for number, code in enumerate(places):
            draft(conn, city.NOW - 60 * number, PRIORITIES[number % 4], grid=code, type="air_quality")


@pytest.mark.usefixtures("truecolor")
@pytest.mark.parametrize("lite", [False, True])
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_every_main_board_keeps_to_its_bytes(
    town: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], lite: bool
) -> None:
    monkeypatch.setattr(tasks, "PAUSE", 3600.0)
    monkeypatch.setattr(triage, "PAUSE", 3600.0)
    most = LITE if lite else BAR
    sent = watch(monkeypatch, XTERM, ColorSystem.STANDARD if lite else ColorSystem.TRUECOLOR)
    found: dict[str, tuple[float, float]] = {}
    async with seat(town, clock, "MD-S1", size=size, lite=lite) as seen:
        for board, key in BOARDS.items():
            await seen.press(key)
            await _shown(seen, board)
            steps = await pressed(seen, sent, "down", ROWS.get(board, seen.board.height_of_rows - 1))
            scrolled = [] if board in ROWS else await pressed(seen, sent, "down", 6)
            sent.judge(seen.app)
            found[board] = median(steps), median(scrolled or [0])
            if board == "triage":
                await seen.press("escape")
    assert all(step <= most["step"] for step, _ in found.values()), found
    assert all(0 < line <= most["scroll"] for board, (_, line) in found.items() if board not in ROWS), found


async def _shown(seen: Seat, board: str) -> None:
    await seen.until(lambda: board == seen.screen.NAME and seen.board.count > 3)
    await seen.press("home")


def _ring(store: Store) -> None:
    """The alarms wait, an hour apart, so that they are no flood; each site has two days behind it."""
    with store.write() as conn:
        alarm = table(Alarm)
        conn.execute(
            update(alarm).values(state="UNACK", presented=alarm.c.presented - city.HOUR * (alarm.c.id - 500))
        )
    hours = range(1, 48)
    with store.bulk() as conn:
        readings(
            conn,
            [
                ReadingRow(
                    city.NEWEST - city.HOUR * back, FIRST + number, city.CODES["pm10"], city.HOUR,
                    60.0 + (number * 7 + back * back * 3) % 90, "", 1, "", 0, 2,
                )
                for number in range(SITES)
                for back in hours
            ],
        )  # fmt: skip


@pytest.mark.usefixtures("truecolor")
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_triage_desk_keeps_its_paint_and_its_pane_to_their_bytes(
    town: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    _ring(town)
    monkeypatch.setattr(triage, "PAUSE", 0.001)
    sent = watch(monkeypatch, XTERM, ColorSystem.TRUECOLOR)
    async with seat(town, clock, "MD-S1", size=size) as seen:
        sent.bytes()
        await seen.press("0")
        await seen.until(lambda: seen.screen.NAME == "triage" and seen.screen.closer() is not None)
        painted = sent.bytes()
        # To the alarms, which have a trend; a step over the edge, which turns half a page.
        seen.board.move(GRIDS + 2)
        await seen.press("down")
        assert seen.board.row.lead is not None
        panes = []
        for _ in range(6):
            monkeypatch.setattr(triage, "PAUSE", 3600.0)
            step = await pressed(seen, sent, "down", 1)
            assert step[0] <= BAR["step"]
            seen.screen._rest(at_once=True)
            await seen.until(lambda: seen.screen.closer() is not None)
            panes.append(sent.bytes())
        sent.judge(seen.app)
    assert painted <= PAINT
    assert 0 < median(panes) <= PANE[size], panes
