"""The feeds board and a feed's page: what is wrong and what to do, what was put aside, and who may switch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from sqlalchemy import select, update

from backend.clock import ManualClock
from backend.feeds.tables import Feed, FeedHealth
from backend.store import Store, table
from screens.feed_cells import dump, readable
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat
from tests.screens.test_overview import CODE

FEED, HEALTH = table(Feed), table(FeedHealth)


@pytest.fixture
def filled(store: Store) -> Store:
    """The small piece of Heze; two of its feeds are in trouble."""
    city.build(store)
    return store


async def board(seen: Seat) -> None:
    await seen.press("5")
    await seen.sees("power 接口")


async def test_those_in_trouble_come_first_with_what_is_wrong(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        await board(seen)
        assert [row.code for row in seen.board.everything()][:2] == ["power", "dust"]
        line = next(line for line in seen.lines if "dust 接口" in line)
        assert all(words in line for words in ("✗ 取数失败", "15:00", "上游应答 503"))


async def test_a_feed_becomes_late_by_itself(filled: Store, clock: ManualClock) -> None:
    clock.move(6 * 3600)
    async with seat(filled, clock, "MD-S1") as seen:
        seen.app.open_page("feed", "air")
        await seen.sees("数据迟到", "最新时段停在 15:00", "请联系上游")


async def test_the_page_says_what_to_do_and_shows_what_was_put_aside(
    filled: Store, clock: ManualClock
) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        seen.app.open_page("feed", "dust")
        await seen.sees("问题", "上游应答 503", "怎么办", "已连续失败 4 次", "下次 16:10", "工地扬尘监测点 2")
        await seen.sees("周期 7 秒不可用", "1b 5b 33 31 6d", ".[31mQN=2026...")
        assert "\x1b" not in seen.text
        await seen.press("down")
        await seen.sees("数值 abc 不是可用的数", '{"pm10":"abc","站":"锦绣"}')


async def test_a_poll_is_asked_for_at_once(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        await board(seen)
        await seen.press("f")
        await seen.sees("已安排立即取数")
        with filled.read() as connection:
            due = connection.execute(select(HEALTH.c.next_at).where(HEALTH.c.feed == 4)).scalar_one()
        assert due == clock.now()


async def test_switching_is_for_the_administrator_and_asks_first(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "MD-S1") as seen:
        await board(seen)
        await seen.press("ctrl+t")
        await seen.sees("您的角色（坐席员）无权")
    async with seat(filled, clock, "HZ-A1") as seen:
        await board(seen)
        await seen.press("ctrl+t")
        await seen.sees("停用数据源 power 接口？", "已入库的数据保留")
        await seen.press("y")
        await seen.sees("数据源已停用", "已停用")
        await seen.press("f")
        await seen.sees("先启用")
    with filled.read() as connection:
        assert connection.execute(select(FEED.c.enabled).where(FEED.c.code == "power")).scalar_one() is False


def pushed(store: Store, **health: int | None) -> None:
    """Let the upstream of ``air`` push."""
    with store.write() as connection:
        connection.execute(update(FEED).where(FEED.c.code == "air").values(every=0))
        connection.execute(update(HEALTH).where(HEALTH.c.feed == 1).values(asides=12, **health))


async def test_a_pushed_feed_says_when_it_was_pushed_and_is_not_asked(
    filled: Store, clock: ManualClock
) -> None:
    pushed(filled)
    async with seat(filled, clock, "MD-S1") as seen:
        await board(seen)
        line = next(line for line in seen.lines if "air 接口" in line)
        assert all(words in line for words in ("正常", " 推送 ", " 12 ", "上次推送 15:55"))
        seen.app.open_page("feed", "air")
        await seen.sees("由上游推送", "上次推送 15:55（5m 前）", "未入库 12")
        await seen.press("f")
        await seen.sees("不能主动取数")
    async with seat(filled, clock, "MD-S1", language="en") as seen:
        seen.app.open_page("feed", "air")
        await seen.sees("pushed by the upstream", "last pushed 15:55 (5m ago)", "pushes", "12 put aside")


async def test_a_pushed_feed_that_is_late_or_off_says_what_to_do(filled: Store, clock: ManualClock) -> None:
    pushed(filled)
    clock.move(6 * 3600)
    async with seat(filled, clock, "HZ-A1") as seen:
        seen.app.open_page("feed", "air")
        await seen.sees("数据迟到", "上次推送 15:55，最新时段停在 15:00", "由上游补传")
        await seen.press("ctrl+t")
        await seen.sees("推送一律拒收")
        await seen.press("y")
        await seen.sees("已停用，推送一律拒收")


async def test_a_feed_that_waits_for_its_first_push_says_how(filled: Store, clock: ManualClock) -> None:
    pushed(filled, polled_at=None, ok_at=None, newest=None)
    with filled.write() as connection:
        connection.execute(update(HEALTH).where(HEALTH.c.feed == 1).values(state="new"))
    async with seat(filled, clock, "MD-S1") as seen:
        seen.app.open_page("feed", "air")
        await seen.sees("还没有收到推送", "gridseat keys make push:air")


@pytest.mark.parametrize("code", city.FEEDS)
async def test_every_page_fits_a_small_screen_in_english(
    filled: Store, clock: ManualClock, code: str
) -> None:
    async with seat(filled, clock, "MD-S1", size=(80, 24), language="en") as seen:
        await board(seen)
        assert CODE.search(seen.text) is None
        seen.app.open_page("feed", code)
        await seen.settle()
        assert all(cell_len(line) <= 80 for line in seen.lines)
        assert CODE.search(seen.text) is None


@given(st.binary(max_size=300), st.integers(20, 140), st.integers(1, 8))
def test_raw_bytes_never_reach_the_terminal_as_they_are(raw: bytes, cells: int, lines: int) -> None:
    shown = dump(raw, cells, lines)
    assert len(shown) <= lines
    assert all(cell.text.isprintable() for line in shown for cell in line)
    text = readable(raw)
    assert text is None or all(letter == "\n" or letter.isprintable() for letter in text)
