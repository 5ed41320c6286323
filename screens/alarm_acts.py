"""What can be done to an alarm, on the board and on its page alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens.dialogs.form import Field, Plan, Values
from screens.frame import GridScreen

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow
    from backend.desk.desk import Desk

MINUTES = "60"
"""What stands in the form at first."""
LONGEST = 1440


class AlarmActs(GridScreen):
    """A screen with an alarm selected, and the acts on it."""

    @property
    def alarm(self) -> AlarmRow | None:
        """The alarm that is selected."""
        raise NotImplementedError

    def alarms_meant(self) -> list[int]:
        """The alarms that an act is done to."""
        return [] if self.alarm is None else [self.alarm.id]

    def refusal(self, act: str) -> Message | None:
        """Why an act is off, in the desk's own words."""
        row, desk = self.alarm, self.shell.desk
        if row is None or desk is None:
            return Message("alarmscreen.off.unknown")
        from backend.desk import alarms

        if act in ("dispatch", "dismiss"):
            return None if row.task or act == "dispatch" else Message("alarmscreen.off.no_task")
        return alarms.refusals(desk, row).get(act)

    def do_alarm_acknowledge(self) -> None:
        """Somebody has seen it."""
        if (row := self.alarm) is not None:
            self.act(partial(_acknowledge, alarm=row.id))

    def do_alarm_shelve(self) -> None:
        """Put it away for some minutes, with a reason."""
        row, meant = self.alarm, self.alarms_meant()
        if row is None:
            return
        about = Message("alarmscreen.shelve.about", {"place": row.place, "rule": row.rule})
        if len(meant) > 1:
            about = Message("alarmscreen.shelve.many", {"count": len(meant)})
        plan = Plan(
            Message("alarmscreen.shelve"),
            [
                Field(
                    "minutes", "alarmscreen.shelve.minutes", MINUTES, number=True, longest=5, check=_minutes
                ),
                Field("reason", "alarmscreen.shelve.reason", longest=120),
            ],
            [about],
            slot=f"alarm.shelve:{row.id}",
        )
        self.ask(plan, partial(_shelve, alarms=meant))

    def do_alarm_unshelve(self) -> None:
        """Bring it back before its time."""
        if (row := self.alarm) is not None:
            self.act(partial(_unshelve, alarm=row.id))

    def do_task_triage(self) -> None:
        """Make a task of it, and go there."""
        if (row := self.alarm) is not None:
            self.act(partial(_make_task, alarm=row.id), self._go_to_task)

    def do_task_dispatch(self) -> None:
        """Go to its task, which is made first where there is none: whom to send is chosen there."""
        row = self.alarm
        if row is None:
            return
        if row.task:
            self.shell.open_page("task", row.task)
        else:
            self.do_task_triage()

    def do_task_dismiss(self) -> None:
        """A task is dismissed on its own page."""
        if (row := self.alarm) is not None and row.task:
            self.shell.open_page("task", row.task)

    def _go_to_task(self, outcome: Outcome) -> None:
        task = outcome.data.get("task") or outcome.message.args.get("task")
        if outcome.ok and isinstance(task, str) and task:
            self.shell.open_page("task", task)


def _minutes(value: str, _values: Values) -> Message | None:
    return None if 1 <= float(value) <= LONGEST else Message("alarmscreen.shelve.range")


def _acknowledge(desk: Desk, alarm: int) -> Outcome:
    from backend.desk import alarms

    return alarms.acknowledge(desk, alarm)


def _shelve(desk: Desk, values: dict[str, str], alarms: Sequence[int]) -> Outcome:
    from backend.desk import alarms as room

    seconds = round(float(values["minutes"]) * 60)
    return room.shelve_all(desk, alarms, seconds=seconds, reason=values["reason"])


def _unshelve(desk: Desk, alarm: int) -> Outcome:
    from backend.desk import alarms

    return alarms.unshelve(desk, alarm)


def _make_task(desk: Desk, alarm: int) -> Outcome:
    from backend.desk import acts

    return acts.from_alarm(desk, alarm)
