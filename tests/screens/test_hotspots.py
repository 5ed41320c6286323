"""The map of hot grids by keyboard: what is shown, stepped over, played, zoomed, told, kept."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.clock import ManualClock
from backend.desk.hotspotrows import CellMap, Under
from backend.store import Store
from backend.words.say import Language
from console.exports import folder
from screens import hotspots, hotspots_map, hotspots_page, hotspots_reading
from screens.hotspots_charts import PlaceData
from screens.hotspots_export import file_name
from screens.hotspots_read import Asked, Day, Seen, even
from screens.widgets import chart
from screens.widgets.gridmap_ink import OUTSIDE, UNKNOWN
from tests.screens import hot_city, seat_city
from tests.screens.seated import Seat, seat

NEWEST = seat_city.NEWEST


class Made:
    """What the screens read instead of the desk."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.hours = 24
        self.failure: Exception | None = None
        self.change: dict[str, Any] = {}
        self.hot = True
        self.silent: set[int] = set()
        """Hours that nobody reported in."""

    def day(self, _desk: object, parameter: str) -> Day:
        return hot_city.day(parameter, NEWEST, self.hours)

    def hour(self, _desk: object, asked: Asked) -> Seen | None:
        self.asked.append(asked)
        if self.failure is not None:
            raise self.failure
        if asked.at in self.silent:
            return None
        seen = hot_city.seen(asked)
        one: CellMap = replace(seen.map, **self.change)
        return Seen(asked, one, seen.rows if self.hot else [], "2026")

    def under(self, _desk: object, place: tuple[float, float], seen: Seen) -> Under:
        return hot_city.under(*place, seen.rows)


def _place(_desk: object, key: str) -> PlaceData:
    chart.ready()
    return hot_city.place(key)


