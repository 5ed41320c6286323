"""A task's page: what it tells, what it arms, what it keeps, and what it says when an act is not done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from sqlalchemy import select

from backend.alarms.tables import Alarm
from backend.city.tables import Centre, Grid, Person
from backend.clock import ManualClock
from backend.desk import acts, tasks
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words import Outcome
from backend.words.say import Language
from screens.acting.whole import read
from screens.columns import Cell
from screens.dialogs.form import Form
from screens.dialogs.menu import Menu
from screens.dialogs.sure import Sure
from screens.widgets.sheet import Sheet, fold
from tests.screens import loop_city as city
from tests.screens.seated import Seat, seat

CITY_SUPERVISOR = "P-990000-V"


class Walk:
    """A task that is brought along by the desk, up to where the screen takes over."""

    def __init__(self, store: Store, clock: ManualClock) -> None:
        self.store, self.clock = store, clock
        outcome = acts.from_alarm(self.desk(), city.alarms(store)[0])
        self.id = str(outcome.data["task"])

    def desk(self, person: str = city.SEAT) -> Desk:
        return Desk.open(self.store, person, clock=self.clock)

    @property
    def page(self) -> tasks.TaskPage:
        found = tasks.page(self.desk(), self.id)
        assert found is not None
        return found

    def do(self, kind: str, behalf: str = "", person: str = city.SEAT, **body: Any) -> Outcome:
        row = self.page.row
        return acts.act(
            self.desk(person), self.id, kind, body=body, on_behalf=behalf, seen_version=row.version,
            seen_state=row.state,
        )  # fmt: skip

    def to(self, state: str) -> Walk:
        """Bring it into a state."""
        steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("dispatch", "", {"holder": city.MEMBER, "holder_kind": "member", "on_duty": True}),
            ("accept", city.MEMBER, {}),
            ("arrive", city.MEMBER, {}),
            ("report", city.MEMBER, {"result": "rectified", "evidence": ["A1"]}),
        )
        for kind, behalf, body in steps:
            if self.page.row.state == state:
                return self
            outcome = self.do(kind, behalf, **body)
            assert outcome.ok, outcome
        assert self.page.row.state == state
        return self


@pytest.fixture
def walk(store: Store, clock: ManualClock, tmp_path: Path) -> Walk:
    city.build(store, tmp_path, clock.now())
    return Walk(store, clock)


def open_page(walk: Walk, person: str = city.SEAT, **more: Any) -> Any:
    """The console with the task's page open."""

    class Opened:
        async def __aenter__(self) -> Seat:
            self.context = seat(walk.store, walk.clock, person, **more)
            here = await self.context.__aenter__()
            here.app.open_page("task", walk.id)
            await here.sees(walk.id)
            return here

        async def __aexit__(self, *error: Any) -> None:
            await self.context.__aexit__(*error)

    return Opened()


