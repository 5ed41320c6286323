"""A grid or a source: whom to call, and all that is there (tasks, alarms, stations, sources) in one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens import alarm_cells, clocks, telling
from screens.base import PageScreen
from screens.columns import Cell, Column
from screens.copies import as_text
from screens.faces import choose_face
from screens.listing import Listing
from screens.look import MISSING, Look
from screens.rows import arrange
from screens.widgets.board import Board
from screens.widgets.sheet import Sheet, Text

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow, Face
    from backend.desk.desk import Desk
    from backend.desk.places import PlacePage as Page
    from backend.desk.stationfacts import SourceFacts
    from backend.desk.stations import StationRow
    from backend.desk.tasks import TaskRow


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is there; exactly one of the four is given."""

    page: str
    key: str
    task: TaskRow | None = None
    alarm: AlarmRow | None = None
    station: StationRow | None = None
    source: SourceFacts | None = None


def items(page: Page) -> list[Item]:
    """What is there: what asks for work first."""
    return [
        *(Item("task", row.id, task=row) for row in page.tasks),
        *(Item("alarm", str(row.id), alarm=row) for row in page.alarms),
        *(Item("station", row.code, station=row) for row in page.stations),
        *(Item("source", row.code, source=row) for row in page.sources),
    ]


def _kind(item: Item, look: Look) -> Cell:
    return Cell(look.word(f"place.item.{item.page}"), "dim")


def _name(item: Item, look: Look) -> str:
    if item.task is not None:
        return f"{look.pick(*item.task.type_name)} {item.task.place}"
    if item.alarm is not None:
        return f"{alarm_cells.rule(item.alarm, look)} {item.alarm.place}"
    named = item.station or item.source
    return named.name if named is not None else item.key


def _state(item: Item, look: Look) -> Cell:
    if item.task is not None:
        return Cell(look.word(f"task.state.{item.task.told_as}"))
    if item.alarm is not None:
        return alarm_cells.state(item.alarm.state, look)
    if item.station is not None:
        return telling.station_state(item.station.state, look)
    grade = item.source.grade if item.source is not None else ""
    return Cell(look.word("station.grade", grade=grade) if grade else "")


def _detail(item: Item, look: Look) -> Cell:
    if item.task is not None:
        return Cell(telling.joined((item.task.id, item.task.holder_name)))
    if item.alarm is not None:
        told = (alarm_cells.parameter(item.alarm, look), alarm_cells.reading(item.alarm, look))
        return Cell(telling.joined(told, " "))
    if item.station is not None:
        return Cell(station_says(item.station, look))
    row = item.source
    return Cell("" if row is None else telling.joined((row.industry, row.contact, row.phone)))


def station_says(row: StationRow, look: Look) -> str:
    """A station's newest values in a few words."""
    if row.aqi is not None:
        return f"AQI {row.aqi} {look.word(f'station.level.{row.level}') if row.level else ''}".rstrip()
    if row.water is not None and row.water.grade:
        return telling.water_class(row.water.grade, look).text
    known = []
    for code, value in sorted(row.values.items()):
        decimals = 0 if value.value is not None and value.value >= 10 else 2
        known.append(f"{telling.parameter(code, look)} {telling.value(value, decimals, look).text}")
    return telling.joined(known[:3]) or telling.station_kind(row.kind, look)


def _at(item: Item, look: Look) -> Cell:
    if item.task is not None:
        return clocks.badge(item.task, look)
    if item.alarm is not None:
        return Cell(alarm_cells.appeared(item.alarm, look), "dim")
    if item.station is not None:
        return Cell(look.moment(item.station.newest), "dim")
    return Cell("")


COLUMNS: tuple[Column[Item], ...] = (
    Column("kind", "place.column.kind", _kind, 7),
    Column("name", "place.column.name", _name, 18, flex=2, most=40),
    Column("state", "place.column.state", _state, 14),
    Column("detail", "place.column.detail", _detail, 18, flex=3),
    Column("at", "place.column.at", _at, 11, rank=1),
)


