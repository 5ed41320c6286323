"""The main path, walked by keyboard through the real screens over a real store: from an alarm to a closed task."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update
from textual.events import Key

from backend.city.tables import Person
from backend.clock import ManualClock
from backend.desk import tasks
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words.say import Language
from tests.screens import loop_city as city
from tests.screens.seated import Seat, seat

SIZES = ((120, 40), (80, 24))


def only(store: Store, clock: ManualClock) -> tasks.TaskPage:
    """The one task there is."""
    desk = Desk.open(store, city.CITY_SEAT, clock=clock)
    rows = [*tasks.board(desk), *tasks.board(desk, view="closed")]
    assert len(rows) == 1
    found = tasks.page(desk, rows[0].id)
    assert found is not None
    return found


async def sit(here: Seat, person: str) -> None:
    """Sit somebody else at this console, as the replay allows."""
    await here.press("P")
    await here.type(person)
    await here.press("enter")


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_from_an_alarm_to_a_closed_task(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int], language: Language
) -> None:
    city.build(store, tmp_path, clock.now())
    words = {
        "zh": ("待派发", "待签收", "县级", "市级", "待到场", "处置中", "待核查", "须由市级", "已办结"),
        "en": ("to dispatch", "to accept", "county", "city", "to arrive", "on site", "to verify", "needs the city",
               "closed"),
    }[language]  # fmt: skip
    unsent, sent, county, top, accepted, on_site, reported, refused, closed = words
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("3")
        await here.sees("样11镇站")
        await here.press("t")
        await here.sees(unsent)
        await here.press("d", "1")
        await here.sees(sent, "网格员11")
        await here.pass_time(6)
        await here.sees(county)
        await here.pass_time(6)
        await here.sees(top)
        assert only(store, clock).row.level == "M"
        await here.press("p", "1")
        await here.sees(accepted)
        await here.pass_time(5)
        await here.press("p", "1")
        await here.sees(on_site)
        await here.pass_time(20)
        await here.press("p", "enter")
        await here.type("covered the heap")
        await here.press("enter")
        await here.type("IMG-7")
        await here.press("enter")
        await here.sees(reported)
        # Whoever entered the report can't verify it, nor can the county what the city answers for.
        await here.press("v")
        await here.sees(refused)
        by_seat = here.keys
        await sit(here, city.CITY_SEAT)
        await here.press("4")
        await here.sees("样11镇")
        await here.press("enter")
        await here.sees(reported)
        await here.press("v", "1", "y")
        await here.sees(closed)
    page = only(store, clock)
    assert page.row.state == "CLOSED"
    assert page.row.close_code == "rectified"
    kinds = [act.kind for act in page.timeline if act.kind not in ("breach", "unack", "offer_timeout")]
    assert kinds == [
        "propose", "file", "dispatch", "escalate", "escalate", "accept", "arrive", "report", "verify_ok",
    ]  # fmt: skip
    entered = [act for act in page.timeline if act.kind in ("accept", "arrive", "report")]
    assert {(act.actor, act.on_behalf, act.channel) for act in entered} == {(city.SEAT, city.MEMBER, "phone")}
    assert page.timeline[-1].actor == city.CITY_SEAT
    assert page.row.breaches[0] == "ACCEPT"
    report = next(act for act in page.timeline if act.kind == "report")
    assert report.body == {"result": "rectified", "evidence": ["IMG-7"], "note": "covered the heap"}
    # Without what was typed into the report, the whole path costs the seat a dozen keys.
    assert by_seat - len("covered the heap") - len("IMG-7") <= 13


async def test_a_key_struck_while_somebody_sits_down_is_theirs(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    """It waits until what they may do is known: an administrator would be refused."""
    city.build(store, tmp_path, clock.now())
    person = table(Person)
    with store.write() as connection:
        connection.execute(
            update(person).where(person.c.code == city.OTHER_SEAT).values(role="administrator")
        )
    async with seat(store, clock, city.SEAT) as here:
        await here.press("3")
        await here.sees("样11镇站")
        await sit(here, city.OTHER_SEAT)
        await here.sees("管理员")
        await here.press("3")
        await here.sees("样11镇站")
        await here.press("P")
        await here.type(city.SEAT)
        for key in ("enter", "t"):
            here.app.post_message(Key(key, None))
        await here.sees("待派发")


async def test_whoever_leaves_the_list_of_whom_to_send_is_told_that_the_task_stands(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, city.SEAT) as here:
        await here.press("3")
        await here.sees("样11镇站")
        await here.press("d")
        await here.sees("派给谁")
        await here.press("escape")
        task = only(store, clock).row
        assert f"任务 {task.id} 已立项计时" in here.lines[-1]
        assert "R 撤回" in here.lines[-1]
        await here.press("R")
        await here.sees("已撤回")
        assert only(store, clock).row.state == "DRAFT"
