"""Reports 日报、值班日志: the periods with their reports and who has not sent yet, the shifts; a report's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.text import width
from backend.words import Message, Outcome
from screens.acting.reports import ReportActs
from screens.base import OverBoard, PageScreen
from screens.columns import Cell, Column
from screens.faces import choose_face
from screens.look import MISSING, Look
from screens.rows import RowSource, View, arrange
from screens.shell import shell
from screens.widgets.line import Line
from screens.widgets.sheet import Sheet, Text, flow
from screens.widgets.tabs import Tab

if TYPE_CHECKING:
    from backend.desk.alarms import Face
    from backend.desk.desk import Desk
    from backend.desk.reports import ReportPage as Page
    from backend.desk.reports import ReportRow
    from backend.reports.shiftlog import Log

EDGE = " "
DAY = 86400
TONES = {"none": "dim", "draft": "warn", "reviewed": "new", "signed": "new", "issued": "good"}


def state(row: ReportRow, look: Look) -> Cell:
    """Where a report stands; a version that another stands for is dim."""
    return Cell(look.word(f"report.state.{row.state}"), TONES.get(row.state, "") if row.newest else "dim")


def _version(row: ReportRow, look: Look) -> Cell:
    if not row.version:
        return Cell(MISSING, "dim")
    told = look.word("reportscreen.version", version=row.version)
    return Cell(
        told if row.newest else f"{told} {look.word('reportscreen.old')}", "" if row.newest else "dim"
    )


def _sent(row: ReportRow, look: Look) -> Cell:
    if not row.expected:
        return Cell(MISSING, "dim")
    whole = row.sent == row.expected
    if row.state == "issued" or look.now >= row.until + DAY:
        return Cell(f"{row.sent}/{row.expected}", "good" if whole else "dim")
    return Cell(f"{row.sent}/{row.expected}", "good" if whole else "bad" if look.now >= row.until else "warn")


def _missing(row: ReportRow, look: Look) -> Cell:
    join = "、" if look.language == "zh" else ", "
    over = row.state == "issued" or look.now >= row.until + DAY
    return Cell(join.join(row.missing), "dim" if over else "")


def _missing_brief(row: Any, look: Look) -> str:
    """The first of them and how many they are, where there is no room for all their names."""
    if len(row.missing) < 2:
        return "".join(row.missing)
    return look.word("reportscreen.missing.count", first=row.missing[0], count=len(row.missing))


def _came(row: Any, look: Look) -> Cell:
    if row.sent is None:
        return Cell(look.word("reportscreen.not_sent"), "warn")
    return Cell(look.moment(row.sent.at), "bad" if row.late else "")


COLUMNS: dict[str, tuple[Column[Any], ...]] = {
    "daily": (
        Column("day", "reportscreen.column.day", lambda row, _look: row.day, 10),
        Column("version", "reportscreen.column.version", _version, 8, rank=2, order=lambda row: row.version),
        Column("state", "reportscreen.column.state", state, 9),
        Column("sent", "reportscreen.column.sent", _sent, 5, align="right", order=lambda row: row.sent),
        Column("missing", "reportscreen.column.missing", _missing, 20, flex=4, brief=_missing_brief),
        Column("by", "reportscreen.column.by", lambda row, _look: row.by or MISSING, 8, flex=1, most=14, rank=1),
        Column("at", "reportscreen.column.at", lambda row, look: look.moment(row.at), 11, rank=3,
               order=lambda row: row.at),
    ),
    "below": (
        Column("name", "reportscreen.column.centre", lambda row, _look: row.name, 24, flex=2, most=40),
        Column("at", "reportscreen.column.sent_at", _came, 11, order=lambda row: row.sent.at if row.sent else None),
        Column("by", "reportscreen.column.by", lambda row, _look: row.by_name or MISSING, 8, flex=1, most=14, rank=1),
        Column("phone", "reportscreen.column.phone", lambda row, _look: row.phone or MISSING, 14, rank=2),
        Column("text", "reportscreen.column.text",
               lambda row, _look: row.sent.text.replace("\n", " ") if row.sent else "", 12, flex=3, rank=3),
    ),
    "shifts": (
        Column("since", "reportscreen.column.since", lambda row, look: look.moment(row.since), 11,
               order=lambda row: row.since),
        Column("until", "reportscreen.column.until",
               lambda row, look: Cell(look.word("reportscreen.lasting"), "good") if row.until is None
               else look.moment(row.until), 11, order=lambda row: row.until),
        Column("person", "reportscreen.column.person", lambda row, _look: row.person_name, 10, flex=1, most=20),
        Column("centre", "reportscreen.column.centre", lambda row, _look: row.centre_name, 16, flex=2),
        Column("handover", "reportscreen.column.handover", lambda row, _look: row.handover or MISSING, 16, flex=1,
               rank=1),
    ),
}  # fmt: skip


class Reports(ReportActs, OverBoard[Any]):
    """The list, opened from everywhere."""

    NAME: ClassVar[str] = "reports"
    EMPTY = "reportscreen.empty"
    EMPTIES: ClassVar[Mapping[str, str]] = MappingProxyType(
        {tab: f"reportscreen.empty.{tab}" for tab in ("below", "shifts")}
    )
    TABS = (
        Tab("daily", "reportscreen.tab.daily"),
        Tab("below", "reportscreen.tab.below"),
        Tab("shifts", "reportscreen.tab.shifts"),
    )

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:
        found: Sequence[Column[Any]] = COLUMNS[facet or "daily"]
        return found

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        from backend.desk import reports

        facet = view.facet or "daily"
        read: dict[str, Callable[[], Sequence[Any]]] = {
            "daily": lambda: reports.board(desk),
            "below": lambda: reports.owing(desk),
            "shifts": lambda: reports.shifts(desk),
        }
        return arrange(read[facet](), view, self.columns_of(facet), look, key=_key)

    def opens(self, row: Any) -> tuple[str, str] | None:
        match self.board.view.facet:
            case "shifts":
                return "shiftlog", str(row.shift)
            case "below":
                return None
        return "report", f"{row.day}:{0 if row.newest else row.version}"

    def report(self) -> ReportRow | None:
        return self.row if self.board.view.facet in ("daily", "") else None


def _key(row: Any) -> str:
    """What tells a row of any tab from the others."""
    if hasattr(row, "day"):
        # The row of a day stays where it is when its next version comes.
        return f"{row.day}:{'newest' if row.newest else row.version}"
    return str(row.shift) if hasattr(row, "shift") else str(row.centre)


class Title(Line):
    """Which report, in which state, and what can be done next."""

    fill = "bar"

    def __init__(self) -> None:
        super().__init__(id="report-title")
        self.page: Page | None = None

    def show(self, page: Page) -> None:
        """Speak of a report."""
        self.page = page
        self.relook()

    def pieces(self) -> list[Cell]:
        look, page = shell(self).look, self.page
        if page is None:
            return [Cell(EDGE + look.word("ui.board.loading"), "dim")]
        row = page.row
        told = [
            Cell(f" {row.centre_name} {row.day} ", "strong"),
            _version(row, look),
            Cell(" "),
            state(row, look),
        ]
        if row.expected:
            told += [Cell(f"  {look.word('reportscreen.column.sent')} "), _sent(row, look)]
        return told

    def right(self) -> list[Cell]:
        look, page = shell(self).look, self.page
        if page is None or not page.next or not page.row.newest:
            return []
        why = page.refusals.get("step")
        told = look.word("reportscreen.next", step=page.next)
        return [Cell(f"{told} ", "dim" if why is not None else "good")]


class ReportPage(ReportActs, PageScreen["Page"]):
    """A version of a daily report: its text, and the steps of its way."""

    NAME: ClassVar[str] = "report"
    CSS_PATH = "reports.tcss"

    def body(self) -> ComposeResult:
        yield Title()
        yield Sheet(self._write, focusable=True, id="report-text")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def load(self, desk: Desk) -> Page | None:
        from backend.desk import reports

        day, _, version = self.key.partition(":")
        return reports.page(desk, day, int(version or 0))

    def fill(self, data: Page) -> None:
        self.query_one(Title).show(data)
        self.query_one(Sheet).relook()

    def report(self) -> ReportRow | None:
        return None if self.data is None else self.data.row

    def remarks(self) -> str:
        return "" if self.data is None else self.data.remark

    def refusal(self, act: str) -> Message | None:
        wanted = {"step": "step", "send_back": "send_back", "correct": "correct", "note": "remark"}.get(act)
        return None if self.data is None or wanted is None else self.data.refusals.get(wanted)

    def _write(self, look: Look, cells: int) -> Text:
        if self.data is None:
            return [[Cell(EDGE + look.word("ui.board.loading"), "dim")]]
        return lines(self.data.text, cells)

    def do_board_copy(self) -> None:
        """The report as plain text on the person's clipboard."""
        if self.data is not None:
            self.shell.copy(self.data.text)
            self.tell(Message("reportscreen.copied"))

    def do_board_save(self) -> None:
        """The report as Markdown and as plain text, in files of the person's own."""
        desk, data, around = self.shell.desk, self.data, self.shell
        if desk is None or data is None:
            return

        def save() -> Outcome:
            from backend.desk import reports

            row = data.row
            name = f"daily-{row.centre}-{row.day}-v{max(1, row.version)}"
            markdown = reports.page(desk, row.day, row.version, kind="md")
            paths = [around.export(f"{name}.txt", data.text)]
            if markdown is not None:
                paths.append(around.export(f"{name}.md", markdown.text))
            return Outcome.done("reportscreen.saved", path=paths[0], count=len(paths))

        around.work(save, around.tell, name="save the report")


