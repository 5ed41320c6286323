"""What stands above the duty book: dated lines (override 顶班, swap 换班), and people who are away (leave, sick).

Nothing is rewritten: a change is a line with its hours, who made it and why, and taking it back is noted on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, bindparam, insert, select, update

from backend.access.audit import append
from backend.duty.tables import DutyOverride, DutyState
from backend.store import table
from backend.text import clean
from backend.words import Outcome

OVERRIDE, STATE = table(DutyOverride), table(DutyState)
# Put together once: a look at whom one would send asks them several times.
_TOUCHING = (
    select(OVERRIDE)
    .where(
        OVERRIDE.c.body_kind == bindparam("kind"),
        OVERRIDE.c.withdrawn.is_(None),
        OVERRIDE.c.starts < bindparam("until"),
        OVERRIDE.c.ends > bindparam("since"),
    )
    .order_by(OVERRIDE.c.id)
)
_STATES = (
    select(STATE)
    .where(
        STATE.c.withdrawn.is_(None),
        STATE.c.starts < bindparam("until"),
        STATE.c.ends > bindparam("since"),
    )
    .order_by(STATE.c.id)
)
AWAY: Final = ("leave", "sick")
STATES: Final = (*AWAY, "on")
BODIES: Final = ("centre", "department", "member")


@dataclass(frozen=True, slots=True)
class Override:
    """A dated line above the book."""

    id: int
    body_kind: str
    body: str
    starts: int
    ends: int
    instead: str
    name: str
    phone: str
    kind: str
    pair: str
    reason: str
    set_by: str
    at: int

    def hides(self, name: str) -> bool:
        """Whether it stands above a line of the book with this name."""
        return not self.instead or self.instead == name


@dataclass(frozen=True, slots=True)
class Away:
    """A person's state for a time: ``leave``, ``sick``, or ``on`` where the book does not name them."""

    id: int
    person: str
    state: str
    starts: int
    ends: int
    note: str
    set_by: str


def overrides_of(
    connection: Connection, body_kind: str, bodies: Sequence[str], since: int, until: int
) -> dict[str, list[Override]]:
    """The lines that touch ``[since, until)``, by body, in the order in which they were made."""
    rows = connection.execute(_TOUCHING, {"kind": body_kind, "since": since, "until": until})
    wanted, found = set(bodies), defaultdict(list)
    for row in rows:
        if row.body in wanted:
            found[row.body].append(_override(row))
    return dict(found)


def listed(connection: Connection, since: int) -> list[Override]:
    """Every line that holds now or will, the next one first."""
    rows = connection.execute(
        select(OVERRIDE)
        .where(OVERRIDE.c.withdrawn.is_(None), OVERRIDE.c.ends > since)
        .order_by(OVERRIDE.c.starts, OVERRIDE.c.id)
    )
    return [_override(row) for row in rows]


def _override(row: object) -> Override:
    values = row._mapping  # type: ignore[attr-defined]
    return Override(**{name: values[name] for name in Override.__slots__})


def states_of(connection: Connection, people: Sequence[str], since: int, until: int) -> dict[str, list[Away]]:
    """The states that touch ``[since, until)``, by person; the last one set counts where two do."""
    rows = connection.execute(_STATES, {"since": since, "until": until})
    wanted, found = set(people), defaultdict(list)
    for row in rows:
        if row.person in wanted:
            found[row.person].append(
                Away(row.id, row.person, row.state, row.starts, row.ends, row.note, row.set_by)
            )
    return dict(found)


