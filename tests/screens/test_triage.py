"""The triage desk by keyboard: what it tells of a row, one decision a key, rows that stand still, claims, bulk acts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from backend.alarms.tables import Alarm
from backend.city.tables import Camera, StandingOrder
from backend.clock import ManualClock
from backend.store import Store, table
from backend.tasks.tables import Task
from tests.screens import loop_city
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat

ALARM, TASK = table(Alarm), table(Task)
EVERY = ("TA11", "TA12", "TA13", "TA21", "TA22", "TA23")


@pytest.fixture
def loop(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    """The small city with three stations of one county far above the limit."""
    loop_city.build(store, tmp_path, clock.now(), stations=("TA11", "TA12", "TA13"))
    return store


def states(store: Store) -> dict[int, str]:
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(select(ALARM.c.id, ALARM.c.state))}


def tasks(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(select(TASK.c.state).order_by(TASK.c.id)).scalars())


async def triage(seen: Seat) -> None:
    """Open it, and wait for the first look."""
    await seen.press("0")
    await seen.until(lambda: seen.screen.NAME == "triage" and seen.board.row is not None)
    await seen.until(lambda: seen.screen.closer() is not None)


async def test_a_look_tells_what_a_decision_rests_on(store: Store, clock: ManualClock) -> None:
    filled(store)
    async with seat(store, clock, "MD-S1") as seen:
        await triage(seen)
        await seen.sees(
            "✖ 特急 工地扬尘超标 锦绣花园工地", "建议派   ", "PM10 近 48 小时 µg/m³", "周边中位数",
            "东南风 2.1 m/s", "0.9 km 东", "近 30 天：报警 1 次，任务 1 件", "现场无问题",
            "锦绣花园东门", "在线", "rtsp://cam/1", "停工令", "赵工 138-0000-0001",
        )  # fmt: skip


async def test_at_80x24_the_parts_are_one_key_away(store: Store, clock: ManualClock) -> None:
    filled(store)
    async with seat(store, clock, "MD-S1", size=(80, 24)) as seen:
        await triage(seen)
        await seen.sees("PM10 近 48 小时")
        assert "rtsp://cam/1" not in seen.text
        await seen.press("right")
        await seen.sees("东南风 2.1 m/s", "中华路站")
        await seen.press("right")
        await seen.sees("近 30 天：报警 1 次")
        await seen.press("right")
        await seen.sees("rtsp://cam/1", "赵工")
        await seen.press("right")
        await seen.sees("PM10 近 48 小时")
        assert all(len(line) <= 80 for line in seen.lines)


async def test_the_look_follows_the_cursor_and_says_when_it_is_still_the_last_one(
    store: Store, clock: ManualClock
) -> None:
    filled(store)
    async with seat(store, clock, "MD-S1") as seen:
        await triage(seen)
        screen, rows = seen.screen, [seen.board.key_at(place) for place in range(seen.board.count)]
        screen._looks.clear()
        seen.board.move(1)
        screen.query_one("#triage-look").relook()
        text = seen.text
        assert "下面仍是上一条" in text
        assert "✖ 特急 工地扬尘超标 锦绣花园工地" in text
        await seen.until(lambda: screen.closer() is not None)
        assert screen.closer().key == rows[1]
        assert "下面仍是上一条" not in seen.text


def filled(store: Store) -> None:
    """The small piece of Heze: two alarms wait; one site has a camera, an order, a past."""
    city.build(store)
    city.alarms(store)
    day = 86400
    city.alarm(
        store, 9, station=8, rule="site_dust", state="NORM", presented=city.NOW - 3 * day, incident="I-OLD",
        cleared=city.NOW - 3 * day,
    )  # fmt: skip
    with store.write() as connection:
        connection.execute(
            insert(table(Camera)),
            [{"code": "V1", "name": "锦绣花园东门", "source": "GD-S1", "grid": "371702001-01", "lon": 115.481,
              "lat": 35.2, "address": "rtsp://cam/1", "state": "online", "made_up": True}],
        )  # fmt: skip
        connection.execute(
            insert(table(StandingOrder)),
            [{"code": "O-1", "kind": "stop_work", "level": "", "title": "停工令", "scope_kind": "source",
              "scope": "GD-S1", "starts": city.NOW - day, "ends": None, "issued_by": "县指挥部", "text": "",
              "from_pack": True, "made_up": True, "lead": "", "due": None}],
        )  # fmt: skip
        connection.execute(
            insert(TASK),
            [{"id": "T-OLD", "incident": "I-OLD", "type": "site_dust", "state": "CLOSED", "priority": "high",
              "grid": "371702001-01", "county": "371702", "township": "371702001", "level": "T",
              "opened": city.NOW - 3 * day, "moved_at": city.NOW - 2 * day, "closed": city.NOW - 2 * day,
              "result": "no_problem", "title_code": "task.title.order", "version": 9, "policy_version": 1}],
        )  # fmt: skip
