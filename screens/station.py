"""One station: what its data are worth, its newest values in words, two days of one of them beside its peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens import telling
from screens.alarm_cells import alarm_line
from screens.base import PageScreen
from screens.columns import Cell, Column
from screens.copies import as_text
from screens.faces import choose_face
from screens.forecast_link import open_forecast
from screens.hourly import key_of as hourly_key
from screens.listing import Listing
from screens.look import MISSING, Look
from screens.resting import Follower
from screens.rows import arrange
from screens.validity import means_line
from screens.widgets.board import Board
from screens.widgets.sheet import Sheet, Text, flow
from screens.widgets.trend import Curve, Trend, sample

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.station import Measure, Series
    from backend.desk.station import StationPage as Page
    from backend.desk.stationfacts import SourceFacts

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the newest values."""

    measure: Measure
    newest: int | None
    """The newest period of the station: a parameter that lacks it is silent."""
    silent: bool
    """Whether the whole station is."""


def _name(line: Line, look: Look) -> str:
    return telling.parameter(line.measure.parameter, look, (line.measure.name, line.measure.name_en))


def _value(line: Line, look: Look) -> Cell:
    return telling.value(line.measure.newest, line.measure.decimals, look, old=line.silent)


def _absent(line: Line) -> bool:
    found = line.measure.newest
    return line.silent or found is None or (line.newest is not None and found.start < line.newest)


def _flag(line: Line, look: Look) -> Cell:
    found = line.measure.newest
    if found is None or _absent(line):
        return Cell(look.word("station.flag.silent"), "bad")
    return telling.flag(found.flag, look)


def _reason(line: Line, look: Look) -> Cell:
    found = line.measure.newest
    return Cell("" if found is None else telling.reasons(found.reason, look), "dim")


def _number(value: float | None, line: Line, look: Look) -> Cell:
    return Cell("") if value is None else Cell(look.number(value, line.measure.decimals), "dim")


def _period(line: Line, look: Look) -> Cell:
    found = line.measure.newest
    return Cell(MISSING if found is None else look.moment(found.start), "warn" if _absent(line) else "dim")


COLUMNS: tuple[Column[Line], ...] = (
    Column("parameter", "station.column.parameter", _name, 10, flex=1, most=16),
    Column("value", "station.column.value", _value, 8, align="right"),
    Column("unit", "station.column.unit", lambda line, _look: Cell(line.measure.unit, "dim"), 6),
    Column(
        "iaqi", "station.column.iaqi", lambda line, _look: "" if line.measure.iaqi is None else str(line.measure.iaqi),
        4, align="right", rank=3,
    ),
    Column("median", "station.column.median", lambda line, look: _number(line.measure.median, line, look), 8,
           align="right", rank=1),
    Column("limit", "station.column.limit", lambda line, look: _number(line.measure.limit, line, look), 6,
           align="right", rank=2),
    Column("flag", "station.column.flag", _flag, 12),
    Column("reason", "station.column.reason", _reason, 10, flex=3),
    Column("period", "station.column.newest", _period, 11, rank=4),
)  # fmt: skip


