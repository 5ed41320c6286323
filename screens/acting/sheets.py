"""Task sheets 任务单 by keyboard: print one to a file, and key one in by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from backend.words import Message, Outcome
from screens.acting import plans
from screens.acting.base import Acting
from screens.acting.when import ahead, readable, written
from screens.dialogs.form import Field, Plan, Values
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.sheets import SheetRow

SURE = ("0", "1800", "7200", "43200")
"""How far a time on paper may be wrong, in seconds."""


class SheetActs(Acting):
    """The two acts on sheets, wherever a task is selected."""

    def do_task_sheet(self) -> None:
        """Write the task's sheet to a file, and say where."""
        desk, task, around = self.shell.desk, self.task_id(), self.shell
        if desk is None or not task:
            self.shell.tell(Message("ui.off.no_row"))
            return

        def make() -> Outcome:
            from backend.desk import sheets

            outcome = sheets.print_sheet(desk, task)
            if not outcome.ok:
                return outcome
            code = str(outcome.data["code"])
            path = around.export(f"sheet-{code}.txt", str(outcome.data["text"]))
            return Outcome.done("report.sheet.saved", code=code, path=path)

        around.work(make, around.tell, name="sheet")

    def do_task_sheet_in(self) -> None:
        """Ask for the code on the paper, then for what stands on it."""
        plan = Plan(
            Message("reportscreen.sheet.code"),
            [Field("code", "reportscreen.field.code", longest=60, check=_passes)],
            slot="sheet.code",
        )
        self.fill_in(plan, lambda values: self._look_up(values["code"]))

    def _look_up(self, code: str) -> None:
        desk = self.shell.desk
        assert desk is not None

        def read() -> SheetRow | Message:
            from backend.desk import sheets

            return sheets.look_up(desk, code)

        def found(sheet: SheetRow | Message) -> None:
            if isinstance(sheet, Message):
                self.shell.tell(sheet)
                return
            self.shell.keep_draft("sheet.code", None)
            self._fill(sheet)

        self.read(read, found, "sheet")

    def _fill(self, sheet: SheetRow) -> None:
        look = self.look
        ways = [Choice("evidence", look.word("reportscreen.sheet.evidence"))]
        if sheet.can_report:
            ways.append(Choice("report", look.word("reportscreen.sheet.report")))
        fields = [
            Field("at", "reportscreen.field.at", written(None, look), hint="reportscreen.hint.at",
                  check=readable(look), longest=16),
            plans.coded("uncertain", "reportscreen.field.uncertain", SURE, "reportscreen.uncertain", look, value="0"),
            plans.coded("result", "taskscreen.field.result", sheet.results, "result", look)
            if sheet.results
            else plans.words("result", "taskscreen.field.result", required=False),
            plans.words("note", "reportscreen.field.note", required=False),
            plans.words("refs", "taskscreen.field.evidence", required=False),
        ]  # fmt: skip
        if len(ways) > 1:
            fields.append(Field("way", "reportscreen.field.way", "report", choices=ways))
        about = [
            Message(
                "reportscreen.sheet.about",
                {
                    "code": sheet.code,
                    "state": sheet.state,
                    "type": look.pick(*sheet.type_name),
                    "place": sheet.place,
                    "holder": sheet.holder_name or "--",
                },
            )
        ]
        slot = f"sheet.in:{sheet.code}"
        plan = Plan(Message("reportscreen.sheet.form", {"code": sheet.code}), fields, about, slot)
        self.fill_in(plan, lambda values: self._key_in(sheet, values, slot))

    def _key_in(self, sheet: SheetRow, values: Values, slot: str) -> None:
        occurred = ahead(values["at"], self.look, past=True)
        if occurred is None:
            return
        op = uuid4().hex

        def command(desk: Desk) -> Outcome:
            from backend.desk import sheets

            return sheets.key_in(
                desk,
                sheet.code,
                occurred=occurred,
                uncertain=int(values["uncertain"]),
                result=values["result"],
                note=values["note"],
                refs=plans.listed(values["refs"]),
                report=values.get("way") == "report",
                op=op,
            )

        self.act(command, self._answered_act(slot))


def _passes(value: str, _values: Values) -> Message | None:
    """Wants a code whose check character fits, before anything else is asked."""
    from backend.desk import sheets

    return sheets.well_formed(value)
