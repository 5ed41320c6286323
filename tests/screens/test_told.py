"""Who was told what, and whether it reached them: on the notices screen, on the task's page, on the alarm board."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.desk import acts, channels
from backend.desk.channels import Spec
from backend.desk.desk import Desk
from backend.notify import notices
from backend.notify.deliver import Post
from backend.store import Store
from backend.words import Message, say
from backend.words.message import Scalar
from backend.words.say import Language
from screens.actions import action
from tests.screens import loop_city as city
from tests.screens.seated import seat

SIZES = ((120, 40), (80, 24))


@pytest.mark.parametrize("size", SIZES)
async def test_a_channel_that_fails_is_seen_on_all_three(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    city.build(store, tmp_path, clock.now())
    spec = Spec("sms", "webhook", "990001", priority="low", url="http://127.0.0.1:9/")
    assert channels.add(Desk.of_scripts(store), spec).ok
    desk = Desk.open(store, city.SEAT, clock=clock)
    task = str(acts.from_alarm(desk, city.alarms(store)[0]).data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    assert acts.act(desk, task, "dispatch", body=body, seen_version=2).ok
    async with seat(store, clock, city.CITY_SEAT, size=size) as here:
        await here.pass_time(6)
        office = Post(store, clock)
        office.turn()
        await here.pass_time(12)
        office.turn()
        await here.press("3")
        await here.sees("通知渠道中断", "sms")
        await here.press("4", "enter")
        await here.sees(task)
        await here.press("end")
        await here.sees("通知", "sms 待发", "127.0.0.1:9")
    county = Desk.open(store, city.SEAT, clock=clock)
    async with seat(store, clock, county.actor.person, size=(120, 40)) as here:
        await here.press("N", "l")
        await here.sees("渠道", "待发")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_long_notice_stands_whole_under_the_cursor(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int], language: Language
) -> None:
    city.build(store, tmp_path, clock.now())
    holder = "县应急联合指挥部机动巡查大队第三中队夜间值守组" * 3
    with store.write() as connection:
        for number in range(3):
            told = {"task": f"{holder}{number}"}
            at = clock.now() + number
            notices.post(connection, f"k{number}", at, "task.done.note", told, grid="990001")
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("N")
        whole = say(Message("task.done.note", {"task": holder + "2"}), language)
        await here.until(lambda: whole.replace(" ", "") in "".join(here.text.split()))
        await here.press("j")
        other = say(Message("task.done.note", {"task": holder + "1"}), language)
        await here.until(lambda: other.replace(" ", "") in "".join(here.text.split()))


@pytest.mark.parametrize("size", SIZES)
async def test_enter_opens_the_report_that_a_notice_is_about_or_says_that_there_is_no_page(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    city.build(store, tmp_path, clock.now())
    with store.write() as connection:
        at = clock.now()
        due: dict[str, Scalar] = {"day": "2026-11-03", "due": at}
        notices.post(connection, "mine", at, "notice.report.owing", due, grid="990001")
        notices.post(connection, "none", at - 1, "task.done.note", {"task": "x"}, grid="990001")
    async with seat(store, clock, city.SEAT, size=size) as here:
        await here.press("N")
        await here.until(lambda: here.screen.board.count == 2 and here.screen.row is not None)
        assert here.screen.why_off(action("board.open")) is None
        await here.press("enter")
        await here.sees("网格化监管日报")
        await here.press("escape", "j", "enter")
        await here.sees("没有可打开的页面")
        assert here.screen.why_off(action("board.open")) is not None
