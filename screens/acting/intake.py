"""A person starts it 登记: what happened, where, what was said, who called."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from backend.words import Message, Outcome
from screens.acting import plans
from screens.acting.base import Acting
from screens.dialogs.form import Field, Plan
from screens.look import Look
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.taskside import IntakeChoices

CHANNELS = ("phone", "12345", "patrol", "camera", "leader")
PRIORITIES = ("critical", "high", "medium", "low")
SLOT = "incident.intake"


class IntakeActs(Acting):
    """A screen from which a person can enter what was reported to them."""

    def do_incident_intake(self) -> None:
        """Open the form; what is typed is kept until it is sent."""
        desk = self.shell.desk
        assert desk is not None
        doing = self._doing

        def read() -> IntakeChoices:
            from backend.desk import taskside

            return taskside.intake_choices(desk)

        def opened(choices: IntakeChoices) -> None:
            self._doing = doing
            self.ask(_plan(choices, self.look), _send, self._entered)

        self.read(read, opened, "intake")

    def _entered(self, outcome: Outcome) -> None:
        task = outcome.data.get("task")
        if outcome.ok and isinstance(task, str):
            self.shell.open_page("task", task)


def _plan(choices: IntakeChoices, look: Look) -> Plan:
    types = [Choice(code, look.pick(*names), search=code) for code, names, _ in choices.types]
    places = [
        Choice(code, name, above, search=f"{initials} {code}")
        for code, name, above, initials in choices.places
    ]
    return Plan(
        Message("taskscreen.intake"),
        [
            Field("type", "taskscreen.field.type", choices=types),
            Field("grid", "taskscreen.field.grid", choices=places),
            plans.words("text", "taskscreen.field.text", hint="taskscreen.hint.text"),
            Field(
                "priority",
                "taskscreen.field.priority",
                required=False,
                choices=[Choice(code, look.word(f"task.priority.{code}")) for code in PRIORITIES],
            ),
            plans.coded(
                "channel", "taskscreen.field.channel", CHANNELS, "taskscreen.origin", look, value="phone"
            ),
            Field("caller", "taskscreen.field.caller", required=False, longest=40),
            Field("caller_phone", "taskscreen.field.caller_phone", required=False, longest=30),
        ],
        slot=SLOT,
    )


def _send(desk: Desk, values: dict[str, str]) -> Outcome:
    from backend.desk import acts

    return acts.propose(desk, **values, op_id=uuid4().hex)
