"""Source tracing 污染溯源: who may have done it with which probability, and why; one key sends somebody there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult

from backend.words import Message
from screens import telling
from screens.acting.tracing import TraceActs
from screens.action import Action
from screens.base import TABBING, PageScreen
from screens.columns import Cell, Column
from screens.faces import choose_face
from screens.listing import Listing
from screens.look import Look
from screens.resting import Follower
from screens.rows import arrange
from screens.tones import shape
from screens.trace_text import PARTS, below, distance, head, text_of
from screens.widgets.board import Board
from screens.widgets.cells import fit
from screens.widgets.polar import direction
from screens.widgets.sheet import Sheet, Text

if TYPE_CHECKING:
    from backend.analysis.sources.answer import Ranked
    from backend.desk.alarms import Face
    from backend.desk.desk import Desk
    from backend.desk.sources import SourcesPage

BAR = 12
SHOWN = 40
"""Candidates that the list shows; the rest is next to nothing."""
NONE = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: a candidate, or none of them."""

    key: str
    probability: float
    ranked: Ranked | None
    department: str = ""


def _bar(line: Line, look: Look) -> Cell:
    full = round(line.probability * BAR)
    percent = f"{100 * line.probability:.0f}%" if line.probability >= 0.01 else "<1%"
    tone = "bad" if line.probability >= 0.5 else "warn" if line.probability >= 0.2 else "line"
    return Cell(f"{percent:>4} {fit(shape('bar', look.ascii) * full, BAR)}", tone if full else "dim")


def _name(line: Line, look: Look) -> Cell:
    if line.ranked is None:
        return Cell(look.word("sources.none"), "strong")
    return Cell(f"{line.ranked.source.name}")


def _short(line: Line, look: Look) -> str:
    return look.word("sources.none_short") if line.ranked is None else line.ranked.source.name


def _kind(line: Line, look: Look) -> Cell:
    if line.ranked is None:
        return Cell("")
    return Cell(telling.source_kind(line.ranked.source.kind, look), "dim")


def _where(line: Line, look: Look) -> Cell:
    one = line.ranked
    return Cell("" if one is None else f"{direction(one.bearing, look)} {distance(one.distance)}")


def _department(line: Line, _look: Look) -> Cell:
    return Cell(line.department, "dim")


COLUMNS: tuple[Column[Line], ...] = (
    Column("probability", "tracescreen.column.probability", _bar, BAR + 5, order=lambda line: line.probability),
    Column("name", "tracescreen.column.name", _name, 32, flex=3, most=48, numbered=True, brief=_short),
    Column("where", "tracescreen.column.where", _where, 12,
           order=lambda line: line.ranked.distance if line.ranked is not None else None),
    Column("kind", "tracescreen.column.kind", _kind, 8, flex=1, most=20, rank=2),
    Column("department", "tracescreen.column.department", _department, 12, flex=1, most=32, rank=1),
)  # fmt: skip


class Below(Sheet):
    """The pane under the list: as many lines as it has are written."""

    def on_resize(self, _event: events.Resize) -> None:
        self.relook()