class StationPage(Listing, PageScreen["Page"]):
    """A station."""

    NAME: ClassVar[str] = "station"
    CSS_PATH = "station.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - declared so by the framework

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self._shown = ""
        self._drawn = Follower(self, self._draw)

    def body(self) -> ComposeResult:
        yield Sheet(self._head, id="station-head")
        yield Board[Line](COLUMNS, id="station-measures")
        yield Sheet(self._validity, id="station-validity")
        yield Trend(id="station-trend")
        yield Sheet(self._alarms, id="station-alarms")

    def on_mount(self) -> None:
        self.query_one(Board).focus()

    # Reading.

    def load(self, desk: Desk) -> Page | None:
        from backend.desk import station

        return station.page(desk, self.key)

    def fill(self, data: Page) -> None:
        lines = [Line(one, data.row.newest, data.row.state == "silent") for one in data.measures]
        board: Board[Line] = self.query_one(Board)
        look = self.look
        board.styles.height = min(len(lines), 12) + 2
        board.renew(lambda view: arrange(lines, view, COLUMNS, look, key=lambda line: line.measure.parameter))
        if not self._shown and lines:
            self._shown = self._first(data)
            board.select(self._shown)
        self.query_one("#station-head", Sheet).relook()
        self.query_one("#station-alarms", Sheet).relook()
        self._draw()

    def _first(self, data: Page) -> str:
        """What is shown first: what an alarm is about, else what makes the index, else the first."""
        measured = [one.parameter for one in data.measures]
        wanted = [*(alarm.parameter for alarm in data.alarms if alarm.state != "NORM"), *data.row.primary]
        if data.row.water is not None:
            wanted += data.row.water.deciding
        return next((one for one in wanted if one in measured), measured[0])

    def remember(self) -> dict[str, Any]:
        return {"parameter": self._shown}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self._shown = str(kept.get("parameter", ""))
        if self._shown:
            self.query_one(Board).select(self._shown)

    # Moving among the parameters: up, down and also left, right.

    def on_board_moved(self, event: Board.Moved) -> None:
        if isinstance(event.key, str) and event.key != self._shown:
            self._shown = event.key
            self.shell.noted()
        self._drawn.follow(event.key)

    def do_move_next_tab(self) -> None:
        """The next parameter."""
        self.query_one(Board).do_move_down()

    def do_move_previous_tab(self) -> None:
        self.query_one(Board).do_move_up()

    # Showing.

    def _head(self, look: Look, cells: int) -> Text:
        page = self.data
        if page is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        row = page.row
        kind = telling.station_kind(row.kind, look)
        first = [Cell(f" {row.name} ", "title"), Cell(f" {row.code}  {kind}", "dim")]
        if row.made_up:
            first.append(Cell(f"  {look.word('station.made_up')}", "made_up"))
        place = "/".join(dict.fromkeys(part for part in (row.county, row.township, page.grid_name) if part))
        first.append(Cell(f"  {place}"))
        lines: list[Sequence[Cell]] = [first, [Cell(" "), *_state(page, look)]]
        if row.state != "good":
            says = look.say(_says(page))
            lines += flow(says, cells - 1, "warn", " ")
        lines.append([Cell(" "), *_stands(page, look)])
        return lines

    def _alarms(self, look: Look, _cells: int) -> Text:
        page = self.data
        if page is None:
            return []
        title = Cell(f" {look.word('station.alarms')}  ", "header")
        if not page.alarms:
            return [[title, Cell(look.word("station.no_alarms"), "dim")]]
        most = 6 if self.size.height >= 30 else 1
        lines: list[list[Cell]] = []
        for number, alarm in enumerate(page.alarms[:most]):
            gap = Cell(" " * len(title.text.encode("gb18030"))) if number else title
            lines.append([gap, *alarm_line(alarm, look, place=False)])
        if len(page.alarms) > most:
            lines[-1].append(Cell(f"  +{len(page.alarms) - most}", "dim"))
        return lines

    def _validity(self, look: Look, cells: int) -> Text:
        """Which means of the shown parameter count, and why not."""
        means = self.data.validity.get(self._shown, ()) if self.data is not None else ()
        if not means:
            return []
        lines = means_line(means, look, cells - len(look.word("hourly.enter").encode("gb18030")) - 3)
        return [[*lines[0], Cell(f"   {look.word('hourly.enter')}", "dim")], *lines[1:]]

    def _draw(self) -> None:
        self.query_one("#station-validity", Sheet).relook()
        page = self.data
        series = page.series.get(self._shown) if page is not None else None
        trend = self.query_one(Trend)
        if page is None or series is None:
            trend.show(None, lambda _look: ())
            return
        measure = next(one for one in page.measures if one.parameter == self._shown)
        trend.show(curve(series, measure), lambda look: title(page, measure, series, look))

    # Acts.

    def on_board_opened(self, event: Board.Opened) -> None:
        """The hours of the parameter under the cursor, with which of them count."""
        self.shell.open_page("hourly", hourly_key(self.key, str(event.key)))

    def do_station_forecast(self) -> None:
        """Its hours to come."""
        open_forecast(self, self.key)

    def do_board_faces(self) -> None:
        """Where one can go from here."""

        def faces(desk: Desk) -> Sequence[Any]:
            from backend.desk import station

            return station.faces(desk, self.key)[1:]

        choose_face(self, faces)

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        page, look = self.data, self.look
        if page is None:
            return
        head = "\n".join("".join(cell.text for cell in line).strip() for line in self._head(look, 200))
        board: Board[Line] = self.query_one(Board)
        self.shell.copy(f"{head}\n{as_text(COLUMNS, board.everything(), look)}")
        self.shell.tell(Message("ui.copied", {"count": board.count}))


