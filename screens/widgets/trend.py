"""The trend: one parameter over hours as a braille line, its peers' median, its limit, and what did not count.

Our own few lines instead of plotext: a tenth of the time and exact widths (stack paper, section 6). The strip under
the line has a mark for each period that is no good value: nothing came, came without a value, invalid, suspect.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from textual.events import Resize

from screens.columns import Cell
from screens.look import Look
from screens.telling import ABSENT, FAIL, GOOD, SUSPECT
from screens.tones import shape
from screens.widgets.cells import fit
from screens.widgets.sheet import Sheet

Lines = list[list[Cell]]
AXIS = 7
"""Cells of the scale on the left."""
DOTTED = 3
"""Steps between two dots of the peers' line: it differs from the station's own without colours too."""
FEWEST = 4
"""Lines below which only the newest values are worth drawing."""
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_RANKS = {"line": 3, "limit": 2, "axis": 1}


def sample(tone: str, look: Look) -> str:
    """A bit of a line as it is drawn, to stand before its name: that tells them apart without colours too."""
    return {"line": "**", "axis": ".."}[tone] if look.ascii else {"line": "⠤⠤", "axis": "⠄⠄"}[tone]


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn."""

    since: int
    until: int
    period: int
    points: Sequence[tuple[int, float | None, int]]
    """start, value, flag."""
    peers: Mapping[int, float] = field(default_factory=dict)
    limit: float | None = None
    decimals: int = 0

    @property
    def periods(self) -> int:
        """How many periods there are from ``since`` to ``until``."""
        return max(1, (self.until - self.since) // self.period)


class _Canvas:
    """Dots of a plot: braille, or one letter a cell where the terminal has none."""

    def __init__(self, cells: int, lines: int, ascii_only: bool) -> None:
        self.cells, self.lines, self.ascii = cells, lines, ascii_only
        self.across, self.down = (1, 1) if ascii_only else (2, 4)
        self.width, self.height = cells * self.across, lines * self.down
        self._bits = [[0] * cells for _ in range(lines)]
        self._tones = [[""] * cells for _ in range(lines)]

    def dot(self, x: int, y: int, tone: str) -> None:
        """Set a dot; where two tones meet in a cell, the more telling one colours it."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return
        column, line = x // self.across, y // self.down
        self._bits[line][column] |= 1 if self.ascii else _DOTS[x % 2][y % 4]
        if _RANKS.get(tone, 0) >= _RANKS.get(self._tones[line][column], 0):
            self._tones[line][column] = tone

    def stroke(self, x0: int, y0: int, x1: int, y1: int, tone: str, every: int = 1) -> None:
        """A straight line of dots; a dotted one has only every so many."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(0, steps + 1, every):
            self.dot(round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps), tone)

    def line(self, number: int) -> list[Cell]:
        """A finished line as pieces of one tone each."""
        letters = {"line": "*", "limit": "-", "axis": "."}
        pieces: list[Cell] = []
        for bits, tone in zip(self._bits[number], self._tones[number], strict=True):
            text = " " if not bits else letters.get(tone, "*") if self.ascii else chr(0x2800 + bits)
            if pieces and pieces[-1].tone == (tone if bits else ""):
                pieces[-1] = Cell(pieces[-1].text + text, pieces[-1].tone)
            else:
                pieces.append(Cell(text, tone if bits else ""))
        return pieces


def scale(values: Sequence[float]) -> tuple[float, float, float]:
    """The bottom and the top of a plot, and the step between its marks: round numbers, zero where it is near."""
    low, high = min(values), max(values)
    if 0 <= low <= high / 2 or low == high == 0:
        low = 0.0
    if high == low:
        high = low + 1
    rough = (high - low) / 5
    step = 10 ** math.floor(math.log10(rough))
    step *= next(times for times in (1, 2, 2.5, 5, 10) if times * step >= rough)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def draw(curve: Curve, look: Look, cells: int, lines: int) -> Lines:
    """The plot: its lines, the strip of what did not count, and the hours; exactly ``lines`` of them."""
    plot = max(1, lines - 2)
    known = [value for _, value, flag in curve.points if value is not None and flag != FAIL]
    values = [*known, *curve.peers.values()]
    if not values or cells < AXIS + 8 or lines < FEWEST:
        return [[Cell(" " * AXIS + look.word("station.trend.none"), "dim")], *([[]] * (lines - 1))][:lines]
    if curve.limit is not None and curve.limit <= 2.5 * max(values):
        values.append(curve.limit)
    bottom, top, step = scale(values)
    canvas = _Canvas(cells - AXIS, plot, look.ascii)
    _fill(canvas, curve, bottom, top)
    marks = _marks(bottom, top, step, plot)
    drawn: Lines = []
    for number in range(plot):
        text = (
            fit(look.number(marks[number], _decimals(curve, top)), AXIS - 1, "right")
            if number in marks
            else ""
        )
        drawn.append([Cell(fit(text, AXIS), "axis"), *canvas.line(number)])
    return [*drawn, _strip(curve, look, cells), _hours(curve, look, cells)]


