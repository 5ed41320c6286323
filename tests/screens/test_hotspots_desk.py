"""The map of hot grids on a real store: what the desk finds is what the keys lead to."""

from __future__ import annotations

import pytest

from backend.clock import ManualClock
from backend.desk import hottrend, outlines
from backend.desk.desk import Desk
from backend.store import Store
from tests.conftest import START
from tests.screens import hot_store
from tests.screens.hot_store import HOT, HOUR, SEAT
from tests.screens.seated import seat

NEWEST = START // HOUR * HOUR - HOUR


@pytest.fixture
def hot(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with a hot grid."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    hot_store.build(store, START)
    return store


async def test_what_is_hot_is_on_the_map_in_the_list_and_on_its_page(hot: Store, clock: ManualClock) -> None:
    async with seat(hot, clock, SEAT) as seen:
        await seen.press("semicolon")
        await seen.until(lambda: seen.screen.NAME == "hotspots" and seen.screen.seen is not None)
        await seen.until(lambda: seen.screen.hots.count > 0 and seen.screen.map.square is not None)
        screen = seen.screen
        assert next(one.row.heat for one in screen.hots.everything()) in ("hot", "strong")
        lon, lat = hot_store.place(*HOT)
        assert screen.map.position == pytest.approx((lon, lat), abs=0.03)
        await seen.sees("热12站")
        rises = [screen.seen.rise(square) or 0.0 for square in range(len(screen.seen.map.mask))]
        assert screen.map.square == rises.index(max(rises))
        # On another layer it is the same place.
        for _ in screen.day.layers:
            await seen.press("f7")
            await seen.until(lambda: not screen._reading and screen.seen.asked == screen.asked)
            rises = [screen.seen.rise(square) or 0.0 for square in range(len(screen.seen.map.mask))]
            where = screen.seen.lattice.place(rises.index(max(rises)))
            assert where == pytest.approx((lon, lat), abs=0.16 if screen.seen.map.level else 0.04)
        await seen.press("enter")
        await seen.until(lambda: seen.screen.NAME == "hotgrid" and seen.screen.data is not None)
        await seen.sees("热12站", "邻近 8 站中位")
        # Whose doing it is, from the page and from the map.
        end = seen.screen.data.at + 3600
        assert seen.screen.traced() == f"station:H12|pm25|{end}"
        await seen.press("f")
        await seen.until(lambda: seen.screen.NAME == "trace")
        await seen.until(lambda: seen.screen.data is not None)
        assert seen.screen.data.answer.end == end
        await seen.press("escape", "escape")
        await seen.until(lambda: seen.screen.NAME == "hotspots" and seen.screen.under is not None)
        assert seen.screen.traced().startswith(("station:H12|", "grid:990001"))


async def test_earlier_it_was_not_hot(hot: Store, clock: ManualClock) -> None:
    async with seat(hot, clock, SEAT) as seen:
        await seen.press("semicolon")
        await seen.until(lambda: seen.screen.NAME == "hotspots" and seen.screen.seen is not None)
        for _ in range(hot_store.LASTING + 1):
            await seen.press("left_curly_bracket")
            await seen.until(lambda: seen.screen.seen.asked == seen.screen.asked)
        assert not [row for row in seen.screen.seen.rows if row.heat in ("hot", "strong")]
        # The hour that is shown is the hour that is traced: nothing that came later is known.
        end = seen.screen.seen.map.at + 3600
        await seen.until(lambda: seen.screen.under is not None)
        assert seen.screen.traced().endswith(f"|pm25|{end}")
        await seen.press("f")
        await seen.until(lambda: seen.screen.NAME == "trace" and seen.screen.data is not None)
        assert seen.screen.data.answer.end == end


def test_the_trend_reads_nothing_that_ends_later(hot: Store, clock: ManualClock) -> None:
    desk = Desk.open(hot, SEAT, clock=clock)
    lon, lat = hot_store.place(*HOT)
    now = hottrend.trend(desk, "pm25", NEWEST + HOUR, lon, lat)
    assert now is not None
    assert now.station == "H12"
    assert now.metres < 10
    assert now.others == 8
    assert len(now.own) == len(now.neighbours) == len(now.background) == hottrend.HOURS
    last = now.own[-1][1]
    assert last is not None
    assert last > 2 * (now.neighbours[-1][1] or 0.0) > 0
    assert (now.background[-1][1] or 0.0) <= (now.neighbours[-1][1] or 0.0)
    before = hottrend.trend(desk, "pm25", NEWEST, lon, lat)
    assert before is not None
    assert before.until == NEWEST
    assert max(start for start, _ in before.own) == NEWEST - HOUR
    assert hottrend.trend(desk, "nothing", NEWEST, lon, lat) is None
    assert hottrend.trend(desk, "pm25", NEWEST - 400 * 86400, lon, lat) is None


def test_outlines_of_a_level_and_of_what_lies_in_a_grid(hot: Store, clock: ManualClock) -> None:
    desk = Desk.open(hot, SEAT, clock=clock)
    counties = outlines.outlines(desk, 2)
    assert [one.code for one in counties] == ["990001", "990002"]
    assert all(len(one.polygons[0][0]) == 5 for one in counties)
    assert outlines.outlines(desk, 3, "990001") == []
    assert [one.code for one in outlines.outlines(desk, 2, "990001")] == ["990001"]
