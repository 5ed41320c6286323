"""The tasks board: its order, its clocks, what it says of the row under the cursor, and acts straight from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from backend.city.tables import Department
from backend.clock import ManualClock
from backend.desk import acts, sending, tasks, workorders
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words.say import Language
from screens import clocks
from screens.look import Look
from screens.task_columns import level, missed, remark
from tests.screens import loop_city as city
from tests.screens.seated import Seat, seat

PLACES = ("99000100101", "99000100201", "99000100301")


@pytest.fixture
def desk(store: Store, clock: ManualClock, tmp_path: Path) -> Desk:
    """The county's seat with three tasks: of low, high and medium priority."""
    city.build(store, tmp_path, clock.now())
    desk = Desk.open(store, city.SEAT, clock=clock)
    for place, kind, priority in zip(
        PLACES, ("straw_burning", "complaint", "site_dust"), ("low", "high", "medium"), strict=True
    ):
        assert acts.propose(desk, type=kind, grid=place, text="x", priority=priority).ok
    return desk


def task_of(desk: Desk, kind: str) -> tasks.TaskRow:
    return next(row for row in tasks.board(desk) if row.type == kind)


def send(desk: Desk, kind: str) -> tasks.TaskRow:
    row = task_of(desk, kind)
    best = sending.holders(desk, row.id).best
    assert best is not None
    body = {"holder": best.code, "holder_kind": best.kind}
    assert acts.act(desk, row.id, "dispatch", body=body, seen_version=row.version).ok
    return task_of(desk, kind)


async def board(here: Seat) -> None:
    await here.press("4")
    await here.sees("群众诉求")


