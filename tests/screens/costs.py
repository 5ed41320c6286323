"""What a console's places cost the line and the processor: bytes and milliseconds of each way of using them.

Both the bench of every screen and the budgets that hold it walk with this. What is told beside a row once the cursor
rests is no part of a step: whoever walks puts that off (`late`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import pytest

from console import core
from screens import alarm, handover, resting, task, tasks, triage
from screens.dialogs.form import Form
from screens.dialogs.help import Help
from screens.frame import GridScreen
from screens.widgets import footer
from screens.widgets.choices import Choices
from screens.widgets.sheet import Sheet
from tests.screens.seated import Seat
from tests.terminal.watched import Watched

NEVER = 3600.0
STEPS = 60
"""Presses of a key at most: over the edge of any screen."""
AFTER = 6
"""Presses behind the one that first scrolled."""
CHOICES = 12
"""Steps in a list."""
SKIPPED = ("app.quit", "app.person")
"""Dialogs that are no part of a person's work at a place, or need a replay."""
ALWAYS = ("app.help", "app.commands", "board.faces")
"""What opens a dialog and asks for nothing."""
BY_ITSELF = (
    (resting, "PAUSE"), (tasks, "PAUSE"), (triage, "PAUSE"), (handover, "SEEN_AFTER"), (task, "CLAIM_EVERY"),
    (alarm, "RENEW"), (footer, "STAYS"), (core, "TICK"),
)  # fmt: skip
"""Seconds after which something happens that nobody asked for."""
MOST = {
    "true": {"paint": 8000, "step": 300, "scroll": 320, "letter": 60, "minute": 500, "open": 200, "key": 20},
    "lite": {"paint": 8000, "step": 60, "scroll": 150, "letter": 60, "minute": 500, "open": 200, "key": 20},
}
"""What a place may cost in either look: bytes (design.md's numbers), and milliseconds of the processor."""
INKS = {"true": 170, "lite": 75}
"""Bytes for the looks of the lines that a step writes, and for going there: where their letters alone are more than a
step may have, it may have them and this."""


