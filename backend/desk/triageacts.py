"""What is decided at the triage desk: one act for one row or for many, each item in a transaction of its own.

What can't be done to an item is told in words, and the rest is done. A task that is made on the way stays only where
the act that it was made for was taken. What another seat has open is theirs until it is taken over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from backend import alarms
from backend.access import may
from backend.alarms.acts import acknowledge_many
from backend.desk import acts, workorders
from backend.desk.desk import Desk
from backend.desk.naming import named, names
from backend.desk.triage import ALARM, TASK, Item, claims_of
from backend.desk.triagelook import Whom, whom
from backend.desk.triagerules import Shelf
from backend.desk.vicinity import place_of
from backend.duty import claims
from backend.tasks.policy import policy_at
from backend.tasks.states import State
from backend.tasks.workorders import contractor_of
from backend.words import Message, Outcome

FEW = 4
"""Signals of an item by which a claim is told."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An item to which it could not be done, and why."""

    place: str
    why: Message


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of an act on one item or several."""

    outcome: Outcome
    """In one line; of one item its own."""
    done: tuple[str, ...]
    """Keys of the items to which it was done."""
    refused: tuple[Refused, ...]


class _Undone(Exception):
    """The item's transaction is given up."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message.code)
        self.outcome = outcome


Act = Callable[[Connection, Item], Outcome]


# Acts.


def acknowledge(desk: Desk, items: Sequence[Item]) -> Decision:
    """Acknowledge 确认 all alarms of the items: somebody has seen them, and nothing is to be done.

    A flood's are a thousand: all of them in one transaction.
    """
    actor, refused, mine = desk.actor, list[Refused](), list[Item]()
    rights: dict[str, Message | None] = {}
    with desk.store.write() as connection:
        if len(items) == 1 and len(items[0].alarms) == 1:
            only = items[0]
            why = _off(connection, desk, only, rights)
            outcome = (
                Outcome(False, why)
                if why is not None
                else alarms.acknowledge(connection, only.alarms[0], actor=actor.person, now=desk.now)
            )
            return _one(only, _named(connection, desk, outcome))
        for item in items:
            why = _off(connection, desk, item, rights)
            if why is None:
                mine.append(item)
            else:
                refused.append(Refused(item.place, _named(connection, desk, Outcome(False, why)).message))
        numbers = [number for item in mine for number in item.alarms]
        seen = set(acknowledge_many(connection, numbers, actor=actor.person, now=desk.now)[0])
    for item in mine:
        if seen.isdisjoint(item.alarms):
            none = Message("desk.alarm.none_acknowledged", {"count": len(item.alarms)})
            refused.append(Refused(item.place, none))
    done = tuple(item.key for item in mine if not seen.isdisjoint(item.alarms))
    if len(items) == 1 and done:
        outcome = Outcome.done("desk.alarm.all_acknowledged", count=len(seen), left=0)
    else:
        outcome = _summed("acknowledge", len(done), len(refused))
    return Decision(outcome, done, tuple(refused))


def _off(connection: Connection, desk: Desk, item: Item, rights: dict[str, Message | None]) -> Message | None:
    """Why an item's alarms can't be acknowledged; None where they can. Rights are asked once a grid."""
    if not item.alarms:
        return Message("triage.refused.no_alarm")
    if (held := _held(connection, desk, item)) is not None:
        return held.message
    if item.grid not in rights:
        rights[item.grid] = may(connection, desk.actor, "alarm.acknowledge", item.grid)
    return rights[item.grid]


def _one(item: Item, outcome: Outcome) -> Decision:
    """What became of a single item."""
    done = (item.key,) if outcome.ok else ()
    return Decision(outcome, done, () if outcome.ok else (Refused(item.place, outcome.message),))


def shelve(desk: Desk, items: Sequence[Item], shelf: Shelf) -> Decision:
    """Shelve 搁置 all alarms of the items for one of the reasons that there are; they come back by themselves."""
    reason = shelf.words[desk.language == "en"]

    def act(connection: Connection, item: Item) -> Outcome:
        if not item.alarms:
            return Outcome.refused("triage.refused.no_alarm")
        refusal = may(connection, desk.actor, "alarm.shelve", item.grid)
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = Outcome.refused("desk.no_alarm")
        for alarm in item.alarms:
            outcome = alarms.shelve(
                connection,
                alarm,
                actor=desk.actor.person,
                now=desk.now,
                until=desk.now + shelf.minutes * 60,
                reason=reason,
            )
            if not outcome.ok:
                return outcome
        return outcome

    return _each(desk, items, "shelve", act)


