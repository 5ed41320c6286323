"""Texts on boards, pages and dialogs: drawn as they are, one row each, and a click does nothing (T6, T7, T8)."""

from __future__ import annotations

import random
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from sqlalchemy import func, select
from textual import events

from backend.access.tables import AuditRow
from backend.alarms.tables import AlarmAct
from backend.clock import ManualClock
from backend.store import Store, table
from backend.tasks.tables import Act, Task
from backend.text import clean
from console.app import GridseatApp
from screens.frame import GridScreen
from screens.widgets.cells import fit
from tests.egress import city
from tests.egress.corpus import MORE, PROBES, SEED, corpus
from tests.egress.tour import Walked, walk
from tests.screens.conftest import Console, _no_guessed_pauses, _no_time_passes, console
from tests.screens.harness import FakeDesk, Item, fake_desk
from tests.screens.seated import Seat, seat

__all__ = ["_no_guessed_pauses", "_no_time_passes", "console"]
ALPHABET = "[]/\\@= "
COUNT = 10_000
WIDE = 200
"""Cells of a board on which a whole text has room."""
ROOT = Path(__file__).parents[2]
CLICKS = (
    "[@click=app.app_quit]见详情[/]", "[@click=screen.leave]返回[/]", "[@click='app.do_app_language']x[/]",
    MORE["click"], MORE["click 2"], "[link=http://evil.test]链接[/link]", "[@click=app.copy('x')]y",
)  # fmt: skip


def markup(count: int, seed: int = SEED) -> list[str]:
    """Texts of the characters that mean something to the framework's markup, with words between."""
    pick = random.Random(seed)
    words = [*ALPHABET, *ALPHABET, "b", "red", "click", "link", "app.app_quit", "'1'", "达标", "$error", "0"]
    return ["".join(pick.choice(words) for _ in range(pick.randint(1, 14))) for _ in range(count)]


def of(texts: list[str]) -> FakeDesk:
    """A desk whose rows are called so, each with a number of its own beside it."""
    desk = fake_desk(len(texts))
    desk.rows = [Item(number, text, f"K{number:05d}", "low", None, 0) for number, text in enumerate(texts)]
    return desk


async def rows_of(seen: Any, count: int) -> list[str]:
    """Every row of the board as it is drawn, page by page."""
    rows: dict[int, str] = {}
    for _ in range(count):
        for line in seen.lines:
            for found in re.finditer(r"K(\d{5})", line):
                rows.setdefault(int(found[1]), line)
        if len(rows) == count:
            break
        await seen.press("pagedown")
    return [rows[number] for number in range(count)]


@pytest.mark.slow
async def test_ten_thousand_texts_of_markup_stand_there_as_they_are(console: Console) -> None:
    texts = [text.strip() or "=" for text in markup(COUNT)]
    async with console(desk=of(texts), size=(WIDE, 200)) as seen:
        rows = await rows_of(seen, COUNT)
    wrong = [(text, row) for text, row in zip(texts, rows, strict=True) if text not in row]
    assert wrong == []


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=f"{ALPHABET}abc中", max_size=40))
def test_a_cell_holds_any_text_of_markup_as_it_is(text: str) -> None:
    assert fit(text, 80).rstrip(" ") == text.rstrip(" ")


def test_no_screen_draws_by_the_frameworks_markup() -> None:
    """No widget of the framework that reads markup, and nothing that turns a text into one."""
    for package in ("screens", "console"):
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text("utf-8")
            assert not re.search(
                r"markup=True|from_markup|textual\.markup|rich\.markup|Content\(|@click", source
            ), path
            assert not re.search(r"^from textual\.widgets import (?!Input\b)", source, re.MULTILINE), path