async def test_it_tells_who_holds_it_and_what_comes_next(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.sees(
            "网格员11", "13800000000", "样11镇中心", "任务不动，接下来会", "提级到县级", "提级到市级"
        )
        await here.sees("签收", "余 5m", "派发 ▸ 网格员11")


async def test_whom_to_send_is_listed_with_reasons_and_one_digit_sends(walk: Walk) -> None:
    async with open_page(walk) as here:
        await here.press("d")
        await here.sees("派给谁", "1  网格员11 网格员", "在岗至", "样11镇中心", "县级值班室")
        await here.press("1")
        await here.sees("待签收", "已派发给 网格员11")
    assert walk.page.row.holder == city.MEMBER


async def test_a_key_that_is_off_says_why(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.press("v")
        assert "还没有反馈可核查" in here.lines[-1]
        await here.press("d")
        assert "不能派发" in here.lines[-1]
        await here.press("D")
        assert "坐席员无权进行此操作" in here.lines[-1]


async def test_the_footer_names_what_works_now_before_what_is_off(walk: Walk) -> None:
    walk.to("REPORTED")
    async with open_page(walk, CITY_SUPERVISOR, size=(80, 24)) as here:
        await here.press("escape", "4")
        await here.sees("待核查")
        assert "v 核查" in here.lines[-1]
        assert "p 电话代录" not in here.lines[-1]


async def test_recall_is_counted_down_and_takes_back(walk: Walk) -> None:
    async with open_page(walk) as here:
        await here.press("d", "1")
        await here.sees('R 撤回"派发" 10 秒')
        walk.clock.move(4)
        await here.sees('R 撤回"派发" 6 秒')
        await here.press("R")
        await here.sees("待派发", "已撤回")
        assert walk.page.row.state == "OPEN"
        await here.press("d", "1")
        walk.clock.move(12)
        await here.until(lambda: "R 撤回" not in here.text)
        await here.press("R")
        assert "没有可撤回的操作" in here.lines[-1]
    assert walk.page.row.state == "DISPATCHED"


async def test_a_stale_act_is_refused_in_words_and_the_page_shows_how_it_is(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        await here.press("p")
        assert isinstance(here.screen, Menu)
        assert walk.do("return", person=city.OTHER_SEAT, reason="不在本辖区").ok
        await here.press("1")
        await here.sees('操作期间任务已变为"已退回"', "样1县坐席二")
        await here.sees("不在本辖区", "未执行")
    assert walk.page.row.state == "RETURNED"
    assert walk.page.timeline[-1].result == "refused"


async def test_a_half_typed_report_survives_esc_and_a_new_login(walk: Walk) -> None:
    walk.to("ON_SITE")
    async with open_page(walk) as here:
        await here.press("p", "enter")
        await here.type("half a sen")
        await here.press("escape")
        await here.press("p")
        assert "half a sen" in here.text
    async with seat(walk.store, walk.clock, city.SEAT) as again:
        # The line was cut with the form open: the new login opens it again.
        await again.until(lambda: isinstance(again.screen, Form))
        assert "half a sen" in again.text
        await again.press("f2")
        await again.sees("待核查")
        assert again.app.draft(f"task:{walk.id}:report") == {}
    assert walk.page.timeline[-1].body["note"] == "half a sen"


async def test_a_report_wants_a_result_of_the_type(walk: Walk) -> None:
    walk.to("ON_SITE")
    async with open_page(walk) as here:
        await here.press("p")
        await here.sees("已整改", "现场无问题", "移送执法", "应有证据：定位 处置后照片")
        await here.press("down", "enter", "f2")
        await here.sees("待核查")
    assert walk.page.result == "no_problem"


async def test_verification_is_armed_and_by_another_person(walk: Walk) -> None:
    walk.to("REPORTED")
    async with open_page(walk) as here:
        await here.press("v")
        assert "反馈由您（样1县坐席一）代录" in here.lines[-1]
    async with open_page(walk, city.OTHER_SEAT) as here:
        await here.press("v")
        await here.sees("反馈：网格员11", "由 样1县坐席一 电话代录", "A1")
        await here.press("1")
        assert isinstance(here.screen, Sure)
        await here.press("1", "enter", "v")
        assert walk.page.row.state == "REPORTED"
        await here.press("n")
        await here.press("v", "1", "y")
        await here.sees("已办结")
    assert walk.page.row.state == "CLOSED"


async def test_a_report_that_fails_goes_back_to_work_with_the_reason(walk: Walk) -> None:
    walk.to("REPORTED")
    async with open_page(walk, city.OTHER_SEAT) as here:
        await here.press("v", "2")
        await here.type("photo is old")
        await here.press("enter")
        await here.sees("返工", "photo is old")
    assert walk.page.row.state == "REWORK"


async def test_what_cannot_be_taken_back_asks_with_another_key(walk: Walk, store: Store) -> None:
    draft = acts.from_alarm(walk.desk(), city.alarms(store)[0], file=False)
    assert draft.ok
    async with open_page(walk, CITY_SUPERVISOR) as here:
        await here.press("ctrl+x")
        await here.type("wrong place")
        await here.press("enter")
        assert isinstance(here.screen, Sure)
        await here.press("y", "y")
        assert walk.page.row.state == "OPEN"
        nonce = here.screen.nonce
        assert len(nonce) == 2
        await here.press(*nonce.lower())
        await here.sees("已作废")
    assert walk.page.row.state == "CANCELLED"


async def test_a_seat_asks_for_time_and_the_supervisor_grants_it(walk: Walk) -> None:
    walk.to("ON_SITE")
    async with open_page(walk) as here:
        await here.press("x")
        await here.type("9000")
        await here.press("enter")
        await here.sees("1 到 120 的整数")
        await here.press(*["backspace"] * 4)
        await here.type("60")
        await here.press("enter")
        await here.type("heavy rain")
        await here.press("enter")
        await here.sees("申请延期")
    async with open_page(walk, "P-990001-V") as here:
        await here.press("x")
        await here.sees("样1县坐席一 的申请", "申请延期 1 小时：heavy rain")
        await here.press("1")
        await here.sees("已延期", "余 3h00")
    assert walk.page.row.asked == ""


async def test_what_happened_earlier_is_entered_with_its_time(walk: Walk) -> None:
    walk.to("DISPATCHED")
    walk.clock.move(300)
    async with open_page(walk) as here:
        await here.press("p", "3", "enter")
        await here.type("15:00")
        await here.press("enter")
        await here.sees("不能早于")
        await here.press(*["backspace"] * 5)
        await here.type("16:03")
        await here.press("f2")
        await here.sees("待到场", "实际 16:03")
    accept = walk.page.timeline[-1]
    assert accept.kind == "accept"
    assert accept.at - accept.occurred == 120


async def test_two_seats_see_each_other(walk: Walk) -> None:
    assert acts.claim(walk.desk(city.OTHER_SEAT), "task", walk.id).ok
    async with open_page(walk) as here:
        await here.sees("样1县坐席二 正在处理")
        walk.clock.move(200)
        await here.tick()
        await here.press("r")
        await here.until(lambda: "正在处理" not in here.text)


async def test_the_last_two_minutes_are_counted_in_seconds(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        assert "签收 4:" not in here.text
        walk.clock.move(200)
        await here.tick()
        await here.press("r")
        await here.sees("签收 1:40")
        walk.clock.move(30)
        await here.sees("签收 1:10")


async def test_a_clock_goes_on_although_nothing_happens(walk: Walk) -> None:
    walk.to("ON_SITE")
    async with open_page(walk) as here:
        await here.sees("余 2h00")
        walk.clock.move(600)
        await here.tick()
        await here.sees("余 1h50")


async def test_text_from_outside_stays_text(walk: Walk) -> None:
    walk.to("DISPATCHED")
    assert walk.do("note", note="[bold]x[/nothing] \x1b[31mred").ok
    async with open_page(walk) as here:
        await here.sees("[bold]x[/nothing]")
        assert "\x1b" not in here.text


async def test_a_call_is_entered_and_its_task_opens(walk: Walk) -> None:
    async with open_page(walk) as here:
        await here.press("i")
        await here.sees("登记事件")
        await here.type("群众诉求")
        await here.press("enter")
        await here.type("样12村")
        await here.press("enter", "tab")
        await here.type("smell at night")
        await here.press("enter", "f2")
        await here.sees("待派发", "群众诉求", "smell at night")
    rows = tasks.board(walk.desk())
    assert {one.type for one in rows} == {"air_quality", "complaint"}


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_line_fits_and_the_log_is_seen(walk: Walk, size: tuple[int, int], language: str) -> None:
    from rich.cells import cell_len

    walk.to("REPORTED")
    async with open_page(walk, size=size, language=language) as here:
        assert all(cell_len(line) <= size[0] for line in here.lines)
        assert ("办理记录（6）" if language == "zh" else "Log (6)") in here.text
        # The newest act stands right under the heading.
        assert ("反馈" if language == "zh" else "report") in here.text


async def test_the_page_copies_as_text(walk: Walk) -> None:
    walk.to("DISPATCHED")
    async with open_page(walk) as here:
        copied: list[str] = []
        here.app.copy = copied.append
        await here.press("y")
        assert walk.id in copied[0]
        assert "派发 ▸ 网格员11" in copied[0]


async def test_it_leads_to_its_alarms_and_stations(walk: Walk) -> None:
    async with open_page(walk) as here:
        await here.press("o")
        await here.sees("去哪里", "样11镇站", "站点", "样11镇站 PM2.5 空气超标")


async def test_of_its_alarms_the_most_urgent_is_told(walk: Walk) -> None:
    alarm = table(Alarm)
    with walk.store.write() as connection:
        numbers = list(
            connection.execute(select(alarm.c.id).order_by(alarm.c.presented, alarm.c.id)).scalars()
        )
        connection.execute(alarm.update().values(priority="low"))
        connection.execute(alarm.update().where(alarm.c.id == numbers[0]).values(priority="critical"))
        connection.execute(alarm.update().where(alarm.c.id != numbers[0]).values(presented=walk.clock.now()))
    assert len(numbers) > 1
    whole = read(walk.desk(), walk.id)
    assert whole is not None
    assert whole.sides.alarms[0].id == numbers[0]


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh"), ((120, 40), "en"), ((80, 24), "en")])
async def test_no_name_of_a_task_is_cut(walk: Walk, size: tuple[int, int], language: Language) -> None:
    long = "Experimental Demonstration Subdistrict Office of the Third Grid"
    long += " West of the Old Canal" if size[0] > 100 else ""
    with walk.store.write() as connection:
        for one in (table(Grid), table(Person), table(Centre)):
            connection.execute(
                one.update().values(name=long, **({"name_en": long} if "name_en" in one.c else {}))
            )
    walk.to("DISPATCHED")
    async with open_page(walk, size=size, language=language) as here:
        left = "".join(line[: (size[0] - 3) // 2 if size[0] >= 100 else size[0]] for line in here.lines)
        whole = "".join(left.split())
        assert whole.count("".join(long.split())) >= 3
        assert "13800000000" in here.text


def test_pieces_are_folded_between_words_and_none_is_lost() -> None:
    pieces = [
        Cell("label ", "dim"), Cell("Zhang San of the third grid ", "strong"), Cell("13800000000", "dim"),
        Cell("甲乙丙丁戊己"),
    ]  # fmt: skip
    for cells in range(14, 60):
        lines = fold(pieces, cells, "  ")
        assert all(sum(cell_len(piece.text) for piece in line) <= cells for line in lines)
        told = "".join("".join(piece.text for piece in line) for line in lines)
        assert "".join(told.split()) == "".join("".join(piece.text for piece in pieces).split())
        assert any("13800000000" in piece.text for line in lines for piece in line)


@pytest.mark.parametrize("size", [(80, 17), (80, 20), (120, 16), (120, 40)])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_keys_and_answers_stay_in_view_however_much_there_is_to_tell(
    walk: Walk, size: tuple[int, int], language: Language
) -> None:
    walk.to("ON_SITE")
    for number in range(3):
        assert walk.do("note", note=f"looked {number}").ok
    async with open_page(walk, size=size, language=language) as here:
        await here.settle()
        # A refusal is told where the keys stand.
        keys = here.lines[-1]
        assert "?" in keys
        await here.press("v")
        assert here.lines[-1] not in (keys, "")
        top, log = here.screen.query_one("#task-top", Sheet), here.screen.query_one("#task-log", Sheet)
        assert log.size.height >= 3
        assert log.has_focus
        whole = ["".join(piece.text for piece in line).rstrip() for line in top._text(top.size.width)]
        more = len(whole) - top.size.height
        word = {"zh": "还有", "en": " more ("}[language]

        def told() -> str:
            return "\n".join(here.lines[top.region.y : top.region.bottom])

        assert (word in told()) == (more > 0) == (size[1] < 20)
        await here.press("tab")
        assert top.has_focus == (more > 0)
        if more > 0:
            await here.press("end")
            # A line of the sheet begins one cell from the edge.
            shown = [line[1:].rstrip() for line in here.lines]
            assert whole[-1] in shown
            assert word not in told()
            await here.press("tab")
            assert log.has_focus
