"""Maintenance windows 维护窗口: planned ahead, with a reason, limited in length; at the end one summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from backend.alarms.rules import rules_at
from backend.alarms.tables import Alarm, AlarmAct, MaintenanceWindow
from backend.city.tables import Grid, Station
from backend.store import table
from backend.text import clean
from backend.words import Outcome

WINDOW, ALARM, ACT = table(MaintenanceWindow), table(Alarm), table(AlarmAct)
GRID, STATION = table(Grid), table(Station)
SCOPES = ("station", "grid", "feed", "kind")
HOUR = 3600


@dataclass(frozen=True, slots=True)
class WindowEnd:
    """What became of a maintenance window, told once at its end."""

    id: int
    scope_kind: str
    scope: str
    grid: str
    starts: int
    ended: int
    reason: str
    made_by: str
    recorded: int
    """Alarms that were recorded in it."""
    standing: int
    """How many of them still stood at its end, and ring again."""


def plan(
    conn: Connection,
    *,
    scope_kind: str,
    scope: str,
    starts: int,
    ends: int,
    reason: str,
    grid: str,
    actor: str,
    now: int,
) -> Outcome:
    """Plan a window; ``data["window"]`` is its number.

    Args:
        grid: the grid within which it holds, as of a feed or a kind of station a county's own; who may act there
            may plan it.
    """
    longest = rules_at(conn, now).stand.window_longest
    if scope_kind not in SCOPES:
        return Outcome.refused("alarm.window.refused.scope", scope=clean(scope_kind, limit=20))
    if not (why := clean(reason, limit=120)):
        return Outcome.refused("alarm.refused.no_reason")
    if ends <= max(starts, now):
        return Outcome.refused("alarm.window.refused.over")
    if ends - starts > longest:
        return Outcome.refused("alarm.window.refused.long", hours=longest // HOUR)
    same = conn.execute(
        select(WINDOW.c.id).where(
            WINDOW.c.scope_kind == scope_kind,
            WINDOW.c.scope == scope,
            WINDOW.c.grid == grid,
            WINDOW.c.ended.is_(None),
            WINDOW.c.starts < ends,
            WINDOW.c.ends > starts,
        )
    ).scalar()
    if same is not None:
        return Outcome.refused("alarm.window.refused.same", window=same)
    row = {
        "scope_kind": scope_kind,
        "scope": scope,
        "grid": grid,
        "starts": starts,
        "ends": ends,
        "reason": why,
        "made_by": actor,
        "made_at": now,
        "ended_by": "",
        "recorded": 0,
        "standing": 0,
    }
    number = conn.execute(WINDOW.insert().values(row).returning(WINDOW.c.id)).scalar_one()
    outcome = Outcome.done("alarm.window.done.planned", window=number)
    return Outcome(True, outcome.message, {"window": number})


def finish_early(conn: Connection, window: int, *, actor: str, now: int) -> Outcome:
    """End a window before its time, or call one off that has not begun; its alarms come back at the next look."""
    row = conn.execute(select(WINDOW).where(WINDOW.c.id == window)).first()
    if row is None:
        return Outcome.refused("alarm.window.refused.unknown", window=window)
    if row.ended is not None or row.ends <= now:
        return Outcome.refused("alarm.window.refused.ended", window=window)
    values: dict[str, Any] = {"ends": now, "ended_by": actor}
    if row.starts > now:
        # It never began: nothing was kept away, and there is nothing to sum up.
        values |= {"starts": now, "ended": now}
    conn.execute(update(WINDOW).where(WINDOW.c.id == window).values(**values))
    return Outcome.done("alarm.window.done.ended", window=window)


def end_windows(conn: Connection, now: int) -> list[int]:
    """Note the windows whose time is over; their numbers."""
    over = list(
        conn.execute(select(WINDOW.c.id).where(WINDOW.c.ended.is_(None), WINDOW.c.ends <= now)).scalars()
    )
    if over:
        conn.execute(update(WINDOW).where(WINDOW.c.id.in_(over)).values(ended=now))
    return over


def summaries(conn: Connection, over: Sequence[int]) -> list[WindowEnd]:
    """Count what was recorded in windows that have just ended, after their alarms have come back."""
    found = []
    for number in over:
        row = conn.execute(select(WINDOW).where(WINDOW.c.id == number)).one()
        recorded = (
            select(ACT.c.alarm)
            .where(ACT.c.at >= row.starts, ACT.c.reason == f"window:{number}", ACT.c.act == "out")
            .distinct()
            .subquery()
        )
        counts = conn.execute(
            select(func.count(), func.count().filter(ALARM.c.cleared.is_(None), ALARM.c.state != "NORM"))
            .select_from(recorded)
            .join(ALARM, ALARM.c.id == recorded.c.alarm)
        ).one()
        conn.execute(
            update(WINDOW).where(WINDOW.c.id == number).values(recorded=counts[0], standing=counts[1])
        )
        found.append(
            WindowEnd(
                row.id, row.scope_kind, row.scope, row.grid, row.starts, row.ended, row.reason, row.made_by,
                counts[0], counts[1],
            )
        )  # fmt: skip
    return found
