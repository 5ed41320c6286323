"""What every screen can do: help, filter, commands, sort, the other faces, a copy as text and as CSV."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from backend.alarms.tables import Alarm
from backend.clock import ManualClock
from backend.desk import feeds, notices
from backend.notify.tables import Notice
from backend.store import Store, table
from console.exports import folder
from screens.actions import offered
from screens.listing import Listing
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat
from tests.screens.test_table import SCREENS
from tests.screens.test_task_page import Walk, open_page, walk

__all__ = ["walk"]
EVERY = {"app.help", "app.commands", "move.down", "move.up", "move.first", "move.last", "board.copy"}

NO_FACES = {"brief", "duty", "hours", "handover", "reports", "report"}
"""Texts to be read out, and hours of people: neither stations, grids, sources nor tasks."""


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_with_rows_filters_sorts_saves_and_goes_on(name: str) -> None:
    cls = SCREENS[name]
    offers = {one.id: one for one in offered(*cls.scopes())}
    assert set(offers) >= EVERY
    if issubclass(cls, Listing):
        assert {"board.filter", "board.sort", "board.reverse", "board.save"} <= set(offers)
    if name not in NO_FACES:
        assert callable(getattr(cls, "do_board_faces", None)), name


def exported() -> str:
    (made,) = folder().glob("*.csv")
    return made.read_text(encoding="utf-8-sig")


@pytest.fixture
def filled(store: Store) -> Store:
    """The small piece of Heze with its alarms, an outage and a notice of an alarm."""
    city.build(store)
    city.alarms(store)
    city.alarm(store, 9, rule="feed_outage", feed="dust", value=None, parameter=None)
    with store.write() as connection:
        alarm = table(Alarm)
        connection.execute(
            update(alarm)
            .where(alarm.c.id == 9)
            .values(station=None, grid="371700", county="", township="", feed="dust")
        )
        connection.execute(
            insert(table(Notice)),
            [{"key": "n", "at": city.NOW, "grid": "371702", "level": "C", "person": "", "task": "",
              "alarm": 2, "priority": "high", "code": "notice.act.supervise", "args": "{}", "seen": None,
              "seen_by": "", "state": "new", "channel": "screen", "attempts": 0, "next_at": None}],
        )  # fmt: skip
    return store


def test_a_feed_leads_to_its_outage_and_its_stations(filled: Store, clock: ManualClock) -> None:
    found = feeds.faces(city.desk(filled, "MD-S1", clock), "dust")
    assert [(face.page, face.key) for face in found[:2]] == [("feed", "dust"), ("alarm", "9")]
    assert {face.key for face in found if face.page == "station"} == {"DL001", "GD001", "GD002"}
    assert feeds.faces(city.desk(filled, "MD-S1", clock), "none") == []


def test_a_notice_leads_to_what_it_is_about(filled: Store, clock: ManualClock) -> None:
    desk = city.desk(filled, "MD-S1", clock)
    found = [(face.page, face.key) for face in notices.faces(desk, notices.board(desk)[0])]
    assert found[:2] == [("alarm", "2"), ("station", "GD001")]
    assert ("grid", "371702") in found
    assert len(found) == len(set(found))


async def test_o_on_the_feeds_and_the_notices(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        await seen.press("5")
        await seen.sees("dust 接口")
        await seen.press("slash", *"dust", "enter", "o")
        await seen.sees("去哪里", "数据中断", "锦绣花园工地")
        await seen.press("escape", "N")
        await seen.until(lambda: seen.screen.NAME == "notices" and seen.screen.has_row())
        await seen.press("o")
        await seen.sees("去哪里", "工地扬尘超标")


async def filter_and_save(seen: Seat, words: str) -> str:
    await seen.press("slash", *words, "enter")
    await seen.until(lambda: seen.board.view.filter == words and seen.board.count > 0)
    await seen.press("Y")
    await seen.sees("已存")
    return exported()


async def test_both_lists_of_the_overview_filter_and_save(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("锦绣花园工地")
        body = await filter_and_save(seen, "jxhy")
        assert "锦绣花园工地" in body
        assert "菏泽学院" not in body
        await seen.press("tab")
        await seen.until(lambda: seen.screen.areas.has_focus)
        await seen.press("slash", *"定陶", "enter")
        await seen.until(lambda: seen.screen.areas.count == 1)
        assert seen.screen.areas.has_focus
        assert seen.screen.needs.view.filter == "jxhy"
        await seen.press("escape")
        await seen.until(lambda: seen.screen.areas.count == 2)


@pytest.mark.parametrize(
    ("page", "key", "words", "has"),
    [
        ("grid", "371702001", "工地", "锦绣花园工地"),
        ("source", "GD-S1", "工地", "锦绣花园工地"),
        ("station", "1234A", "pm10", "PM10"),
        ("feed", "dust", "abc", "2026-11-03 15:45"),
    ],
)
async def test_a_page_with_rows_filters_and_saves_them(
    filled: Store, clock: ManualClock, page: str, key: str, words: str, has: str
) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        seen.app.open_page(page, key)
        await seen.until(lambda: bool(page == seen.screen.NAME and seen.screen.board.count))
        assert has in await filter_and_save(seen, words)
        await seen.press("escape")
        await seen.until(lambda: not seen.screen.board.view.filter)
        assert page == seen.screen.NAME


async def test_what_happened_to_an_alarm_is_a_file(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        seen.app.open_page("alarm", "2")
        await seen.sees("经过")
        await seen.press("a")
        await seen.until(lambda: seen.screen.alarm.state == "ACKED")
        await seen.press("Y")
        await seen.sees("已存")
    body = exported()
    assert body.splitlines()[0] == "时间,操作,经手,原状态,新状态,说明"
    assert "系统" in body
    assert "李敏" in body


async def test_what_was_done_to_a_task_is_a_file(walk: Walk) -> None:
    walk.to("ACCEPTED")
    async with open_page(walk) as here:
        await here.press("Y")
        await here.sees("已存")
    lines = exported().splitlines()
    assert lines[0].startswith("时间,发生时间,操作,对象,经手,代")
    assert any("签收" in line and "网格员11" in line for line in lines)


async def test_sorting_by_the_name_of_a_column(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.press("3")
        await seen.sees("锦绣花园工地")
        await seen.press("colon", *"sort", "space", *"地点", "enter")
        await seen.until(lambda: seen.board.view.sort == "place")
        await seen.press("colon", *"sort", "space", *"没有", "enter")
        await seen.sees('没有"没有"这一列')


async def test_the_header_tells_where_one_is_and_where_esc_leads(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "MD-S1") as here:
        await here.press("3")
        assert "6 值班" not in here.lines[0]
        await here.press("6")
        await here.sees("6 值班")
        await here.press("enter")
        assert here.screen.NAME == "hours"
        assert "6 值班" in here.lines[0]
        await here.press("1")
        assert "6 值班" not in here.lines[0]
        await here.press("3")
        assert "6 值班" in here.lines[0]
        await here.press("escape", "escape")
        assert "6 值班" not in here.lines[0]
        assert here.app.current_mode == "alarms"
