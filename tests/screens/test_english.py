"""The city's things are named in the language of the person, and change with it while the console runs."""

from __future__ import annotations

import pytest

from backend.alarms.tables import Alarm
from backend.clock import ManualClock
from backend.store import Store, table
from tests.screens import seat_city
from tests.screens.seated import seat


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(seat_city.NOW)


@pytest.fixture
def filled(store: Store) -> Store:
    seat_city.build(store, hours=4)
    return store


async def test_names_follow_the_language_while_the_console_runs(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1", size=(140, 40)) as seen:
        await seen.press("2")
        await seen.sees("牡丹区", "定陶区")
        await seen.press("L")
        await seen.sees("Mudan", "Dingtao")
        assert "牡丹区" not in seen.text
        # A page and a board that were not in front when the language changed speak it too.
        await seen.press("4")
        await seen.until(lambda: "牡丹区" not in seen.text)
        await seen.press("2", "L")
        await seen.sees("牡丹区", "定陶区")
        assert "Mudan" not in seen.text


async def test_a_row_that_is_gone_does_not_stay_in_the_language_before(
    filled: Store, clock: ManualClock
) -> None:
    seat_city.alarms(filled)
    async with seat(filled, clock, "HZ-V1", size=(140, 40)) as seen:
        await seen.sees("菏泽学院")
        with filled.write() as connection:
            connection.execute(table(Alarm).delete().where(table(Alarm).c.id == 1))
        await seen.press("r")
        await seen.until(lambda: bool(seen.screen.needs._gone))
        await seen.press("L")
        await seen.sees("Mudan")
        await seen.until(lambda: "牡丹区" not in seen.text)


async def test_english_from_the_first_board(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1", size=(140, 40), language="en") as seen:
        await seen.press("2")
        await seen.sees("Mudan", "Dingtao")
        assert "牡丹区" not in seen.text
