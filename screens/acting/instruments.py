"""What a person says of a work order's instrument 运维工单: that it works again, that somebody tampered with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens.acting import plans
from screens.acting.settling import SettleActs
from screens.acting.when import ahead
from screens.acting.whole import Whole
from screens.dialogs.form import Check, Field, Plan, Values
from screens.dialogs.sure import Sure
from screens.look import Look

if TYPE_CHECKING:
    from backend.desk.desk import Desk

OF_ORDER = ("restored", "interference")
"""What can be said of a work order, besides what can be said of every task."""


class InstrumentActs(SettleActs):
    """What is written down about a work order's instrument."""

    def of_instrument(self, whole: Whole, kind: str) -> None:
        """Ask since when it works again, or what was seen of somebody at it."""
        if kind == "restored":
            self._restored(whole)
        else:
            self._interference(whole)

    def _restored(self, whole: Whole) -> None:
        look = self.look
        plan = plans.plan(
            whole,
            look,
            "restored",
            Field(
                "at",
                "taskscreen.field.restored",
                required=False,
                hint="taskscreen.hint.restored",
                check=_since(whole, look),
                longest=20,
            ),
        )

        def send(values: dict[str, str]) -> None:
            at = ahead(values["at"], look, past=True) if values["at"] else self.shell.now()

            def command(desk: Desk) -> Outcome:
                from backend.desk import workorders

                return workorders.restored(desk, whole.row.id, at or 0)

            self.act(command, self._answered_act(plan.slot))

        self.fill_in(plan, send)

    def _interference(self, whole: Whole) -> None:
        plan = plans.plan(
            whole,
            self.look,
            "interference",
            plans.words("note", "taskscreen.field.note", hint="taskscreen.hint.interference"),
        )
        self.fill_in(plan, lambda values: self._suspected(whole, values["note"], plan))

    def _suspected(self, whole: Whole, note: str, plan: Plan) -> None:
        def command(desk: Desk) -> Outcome:
            from backend.desk import workorders

            return workorders.interference(desk, whole.row.id, note)

        about = (*plans.about(whole, self.look), Message("taskscreen.interference.rises"))
        question = Sure(Message("taskscreen.sure", {"act": "interference", "task": whole.row.id}), about)
        self.sure(question, lambda: self.act(command, self._answered_act(plan.slot)))


def _since(whole: Whole, look: Look) -> Check:
    """Wants an instant between when it went down and now."""

    def check(value: str, _values: Values) -> Message | None:
        at = ahead(value, look, past=True)
        if at is None:
            return Message("taskscreen.wrong.time")
        down = whole.order.down_since if whole.order is not None else 0
        if at < down:
            return Message("taskscreen.wrong.before", {"since": down})
        return Message("taskscreen.wrong.ahead") if at > look.now + plans.MINUTE else None

    return check
