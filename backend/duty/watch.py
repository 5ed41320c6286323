"""Who is not there: silent centres, unattended seats, holders who go off duty with work open.

Judged by what is written down, so that any process comes to the same answer; run every minute. It stops neither the
escalation nor the auditor: those go by their own clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, func, or_, select

from backend.alarms.tables import Alarm
from backend.city.tables import Centre, Grid
from backend.duty.adopted import kept
from backend.duty.book import has_book, on_duty_of
from backend.duty.calls import Call, last_calls
from backend.duty.numbers import Numbers, numbers
from backend.duty.pick import pick_holder
from backend.duty.shifts import Seated, seats
from backend.notify import notices
from backend.store import table
from backend.tasks.rows import TASK
from backend.words.message import Scalar

ALARM, CENTRE, GRID = table(Alarm), table(Centre), table(Grid)
HALF_DAY = 43200
WITH_HOLDER = ("DISPATCHED", "ACCEPTED", "ON_SITE", "REWORK")
THERE = ("ON_SITE", "REWORK")
"""States of work that has begun: it is given back to nobody, so nobody else is sent (rows 7 and 8)."""


@dataclass(frozen=True, slots=True)
class Room:
    """A centre as it stands: who sits there, who answers its phone."""

    centre: str
    grid: str
    tier: str
    seats: tuple[Seated, ...]
    """Signed in, their console heard of or not."""
    manned: bool
    """Whether somebody sits there whose console is heard of."""
    answers: str
    """Who answers by the book now; empty where nobody does."""
    phone: str
    called: Call | None
    """The last call to it that counts."""
    keeper: str
    """Who keeps its board; empty where nobody does."""
    last_key: int | None
    """The newest key at any of its seats."""
    answers_en: str = ""
    """Who answers, in English, where the book says so."""

    @property
    def silent(self) -> bool:
        """Nobody sits there, and nobody answers."""
        unanswered = self.called is not None and not self.called.answered
        return not self.manned and (not self.answers or unanswered)


def rooms(
    connection: Connection, zone: ZoneInfo, now: int, centres: Sequence[str] | None = None
) -> list[Room]:
    """How some centres stand, or all."""
    held = numbers(now)
    query = (
        select(CENTRE.c.code, CENTRE.c.grid, CENTRE.c.tier, CENTRE.c.phone)
        .where(CENTRE.c.in_service)
        .order_by(CENTRE.c.code)
    )
    wanted = None if centres is None else set(centres)
    rows = [row for row in connection.execute(query) if wanted is None or row.code in wanted]
    codes = [row.code for row in rows]
    at_seats: dict[str, list[Seated]] = {}
    for one in seats(connection, codes):
        at_seats.setdefault(one.centre, []).append(one)
    # A city without a duty book answers by its centres' own phones.
    book = on_duty_of(connection, "centre", codes, now, zone) if has_book(connection) else None
    calls, kept_by = last_calls(connection, now - held.call), kept(connection)
    found = []
    for row in rows:
        sitting = tuple(at_seats.get(row.code, ()))
        on = (book or {}).get(row.code, ())
        call = calls.get(row.code)
        if call is not None and any(one.signed_in >= call.at for one in sitting):
            call = None
        found.append(
            Room(
                row.code,
                row.grid,
                row.tier,
                sitting,
                any(one.there(now, held.seen) for one in sitting),
                on[0].name if on else ("" if book is not None else row.phone),
                (on[0].phone if on else "") or row.phone,
                call,
                kept_by[row.code].keeper if row.code in kept_by else "",
                max((one.last_key for one in sitting), default=None),
                on[0].name_en if on else "",
            )
        )
    return found


def urgent(connection: Connection, now: int) -> dict[str, tuple[int, int]]:
    """What waits in each grid of level 2 and 3: critical alarms that nobody acknowledged, open tasks over time."""
    found: dict[str, tuple[int, int]] = {}
    waiting = and_(
        ALARM.c.state.in_(("UNACK", "RTN_UNACK")), ALARM.c.priority == "critical", ALARM.c.inhibited_by == ""
    )
    late = and_(TASK.c.closed.is_(None), or_(TASK.c.breaches != "", TASK.c.due < now))
    for place, (of, condition) in enumerate(((ALARM, waiting), (TASK, late))):
        rows = connection.execute(
            select(of.c.county, of.c.township, func.count())
            .where(condition)
            .group_by(of.c.county, of.c.township)
        )
        for county, township, count in rows:
            for grid in {county, township} - {""}:
                alarms, tasks = found.get(grid, (0, 0))
                found[grid] = (alarms + count, tasks) if place == 0 else (alarms, tasks + count)
    return found


@dataclass(frozen=True, slots=True)
class Missing:
    """A centre that the tier above must look after."""

    kind: str
    """``unattended``: somebody is signed in and touches no key; ``silent``: nobody is there at all."""
    room: Room
    since: int
    alarms: int
    tasks: int


def missing(connection: Connection, zone: ZoneInfo, now: int) -> list[Missing]:
    """Centres where something urgent waits and nobody is at it."""
    held: Numbers = numbers(now)
    waits = urgent(connection, now)
    found = []
    for room in rooms(connection, zone, now):
        alarms, tasks = waits.get(room.grid, (0, 0))
        if not (alarms or tasks) or room.keeper:
            continue
        if room.seats and room.last_key is not None and now - room.last_key >= held.unattended:
            found.append(Missing("unattended", room, room.last_key, alarms, tasks))
        elif not room.seats and room.silent:
            since = room.called.at if room.called is not None else now
            found.append(Missing("silent", room, since, alarms, tasks))
    return found


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the seats of a grid are told once."""

    key: str
    code: str
    args: Mapping[str, Scalar]
    grid: str
    priority: str
    task: str = ""


