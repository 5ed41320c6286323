"""The page of a hot grid 热点网格分析: why it is hot, its trend, its hot hours, the ladder, the three lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.events import Resize

from backend.words import Message
from screens import hotspots_text as told
from screens.base import PageScreen
from screens.columns import Cell, Column
from screens.copies import as_text
from screens.faces import choose_face
from screens.hotspots_charts import LADDER, LISTED, PlaceData, charts, head
from screens.hotspots_read import read_place
from screens.listing import Listing
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.widgets.board import Board
from screens.widgets.sheet import Sheet, Text, flow
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.hotspotrows import MonthLists

TABS = (
    Tab("charts", "maps.tab.charts"),
    Tab("ladder", "maps.tab.ladder"),
    Tab("highest", "maps.tab.highest"),
    Tab("year", "maps.tab.year"),
    Tab("month", "maps.tab.month"),
)


class Charts(Sheet):
    """Charts as high as the room that is left."""

    def on_resize(self, _event: Resize) -> None:
        self.relook()


class HotGridPage(Listing, PageScreen[PlaceData]):
    """A hot grid."""

    NAME: ClassVar[str] = "hotgrid"
    CSS_PATH = "hotspots_page.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - declared so by the framework

    def body(self) -> ComposeResult:
        yield Sheet(self._head, id="hotgrid-head")
        yield Tabs(TABS)
        yield Charts(self._charts, focusable=True, id="hotgrid-charts")
        yield Board[Any](LADDER, empty="maps.page.no_lists", id="hotgrid-list")
        yield Sheet(self._notes, id="hotgrid-notes")

    def on_mount(self) -> None:
        self._turned("charts")

    @property
    def facet(self) -> str:
        """The tab that is shown."""
        return self.query_one(Tabs).here

    # Reading.

    def load(self, desk: Desk) -> PlaceData | None:
        return read_place(desk, self.key)

    def fill(self, data: PlaceData) -> None:  # noqa: ARG002 - all of it is written by the parts
        self.board.attach(lambda view: self._listed(view, self.look))
        for sheet in self.query(Sheet):
            sheet.relook()

    def _month(self) -> MonthLists | None:
        """The newest closed month's lists; the running one's where none is closed."""
        ladder = self.data.ladder if self.data is not None else None
        lists = [] if ladder is None else sorted(ladder.lists, key=lambda one: (one.open, one.month))
        return lists[0] if lists else None

    def _listed(self, view: View, look: Look) -> RowSource[Any]:
        facet, data, month = self.facet, self.data, self._month()
        if facet == "ladder":
            rows: Sequence[Any] = data.ladder.rows if data is not None and data.ladder is not None else ()
        elif month is None:
            rows = ()
        else:
            rows = {"highest": month.highest, "year": month.year, "month": month.month_on_month}.get(
                facet, ()
            )
        return arrange(rows, view, self._columns(facet), look, key=lambda row: row.code)

    def _columns(self, facet: str) -> Sequence[Column[Any]]:
        return LADDER if facet == "ladder" else LISTED

    # Tabs.

    def _turned(self, facet: str) -> None:
        tabs, sheet, board = self.query_one(Tabs), self.query_one(Charts), self.board
        tabs.show(facet)
        sheet.display, board.display = facet == "charts", facet != "charts"
        notes = self.query_one("#hotgrid-notes", Sheet)
        notes.display = facet != "charts"
        if facet == "charts":
            sheet.focus()
        else:
            board.recolumn(self._columns(facet))
            board.show(View(facet))
            board.focus()
            notes.relook()
        self.refresh_keys()

    def do_move_next_tab(self) -> None:
        self._turned(self.query_one(Tabs).beside(1))

    def do_move_previous_tab(self) -> None:
        self._turned(self.query_one(Tabs).beside(-1))

    # Showing.

    def _head(self, look: Look, cells: int) -> Text:
        return head(self.data, look, cells, 8 if self.size.height >= 30 else 4)

    def _charts(self, look: Look, cells: int) -> Text:
        return charts(self.data, look, cells, self.query_one(Charts).size.height)

    def _notes(self, look: Look, cells: int) -> Text:
        month = self._month()
        if month is None:
            return []
        state = look.word("maps.page.open" if month.open else "maps.page.closed", month=month.month)
        lines: list[list[Cell]] = [[Cell(f" {state}", "dim")]]
        for note in month.notes:
            lines += flow(look.say(note), cells - 1, "warn", " ")
        return lines[:3]

    def has_row(self) -> bool:
        return self.data is not None and (self.facet == "charts" or self.board.row is not None)

    def on_board_moved(self, _event: Board.Moved) -> None:
        self.refresh_keys()

    def on_board_opened(self, event: Board.Opened) -> None:
        self.shell.open_page("grid", event.row.code)

    # Going on.

    def traced(self) -> str:
        """What the page of sources is asked for."""
        data = self.data
        if data is None:
            return ""
        return told.traced(data.row, data.under, data.parameter, data.at + data.period)

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        under = self.data.under if self.data is not None else None
        choose_face(self, lambda _desk: told.faces(under))

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        look = self.look
        lines = ["".join(cell.text for cell in line).strip() for line in head(self.data, look, 200, 99)]
        if self.facet != "charts":
            lines.append(as_text(self.board.columns, self.board.everything(), look))
        self.shell.copy("\n".join(lines))
        self.shell.tell(Message("ui.copied", {"count": len(lines)}))

    def remember(self) -> dict[str, Any]:
        return {"tab": self.facet}

    def restore(self, kept: Mapping[str, Any]) -> None:
        if kept.get("tab") in {tab.key for tab in TABS}:
            self._turned(str(kept["tab"]))
