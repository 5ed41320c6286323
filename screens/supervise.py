"""Supervision 监管: who holds what overdue, what waits for a word, what was shelved, the ranking, the load on seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens import task_columns
from screens.acting.more import MoreActs
from screens.base import BoardScreen
from screens.columns import Cell, Column
from screens.dialogs.form import Field, Plan
from screens.dialogs.menu import Menu
from screens.dialogs.sure import Sure
from screens.dialogs.told import Told
from screens.faces import choose_face
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.shell import shell
from screens.supervise_columns import COLUMNS, ENTRIES, budget_pieces
from screens.tabbed import Read, TabbedBoard
from screens.widgets.board import Board
from screens.widgets.choices import Choice
from screens.widgets.line import Line
from screens.widgets.reading import Want
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.approvals import Approval
    from backend.desk.brief import UseRow
    from backend.desk.desk import Desk
    from backend.desk.faces import Face
    from backend.desk.gauges import Gauges

RANKS = ("county", "township", "department")
MONTHS = 12
"""Months that can be ranked: this one and those before it."""


class BudgetLine(Line):
    """The escalation budget, live: what share of the alarms rose, against what may."""

    fill = "bar"

    def __init__(self) -> None:
        super().__init__(id="budget")
        self.gauges: Gauges | None = None
        self.month = ""

    def show(self, gauges: Gauges, month: str) -> None:
        """Tell of the present numbers, and which month is ranked where it is not this one."""
        self.gauges, self.month = gauges, month
        self.relook()

    def pieces(self) -> list[Cell]:
        look = shell(self).look
        ranked = [Cell(f" {look.word('supervise.month', month=self.month)} ", "mark")] if self.month else []
        room = self.size.width - sum(cell_len(piece.text) for piece in ranked)
        return [*ranked, *budget_pieces(self.gauges, look, room)]


class Supervise(MoreActs, TabbedBoard):
    """The supervisor's screen, over whatever one was doing."""

    NAME: ClassVar[str] = "supervise"
    EMPTY = "supervise.empty"
    EMPTIES: ClassVar[Mapping[str, str]] = MappingProxyType(
        {tab: f"supervise.empty.{tab}" for tab in ("overdue", "callers", "approvals", "shelved", "briefs")}
    )
    TABLES = COLUMNS
    month = ""
    """The month of the ranking, as ``2026-11``; empty for this one."""
    TABS = tuple(Tab(name, f"supervise.tab.{name}") for name in COLUMNS)

    def beside(self) -> ComposeResult:
        yield BudgetLine()

    def reads(self) -> Mapping[str, Read]:
        from backend.desk import alarms, approvals, brief, complaints, gauges, scores, supervise

        return {
            "overdue": supervise.overdue,
            "callers": complaints.late,
            "approvals": approvals.waiting,
            "shelved": lambda desk: alarms.board(desk, states=alarms.VIEWS["shelved"]),
            "load": lambda desk: gauges.gauges(desk).rows,
            "briefs": brief.uses_board,
            **{by: partial(scores.ranking, by=by, month=self.month) for by in RANKS},
        }

    def key_of(self, facet: str, row: Any) -> str:
        match facet:
            case "overdue" | "approvals":
                return f"{facet}:{row.task.id}"
            case "callers":
                return f"complaint:{row.id}"
            case "shelved":
                return f"alarm:{row.id}"
            case "briefs":
                return f"brief:{row.id}"
            case "load":
                return f"load:{row.centre}"
        return f"{facet}:{row.code}"

    def also(self, row: Any) -> str:
        task: Any = getattr(row, "task", None)
        return str(task.id) if hasattr(task, "id") else str(getattr(row, "code", ""))

    def looked(self, desk: Desk) -> None:
        def count() -> tuple[Mapping[str, int], Gauges]:
            from backend.desk import alarms, approvals, complaints, gauges, supervise

            counts = {
                "overdue": len(supervise.overdue(desk)),
                "callers": len(complaints.late(desk)),
                "approvals": approvals.count(desk),
                "shelved": alarms.counts(desk).get("shelved", 0),
            }
            return counts, gauges.gauges(desk)

        def done(found: tuple[Mapping[str, int], Gauges]) -> None:
            if self.stands:
                self.query_one(Tabs).show(self.facet, found[0])
                self.query_one(BudgetLine).show(found[1], self.month)

        self.shell.work(count, done, name="supervision counts")

    def opens(self, row: Any) -> tuple[str, str] | None:
        match self.facet:
            case "overdue" | "approvals":
                return "task", row.task.id
            case "callers":
                return "complaint", str(row.id)
            case "shelved":
                return "alarm", str(row.id)
            case "load":
                return "grid", row.grid
            case "briefs":
                return None
        return "ranked", f"{self.facet}:{row.code}:{self.month}"

    def unfolds(self, row: Any) -> bool:  # noqa: ARG002 - all rows of a tab do
        return self.facet == "briefs"

    def on_board_opened(self, event: Board.Opened) -> None:
        """A brief is shown again as it was read out."""
        if self.facet == "briefs":
            self.shell.show(
                Told(Message("supervise.brief", {"at": event.row.at}), told_again(event.row)), _nothing
            )
            event.prevent_default()

    def do_supervise_month(self) -> None:
        """Rank another month."""
        choices = [Choice(month, month) for month in months_back(self.shell.now(), self.look.zone)]
        self.shell.show(Menu(Message("supervise.menu.month"), choices), self._ranked)

    def _ranked(self, month: str | None) -> None:
        if month is None or not self.stands:
            return
        this = months_back(self.shell.now(), self.look.zone)[0]
        self.month = "" if month == this else month
        if self.facet not in RANKS:
            self.turn_to(RANKS[0])
        self.board.want(Want.ORDER)
        if (desk := self.shell.desk) is not None:
            self.looked(desk)

    def do_board_faces(self) -> None:
        """Where one can go from the row under the cursor."""
        if (row := self.row) is not None:
            choose_face(self, partial(_faces, facet=self.facet, row=row))

    # The task that is meant, and the word on what was asked.

    def task_id(self) -> str:
        row = self.row
        return row.task.id if row is not None and self.facet in ("overdue", "approvals") else ""

    def refusal(self, act: str) -> Message | None:
        row = self.row
        if act in ("approve", "refuse"):
            if self.facet != "approvals" or row is None:
                return Message("ui.off.no_row")
            return row.refusal if act == "approve" else None
        if act in ("urge", "supervise", "escalate") and not self.task_id():
            return Message("ui.off.no_row")
        return super().refusal(act)

    def do_supervise_approve(self) -> None:
        """Approve what is asked for; several that are marked at once, committed with another key."""
        rows = self.board.marked()
        if not rows:
            return
        first: Approval = rows[0]
        asked: Mapping[str, Any] = {"task": first.task.id, "asked": first.asked}
        many = len(rows) > 1
        question = (
            Message("supervise.sure_many", {"count": len(rows)}) if many else Message("supervise.sure", asked)
        )
        about = [
            Message("supervise.approve", {"task": row.task.id, "by": row.asked_by, "at": row.asked_at})
            for row in rows[:8]
        ]
        about += [Message("supervise.said", {"text": first.reason})] if first.reason and not many else []
        given = [(row.task.id, row.task.version) for row in rows]
        self.sure(Sure(question, about), lambda: self.act(partial(_grant, given=given), self._unmark))

    def _unmark(self, outcome: Outcome) -> None:
        if outcome.ok and self.stands:
            self.board.do_board_unmark()

    def do_supervise_refuse(self) -> None:
        """Refuse what is asked for, with the reason that the asker reads."""
        row: Approval | None = self.row
        if row is None:
            return
        plan = Plan(
            Message("supervise.refuse", {"task": row.task.id}),
            [Field("reason", "supervise.field.reason")],
            [Message("supervise.approve", {"task": row.task.id, "by": row.asked_by, "at": row.asked_at})],
            f"approval:{row.task.id}",
        )
        self.ask(plan, partial(_deny, task=row.task.id, version=row.task.version))


