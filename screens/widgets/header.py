"""The line on top: the five screens, whether this is a replay, who sits here, what needs them, the clock."""

from __future__ import annotations

from collections.abc import Sequence

from screens.actions import MAIN, action, key_name
from screens.columns import Cell
from screens.facts import Facts
from screens.shell import shell
from screens.tones import shape
from screens.widgets.line import Line

_FEED_TONES = {"ok": "good", "late": "warn", "failing": "bad", "off": "dim", "unknown": "dim"}
_FEED_SHAPES = {"ok": "good", "late": "warn", "failing": "bad", "off": "missing", "unknown": "missing"}


class Header(Line):
    """One line; where room is short the city, the centre and the role go first, the replay mark never."""

    fill = "bar"

    def __init__(self) -> None:
        super().__init__(id="header")
        self.facts = Facts()
        self.here = ""
        """The main screen that is shown."""

    def show(self, facts: Facts, here: str) -> None:
        """Say something else; only what differs is sent."""
        if (facts, here) != (self.facts, self.here):
            self.facts, self.here = facts, here
            self.relook()

    def pieces(self) -> Sequence[Cell]:
        look, facts = shell(self).look, self.facts
        pieces: list[Cell] = []
        narrow = self.size.width < 100
        counts = {"alarms": (facts.alarms, facts.critical), "tasks": (facts.tasks, 0)}
        for name in MAIN:
            screen = action(f"go.{name}")
            title = screen.title(look.language)
            title = f" {key_name(screen.keys[0], look.language)}{'' if narrow else ' '}{title}"
            count, critical = counts.get(name, (0, 0))
            here = name == self.here
            pieces.append(Cell(title if count else title + " ", "here" if here else ""))
            if count:
                tone = "here" if here else "critical" if critical else "new"
                pieces.append(Cell(f" {count} " if not narrow else f"{count} ", tone))
        return pieces

    def right(self) -> Sequence[Cell]:
        around, facts = shell(self), self.facts
        look, wide = around.look, self.size.width >= 100
        pieces: list[Cell] = []
        if wide and facts.centre:
            pieces.append(Cell(f"{facts.centre}  ", "dim"))
        if facts.person:
            role = f" {look.word(f'ui.role.{facts.role}')}" if wide and facts.role else ""
            pieces.append(Cell(f"{facts.person}{role}  "))
        if facts.flood:
            pieces.append(Cell(f" {look.word('ui.header.flood')} ", "critical"))
            pieces.append(Cell("  "))
        if facts.notices:
            pieces.append(Cell(look.word("ui.header.notices", count=facts.notices) + "  ", "new"))
        pieces.append(
            Cell(
                shape(_FEED_SHAPES.get(facts.feeds, "missing"), look.ascii)
                + look.word(f"ui.header.feeds.{facts.feeds}", count=facts.feeds_bad)
                + "  ",
                _FEED_TONES.get(facts.feeds, "dim"),
            )
        )
        if facts.replay:
            pieces.append(Cell(f" {look.word('ui.header.replay')} ", "replay"))
        pieces.append(Cell(f" {look.clock(look.now)} ", "strong"))
        return pieces


class Strip(Line):
    """Orders in force 管控令: one line while there are any, none otherwise."""

    fill = "order"

    def __init__(self) -> None:
        super().__init__(id="orders")
        self.orders: Sequence[str] = ()
        self.display = False

    def show(self, orders: Sequence[str]) -> None:
        """Say which orders hold."""
        if tuple(orders) != tuple(self.orders):
            self.orders = tuple(orders)
            self.display = bool(orders)
            self.relook()

    def pieces(self) -> Sequence[Cell]:
        look = shell(self).look
        if not self.orders:
            return ()
        more = f"  +{len(self.orders) - 1}" if len(self.orders) > 1 else ""
        mark = shape("high", look.ascii)
        return (Cell(f" {mark} {look.word('ui.header.order')}  ", "strong"), Cell(self.orders[0] + more))