def _marks(bottom: float, top: float, step: float, lines: int) -> dict[int, float]:
    """Which line has which value beside it: the ends, and the steps between them where there is room."""
    marks = {0: top, lines - 1: bottom}
    for number in range(1, round((top - bottom) / step)):
        place = round((lines - 1) * (1 - number * step / (top - bottom)))
        if all(abs(place - other) > 1 for other in marks):
            marks[place] = bottom + number * step
    return marks


def _decimals(curve: Curve, top: float) -> int:
    return curve.decimals if abs(top) < 10 else min(1, curve.decimals)


def _fill(canvas: _Canvas, curve: Curve, bottom: float, top: float) -> None:
    def across(start: int) -> int:
        return int(((start - curve.since) / curve.period + 0.5) * canvas.width / curve.periods)

    def up(value: float) -> int:
        share = (value - bottom) / (top - bottom)
        return canvas.height - 1 - max(0, min(canvas.height - 1, round(share * (canvas.height - 1))))

    if curve.limit is not None and bottom <= curve.limit <= top:
        for x in range(0, canvas.width, 3 * canvas.across // 2 or 1):
            canvas.dot(x, up(curve.limit), "limit")
    _trace(
        canvas, [(start, value) for start, value in sorted(curve.peers.items())], curve, across, up, "axis"
    )
    own = [(start, value) for start, value, flag in curve.points if value is not None and flag != FAIL]
    _trace(canvas, own, curve, across, up, "line")


def _trace(
    canvas: _Canvas,
    points: Sequence[tuple[int, float]],
    curve: Curve,
    across: Callable[[int], int],
    up: Callable[[float], int],
    tone: str,
) -> None:
    """A line through neighbouring periods; it breaks where one is missing."""
    before: tuple[int, float] | None = None
    for start, value in points:
        if before is not None and start - before[0] == curve.period:
            dotted = DOTTED if tone == "axis" else 1
            canvas.stroke(across(before[0]), up(before[1]), across(start), up(value), tone, dotted)
        else:
            canvas.dot(across(start), up(value), tone)
        before = (start, value)


_MARKS = {
    "silent": ("silent", "bad"),
    "empty": ("empty", "warn"),
    "fail": ("bad_value", "bad"),
    "suspect": ("suspect", "suspect"),
}
_WORST = ("fail", "silent", "empty", "suspect", "")


def _strip(curve: Curve, look: Look, cells: int) -> list[Cell]:
    """A mark under each period that brought no good value; where several share a cell, the worst."""
    width = cells - AXIS
    shown = {start: (value, flag) for start, value, flag in curve.points}
    marks = [""] * width
    for number in range(curve.periods):
        value, flag = shown.get(curve.since + number * curve.period, (None, 0))
        if flag == GOOD:
            continue
        kind = "silent" if flag == 0 else "fail" if flag == FAIL else "suspect" if flag == SUSPECT else ""
        kind = "empty" if flag == ABSENT or (kind == "" and value is None) else kind
        place = min(width - 1, int((number + 0.5) * width / curve.periods))
        if _WORST.index(kind) < _WORST.index(marks[place]):
            marks[place] = kind
    pieces = [Cell(" " * AXIS)]
    for kind in marks:
        name, tone = _MARKS.get(kind, ("", ""))
        text = shape(name, look.ascii) if name else " "
        if pieces[-1].tone == tone:
            pieces[-1] = Cell(pieces[-1].text + text, tone)
        else:
            pieces.append(Cell(text, tone))
    return pieces


def _hours(curve: Curve, look: Look, cells: int) -> list[Cell]:
    """The hours under the plot, the day where one begins."""
    width, line = cells - AXIS, [" "] * (cells - AXIS)
    step = next(
        (hours for hours in (3, 6, 12, 24, 48) if width * hours * 3600 / (curve.until - curve.since) >= 8), 48
    )
    taken = 0
    for number in range(curve.periods):
        start = curve.since + number * curve.period
        clock = look.clock(start)
        hour, minute = int(clock[:2]), clock[3:]
        if minute != "00" or hour % min(step, 24):
            continue
        text = look.day(start) if hour == 0 else clock
        place = int(number * width / curve.periods)
        if place >= taken and place + len(text) <= width:
            line[place : place + len(text)] = text
            taken = place + len(text) + 1
    return [Cell(" " * AXIS + "".join(line), "axis")]


class Trend(Sheet):
    """The plot as a widget, with a line over it that names what is drawn."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(self._drawn, id=id)
        self.curve: Curve | None = None
        self.title: Callable[[Look], Sequence[Cell]] = lambda _look: ()

    def show(self, curve: Curve | None, title: Callable[[Look], Sequence[Cell]]) -> None:
        """Draw another one."""
        self.curve, self.title = curve, title
        self.relook()

    def on_resize(self, _event: Resize) -> None:
        self.relook()

    def _drawn(self, look: Look, cells: int) -> Lines:
        lines: Lines = [list(self.title(look))]
        if self.curve is not None and self.size.height > 1:
            lines += draw(self.curve, look, cells, self.size.height - 1)
        return lines
