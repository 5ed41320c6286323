"""Acts on alarms: on several at once, and why an act is off for one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.access.rights import by_role
from backend.alarms.machine import Signal, State, decide
from backend.desk.alarms import AlarmRow, acknowledge, shelve
from backend.desk.desk import Desk
from backend.words import Message, Outcome


def refusals(desk: Desk, row: AlarmRow) -> dict[str, Message]:
    """Why this person may not do what with an alarm in this state; acts that are not in it are on.

    Cheap enough to ask at every step of a cursor: it looks at nothing but the row and the role.
    """
    found: dict[str, Message] = {}
    for act, right in _RIGHTS.items():
        refusal = by_role(desk.actor, right) or _elsewhere(row) or _illegal(act, row)
        if refusal is not None:
            found[act] = refusal
    return found


_RIGHTS: Mapping[str, str] = {
    "acknowledge": "alarm.acknowledge",
    "shelve": "alarm.shelve",
    "unshelve": "alarm.shelve",
    "triage": "incident.report",
}


def _elsewhere(row: AlarmRow) -> Message | None:
    """What is of more than this person's grid is shown to them, and a tier above acts on it."""
    return Message("desk.alarm.outside", {"place": row.place}) if row.outside else None


def _illegal(act: str, row: AlarmRow) -> Message | None:
    if act == "triage":
        return Message("desk.alarm.has_task", {"task": row.task}) if row.task else None
    if decide(State(row.state), Signal(act), active=row.cleared is None) is None:
        return Message(f"desk.alarm.no_{act}.{row.state.lower()}")
    return None


def acknowledge_all(desk: Desk, alarms: Sequence[int]) -> Outcome:
    """Acknowledge several at once; tells how many it was, and how many could not be."""
    done = [acknowledge(desk, alarm).ok for alarm in alarms]
    if not any(done):
        return Outcome.refused("desk.alarm.none_acknowledged", count=len(done))
    left = len(done) - sum(done)
    code = "desk.alarm.some_acknowledged" if left else "desk.alarm.all_acknowledged"
    return Outcome.done(code, count=sum(done), left=left)


def shelve_all(desk: Desk, alarms: Sequence[int], *, seconds: int, reason: str) -> Outcome:
    """Shelve one or several; the first that is refused ends it."""
    outcome = Outcome.refused("desk.no_alarm")
    for alarm in alarms:
        outcome = shelve(desk, alarm, seconds=seconds, reason=reason)
        if not outcome.ok:
            return outcome
    return outcome if len(alarms) == 1 else Outcome.done("desk.alarm.all_shelved", count=len(alarms))
