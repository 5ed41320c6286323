"""The byte budgets of a cursor step and of a scrolled line on every main board, at both sizes, in both looks.

The stations board with what else it is held to is in `test_budgets`; here is the same store with forty tasks, and what
is read of a row once the cursor rests on it never comes: that is no part of a step. Only bytes are counted, so the
machine does not matter.
"""

from __future__ import annotations

from statistics import median

import pytest
from rich.color import ColorSystem
from sqlalchemy import insert

from backend.city.tables import Grid
from backend.clock import ManualClock
from backend.store import Store, table
from screens import tasks, triage
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat
from tests.screens.test_budgets import BAR, LITE, alarms_at, build, pressed, truecolor
from tests.templates import filled
from tests.terminal.watched import XTERM, watch
from tests.unit.task_world import draft

BOARDS = {"overview": "1", "alarms": "3", "tasks": "4", "triage": "0", "feeds": "5"}
"""The key of each; feeds last, as the city has but five: they fill no screen."""
ROWS = {"feeds": 4}
"""Steps there are on a board, where it has fewer than lines."""
PRIORITIES = ("critical", "high", "medium", "low")
GRIDS = 40
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