def findings(connection: Connection, zone: ZoneInfo, now: int) -> list[Finding]:
    """What the tier above must know of who is missing, and the seats of holders who leave."""
    found = _leaving(connection, zone, now)
    parents = _parents(connection)
    for one in missing(connection, zone, now):
        up = parents.get(one.room.grid, "")
        if not up:
            continue
        # Unattended: once for each time that the keys fall silent; silent: once for each half day.
        turn = one.since if one.kind == "unattended" else now // HALF_DAY
        args: dict[str, Scalar] = {
            "holder": one.room.centre,
            "since": one.since,
            "alarms": one.alarms,
            "tasks": one.tasks,
            "phone": one.room.phone,
        }
        key = f"duty:{one.kind}:{one.room.centre}:{turn}"
        found.append(Finding(key, f"notice.duty.{one.kind}", args, up, "critical"))
    return found


def tell(connection: Connection, found: Sequence[Finding], now: int) -> None:
    """Tell them; what was told before is left as it is."""
    for one in found:
        notices.post(
            connection,
            one.key,
            now,
            one.code,
            one.args,
            grid=one.grid,
            task=one.task,
            priority=one.priority,
        )


def _parents(connection: Connection) -> Mapping[str, str]:
    rows = connection.execute(select(GRID.c.code, GRID.c.parent).where(GRID.c.level <= 3))
    return {row.code: row.parent for row in rows}


def _leaving(connection: Connection, zone: ZoneInfo, now: int) -> list[Finding]:
    """Open tasks whose holder is off duty, or soon will be, with whom to send instead."""
    rows: Sequence[Any] = connection.execute(
        select(TASK.c.id, TASK.c.holder, TASK.c.grid, TASK.c.township, TASK.c.county, TASK.c.state)
        .where(TASK.c.closed.is_(None), TASK.c.holder_kind == "member", TASK.c.state.in_(WITH_HOLDER))
        .order_by(TASK.c.id)
    ).all()
    if not rows or not has_book(connection):
        return []
    soon = now + numbers(now).leaving
    on = on_duty_of(connection, "member", sorted({row.holder for row in rows}), now, zone)
    found = []
    for row in rows:
        until = max((one.until for one in on.get(row.holder, ())), default=0)
        if until > soon:
            continue
        best = pick_holder(connection, row.grid, soon, zone, exclude=row.holder).best
        args: dict[str, Scalar] = {
            "task": row.id,
            "holder": row.holder,
            "until": until or now,
            "person": best.code if best else "",
            "phone": best.phone if best else "",
        }
        key = f"duty:leaving:{row.id}:{row.holder}:{until or now // HALF_DAY}"
        code = "notice.duty.leaving_site" if row.state in THERE else "notice.duty.leaving"
        found.append(Finding(key, code, args, row.township or row.county, "high", row.id))
    return found
