"""A tab without a row says what there is none of, and by which key it comes to have one."""

from __future__ import annotations

import pytest

from backend.clock import ManualClock
from backend.store import Store
from backend.words import Message, say
from backend.words.say import Language
from tests.screens import seat_city
from tests.screens.seated import seat

TABS = {"6": 7, "7": 4, "number_sign": 3}
"""Boards by their keys, and how many of their tabs are looked at."""


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(seat_city.NOW)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", TABS)
async def test_no_empty_tab_says_no_more_than_that_it_is(
    store: Store, clock: ManualClock, key: str, language: Language
) -> None:
    seat_city.build(store, hours=4)
    empty = 0
    async with seat(store, clock, "HZ-V1", size=(80, 24), language=language) as seen:
        await seen.press(key)
        for _ in range(TABS[key]):
            await seen.settle()
            screen = seen.screen
            code = screen.EMPTIES.get(screen.board.view.facet)
            if code is not None and screen.board.row is None:
                empty += 1
                await seen.sees(say(Message(code), language))
            await seen.press("right")
    assert empty > 0
