"""What the console costs the line, byte for byte, and that the terminal shows what the screens mean.

The board is the tests' own over made-up rows, on the product's frame: shape and words of the level, places in Chinese,
numbers, moments and ages, a full-row bar; 120x40, truecolor, the dark theme. Bytes do not depend on the machine.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median

import pytest
from rich.color import ColorSystem

from console.terminal.abilities import Abilities
from screens.widgets.board import Board
from tests.screens.conftest import Console, Seen
from tests.terminal.watched import XTERM, Watched, watch

ROWS = 1200
MOST = {"first paint": 8000, "cursor step": 300, "scrolled line": 320, "page": 5200, "changed value": 60}
"""Bytes that each may cost; a step on which the keys in the footer change besides is counted apart."""
WITH_KEYS = 450


async def stepped(seen: Seen, sent: Watched, key: str, times: int) -> list[int]:
    """Bytes of each press that changed no key in the footer; no press costs more than one that did may."""
    found = []
    for _ in range(times):
        sent.bytes()
        keys = seen.text.splitlines()[-1]
        await seen.press(key)
        cost = sent.bytes()
        assert cost <= WITH_KEYS
        if seen.text.splitlines()[-1] == keys:
            found.append(cost)
    return found


async def test_bytes_keep_to_their_budget(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = watch(monkeypatch)
    async with console(rows=ROWS) as seen:
        assert sent.bytes() <= MOST["first paint"]
        lines = seen.app.query_one(Board).height_of_rows
        steps = await stepped(seen, sent, "down", lines - 1)
        assert median(steps) <= MOST["cursor step"], steps
        scrolled = await stepped(seen, sent, "down", 20)
        assert median(scrolled) <= MOST["scrolled line"], scrolled
        await seen.press("pagedown")
        sent.bytes()
        await seen.press("pagedown")
        assert sent.bytes() <= MOST["page"]
        sent.judge(seen.app)


async def test_a_changed_value_costs_its_cells_and_nothing_costs_nothing(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = watch(monkeypatch)
    async with console(rows=ROWS) as seen:
        await seen.tick()
        sent.bytes()
        for value in (99.5, 102.3):
            seen.desk.put(replace(seen.desk.rows[7], value=value))
            await seen.tick()
            assert f"{value}" in seen.text
            assert 0 < sent.bytes() <= MOST["changed value"]
        await seen.tick()
        assert sent.bytes() == 0
        sent.judge(seen.app)


@pytest.mark.parametrize(
    ("can", "depth", "size"),
    [
        (XTERM, ColorSystem.TRUECOLOR, (120, 40)),
        (XTERM, ColorSystem.EIGHT_BIT, (80, 24)),
        (Abilities(), ColorSystem.STANDARD, (80, 24)),
        (Abilities(lines=False, letters=False, offs=False), None, (80, 24)),
    ],
)
async def test_every_cell_is_as_the_compositor_means_it_after_every_key(
    console: Console,
    monkeypatch: pytest.MonkeyPatch,
    can: Abilities,
    depth: ColorSystem | None,
    size: tuple[int, int],
) -> None:
    sent = watch(monkeypatch, can, depth)
    async with console(rows=ROWS, size=size) as seen:
        sent.judge(seen.app)
        keys = (
            *("down",) * 5, "pagedown", "down", "pageup", "end", "up", "home", "space", "space", "question_mark",
            "escape", "d", "down", "escape", "colon", "a", "escape", "slash", "0", "7", "enter", "escape", "s", "right",
            "enter", "down", "escape", "L", "ctrl+l",
        )  # fmt: skip
        for key in keys:
            await seen.press(key)
            sent.judge(seen.app)
        await seen.pilot.resize_terminal(90, 30)
        await seen.settle()
        sent.judge(seen.app)
        await seen.pilot.resize_terminal(*size)
        await seen.settle()
        sent.judge(seen.app)