def dismiss(desk: Desk, items: Sequence[Item], reason: str) -> Decision:
    """Dismiss 不予受理 for one of the policy's reasons; a critical one is put before a supervisor."""

    def act(connection: Connection, item: Item) -> Outcome:
        task = _draft(connection, desk, item)
        if not task.ok:
            return task
        name = str(task.data["task"])
        asks = item.priority == "critical" and desk.actor.role != "supervisor"
        kind = "ask_dismiss" if asks else "dismiss"
        outcome = acts.act_in(connection, desk, name, kind, {"reason": reason})
        return _seen(connection, desk, item, outcome)

    return _each(desk, items, "dismiss", act)


def dispatch(
    desk: Desk, items: Sequence[Item], holder: tuple[str, str] | None = None, note: str = ""
) -> Decision:
    """Send somebody: the task is made and filed in the same step, and data in doubt count as confirmed.

    Args:
        holder: kind and code of whom to send; each item's own best where none is given.
        note: why, as the holder reads it.
    """

    def act(connection: Connection, item: Item) -> Outcome:
        found = _whom(connection, desk, item)
        kind, code = holder or suggested(found)
        if not code:
            return Outcome.refused("triage.refused.nobody")
        if kind == "contractor":
            return _order(connection, desk, item)
        row = next((one for one in found.sending.rows if (one.kind, one.code) == (kind, code)), None)
        task = _draft(connection, desk, item)
        if not task.ok:
            return task
        name = str(task.data["task"])
        if _state(connection, name) == State.DRAFT:
            where = {"grid": item.settled, "township": item.settled} if item.settled else {}
            filed = acts.act_in(connection, desk, name, "file", {"confirmed": True, **where})
            if not filed.ok:
                return filed
        body: dict[str, Any] = {"holder": code, "holder_kind": kind, **({"note": note} if note else {})}
        if found.sending.known and row is not None:
            body["on_duty"] = row.on_duty
        if kind == "department":
            body["department"] = code
        outcome = acts.act_in(connection, desk, name, "dispatch", body)
        return _seen(connection, desk, item, outcome)

    return _each(desk, items, "dispatch", act)


def contract(desk: Desk, items: Sequence[Item]) -> Decision:
    """Send the instruments' maintenance contractor 运维单位: a work order of each."""
    return _each(desk, items, "contract", lambda connection, item: _order(connection, desk, item))


def merge(desk: Desk, items: Sequence[Item], into: str) -> Decision:
    """Merge 并案 the items into an open task."""

    def act(connection: Connection, item: Item) -> Outcome:
        task = _draft(connection, desk, item)
        if not task.ok:
            return task
        outcome = acts.act_in(connection, desk, str(task.data["task"]), "merge", {"into": into})
        return _seen(connection, desk, item, outcome)

    return _each(desk, items, "merge", act)


def suggested(found: Whom) -> tuple[str, str]:
    """Whom to send where nobody is named: the contractor of an instrument that fails, else the best there is."""
    if found.fault and found.contractor is not None:
        return "contractor", found.contractor.code
    best = found.sending.best
    return (best.kind, best.code) if best is not None else ("", "")


# Claims.


def claim(desk: Desk, item: Item) -> Outcome:
    """Say that this seat looks at an item, or still does; refused with who has it."""
    outcome = Outcome.done("triage.claimed")
    with desk.store.bulk() as connection:
        for kind, key in claims_of(item)[:FEW]:
            outcome = claims.claim(connection, kind, key, desk.actor.person, desk.now)
            if not outcome.ok:
                return _named(connection, desk, outcome)
    return outcome


def release(desk: Desk, item: Item) -> None:
    """Say that this seat looks at something else."""
    with desk.store.bulk() as connection:
        for kind, key in claims_of(item)[:FEW]:
            claims.release(connection, kind, key, desk.actor.person)


