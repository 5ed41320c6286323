"""What the acts beside workflow.md's rows do: arbitration, outages of a line, marks, and what is asked for."""

from __future__ import annotations

from dataclasses import replace

from backend.tasks.answering import enact as enact
from backend.tasks.context import Context
from backend.tasks.effects import EFFECTS, effect, taken_over
from backend.tasks.stages import held, resumed
from backend.tasks.taskstate import TaskState


@effect("arbitrate")
def _arbitrate(task: TaskState, c: Context) -> TaskState:
    return held(replace(task, arbitration=c.text("arbitration")), c.now, "arbitration")


@effect("settle")
def _settle(task: TaskState, c: Context) -> TaskState:
    return replace(task, close_code=f"to_{c.text('to')}")


@effect("lapse")
def _lapse(task: TaskState, _c: Context) -> TaskState:
    return replace(task, close_code="lapsed")


@effect("keep")
def _keep(task: TaskState, c: Context) -> TaskState:
    return resumed(replace(task, arbitration=""), c.now)


@effect("assign")
def _assign(task: TaskState, c: Context) -> TaskState:
    task = replace(
        task,
        offered_to=c.text("holder"),
        offered_kind=c.text("holder_kind"),
        arbitration="",
        review_at=None,
        asked="",
        asked_by="",
    )
    return taken_over(task, c)


@effect("hold")
def _hold(task: TaskState, c: Context) -> TaskState:
    began = c.number("began")
    return held(replace(task, dark=True), c.now if began is None else began, "link_outage")


@effect("release")
def _release(task: TaskState, c: Context) -> TaskState:
    return resumed(replace(task, dark=False), c.now)


@effect("attach")
def _attach(task: TaskState, c: Context) -> TaskState:
    left = [ref for ref in task.evidence_pending.split() if ref != c.text("ref")]
    return replace(task, evidence_pending=" ".join(left))


@effect("mark_suspect")
def _mark_suspect(task: TaskState, _c: Context) -> TaskState:
    return replace(task, suspect_data=True)


@effect("clear_suspect")
def _clear_suspect(task: TaskState, _c: Context) -> TaskState:
    return replace(task, suspect_data=False)


@effect("confirm_data")
def _confirm_data(task: TaskState, _c: Context) -> TaskState:
    return replace(task, suspect_data=False)


def _ask(task: TaskState, c: Context) -> TaskState:
    what = c.op.kind.removeprefix("ask_")
    return replace(task, asked=what, asked_by=c.op.actor, asked_at=c.now)


for _kind in ("ask_suspend", "ask_extend", "ask_void", "ask_dismiss"):
    EFFECTS[_kind] = _ask


@effect("deny")
def _deny(task: TaskState, _c: Context) -> TaskState:
    return replace(task, asked="", asked_by="", asked_at=None)
