"""A forecast drawn in letters: measured hours, the forecast in its 80 % band, and what was said a day before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens import telling
from screens.columns import Cell
from screens.look import MISSING, Look
from screens.widgets.cells import fit
from screens.widgets.sheet import flow
from screens.widgets.trend import AXIS, scale

if TYPE_CHECKING:
    from backend.desk.forecast import Hours, SkillRow, Standing
    from backend.words import Message

Lines = list[list[Cell]]
HOUR = 3600
BAND, LAST, SAID, SEEN = "band", "last", "said", "seen"
_LETTERS = {BAND: (":", ":"), LAST: ("⋅", "."), SAID: ("▬", "="), SEEN: ("▪", "o")}
_TONES = {BAND: "dim", LAST: "axis", SAID: "forecast", SEEN: "line"}


def legend(look: Look) -> list[Cell]:
    """What each letter is."""
    pieces: list[Cell] = []
    for name in (SEEN, SAID, BAND, LAST):
        pieces.append(Cell(f" {_LETTERS[name][look.ascii]} ", _TONES[name]))
        pieces.append(Cell(look.word(f"forecast.legend.{name}") + "  ", "dim"))
    return pieces


@dataclass
class _Plot:
    """Letters on a grid, later ones over earlier ones."""

    first: int
    last: int
    wide: int
    high: int
    bottom: float
    top: float

    def __post_init__(self) -> None:
        self.grid = [[""] * self.wide for _ in range(self.high)]

    def column(self, at: int) -> int:
        """The cell of an hour."""
        hours = (self.last - self.first) // HOUR
        return min(self.wide - 1, (at - self.first) // HOUR * self.wide // hours)

    def line(self, value: float) -> int:
        """The line of a value."""
        step = round((value - self.bottom) / (self.top - self.bottom) * (self.high - 1))
        return min(max(self.high - 1 - step, 0), self.high - 1)

    def points(self, first: int, values: Sequence[float | None], what: str) -> None:
        """A letter for each hour that has a value."""
        for turn, value in enumerate(values):
            at = first + turn * HOUR
            if self.first <= at < self.last and value is not None and value == value:
                self.grid[self.line(value)][self.column(at)] = what

    def band(self, first: int, low: Sequence[float], high: Sequence[float]) -> None:
        """From low to high at each hour."""
        for turn, (under, over) in enumerate(zip(low, high, strict=True)):
            if under == under:
                at = first + turn * HOUR
                for x in range(self.column(at), max(self.column(at) + 1, self.column(at + HOUR))):
                    for y in range(self.line(over), self.line(under) + 1):
                        self.grid[y][x] = BAND


def draw(hours: Hours, look: Look, cells: int, lines: int) -> Lines:
    """The chart in exactly ``lines`` lines of at most ``cells`` cells."""
    last, wide, high = hours.at + len(hours.value) * HOUR, cells - AXIS - 1, max(3, lines - 1)
    known = [value for value in (*hours.high, *hours.observed) if value is not None and value == value]
    if not known or wide < 12:
        return [[Cell(look.word("forecast.empty"), "dim")]]
    bottom, top, _step = scale([0.0, *known])
    plot = _Plot(hours.start, last, wide, high, bottom, top)
    plot.band(hours.at, hours.low, hours.high)
    if hours.last_at is not None:
        plot.points(hours.last_at, hours.last, LAST)
    plot.points(hours.at, hours.value, SAID)
    plot.points(hours.start, hours.observed, SEEN)
    middle = high // 2
    marks = {0: top, high - 1: bottom, middle: bottom + (top - bottom) * (1 - middle / (high - 1))}
    drawn: Lines = []
    for number, row in enumerate(plot.grid):
        told = look.number(marks[number], 0 if top >= 10 else 1) if number in marks else ""
        drawn.append([Cell(fit(told, AXIS - 1, "right") + " ", "axis"), *_pieces(row, look)])
    return [*drawn, _hours(plot, look)]


def _pieces(row: list[str], look: Look) -> list[Cell]:
    pieces: list[Cell] = []
    for name in row:
        text, tone = (_LETTERS[name][look.ascii], _TONES[name]) if name else (" ", "")
        if pieces and pieces[-1].tone == tone:
            pieces[-1] = Cell(pieces[-1].text + text, tone)
        else:
            pieces.append(Cell(text, tone))
    return pieces


def _hours(plot: _Plot, look: Look) -> list[Cell]:
    """The hours under the chart: midnights by their day, noons by the clock."""
    text = [" "] * plot.wide
    for at in range(plot.first, plot.last, HOUR):
        clock = look.clock(at)
        if clock in ("00:00", "12:00"):
            told = look.day(at) if clock == "00:00" else clock
            x = plot.column(at)
            if x + len(told) <= plot.wide and not "".join(text[max(0, x - 1) : x + len(told)]).strip():
                text[x : x + len(told)] = told
    return [Cell(" " * AXIS), Cell("".join(text), "axis")]


def share(value: float | None) -> str:
    """A share as a whole per cent."""
    return MISSING if value is None else f"{100 * value:.0f}%"


def skill_lines(
    standing: Standing, notes: Sequence[Message], look: Look, cells: int, only: str = ""
) -> Lines:
    """When it was issued, the warning where one is owed, what forecasts of each pollutant (or one) are worth, and on
    whose silence or doubt this one rests."""
    lines: Lines = []
    for warning in standing.warnings:
        lines += flow(look.say(warning), cells - 1, "warn", " ")
    if standing.at is None:
        return lines
    head = look.word("forecast.stands", at=look.moment(standing.at), trained=look.moment(standing.trained))
    lines.append([Cell(f" {head}", "dim")])
    name = "weather" if standing.weather_hours else "no_weather"
    known = look.word(f"forecast.{name}", count=standing.weather_hours, of=standing.hours)
    lines += flow(known, cells - 1, "dim", " ")
    rows = [row for row in standing.skills if row.kind == "days" and only in ("", row.parameter)]
    if rows:
        lines += _in_lines(
            [[Cell(look.word("forecast.worth"), "dim")], *(_worth(row, look) for row in rows)], cells
        )
    last = [row for row in standing.skills if row.kind == "issue" and only in ("", row.parameter)]
    if last:
        lines += _in_lines(
            [[Cell(look.word("forecast.issue_worth"), "dim")], *(_last(row, look) for row in last)], cells
        )
    for note in notes:
        name = telling.parameter(str(note.args["parameter"]), look)
        lines += flow(look.word(note.code, **{**note.args, "parameter": name}), cells - 1, "warn", " ")
    return lines


def _in_lines(groups: Sequence[list[Cell]], cells: int) -> Lines:
    """Groups of pieces, as many on a line as fit; none is broken."""
    lines: Lines = [[]]
    room = cells - 1
    for group in groups:
        wide = 2 + sum(cell_len(piece.text) for piece in group)
        if wide > room and lines[-1]:
            lines.append([])
            room = cells - 1
        lines[-1] += [Cell(" "), *group, Cell(" ")]
        room -= wide
    return lines


def _worth(row: SkillRow, look: Look) -> list[Cell]:
    numbers = "/".join(look.number(value, 2) for value in (row.ours, row.climatology, row.persistence))
    gain = row.gain
    tone = "dim" if gain is None else "good" if gain > 0 else "bad"
    better = "" if gain is None else f" {100 * gain:+.0f}%"
    name = telling.parameter(row.parameter, look)
    return [
        Cell(f"{name} ", "strong"),
        Cell(numbers),
        Cell(better, tone),
        Cell(f" {share(row.coverage)}", "dim"),
    ]


def _last(row: SkillRow, look: Look) -> list[Cell]:
    before = MISSING if row.last_issue is None else look.number(row.last_issue, 2)
    return [Cell(f"{telling.parameter(row.parameter, look)} {look.number(row.ours, 2)}/{before}", "dim")]
