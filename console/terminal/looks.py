"""How cells look, and the shortest way to tell a terminal so.

A look is told to the terminal by SGR (ECMA-48 5th ed., 8.3.117; 22 to 29 and 53/55 as xterm has them) and, for a
hyperlink, by OSC 8. Each look is one character, so that the looks of a line are a string as long as its letters: two
lines are compared by comparing strings, and a run of one look is found by a regular expression.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.color import Color, ColorSystem
    from rich.style import Style

BOLD, DIM, ITALIC, UNDERLINE, REVERSE, STRIKE, DOUBLE, OVERLINE = (1 << bit for bit in range(8))
ON: Final = (
    ("1", BOLD), ("2", DIM), ("3", ITALIC), ("4", UNDERLINE),
    ("7", REVERSE), ("9", STRIKE), ("21", DOUBLE), ("53", OVERLINE),
)  # fmt: skip
OFF: Final = (
    ("22", BOLD | DIM), ("23", ITALIC), ("24", UNDERLINE | DOUBLE),
    ("27", REVERSE), ("29", STRIKE), ("55", OVERLINE),
)  # fmt: skip
_BIT_OF_RICH: Final = (BOLD, DIM, ITALIC, UNDERLINE, 0, 0, REVERSE, 0, STRIKE, DOUBLE, 0, 0, OVERLINE)
"""The attributes in the order of Rich's bits. Blinking, hidden, framed and encircled ones never leave (`grammar`)."""
VISIBLE: Final = UNDERLINE | DOUBLE | REVERSE | STRIKE | OVERLINE
"""Attributes that are seen on a blank too; of all else a blank shows its background alone."""
KEPT = 4096
"""Style objects that are remembered by identity (the framework makes them anew with each theme), and turns."""
_SURROGATES = range(0xD800, 0xE000)
_STEPS: Final = (0, 95, 135, 175, 215, 255)
"""The six strengths of a primary colour in the cube of 216 (xterm's 256colres.pl, which all terminals follow)."""
_OWN: Final = 22
"""The first number that only the cube and the greys have: some set the first few of the cube to colours of theirs."""


class Look(NamedTuple):
    """What a cell looks like, colours as the terminal is told them; empty is the terminal's own."""

    attributes: int = 0
    ink: str = ""
    paper: str = ""
    link: str = ""


class Turn(NamedTuple):
    """What is written to change the pen, and the look that the pen then has."""

    sequence: str
    pen: str