def take_over(desk: Desk, item: Item) -> Outcome:
    """Take 接手 what another seat has open: their keys are off for it from now on, and their screen says who has it."""
    with desk.store.write() as connection:
        refusal = may(connection, desk.actor, "incident.report", item.grid)
        if refusal is not None:
            return Outcome(False, refusal)
        held = [
            by
            for kind, key in claims_of(item)
            if (by := claims.take(connection, kind, key, desk.actor.person, desk.now))
        ]
        if not held:
            return Outcome.refused("triage.refused.not_claimed")
        people = names(connection, held, desk.language)
        return Outcome.done("triage.taken", place=item.place, who=people.get(held[0], held[0]))


# How it is done.


def _each(desk: Desk, items: Sequence[Item], name: str, act: Act) -> Decision:
    done: list[str] = []
    refused: list[Refused] = []
    outcome = Outcome.refused("ui.off.no_row")
    for item in items:
        try:
            with desk.store.write() as connection:
                outcome = _held(connection, desk, item) or act(connection, item)
                outcome = _named(connection, desk, outcome)
                if not outcome.ok and not item.task:
                    raise _Undone(outcome)
        except _Undone as undone:
            outcome = undone.outcome
        if outcome.ok:
            done.append(item.key)
        else:
            refused.append(Refused(item.place, outcome.message))
    if len(items) != 1:
        outcome = _summed(name, len(done), len(refused))
    return Decision(outcome, tuple(done), tuple(refused))


def _summed(name: str, done: int, refused: int) -> Outcome:
    if not done:
        return Outcome.refused("triage.none", act=name, count=refused)
    return Outcome.done("triage.some" if refused else "triage.all", act=name, count=done, left=refused)


def _held(connection: Connection, desk: Desk, item: Item) -> Outcome | None:
    """Refused where another seat has it open."""
    keys = claims_of(item)[:FEW]
    for kind in dict.fromkeys(kind for kind, _ in keys):
        found = claims.claimed(connection, kind, [key for one, key in keys if one == kind], desk.now)
        by = next((by for by in found.values() if by != desk.actor.person), "")
        if by:
            return Outcome.refused("triage.refused.claimed", by=by)
    return None


def _draft(connection: Connection, desk: Desk, item: Item) -> Outcome:
    """The item's task, made where it has none."""
    if item.task:
        return Outcome(True, Message("triage.claimed"), {"task": item.task})
    refusal = may(connection, desk.actor, "incident.report", item.grid)
    if refusal is not None:
        return Outcome(False, refusal)
    row = None
    if item.alarms:
        row = connection.execute(select(ALARM).where(ALARM.c.id == item.alarms[0])).first()
    if row is None:
        return Outcome.refused("desk.no_alarm")
    return acts.of_alarm(connection, desk, row, file=False)


def _order(connection: Connection, desk: Desk, item: Item) -> Outcome:
    if not item.draft:
        if not item.alarms:
            return Outcome.refused("task.refused.no_station")
        return _seen(connection, desk, item, workorders.of_alarm(connection, desk, item.alarms[0]))
    # What an inspection found is drafted already: file it, and send the contractor.
    place = place_of(connection, station=item.station, incident=item.incident, grid=item.grid)
    code = contractor_of(connection, place.station.id if place.station is not None else None)
    if not code:
        return Outcome.refused("task.refused.no_contractor")
    filed = acts.act_in(connection, desk, item.task, "file", {"confirmed": True})
    if not filed.ok:
        return filed
    body = {"holder": code, "holder_kind": "department", "department": code}
    return _seen(connection, desk, item, acts.act_in(connection, desk, item.task, "dispatch", body))


def _state(connection: Connection, task: str) -> str:
    return str(connection.execute(select(TASK.c.state).where(TASK.c.id == task)).scalar_one())


def _seen(connection: Connection, desk: Desk, item: Item, outcome: Outcome) -> Outcome:
    """Whoever decides has seen the alarms, too."""
    if outcome.ok and item.alarms:
        acknowledge_many(connection, item.alarms, actor=desk.actor.person, now=desk.now)
    return outcome


def _whom(connection: Connection, desk: Desk, item: Item) -> Whom:
    place = place_of(connection, station=item.station, incident=item.incident, grid=item.grid)
    return whom(connection, desk, item, place, policy_at(connection, desk.now))


def _named(connection: Connection, desk: Desk, outcome: Outcome) -> Outcome:
    code = str(outcome.message.args.get("by") or outcome.message.args.get("person") or "")
    if not code:
        return outcome
    people: Mapping[str, str] = names(connection, [code], desk.language)
    return Outcome(outcome.ok, named(outcome.message, people), outcome.data)
