"""A night on duty, end to end through the real screens: what happens, what is seen, what is pressed.

One night runs through all scenes, so that what one leaves the next finds: seat one sits at 120x40, seat two at 80x24,
on one store, with the product's own jobs. Every scene counts its keys and holds them against a bound.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.clock import ManualClock
from backend.desk import alarms, contributing, dutyrows, proof, reports, tasks
from backend.desk.desk import Desk
from backend.notify.tables import Notice
from backend.store import Store, table
from backend.tasks.tables import Task, WorkOrder
from backend.words.say import Language
from tests.screens import night_city as city
from tests.screens.seated import Seat, seat

REPORT_DAY = "2026-12-16"
KEYS = {
    "signing_in": 10,
    "a_jump_of_pm10": 9,
    "straw_burning": 24,
    "a_flat_line": 14,
    "straw_is_out": 22,
    "a_site_against_an_order": 26,
    "a_citizen_calls": 24,
    "the_head_calls": 26,
    "the_caller_is_answered": 26,
    "a_feed_drops": 2,
    "an_outage": 12,
    "the_shift_changes": 43,
    "the_noon_report": 26,
    "nothing_is_forgotten": 0,
}
"""Keys a scene may cost at both consoles, without the letters of free text: what it cost when it was first walked."""


PACE = {"zh": 60, "en": 300}
"""Seconds from one run of the jobs to the next, where nobody looks: it must not matter that they come every minute."""
LOOKED_AT = 15 * 60
"""Seconds before a scene from which on the jobs come every minute."""
LOOKS = 10
"""Half seconds in which the bell rings for what has happened."""


class Night:
    """Two consoles at one store, and the jobs, moved by hand from one instant to the next."""

    def __init__(self, store: Store, clock: ManualClock, one: Seat, two: Seat, language: Language) -> None:
        self.store, self.clock, self.one, self.two = store, clock, one, two
        self.language: Language = language
        self.jobs, self.upstream = city.scheduler(store, clock)
        self.rung: list[int] = []
        self.free = 0
        """Letters of free text typed so far."""
        for here in (one, two):
            here.app.bell = lambda: self.rung.append(clock.now())  # type: ignore[method-assign]

    def says(self, chinese: str, english: str) -> str:
        """What stands there in the language of the consoles."""
        return english if self.language == "en" else chinese

    async def until(self, clock_time: str, *, jobs: bool = True) -> None:
        """Let the night go on until then, its jobs at their pace; then both consoles look."""
        end = city.at(clock_time)
        assert end >= self.clock.now(), clock_time
        await self._look()
        while self.clock.now() < end:
            left = end - self.clock.now()
            pace = 60 if left <= LOOKED_AT else PACE[self.language]
            self.clock.move(min(pace - self.clock.now() % pace, left))
            if jobs:
                self.jobs.run_due()
        await self._look()
        await self._look()

    async def _look(self) -> None:
        """What the consoles do every half second: see what is new, and then ring for it."""
        for here in (self.one, self.two):
            await here.tick()

    async def rings(self) -> None:
        """A console rings: what it was asking already may be older than what has just happened."""
        for _ in range(LOOKS):
            if self.rung:
                return
            await self._look()
        heads = [(here.app.facts.critical, here.app._rang) for here in (self.one, self.two)]
        raise AssertionError(f"nobody rang: {heads}; {alarms.board(self.desk())}")

    async def writes(self, here: Seat, text: str) -> None:
        """Free text: not what is counted."""
        self.free += len(text)
        await here.type(text)

    async def goes_to(self, here: Seat, *words: str) -> None:
        """Bring in what is new, and move the cursor to the line that says this."""
        await here.tick()
        if "(n)" in here.text:
            await here.press("n")
        lines = [line for line in here.lines if line[:1] in ("▸", " ") and len(line) > 8]
        assert any(all(word in line for word in words) for line in lines), here.text
        marked = next(number for number, line in enumerate(here.lines) if line.startswith("▸"))
        wanted = next(number for number, line in enumerate(here.lines) if all(word in line for word in words))
        for _ in range(abs(wanted - marked)):
            await here.press("j" if wanted > marked else "k")
        assert all(word in _marked(here) for word in words), here.text

    def desk(self, person: str = city.SEAT) -> Desk:
        """A person's desk beside the consoles."""
        desk = Desk.open(self.store, person, clock=self.clock)
        desk.speak(self.language)
        return desk

    def task(self, type_: str) -> str:
        """The newest task of a type."""
        task = table(Task)
        query = select(task.c.id).where(task.c.type == type_).order_by(task.c.opened.desc(), task.c.id.desc())
        with self.store.read() as connection:
            return str(connection.execute(query).scalars().first() or "")

    def told(self, task: str) -> list[tuple[str, str]]:
        """What people were told of a task, in order: the code, and the grid that was told."""
        notice = table(Notice)
        query = select(notice.c.code, notice.c.grid).where(notice.c.task == task).order_by(notice.c.at)
        with self.store.read() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]

    def page(self, task: str) -> tasks.TaskPage:
        """A task as it stands."""
        found = tasks.page(self.desk(city.CITY_SEAT), task)
        assert found is not None, task
        return found