@pytest.fixture
def made(store: Store, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A city with hot grids."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    seat_city.build(store, hours=4)
    one = Made()
    monkeypatch.setattr(hotspots_reading, "read_day", one.day)
    monkeypatch.setattr(hotspots_reading, "read_hour", one.hour)
    monkeypatch.setattr(hotspots_map, "read_under", one.under)
    monkeypatch.setattr(hotspots_map, "REST", 0.01)
    monkeypatch.setattr(hotspots, "PACE", 0.01)
    monkeypatch.setattr(hotspots_page, "read_place", _place)
    return one


async def at_map(seen: Seat) -> Any:
    """Go to the map, and wait until it is drawn."""
    await seen.press("semicolon")
    await seen.until(lambda: seen.screen.NAME == "hotspots" and seen.screen.seen is not None)
    await seen.until(lambda: seen.screen.map.square is not None and seen.screen.hots.count == 2)
    return seen.screen


@pytest.mark.parametrize(
    ("language", "size", "words"),
    [
        ("zh", (120, 40), ("热点网格", "PM2.5 高于背景", "3km 网格", "15:00-16:00", "热点 2", "无站点覆盖")),
        ("zh", (80, 24), ("热点网格", "3km 网格", "东城街道", "站点")),
        ("en", (120, 40), ("Hot grids", "above background", "3km cells", "2 hot", "no station sees it")),
        ("en", (80, 24), ("Hot grids", "3km cells", "Sources")),
    ],
)  # fmt: skip
async def test_the_map_in_both_languages_and_sizes(
    made: Made,
    store: Store,
    clock: ManualClock,
    language: Language,
    size: tuple[int, int],
    words: tuple[str, ...],
) -> None:
    async with seat(store, clock, "MD-S1", size=size, language=language) as seen:
        await at_map(seen)
        await seen.sees(*words)
        assert all(
            len(strip) == size[0] for strip in map(_cells, seen.app.screen._compositor.render_strips())
        )
        assert not seen.screen.map.lettered
        assert "....." not in seen.text
    assert made.asked[0].layer.key == "3km"


def screen_of(seen: Seat) -> Any:
    """The screen on top."""
    return seen.screen


def _cells(strip: Any) -> str:
    return "x" * int(strip.cell_length)


@pytest.mark.usefixtures("made")
async def test_the_cursor_tells_what_is_under_it_and_stays_on_the_map(
    store: Store, clock: ManualClock
) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        assert screen.map.position == pytest.approx((115.3, 35.25), abs=0.02)
        await seen.sees("东城一网格", "MD-000123-7", "鲁西化工", "高于背景")
        before = screen.map.square
        await seen.press("l", "right", "j", "down")
        assert screen.map.square == before + 2 + 2 * screen.seen.map.columns
        await seen.press("h", "left", "k", "up")
        assert screen.map.square == before
        await seen.press("end", "pagedown", "pagedown", "pagedown", "pagedown")
        await seen.sees("无站点覆盖：最近的站在 9.0 km 以外")


@pytest.mark.usefixtures("made")
async def test_next_and_previous_hot_grid_also_from_the_list(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        await seen.press("f3")
        await seen.until(lambda: screen.hots.key == "G1|air")
        assert screen.map.position == pytest.approx((115.75, 35.1), abs=0.02)
        await seen.press("f3")
        await seen.until(lambda: screen.hots.key == "G0|air")
        await seen.press("f4")
        await seen.until(lambda: screen.hots.key == "G1|air")
        await seen.press("tab", "up")
        await seen.until(lambda: screen.map.position == pytest.approx((115.3, 35.25), abs=0.02))


async def test_pollutant_layer_and_measure(made: Made, store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        await seen.press("f6")
        await seen.sees("PM10 高于背景")
        await seen.press("f7")
        await seen.sees("1km 网格")
        assert made.asked[-1] == Asked("pm10", hot_city.LAYERS[4], NEWEST)
        await seen.press("quotation_mark")
        await seen.sees("PM10 分级", "优 0")
        assert screen.map.scale.kind == "level"
        await seen.press("colon", *"layer", "space", *"township", "enter")
        await seen.sees("乡镇")
        await seen.press("colon", *"parameter", "space", *"xyz", "enter")
        await seen.sees('没有"xyz"这一因子')
        await seen.press("colon", *"parameter", "space", *"no2", "enter")
        await seen.sees("NO2 分级")


async def test_hours_are_gone_through_and_played(
    made: Made, store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        await seen.press("left_curly_bracket")
        await seen.sees("14:00-15:00")
        await seen.press("right_curly_bracket", "right_curly_bracket")
        await seen.sees("15:00-16:00")
        assert screen._at is None
        made.asked.clear()
        # A line that has room at once: nothing waits by itself here.
        monkeypatch.setattr(hotspots, "PACE", 0.02)
        screen._free = 0.0
        monkeypatch.setattr(hotspots_map, "LINE", 1e9)
        await seen.press("f8")
        await seen.until(lambda: screen._playing is None)
        starts = [one.at for one in made.asked]
        assert starts == sorted(starts)
        assert starts[0] == NEWEST - 23 * 3600
        assert screen.asked.at == NEWEST
        monkeypatch.setattr(hotspots, "PACE", 60.0)
        await seen.press("f8")
        await seen.sees("回看中", "16:00-17:00")
        await seen.press("escape")
        assert screen._playing is None
        assert seen.screen.NAME == "hotspots"


@pytest.mark.usefixtures("made")
async def test_a_slow_line_gets_fewer_hours_instead_of_a_queue(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hotspots_map, "LINE", 40_000)
    monkeypatch.setattr(hotspots, "PACE", 0.02)
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        shown: list[int] = []
        show = screen.map.show
        # The day's own clock goes on by what it waits for: how busy the machine is has no say.
        at, waits = [0.0], screen.set_timer
        for module in (hotspots, hotspots_map):
            monkeypatch.setattr(module, "monotonic", lambda: at[0])
        # What was sent so far was timed by the machine's clock.
        screen._free = 0.0

        def wait(delay: float, callback: Any = None, **named: Any) -> Any:
            if callback != screen._play_on:
                return waits(delay, callback, **named)
            at[0] += delay
            return waits(0.001, callback, **named)

        monkeypatch.setattr(screen, "set_timer", wait)

        def slow(frame: Any, scale: Any = None) -> None:
            show(frame, scale)
            shown.append(frame.at)
            screen.map.cost = 2400  # 60 ms of this line, three times an hour's turn

        monkeypatch.setattr(screen.map, "show", slow)
        await seen.press("f8")
        await seen.until(lambda: screen._playing is None)
        assert shown[0] == NEWEST - 23 * 3600
        assert shown[-1] == NEWEST
        assert 3 < len(shown) <= 13


@pytest.mark.usefixtures("made")
async def test_a_county_alone_and_back(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        whole = screen.map.model.picture.scale
        await seen.press("f9")
        await seen.until(
            lambda: screen.map.model.picture is not None and screen.map.model.picture.scale < whole
        )
        assert screen.map.position == pytest.approx((115.3, 35.25), abs=0.02)
        # The next hot grid lies in the other county: all of the city is shown again.
        await seen.press("f3")
        await seen.until(lambda: screen._within == "" and screen.map.model.picture.scale == whole)
        await seen.press("f9", "escape")
        await seen.until(lambda: screen._within == "")
        assert seen.screen.NAME == "hotspots"
        await seen.press("escape")
        assert seen.screen.NAME == "overview"


@pytest.mark.usefixtures("made")
async def test_letters_for_slow_lines_and_back(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        await seen.press("grave_accent")
        assert screen.map.lettered
        await seen.sees(".....", "2=15+")
        square = screen.map.square
        await seen.press("down")
        assert screen.map.square != square
        await seen.press("grave_accent")
        assert "....." not in seen.text


@pytest.mark.usefixtures("made")
async def test_what_no_station_sees_is_unknown(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        frame, one = screen.map.model.frame, screen.seen.map
        blind = [number for number, known in enumerate(one.mask) if known == 1]
        assert blind
        assert {frame.classes[number] for number in blind} == {UNKNOWN}
        assert "░" in seen.text


async def test_loading_empty_old_and_failed(made: Made, store: Store, clock: ManualClock) -> None:
    made.failure = RuntimeError("no")
    async with seat(store, clock, "MD-S1") as seen:
        await seen.press("semicolon")
        await seen.sees("读取失败")
        seen.app.faults.clear()
        made.failure, made.hot = None, False
        await seen.press("r")
        await seen.sees("这一时段没有热点", "热点 0")
        # A read that fails takes nothing away.
        made.failure = RuntimeError("no")
        await seen.press("left_curly_bracket")
        await seen.sees("读取失败，显示的是上次结果")
        assert screen_of(seen).seen is not None
        seen.app.faults.clear()
        made.failure = None
        clock.move(6 * 3600)
        await seen.press("right_curly_bracket", "r")
        await seen.sees("最新时段已过")


async def test_an_hour_that_nobody_reported_in_is_unknown_everywhere(
    made: Made, store: Store, clock: ManualClock
) -> None:
    made.silent = {NEWEST - 3600}
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        await seen.press("left_curly_bracket")
        await seen.sees("14:00-15:00", "这一时段没有热点", "站点 0/12")
        assert set(screen.map.model.frame.classes) == {UNKNOWN, OUTSIDE}
        made.silent = {one.at for one in screen.day.hours}
    async with seat(store, clock, "MD-S1") as seen:
        await seen.press("semicolon")
        await seen.sees("这一时段没有图")


async def test_no_hours_at_all(made: Made, store: Store, clock: ManualClock) -> None:
    made.hours = 0
    async with seat(store, clock, "MD-S1") as seen:
        await seen.press("semicolon")
        await seen.sees("没有站点报来数据")
        await seen.press("f3", "f8", "f9", "left_curly_bracket", "down", "enter", "f12")
        assert seen.screen.NAME == "hotspots"


def written(place: Path, kind: str) -> str:
    """What the one file of that kind holds; nothing while there is none."""
    return next((path.read_text("utf-8-sig") for path in place.rglob(f"*.{kind}")), "")


@pytest.mark.usefixtures("made")
async def test_what_is_shown_is_kept_as_geojson_and_csv(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        await seen.press("f12")
        await seen.sees("导出图上所示", "文件名")
        await seen.press("f2")
        await seen.sees("已存到")
        told = json.loads(written(folder(), "geojson"))
        one = screen.seen.map
        cells = [each for each in told["features"] if each["geometry"]["type"] == "Polygon"]
        assert len(cells) == sum(map(bool, one.mask))
        unseen = [each for each in cells if each["properties"]["known"] == "unseen"]
        assert unseen
        assert all(each["properties"]["value"] is None for each in unseen)
        assert told["gridseat"]["parameter"] == "pm25"
        hot = [each["properties"] for each in told["features"] if each["properties"].get("hot")]
        assert [each["code"] for each in hot] == ["G0", "G1"]
        await seen.press("f12")
        await seen.sees("文件名")
        await seen.press("2", "enter")
        await seen.press("f2")
        await seen.until(lambda: bool(written(folder(), "csv")))
        rows = list(csv.DictReader(written(folder(), "csv").splitlines()))
        assert len(rows) == len(cells)
        assert {row["known"] for row in rows} == {"unseen", "interpolated"}
        assert all(row["value"] == "" for row in rows if row["known"] == "unseen")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a/b", "a-b"), ("../../x", "x"), ("热点 15", "热点 15"), ("c:\\x\x1b[2J", "c--x-[2J"), ("...", ""),
     ("n" * 90, "n" * 60)],
)  # fmt: skip
def test_a_file_name_leads_nowhere_else(typed: str, kept: str) -> None:
    assert file_name(typed) == kept


def test_steps_of_a_parameter_without_its_own() -> None:
    assert even(70) == (10, 20, 30, 40, 50, 60)
    assert even(0.0) == (1, 2, 3, 4, 5, 6)
    steps = even(3.1)
    assert list(steps) == sorted(steps)
    assert steps[-1] <= 3.5


@pytest.mark.usefixtures("made")
async def test_the_page_of_a_hot_grid(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        await at_map(seen)
        await seen.press("tab", "enter")
        await seen.until(lambda: seen.screen.NAME == "hotgrid" and seen.screen.data is not None)
        await seen.sees(
            "东城街道", "第 1/172 位", "邻近 8 站中位", "区域背景 P20", "近 14 天各小时高于背景", "按星期"
        )
        assert any(0x2801 <= ord(one) <= 0x28FF for one in seen.text)
        await seen.press("right")
        await seen.sees("已到提级", "3/3", "再一次即提级")
        await seen.press("right")
        await seen.sees("88.0", "2026-10 月度名单")
        await seen.press("right")
        await seen.sees("+40%")
        await seen.press("left", "left", "left")
        await seen.sees("按星期")
        await seen.press("o")
        await seen.sees("去哪里", "东城街道站", "鲁西化工")


@pytest.mark.usefixtures("made")
async def test_the_page_on_a_small_terminal_in_english(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1", size=(80, 24), language="en") as seen:
        await at_map(seen)
        await seen.press("enter")
        await seen.until(lambda: seen.screen.NAME == "hotgrid" and seen.screen.data is not None)
        await seen.sees("median of 8 near", "Over background by hour", "Mon")


async def test_a_place_that_is_not_hot_has_a_page_too(made: Made, store: Store, clock: ManualClock) -> None:
    made.hot = False
    async with seat(store, clock, "MD-S1") as seen:
        await seen.press("semicolon")
        await seen.until(lambda: seen.screen.NAME == "hotspots" and seen.screen.map.square is not None)
        await seen.sees("鲁西化工")
        await seen.press("enter")
        await seen.sees("不在热点之列")


@pytest.mark.usefixtures("made")
async def test_a_new_login_finds_the_map_as_it_was(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        await at_map(seen)
        await seen.press("f6", "f7", "quotation_mark", "grave_accent")
        await seen.sees("PM10 分级", "1km 网格")
    async with seat(store, clock, "MD-S1") as seen:
        await seen.press("semicolon")
        await seen.sees("PM10 分级", "1km 网格")
        assert seen.screen.map.lettered


@pytest.mark.usefixtures("made")
async def test_a_step_sends_only_what_differs(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, "MD-S1") as seen:
        screen = await at_map(seen)
        lines = [screen.map.render_line(y) for y in range(screen.map.size.height)]
        await seen.press("right")
        changed = [y for y, line in enumerate(lines) if screen.map.render_line(y) != line]
        assert len(changed) == 1
        screen.map.show(screen.map.model.frame)
        assert screen.map.cost == 0
