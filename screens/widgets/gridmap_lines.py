"""The two lines below a map: what its looks mean, and the hours that can be gone through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from screens.look import Look
from screens.tones import Palette
from screens.widgets.cells import fit, plain
from screens.widgets.gridmap_ink import HATCH, UNKNOWN, UNSEEN, Inks, Scale
from screens.widgets.line import Line
from screens.widgets.runs import Runs

Piece = tuple[str, Style]


class Styled(Line):
    """A line of pieces whose styles are of a scale, not of the theme alone."""

    def styled(self) -> Sequence[Piece]:
        """What it says, from the left."""
        return ()

    def _draw(self, old: Strip | None) -> Strip:
        pieces, room, base = tuple(self.styled()), self.size.width, self.rich_style
        drawn = pieces, room, base
        if old is not None and drawn == self._drawn:
            return old
        self._drawn = drawn
        runs = Runs()
        for text, style in pieces:
            text = plain(text)
            taken = cell_len(text)
            runs.add(text if taken <= room else fit(text, room), style)
            room -= min(taken, room)
            if room <= 0:
                break
        return runs.strip(self.size.width, base)


def number(value: float, decimals: int) -> str:
    """A step as short as it goes: ``35``, ``0.2``; nothing for a class that is never reached."""
    if not isfinite(value):
        return ""
    text = f"{value:.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def legend(
    scale: Scale, ink: Inks, look: Look, *, lettered: bool, cells: int, dim: Style, names: Sequence[str] = ()
) -> list[Piece]:
    """What the looks of a map mean, in about ``cells`` cells.

    Args:
        scale: the classes.
        ink: their looks.
        look: whom it is told to.
        lettered: classes are letters.
        cells: the room; the names of levels need more than their numbers.
        dim: how what is beside it is written.
        names: of the levels, where there are any.
    """
    base, pieces = ink.base, list[Piece]()
    steps = [number(step, scale.decimals) for step in scale.steps]
    labels = [f"<{steps[0]}", *(f"{step}+" for step in steps)]
    if scale.kind == "level" and names:
        labels = [f"{name} {step}" for name, step in zip(names, ["0", *steps], strict=True)]
        if sum(cell_len(label) + 3 for label in labels) > cells - 34:
            labels = ["0", *steps]
    for turn, (shade, label) in enumerate(zip(ink.shades, labels, strict=True)):
        if turn and not isfinite(scale.steps[turn - 1]):
            break
        if lettered:
            pieces += [(" ", base), (shade.letter, ink.lettered(turn)), (f"={label}", base)]
        else:
            pieces += [(f" {label} ", shade.style)]
        if lettered and turn + 1 < len(labels):
            pieces.append((" ", base))
    pieces.append((f" {scale.unit}  ", dim))
    sample = UNSEEN * 2 if lettered else HATCH * 2
    room = cells - sum(cell_len(text) for text, _style in pieces) - cell_len(f"{sample}   A-Z ")
    unseen, hot = look.word("maps.legend.unseen"), look.word("maps.legend.hot")
    if room < cell_len(unseen) + cell_len(hot):
        # A word that is whole tells more than half a sentence.
        hot = look.word("maps.legend.hot_short")
        if room < cell_len(unseen) + cell_len(hot):
            unseen = look.word("maps.legend.unseen_short")
    pieces += [(sample, ink.shade(UNKNOWN)), (f" {unseen}  ", base)]
    pieces += [("A-Z", base + Style(bold=True)), (f" {hot}", base)]
    return pieces


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour that can be gone to."""

    at: int
    hot: int
    """Hot grids in it."""
    strong: int
    """Strong ones among them."""


_NONE, _HOT, _STRONG = ".", "o", "!"


def hours_line(
    hours: Sequence[Hour], here: int, look: Look, cells: int, base: Style, palette: Palette
) -> list[Piece]:
    """The hours, each with a mark of how hot it was; the one that is shown stands out by its brackets.

    Args:
        hours: the oldest first.
        here: which of them is shown.
        look: whom it is told to.
        cells: the room: three cells an hour, or one.
        base: the ink and the paper.
        palette: the theme's tones.
    """
    if not hours:
        return []
    dim, chosen = base + palette["dim"], base + palette["chosen"]
    wide = cells >= 3 * len(hours) + 14
    pieces: list[Piece] = [(f" {look.day(hours[0].at)} ", dim)]
    if not wide:
        pieces.append((f"{look.clock(hours[0].at)} ", dim))
    for turn, hour in enumerate(hours):
        tone = "high" if hour.strong else "medium" if hour.hot else "dim"
        mark = _STRONG if hour.strong else _HOT if hour.hot else _NONE
        text = look.clock(hour.at)[:2] if wide else mark
        if turn == here:
            pieces.append((f"[{text}]", chosen))
        else:
            pieces.append((f"{text}{mark if hour.hot else ' '}" if wide else text, base + palette[tone]))
    last = hours[-1].at
    pieces.append((f" {look.day(last)}" if wide else f" {look.clock(last)}", dim))
    means = f"   {_HOT} {look.word('maps.hour.hot')}  {_STRONG} {look.word('maps.hour.strong')}"
    if cells >= sum(cell_len(text) for text, _style in pieces) + cell_len(means):
        pieces.append((means, dim))
    return pieces