def _marked(here: Seat) -> str:
    return next(line for line in here.lines if line.startswith("▸"))


async def signing_in(night: Night) -> None:
    """20:00: two seats sign in; the warning stands on top, and one sees what the other has before them."""
    for here in (night.one, night.two):
        await here.press("6", "W")
        await here.sees(night.says("已签到", "Signed in"), city.WARNING)
        await here.press("1")
        await here.sees(night.says("区域性污染", "Regional"))
    await night.two.press("enter")
    await night.one.press("3")
    await night.one.tick()
    await night.one.sees("样1县坐席二")
    await night.two.press("escape", "a")
    await night.two.sees(night.says("已确认", "acknowledged"))


async def a_jump_of_pm10(night: Night) -> None:
    """21:05: a township's PM10 jumps; its member is sent, accepts by phone, arrives."""
    two = night.two
    await night.until("21:06")
    await night.goes_to(two, night.says("浓度突升", "Sudden rise"))
    # No other station and no other pollutant saw it: whoever sends somebody says that they mean to.
    await two.press("d")
    await two.sees(night.says("数据存疑", "data are suspect"))
    await two.press("y", "1")
    await two.sees(night.says("已派发", "sent to"))
    await night.until("21:10")
    await night.goes_to(two, night.says("待签收", "to acc"))
    await two.press("p", "1")
    await two.sees(night.says("待到场", "to arr"))
    await night.until("21:40")
    await two.press("p", "1")
    await two.sees(night.says("处置中", "on site"))


async def straw_burning(night: Night) -> None:
    """23:00: an alarm and a caller tell of one fire; nobody of the township answers, and the county keeps its board."""
    one = night.one
    await night.until("23:06")
    await one.press("1", "i", "1")
    await one.type("mlg")
    await one.press("1", "tab")
    await night.writes(one, "smoke over the field")
    await one.press("f2")
    await one.sees(night.says("附近有 1 起可能是同一件事", "may be the same"), "0.0 km")
    await one.press("2", "d")
    await one.sees(night.says("网格员11", "网格员11"), night.says("派给谁", "Send whom"))
    await one.press("1")
    await one.sees(night.says("待签收", "to acc"))
    await night.until("23:18")
    # Nobody accepts: the county answers for it now, and sees it.
    await one.sees(night.says("签收超时", "accept"), night.says("县级", "county"))
    # Who saw it knows what it is: the station only knew that the air was bad.
    fire = night.task("straw_burning")
    assert night.page(fire).row.level == "C"
    await one.press("6")
    await night.goes_to(one, night.says("马岭岗镇中心", "马岭岗镇中心"))
    await one.press("p", "2")
    await one.sees(night.says("无人应答", "no answer"))
    await one.press("J")
    await one.sees(night.says("已代管", "kept"))
    await one.press("escape", "c")
    await one.sees(night.says("已确认接手", "is acknowledged"))
    await one.press("p", "1")
    await one.sees(night.says("代马岭岗镇中心", "for 马岭岗镇中心"))
    await night.until("23:45")
    await one.press("p", "1")
    await one.sees(night.says("处置中", "on site"))
    # What was done for the township stays told as that.
    assert {act.for_name for act in night.page(fire).timeline if act.kind == "accept"} == {"马岭岗镇中心"}


