"""Acts on alarms: on several at once, and why an act is off for one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from backend.access import may
from backend.access.rights import by_role
from backend.alarms.machine import Signal, State, decide
from backend.desk.alarms import ALARM, AlarmRow, acknowledge, shelve
from backend.desk.desk import Desk
from backend.words import Message, Outcome

PART = 400
"""Alarms that are asked for at once."""


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
    if len(alarms) == 1:
        return acknowledge(desk, alarms[0])
    # The room that acts is loaded when somebody acts: refusals are asked at every step of a cursor.
    from backend.alarms.acts import acknowledge_many

    with desk.store.write() as connection:
        mine = _mine(connection, desk, alarms)
        done, _ = acknowledge_many(connection, mine, actor=desk.actor.person, now=desk.now)
    if not done:
        return Outcome.refused("desk.alarm.none_acknowledged", count=len(alarms))
    left = len(alarms) - len(done)
    code = "desk.alarm.some_acknowledged" if left else "desk.alarm.all_acknowledged"
    return Outcome.done(code, count=len(done), left=left)


def _mine(connection: Connection, desk: Desk, alarms: Sequence[int]) -> list[int]:
    """Those of these alarms that the person may acknowledge, grid by grid."""
    grids: dict[str, list[int]] = {}
    for first in range(0, len(alarms), PART):
        query = select(ALARM.c.id, ALARM.c.grid, ALARM.c.county)
        for row in connection.execute(query.where(ALARM.c.id.in_(alarms[first : first + PART]))):
            grids.setdefault(row.grid or row.county, []).append(row.id)
    return [
        number
        for grid, several in grids.items()
        if may(connection, desk.actor, "alarm.acknowledge", grid) is None
        for number in several
    ]


def shelve_all(desk: Desk, alarms: Sequence[int], *, seconds: int, reason: str) -> Outcome:
    """Shelve one or several; the first that is refused ends it."""
    outcome = Outcome.refused("desk.no_alarm")
    for alarm in alarms:
        outcome = shelve(desk, alarm, seconds=seconds, reason=reason)
        if not outcome.ok:
            return outcome
    return outcome if len(alarms) == 1 else Outcome.done("desk.alarm.all_shelved", count=len(alarms))
