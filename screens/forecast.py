"""The forecast 预报: stations by days with the probable level, and under them what forecasts are worth here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from screens import telling
from screens.base import BoardScreen
from screens.columns import Cell, Column
from screens.faces import choose_face
from screens.forecast_chart import skill_lines
from screens.look import MISSING, Look
from screens.rows import RowSource, View, arrange
from screens.widgets.sheet import Sheet, Text

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.faces import Face
    from backend.desk.forecast import Standing, StationDays
    from backend.words import Message

DAYS = 3


def _day(turn: int) -> Callable[[StationDays, Look], Cell]:
    def told(row: StationDays, look: Look) -> Cell:
        if turn >= len(row.days):
            return Cell(MISSING, "missing")
        day = row.days[turn]
        level = telling.level(day.level, look)
        return Cell(f"{level.text} {day.aqi} {day.polluted}%", level.tone)

    return told


def _order(turn: int) -> Callable[[StationDays], int | None]:
    return lambda row: row.days[turn].aqi if turn < len(row.days) else None


def _primary(row: StationDays, look: Look) -> str:
    names = dict.fromkeys(name for day in row.days for name in day.primary.split() if name)
    return "/".join(telling.parameter(name, look) for name in names) or MISSING


def _range(row: StationDays, _look: Look) -> Cell:
    day = row.days[min(1, len(row.days) - 1)]
    return Cell(f"{day.low}-{day.high}", "dim")


COLUMNS: tuple[Column[Any], ...] = (
    Column("station", "forecast.column.station", lambda row, _look: row.name, 12, flex=2, most=36),
    *(
        Column(f"day{turn}", f"forecast.column.day{turn}", _day(turn), 17, order=_order(turn))
        for turn in range(DAYS)
    ),
    Column("range", "forecast.column.range", _range, 9, rank=4),
    Column("primary", "forecast.column.primary", _primary, 10, flex=1, rank=2),
)


class Forecast(BoardScreen[Any]):
    """The board, opened from everywhere."""

    NAME: ClassVar[str] = "forecast"
    CSS_PATH = "forecast.tcss"
    COLUMNS = COLUMNS
    EMPTY = "forecast.empty"

    def __init__(self, _key: str = "") -> None:
        super().__init__()
        self.standing: Standing | None = None
        self._notes: Sequence[Message] = ()

    @property
    def slot(self) -> str:
        return f"{self.NAME}:list"

    def beside(self) -> ComposeResult:
        yield Sheet(self._worth, id="forecast-worth")

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        from backend.desk import forecast

        _standing, rows = forecast.board(desk)
        return arrange(rows, view, COLUMNS, look, key=lambda row: row.code, also=lambda row: row.code)

    def opened(self, desk: Desk) -> None:
        super().opened(desk)
        self._stand(desk)

    def changed(self, desk: Desk) -> None:
        super().changed(desk)
        self._stand(desk)

    def _stand(self, desk: Desk) -> None:
        def read() -> tuple[Standing, Sequence[Message]]:
            from backend.desk import forecast, forecastnotes

            standing = forecast.standing(desk)
            return standing, () if standing.at is None else forecastnotes.silences(desk, standing.at)

        def done(found: tuple[Standing, Sequence[Message]]) -> None:
            self.standing, self._notes = found
            if self.is_attached:
                self.query_one("#forecast-worth", Sheet).relook()

        self.shell.work(read, done, name="forecast skill")

    def _worth(self, look: Look, cells: int) -> Text:
        return [] if self.standing is None else skill_lines(self.standing, self._notes, look, cells)

    def opens(self, row: Any) -> tuple[str, str] | None:
        return "forecast_station", row.code

    def do_board_faces(self) -> None:
        """Where one can go from the station under the cursor."""
        if (row := self.row) is not None:
            choose_face(self, partial(faces, code=row.code))


def faces(desk: Desk, code: str) -> Sequence[Face]:
    """A station's faces: itself, its alarms, grids and the rest."""
    from backend.desk import station

    return station.faces(desk, code)
