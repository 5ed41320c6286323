"""Answers that come before a screen is put together, while it is taken away, and after it was left."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import ScreenStackError, UnknownModeError
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.widget import MountError

from backend.clock import ManualClock
from backend.store import Store
from backend.words import Outcome
from console.exit import Exit
from screens.base import BoardScreen
from screens.registry import PAGES
from screens.widgets.board import Board
from tests.screens import loop_city as city
from tests.screens.seated import seat

BOARDS = ("duty", "notices", "triage", "complaints", "orders", "reports")


@pytest.fixture
def built(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    city.build(store, tmp_path, clock.now())
    return store


@pytest.mark.parametrize("name", BOARDS)
async def test_news_that_come_before_a_screen_is_put_together_wait_for_it(
    built: Store, clock: ManualClock, name: str
) -> None:
    async with seat(built, clock, city.SEAT) as here:
        assert name in PAGES
        here.app.open_page(name, "list")
        page = here.app.screen
        assert isinstance(page, BoardScreen)
        # In the same turn: it is on top, and not one of its widgets is there yet.
        assert not page.stands
        assert here.app.desk is not None
        here.app._heard(here.app.desk, (object(), here.app.facts))
        assert not page.has_row()
        await here.until(lambda: page.stands and page.board.read_at is not None)


@pytest.mark.parametrize("name", BOARDS)
async def test_an_act_that_is_answered_while_its_screen_is_left_is_told_and_touches_nothing(
    built: Store, clock: ManualClock, name: str
) -> None:
    told: list[Outcome] = []
    async with seat(built, clock, city.SEAT) as here:
        here.app.open_page(name, "list")
        page = here.app.screen
        assert isinstance(page, BoardScreen)
        await here.until(lambda: page.stands and page.board.read_at is not None)
        # The framework takes the children first: for a while the screen hangs in the tree without its board.
        await page.query_one(Board).remove()
        assert page.is_attached
        page.act(lambda _desk: Outcome.done("ui.copied", count=1), told.append)
        page.refresh_keys()
        assert not page.has_row() or page.row is not None
        await here.until(lambda: bool(told))
        here.app.leave()
        await here.until(lambda: not page.stands)
        page.act(lambda _desk: Outcome.done("ui.copied", count=2), told.append)
        await here.until(lambda: len(told) == 2)


@pytest.mark.parametrize("missed", [NoMatches, NoScreen, ScreenStackError, UnknownModeError, MountError])
async def test_what_a_screen_misses_of_itself_while_the_end_takes_it_away_fails_nobody_who_leaves(
    built: Store, clock: ManualClock, missed: type[Exception]
) -> None:
    async with seat(built, clock, city.SEAT) as here:
        here.app.exit(0)
        here.app._handle_exception(missed())
    assert here.app.return_code == 0


async def test_a_fault_of_ours_in_the_end_is_told(built: Store, clock: ManualClock) -> None:
    async with seat(built, clock, city.SEAT) as here:
        here.app.exit(0)
        here.app._handle_exception(ZeroDivisionError())
        here.app._exception = None
    assert here.app.return_code == Exit.FAILED
    assert here.app.parting is not None
