"""What can be done to an alarm, on the board, on its page and on the overview alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from backend.words import Message, Outcome
from screens.acting.more import MoreActs
from screens.actions import action, key_name
from screens.dialogs.form import Field, Plan, Values

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow
    from backend.desk.desk import Desk

MINUTES = "60"
"""What stands in the form at first."""
LONGEST = 1440
OF_ALARMS = ("acknowledge", "shelve", "unshelve", "triage")
"""Acts whose refusal the desk knows from the alarm alone."""


class AlarmActs(MoreActs):
    """A screen with an alarm selected, the acts on it, and on the task that is made of it."""

    _made = (0, "")
    """An alarm and the task that was just made of it, until the row says so itself."""

    @property
    def alarm(self) -> AlarmRow | None:
        """The alarm that is selected."""
        raise NotImplementedError

    def alarms_meant(self) -> list[int]:
        """The alarms that an act is done to: with the one under the cursor those that its line speaks for."""
        return [] if self.alarm is None else [self.alarm.id, *self.alarm.beside]

    def task_id(self) -> str:
        row, (alarm, task) = self.alarm, self._made
        return "" if row is None else row.task or (task if row.id == alarm else "")

    def refusal(self, act: str) -> Message | None:
        """Why an act is off, in the desk's own words."""
        row, desk = self.alarm, self.shell.desk
        if row is None or desk is None:
            return Message("alarmscreen.off.unknown")
        if act in OF_ALARMS:
            from backend.desk import alarmacts

            return alarmacts.refusals(desk, row).get(act)
        if act == "dispatch" and not row.task:
            # A task is made of it first.
            from backend.desk import alarmacts

            return alarmacts.refusals(desk, row).get("triage")
        return None if row.task else Message("alarmscreen.off.no_task")

    def do_alarm_acknowledge(self) -> None:
        """Somebody has seen it."""
        if self.alarm is not None:
            self.act(partial(acknowledge_all, alarms=self.alarms_meant()))

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

        def made(outcome: Outcome) -> None:
            if task := _task_of(outcome):
                self.shell.open_page("task", task)

        if (row := self.alarm) is not None:
            self.act(partial(_make_task, alarm=row.id), made)

    def do_task_dispatch(self) -> None:
        """Send somebody: a task is made first where there is none."""
        row = self.alarm
        if row is None or row.task:
            super().do_task_dispatch()
            return

        # The list comes after the task: a digit that is struck meanwhile waits for it.
        let_go = self.shell.hold()

        def made(outcome: Outcome) -> None:
            self._made = (row.id, _task_of(outcome))
            if self._made[1]:
                super(AlarmActs, self).do_task_dispatch()
            let_go()

        self.act(partial(_make_task, alarm=row.id), made)

    def unsent(self, task: str) -> None:
        """The task was made on the way: it stands, with its clock, and whoever left it there is told."""
        if task == self._made[1]:
            language = self.look.language
            keys = {of: key_name(action(f"task.{of}").keys[0], language) for of in ("dispatch", "recall")}
            self.tell(Message("alarmscreen.unsent", {"task": task, **keys}))


def _task_of(outcome: Outcome) -> str:
    """The task that an outcome names, empty where nothing was made."""
    task = outcome.data.get("task") or outcome.message.args.get("task")
    return task if outcome.ok and isinstance(task, str) else ""


def _minutes(value: str, _values: Values) -> Message | None:
    return None if 1 <= float(value) <= LONGEST else Message("alarmscreen.shelve.range")


def acknowledge_all(desk: Desk, alarms: Sequence[int]) -> Outcome:
    """Acknowledge one or several, for a thread."""
    from backend.desk import alarmacts

    return alarmacts.acknowledge_all(desk, alarms)


def _shelve(desk: Desk, values: dict[str, str], alarms: Sequence[int]) -> Outcome:
    from backend.desk import alarmacts

    seconds = round(float(values["minutes"]) * 60)
    return alarmacts.shelve_all(desk, alarms, seconds=seconds, reason=values["reason"])


def _unshelve(desk: Desk, alarm: int) -> Outcome:
    from backend.desk import alarms

    return alarms.unshelve(desk, alarm)


def _make_task(desk: Desk, alarm: int) -> Outcome:
    from backend.desk import acts

    return acts.from_alarm(desk, alarm)