def _state(page: Page, look: Look) -> list[Cell]:
    """The second line: what the data are worth, and the index, the class or the difference."""
    row, gap = page.row, Cell("   ")
    told = [telling.station_state(row.state, look)]
    if row.newest is not None:
        text = look.word("station.newest", at=look.moment(row.newest), age=look.age(row.newest))
        told += [gap, Cell(text, "warn" if row.state == "silent" else "dim")]
    if row.aqi is not None:
        told += [
            gap,
            Cell(f"AQI {row.aqi} ", f"aqi{row.level}" if row.level else ""),
            telling.level(row.level, look),
        ]
    if row.primary:
        names = "/".join(telling.parameter(code, look) for code in row.primary)
        told += [gap, Cell(look.word("station.primary", names=names))]
    if row.water is not None and row.water.grade:
        told += [gap, telling.water_class(row.water.grade, look)]
        names = "/".join(telling.parameter(code, look) for code in row.water.deciding)
        told += [Cell("  " + look.word("station.deciding", names=names))]
        if row.water.exceeded:
            names = "/".join(telling.parameter(code, look) for code in row.water.exceeded)
            told += [Cell("  " + look.word("station.exceeded", names=names), "bad")]
    if row.excess is not None:
        told += [gap, Cell(look.word("station.excess", excess=telling.signed(row.excess)))]
    return told


def _says(page: Page) -> Message:
    """What is wrong, and what to do about it."""
    row = page.row
    if row.state == "silent" and row.newest is None:
        return Message("station.says.never")
    return Message(f"station.says.{row.state}", {"at": row.newest})


def _stands(page: Page, look: Look) -> list[Cell]:
    """The third line: where it stands, at whose source, which feed brings it."""
    told: list[Cell] = []
    if page.lon is not None and page.lat is not None:
        told.append(Cell(f"{page.lon:.4f}, {page.lat:.4f}", "dim"))
    if page.row.water is not None and page.row.water.target:
        target = look.word(f"station.water.{page.row.water.target}")
        told.append(Cell(look.word("station.target", target=target)))
    if any(value is not None for value in page.rated):
        production, treatment = (look.number(value) for value in page.rated)
        told.append(Cell(look.word("station.rated", production=production, treatment=treatment)))
    if page.source is not None:
        told += _source(page.source, page.row.name, look)
    if page.feeds:
        names = "/".join(name for _, name in page.feeds)
        told.append(Cell(f"{look.word('station.feed')} {names}", "dim"))
    spaced: list[Cell] = []
    for cell in told:
        spaced += [cell, Cell("   ")]
    return spaced[:-1]


def _source(source: SourceFacts, name: str, look: Look) -> list[Cell]:
    grade = look.word("station.grade", grade=source.grade) if source.grade else ""
    own = "" if source.name == name else source.name
    about = telling.joined((own, source.industry, grade), " ")
    told = [Cell(f"{look.word('station.source')} {about}")] if about else []
    if source.department:
        told.append(Cell(f"{look.word('station.department')} {source.department}"))
    if source.contact or source.phone:
        told.append(
            Cell(f"{look.word('station.contact')} {telling.joined((source.contact, source.phone), ' ')}")
        )
    return told


def curve(series: Series, measure: Measure) -> Curve:
    """What the trend draws of a parameter."""
    return Curve(
        series.since,
        series.until,
        series.period,
        series.points,
        series.peers,
        measure.limit,
        measure.decimals,
    )


def title(page: Page, measure: Measure, series: Series, look: Look) -> list[Cell]:
    """The line over the plot: what is drawn, and what the lines and marks mean."""
    name = telling.parameter(measure.parameter, look, (measure.name, measure.name_en))
    hours = (series.until - series.since) // HOUR
    told = [
        Cell(
            " " + look.word("station.trend.title", name=name, unit=measure.unit, hours=hours) + "  ", "strong"
        )
    ]
    told.append(Cell(f"{sample('line', look)} {look.word('station.trend.own')}  ", "line"))
    if series.peers:
        told.append(
            Cell(f"{sample('axis', look)} {look.word('station.trend.peers', count=page.peers)}  ", "axis")
        )
    if measure.limit is not None:
        limit = look.number(measure.limit, measure.decimals)
        told.append(Cell(f"- {look.word('station.trend.limit', limit=limit)}  ", "limit"))
    told.append(Cell(look.word("station.trend.keys"), "dim"))
    return told
