"""One complaint 诉求: the only page that tells who called; that it was opened is in the audit chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens import complaint_cells, telling
from screens.base import PageScreen
from screens.columns import Cell
from screens.complaint_acts import ComplaintActs
from screens.faces import choose_face
from screens.look import Look
from screens.widgets.cells import fit
from screens.widgets.sheet import Sheet, Text, flow

if TYPE_CHECKING:
    from backend.desk.alarms import Face
    from backend.desk.complaints import ComplaintPage as Page
    from backend.desk.complaints import ComplaintRow
    from backend.desk.desk import Desk

LABELS = {"zh": 10, "en": 14}


class ComplaintPage(ComplaintActs, PageScreen["Page"]):
    """A complaint's page."""

    NAME: ClassVar[str] = "complaint"
    CSS_PATH = "complaint.tcss"
    _told = False
    """Whether the audit chain has been told that it is open here."""

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="complaint-sheet")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def load(self, desk: Desk) -> Page | None:
        from backend.desk import complaints

        if not self.key.isdecimal():
            return None
        first, self._told = not self._told, True
        return complaints.page(desk, int(self.key), opened=first)

    def fill(self, data: Page) -> None:  # noqa: ARG002 - drawn from what was read
        self.query_one(Sheet).relook()

    @property
    def complaint(self) -> ComplaintRow | None:
        return None if self.data is None else self.data.row

    def _write(self, look: Look, cells: int) -> Text:
        return self._lines(look, cells, masked=False)

    def _lines(self, look: Look, cells: int, *, masked: bool) -> list[Sequence[Cell]]:
        page = self.data
        if page is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        row, width = page.row, LABELS[look.language]
        caller, phone, text = (
            (row.caller, row.phone, row.text) if masked else (page.caller, page.phone, page.text)
        )
        lines: list[Sequence[Cell]] = [_title(row, look), []]

        def fact(label: str, *told: Cell) -> None:
            if any(cell.text.strip() for cell in told):
                lines.append(
                    [Cell(" " + fit(look.word(f"complaintscreen.fact.{label}"), width), "dim"), *told]
                )

        fact("caller", Cell(caller, "strong"), Cell(f"  {phone}", "strong"))
        fact(
            "at",
            Cell(look.moment(row.at)),
            Cell(f"  {look.word('complaintscreen.recorded', by=page.recorded_by)}", "dim"),
        )
        fact("place", Cell("/".join(dict.fromkeys(filter(None, (row.county, row.township, row.place))))))
        fact("category", Cell(page.category))
        fact("incident", Cell(f"{row.incident}  {look.say(row.title)}", "link"))
        due = look.word("complaintscreen.due", at=look.moment(row.reply_due))
        if row.replied is None:
            fact("due", complaint_cells.due(row, look), Cell(f"  {due}", "dim"))
        else:
            fact("due", Cell(look.moment(row.replied)))
            call = (
                ""
                if row.call_due is None
                else look.word("complaintscreen.call_due", at=look.moment(row.call_due))
            )
            fact("call", complaint_cells.due(row, look), Cell(f"  {call}", "dim"))
        lines += [[], [Cell(" " + look.word("complaintscreen.text"), "header")]]
        lines += flow(text or look.word("complaintscreen.no_text"), cells - 2, "", " ")
        lines += [[], [Cell(" " + look.word("complaintscreen.steps"), "header")]]
        for step in page.steps:
            words = "complaint.reply" if step.act == "reply" else "complaint.call"
            lines.append([
                Cell(f" {fit(look.moment(step.at), 11)} ", "dim"),
                Cell(fit(look.word(f"complaint.act.{step.act}"), 10)),
                Cell(look.word(f"{words}.{step.result}"), "strong"),
                Cell(f"  {step.by}", "dim"),
            ])  # fmt: skip
            lines += flow(step.text, cells - 14, "", " " * 13)
        if not page.steps:
            lines.append([Cell(" " + look.word("complaintscreen.no_steps"), "dim")])
        return lines

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard, without who called."""
        lines = self._lines(self.look, 100, masked=True)
        self.shell.copy("\n".join("".join(cell.text for cell in line).rstrip() for line in lines))
        self.shell.tell(Message("complaintscreen.copied"))

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        row, look = self.complaint, self.look
        if row is None:
            return

        def faces(desk: Desk) -> Sequence[Face]:
            from backend.desk import incidents
            from backend.desk.alarms import Face

            page = incidents.page(desk, row.incident)
            own = Face("incident", row.incident, f"{look.pick(*row.type_name)} {row.place}")
            return [own, *(page.faces if page is not None else ())]

        choose_face(self, faces)


def _title(row: ComplaintRow, look: Look) -> list[Cell]:
    return [
        Cell(" "),
        telling.priority(row.priority, look),
        Cell(f"  {look.pick(*row.type_name)} {row.place}", "title"),
        Cell(f"   {row.number}  {look.word(f'intakescreen.channel.{row.channel}')}   ", "dim"),
        complaint_cells.state(row, look),
    ]