async def a_flat_line(night: Night) -> None:
    """00:05: the PM10 stood still: it is the instrument, and the contractor's; what was built on it is in doubt."""
    two = night.two
    await night.until("00:06")
    await night.goes_to(two, night.says("数据恒值", "Flat line"))
    await two.press("d")
    contractor = night.says("样城运维公司", "Sample Maintenance Co")
    await two.sees(contractor, night.says("运维单位", "maintenance contractor"))
    assert "网格员" not in two.text.partition(contractor)[2].partition("Esc")[0]
    await two.press("1")
    await two.sees(night.says("已派发给 样城运维公司", "sent to Sample Maintenance Co"))
    order = night.page(night.task("equipment")).row
    assert (order.state, order.holder, order.holder_kind) == ("DISPATCHED", city.CONTRACTOR, "department")
    work = table(WorkOrder)
    with night.store.read() as connection:
        row = connection.execute(select(work).where(work.c.task == order.id)).one()
    assert (row.contractor, row.fault) == (city.CONTRACTOR, "flat")
    # The jump of the evening was the instrument's: its task says so.
    built_on = next(row for row in tasks.board(night.desk()) if row.type == "air_quality" and row.suspect)
    assert built_on.holder == "P-99000100301-M"
    await night.goes_to(two, night.says("吴店镇", "Wudian"), night.says("处置中", "on site"))
    await two.press("enter")
    await two.sees(night.says("存疑", "uspect"), night.says("原因：恒值", "flat line"))
    # The member found nothing there: that is reported, and the other seat closes it.
    await two.press("p", "3")
    await night.writes(two, "nothing found, instrument")
    await two.press("enter", "enter")
    await two.sees(night.says("待核查", "to ver"))
    await two.press("1")
    await night.goes_to(two, night.says("设备故障", "Equip"))
    await two.press("p", "1")
    await two.sees(night.says("待到场", "to arr"))


async def straw_is_out(night: Night) -> None:
    """00:20: the member reports by phone; the other seat looks at it and closes it."""
    one, two = night.one, night.two
    await night.until("00:20")
    await one.press("p", "enter")
    await night.writes(one, "put out, 2 mu")
    await one.press("enter")
    await night.writes(one, "IMG-20261216-1")
    await one.press("enter")
    await one.sees(night.says("待核查", "to ver"), "put out, 2 mu")
    # Whoever entered the report can't verify it.
    await one.press("v")
    await one.sees(night.says("核查", "verif"))
    fire = next(row.id for row in tasks.board(night.desk()) if row.state == "REPORTED")
    # What rang for the fire meanwhile is seen too.
    await one.press("escape")
    await night.goes_to(one, night.says("特急", "crit"), night.says("马岭岗镇站", "马岭岗镇站"))
    await one.press("a")
    await one.sees(night.says("已确认", "acknowledged"))
    for here, place in ((two, night.says("马岭岗镇", "Malinggang")), (one, night.says("吴店镇", "Wudian"))):
        await night.goes_to(here, night.says("待核查", "to ver"), place)
        await here.press("v", "1", "y")
        await here.sees(night.says("已办结", "closed"))
    assert night.page(fire).row.state == "CLOSED"