def months_back(now: int, zone: tzinfo) -> list[str]:
    """This month and the eleven before it, newest first, as ``2026-11``."""
    here = datetime.fromtimestamp(now, zone)
    counted = [here.year * 12 + here.month - 1 - back for back in range(MONTHS)]
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in counted]


def told_again(row: UseRow) -> list[Message]:
    """Who had it read out, what came of it, and what was said."""
    lines = [Message("supervise.brief.by", {"person": row.person, "caller": row.caller or "--"})]
    lines += [Message("supervise.brief.order", {"order": code, "title": title}) for code, title in row.orders]
    return [*lines, *(Message("supervise.brief.line", {"text": line}) for line in row.text.splitlines())]


def _nothing(_: None) -> None:
    """A text that was read asks for nothing."""


def _grant(desk: Desk, given: Sequence[tuple[str, int]]) -> Outcome:
    from backend.desk import approvals

    outcomes = [approvals.grant(desk, task, seen_version=version) for task, version in given]
    refused = [one for one in outcomes if not one.ok]
    if len(outcomes) == 1 or len(refused) == len(outcomes):
        return (refused or outcomes)[0]
    return Outcome.done("supervise.granted", count=len(outcomes) - len(refused), left=len(refused))


def _deny(desk: Desk, values: Mapping[str, str], task: str, version: int) -> Outcome:
    from backend.desk import approvals

    return approvals.deny(desk, task, values["reason"], seen_version=version)


