"""The overview: what waits first, the grids at a glance, the load, the feeds; and 80x24 as a real size."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len
from sqlalchemy import select

from backend.alarms.tables import Alarm
from backend.clock import ManualClock
from backend.desk import overview
from backend.desk.areas import AreaRow
from backend.desk.overview import NeedRow
from backend.store import Store, table
from backend.words import Message, say
from backend.words.say import Language
from screens.columns import EDGE, MARGIN, lay_out
from screens.look import Look
from screens.overview_columns import AREAS, needs_of
from screens.task_columns import STATES
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat

ALARM_STATES = ("UNACK", "RTN_UNACK", "ACKED", "SHELVED")
CODE = re.compile(r"\b(overview|station|alarmscreen|feedscreen|place|task|taskscreen|rule|ui|alarm)\.[a-z]")


@pytest.fixture
def filled(store: Store) -> Store:
    """The small piece of Heze with its alarms."""
    city.build(store)
    city.alarms(store)
    return store


def line_of(seen: Seat, words: str) -> str:
    return next(line for line in seen.lines if words in line)


def need(kind: str, priority: str, **more: object) -> NeedRow:
    row = {"since": 100, "due": None, "breached": False, **more}
    return NeedRow(kind, f"{kind}{priority}{row['since']}", priority, "UNACK", "", "", **row)  # type: ignore[arg-type]


def test_missed_clocks_come_first_then_urgent_alarms_then_what_is_due() -> None:
    missed = need("task", "low", due=50, breached=True)
    later = need("task", "low", due=90, breached=True)
    critical, high = need("alarm", "critical", since=300), need("alarm", "high", since=200)
    soon, late = need("task", "low", due=500), need("task", "critical", due=900)
    calm = need("alarm", "medium")
    rows = [calm, late, high, later, soon, critical, missed]
    assert sorted(rows, key=overview._turn) == [missed, later, critical, high, soon, late, calm]


async def test_it_tells_what_waits_the_city_the_load_and_the_feeds(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("锦绣花园工地", "牡丹区", "已熔断")
        order = [line for line in seen.lines if "未确认" in line]
        assert ["特急" in order[0], "紧急" in order[1], "一般" in order[2]] == [True] * 3
        assert "较县均 +265 > 80 µg/m3" in order[0]
        area = line_of(seen, "243 菏泽学院")
        assert "牡丹区" in area
        assert "169" in area
        assert "中度" in area
        load = line_of(seen, "负荷")
        assert all(
            words in load for words in ("10分钟 0 条", "平稳", "1/2/10", "待确认 3", "最久 4h00", "搁置 1")
        )
        assert "503" in line_of(seen, "dust 接口")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_nothing_is_cut_away_that_one_must_see(
    filled: Store, clock: ManualClock, language: Language, size: tuple[int, int]
) -> None:
    async with seat(filled, clock, "HZ-V1", size=size, language=language) as seen:
        await seen.sees("503", "169")
        assert len(seen.lines) == size[1]
        assert all(cell_len(line) <= size[0] for line in seen.lines)
        assert CODE.search(seen.text) is None
        word = {"zh": "搁置 1", "en": "shelved 1"}[language]
        assert word in seen.text


async def test_enter_opens_what_is_selected_and_tab_goes_to_the_grids(
    filled: Store, clock: ManualClock
) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("锦绣花园工地")
        await seen.press("enter")
        await seen.sees("报警 2", "经过")
        await seen.press("escape")
        await seen.sees("负荷", "下级网格")
        await seen.press("tab", "enter")
        await seen.sees("县级网格", "鲁西化工")


async def test_an_alarm_is_acknowledged_from_here(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("锦绣花园工地")
        await seen.press("a")
        await seen.sees("报警 2 已确认")
        with filled.read() as connection:
            alarm = table(Alarm)
            row = connection.execute(select(alarm.c.state, alarm.c.acked_by).where(alarm.c.id == 2)).one()
        assert tuple(row) == ("ACKED", "HZ-V1")


async def test_the_grids_can_be_sorted_by_their_air(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("牡丹区")
        await seen.press("tab", "s", "s")
        assert [row.name for row in seen.screen.areas.everything()] == ["定陶区", "牡丹区"]
        await seen.press("S")
        assert [row.name for row in seen.screen.areas.everything()] == ["牡丹区", "定陶区"]


async def test_whoever_sits_down_next_sees_what_waits_for_them(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.sees("陈集镇站", "待确认 3")
        await seen.press("P", *"MD-S1", "enter")
        await seen.sees("李敏")
        own = overview.needs(city.desk(filled, "MD-S1", clock))
        await seen.until(
            lambda: [row.id for row in seen.screen.needs.everything()] == [row.id for row in own]
        )
        assert "陈集镇站" not in seen.text
        await seen.sees("待确认 2")


async def test_a_grid_without_any_below_it_shows_itself(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "DC-M1") as seen:
        await seen.sees("东城一网格", "169")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_stands_whole_in_its_column(size: tuple[int, int], language: Language) -> None:
    words = [say(Message(f"task.state.{state}"), language) for state in STATES]
    words += [say(Message(f"alarmscreen.state.{state}"), language) for state in ALARM_STATES]
    words += [
        f"+ {say(Message(f'complaint.state.{state}'), language)}"
        for state in ("waiting", "overdue", "replied")
    ]
    for tier in ("T", "C", "M"):
        places = lay_out(needs_of(tier), size[0] - EDGE - MARGIN)
        (width,) = [place.width for place in places if place.column.key == "state"]
        assert max(map(cell_len, words)) <= width, tier
        assert {"due", "priority", "what", "place"} <= {place.column.key for place in places}


def test_a_grid_is_named_whole_or_without_what_all_of_its_kind_are_called() -> None:
    rows = [
        AreaRow(str(number), chinese, 50, 1, (), 1, "Heze University", 0, 0, 0, name_en=english)
        for number, (chinese, english) in enumerate(
            [("东城街道", "Dongcheng Subdistrict"), ("工业园 7", "Northern Industrial Estate 7")]
        )
    ]
    grid, english = AREAS[0], Look(language="en")
    assert grid.brief is not None
    assert grid.text(rows[0], english) == "Dongcheng Subdistrict"
    assert grid.brief(rows[0], english) == "Dongcheng"
    assert grid.brief(rows[1], english) == "Northern Industrial Estate 7", "a number is no kind"
    assert grid.brief(rows[0], Look(language="zh")) == "东城街道"
