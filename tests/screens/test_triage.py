"""The triage desk by keyboard: what it tells of a row, one decision a key, rows that stand still, claims, bulk acts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import insert, select

from backend.alarms.tables import Alarm
from backend.city.tables import Camera, StandingOrder
from backend.clock import ManualClock
from backend.desk import triageacts, triagelook
from backend.desk.desk import Desk
from backend.desk.triage import Item
from backend.desk.triage import queue as triage_rows
from backend.store import Store, table
from backend.tasks.tables import Task
from backend.words.say import Language
from screens import triage as triage_screen
from screens.widgets.sheet import Text
from tests.screens import loop_city
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat
from tests.tools.triage_city import alarm_at, contractor

ALARM, TASK = table(Alarm), table(Task)


@pytest.fixture(autouse=True)
def _quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row is looked at as soon as the cursor is on it."""
    monkeypatch.setattr(triage_screen, "PAUSE", 0.001)


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
            "✖ 特急 工地扬尘超标 锦绣花园工地", "建议派  ", "PM10 近 48 小时 µg/m3", "周边中位数",
            "东南风 2.1 m/s", "0.9 km 东", "近 30 天：报警 1 次，任务 1 件", "现场无问题",
            "锦绣花园东门", "在线", "rtsp://cam/1", "停工令", "赵工 138-0000-0001",
        )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_lines_of_the_trend_are_told_apart_without_colours(
    store: Store, clock: ManualClock, language: Language, size: tuple[int, int]
) -> None:
    filled(store)
    own, around = {"zh": ("⠤⠤ 本站", "⠄⠄ 周边中位数"), "en": ("⠤⠤ here", "⠄⠄ median around")}[language]
    async with seat(store, clock, "MD-S1", size=size, language=language) as seen:
        await triage(seen)
        await seen.sees(own, around)
        (line,) = (line for line in seen.lines if own in line)
        assert "~" not in line[line.index(own) :]


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
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store)
    monkeypatch.setattr(triage_screen, "STILL", 0.001)
    look, read = triagelook.look, Event()

    def late(desk: Desk, item: Item) -> triagelook.TriageLook:
        read.wait(60.0)
        return look(desk, item)

    async with seat(store, clock, "MD-S1") as seen:
        await triage(seen)
        screen, rows = seen.screen, keys(seen)
        monkeypatch.setattr(triagelook, "look", late)
        seen.board.move(1)
        try:
            # Not waited for as other things are: that waits until nothing is being read.
            while "下面仍是 锦绣花园工地" not in seen.text:  # noqa: ASYNC110 - nobody tells when it is drawn
                await asyncio.sleep(0.01)
            assert "✖ 特急 工地扬尘超标 锦绣花园工地" in seen.text
            assert screen.closer() is None
        finally:
            read.set()
        await seen.until(lambda: screen.closer() is not None)
        assert screen.closer().key == rows[1]
        assert "下面仍是" not in seen.text