class ShiftLogPage(PageScreen[tuple["Log", str]]):
    """The log of a shift."""

    NAME: ClassVar[str] = "shiftlog"
    CSS_PATH = "reports.tcss"

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="shiftlog-text")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def load(self, desk: Desk) -> tuple[Log, str] | None:
        from backend.desk import shiftlog

        log = shiftlog.shift_log(desk, int(self.key))
        return None if log is None else (log, shiftlog.text(desk, log))

    def fill(self, data: tuple[Log, str]) -> None:  # noqa: ARG002 - drawn from what was read
        self.query_one(Sheet).relook()

    def _write(self, look: Look, cells: int) -> Text:
        if self.data is None:
            return [[Cell(EDGE + look.word("ui.board.loading"), "dim")]]
        return lines(self.data[1], cells)

    def do_board_faces(self) -> None:
        """Go to a task, an alarm or an order that the shift had in hand."""
        if self.data is not None:
            log = self.data[0]
            choose_face(self, lambda _desk: _faces(log))

    def do_board_copy(self) -> None:
        """The log as plain text on the person's clipboard."""
        if self.data is not None:
            self.shell.copy(self.data[1])
            self.tell(Message("reportscreen.copied"))

    def do_board_save(self) -> None:
        """The log as Markdown and as plain text, in files of the person's own."""
        desk, data, around = self.shell.desk, self.data, self.shell
        if desk is None or data is None:
            return

        def save() -> Outcome:
            from backend.desk import shiftlog

            path = around.export(f"shift-{self.key}.txt", data[1])
            around.export(f"shift-{self.key}.md", shiftlog.text(desk, data[0], "md"))
            return Outcome.done("reportscreen.saved", path=path, count=2)

        around.work(save, around.tell, name="save the log")


def _faces(log: Log) -> Sequence[Face]:
    """The things that a log speaks of, each once, the last first."""
    from backend.desk.alarms import Face

    pages = {"act": "task", "alarm": "alarm", "order": "order"}
    found = {
        (pages[one.kind], one.item): None for one in reversed(log.entries) if one.kind in pages and one.item
    }
    return [Face(page, key, key) for page, key in found]


def lines(text: str, cells: int) -> Text:
    """A report's lines as they are; one that is too long goes on under its own beginning."""
    found: list[list[Cell]] = []
    for number, line in enumerate(text.splitlines()):
        tone = (
            "title"
            if number == 0
            else "header"
            if line and not line.startswith(" ") and len(line) < 24
            else ""
        )
        if width(line) + 1 <= cells:
            found.append([Cell(EDGE + line, tone)])
            continue
        indent = EDGE + " " * (len(line) - len(line.lstrip(" ")))
        first, *rest = flow(line.strip(), cells - 1, tone, indent)
        found += [first, *([Cell("  " + cell.text, cell.tone) for cell in one] for one in rest)]
    return found
