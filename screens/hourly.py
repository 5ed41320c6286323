"""A series by the hour 逐时数据: which hours and which 8-hour means count, and what took of those that do not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from backend.words.clause import clause
from screens import telling
from screens.columns import Cell, Column
from screens.copies import as_text
from screens.faces import choose_face
from screens.listing import Listing
from screens.look import MISSING, Look
from screens.parameters import ParameterPage
from screens.rows import arrange
from screens.validity import causes, means_line, state
from screens.widgets.board import Board
from screens.widgets.sheet import Sheet, Text, flow

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.qualityhours import HourLine, Hourly

SEPARATOR = "|"
"""Between the station's code and the parameter in a page's key: no code holds one."""


def key_of(station: str, parameter: str) -> str:
    """The page's key."""
    return f"{station}{SEPARATOR}{parameter}"


def _value(value: float | None, counts: bool, data: Hourly, look: Look) -> Cell:
    if value is None:
        return Cell(MISSING, "dim")
    return Cell(look.number(value, data.decimals), "strong" if counts else "dim")


def columns(data: Hourly) -> list[Column[HourLine]]:
    """The columns of a series: of ozone with its 8-hour means."""
    made: list[Column[HourLine]] = [
        Column("hour", "hourly.column.hour", lambda line, look: look.moment(line.start), 11,
               order=lambda line: line.start),
        Column("value", "hourly.column.value",
               lambda line, look: _value(line.value, line.state == "valid", data, look), 7, align="right",
               order=lambda line: line.value),
        Column("minutes", "hourly.column.minutes", lambda line, _look: f"{line.minutes}/60", 8, align="right",
               rank=1, order=lambda line: line.minutes),
        Column("state", "hourly.column.state", lambda line, look: state(line.state, look), 10),
        Column("causes", "hourly.column.causes",
               lambda line, look: Cell(causes(line.causes, look, of=60), "dim"), 12, flex=2, most=40),
    ]  # fmt: skip
    if any(line.hours_need for line in data.lines):
        made += [
            Column("eight", "hourly.column.eight",
                   lambda line, look: _value(line.eight, True, data, look), 10, align="right",
                   order=lambda line: line.eight),
            Column("hours", "hourly.column.hours",
                   lambda line, _look: f"{line.hours}/8" if line.hours_need else "", 8, align="right",
                   rank=2, order=lambda line: line.hours),
            Column("eight_state", "hourly.column.eight_state",
                   lambda line, look: state(line.hours_state, look), 12),
            Column("eight_causes", "hourly.column.eight_causes",
                   lambda line, look: Cell(causes(line.hours_causes, look), "dim"), 14, flex=1, most=30, rank=3),
        ]  # fmt: skip
    return made


class HourlyPage(Listing, ParameterPage["Hourly"]):
    """The page; its key is ``<station>|<parameter>``."""

    NAME: ClassVar[str] = "hourly"
    CSS_PATH = "hourly.tcss"

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self._station, _, self._parameter = key.partition(SEPARATOR)

    def body(self) -> ComposeResult:
        yield Sheet(self._head, id="hourly-head")
        yield Board[Any]((), empty="hourly.empty", id="hourly-board")

    def on_mount(self) -> None:
        self.query_one(Board).focus()

    def load(self, desk: Desk) -> Hourly | None:
        from backend.desk import qualityhours

        return qualityhours.hourly(desk, self._station, self._parameter)

    def fill(self, data: Hourly) -> None:
        self._parameter = data.parameter
        made, look = columns(data), self.look
        board = self.board
        board.recolumn(made)
        board.renew(lambda view: arrange(list(data.lines), view, made, look, key=lambda line: line.start))
        self.query_one("#hourly-head", Sheet).relook()

    def choice(self, data: Hourly) -> tuple[Sequence[str], str]:
        return data.parameters, data.parameter

    # Showing.

    def _head(self, look: Look, cells: int) -> Text:
        data = self.data
        if data is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        first = [Cell(f" {data.name} ", "title"), Cell(f"{data.station}  ", "dim")]
        for code in data.parameters:
            shown = "here" if code == data.parameter else "dim"
            first.append(Cell(f" {telling.parameter(code, look)} ", shown))
        first.append(Cell(f"  {data.unit}  {telling.cadence(data.period, look)}", "dim"))
        lines: list[Sequence[Cell]] = [first]
        if data.means:
            lines += means_line(data.means, look, cells)
            need = data.needs
            about = look.word(
                "hourly.about",
                standard=clause(data.standard, look.language),
                minutes=need["hour"],
                hours=need["8h"],
                day=need["day"],
            )
            lines += flow(about, cells - 1, "dim", " ")
        return lines

    # Acts.

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        choose_face(self, partial(_faces, code=self._station))

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        look = self.look
        if self.data is None:
            return
        head = "\n".join("".join(cell.text for cell in line).strip() for line in self._head(look, 200))
        board = self.board
        self.shell.copy(f"{head}\n{as_text(board.columns, board.everything(), look)}")
        self.shell.tell(Message("ui.copied", {"count": board.count}))


def _faces(desk: Desk, code: str) -> Sequence[Any]:
    from backend.desk import station

    return station.faces(desk, code)
