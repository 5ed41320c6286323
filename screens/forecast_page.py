"""A station's forecast: one pollutant's hours with its interval and the last issue, and the days' levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens import telling
from screens.columns import Cell
from screens.faces import choose_face
from screens.forecast import faces
from screens.forecast_chart import draw, legend, skill_lines
from screens.look import Look
from screens.parameters import ParameterPage
from screens.widgets.sheet import Sheet, Text

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.forecast import Hours, Standing, StationDays


@dataclass(frozen=True)
class Shown:
    """What the page shows."""

    hours: Hours
    days: StationDays | None
    standing: Standing
    notes: Sequence[Message]


class ForecastPage(ParameterPage[Shown]):
    """The page."""

    NAME: ClassVar[str] = "forecast_station"
    CSS_PATH = "forecast.tcss"

    def body(self) -> ComposeResult:
        yield Sheet(self._head, id="forecast-head")
        yield Sheet(self._chart, focusable=True, id="forecast-chart")
        yield Sheet(self._worth, id="forecast-worth")

    def on_mount(self) -> None:
        self.query_one("#forecast-chart", Sheet).focus()

    def load(self, desk: Desk) -> Shown | None:
        from backend.desk import forecast, forecastnotes

        hours = forecast.station_hours(desk, self.key, self._parameter)
        if hours is None:
            return None
        standing, rows = forecast.board(desk)
        notes = forecastnotes.silences(desk, hours.at, station=self.key, parameter=hours.parameter)
        return Shown(hours, next((row for row in rows if row.code == self.key), None), standing, notes)

    def fill(self, data: Shown) -> None:
        self._parameter = data.hours.parameter
        for sheet in self.query(Sheet):
            sheet.relook()
        # Its height hangs on what the other two take.
        self.call_after_refresh(self._redraw)

    def on_resize(self) -> None:
        self.call_after_refresh(self._redraw)

    def _redraw(self) -> None:
        if self.is_attached:
            self.query_one("#forecast-chart", Sheet).relook()

    def choice(self, data: Shown) -> tuple[Sequence[str], str]:
        return data.hours.parameters, data.hours.parameter

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        choose_face(self, partial(faces, code=self.key))

    def do_board_copy(self) -> None:
        """What is shown, as plain text on the person's clipboard."""
        look = self.look
        if self.data is None:
            return
        lines = [*self._head(look, 200), *draw(self.data.hours, look, 100, 20), *self._worth(look, 200)]
        self.shell.copy("\n".join("".join(cell.text for cell in line).rstrip() for line in lines))
        self.shell.tell(Message("ui.copied", {"count": len(lines)}))

    def _head(self, look: Look, _cells: int) -> Text:
        page = self.data
        if page is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        hours = page.hours
        first = [Cell(f" {hours.name} ", "title")]
        for name in hours.parameters:
            first.append(
                Cell(f" {telling.parameter(name, look)} ", "here" if name == hours.parameter else "dim")
            )
        first.append(Cell(f"  {hours.unit}", "dim"))
        lines: list[list[Cell]] = [first]
        for day in page.days.days if page.days is not None else ():
            level = telling.level(day.level, look)
            shares = "  ".join(f"{number}:{share}%" for number, share in enumerate(day.shares, 1) if share)
            names = "/".join(telling.parameter(name, look) for name in day.primary.split() if name)
            index = Cell(f" {look.day(day.day)} AQI {day.aqi} ({day.low}-{day.high}) ")
            lines.append([index, level, Cell(f"  {shares}  {names}", "dim")])
        lines.append(legend(look))
        return lines

    def _chart(self, look: Look, cells: int) -> Text:
        if self.data is None:
            return []
        lines = self.query_one("#forecast-chart", Sheet).size.height or 12
        return draw(self.data.hours, look, cells, lines)

    def _worth(self, look: Look, cells: int) -> Text:
        if self.data is None:
            return []
        return skill_lines(self.data.standing, self.data.notes, look, cells, self.data.hours.parameter)
