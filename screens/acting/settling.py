"""The verdict on an arbitration 移交裁定: whose a task is that was offered and that nobody took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from backend.words import Message
from backend.words.message import Scalar
from screens.acting import plans
from screens.acting.base import Acting
from screens.acting.whole import Whole
from screens.dialogs.menu import Menu
from screens.dialogs.sure import Sure
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.arbitration import Dispute

VERDICTS = ("giver", "receiver")


class SettleActs(Acting):
    """Settling an arbitration."""

    def arbitrate(self, whole: Whole) -> None:
        """Have it said whose the task is, with the reason that both sides read; then it is armed."""
        desk = self.shell.desk
        assert desk is not None

        def found() -> Dispute | None:
            from backend.desk import arbitration

            return arbitration.dispute(desk, whole.row.id)

        self.read(found, lambda dispute: self._whose(whole, dispute), "dispute")

    def _whose(self, whole: Whole, dispute: Dispute | None) -> None:
        if dispute is None:
            self.shell.tell(Message("task.refused.no_arbitration", {"task": whole.row.id}))
            return
        sides = {"giver": dispute.giver, "receiver": dispute.receiver}
        args: dict[str, Scalar] = {
            "about": dispute.about,
            "by": dispute.offered_by,
            "at": dispute.offered_at,
            "reason": dispute.reason or "--",
            **sides,
        }
        lines = (Message("taskscreen.dispute", args), Message("taskscreen.dispute.why", args))
        menu = Menu(
            Message("taskscreen.settle", {"about": dispute.about}),
            [Choice(to, self.look.say(_verdict(to, sides)), search=sides[to]) for to in VERDICTS],
            about=lines,
        )
        self.choose(menu, lambda to: self._why_whose(whole, to, (*lines, _verdict(to, sides))))

    def _why_whose(self, whole: Whole, to: str, lines: tuple[Message, ...]) -> None:
        plan = plans.plan(whole, self.look, "settle", plans.reason())
        plan.about = lines
        question = Message("taskscreen.sure", {"act": "settle", "task": whole.row.id})
        self.fill_in(
            plan,
            lambda values: self.sure(
                Sure(question, lines),
                lambda: self.do(whole, "settle", {"to": to, **values}, slot=plan.slot),
            ),
        )


def _verdict(to: str, sides: Mapping[str, str]) -> Message:
    """Whose the task will be, by name."""
    return Message("taskscreen.verdict", {"to": to, "name": sides[to]})
