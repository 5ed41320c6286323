"""Direction tables as text: the conditional probability function as bars, the polar plot as a disc of digits.

Every line has exactly the cells that it was asked for, in Chinese and English; digits carry the amount, so that a
screen without colours tells as much, and nothing but ASCII is drawn where only ASCII can be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.columns import Cell
from screens.look import MISSING, Look
from screens.tones import shape
from screens.widgets.cells import fit

if TYPE_CHECKING:
    from backend.analysis.sources.cpf import Directions

Lines = list[list[Cell]]
STEPS = 9
"""Digits that an amount is told by."""
NAME = 6
"""Cells of a direction's name."""


def direction(degrees: float, look: Look) -> str:
    """One of sixteen directions, in a word."""
    return look.word(f"sources.sector.{round(degrees / 22.5) % 16}")


def cpf_lines(found: Directions, look: Look, cells: int) -> Lines:
    """The function: the sectors in two columns, each with its share as a bar, in percent, and its number of values."""
    count = len(found.sectors)
    half = -(-count // 2)
    room = (cells - 2) // 2
    lines: Lines = []
    for row in range(half):
        line = [*_bar(found, row, look, room), Cell("  ")]
        if row + half < count:
            line += _bar(found, row + half, look, room)
        lines.append(line)
    return lines


def _bar(found: Directions, sector: int, look: Look, cells: int) -> list[Cell]:
    number, _above, share = found.sectors[sector]
    name = fit(direction(sector * 360.0 / len(found.sectors), look), NAME)
    tail = f" {MISSING if share is None else f'{100 * share:.0f}%':>4} n={number:<5}"
    room = max(1, cells - NAME - cell_len(tail))
    full = 0 if share is None else round(min(1.0, share) * room)
    bar = shape("bar", look.ascii) * full
    high = share is not None and share > 1.5 * (1 - found.percentile)
    told = [Cell(name, "axis"), Cell(fit(bar, room), "bad" if high else "line"), Cell(tail, "dim")]
    return _exactly(told, cells)


def _exactly(told: list[Cell], cells: int) -> list[Cell]:
    """The cells cut or padded to so many: a column beside another one must not move it."""
    taken = sum(cell_len(one.text) for one in told)
    if taken <= cells:
        return [*told, Cell(" " * (cells - taken))]
    left, cut = cells, list[Cell]()
    for one in told:
        width = min(left, cell_len(one.text))
        cut.append(Cell(fit(one.text, width), one.tone))
        left -= width
    return cut


def polar_lines(found: Directions, look: Look, rows: int) -> Lines:
    """The polar plot: direction round about, speed outward, the mean as a digit from 1 (least) to 9 (most).

    Args:
        rows: lines, odd; it is twice as wide, and as wide again as the letters of the four directions.
    """
    rows -= 1 - rows % 2
    middle = rows // 2
    known = [value for ring in found.polar for value in ring if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    sides = [look.word(f"sources.sector.{index}") for index in (12, 4)]
    margin = max(map(cell_len, sides)) + 1
    lines: Lines = []
    for row in range(rows):
        left = fit(sides[0] if row == middle else "", margin)
        right = fit(f" {sides[1]}" if row == middle else "", margin)
        lines.append([Cell(left, "axis"), *_ring_cells(found, row, rows, low, high), Cell(right, "axis")])
    width = margin * 2 + 2 * rows + 1
    return [[Cell(_centred(look.word("sources.sector.0"), width), "axis")], *lines,
            [Cell(_centred(look.word("sources.sector.8"), width), "axis")]]  # fmt: skip


def _centred(text: str, cells: int) -> str:
    before = (cells - cell_len(text)) // 2
    return fit(" " * max(0, before) + text, cells)


def _ring_cells(found: Directions, row: int, rows: int, low: float, high: float) -> list[Cell]:
    middle = rows // 2
    told: list[Cell] = []
    for column in range(2 * rows + 1):
        across, up = (column - rows) / 2, middle - row
        radius = math.hypot(across, up)
        if radius > middle + 0.5:
            told.append(Cell(" "))
            continue
        ring = min(int(radius / (middle + 0.5) * len(found.polar)), len(found.polar) - 1)
        if radius < 0.5:
            told.append(Cell("o", "axis"))
            continue
        turn = math.degrees(math.atan2(across, up)) % 360.0
        count = len(found.polar[ring])
        value = found.polar[ring][round(turn / (360.0 / count)) % count]
        told.append(_digit(value, low, high))
    return _joined(told)


def _digit(value: float | None, low: float, high: float) -> Cell:
    if value is None:
        return Cell(".", "dim")
    share = 0.0 if high <= low else (value - low) / (high - low)
    step = 1 + min(STEPS - 1, int(share * STEPS))
    return Cell(str(step), f"heat{min(6, 1 + (step - 1) * 6 // STEPS)}")


def _joined(cells: Sequence[Cell]) -> list[Cell]:
    """Neighbours of one tone together: fewer pieces are fewer bytes."""
    found: list[Cell] = []
    for one in cells:
        if found and found[-1].tone == one.tone:
            found[-1] = Cell(found[-1].text + one.text, one.tone)
        else:
            found.append(one)
    return found
