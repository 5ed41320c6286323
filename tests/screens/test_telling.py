"""What is told is told to its end: what does not fit a line takes the one above for as long, and moves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.clock import ManualClock
from backend.desk.sending import HolderRow
from backend.store import Store
from backend.words import Message
from screens.acting.whom import holder
from screens.dialogs.menu import Menu
from screens.dialogs.pick import Pick
from screens.widgets.choices import Choice
from tests.screens import loop_city as city
from tests.screens.conftest import Console
from tests.screens.seated import seat
from tests.terminal.watched import watch

OFF = Message("duty.reason.off_duty")


async def test_what_is_longer_than_the_line_takes_a_second_one(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_bytes = watch(monkeypatch)
    async with console(rows=60, size=(80, 24)) as seen:
        await seen.settle()
        before = seen.lines
        for text, lines in (("short", 1), ("word " * 20 + "end", 2)):
            seen_bytes.bytes()
            seen.app.tell(Message("ui.off.opening") if lines == 1 else Message(text))
            await seen.settle()
            told = seen.lines
            assert ("end" in told[-1]) is (lines == 2)
            assert told[: 24 - lines] == before[: 24 - lines]
            assert seen_bytes.bytes() < 250 * lines
            seen_bytes.judge(seen.app)
            await seen.press("j", "k")
            assert seen.lines == before
            seen_bytes.judge(seen.app)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_is_wrong_in_a_form_is_told_to_its_end(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    city.build(store, tmp_path, clock.now())
    async with seat(store, clock, city.SEAT, size=size, language="en") as here:
        await here.press("4", "ctrl+k")
        await here.sees("Number")
        await here.type("XX-99999")
        await here.press("f2")
        await here.sees("Number: XX-99999 does not pass its check", "again.")


@pytest.mark.parametrize("kind", [Menu, Pick])
async def test_what_cannot_be_chosen_says_why(console: Console, kind: type[Menu | Pick]) -> None:
    off = HolderRow(
        "member", "m3", "王强", "139", "", on_duty=False, upward=False, open_tasks=0, reasons=(OFF,)
    )
    async with console(size=(80, 24)) as seen:
        choices = [Choice("m1", "张伟"), holder(off, "王强 网格员", seen.app.look, off=True)]
        given: list[str | None] = []
        seen.app.show(kind(Message("taskscreen.dispatch"), choices), given.append)
        await seen.settle()
        await seen.press("down", "enter")
        assert "王强 网格员不能选：不在岗" in seen.text
        await seen.press("up", "enter")
        assert given == ["m1"]
