"""An incident 事件: its tasks, complaints, reports, alarms and evidence, and all that happened, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens import alarm_cells, clocks, complaint_cells, telling
from screens.acting import plans
from screens.base import PageScreen
from screens.columns import Cell, Column
from screens.copies import as_text
from screens.dialogs.form import Plan
from screens.faces import choose_face
from screens.listing import Listing
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.tones import shape
from screens.widgets.board import Board
from screens.widgets.sheet import Sheet, Text
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow
    from backend.desk.complaints import ComplaintRow
    from backend.desk.desk import Desk
    from backend.desk.evidence import EvidenceRow
    from backend.desk.incidents import IncidentPage as Page
    from backend.desk.incidents import ReportRow, Step
    from backend.desk.tasks import TaskRow

TABS = (Tab("parts", "incidentscreen.tab.parts"), Tab("steps", "incidentscreen.tab.steps"))


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that belongs to an incident, or one step of what happened; exactly one of them is given."""

    id: str
    page: str = ""
    """The page that Enter opens, empty where none tells more."""
    key: str = ""
    task: TaskRow | None = None
    complaint: ComplaintRow | None = None
    report: ReportRow | None = None
    alarm: AlarmRow | None = None
    evidence: EvidenceRow | None = None
    step: Step | None = None


def parts(page: Page) -> Iterator[Part]:
    """What belongs to it: what people owe first."""
    for task in page.tasks:
        yield Part(f"task:{task.id}", "task", task.id, task=task)
    for told in page.complaints:
        yield Part(f"complaint:{told.id}", "complaint", str(told.id), complaint=told)
    for number, report in enumerate(page.reports):
        yield Part(f"report:{number}", report=report)
    for alarm in page.alarms:
        yield Part(f"alarm:{alarm.id}", "alarm", str(alarm.id), alarm=alarm)
    for one in page.evidence:
        yield Part(f"evidence:{one.id}", "task" if one.task else "", one.task, evidence=one)


def steps(page: Page) -> Iterator[Part]:
    """What happened, newest first."""
    for number, step in enumerate(page.steps):
        yield Part(f"step:{len(page.steps) - number}", step.page, step.key, step=step)


def _kind(part: Part, look: Look) -> Cell:
    name = part.step.kind if part.step is not None else part.id.partition(":")[0]
    return Cell(look.word(f"incidentscreen.part.{name}"), "dim")


def _what(part: Part, look: Look) -> str:
    if part.task is not None:
        return f"{look.pick(*part.task.type_name)} {part.task.place}"
    if part.complaint is not None:
        return part.complaint.text or part.complaint.place
    if part.report is not None:
        return part.report.text or look.word(f"intakescreen.channel.{part.report.channel}")
    if part.alarm is not None:
        return f"{alarm_cells.rule(part.alarm, look)} {part.alarm.place}"
    if part.evidence is not None:
        return telling.joined((part.evidence.ref, part.evidence.note))
    return ""


def _state(part: Part, look: Look) -> Cell:
    if part.task is not None:
        return Cell(look.word(f"task.state.{part.task.told_as}"))
    if part.complaint is not None:
        return complaint_cells.state(part.complaint, look)
    if part.report is not None:
        return Cell(look.word(f"intakescreen.channel.{part.report.channel}"))
    if part.alarm is not None:
        return alarm_cells.state(part.alarm.state, look)
    if part.evidence is not None and part.evidence.stance:
        return stance(part.evidence.stance, look)
    return Cell("")


def stance(name: str, look: Look) -> Cell:
    """For 支持 or against 反驳, by word, shape and tone."""
    tone = {"for": "good", "against": "bad"}.get(name, "")
    mark = f"{shape(tone, look.ascii)} " if tone else ""
    return Cell(f"{mark}{look.word(f'evidence.stance.{name}')}", tone)


