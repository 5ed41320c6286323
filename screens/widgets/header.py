"""The line on top: the five screens, whether this is a replay, who sits here, what needs them, the clock."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from screens.actions import ACTIONS, MAIN, action, key_name
from screens.columns import Cell
from screens.facts import Facts
from screens.shell import shell
from screens.tones import shape
from screens.widgets.line import Line

_FEED_TONES = {"ok": "good", "late": "warn", "failing": "bad", "off": "dim", "unknown": "dim"}
_FEED_SHAPES = {"ok": "good", "late": "warn", "failing": "bad", "off": "missing", "unknown": "missing"}


KEYED = {
    name: one.id
    for one in ACTIONS
    if (name := one.id.rpartition(".")[2]) not in MAIN
    and (one.id.startswith("go.") or one.id in ("app.brief", "app.notices"))
}
"""Pages that have a key everywhere, each with the action that opens it."""

NAMELESS = 6
"""From here on it is not told who sits here, but where there is room beside all else."""
TIGHTEST = 7
"""How far the header can be drawn together, see `Header._tight`; the page is told by its key alone then."""


class Header(Line):
    """One line: the main screens, the page that was opened over one of them, who sits here, what waits, the clock.

    Where room is short the centre goes first, then the role, words, the other screens' titles.

    The replay mark, the clock, the feeds' state and the counts of what waits always stay.
    """

    fill = "bar"

    def __init__(self) -> None:
        super().__init__(id="header")
        self.facts = Facts()
        self.here = ""
        """The main screen that is shown, or that Esc leads back to."""
        self.page = ""
        """The page with a key of its own that is shown over it (`KEYED`)."""
        self._drawn_for: tuple[int, str] = (0, "")
        self._least = 0

    def show(self, facts: Facts, here: str, page: str = "") -> None:
        """Say something else; only what differs is sent."""
        if (facts, here, page) != (self.facts, self.here, self.page):
            self.facts, self.here, self.page = facts, here, page
            self.relook()

    def _tight(self) -> int:
        """How far to draw together: as little as fits, and never less than before at this width.

        A count that comes and goes must not make the whole line jump to and fro.
        """
        width, language = self.size.width, shell(self).look.language
        if self._drawn_for != (width, language):
            self._drawn_for, self._least = (width, language), 0
        steps = range(self._least, TIGHTEST)
        fits = (step for step in steps if _size(self._tabs(step)) + _size(self._right(step)) < width)
        self._least = next(fits, TIGHTEST)
        return self._least

    def pieces(self) -> Sequence[Cell]:
        return self._tabs(self._tight())

    def right(self) -> Sequence[Cell]:
        tight = self._tight()
        pieces, name = self._right(tight), self._sitting(tight)
        # Who sits here is told wherever there is room, also where it was drawn together for a count that has gone:
        # the name stands before all others, and nothing moves when it comes.
        room = self.size.width - _size(self._tabs(tight)) - _size(pieces)
        return [*name, *pieces] if tight >= NAMELESS and _size(name) < room else pieces

    def _tabs(self, tight: int) -> list[Cell]:
        look, facts = shell(self).look, self.facts
        counts = {"alarms": (facts.alarms, facts.critical), "tasks": (facts.tasks, 0)}
        gap = "" if tight >= 3 else " "
        pieces: list[Cell] = []
        for name in MAIN:
            screen = action(f"go.{name}")
            here, under = name == self.here and not self.page, name == self.here and self.page
            title = screen.title(look.language) if here or tight < 5 else ""
            key = key_name(screen.keys[0], look.language)
            count, critical = counts.get(name, (0, 0))
            text = f" {key}{gap if title else ''}{title}"
            tone = "here" if here else "strong" if under else ""
            pieces.append(Cell(text if count and tight >= 3 else f"{text} ", tone))
            if count:
                pieces.append(Cell(f" {count} ", "critical" if critical else "here" if here else "new"))
        return [*pieces, *self._paged(tight)]

    def _paged(self, tight: int) -> list[Cell]:
        """The page that is shown over a main screen: none of their titles is where one is."""
        if not self.page:
            return []
        opens, language = action(KEYED[self.page]), shell(self).look.language
        title = f" {opens.title(language)}" if tight < TIGHTEST else ""
        return [Cell(" "), Cell(f" {key_name(opens.keys[0], language)}{title} ", "here")]

    def _right(self, tight: int) -> list[Cell]:
        look, facts = shell(self).look, self.facts
        pieces: list[Cell] = []
        if tight < 1 and facts.centre:
            pieces.append(Cell(f"{facts.centre}  ", "dim"))
        if tight < NAMELESS:
            pieces += self._sitting(tight)
        if facts.flood:
            pieces += [Cell(f" {look.word('ui.header.flood')} ", "critical"), Cell(" ")]
        if facts.missing:
            code = "dutyscreen.missing" if tight < 3 else "dutyscreen.missing.short"
            pieces += [Cell(f" {look.word(code, count=facts.missing)} ", "critical"), Cell(" ")]
        if facts.notices:
            code = "ui.header.notices" if tight < 3 else "ui.header.notices.short"
            pieces.append(Cell(look.word(code, count=facts.notices) + "  ", "new"))
        pieces.append(self._feeds(tight))
        if facts.replay:
            pieces.append(Cell(f" {self._replay(tight)} ", "replay"))
        return [*pieces, Cell(f" {look.clock(look.now)} ", "strong")]

    def _sitting(self, tight: int) -> list[Cell]:
        look, facts = shell(self).look, self.facts
        role = f" {look.word(f'ui.role.{facts.role}')}" if tight < 2 and facts.role else ""
        return [Cell(f"{facts.person}{role}  ")] if facts.person else []

    def _replay(self, tight: int) -> str:
        look, slowed = shell(self).look, self.facts.slowed
        if slowed is not None:
            return look.word("ui.header.slowed" if tight < 2 else "ui.header.slowed.short", times=slowed[0])
        return look.word("ui.header.replay" if tight < 4 else "ui.header.replay.short")

    def _feeds(self, tight: int) -> Cell:
        look, facts = shell(self).look, self.facts
        code = f"ui.header.feeds.{facts.feeds}" + ("" if tight < 3 else ".short")
        mark = shape(_FEED_SHAPES.get(facts.feeds, "missing"), look.ascii)
        return Cell(f"{mark} {look.word(code, count=facts.feeds_bad)}  ", _FEED_TONES.get(facts.feeds, "dim"))


def _size(pieces: Sequence[Cell]) -> int:
    return sum(cell_len(piece.text) for piece in pieces)


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
        key = key_name(action("go.orders").keys[0], look.language)
        return (
            Cell(f" {mark} {key} {look.word('ui.header.order')}  ", "strong"),
            Cell(self.orders[0] + more),
        )