async def test_beside_a_held_key_the_look_stands_still(
    waiting: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with seat(waiting, clock, loop_city.SEAT) as seen:
        await triage(seen)
        await seen.press("down")
        await seen.until(lambda: seen.screen.closer() is not None)
        monkeypatch.setattr(triage_screen, "PAUSE", 60.0)
        screen = seen.screen
        pane, written = screen.query_one("#triage-look"), list[int]()

        def write(_look: object, cells: int) -> Text:
            written.append(cells)
            return []

        monkeypatch.setattr(pane, "_write", write)
        await seen.press("down", "down", "up")
        assert not written
        # Back on its own row it tells of it; not of a row that was looked at before, in passing.
        await seen.press("up")
        assert written
        written.clear()
        await seen.press("up")
        assert not written


@pytest.mark.parametrize("lite", [False, True])
async def test_on_a_slow_line_nothing_stands_beside_the_queue(
    waiting: Store, clock: ManualClock, lite: bool
) -> None:
    async with seat(waiting, clock, loop_city.SEAT, lite=lite) as seen:
        await triage(seen)
        look = seen.screen.query_one("#triage-look")
        assert (seen.board.size.width == look.size.width == 120) is lite
        if not lite:
            # It becomes slow while one works: lite mode comes by itself.
            seen.app.go_lite(True)
            await seen.settle()
            assert seen.board.size.width == look.size.width == 120


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


# Acts.

PLACES = ("TA11", "TA12", "TA13", "SD11", "SD12", "SD13")


@pytest.fixture
def waiting(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    """The small city with six alarms at six places, an hour apart."""
    loop_city.build(store, tmp_path, clock.now(), stations=())
    desk = Desk.open(store, loop_city.SEAT, clock=clock)
    contractor(desk)
    for number, place in enumerate(PLACES):
        alarm_at(desk, place, minutes=600 - 60 * number)
    return store


def keys(seen: Seat) -> list[object]:
    """The queue's rows, from the top."""
    return [seen.board.place_key(place) for place in range(seen.board.count)]


async def test_one_decision_a_key_and_the_cursor_goes_to_the_next_that_waits(
    waiting: Store, clock: ManualClock
) -> None:
    async with seat(waiting, clock, loop_city.SEAT, size=(80, 24)) as seen:
        await triage(seen)
        before = keys(seen)
        await seen.press("d", "1")
        await seen.until(lambda: seen.board.cursor == 1)
        await seen.press("a")
        await seen.until(lambda: seen.board.cursor == 2)
        await seen.press("z", "1")
        await seen.until(lambda: seen.board.cursor == 3)
        await seen.press("X", "1", "y")
        await seen.until(lambda: seen.board.cursor == 4)
        await seen.press("M", "1", "y")
        await seen.until(lambda: seen.board.cursor == 5)
        await seen.press("d", "enter")
        await seen.sees("已派 网格员11", "已确认 样1县坐", "搁置至 17:00", "不予受理：误报", "并入 ")
        assert seen.screen.NAME == "triage"
        assert tasks(waiting) == ["DISPATCHED", "CANCELLED", "MERGED", "DISPATCHED"]
        assert sorted(states(waiting).values()) == ["ACKED"] * 5 + ["SHELVED"]
        # They stand where they stood, until they are sorted anew.
        assert keys(seen) == before
        await seen.press("r")
        await seen.sees("没有待研判的报警和线索")


async def test_a_decided_row_takes_no_second_decision(waiting: Store, clock: ManualClock) -> None:
    async with seat(waiting, clock, loop_city.SEAT) as seen:
        await triage(seen)
        await seen.press("a")
        await seen.until(lambda: seen.board.cursor == 1)
        await seen.press("up", "d")
        await seen.sees("这一项已办结，按 r 重新排序")


async def test_news_wait_in_the_gutter(waiting: Store, clock: ManualClock) -> None:
    async with seat(waiting, clock, loop_city.SEAT, size=(80, 24)) as seen:
        await triage(seen)
        before = keys(seen)
        alarm_at(Desk.open(waiting, loop_city.SEAT, clock=clock), "AQ1", minutes=0, priority="critical")
        await seen.tick()
        await seen.sees("+1")
        assert keys(seen) == before
        await seen.press("n")
        await seen.until(lambda: seen.board.count == 7)
        assert seen.board.key == before[0]


async def test_many_are_armed_with_count_and_grids_and_the_refused_are_told(
    waiting: Store, clock: ManualClock
) -> None:
    other = Desk.open(waiting, loop_city.OTHER_SEAT, clock=clock)
    async with seat(waiting, clock, loop_city.SEAT) as seen:
        await triage(seen)
        await seen.press("space", "space", "space", "space")
        triageacts.claim(other, next(row for row in triage_rows(other) if "12" in row.place).item)
        await seen.press("d")
        await seen.sees("派发 4 项，各派建议的承办人？", "涉及 3 个网格", "样11镇 2")
        await seen.press("d")
        assert tasks(waiting) == []
        await seen.press("y")
        await seen.sees("未办的 1 项", "样12镇站：样1县坐席二 正在研判")
        assert tasks(waiting) == ["DISPATCHED"] * 3
        await seen.press("escape")
        assert not seen.board.marks
        await seen.press("escape")


async def test_looking_for_a_while_is_seen_by_the_others_who_may_take_over(
    waiting: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage_screen, "LOOKING", 0.01)
    async with seat(waiting, clock, loop_city.SEAT) as seen:
        await triage(seen)
        monkeypatch.setattr(triage_screen, "LOOKING", 30.0)
        async with seat(waiting, clock, loop_city.OTHER_SEAT) as other:
            await triage(other)
            await other.sees("样1县坐席一 在看  PM2.5")
            await other.press("a")
            await other.sees("样1县坐席一 正在研判，按 @ 接手")
            await other.press("at")
            await other.sees("已从 样1县坐席一 处接手 样11镇站")
            await seen.tick()
            await seen.sees("样1县坐席二 在看  PM2.5")
            await other.press("a")
            await other.until(lambda: other.board.cursor == 1)
        await seen.press("down")
        await seen.tick()


async def test_the_contractor_is_sent_with_a_key_of_its_own(waiting: Store, clock: ManualClock) -> None:
    alarm_at(
        Desk.open(waiting, loop_city.SEAT, clock=clock),
        "RD1",
        rule="flat_line",
        type="equipment",
        minutes=900,
    )
    async with seat(waiting, clock, loop_city.SEAT) as seen:
        await triage(seen)
        await seen.sees("建议派    运维单位 样城运维公司 0530-1000001")
        await seen.press("d")
        await seen.sees("1  运维单位 样城运维公司")
        await seen.press("escape", "comma")
        await seen.sees("派运维单位：样路1")
        await seen.press("y")
        await seen.sees("已派 样城运维", "已派发给 样城运维公司")


async def test_the_camera_to_copy_is_chosen_by_a_digit(store: Store, clock: ManualClock) -> None:
    filled(store)
    async with seat(store, clock, "MD-S1") as seen:
        await triage(seen)
        await seen.press("apostrophe")
        await seen.sees("已复制 锦绣花园东门 的地址：rtsp://cam/1")
        await seen.press("down")
        await seen.until(lambda: seen.screen.closer() is not None)


async def test_a_region_is_sent_to_a_township_that_is_named(waiting: Store, clock: ManualClock) -> None:
    alarm_at(Desk.open(waiting, loop_city.SEAT, clock=clock), "", rule="regional", minutes=900)
    async with seat(waiting, clock, loop_city.SEAT) as seen:
        await triage(seen)
        await seen.press("d")
        await seen.sees("派到哪个乡镇")
        await seen.type("12")
        await seen.press("enter", "1")
        await seen.sees("已派 网格员12")


async def test_it_speaks_english(waiting: Store, clock: ManualClock) -> None:
    async with seat(waiting, clock, loop_city.SEAT, language="en") as seen:
        await triage(seen)
        await seen.sees("To decide", "Suggested", "median around", "Around", "no camera near by")
        await seen.press("X", "1")
        await seen.sees("Dismiss 1 item", "Why: false alarm")
        await seen.press("y")
        await seen.sees("dismissed, fal")


async def test_fifty_alarms_by_keyboard_at_three_keys_each_without_leaving_the_screen(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    loop_city.build(store, tmp_path, clock.now(), stations=())
    desk = Desk.open(store, loop_city.SEAT, clock=clock)
    contractor(desk)
    kinds = ("pm25", "pm10", "no2")
    for number in range(50):
        place, parameter = PLACES[number % 6], kinds[number % 3]
        faulty = number % 10 == 9
        alarm_at(
            desk, place, minutes=3000 - 50 * number, incident=f"I-{number}", key=f"k{number}", parameter=parameter,
            rule="flat_line" if faulty else "exceedance", type="equipment" if faulty else "air_quality",
        )  # fmt: skip
    decisions = (("d", "1"), ("a",), ("X", "1", "y"), ("z", "1"), ("d", "enter"), ("M", "1", "y"))
    async with seat(store, clock, loop_city.SEAT, size=(80, 24)) as seen:
        await triage(seen)
        assert seen.board.count == 50
        begun = seen.keys
        for number in range(50):
            assert seen.board.cursor == number
            before = seen.keys
            await seen.press(*(("comma", "y") if number % 10 == 9 else decisions[number % 6]))
            assert seen.keys - before <= 3
            assert seen.screen.NAME == "triage"
            if number < 49:
                await seen.until(lambda number=number: seen.board.cursor == number + 1)  # type: ignore[misc]
        await seen.until(lambda: not seen.screen._waiting)
        assert seen.keys - begun <= 150
        assert triage_rows(desk) == []
        await seen.press("r")
        await seen.sees("没有待研判的报警和线索")
    assert set(states(store).values()) == {"ACKED", "SHELVED"}
    assert len(tasks(store)) == 50 - list(states(store).values()).count("SHELVED") - sum(
        number % 6 == 1 and number % 10 != 9 for number in range(50)
    )