class TracePage(TraceActs, Listing, PageScreen["SourcesPage"]):
    """The page. Its key says what is asked: ``station:CODE``, ``alarm:ID``, ``grid:CODE``; after ``|`` a parameter if
    any, and after another the instant of which it is asked where that is not now."""

    NAME: ClassVar[str] = "trace"
    CSS_PATH = "trace.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - declared so by the framework

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self._part = PARTS[0]
        self._why: Message | None = None
        self._under = Follower(self, lambda: self.query_one(Below).relook())

    def body(self) -> ComposeResult:
        yield Sheet(self._head, id="trace-head")
        yield Board[Line](COLUMNS, empty="tracescreen.empty", id="trace-list")
        yield Below(self._below, id="trace-below")

    def on_mount(self) -> None:
        self.query_one(Board).focus()

    # What was asked, and the answer.

    def load(self, desk: Desk) -> SourcesPage | None:
        from backend.desk import sources

        kind, _, rest = self.key.partition(":")
        code, parameter, at = (*rest.split("|"), "", "")[:3]
        given: dict[str, Any] = {"alarm": int(code)} if kind == "alarm" else {kind: code}
        try:
            question = sources.asked(desk, parameter=parameter, at=int(at) if at else None, **given)
        except sources.SourcesError as error:
            self._why = error.message
            return None
        found = sources.page(desk, question)
        if found is None:
            self._why = Message("sources.refused.nothing")
        return found

    def _answered(self, data: SourcesPage | None) -> None:
        super()._answered(data)
        if data is None and self._why is not None and self.is_attached:
            self.tell(self._why)
            self.query_one("#trace-head", Sheet).relook()

    def changed(self, desk: Desk) -> None:
        # What was known when it was asked stays: the list must not move under the person's hands.
        if self.data is None:
            super().changed(desk)

    def do_app_reload(self) -> None:
        """Ask anew, with what is known by now."""
        if (desk := self.shell.desk) is not None:
            self._read(desk)

    def fill(self, data: SourcesPage) -> None:
        look, answer = self.look, data.answer
        rows = [
            Line(one.source.code, one.probability, one, data.departments.get(one.source.department, ""))
            for one in answer.ranked[:SHOWN]
        ]
        rows.append(Line(NONE, answer.none, None))
        rows.sort(key=lambda line: -line.probability)
        self.query_one(Board).renew(
            lambda view: arrange(rows, view, COLUMNS, look, key=lambda line: line.key)
        )
        self.query_one("#trace-head", Sheet).relook()
        self.query_one(Below).relook()

    def _head(self, look: Look, cells: int) -> Text:
        if self.data is None and self._why is not None:
            return [[Cell(f" {look.say(self._why)}", "warn")]]
        return head(self.data, look, cells)

    def _below(self, look: Look, cells: int) -> Text:
        page = self.data
        if page is None:
            return []
        line = self.line
        pane = self.query_one(Below)
        ranked = line.ranked if line is not None else None
        none = line is not None and line.ranked is None
        return below(page, ranked, none, look, cells, pane.size.height, self._part)

    # The list.

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        row: Line | None = self.query_one(Board).row
        return row

    def has_row(self) -> bool:
        return self.line is not None

    def on_board_moved(self, event: Board.Moved) -> None:
        self._under.follow(event.key)
        self.refresh_keys()

    def on_board_opened(self, event: Board.Opened) -> None:
        if event.row.ranked is not None:
            self.shell.open_page("source", event.row.ranked.source.code)

    def performs(self, what: Action) -> bool:
        return what.id in TABBING or super().performs(what)

    def do_move_next_tab(self) -> None:
        """The next part of what stands under the list."""
        self._turn(1)

    def do_move_previous_tab(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        self._part = PARTS[(PARTS.index(self._part) + step) % len(PARTS)]
        self.query_one(Below).relook()

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        data, line = self.data, self.line
        ranked = line.ranked if line is not None else None
        if data is None:
            return
        station = data.answer.station

        def faces(_desk: Desk) -> Sequence[Face]:
            from backend.desk.alarms import Face

            found = [Face("source", ranked.source.code, ranked.source.name)] if ranked is not None else []
            if ranked is not None and ranked.source.grid:
                found.append(Face("grid", ranked.source.grid, ranked.source.grid))
            return [*found, *([Face("station", station, data.answer.place)] if station else [])]

        choose_face(self, faces)

    def do_board_copy(self) -> None:
        """The answer with all its evidence, as plain text on the person's clipboard."""
        if self.data is None:
            return
        text = text_of(self.data, self.look)
        self.shell.copy(text)
        self.shell.tell(Message("ui.copied", {"count": text.count("\n") + 1}))

    def do_board_save(self) -> None:
        """The list as a CSV file."""
        super().do_board_save()

    # What `TraceActs` asks.

    def meant(self) -> tuple[SourcesPage, Ranked] | None:
        line = self.line
        return (
            (self.data, line.ranked) if self.data is not None and line is not None and line.ranked else None
        )

    # What a new login brings back.

    def remember(self) -> dict[str, Any]:
        return {"part": self._part}

    def restore(self, kept: Mapping[str, Any]) -> None:
        part = kept.get("part")
        self._part = part if part in PARTS else PARTS[0]
