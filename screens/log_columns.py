"""What happened to an alarm or a task, as columns: for copies of it that a program reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens import task_log
from screens.columns import Column
from screens.look import Look

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmStep
    from backend.desk.tasks import TimelineRow


def reason(step: AlarmStep, look: Look) -> str:
    """Why a step was taken, in the product's words where it has some."""
    told = look.word(f"alarm.reason.{step.reason}")
    return step.reason if told == f"alarm.reason.{step.reason}" else told


def _state(kind: str, name: str, look: Look) -> str:
    return look.word(f"{kind}.state.{name}") if name else ""


def _result(act: TimelineRow, look: Look) -> str:
    if act.refusal is not None:
        return f"{look.word('taskscreen.refused')}{look.say(act.refusal)}"
    return look.word("taskscreen.same") if act.result == "same" else ""


ALARM: tuple[Column[AlarmStep], ...] = (
    Column("at", "log.column.at", lambda step, look: look.moment(step.at), 11),
    Column("act", "log.column.act", lambda step, look: look.word(f"alarm.act.{step.act}"), 16),
    Column("who", "log.column.who", lambda step, look: step.actor_name or look.word("desk.system"), 10),
    Column("from", "log.column.from", lambda step, look: _state("alarm", step.from_state, look), 10),
    Column("to", "log.column.to", lambda step, look: _state("alarm", step.to_state, look), 10),
    Column("reason", "log.column.words", reason, 20),
)
TASK: tuple[Column[TimelineRow], ...] = (
    Column("at", "log.column.at", lambda act, look: look.moment(act.at), 11),
    Column("occurred", "log.column.occurred", lambda act, look: look.moment(act.occurred), 11),
    Column("act", "log.column.act", lambda act, look: task_log.called(act, look), 16),
    Column("target", "log.column.target", lambda act, look: task_log.aimed(act, look), 12),
    Column("who", "log.column.who", lambda act, _look: act.actor_name, 10),
    Column("behalf", "log.column.behalf", lambda act, _look: act.behalf_name, 10),
    Column("channel", "log.column.channel", lambda act, look: look.word(f"task.channel.{act.channel}"), 8),
    Column("from", "log.column.from", lambda act, look: _state("task", act.from_state, look), 10),
    Column("to", "log.column.to", lambda act, look: _state("task", act.to_state, look), 10),
    Column("result", "log.column.result", _result, 12),
    Column("words", "log.column.words", lambda act, look: task_log.said(act, look), 20),
)