async def a_site_against_an_order(night: Night) -> None:
    """01:05: a site works although it was told to stop: the bell rings, the order goes with whoever is sent."""
    one, two = night.one, night.two
    night.rung.clear()
    await night.until("01:06")
    await night.rings()
    await two.press("1")
    # Three rules ring at that site: one line, and the one that an order stands behind leads it.
    await night.goes_to(two, night.says("样工地12", "样工地12"), night.says("特急", "crit"))
    assert night.says("3条：停工", "3: Dust d") in _marked(two)
    await two.press("enter")
    await two.sees(city.STOP, night.says("停工期间", "Dust despit"))
    await two.press("d", "1")
    await two.sees(night.says("已派发", "sent to"))
    task = night.task("site_dust")
    await two.press("1")
    await night.goes_to(two, night.says("待签收", "to acc"), night.says("佃户屯镇", "Dianhutun"))
    await two.press("enter")
    await two.sees(city.STOP)
    await night.until("01:10")
    await two.press("p", "1")
    await night.until("01:35")
    await two.press("p", "1")
    await two.sees(night.says("处置中", "on site"))
    await night.until("01:50")
    await two.press("p")
    await two.sees(night.says("移送执法", "nforcement"))
    await two.press("5")
    await night.writes(two, "machines stopped")
    await two.press("enter")
    await night.writes(two, "DOC-77 IMG-78")
    await two.press("enter")
    await two.sees(night.says("待核查", "to ver"), "DOC-77")
    await one.press("1")
    await night.goes_to(one, night.says("待核查", "to ver"), night.says("工地扬尘", "Construction"))
    await one.press("enter", "v")
    await one.sees("machines stopped", night.says("移送执法", "nforcement"))
    await one.press("1", "y")
    await one.sees(night.says("已办结", "closed"))
    page = night.page(task)
    assert (page.row.state, page.row.close_code) == ("CLOSED", "transfer_enforcement")
    await one.press("1")


async def a_citizen_calls(night: Night) -> None:
    """02:00: a complaint with its number, masked wherever it is listed; its one page tells who called."""
    one = night.one
    await night.until("02:00")
    await one.press("i", "4")
    await one.type("dht")
    await one.press("1", "2")
    await night.writes(one, "smell of plastic since midnight")
    await one.press("tab", "tab")
    await night.writes(one, "W20261216-9")
    await one.press("tab")
    await night.writes(one, "Zhang San")
    await one.press("tab")
    await night.writes(one, "13812345678")
    await one.press("f2")
    await one.sees(night.says("另立新事件", "new"))
    await one.press("1")
    await one.sees("W20261216-9", "138****5")
    assert "13812345678" not in one.text
    assert "Zhang San" not in one.text
    await one.press("d", "1", "C")
    await one.sees("W20261216-9", "138****5")
    assert "13812345678" not in one.text
    await night.goes_to(one, "W20261216-9")
    await one.press("enter")
    await one.sees("13812345678", "Zhang San", night.says("待回复", "eply"))
    # Who was sent accepts, comes back, and the caller is told.
    await night.until("02:05")
    await one.press("1")
    await night.goes_to(one, night.says("待签收", "to acc"), night.says("工业企业", "Industr"))
    await one.press("p", "1")
    await one.sees(night.says("待到场", "to arr"))
    await night.until("02:30")
    await one.press("p", "1")
    await one.sees(night.says("处置中", "on site"))


async def the_head_calls(night: Night) -> None:
    """03:00: what is going on and who is on it, on one small screen; a word becomes a task."""
    two = night.two
    await night.until("03:00")
    await two.press("B")
    await two.sees(night.says("态势简报", "situation at"))
    assert len(two.lines) == 24
    await two.sees(city.WARNING, city.STOP, night.says("尚不掌握", "Not known"), "网格员12", "05300000000")
    await two.press("I")
    await night.writes(two, "Head Zhao")
    await two.press("enter")
    await night.writes(two, "check every site")
    await two.press("enter", "enter")
    await night.writes(two, "600")
    await two.press("f2")
    await two.sees(night.says("已登记指令", "Head Zhao"), "check every site")
    for here in (night.one, two):
        await here.press("1")
        await here.tick()
        await night.goes_to(here, night.says("上级交办", "Order"))
        await here.press("g")
        assert night.says("上级交办", "Order") in _marked(here), here.text
    await two.press("enter", "d")
    await two.sees("样1县中心")
    await two.press("1")
    await two.sees(night.says("待签收", "to acc"), night.says("督办", "supervised"))
    await two.press("p", "1")
    await two.sees(night.says("待到场", "to arr"))
    # Of its own duty room nobody asks why: no words, and no distance.
    await two.press("p", "1")
    await two.sees(night.says("处置中", "on site"))
    await two.press("1")