async def test_each_record_has_exactly_its_row(console: Console) -> None:
    """Whatever a name holds, the next record stands on the next line, and every line is as wide as the screen."""
    pick = random.Random(5)
    texts = [f"{pick.choice(list(PROBES.values()))}{text}" for text in [*MORE.values(), *corpus(400)]]
    for raw in (texts, [str(clean(text)) for text in texts]):
        async with console(desk=of(raw), size=(120, 40)) as seen:
            await seen.press("end") if pick.random() < 0.5 else None
            for _ in range(12):
                numbers = [re.findall(r"K(\d{5})", line) for line in seen.lines]
                shown = [one for one in numbers if one]
                assert all(len(one) == 1 for one in shown)
                places = [int(one[0]) for one in shown]
                assert places == list(range(places[0], places[0] + len(places)))
                first = next(place for place, one in enumerate(numbers) if one)
                assert [bool(one) for one in numbers[first : first + len(places)]] == [True] * len(places)
                strips = seen.app.screen._compositor.render_strips()
                assert {cell_len(strip.text) for strip in strips} == {120}
                await seen.press("pageup" if places[0] else "pagedown")


def done(store: Store) -> list[int]:
    """How much has been done at the desk."""
    with store.read() as connection:
        return [
            int(connection.execute(select(func.count()).select_from(table(one))).scalar_one())
            for one in (Act, Task, AlarmAct, AuditRow)
        ]


def under(app: GridseatApp) -> list[str]:
    """What a click on any cell of the screen would run by the framework's own hand."""
    found = []
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        for text, style, _ in strip:
            if style is not None and any(key.startswith("@") for key in style.meta):
                found.append(f"{y}: {text!a} {style.meta}")
            if style is not None and style.link:
                found.append(f"{y}: {text!a} {style.link}")
    return found


async def click(seen: Seat, x: int, y: int) -> None:
    """Press and release a mouse's button there, as the driver tells it."""
    for kind in (events.MouseDown, events.MouseUp):
        seen.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y, None))


@pytest.mark.slow
@pytest.mark.parametrize("share", [1, 2, 3])
async def test_nothing_happens_by_itself_where_somebody_clicks(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    city.build(store, clock)
    city.poison(store, [*CLICKS, *(f"{text}{CLICKS[number % 7]}" for number, text in enumerate(corpus(60)))])
    before, run = done(store), []
    plainly = GridseatApp.run_action

    async def told(self: GridseatApp, action: Any, *words: Any, **more: Any) -> bool:
        run.append(str(action))
        return await plainly(self, action, *words, **more)

    async with seat(store, clock, city.SEAT, size=(100, 30)) as seen:
        monkeypatch.setattr(GridseatApp, "run_action", told)
        async for _ in walk(seen.app, city.pages(store), Walked(), acting=False, share=(share, 3)):
            assert under(seen.app) == []
            here = seen.app.screen
            # Header and footer are the product's own: what stands there is meant to be clicked.
            for y in range(2, 28):
                for x in range(y % 4, 100, 4):
                    if seen.app.screen is here:
                        await click(seen, x, y)
                await seen.settle()
                while seen.app.screen is not here:
                    assert isinstance(seen.app.screen, GridScreen), seen.app.screen
                    seen.app.leave()
                    await seen.settle()
            assert seen.app.is_running
    assert run == []
    assert done(store)[:3] == before[:3]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("person", "language", "share"), [("seat", "en", 2), ("supervisor", "zh", 3), ("administrator", "en", 1)]
)
async def test_no_text_crashes_a_screen_or_a_dialog(
    store: Store, clock: ManualClock, person: str, language: Any, share: int
) -> None:
    """Every screen, page and dialog, without a terminal: other texts in other fields for each person.

    Each place is opened by somebody else, and with what made texts safe, than in `tests.egress.test_tour`.
    """
    city.build(store, clock)
    city.poison(store, [*markup(300, share), *corpus(900, SEED + 50 + share)])
    walked = Walked()
    async with seat(store, clock, city.PEOPLE[person], language=language) as seen:
        async for stop in walk(seen.app, city.pages(store), walked, share=(share, 3)):
            strips = seen.app.screen._compositor.render_strips()
            assert {strip.cell_length for strip in strips} == {120}, stop
            text = "".join(strip.text for strip in strips)
            assert not [
                letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
            ], stop
    assert walked.dialogs
    assert walked.empty == set()
