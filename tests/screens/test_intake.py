"""Intake by keyboard, from any screen: few keys, digits that choose, what is near proposed, what is wrong said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.city.tables import Grid
from backend.clock import ManualClock
from backend.incidents.tables import Incident, IncidentReport
from backend.store import Store, table
from backend.words.say import Language
from tests.screens import loop_city as city
from tests.screens.seated import WALKS, seat

SIZES = ((120, 40), (80, 24))


@pytest.fixture(autouse=True)
def _city(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    """The small city, with a township that is called as one in Heze."""
    city.build(store, tmp_path, clock.now())
    with store.write() as connection:
        grid = table(Grid)
        connection.execute(
            update(grid)
            .where(grid.c.code == "990001002")
            .values(name="马岭岗镇", name_en="Malinggang", initials="mlgz")
        )


def _rows(store: Store, of: Any) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(table(of)).order_by(table(of).c.id)).all())


def _reported(store: Store) -> list[Any]:
    return [row for row in _rows(store, Incident) if row.origin != "alarm"]


@pytest.mark.parametrize(("language", "size"), WALKS)
async def test_straw_burning_in_a_named_township_takes_few_keys(
    store: Store, clock: ManualClock, size: tuple[int, int], language: Language
) -> None:
    form, titles = {
        "zh": ("登记事件", ("秸秆焚烧", "马岭岗镇", "群众来电")),
        "en": ("Enter an incident", ("Straw burning", "Malinggang", "call")),
    }[language]
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("i")
        await here.sees(form, titles[0])
        await here.press("1")
        await here.type("mlg")
        await here.sees(titles[1])
        await here.press("1")
        await here.sees(*titles)
        await here.press("tab")
        await here.type("smoke")
        await here.press("f2")
        await here.until(lambda: len(_reported(store)) == 1)
        keys = here.keys
        await here.sees("SQ20261103-0001", titles[1])
    # From `i` to what is on record, with five letters of what was said.
    assert keys <= 20, keys
    assert keys == 13
    (incident,) = _reported(store)
    assert (incident.type, incident.grid, incident.origin) == ("straw_burning", "990001002", "phone")
    assert [row.text for row in _rows(store, IncidentReport)] == ["smoke"]


@pytest.mark.parametrize("keys", [("1",), ("2",), ("3",), ("4",), ("5",), ("3", "enter"), ("3", "o")])
async def test_intake_opens_anywhere(store: Store, clock: ManualClock, keys: tuple[str, ...]) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await here.press(*keys)
        if keys[-1] == "o":
            await here.press("escape")
        await here.press("i")
        await here.sees("登记事件", "什么事")


async def test_what_is_near_is_proposed_and_one_key_adds_to_it(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        for joins in (False, True):
            await here.press("i", "1")
            await here.type("mlg")
            await here.press("1", "2")
            await here.type("smoke")
            await here.press("tab", "tab")
            await here.type(f"W{joins:d}")
            await here.press("f2")
            if joins:
                await here.sees("附近有 1 起可能是同一件事", "另立新事件", "并入 0.0 km", "12345 转办")
                await here.press("2")
                await here.sees("已并入事件")
            else:
                await here.sees("W0")
            await here.press("escape")
            clock.move(60)
    assert len(_reported(store)) == 1
    assert [(row.channel, row.number) for row in _rows(store, IncidentReport)] == [
        ("12345", "W0"),
        ("12345", "W1"),
    ]


async def test_what_was_left_is_said_to_be_so_and_one_key_begins_anew(
    store: Store, clock: ManualClock
) -> None:
    async with seat(store, clock, city.SEAT, size=(80, 24)) as here:
        await here.press("i", "1")
        assert "接着上次" not in here.text
        await here.type("mlg")
        await here.press("1", "tab")
        await here.type("smoke of the first call")
        await here.press("escape", "i")
        await here.sees("接着上次没有提交的内容", "smoke of the first call", "秸秆焚烧")
        await here.press("f8")
        assert "smoke of the first call" not in here.text
        assert "接着上次" not in here.text
        # Struck by mistake, it costs nothing: until something else is typed the same key brings it back.
        assert "已清空（再按 F8 恢复）" in here.text
        await here.press("f8")
        await here.sees("smoke of the first call", "秸秆焚烧")
        assert "已清空" not in here.text
        await here.press("f8", "2")
        assert "已清空" not in here.text
        await here.type("mlg")
        await here.press("1", "escape", "i")
        await here.sees("接着上次", "什么事*         工地扬尘")
        assert "smoke" not in here.text


async def test_digits_choose_what_is_shown_wherever_text_is_none(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await here.press("i", "2")
        # A digit that may be part of a code narrows; one that matches nothing chooses.
        await here.press("9")
        await here.sees("样11镇", "1  ")
        await here.press("ctrl+u")
        await here.type("mlg")
        await here.press("1")
        # The digit before the channel counts, not the digits of 12345.
        await here.press("3")
        await here.sees("巡查发现")
        await here.press("shift+tab")
        await here.press("5")
        await here.sees("上级交办")
        values = here.app.screen.values  # type: ignore[attr-defined]
    assert values["type"] != ""
    assert values["place"] == "grid:990001002"
    assert values["channel"] == "leader"


async def test_what_is_typed_where_something_is_chosen_replaces_it(store: Store, clock: ManualClock) -> None:
    """Also where nothing was found when the form was left: coming back, nobody deletes first."""
    async with seat(store, clock, city.SEAT) as here:
        await here.press("i", "1")
        await here.type("mlg")
        await here.press("1", "shift+tab")
        await here.type("zzz")
        await here.sees("没有符合的")
        await here.press("escape", "i", "shift+tab", "tab")
        await here.type("mlg")
        await here.press("1")
        values = here.app.screen.values  # type: ignore[attr-defined]
    assert values["place"] == "grid:990001002"


async def test_a_type_is_found_by_its_initials(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await here.press("i")
        await here.type("gdyc")
        await here.sees("工地扬尘")
        await here.press("enter")
        values = here.app.screen.values  # type: ignore[attr-defined]
    assert values["type"] == "site_dust"


async def test_digits_choose_in_the_other_forms_too(store: Store, clock: ManualClock) -> None:
    """A result is chosen by its digit, where ``1`` found nothing before."""
    async with seat(store, clock, city.SEAT) as here:
        await here.press("3", "t", "d", "1")
        await here.sees("待签收")
        await here.press("p", "1")
        await here.sees("待到场")
        await here.press("p", "1")
        await here.sees("处置中")
        await here.press("p")
        await here.sees("处置结果", "1  已整改", "2  现场无问题")
        await here.press("2")
        values = here.app.screen.values  # type: ignore[attr-defined]
    assert values["result"] == "no_problem"


async def test_a_leader_is_asked_for_the_time(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT) as here:
        await here.press("i", "1")
        await here.type("mlg")
        await here.press("1", "5", "f2")
        await here.sees("办结时限: 必须填写")
        await here.type("15:59")
        await here.press("f2")
        # 15:59 is tomorrow's: today's has passed.
        await here.sees("督办", "马岭岗镇")
    (incident,) = _reported(store)
    assert incident.order_code == "ZL20261103-01"


async def test_what_is_wrong_is_said_in_the_form(store: Store, clock: ManualClock) -> None:
    async with seat(store, clock, city.SEAT, size=(80, 24)) as here:
        await here.press("i")
        await here.type("abc")
        await here.press("f2")
        await here.sees('什么事: 没有"abc"这一项')
        await here.press("ctrl+u", "1")
        await here.type("ys21")
        await here.sees("没有符合的")
        await here.press("f2")
        await here.sees('没有"ys21"这一项')
        await here.press("ctrl+u")
        await here.type("990002001")
        await here.sees("样2县 不在本辖区")
        await here.press("enter", "f2")
        await here.sees("不能选：样2县 不在本辖区")
        await here.press("ctrl+u")
        await here.type("mlg")
        await here.press("1")
        await here.press(*["tab"] * 5)
        await here.type("12")
        await here.press("f2")
        await here.sees("来电号码不像电话号码")
        await here.press("ctrl+u")
        entry = here.app.screen.lines[3].query_one("Entry")  # type: ignore[attr-defined]
        entry.value = "烟" * 10_000
        await here.press("f2")
        await here.sees("内容 10000 字，最多 2000 字")
    assert not _reported(store)