@dataclass
class Told:
    """What was measured at a place."""

    name: str
    bytes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    letters: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Bytes of the letters that a step had to write: of the line it came to, and with a bar of the one before."""
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def over(self, look: str) -> Iterator[str]:
        """What costs more bytes than it may."""
        for name, most in MOST[look].items():
            if (taken := self.bytes.get(name)) is None:
                continue
            owed = self.letters.get(name, [0])
            allowed = max(most, median(owed) + INKS[look])
            if median(taken) > allowed:
                yield f"{self.name}: {name} {median(taken):.0f} B of {allowed:.0f}"


def late(patch: pytest.MonkeyPatch) -> None:
    """Nothing comes by itself while one walks: what is told beside a row, and whatever a clock on the wall brings."""
    for module, name in BY_ITSELF:
        patch.setattr(module, name, NEVER)


class _Nowhere:
    """A terminal that nobody looks at."""

    def feed(self, text: str) -> None:
        """Nothing."""

    def resize(self, columns: int, lines: int) -> None:
        """Nothing."""


def unseen(sent: Watched) -> None:
    """Count the bytes alone: to draw what they say costs more than all else."""
    setattr(sent, "terminal", _Nowhere())  # noqa: B010


class Walk:
    """One person's console, walked through place by place."""

    def __init__(self, seen: Seat, sent: Watched, look: str) -> None:
        self.seen, self.sent, self.app, self.look = seen, sent, seen.app, look
        self.told: list[Told] = []
        self.done: set[str] = set()
        """Actions whose dialogs have been looked at."""

    async def cost(self, what: Awaitable[Any]) -> tuple[int, float]:
        """Bytes and milliseconds of the processor that something takes."""
        self.sent.bytes()
        begun = time.process_time()
        await what
        taken = time.process_time() - begun
        return self.sent.bytes(), taken * 1000

    async def note(self, told: Told, name: str, what: Awaitable[Any]) -> int:
        """The same, put down."""
        size, cpu = await self.cost(what)
        told.bytes[name].append(size)
        told.cpu[name].append(cpu)
        return size

    async def home(self) -> None:
        """Leave everything that is open over the overview."""
        while len(self.app.screen_stack) > 1:
            here = self.app.screen
            self.app.leave() if isinstance(here, GridScreen) else here.dismiss(None)
            await self.seen.settle()
        self.app._go("overview")
        await self.seen.settle()

    async def _open(self, name: str, key: str | None) -> None:
        self.app._go(name) if key is None else self.app.open_page(name, key)
        await self.seen.settle()

    async def place(self, name: str, key: str | None, *, twice: bool = False) -> Told:
        """Open a screen or a page, and go about in all its parts and tabs; ``twice``: the first time is ``cold``."""
        told = Told(name)
        self.told.append(told)
        for turn in ("cold", "paint") if twice else ("paint",):
            await self.home()
            await self.note(told, turn, self._open(name, key))
        assert name == self.seen.screen.NAME, name
        assert getattr(self.app.screen, "data", True) is not None, f"{name} {key} shows nothing"
        await self._parts(told)
        await self._tabs(name)
        return told

    async def _parts(self, told: Told) -> None:
        """Every part of a screen that takes keys for moving about."""
        met: list[Any] = []
        while (here := self.app.focused) is not None and here not in met:
            met.append(here)
            part = told if here is met[0] else Told(f"{told.name} {here.id or type(here).__name__}")
            if part is not told:
                self.told.append(part)
            await self.moved(part, here)
            await self.seen.press("home")
            await self.note(part, "page", self.seen.press("pagedown"))
            await self.seen.press("home", "tab")

    async def moved(self, told: Told, here: Any) -> None:
        """Steps until it has scrolled some, or no longer moves."""
        scrolled = 0
        for _ in range(STEPS):
            top, cursor = getattr(here, "top", 0), getattr(here, "cursor", None)
            size, cpu = await self.cost(self.seen.press("down"))
            moves = getattr(here, "top", 0) != top
            if not moves and getattr(here, "cursor", None) == cursor and not size:
                break
            name = "scroll" if moves else "step"
            told.bytes[name].append(size)
            told.letters[name].append(self._letters(here, cursor))
            told.cpu["key"].append(cpu)
            scrolled += moves
            if scrolled >= AFTER:
                break

    def _letters(self, here: Any, before: int | None) -> int:
        """Bytes of the letters of the lines that a step wrote: all of the bar's two, or the one that came in."""
        if before is None:
            lines = [here.size.height - 1]
        else:
            lines = [here.cursor - here.top + 1, *([before - here.top + 1] if self.look == "true" else [])]
        return sum(len(here.render_line(line).text.replace(" ", "").encode()) for line in lines if line >= 0)

    async def _tabs(self, name: str) -> None:
        """The other tabs of a board."""
        tabs = getattr(self.app.screen, "TABS", ())
        for tab in tabs[1:]:
            told = Told(f"{name} {tab.key}")
            self.told.append(told)
            await self.note(told, "paint", self.seen.press("right"))
            if self.seen.board.count > 1:
                await self.moved(told, self.seen.board)
        if tabs:
            await self.seen.press("right")

    async def minute(self, told: Told, ticks: int = 60) -> None:
        """A minute in which nothing changes but the clock and what is told by it."""

        async def pass_by() -> None:
            for _ in range(ticks):
                self.seen.clock.move(60 // ticks)
                await self.seen.tick()

        await self.note(told, "minute", pass_by())

    async def dialogs(self, name: str) -> None:
        """What the actions of a place open, each looked at once, where it is first on."""
        place = self.seen.screen
        for what in place.actions():
            if what.id in self.done or what.id in SKIPPED or not (what.asks or what.id in ALWAYS):
                continue
            if place.why_off(what) is not None:
                continue
            told = Told(f"{name} · {what.id}")
            await self.note(told, "paint", self._perform(place, what))
            if self.app.screen is not place:
                self.done.add(what.id)
                self.told.append(told)
                await self._dialog(told)
            await self._back(place)

    async def _perform(self, place: Any, what: Any) -> None:
        place.perform(what)
        await self.seen.settle()

    async def _back(self, place: Any) -> None:
        while self.app.screen is not place:
            here = self.app.screen
            self.app.leave() if isinstance(here, GridScreen) else here.dismiss(None)
            await self.seen.settle()

    async def _dialog(self, told: Told) -> None:
        dialog = self.app.screen
        told.name += f" ({type(dialog).__name__})"
        if isinstance(dialog, Help):
            await self.moved(told, dialog.query_one(Sheet))
        elif isinstance(dialog, Form):
            await self._form(told, dialog)
        elif lists := [one for one in dialog.query(Choices) if one.display]:
            await self._chosen(told, lists[0])
            if self.app.focused is not None:
                await self.note(told, "find", self.seen.press("x"))

    async def _form(self, told: Told, form: Form) -> None:
        """Every field: steps through its choices, or letters into its line."""
        for _ in form.lines:
            line = form.here
            if line is None:
                break
            if line.one.choices:
                await self._chosen(told, line.query_one(Choices))
                await self.note(told, "find", self.seen.press("x"))
                await self.seen.press("backspace")
            else:
                await self.seen.press("end")
                for letter in ("a", "b", "工", "backspace"):
                    await self.note(told, "letter", self.seen.press(letter))
            await self.note(told, "tab", self.seen.press("tab"))

    async def _chosen(self, told: Told, listed: Choices) -> None:
        """Steps through a list; ``turn``: one that turns half of it."""
        for _ in range(CHOICES):
            top, place = listed.top, listed.place
            size, cpu = await self.cost(self.seen.press("down"))
            if listed.place == place:
                break
            told.bytes["step" if listed.top == top else "turn"].append(size)
            told.cpu["key"].append(cpu)