def _detail(part: Part, look: Look) -> Cell:
    if part.task is not None:
        return Cell(telling.joined((part.task.id, part.task.holder_name)))
    if part.complaint is not None:
        one = part.complaint
        return Cell(telling.joined((one.number, telling.joined((one.caller, one.phone), " "))))
    if part.report is not None:
        return Cell(telling.joined((part.report.number, part.report.by)))
    if part.alarm is not None:
        told = (alarm_cells.parameter(part.alarm, look), alarm_cells.reading(part.alarm, look))
        return Cell(telling.joined(told, " "))
    one_more = part.evidence
    return Cell(
        "" if one_more is None else telling.joined((look.word(f"evidence.{one_more.kind}"), one_more.by))
    )


def _at(part: Part, look: Look) -> Cell:
    if part.task is not None:
        return clocks.badge(part.task, look)
    if part.complaint is not None:
        return complaint_cells.due(part.complaint, look)
    at = next(
        (one for one in (
            part.report.at if part.report else None,
            (part.alarm.presented or part.alarm.began) if part.alarm else None,
            part.evidence.at if part.evidence else None,
            part.step.at if part.step else None,
        ) if one is not None),
        None,
    )  # fmt: skip
    return Cell(look.moment(at), "dim")


_ACTS = {"alarm": "alarm.act", "task": "act", "complaint": "complaint.act", "report": "intakescreen.channel"}
"""Under which words each kind of step is told."""


def _act(part: Part, look: Look) -> str:
    step = part.step
    return "" if step is None else look.word(f"{_ACTS.get(step.kind, step.kind)}.{step.act}")


def _by(part: Part, look: Look) -> Cell:
    by = part.step.by if part.step is not None else ""
    return Cell(by or look.word("desk.system"), "" if by else "dim")


def _text(part: Part, _look: Look) -> str:
    return part.step.text if part.step is not None else ""


PARTS: tuple[Column[Part], ...] = (
    Column("kind", "incidentscreen.column.kind", _kind, 6),
    Column("what", "incidentscreen.column.what", _what, 18, flex=3, most=48),
    Column("state", "incidentscreen.column.state", _state, 12),
    Column("detail", "incidentscreen.column.detail", _detail, 16, flex=2),
    Column("at", "incidentscreen.column.at", _at, 11),
)
STEPS: tuple[Column[Part], ...] = (
    Column("at", "incidentscreen.column.when", _at, 11),
    Column("kind", "incidentscreen.column.kind", _kind, 6),
    Column("act", "incidentscreen.column.act", _act, 12),
    Column("by", "incidentscreen.column.by", _by, 10),
    Column("text", "incidentscreen.column.text", _text, 16, flex=1),
)


