"""What a console that runs without a terminal would have sent to one, and what that one would then show."""

from __future__ import annotations

from typing import Any

import pytest
from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Size

from console.core import Core
from console.terminal.abilities import Abilities
from console.terminal.cells import Composed, Letters
from console.terminal.encode import Encoder
from console.terminal.looks import Looks
from tests.terminal.emulator import Emulator
from tests.terminal.frames import fault_of, naive

XTERM = Abilities(bce=True, ech=True, absolute=True, tabs=True)
"""What ``TERM=xterm-256color`` can, in terminfo's words."""


class Watched:
    """The encoder and an emulator behind it, instead of a driver that draws nowhere."""

    def __init__(self, can: Abilities, depth: ColorSystem | None) -> None:
        self.depth = depth
        looks, letters = Looks(depth, offs=can.offs), Letters()
        self.composed, self.encoder = Composed(looks, letters), Encoder(can, looks, letters)
        self.terminal = Emulator(1, 1, bce=can.bce)
        self.size = Size(0, 0)
        self.sent: list[str] = []
        """Every frame that was sent."""

    def take(self, update: Any, size: Size, cursor: tuple[int, int] | None) -> None:
        """Show an update."""
        if size != self.size:
            self.size = size
            self.terminal.resize(size.width, size.height)
        self.composed.take(update, (size.width, size.height), cursor)
        text, _whole = self.encoder.frame(self.composed.frame)
        if text:
            self.sent.append(text)
            self.terminal.feed(text)

    def bytes(self) -> int:
        """Bytes sent since this was asked last."""
        sent, self.sent = "".join(self.sent), []
        return len(sent.encode())

    def judge(self, app: Any) -> None:
        """Hold every cell to what the compositor says when it is asked for all of the screen.

        Raises:
            AssertionError: a cell is not as it is meant.
        """
        update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
        assert isinstance(update, LayoutUpdate)
        for y, strips in enumerate(update.strips):
            line = naive([segment for strip in strips for segment in strip])
            for x, meant in enumerate(line[: self.size.width]):
                cell = self.terminal.screen.cell(y, x)
                fault = fault_of(cell, meant, line[x - 1][0] if x else "", self.depth)
                assert not fault, f"{fault} at {x},{y}: {cell} for {meant}"


def watch(
    monkeypatch: pytest.MonkeyPatch,
    can: Abilities = XTERM,
    depth: ColorSystem | None = ColorSystem.TRUECOLOR,
) -> Watched:
    """Watch the consoles that are opened from now on; one at a time."""
    seen = Watched(can, depth)
    before = Core._display

    def display(app: Core, screen: Any, renderable: Any) -> None:
        if app._running and not app._batch_count and isinstance(renderable, LayoutUpdate | ChopsUpdate):
            place = screen.outer_size.clamp_offset(app.cursor_position)
            seen.take(renderable, app.size, (place.x, place.y) if place else None)
        before(app, screen, renderable)

    monkeypatch.setattr(Core, "_display", display)
    return seen
