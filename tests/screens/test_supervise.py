"""The supervisor's screen by keyboard: overdue by holder, approvals, shelving register, ranking, load and budget."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from rich.cells import cell_len

from backend.access.rights import RIGHTS
from backend.alarms.load import _limits
from backend.clock import ManualClock
from backend.desk import alarms, brief, scores
from backend.desk.desk import Desk
from backend.desk.gauges import GaugeRow, Gauges
from backend.escalation.budget import budget
from backend.store import Store
from backend.words.say import Language
from screens.action import ADMINISTRATORS, SUPERVISORS
from screens.look import Look
from screens.supervise import Ranked, Supervise
from screens.supervise_columns import budget_pieces
from tests.screens import loop_city as city
from tests.screens.seated import seat
from tests.screens.test_task_page import Walk

SIZES = ((120, 40), (80, 24))
COUNTY_SUPERVISOR = "P-990001-V"
CITY_SUPERVISOR = "P-990000-V"


def test_who_may_see_the_screens_is_what_the_rights_say() -> None:
    for right, roles in (
        ("supervise.look", SUPERVISORS),
        ("person.manage", ADMINISTRATORS),
        ("audit.read", ADMINISTRATORS),
    ):
        assert RIGHTS[right] - {"system"} == set(roles)


@pytest.fixture
def walk(store: Store, clock: ManualClock, tmp_path: Path) -> Walk:
    city.build(store, tmp_path, clock.now())
    return Walk(store, clock)


async def test_a_seat_is_told_why_it_is_off(walk: Walk) -> None:
    async with seat(walk.store, walk.clock, city.SEAT) as here:
        await here.press("7")
        await here.sees("您的角色（坐席员）无权进行此操作")


@pytest.mark.parametrize("size", SIZES)
async def test_overdue_by_holder_and_urged(walk: Walk, size: tuple[int, int]) -> None:
    walk.to("DISPATCHED")
    async with seat(walk.store, walk.clock, COUNTY_SUPERVISOR, size=size) as here:
        await here.pass_time(30)
        await here.press("7")
        await here.sees("超时 1", "网格员11", "25m")
        await here.press("w")
        await here.sees("催办")
        await here.press("enter")
        await here.sees(walk.id)
        await here.press("escape")
        await here.sees("提级预算", "24小时报警")


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_asked_is_granted_and_refused(walk: Walk, size: tuple[int, int]) -> None:
    walk.to("ON_SITE")
    until = walk.clock.now() + 5 * 86400
    assert walk.do("ask_suspend", reason="awaiting_parts", review_at=until).ok
    async with seat(walk.store, walk.clock, CITY_SUPERVISOR, size=size) as here:
        await here.press("7", "l")
        await here.sees("审批 1", "申请挂账", "等待设备材料")
        await here.press("ctrl+n")
        await here.type("no spare part is needed")
        await here.press("enter")
        await here.sees("审批 0", "未批准")
    assert walk.page.row.asked == ""
    assert walk.do("ask_suspend", reason="awaiting_parts", review_at=until).ok
    async with seat(walk.store, walk.clock, CITY_SUPERVISOR, size=size) as here:
        await here.press("7")
        await here.sees("审批 1")
        if "申请挂账" not in here.text:
            await here.press("l")
        await here.sees("申请挂账")
        await here.press("ctrl+y")
        await here.sees("同意任务")
        await here.press("y")
        await here.sees("审批 0")
    assert walk.page.row.state == "SUSPENDED"


async def test_who_may_not_grant_is_told_why(walk: Walk) -> None:
    walk.to("ON_SITE")
    assert walk.page.row.priority == "critical"
    assert walk.do("ask_suspend", reason="awaiting_parts", review_at=walk.clock.now() + 86400).ok
    async with seat(walk.store, walk.clock, COUNTY_SUPERVISOR) as here:
        await here.press("7", "l")
        await here.sees("申请挂账")
        await here.press("ctrl+y")
        await here.sees("市")
        assert "同意任务" not in here.text
    assert walk.page.row.asked == "suspend"


@pytest.mark.parametrize("size", SIZES)
async def test_the_register_the_ranking_and_the_load(walk: Walk, size: tuple[int, int]) -> None:
    walk.to("DISPATCHED")
    desk = Desk.open(walk.store, city.SEAT, clock=walk.clock)
    alarm = city.alarms(walk.store)[0]
    assert alarms.shelve(desk, alarm, seconds=3600 * 2, reason="校准").ok
    async with seat(walk.store, walk.clock, CITY_SUPERVISOR, size=size) as here:
        await here.pass_time(30)
        await here.press("7", "l", "l")
        await here.sees("搁置登记 1", "校准")
        await here.press("l")
        await here.sees("诉求 0", "时限")
        await here.press("l")
        await here.sees("样1县", "得分")
        await here.press("l")
        await here.sees("乡镇排名", "名次")
        screen = cast("Supervise", here.app.screen)
        while screen.board.key != "township:990001001":
            await here.press("j")
        await here.press("enter")
        await here.sees("任务", "计分", "网格员11")
        await here.press("enter")
        await here.sees(walk.id)
        await here.press("escape", "escape", "l")
        await here.sees("综合评价")
        await here.press("l")
        await here.sees("10 分钟", "升市", "在席", "74.0%", "13.5%")


async def test_in_english(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with seat(walk.store, walk.clock, CITY_SUPERVISOR, language="en") as here:
        await here.pass_time(30)
        await here.press("7")
        await here.sees("Overdue 1", "Owes it", "Rise budget")
        for words in (("Approvals",), ("Shelved",), ("Callers 0",), ("Counties", "Score"), ("Townships",),
                      ("Departments", "Composite"), ("Load", "To city")):  # fmt: skip
            await here.press("l")
            await here.sees(*words)


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh"), ((80, 24), "en")])
async def test_an_earlier_month_can_be_ranked(walk: Walk, size: tuple[int, int], language: Language) -> None:
    asked: list[str] = []
    real = scores.ranking

    def ranking(desk: Desk, *, by: str = "township", month: str = "") -> list[scores.RankRow]:
        asked.append(month)
        return real(desk, by=by, month=month)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scores, "ranking", ranking)
        async with seat(walk.store, walk.clock, CITY_SUPERVISOR, size=size, language=language) as here:
            await here.press("7", "ctrl+v")
            await here.sees("2026-11", "2026-10", "2025-12")
            await here.press("2")
            told = {"zh": "2026-10 排名", "en": "Ranking of 2026-10"}[language]
            await here.sees(told)
            assert asked[-1] == "2026-10"
            # What stands behind a line is of the same month.
            await here.until(lambda: here.screen.board.row is not None)
            await here.press("enter")
            await here.until(lambda: isinstance(here.app.screen, Ranked))
            assert cast("Ranked", here.app.screen).month == "2026-10"
            await here.press("escape", "ctrl+v", "1")
            await here.until(lambda: told not in here.text)
            assert asked[-1] == ""


@pytest.mark.parametrize("size", SIZES)
async def test_briefs_that_were_read_out_with_what_came_of_them(walk: Walk, size: tuple[int, int]) -> None:
    desk = Desk.open(walk.store, city.SEAT, clock=walk.clock)
    use = brief.opened(desk, [])
    done = brief.instruct(desk, use, caller="王县长", title="全县禁烧检查", minutes="60")
    assert done.ok, done
    async with seat(walk.store, walk.clock, COUNTY_SUPERVISOR, size=size) as here:
        await here.press("7", "h")
        await here.sees("王县长", "样1县坐席一", str(done.data["order"]))
        await here.press("enter")
        await here.sees("问询人 王县长", "全县禁烧检查")
        await here.press("escape", "o")
        await here.sees(str(done.data["order"]))


async def test_the_tab_that_is_shown_is_named_whole_where_not_all_fit(walk: Walk) -> None:
    async with seat(walk.store, walk.clock, COUNTY_SUPERVISOR, size=(80, 24), language="en") as here:
        await here.press("7")
        await here.sees("Overdue", "Approvals")
        await here.press("h")
        await here.sees("~ Shelved", " Briefs", "Asked by")
        await here.press("l")
        await here.sees(" Overdue", "Owes it")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cells", [80, 66, 120, 200])
def test_the_line_of_the_budget_is_never_cut_within(cells: int, language: Language) -> None:
    row = GaugeRow("c", "c", "C", "1", 3, 150, 300, ten=6, day=1200, began=1400, to_county=900, to_city=300)
    told = Gauges((row,), budget(1793620800), _limits())
    look = Look(language=language)
    text = "".join(piece.text for piece in budget_pieces(told, look, cells))
    assert cell_len(text) <= cells
    assert "64%" in text
    assert ("1/2/10" in text) is (cells == 200)


async def test_a_tab_that_was_not_open_begins_at_its_first_row(walk: Walk) -> None:
    async with seat(walk.store, walk.clock, CITY_SUPERVISOR, size=(80, 24)) as here:
        await here.press("7")
        screen = cast("Supervise", here.app.screen)
        await here.press("l", "l", "l", "l", "l")
        await here.until(lambda: screen.facet == "township" and screen.board.row is not None)
        await here.press("end")
        assert screen.board.cursor > 0
        left = screen.board.key
        await here.press("h")
        await here.until(lambda: screen.facet == "county" and str(screen.board.key).startswith("county"))
        assert screen.board.cursor == 0
        await here.press("l")
        await here.until(lambda: screen.board.key == left)