async def the_caller_is_answered(night: Night) -> None:
    """03:20: the member found a plastics works burning waste; the caller is told, and called back."""
    one = night.one
    await night.until("03:20")
    await one.press("1")
    await night.goes_to(one, night.says("处置中", "on site"), night.says("工业企业", "Industr"))
    await one.press("p", "2")
    await night.writes(one, "furnace shut down")
    await one.press("enter")
    await night.writes(one, "IMG-3")
    await one.press("enter")
    await one.sees(night.says("待核查", "to ver"))
    await one.press("C")
    await night.goes_to(one, "W20261216-9")
    await one.press("greater_than_sign", "1")
    await night.writes(one, "the furnace was shut down")
    await one.press("f2")
    await one.sees(night.says("已回复", "eplied"))
    await one.press("l")
    await one.sees(night.says("待回访", "all back"), "W20261216-9")
    await one.press("less_than_sign", "1", "f2")
    await one.sees(night.says("回访满意", "satisfied"))
    await one.press("1")
    await night.goes_to(night.two, night.says("待核查", "to ver"))
    await night.two.press("v", "1", "y")
    await night.two.sees(night.says("已办结", "closed"))


async def a_feed_drops(night: Night) -> None:
    """04:00: an upstream is down for an hour and a half: the header says so, and that it is back; nothing is lost."""
    one, two = night.one, night.two
    night.upstream.down.add("township_air")
    await night.until("05:20")
    for here in (one, two):
        await here.sees(night.says("中断", "fail"))
    await one.press("5")
    await one.sees("乡镇空气站", night.says("中断", "fail"))
    night.upstream.down.clear()
    await night.until("06:10")
    for here in (one, two):
        await here.sees(night.says("正常", "ok"))
    await one.press("1")


async def an_outage(night: Night) -> None:
    """06:10: what burns is sent; then the machine stands still for three quarters of an hour, and says so once."""
    one = night.one
    await one.press("i", "3")
    await one.type("wd")
    await one.press("1", "tab")
    await night.writes(one, "waste burning")
    await one.press("f2")
    if night.says("另立新事件", "new incident") in one.text:
        await one.press("1")
    await one.sees(night.says("待派发", "to dispatch"))
    await one.press("d", "1")
    await one.sees(night.says("待签收", "to acc"))
    task = night.task("open_burning")
    before = night.told(task)
    await night.until("06:55", jobs=False)
    assert night.told(task) == before
    await night.until("06:56")
    late = night.told(task)[len(before) :]
    # The missed steps are all in the log; each grid is told once, of the gravest of them, and how late.
    assert {code for code, _ in late} == {"notice.escalate_late"}, late
    assert len({grid for _, grid in late}) == len(late), late
    await one.sees(night.says("补办", "made up"), night.says("迟", "late"))
    await one.press("p", "1")
    await one.sees(night.says("待到场", "to arr"))
    await one.press("1")


async def the_shift_changes(night: Night) -> None:
    """08:00: the night hands over item by item; nobody is signed out before the last signature."""
    one, two = night.one, night.two
    await night.until("08:00")
    await one.press("6", "W")
    await one.sees(night.says("未接收", "not taken over"))
    handing = one.app.desk
    assert handing is not None
    async with seat(night.store, night.clock, city.DAY_SEAT, language=night.language) as third:
        await third.press("6", "H")
        await third.sees(night.says("未看", "not seen"))
        for _ in range(12):
            if dutyrows.own_shift(handing) is None:
                break
            await one.press("W")
            assert dutyrows.own_shift(handing) is not None
            await third.press("full_stop")
        assert dutyrows.own_shift(handing) is None
        night.free -= third.keys
        assert third.keys <= 14
    await two.press("6", "W", "Q")
    await two.type("S4")
    await two.press("enter")
    await two.sees("样1县坐席四")
    for _ in range(12):
        await two.press("full_stop")
        sitting = two.app.desk
        assert sitting is not None
        if sitting.actor.person == city.OTHER_DAY_SEAT:
            break
    await two.sees("样1县坐席四")
    on_shift = {row.person for row in dutyrows.seat_board(night.desk(city.CITY_SEAT))}
    assert {city.DAY_SEAT, city.OTHER_DAY_SEAT} <= on_shift
    assert not {city.SEAT, city.OTHER_SEAT} & on_shift


