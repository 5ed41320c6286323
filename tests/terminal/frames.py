"""Random sequences of frames through the encoder into an emulator, held to what the compositor meant.

The picture that is meant is kept a second time here, cell by cell and as naively as can be, from the same updates and
with Rich's own words for a style; nothing of the encoder's is asked for it. After a sequence every cell has to hold the
letter and each attribute that was meant. A blank is compared by what is seen of it: its background, and the attributes
that show on a blank.

``tests.bench.frames`` runs a million of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip
from wcwidth import wcwidth

from console.terminal.abilities import Abilities
from console.terminal.cells import Composed, Frame, Letters, Row
from console.terminal.encode import Encoder
from console.terminal.looks import Looks
from console.terminal.scroll import find_slide
from tests.terminal.emulator import Cell, Emulator

WORDS = (
    "a", "b ", "  ", "    ", "        ", "--------", "==", "值", "班", "菏泽", "12.5", "▸", "─", "──────", "°", "é",
    "e\u0301", "\u0301", "한", "ｱ", "🚚", "❤\ufe0f", "👨\u200d👩\u200d👧", "🇨🇳", "ภู", "x̂̃",
    "│", "█", "…", "·", "\U000f0001", "ﾊﾟ", "０",
)  # fmt: skip
"""Texts: blanks and repeats, wide letters, marks, emoji of all kinds, what is ambiguous, what is private."""
AMBIGUOUS = "─│█…·°é"
FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
STYLES = tuple(
    Style.parse(text)
    for text in (
        "white on black", "bold red on blue", "underline", "reverse", "italic green on #102030", "dim",
        "#a0b0c0 on #102030", "strike", "underline2 bold", "overline on red", "bold dim", "color(77) on color(234)",
        "link https://a.example/x red", "bright_black", "on #102030", "default on default",
        "reverse bold on blue", "none", "#d7af5f on #1c1c1c", "#00005f on #5fd787",
    )
)  # fmt: skip
DEPTHS = (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD, None)
Meant = tuple[str, Style | None]
"""A cell: what stands in it (empty in the second cell of a wide letter) and its style."""


def naive(segments: Sequence[Segment]) -> list[Meant]:
    """The cells of segments, one after the other."""
    cells: list[Meant] = []
    for text, style, _ in segments:
        first = len(cells)
        for begin, end, size in split_graphemes(text)[0]:
            if (
                size == 1
                and len(text[begin:end]) == 1
                and text[begin] in FLAGS
                and cells[first:]
                and cells[-1][0] in FLAGS
            ):
                # The two halves of a flag are one.
                cells[-1:] = [(cells[-1][0] + text[begin], style), ("", style)]
            elif size:
                cells.append((text[begin:end], style))
                cells += [("", style)] * (size - 1)
            elif cells:
                place = len(cells) - 1 - (cells[-1][0] == "")
                cells[place] = (cells[place][0] + text[begin:end], cells[place][1])
    return cells


@dataclass
class Picture:
    """What is meant."""

    width: int
    height: int
    cells: list[list[Meant]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = [[(" ", None)] * self.width for _ in range(self.height)]

    def put(self, y: int, x: int, new: list[Meant]) -> None:
        """Lay cells over a line; a wide letter of which one half is covered is a blank."""
        line, end = self.cells[y], x + len(new)
        if x and line[x][0] == "":
            line[x - 1] = (" ", line[x - 1][1])
        if end < self.width and line[end][0] == "":
            line[end] = (" ", line[end][1])
        line[x:end] = new


def looks(cell: Cell) -> tuple[Any, ...]:
    """All of a cell but its letter."""
    return cell[1:]


def wanted(style: Style | None, depth: ColorSystem | None, *, blank: bool) -> Cell:
    """The cell that a style makes, without its letter."""
    if style is None:
        return Cell("")

    def colour(of: Any, *, ink: bool) -> str:
        if of is None or depth is None or of.is_default:
            return ""
        return ";".join(of.downgrade(depth).get_ansi_codes(foreground=ink))

    cell = Cell(
        "",
        colour(style.color, ink=True),
        colour(style.bgcolor, ink=False),
        bool(style.bold),
        bool(style.italic),
        bool(style.underline),
        bool(style.strike),
        bool(style.reverse),
        False,
        bool(style.dim),
        bool(style.underline2),
        bool(style.overline),
        style.link or "",
    )
    return seen(cell) if blank else cell


def spelled(cell: Cell) -> Cell:
    """A cell with its colours as red, green and blue, where a number of the cube or of the greys told them."""
    return cell._replace(fg=_spelled(cell.fg), bg=_spelled(cell.bg))


@cache
def _spelled(colour: str) -> str:
    kind, _, number = colour.partition(";5;")
    if kind not in ("38", "48") or not number or int(number) < 16:
        return colour
    if int(number) >= 232:
        shades: tuple[int, ...] = (8 + 10 * (int(number) - 232),) * 3
    else:
        left, blue = divmod(int(number) - 16, 6)
        # xterm's 256colres: no light at all, then 95 and on in steps of 40.
        shades = tuple(part and 55 + 40 * part for part in (*divmod(left, 6), blue))
    return f"{kind};2;{';'.join(map(str, shades))}"


def seen(cell: Cell) -> Cell:
    """What is seen of a blank: all of it where an attribute shows, else the background alone."""
    if cell.underscore or cell.double or cell.reverse or cell.strikethrough or cell.overline:
        return cell
    return Cell(cell.data, bg=cell.bg, link=cell.link)


def fault_of(cell: Cell, meant: Meant, before: str, depth: ColorSystem | None) -> str:
    """What is wrong with a cell; empty where nothing is. ``before`` is what stands in the cell before it."""
    cluster, style = meant
    blank = cluster == " "
    want = wanted(style, depth, blank=blank)
    if depth is ColorSystem.TRUECOLOR:
        # A colour that has a number is told by it: that is shorter.
        cell, want = spelled(cell), spelled(want)
    if cluster == "":
        # The rest of what this terminal takes one cell for is a blank of its background.
        narrow = cell.data == " " and len(before) > 1
        return (
            ""
            if (narrow and cell.bg == want.bg) or (cell.data == "" and looks(cell) == looks(want))
            else "rest"
        )
    if cell.data != alone(cluster):
        return "letter"
    if looks(seen(cell) if blank else cell) != looks(want):
        return "look"
    return ""


class Eager(Encoder):
    """An encoder that now and then goes a way that is not the shortest: on small screens some would never be."""

    random = Random(0)

    def _stop(self, meant: Frame, todo: dict[int, Row]) -> None:
        """Set tab stops anywhere."""
        if self.random.random() < 0.5:
            super()._stop(meant, todo)
            return
        self._set(
            tuple(sorted(self.random.sample(range(self.width), self.random.randint(0, self.width // 2))))
        )

    def line(self, y: int, old: Row, new: Row, differ: Sequence[int]) -> None:
        """Write a line by any of the ways."""
        way = self.random.random()
        if way < 0.3 and self.can.letters:
            if slide := find_slide(old, new, differ[0], self.can.ambiguous, self.alike):
                self._slid(y, old, new, slide)
                return
        elif way < 0.5 and (clearing := self._clearing(y, old, new, differ, self.random.choice(differ))):
            self._cleared(y, old, new, clearing)
            return
        super().line(y, old, new, differ)


@dataclass
class Trial:
    """One sequence: made from its number alone."""

    number: int
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        r = self.random = Random(self.number)
        self.width, self.height = r.randint(4, 11), r.randint(2, 6)
        self.depth = r.choice(DEPTHS)
        self.can = Abilities(
            bce=r.random() < 0.7,
            ech=r.random() < 0.7,
            lines=r.random() < 0.7,
            letters=r.random() < 0.7,
            region=r.random() < 0.7,
            absolute=r.random() < 0.7,
            repeat=r.random() < 0.5,
            offs=r.random() < 0.8,
            corner=r.random() < 0.9,
            links=True,
            tabs=r.random() < 0.7,
            ambiguous=r.random() < 0.5,
        )
        # A terminal in which the ambiguous letters are wide, where nobody has said that they are not.
        self.wide = AMBIGUOUS if not self.can.ambiguous and r.random() < 0.2 else ""
        self.terminal = Emulator(self.width, self.height, bce=self.can.bce, wide=self.wide)
        known, letters = Looks(self.depth, offs=self.can.offs), Letters()
        self.composed, self.encoder = Composed(known, letters), Eager(self.can, known, letters)
        self.encoder.random = r
        # On so small a screen the ways of long lines would never be gone.
        self.encoder.many, self.encoder.alike = r.choice((1, 4, 24)), r.choice((1, 3, 12))
        self.picture = Picture(self.width, self.height)
        self.words = r.sample(WORDS, r.randint(3, 8))
        self.styles = r.sample(STYLES, r.randint(1, 4))
        self.lines = [self.line() for _ in range(self.height)]
        self.cursor: tuple[int, int] | None = None

    # What the compositor says.

    def line(self) -> Strip:
        """A line of random pieces."""
        r, segments, left = self.random, [], self.width
        while left > 0 and r.random() < 0.9:
            text = "".join(r.choice(self.words) for _ in range(r.randint(1, 3)))
            segments.append(Segment(text, r.choice(self.styles)))
            left -= len(text)
        return Strip(segments).adjust_cell_length(self.width, self.styles[0])

    def edited(self, line: Strip) -> Strip:
        """The line with a piece more, or one less."""
        segments, r = list(line), self.random
        place = r.randrange(len(segments) + 1)
        if r.random() < 0.5:
            segments.insert(place, Segment(r.choice(self.words), r.choice(self.styles)))
        else:
            del segments[place : place + 1]
        return Strip(segments).adjust_cell_length(self.width, self.styles[0])

    def update(self) -> LayoutUpdate | ChopsUpdate:
        """The next update, and the picture after it."""
        r, roll = self.random, self.random.random()
        if roll < 0.35:
            by = r.choice((-2, -1, -1, 1, 1, 1, 2))
            fresh = [self.line() for _ in range(abs(by))]
            top = r.choice((0, 0, min(1, self.height - 1)))
            moving = self.lines[top:]
            kept = moving[by:] + fresh if by > 0 else fresh + moving[:by]
            self.lines[top:] = kept[: len(moving)]
        elif roll < 0.75:
            return self.parts()
        else:
            for y in r.sample(range(self.height), r.randint(1, self.height)):
                self.lines[y] = self.line() if r.random() < 0.5 else self.edited(self.lines[y])
        for y, strip in enumerate(self.lines):
            self.picture.put(y, 0, self.cut(strip, self.width))
        return LayoutUpdate([[strip] for strip in self.lines], Region(0, 0, self.width, self.height))

    def parts(self) -> ChopsUpdate:
        """Pieces of some lines."""
        r = self.random
        chops: list[dict[int, Strip | None]] = []
        ends: list[list[int]] = []
        spans = []
        for y in range(self.height):
            cuts = [0, *sorted(r.sample(range(1, self.width), r.randint(0, 2))), self.width]
            line: Strip = self.line() if r.random() < 0.5 else self.lines[y]
            pieces = line.divide(cuts[1:])
            chops.append(
                {cut: piece if r.random() < 0.8 else None for cut, piece in zip(cuts, pieces, strict=False)}
            )
            ends.append(cuts[1:])
            if r.random() < 0.5:
                first = r.randrange(self.width)
                # As often as not up to where a piece begins that has nothing to do with it.
                last = r.choice([cut for cut in cuts if cut > first])
                spans.append((y, first, last if r.random() < 0.5 else r.randint(first + 1, self.width)))
                for end, (x, strip) in zip(ends[y], chops[y].items(), strict=True):
                    if strip is not None and x < spans[-1][2] and end > first:
                        self.picture.put(y, x, self.cut(strip, end - x))
        return ChopsUpdate(chops, spans or [(0, self.width, self.width)], ends)

    def cut(self, strip: Strip, cells: int) -> list[Meant]:
        """The cells of a strip, as many as its place has."""
        found = naive(list(strip))
        if len(found) > cells:
            halved = found[cells][0] == ""
            found = found[:cells]
            if halved:
                found[-1] = (" ", found[-1][1])
        return found + [(" ", None)] * (cells - len(found))

    # What the terminal is sent.

    def step(self) -> None:
        """One thing happens."""
        r, roll = self.random, self.random.random()
        if roll < 0.06:
            self.resize()
        elif roll < 0.12:
            self.terminal.feed(
                f"\x1b[{r.randint(1, 5)};{r.randint(1, 5)}H\x1b[{r.choice((0, 1, 31, 44))}mfoo值\x1b[r\x1b[3g"
            )
            self.encoder.forget()
        if r.random() < 0.2:
            self.cursor = (r.randrange(self.width), r.randrange(self.height))
        size = (self.width, self.height)
        self.composed.take(self.update(), size, self.cursor, sync=r.random() < 0.3)
        if r.random() < 0.75:
            # Else the terminal is not ready, and this frame is never seen.
            self.send(r.choice((0, 0, 0, 20)))

    def send(self, most: int = 0) -> bool:
        """Send the newest frame, or a piece of it."""
        text, whole = self.encoder.frame(self.composed.frame, most)
        self.log.append(text)
        self.terminal.feed(text)
        return whole

    def resize(self) -> None:
        """Another size; the compositor then tells the whole of it."""
        r = self.random
        # The compositor may still tell parts of the layout that was, before it tells the whole of the new one.
        late = self.parts() if r.random() < 0.5 else None
        self.width, self.height = r.randint(4, 11), r.randint(2, 6)
        self.terminal.resize(self.width, self.height)
        if late is not None:
            self.composed.take(late, (self.width, self.height))
            if r.random() < 0.5:
                self.send(r.choice((0, 20)))
        self.picture = Picture(self.width, self.height)
        self.cursor = None
        self.lines = [self.line() for _ in range(self.height)]
        for y, strip in enumerate(self.lines):
            self.picture.put(y, 0, self.cut(strip, self.width))
        whole = LayoutUpdate([[strip] for strip in self.lines], Region(0, 0, self.width, self.height))
        self.composed.take(whole, (self.width, self.height))

    def run(self, steps: int = 4) -> None:
        """The whole sequence, and the judgment.

        Raises:
            AssertionError: a cell is not as it was meant.
        """
        first = LayoutUpdate([[strip] for strip in self.lines], Region(0, 0, self.width, self.height))
        for y, strip in enumerate(self.lines):
            self.picture.put(y, 0, self.cut(strip, self.width))
        self.composed.take(first, (self.width, self.height))
        for _ in range(steps):
            self.step()
        while not self.send():
            pass
        self.judge()
        assert self.encoder.frame(self.composed.frame) == ("", True), "what stands there is sent again"

    def judge(self) -> None:
        """Compare all cells, and the cursor."""
        screen = self.terminal.screen
        for y, line in enumerate(self.picture.cells):
            for x, (cluster, style) in enumerate(line):
                if self.spoiled(line, x) or (
                    not self.can.corner and (x, y) == (self.width - 1, self.height - 1)
                ):
                    continue
                if not self.can.corner and (x, y) == (self.width - 2, self.height - 1) and line[-1][0] == "":
                    # A wide letter would reach into the last corner: it is left out.
                    cluster = " "
                cell = screen.cell(y, x)
                fault = fault_of(cell, (cluster, style), line[x - 1][0] if x else "", self.depth)
                assert not fault, (
                    f"{self.number}: {fault} at {x},{y}: {cell} for {cluster!r} {style}: {self.log[-2:]!r}"
                )
        if self.cursor is not None:
            assert (screen.cursor.x, screen.cursor.y) == self.cursor, f"{self.number}: the cursor"

    def spoiled(self, line: Sequence[Meant], x: int) -> bool:
        """Whether the cell, or the one before it, holds a letter that this terminal draws wider than it is meant.

        What is ambiguous, and half a flag that was cut.
        """

        def wider(cells: Sequence[Meant]) -> bool:
            return any(
                (one[:1] in FLAGS and one[1:2] not in FLAGS) or letter in self.wide
                for one, _ in cells
                for letter in one
            )

        # At the end of the line there is no room for it but to the left.
        return wider(line[max(0, x - 1) : x + 1]) or (x >= self.width - 3 and wider(line[-1:]))


@cache
def alone(cluster: str) -> str:
    """What of a cluster stands in its own cells: an emulator that knows no joined emoji draws the parts singly."""
    for place in range(1, len(cluster)):
        if wcwidth(cluster[place]) > 0:
            return cluster[:place]
    return cluster


def run(numbers: range) -> None:
    """Many sequences."""
    for number in numbers:
        Trial(number).run()
