"""Charts of a page that is read at leisure, drawn by plotext: curves over time, bars by hour and weekday.

plotext has one figure for the whole process and takes a quarter of a second to import: `ready` is called in a thread
before the first chart, and a lock lets one chart be drawn at a time. No text of ours goes through it, so that widths
are right in every language; colours go through it as numbers and come out as tones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from screens.columns import Cell
from screens.look import Look
from screens.widgets.cells import fit
from screens.widgets.trend import scale

Lines = list[list[Cell]]
AXIS = 6
"""Cells of the scale at the left."""
LEAST_CELLS, LEAST_LINES = 24, 5
"""Below these a chart tells nothing."""
APART = 16
"""The letters of two curves are a part of the chart's width apart."""
_ONE = Lock()
_STYLE = re.compile(r"\x1b\[([0-9;]*)m")
_ASCII = "*.+o#"
"""Letters of the curves where the terminal has no braille."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of a chart."""

    tone: str
    points: Sequence[tuple[float, float | None]]
    """Ascending; None breaks the line."""
    mark: str = ""
    """What draws it where there are letters alone; by its turn where empty."""
    letter: str = ""
    """Stands on it near its end where dots draw it: colour must not be all that tells it from the others."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of a chart, each with a tone."""

    heights: Sequence[float | None]
    tones: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ticks:
    """What stands under a chart: places and their texts."""

    places: Sequence[float]
    texts: Sequence[str]


def ready() -> None:
    """Import plotext, which takes a quarter of a second, and let it draw wider than the terminal it was started in."""
    import plotext

    plotext.terminal.limit(False, False)


def curves(
    lines_of: Sequence[Curve], ticks: Ticks, look: Look, cells: int, lines: int, *, floor: float | None = 0
) -> Lines:
    """Curves over one axis, in exactly ``cells`` cells and ``lines`` lines.

    Args:
        lines_of: the curves, the most telling last: it is drawn over the others.
        ticks: what stands under them.
        look: whether braille can be drawn.
        cells: the width.
        lines: the height.
        floor: where the scale begins; None lets the values decide.
    """
    values = [value for one in lines_of for _, value in one.points if value is not None]
    if not values or cells < LEAST_CELLS or lines < LEAST_LINES:
        return _nothing(look, cells, lines)
    tones = [one.tone for one in lines_of]

    def put(figure: Any, plotext: Any) -> None:
        for turn, one in enumerate(lines_of):
            symbol = (one.mark or _ASCII[turn % len(_ASCII)]) if look.ascii else "braille"
            mark = plotext.marker(symbol, plotext.pixel((turn + 1, 0, 0)))
            for part in _parts(one.points):
                signal = figure.signal([x for x, _ in part], [y for _, y in part], marker=mark)
                if len(part) > 1:
                    signal.lines()
                figure.draw(signal)
        for turn, one in enumerate(lines_of):
            known = [(x, y) for x, y in one.points if y is not None]
            if one.letter and known and not look.ascii:
                # Side by side, where the curves run into one another too.
                x, y = known[-1 - min(len(known) - 1, turn * len(known) // APART)]
                letter = plotext.marker(one.letter, plotext.pixel((turn + 1, 0, 0)))
                figure.draw(figure.signal([x], [y], marker=letter))
        xs = [x for one in lines_of for x, _ in one.points]
        figure.ruler("x").lim(min(xs), max(xs) if max(xs) > min(xs) else min(xs) + 1)

    return _drawn(put, tones, ticks, scale([*values, *(() if floor is None else (floor,))]), cells, lines)


def bars(one: Bars, ticks: Ticks, look: Look, cells: int, lines: int) -> Lines:
    """Bars side by side, in exactly ``cells`` cells and ``lines`` lines; a bar of None is a gap."""
    heights = [0.0 if height is None else height for height in one.heights]
    if not any(heights) or cells < LEAST_CELLS or lines < LEAST_LINES:
        return _nothing(look, cells, lines)
    tones = sorted(set(one.tones))
    # Every bar as wide as the others, to the dot.
    each = max(1, min(6, (cells - AXIS) // len(heights)))

    def put(figure: Any, plotext: Any) -> None:
        symbol = "#" if look.ascii else "braille"
        wide = (each - 1) / each if each > 1 else 1.0
        for turn, tone in enumerate(tones):
            mark = plotext.marker(symbol, plotext.pixel((turn + 1, 0, 0)))
            places = [place for place, own in enumerate(one.tones) if own == tone]
            signal = figure.bar(places, [heights[place] for place in places], marker=mark, width=wide)
            figure.draw(signal)
        figure.ruler("x").lim(-0.5, len(heights) - 0.5)

    return _drawn(put, tones, ticks, scale([0.0, *heights]), cells, lines, across=AXIS + each * len(heights))


def _parts(points: Sequence[tuple[float, float | None]]) -> Iterator[list[tuple[float, float]]]:
    """The unbroken parts of a curve."""
    part: list[tuple[float, float]] = []
    for x, y in points:
        if y is not None:
            part.append((x, y))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _drawn(
    put: Callable[[Any, Any], None],
    tones: Sequence[str],
    ticks: Ticks,
    marks: tuple[float, float, float],
    cells: int,
    lines: int,
    across: int = 0,
) -> Lines:
    """Have plotext draw.

    Args:
        put: puts the signals into the figure.
        tones: of the signals, by their number from 1.
        ticks: what stands under the chart.
        marks: bottom, top and step of the scale at the left.
        cells: the width.
        lines: the height.
        across: the cells that are drawn in, where not all.
    """
    import plotext

    bottom, top, step = marks
    values = [bottom + step * turn for turn in range(round((top - bottom) / step) + 1)]
    every = -(-2 * len(values) // max(2, lines - 1))
    values = values[:: max(1, every)]
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2

    with _ONE:
        figure = plotext.figure
        figure.clear()
        figure.plot_size(min(cells, across or cells), lines)
        figure.axes(False)
        figure.canvas("default")
        put(figure, plotext)
        figure.ruler("y").lim(bottom, top)
        figure.ruler("y").ticks(values, [fit(f"{value:.{decimals}f}", AXIS, "right") for value in values])
        if ticks.places:
            figure.ruler("x").ticks(list(ticks.places), list(ticks.texts))
        text = figure.build().string()
        figure.clear()
    drawn = [_toned(line, tones, cells) for line in text.split("\n")[:lines]]
    return drawn + [[Cell(" " * cells)] for _ in range(lines - len(drawn))]


def _toned(line: str, tones: Sequence[str], cells: int) -> list[Cell]:
    """A line of plotext's as pieces of our tones, exactly ``cells`` wide."""
    pieces: list[Cell] = []
    tone, end = "axis", 0
    room = cells
    for found in [*_STYLE.finditer(line), None]:
        part = line[end : found.start() if found else len(line)]
        if part and room > 0:
            part = fit(part, room) if len(part) > room else part
            pieces.append(Cell(part, tone))
            room -= len(part)
        if found:
            end = found.end()
            codes = found[1].split(";")
            if codes[:2] == ["38", "2"]:
                tone = tones[int(codes[2]) - 1]
            elif codes[0] in ("0", ""):
                tone = "axis"
    if room > 0:
        pieces.append(Cell(" " * room))
    return pieces


def _nothing(look: Look, cells: int, lines: int) -> Lines:
    told = [[Cell(fit(f"  {look.word('station.trend.none')}", cells), "dim")]]
    return [*told, *([Cell(" " * cells)] for _ in range(lines - 1))][: max(0, lines)]