async def the_noon_report(night: Night) -> None:
    """12:00: drafted, with who has not sent; reviewed, signed and issued by their own hands; a correction is new."""
    two = night.two
    await night.until("12:00")
    town = night.desk("P-990001002-S1")
    assert contributing.send(town, REPORT_DAY, {"patrols": 12}).ok
    await two.press("1", "number_sign", "down")
    await two.sees("1/3", "马岭岗镇中心")
    await two.press("right_square_bracket", "n", "enter")
    await two.sees(night.says("拟稿", "draft"), "1/3")
    written = reports.page(night.desk(), REPORT_DAY)
    assert written is not None
    assert "马岭岗镇中心" in str(written)
    for person, done in (
        (city.DAY_SEAT, night.says("已审核", "reviewed")),
        (city.CHIEF, night.says("已签批", "signed")),
        (city.SUPERVISOR, night.says("不再改动", "issued")),
    ):
        await two.press("P")
        await night.writes(two, person)
        # Whoever sits down finds their own screens as they left them.
        await two.press("enter", "number_sign", "down", "right_square_bracket", "y")
        await two.sees(done)
    await two.press("tilde")
    await night.writes(two, "one patrol more")
    await two.press("enter")
    await two.sees(night.says("第 2 版", "ersion 2"))
    # The version that was issued stays readable.
    old = reports.page(night.desk(), REPORT_DAY, 1)
    assert old is not None
    assert old.row.state == "issued"


async def nothing_is_forgotten(night: Night) -> None:
    """12:05: the nightly proof: every open task has its owner and its next instant."""
    found = proof.proof(night.desk(city.CITY_SEAT))
    assert found.rows
    assert not found.faults
    assert all(row.owner and (row.due or row.next_at) for row in found.rows)
    assert {row.id for row in found.rows} == {task for task, *_ in city.open_tasks(night.store)}


SCENES = (
    signing_in,
    a_jump_of_pm10,
    straw_burning,
    a_flat_line,
    straw_is_out,
    a_site_against_an_order,
    a_citizen_calls,
    the_head_calls,
    the_caller_is_answered,
    a_feed_drops,
    an_outage,
    the_shift_changes,
    the_noon_report,
    nothing_is_forgotten,
)


@asynccontextmanager
async def a_night(store: Store, folder: Path, language: Language) -> AsyncIterator[Night]:
    """The county at ten to eight in the evening, after a day of haze."""
    city.build(store, folder)
    clock = ManualClock(city.at("13:00"))
    jobs, _ = city.scheduler(store, clock)
    while clock.now() < city.EVENING:
        clock.move(300)
        jobs.run_due()
    async with (
        seat(store, clock, city.SEAT, language=language) as one,
        seat(store, clock, city.OTHER_SEAT, size=(80, 24), language=language) as two,
    ):
        yield Night(store, clock, one, two, language)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_night_on_duty(store: Store, tmp_path: Path, language: Language) -> None:
    counted: dict[str, int] = {}
    async with a_night(store, tmp_path, language) as night:
        for scene in SCENES:
            before = night.one.keys + night.two.keys - night.free
            await scene(night)
            counted[scene.__name__] = night.one.keys + night.two.keys - night.free - before
    print("keys per scene:", counted)  # noqa: T201 - figures, with -s
    assert {name: count for name, count in counted.items() if count > KEYS[name]} == {}