@pytest.mark.usefixtures("desk")
async def test_missed_ones_come_first_then_what_is_due(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await board(here)
        assert [row.type for row in here.board.shown()] == ["complaint", "site_dust", "straw_burning"]
        await here.pass_time(16)
        await here.press("n")
        assert [row.type for row in here.board.shown()] == ["complaint", "site_dust", "straw_burning"]
        assert [bool(row.breaches) for row in here.board.shown()] == [True, True, False]
        assert "✗ 超" in here.text


async def test_rows_stay_under_the_cursor_when_a_new_task_comes(
    desk: Desk, store: Store, clock: ManualClock
) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await board(here)
        await here.press("down")
        under = here.board.key
        assert acts.propose(desk, type="industrial", grid=PLACES[0], text="x", priority="critical").ok
        await here.tick()
        await here.sees("+1 条新")
        assert here.board.key == under
        assert "工业企业排放" not in here.text
        await here.press("n")
        await here.sees("工业企业排放")
        assert here.board.key == under


async def test_tabs_count_and_show_their_own(desk: Desk, store: Store, clock: ManualClock) -> None:
    row = send(desk, "complaint")
    for kind, body in (("accept", {}), ("arrive", {}), ("report", {"result": "rectified"})):
        seen = task_of(desk, "complaint")
        assert acts.act(desk, row.id, kind, body=body, on_behalf=row.holder, seen_version=seen.version).ok
    async with seat(store, clock, city.OTHER_SEAT) as here:
        await board(here)
        await here.sees("在办 3", "待核查审批 1")
        await here.press("right", "right")
        await here.sees("待核查")
        assert here.board.count == 1
        await here.press("v", "1", "y")
        await here.sees("已办结")
        await here.press("right")
        await here.sees("已整改")
        assert here.board.count == 1


async def test_the_line_under_the_board_says_what_is_next_and_whom_to_call(
    desk: Desk, store: Store, clock: ManualClock
) -> None:
    send(desk, "complaint")
    async with seat(store, clock, city.SEAT) as here:
        await board(here)
        await here.sees("接下来", "提醒承办人 ▸ 网格员12 13800000000")
        await here.press("down")
        await here.sees("样13镇中心")


async def test_a_key_is_off_with_the_reason_once_the_cursor_rests(
    desk: Desk, store: Store, clock: ManualClock
) -> None:
    send(desk, "complaint")
    async with seat(store, clock, city.SEAT) as here:
        await board(here)
        await here.until(lambda: here.screen.held() is not None)
        await here.press("d")
        assert "不能派发" in here.lines[-1]


async def test_a_task_is_sent_and_recalled_from_the_board(
    desk: Desk, store: Store, clock: ManualClock
) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await board(here)
        await here.press("d", "1")
        await here.sees("待签收", 'R 撤回"派发"')
        await here.press("R")
        await here.until(lambda: task_of(desk, "complaint").state == "OPEN")


async def test_the_filter_finds_by_holder_place_and_id(desk: Desk, store: Store, clock: ManualClock) -> None:
    row = send(desk, "complaint")
    async with seat(store, clock, city.SEAT) as here:
        await board(here)
        for words in ("网格员12", "样12", row.id[-6:].lower()):
            await here.press("slash")
            await here.type(words)
            await here.press("enter")
            await here.until(lambda: here.board.count == 1)
            await here.press("escape")
            await here.until(lambda: here.board.count == 3)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_matters_is_on_the_board_at_any_size(
    desk: Desk, store: Store, clock: ManualClock, size: tuple[int, int], language: str
) -> None:
    send(desk, "complaint")
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:  # type: ignore[arg-type]
        await here.press("4")
        await here.sees("网格员12", "10m")
        assert all(cell_len(line) <= size[0] for line in here.lines)
        shown = {place.column.key for place in here.board._paint().places}
        assert {"clock", "state", "priority", "type", "place", "holder", "level", "missed"} <= shown
        assert ("id" in shown) == (size[0] == 120)


def look(now: int, **more: object) -> Look:
    return Look(now=now, **more)  # type: ignore[arg-type]


def test_the_badge_counts_minutes_and_says_more_than_a_colour(desk: Desk) -> None:
    row = send(desk, "complaint")
    assert row.due is not None
    assert clocks.badge(row, look(desk.now)).text.strip() == "10m"
    assert clocks.badge(row, look(row.due - 60)).text == "▴ 1m"
    assert clocks.badge(row, look(row.due - 60, ascii=True)).text == "! 1m"
    late = clocks.badge(row, look(row.due + 300))
    assert (late.text, late.tone) == ("✗ 超 5m", "bad")
    assert clocks.countdown(95) == "1:35"
    assert clocks.countdown(-5) == "-0:05"


def test_level_supervision_and_missed_clocks_are_words_and_shapes(
    desk: Desk, store: Store, clock: ManualClock
) -> None:
    row = send(desk, "complaint")
    supervisor = Desk.open(store, "P-990000-V", clock=clock)
    assert acts.act(supervisor, row.id, "supervise", seen_version=row.version).ok
    row = task_of(desk, "complaint")
    assert level(row, look(desk.now)).text == "乡 督"
    assert missed(row, look(desk.now)).text == ""
    assert acts.claim(supervisor, "task", row.id).ok
    assert "样城监管员" in remark(task_of(desk, "complaint"), look(desk.now)).text


@pytest.mark.parametrize("scope", ["tasks", "task"])
def test_every_act_of_the_table_is_done_by_the_board_and_by_the_page(scope: str) -> None:
    from screens.acting.more import MoreActs
    from screens.actions import offered

    acts_here = [one for one in offered(scope) if one.id.startswith(("task.", "incident."))]
    assert len(acts_here) > 20
    assert not [one.id for one in acts_here if not callable(getattr(MoreActs, one.method, None))]


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh"), ((80, 24), "en")])
async def test_work_orders_have_a_list_with_their_clock_and_down_time(
    desk: Desk, store: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    keeper = {
        "code": "YW",
        "name": "样城运维公司",
        "name_en": "Sample Maintenance",
        "kind": "contractor",
        "phone": "400",
    }
    with store.write() as connection:
        connection.execute(table(Department).insert().values(**keeper, in_service=True, made_up=True))
    since = clock.now() - 5 * 3600
    done = workorders.issue_for_station(desk, "TA11", fault="flat", since=since)
    assert done.ok, done
    assert workorders.count(desk) == 1
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await board(here) if language == "zh" else await here.press("4")
        await here.press("left")
        await here.sees(
            "样城运维公司" if language == "zh" else "Sample Maint",
            *(("恒值", "5h00", "样11镇站") if language == "zh" else ("flat", "5h00")),
        )
        # The line is its task: the same keys do the same acts, Enter opens its page.
        assert here.screen.task_id() == done.data["task"]
        await here.press("enter")
        await here.sees(str(done.data["task"]))