class PlaceScreen(Listing, PageScreen["Page"]):
    """What grids and sources have in common."""

    CSS_PATH = "place.tcss"

    def body(self) -> ComposeResult:
        yield Sheet(self._head, id="place-head")
        yield Board[Item](COLUMNS, empty="place.empty", id="place-items")

    def on_mount(self) -> None:
        self.query_one(Board).focus()

    def fill(self, data: Page) -> None:
        look = self.look
        self.query_one(Board).renew(
            lambda view: arrange(items(data), view, COLUMNS, look, key=lambda item: f"{item.page}:{item.key}")
        )
        self.query_one(Sheet).relook()

    def has_row(self) -> bool:
        return self.query_one(Board).row is not None

    def on_board_settled(self, _event: Board.Settled) -> None:
        # There is something to open now, or nothing any more.
        self.refresh_keys()

    def on_board_opened(self, event: Board.Opened) -> None:
        self.shell.open_page(event.row.page, event.row.key)

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        faces: Sequence[Face] = () if self.data is None else self.data.faces
        choose_face(self, lambda _desk: faces)

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        board: Board[Item] = self.query_one(Board)
        lines = ["".join(cell.text for cell in line).strip() for line in self._head(self.look, 200)]
        self.shell.copy("\n".join([*lines, as_text(COLUMNS, board.everything(), self.look)]))
        self.shell.tell(Message("ui.copied", {"count": len(lines) + board.count}))

    def _head(self, look: Look, _cells: int) -> Text:
        page = self.data
        if page is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        lines: list[Sequence[Cell]] = [_title(page, look)]
        if page.source is not None:
            lines.append([Cell(" "), *_about(page, look)])
        if page.contacts:
            told = [
                telling.joined((look.word(f"place.role.{one.role}"), one.name, one.phone), " ")
                for one in page.contacts
            ]
            lines.append([Cell(f" {look.word('place.contact')}  ", "dim"), Cell(telling.joined(told, "   "))])
        counts = look.word(
            "place.holds",
            tasks=len(page.tasks),
            alarms=len(page.alarms),
            stations=len(page.stations),
            sources=len(page.sources),
        )
        return [*lines, [Cell(f" {counts}", "dim")]]


def _title(page: Page, look: Look) -> list[Cell]:
    if page.kind == "grid":
        kind = look.word(f"place.grid.{page.level}")
    else:
        kind = telling.source_kind(page.source.kind, look) if page.source else ""
    told = [
        Cell(f" {look.pick(page.name, page.name_en)} ", "title"),
        Cell(f" {page.code}  {kind}", "dim"),
    ]
    above = "/".join(face.name for face in reversed(page.faces) if face.page == "grid")
    if above:
        told.append(Cell(f"   {above}"))
    if page.made_up:
        told.append(Cell(f"   {look.word('station.made_up')}", "made_up"))
    return told


def _about(page: Page, look: Look) -> list[Cell]:
    row = page.source
    if row is None:
        return []
    told = [row.industry, look.word("station.grade", grade=row.grade) if row.grade else ""]
    told.append(look.word("place.under", department=row.department) if row.department else "")
    for production, treatment in page.rated:
        rated = {"production": look.number(production), "treatment": look.number(treatment)}
        told.append(look.word("station.rated", **rated))
    if page.lon is not None and page.lat is not None:
        told.append(f"{page.lon:.4f}, {page.lat:.4f}")
    return [Cell(telling.joined(told, "   ") or MISSING)]


class GridPage(PlaceScreen):
    """A grid."""

    NAME: ClassVar[str] = "grid"

    def load(self, desk: Desk) -> Page | None:
        from backend.desk import places

        return places.grid(desk, self.key)


class SourcePage(PlaceScreen):
    """A source."""

    NAME: ClassVar[str] = "source"

    def load(self, desk: Desk) -> Page | None:
        from backend.desk import places

        return places.source(desk, self.key)