def replace_on_duty(
    connection: Connection,
    body_kind: str,
    body: str,
    starts: int,
    ends: int,
    *,
    name: str,
    phone: str,
    instead: str,
    reason: str,
    by: str,
    now: int,
    kind: str = "override",
    pair: str = "",
) -> Outcome:
    """Somebody else answers for a body in ``[starts, ends)``, or nobody where ``name`` is empty."""
    if body_kind not in BODIES:
        return Outcome.refused("duty.refused.body", kind=body_kind)
    if ends <= max(starts, now):
        return Outcome.refused("duty.refused.hours")
    why = clean(reason, limit=200)
    if not why:
        return Outcome.refused("duty.refused.reason")
    told = clean(name, limit=60)
    connection.execute(
        insert(OVERRIDE).values(
            body_kind=body_kind,
            body=body,
            starts=starts,
            ends=ends,
            instead=clean(instead, limit=60),
            name=told,
            phone=clean(phone, limit=30),
            kind=kind,
            pair=pair,
            reason=why,
            set_by=by,
            at=now,
            withdrawn_by="",
        )
    )
    append(
        connection,
        by,
        f"duty.{kind}",
        f"{body_kind}:{body}",
        now,
        name=told,
        instead=instead,
        starts=starts,
        ends=ends,
        reason=why,
    )
    code = "duty.replaced" if told else "duty.vacated"
    return Outcome.done(code, body=body, name=told, starts=starts, ends=ends)


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn in the book: what a swap exchanges."""

    body: str
    starts: int
    ends: int
    name: str
    phone: str
    name_en: str = ""
    """In English, for those who read it: the book knows them by ``name``."""


def swap(
    connection: Connection, body_kind: str, one: Turn, other: Turn, *, reason: str, by: str, now: int
) -> Outcome:
    """Two people exchange their turns: two lines of one pair, both or neither."""
    if one.name == other.name or not (one.name and other.name):
        return Outcome.refused("duty.refused.swap")
    pair = uuid4().hex[:12]
    for turn, taker in ((one, other), (other, one)):
        outcome = replace_on_duty(
            connection,
            body_kind,
            turn.body,
            turn.starts,
            turn.ends,
            name=taker.name,
            phone=taker.phone,
            instead=turn.name,
            reason=reason,
            by=by,
            now=now,
            kind="swap",
            pair=pair,
        )
        if not outcome.ok:
            return outcome
    return Outcome.done("duty.swapped", one=one.name, other=other.name)


def withdraw(connection: Connection, number: int, *, by: str, now: int) -> Outcome:
    """Take a line back; of a swap both."""
    row = connection.execute(
        select(OVERRIDE).where(OVERRIDE.c.id == number, OVERRIDE.c.withdrawn.is_(None))
    ).one_or_none()
    if row is None:
        return Outcome.refused("duty.refused.no_change")
    same = OVERRIDE.c.pair == row.pair if row.pair else OVERRIDE.c.id == number
    connection.execute(
        update(OVERRIDE).where(same, OVERRIDE.c.withdrawn.is_(None)).values(withdrawn=now, withdrawn_by=by)
    )
    append(connection, by, "duty.withdraw", f"{row.body_kind}:{row.body}", now, line=number)
    return Outcome.done("duty.withdrawn", body=row.body)


def set_state(
    connection: Connection, person: str, state: str, starts: int, ends: int, *, note: str, by: str, now: int
) -> Outcome:
    """Somebody is away, or there though the book does not say so, in ``[starts, ends)``; it cuts short what was set."""
    if state not in STATES:
        return Outcome.refused("duty.refused.state", state=state)
    if ends <= max(starts, now):
        return Outcome.refused("duty.refused.hours")
    _cut(connection, person, by, now)
    connection.execute(
        insert(STATE).values(
            person=person,
            state=state,
            starts=starts,
            ends=ends,
            note=clean(note, limit=200),
            set_by=by,
            at=now,
            withdrawn_by="",
        )
    )
    append(connection, by, f"duty.state.{state}", person, now, starts=starts, ends=ends, note=note[:200])
    return Outcome.done(f"duty.state_set.{state}", person=person, until=ends)


def end_state(connection: Connection, person: str, *, by: str, now: int) -> Outcome:
    """They are back: the book holds for them again."""
    if not _cut(connection, person, by, now):
        return Outcome.refused("duty.refused.no_state")
    append(connection, by, "duty.state.back", person, now)
    return Outcome.done("duty.state_ended", person=person)


def _cut(connection: Connection, person: str, by: str, now: int) -> int:
    done = connection.execute(
        update(STATE)
        .where(STATE.c.person == person, STATE.c.withdrawn.is_(None), STATE.c.ends > now)
        .values(withdrawn=now, withdrawn_by=by)
    )
    return done.rowcount