class IncidentPage(Listing, PageScreen["Page"]):
    """An incident's page."""

    NAME: ClassVar[str] = "incident"
    CSS_PATH = "incident.tcss"

    def body(self) -> ComposeResult:
        yield Sheet(self._head, id="incident-head")
        yield Tabs(TABS)
        yield Board[Part](PARTS, empty="incidentscreen.empty", id="incident-parts")

    def on_mount(self) -> None:
        self.board.view = View(facet="parts")
        self.board.focus()

    def load(self, desk: Desk) -> Page | None:
        from backend.desk import incidents

        return incidents.page(desk, self.key)

    def fill(self, data: Page) -> None:
        self.query_one(Sheet).relook()
        self.query_one(Tabs).show(
            self.board.view.facet, {"parts": len(list(parts(data))), "steps": len(data.steps)}
        )
        self.board.attach(self._rows)

    def _rows(self, view: View) -> RowSource[Part]:
        if self.data is None:
            return arrange((), view, PARTS, self.look, key=lambda part: part.id)
        found, columns = (steps, STEPS) if view.facet == "steps" else (parts, PARTS)
        return arrange(found(self.data), view, columns, self.look, key=lambda part: part.id)

    def has_row(self) -> bool:
        return self.data is not None

    def refusal(self, act: str) -> Message | None:
        """A task is made where there is none; a reply is to a complaint."""
        if self.data is None:
            return None
        if act == "triage":
            held = next((task for task in self.data.tasks if task.closed is None), None)
            return Message("incidentscreen.off.task", {"task": held.id}) if held is not None else None
        return None

    # Going about.

    def _turn(self, facet: str) -> None:
        self.query_one(Tabs).show(facet)
        self.board.recolumn(STEPS if facet == "steps" else PARTS)
        self.board.show(View(facet, self.board.view.filter))

    def do_move_next_tab(self) -> None:
        """The other list: what belongs to it, or what happened."""
        self._turn(self.query_one(Tabs).beside(1))

    do_move_previous_tab = do_move_next_tab

    def on_board_opened(self, event: Board.Opened) -> None:
        if event.row.page:
            self.shell.open_page(event.row.page, event.row.key)
        else:
            self.shell.tell(Message("incidentscreen.no_more"))

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        faces = () if self.data is None else self.data.faces
        choose_face(self, lambda _desk: faces)

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        lines = ["".join(cell.text for cell in line).strip() for line in self._head(self.look, 200)]
        rows = self.board.everything()
        self.shell.copy("\n".join([*lines, as_text(self.board.columns, rows, self.look)]))
        self.shell.tell(Message("ui.copied", {"count": len(lines) + len(rows)}))

    # Acts.

    def do_task_triage(self) -> None:
        """Make its task, where it has none."""
        key = self.key

        def make(desk: Desk) -> Outcome:
            from backend.desk import incidents

            return incidents.made_task(desk, key)

        self.act(make)

    def do_task_note(self) -> None:
        """Add evidence to it, whatever its tasks are at."""
        look, key = self.look, self.key
        if self.data is None:
            return
        fields = [
            plans.words("refs", "taskscreen.field.ref", hint="taskscreen.hint.evidence"),
            plans.stance(look),
            plans.words("note", "taskscreen.field.note", required=False),
        ]
        about = (Message("incidentscreen.about", {"incident": key, "title": look.say(self.data.row.title)}),)
        plan = Plan(Message("incidentscreen.evidence"), fields, about, f"evidence:{key}")

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import evidence

            return evidence.add(desk, key, **values)

        self.ask(plan, send)

    # Memory and what stands above.

    def remember(self) -> dict[str, Any]:
        return {"facet": self.board.view.facet, "key": self.board.key}

    def restore(self, kept: Mapping[str, Any]) -> None:
        if kept.get("facet") == "steps":
            self._turn("steps")
        self.board.select(kept.get("key"))

    def _head(self, look: Look, _cells: int) -> Text:
        if self.data is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        row = self.data.row
        state = look.word(f"incidentscreen.state.{row.state}")
        lines: list[Sequence[Cell]] = [
            [
                Cell(f" {state} ", "here" if row.state == "open" else "dim"),
                Cell(" "),
                telling.priority(row.priority, look),
                Cell(f"  {look.say(row.title)}", "title"),
                Cell(f"   {row.id}", "dim"),
            ],
            [
                Cell(" "),
                Cell("/".join(dict.fromkeys(filter(None, (row.county, row.township, row.place))))),
                Cell(f"   {look.word(f'taskscreen.origin.{row.origin}')}", "dim"),
                Cell(f"   {look.word('incidentscreen.since', at=look.moment(row.opened), age=look.age(row.opened))}"),
                *([Cell(f"   {look.word('incidentscreen.closed', at=look.moment(row.closed))}", "good")]
                  if row.closed is not None else []),
            ],
        ]  # fmt: skip
        more: list[Cell] = []
        if row.order:
            more.append(Cell(f" {look.word('incidentscreen.order', order=row.order)}  ", "warn"))
        if row.merged_into:
            more.append(Cell(f" {look.word('incidentscreen.merged', incident=row.merged_into)}", "link"))
        return [*lines, more] if more else lines