class Looks:
    """All looks there have been, each as one character, at the colours that the terminal has.

    `of` is called by who composes, `turn` by who writes; they may be two threads.
    """

    def __init__(self, depth: ColorSystem | None, *, offs: bool = True) -> None:
        """For a terminal of so many colours (None: none at all); without ``offs`` an attribute only ends by a reset."""
        self._depth, self._offs = depth, offs
        self._look: dict[str, Look] = {}
        self._letter: dict[Look, str] = {}
        self._of: dict[int, tuple[Style | None, str]] = {}
        self._turns: dict[tuple[str | None, str, bool], Turn] = {}
        self._blank: dict[str, str] = {}
        self._suits: dict[tuple[str, str], bool] = {}
        self._linked = False
        self._naming = Lock()
        self.plain = self._named(Look())

    def __getitem__(self, letter: str) -> Look:
        return self._look[letter]

    def of(self, style: Style | None) -> str:
        """The look of a style."""
        known = self._of.get(id(style))
        if known is not None:
            return known[1]
        found = self._named(self._read(style)) if style is not None else self.plain
        if len(self._of) >= KEPT:
            self._of.clear()
        # The style is kept with it: as long as it lives no other one has its identity.
        self._of[id(style)] = (style, found)
        return found

    def blank(self, letter: str) -> str:
        """The look of a blank that is written with this look: its background, unless more of it is seen."""
        found = self._blank.get(letter)
        if found is None:
            look = self._look[letter]
            found = letter if look.attributes & VISIBLE else self._named(Look(0, "", look.paper, look.link))
            self._blank[letter] = found
        return found

    def seen_on_blank(self, letter: str) -> bool:
        """Whether more of a look is seen on a blank than its background: no erasing makes such a cell."""
        look = self._look[letter]
        return bool(look.attributes & VISIBLE or look.link)

    def suits(self, letter: str, blank: str) -> bool:
        """Whether a pen of a look writes a blank of another one just as well."""
        found = self._suits.get((letter, blank))
        if found is None:
            if len(self._suits) >= KEPT:
                self._suits.clear()
            plain = not (self.seen_on_blank(letter) or self.seen_on_blank(blank))
            found = self._suits[letter, blank] = plain and self._look[letter].paper == self._look[blank].paper
        return found

    def turn(self, pen: str | None, letter: str, *, blank: bool = False) -> Turn:
        """What makes the pen write this look, or a blank of it; a pen that is None may be in any state."""
        key = (pen, letter, blank)
        found = self._turns.get(key)
        if found is None:
            if len(self._turns) >= KEPT:
                self._turns.clear()
            found = self._turns[key] = self._shortest(pen, self._look[letter], blank=blank)
        return found

    # Finding the shortest way.

    def _shortest(self, pen: str | None, want: Look, *, blank: bool) -> Turn:
        codes = [code for code, bit in ON if want.attributes & bit]
        codes += [colour for colour in (want.ink, want.paper) if colour]
        afresh = f"\x1b[{';'.join(['0', *codes]) if codes else ''}m"
        if pen is None:
            # A link of ours may still be open.
            link = f"\x1b]8;;{want.link}\x1b\\" if self._linked else ""
            return Turn(afresh + link, self._named(want))
        have = self._look[pen]
        link = f"\x1b]8;;{want.link}\x1b\\" if want.link != have.link else ""
        goal = want
        if blank and not want.attributes:
            # Whatever is not seen on a blank stays as it is.
            goal = Look(have.attributes & ~VISIBLE, have.ink, want.paper, want.link)
        changes = self._changes(have, goal)
        if changes is None or len(changes) > len(afresh):
            return Turn(afresh + link, self._named(want))
        return Turn(changes + link, self._named(goal))

    def _changes(self, have: Look, want: Look) -> str | None:
        """The attributes and colours that differ, as SGR; None where only a reset does it."""
        codes = []
        kept = have.attributes
        for code, bits in OFF:
            if kept & ~want.attributes & bits:
                codes.append(code)
                kept &= ~bits
        if codes and not self._offs:
            return None
        codes += [code for code, bit in ON if want.attributes & ~kept & bit]
        for old, new, own in ((have.ink, want.ink, "39"), (have.paper, want.paper, "49")):
            if old != new:
                if not new and not self._offs:
                    return None
                codes.append(new or own)
        return f"\x1b[{';'.join(codes)}m" if codes else ""

    # Naming.

    def _named(self, look: Look) -> str:
        found = self._letter.get(look)
        return self._name(look) if found is None else found

    def _name(self, look: Look) -> str:
        with self._naming:
            # Whoever came first of the two threads has named it.
            found = self._letter.get(look)
            if found is None:
                number = len(self._look) + 1
                found = chr(number if number < _SURROGATES.start else number + len(_SURROGATES))
                self._look[found] = look
                self._letter[look] = found
                if look.link and not self._linked:
                    self._linked = True
                    self._turns.clear()
        return found

    def _read(self, style: Style) -> Look:
        bits, attributes = style._attributes & style._set_attributes, 0
        for bit, ours in enumerate(_BIT_OF_RICH):
            if bits >> bit & 1:
                attributes |= ours
        return Look(
            attributes,
            self._colour(style.color, foreground=True),
            self._colour(style.bgcolor, foreground=False),
            style.link or "",
        )

    def _colour(self, colour: Color | None, *, foreground: bool) -> str:
        if colour is None or self._depth is None or colour.is_default:
            return ""
        told = colour.downgrade(self._depth)
        if told.triplet is not None and (number := _numbers().get(told.triplet)) is not None:
            return f"{38 if foreground else 48};5;{number}"
        return ";".join(told.get_ansi_codes(foreground=foreground))


@cache
def _numbers() -> Mapping[tuple[int, ...], int]:
    """The colours that have a number of one to three digits in place of three of them: the cube and the greys."""
    colours = [*product(_STEPS, repeat=3), *((shade,) * 3 for shade in range(8, 239, 10))]
    return {colour: number for number, colour in enumerate(colours, 16) if number >= _OWN}