def _faces(desk: Desk, facet: str, row: Any) -> Sequence[Face]:
    from backend.desk import alarms, places
    from backend.desk.faces import Face

    match facet:
        case "overdue" | "approvals":
            return places.faces_of_task(desk, row.task.id)
        case "callers":
            return [Face("incident", row.incident, row.place)]
        case "shelved":
            page = alarms.page(desk, row.id)
            return page.faces if page is not None else ()
        case "briefs":
            return [Face("order", code, title or code) for code, title in row.orders]
        case "department":
            return ()
    return places.faces_of_grid(desk, row.grid if facet == "load" else row.code)


class Ranked(BoardScreen[Any]):
    """What stands behind one line of the ranking: its tasks of the month, and its entries in the ledger."""

    NAME: ClassVar[str] = "ranked"
    EMPTY = "supervise.empty_month"
    TABS = (Tab("tasks", "supervise.tab.tasks"), Tab("entries", "supervise.tab.entries"))
    TASKS = (
        task_columns.CLOCK,
        task_columns.STATE,
        task_columns.PRIORITY,
        task_columns.TYPE,
        task_columns.PLACE,
        task_columns.HOLDER,
        task_columns.LEVEL,
        task_columns.MISSED,
        task_columns.ID,
    )

    def __init__(self, key: str) -> None:
        super().__init__()
        self.by, self.code, self.month = (*key.split(":"), "")[:3]

    @property
    def slot(self) -> str:
        return f"{self.NAME}:{self.by}:{self.code}:{self.month}"

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:
        return ENTRIES if facet == "entries" else self.TASKS

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        from backend.desk import scores, supervise

        if view.facet == "entries":
            found = scores.entries(desk, by=self.by, code=self.code, month=self.month)
            return arrange(found, view, ENTRIES, look, key=lambda row: f"entry:{row.id}")
        rows = supervise.tasks_of(desk, self.by, self.code, self.month)
        return arrange(rows, view, self.TASKS, look, key=lambda row: row.id, also=lambda row: row.id)

    def do_board_faces(self) -> None:
        """Where one can go from the task under the cursor."""
        page = self.opens(self.row) if self.row is not None else None
        if page is not None:
            choose_face(self, partial(_task_faces, task=page[1]))

    def opens(self, row: Any) -> tuple[str, str] | None:
        task = row.task if self.board.view.facet == "entries" else row.id
        return ("task", task) if task else None


def _task_faces(desk: Desk, task: str) -> Sequence[Face]:
    from backend.desk import places

    return places.faces_of_task(desk, task)
