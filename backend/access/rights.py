"""Who may do what: the role's rights, and the jurisdiction.

`backend.tasks` says which act is legal in a task's state; this says whether the person may act there at all. The desk
asks both at one place.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from backend.access.actor import Actor, lineage
from backend.words import Message

_SEATS = frozenset({"seat", "supervisor", "administrator", "system"})
_DUTY = frozenset({"seat", "supervisor", "system"})
RIGHTS: Final[dict[str, frozenset[str]]] = {
    "look": frozenset({"seat", "supervisor", "administrator", "member", "system"}),
    "alarm.acknowledge": _DUTY,
    "alarm.shelve": _DUTY,
    "alarm.service": frozenset({"supervisor", "administrator", "system"}),
    "quality.review": _SEATS,
    "quality.overrule": frozenset({"supervisor", "administrator", "system"}),
    "incident.report": _DUTY,
    "case.import": frozenset({"supervisor", "administrator", "system"}),
    "complaint.open": _SEATS,
    "complaint.reply": _DUTY,
    "order.issue": _SEATS,
    "order.command": frozenset({"supervisor", "administrator", "system"}),
    "report.draft": frozenset({"seat", "supervisor"}),
    "report.send": frozenset({"seat", "supervisor"}),
    "report.review": frozenset({"seat", "supervisor"}),
    "report.sign": frozenset({"supervisor"}),
    "report.issue": frozenset({"seat", "supervisor"}),
    "score.enter": frozenset({"supervisor", "administrator", "system"}),
    "task.act": frozenset({"seat", "supervisor", "administrator", "member", "system"}),
    "duty.sign": frozenset({"seat", "supervisor"}),
    "duty.book": frozenset({"seat", "supervisor", "administrator"}),
    "duty.lines": frozenset({"supervisor", "administrator"}),
    "duty.adopt": _DUTY,
    "feed.manage": frozenset({"administrator", "system"}),
    "feed.poll": _SEATS,
    "city.load": frozenset({"administrator", "system"}),
    "key.manage": frozenset({"administrator", "system"}),
    "channel.manage": frozenset({"administrator", "system"}),
    "person.manage": frozenset({"administrator", "system"}),
    "policy.manage": frozenset({"administrator", "system"}),
    "audit.read": frozenset({"administrator", "system"}),
    "supervise.look": frozenset({"supervisor", "administrator", "system"}),
}
"""What each act asks of the role."""
PEOPLE: Final = ("member", "seat", "supervisor", "administrator")
"""Roles of people, the widest spread first: whom to ask for what one may not do."""


def by_role(actor: Actor, what: str) -> Message | None:
    """None where the actor's role may do this at all, else why not; where it may is another question."""
    allowed = RIGHTS.get(what, frozenset())
    if actor.role in allowed:
        return None
    needed = next((role for role in PEOPLE if role in allowed), "administrator")
    return Message("access.role", {"role": actor.role, "what": what, "needed": needed})


def may(connection: Connection, actor: Actor, what: str, grid: str = "") -> Message | None:
    """None where the actor may do this in this grid, else why not."""
    refusal = by_role(actor, what)
    if refusal is not None:
        return refusal
    if not grid or actor.role == "system":
        return None
    line = lineage(connection, grid)
    if line and actor.grid in line:
        return None
    return Message("access.outside", {"grid": grid, "own": actor.grid})
