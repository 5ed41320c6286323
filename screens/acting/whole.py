"""A task as the person has it before them, and which keys are off for it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.words import Message

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.tasks import Offer, TaskPage, TaskRow
    from backend.desk.taskside import TaskSides
    from backend.desk.workorders import WorkOrderRow

KINDS: Mapping[str, tuple[str, ...]] = {
    "triage": ("file",),
    "dispatch": ("dispatch",),
    "phone": ("accept", "arrive", "report", "resume", "return", "take", "decline"),
    "verify": ("verify_ok", "verify_no"),
    "urge": ("urge",),
    "ack": ("ack",),
    "supervise": ("supervise",),
    "escalate": ("escalate",),
    "hand_back": ("hand_back",),
    "extend": ("extend", "ask_extend"),
    "return": ("return",),
    "suspend": ("suspend", "ask_suspend"),
    "unsuspend": ("unsuspend",),
    "transfer": ("transfer",),
    "take": ("take", "decline"),
    "dismiss": ("dismiss", "ask_dismiss"),
    "merge": ("merge",),
    "reopen": ("reopen",),
    "void": ("void", "ask_void"),
    "force": ("force",),
}
"""The acts behind each key, by the last part of the key's action."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A task's page and what stands beside it, read together."""

    page: TaskPage
    sides: TaskSides
    order: WorkOrderRow | None = None
    """What it is to the contractor, where it is a work order."""

    @property
    def row(self) -> TaskRow:
        """The task's line."""
        return self.page.row

    @property
    def arbitration(self) -> bool:
        """Whether it is to say whose another task is."""
        return self.row.type == "arbitration"

    def offer(self, kind: str) -> Offer | None:
        """The act, where it can be done now."""
        return next((o for o in self.page.offers if o.kind == kind and o.refusal is None), None)

    def refused(self, kind: str) -> Message | None:
        """Why the act is off; None where it can be done now."""
        return next((o.refusal for o in self.page.offers if o.kind == kind), None)

    def or_ask(self, kind: str) -> str:
        """The act itself, or the asking for it where this person may only ask."""
        asking = f"ask_{kind}"
        return asking if self.offer(kind) is None and self.offer(asking) is not None else kind

    def offers(self, kinds: Sequence[str]) -> list[Offer]:
        """Those of the acts that can be done now."""
        return [offer for kind in kinds if (offer := self.offer(kind)) is not None]

    def asked(self) -> Mapping[str, object]:
        """What was written when a supervisor's word was asked for."""
        wanted = f"ask_{self.row.asked}"
        for act in reversed(self.page.timeline):
            if act.kind == wanted and act.result == "applied":
                return act.body
        return {}


def read(desk: Desk, task: str) -> Whole | None:
    """Read a task; None where there is none. Called in a thread."""
    from backend.desk import tasks, taskside, workorders

    page, sides = tasks.page(desk, task), taskside.sides(desk, task)
    return None if page is None or sides is None else Whole(page, sides, workorders.of_task(desk, task))


def refusal(whole: Whole, act: str) -> Message | None:
    """Why a key is off for this task; None where it is on."""
    kinds = KINDS.get(act)
    if kinds is None:
        return None
    if whole.arbitration and act == "dispatch":
        return Message("task.refused.arbitration_dispatch", {"about": whole.page.title.args.get("task", "")})
    if whole.arbitration and act == "verify":
        kinds = ("settle",)
    if act == "dispatch" and whole.row.state == "DRAFT":
        kinds = ("file",)
    if act == whole.row.asked:
        kinds = (act, "deny")
    found = [offer for offer in whole.page.offers if offer.kind in kinds]
    why = [offer.refusal for offer in found if offer.refusal is not None]
    if len(why) < len(found) or not why:
        return None
    if act == whole.row.asked and (asked := whole.refused(f"ask_{act}")) is not None:
        return asked
    # What this person lacks is worth more than that another act belongs to another state.
    other = [message for message in why if message.code != "task.refused.state"]
    # And that nobody may do it more than who may only ask.
    other.sort(key=lambda message: message.code != "task.refused.arbitration_only")
    if other:
        return other[0]
    if len(kinds) > 1:
        return Message(f"taskscreen.off.{act}", {"state": whole.row.state})
    return why[0]
