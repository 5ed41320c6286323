"""By keyboard: an offer from a township to the next one, what was handed on, and the departments that help."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, update

from backend.city.tables import Department, IncidentType
from backend.clock import ManualClock
from backend.desk import acts, intake, tasks
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words import LANGUAGES
from backend.words.say import Language
from screens.dialogs.menu import Menu
from tests.screens import loop_city as city
from tests.screens.seated import Seat, seat

GIVER, NEXT, SUPERVISOR = "P-990001002-S1", "P-990001003-S1", "P-990001-V"
SIZES = ((80, 24), (120, 40))


@pytest.fixture
def helped(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    """The small city, where the housing bureau leads at building sites and another two help."""
    city.build(store, tmp_path, clock.now())
    rows = [("ZJJ", "住建局", "Housing"), ("SHJ", "环境局", "Ecology"), ("CGJ", "城管局", "Urban")]
    kind = table(IncidentType)
    with store.write() as connection:
        connection.execute(
            insert(table(Department)),
            [
                {"code": code, "name": name, "name_en": english, "phone": f"0530-{code}", "kind": "bureau",
                 "made_up": True}
                for code, name, english in rows
            ],
        )  # fmt: skip
        connection.execute(
            update(kind).where(kind.c.code == "site_dust").values(department="ZJJ", co_departments="SHJ")
        )
    return store


def reported(store: Store, clock: ManualClock) -> str:
    desk = Desk.open(store, GIVER, clock=clock)
    made = intake.enter(desk, type="site_dust", place="grid:990001002", channel="patrol", text="dust")
    assert made.ok, made
    return str(made.data["task"])


def offered(store: Store, clock: ManualClock) -> str:
    task, desk = reported(store, clock), Desk.open(store, GIVER, clock=clock)
    page = tasks.page(desk, task)
    assert page is not None
    body = {"receiver": "C-990001003", "receiver_kind": "centre", "reason": "over the border"}
    assert acts.act(desk, task, "transfer", body=body, seen_version=page.row.version).ok
    return task


TO_TAKE = {"zh": "待本席接收", "en": "to take"}
UNTIL = {"zh": "16:30 前接收或谢绝", "en": "take or refuse it by 16:30"}
TAB = {"zh": "已移交 1", "en": "Handed on 1"}
GIVEN = {"zh": "已移交", "en": "handed on"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
async def test_the_next_township_sees_the_offer_takes_it_and_the_giver_keeps_it(
    helped: Store, clock: ManualClock, language: Language, size: tuple[int, int]
) -> None:
    task = offered(helped, clock)
    async with seat(helped, clock, NEXT, language=language, size=size) as here:
        await here.sees(TO_TAKE[language])
        await here.press("4")
        await here.sees(TO_TAKE[language], UNTIL[language])
        assert any(word in here.text for word in ("在办 1", "Open 1"))
        await here.press("enter")
        await here.sees(task, UNTIL[language].split(" (")[0])
        await here.press("K")
        assert isinstance(here.screen, Menu)
        await here.press("1")
        await here.sees({"zh": "待到场", "en": "to arrive"}[language])
    async with seat(helped, clock, GIVER, language=language, size=size) as here:
        await here.press("4")
        await here.sees(TAB[language])
        assert any(word in here.text for word in ("在办 0", "Open 0"))
        await here.press("h", "h")
        await here.sees({"zh": "待到场", "en": "to arrive"}[language])
        await here.press("enter")
        await here.sees(task, GIVEN[language])
    async with seat(helped, clock, SUPERVISOR, language=language, size=size) as here:
        await here.press("4")
        await here.sees(TAB[language])


async def choose(here: Seat, words: str) -> None:
    """Take the choice of a menu that says this."""
    menu = here.screen
    assert isinstance(menu, Menu)
    key = next(choice.key for choice in menu._choices if words in choice.text)
    digit = next(digit for digit, of in menu.keys.items() if of == key)
    await here.press(digit)


@pytest.mark.parametrize("size", SIZES)
async def test_who_helps_is_chosen_with_whom_to_send_and_shown_on_the_page(
    helped: Store, clock: ManualClock, size: tuple[int, int]
) -> None:
    task = reported(helped, clock)
    async with seat(helped, clock, GIVER, size=size) as here:
        await here.press("4")
        await here.sees("待派发")
        await here.press("d")
        await here.sees("派给谁", "协办：环境局")
        await choose(here, "协办部门")
        await here.sees("[x] 环境局", "[ ] 城管局")
        await choose(here, "城管局")
        await here.sees("[x] 城管局")
        # The pointer stays where it was, so that Enter takes it back; Esc goes one level back, with what is ticked.
        assert here.screen.choices.chosen.text.endswith("城管局  0530-CGJ")
        await here.press("enter")
        await here.sees("[ ] 城管局")
        await here.press("enter")
        await here.sees("[x] 城管局")
        await choose(here, "] 环境局")
        await here.sees("[ ] 环境局", "协办：城管局")
        await here.press("escape")
        await here.sees("派给谁", "协办：城管局")
        await choose(here, "网格员")
        await here.sees("待签收")
        await here.press("enter")
        await here.sees("协办", "城管局 0530-CGJ", "住建局")
        # What it says on the phone goes into the log under its name.
        await here.press("m")
        await here.sees("协办反馈（电话代录）：城管局")
        await choose(here, "协办反馈")
        await here.type("sprinkler sent")
        await here.press("enter")
        await here.press("enter")
        await here.sees("sprinkler sent", "城管局")
    page = tasks.page(Desk.open(helped, GIVER, clock=clock), task)
    assert page is not None
    assert page.co_departments == ("CGJ",)
    assert [(act.kind, act.on_behalf) for act in page.timeline][-1] == ("note", "CGJ")
