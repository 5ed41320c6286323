"""The acts on daily reports: the next step, back to the drafter, a correction, remarks, one's own contribution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens.action import Danger
from screens.dialogs.form import Field, Plan
from screens.dialogs.sure import Sure
from screens.frame import GridScreen

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.reports import MeasureRow, ReportRow

NEXT = {"none": "draft", "draft": "review", "reviewed": "sign", "signed": "issue"}
"""What comes next in each state."""


class ReportActs(GridScreen):
    """What can be done with the report that is selected, or open."""

    def report(self) -> ReportRow | None:
        """The report that is meant; None where there is none."""
        return None

    def remarks(self) -> str:
        """What its drafter has written down so far."""
        return ""

    def do_report_step(self) -> None:
        """Take the next step."""
        row = self.report()
        if row is None:
            self.shell.tell(Message("ui.off.no_row"))
            return
        name = NEXT.get(row.state, "")
        if not row.newest or not name:
            self.shell.tell(Message("report.refused.old" if not row.newest else "report.refused.issued"))
            return
        day, seen = row.day, row.version

        def command(desk: Desk) -> Outcome:
            from backend.desk import reports

            return reports.draft(desk, day) if name == "draft" else reports.step(desk, day, name, seen=seen)

        if name == "draft":
            self.act(command)
            return
        details = [self._about(row)]
        if name == "review" and row.missing:
            details.append(self._missing(row))
        question = Sure(Message("reportscreen.sure", {"step": name}), details, danger=Danger.ARMED)
        self.sure(question, lambda: self.act(command))

    def do_report_send_back(self) -> None:
        """Back to the drafter, with a reason."""
        self._with_reason("reportscreen.form.send_back", "send_back")

    def do_report_correct(self) -> None:
        """A new version of an issued report, with a reason."""
        self._with_reason("reportscreen.form.correct", "correct")

    def _with_reason(self, title: str, act: str) -> None:
        row = self.report()
        if row is None:
            self.shell.tell(Message("ui.off.no_row"))
            return
        day = row.day
        plan = Plan(
            Message(title),
            [Field("reason", "reportscreen.field.reason", longest=200)],
            [self._about(row)],
            slot=f"report.{act}:{day}",
        )

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import reports

            if act == "correct":
                return reports.draft(desk, day, reason=values["reason"])
            return reports.send_back(desk, day, values["reason"])

        self.ask(plan, send)

    def do_task_note(self) -> None:
        """What the figures do not say."""
        row = self.report()
        if row is None:
            self.shell.tell(Message("ui.off.no_row"))
            return
        if (why := self.refusal("note")) is not None:
            self.shell.tell(why)
            return
        day = row.day
        plan = Plan(
            Message("reportscreen.form.remark"),
            [Field("text", "reportscreen.field.remark", self.remarks(), required=False, longest=1000)],
            [self._about(row)],
            slot=f"report.remark:{day}",
        )

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import reports

            return reports.remark(desk, day, values["text"])

        self.ask(plan, send)

    # One's own contribution.

    def do_report_send(self) -> None:
        """Send the own centre's measures of the period to the tier above."""
        desk, row = self.shell.desk, self.report()
        assert desk is not None
        let_go, doing = self.shell.hold(), self._doing

        def read() -> tuple[str, Sequence[MeasureRow]]:
            from backend.desk import reports

            day = row.day if row is not None else reports.today(desk)
            return day, reports.measures(desk, day)

        def opened(found: tuple[str, Sequence[MeasureRow]]) -> None:
            self._doing = doing
            self.ask(_measures(*found), _sender(found[0]))
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(read, opened, failed=failed, name="measures")

    def _about(self, row: ReportRow) -> Message:
        return Message(
            "reportscreen.about",
            {"centre": row.centre_name, "day": row.day, "version": max(1, row.version), "state": row.state},
        )

    def _missing(self, row: ReportRow) -> Message:
        names = ("、" if self.look.language == "zh" else ", ").join(row.missing[:6])
        more = f" +{len(row.missing) - 6}" if len(row.missing) > 6 else ""
        return Message("reportscreen.missing", {"count": len(row.missing), "names": names + more})


def _measures(day: str, rows: Sequence[MeasureRow]) -> Plan:
    """The form of a period's measures: a number for each, what is left empty is none."""
    fields = [
        # The names are the city's own, in the person's language already.
        Field(
            one.code,
            one.name,
            str(one.count) if one.count else "",
            required=False,
            number=True,
            hint=f"{one.name} ({one.unit})" if one.name.isascii() else f"{one.name}（{one.unit}）",
            longest=7,
        )
        for one in rows
    ]
    fields.append(Field("text", "reportscreen.field.text", required=False, longest=500))
    return Plan(Message("reportscreen.form.send", {"day": day}), fields, slot=f"report.send:{day}")


def _sender(day: str) -> Callable[[Desk, dict[str, str]], Outcome]:
    def send(desk: Desk, values: dict[str, str]) -> Outcome:
        from backend.desk import reports

        given = {code: value for code, value in values.items() if code != "text"}
        return reports.send(desk, day, given, values.get("text", ""))

    return send
