"""The byte budgets of every page that is no main board, and of lists, forms and the help, each in one look at one size.

Every second page in truecolor at 120x40, the others in lite mode at 80x24, on the city of the walks that look for what
leaves (`tests.egress.city`): each page has something to show. Only bytes are counted, so the machine does not matter.
The main boards are in `test_budgets_boards`; what opens everything on a full city is `tests.bench.every_screen`.
"""

from __future__ import annotations

import pytest
from rich.color import ColorSystem

from backend.clock import ManualClock
from backend.store import Store
from screens.registry import PAGES
from tests.conftest import START
from tests.egress import city
from tests.screens.costs import Walk, late, unseen
from tests.screens.seated import seat
from tests.screens.test_budgets import truecolor
from tests.terminal.watched import XTERM, watch

ELSEWHERE = frozenset({"triage", "hotspots", "hotgrid"})
"""Held to their own budgets, with what they tell of the row or the square under the cursor."""
__all__ = ["truecolor"]


@pytest.mark.usefixtures("truecolor")
@pytest.mark.parametrize("lite", [False, True])
async def test_every_page_keeps_to_its_bytes(
    store: Store, monkeypatch: pytest.MonkeyPatch, lite: bool
) -> None:
    clock = ManualClock(START)
    city.build(store, clock)
    late(monkeypatch)
    pages = [one for one in city.pages(store) if one[0] not in ELSEWHERE]
    assert {name for name, _ in pages} == PAGES.keys() - ELSEWHERE
    sent = watch(monkeypatch, XTERM, ColorSystem.STANDARD if lite else ColorSystem.TRUECOLOR)
    unseen(sent)
    async with seat(store, clock, city.SUPERVISOR, size=(80, 24) if lite else (120, 40), lite=lite) as seen:
        walk = Walk(seen, sent, "lite" if lite else "true")
        for name, key in pages[lite::2]:
            told = await walk.place(name, key)
            # Nothing happens, and the minute is the same: the next look at the store sends nothing.
            sent.bytes()
            await seen.tick()
            assert sent.bytes() == 0, name
            await walk.minute(told, ticks=1)
            if lite:
                await walk.dialogs(name)
    assert [fault for told in walk.told for fault in told.over(walk.look)] == []
    if not lite:
        return
    kinds = {told.name.rpartition("(")[2][:-1] for told in walk.told if told.name.endswith(")")}
    assert kinds >= {"Form", "Help", "Commands", "Pick"}, kinds
