"""What was put away, and by whom: the register of shelved alarms, and maintenance windows 维护窗口.

Both are seen by the tiers above: what a township keeps quiet, its county reads here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from backend.access import may
from backend.access.actor import lineage
from backend.access.audit import append
from backend.access.rights import by_role
from backend.alarms import windows as room
from backend.alarms.rules import rules_at
from backend.alarms.tables import Alarm, AlarmAct, MaintenanceWindow
from backend.city.called import called
from backend.city.tables import Grid, Station, StationParameter
from backend.desk.desk import Desk
from backend.desk.naming import names as names_of
from backend.desk.scope import scope_of, standing
from backend.feeds.tables import Feed
from backend.store import table
from backend.words import Message, Outcome, word

ALARM, ACT, WINDOW = table(Alarm), table(AlarmAct), table(MaintenanceWindow)
FEED, GRID, MEASURED, STATION = table(Feed), table(Grid), table(StationParameter), table(Station)
RIGHT = "alarm.service"
WEEK, HOUR = 7 * 86400, 3600


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A maintenance window."""

    id: int
    scope_kind: str
    """``station``, ``grid``, ``feed`` or ``kind``."""
    scope: str
    name: str
    """What is worked on, by its name."""
    grid: str
    grid_name: str
    """Within which grid it holds."""
    starts: int
    ends: int
    reason: str
    made_by: str
    made_name: str
    made_at: int
    state: str
    """``planned``, ``running`` or ``over``."""
    ended_by: str
    ended_name: str
    """Who ended it early; empty where time did."""
    recorded: int
    """Alarms recorded in it, so far while it runs."""
    standing: int
    """Those of them whose condition stands, so far while it runs."""
    outside: bool
    """It is of more than the person's own grid."""


@dataclass(frozen=True, slots=True)
class WindowScope:
    """Something that a window can be planned for."""

    kind: str
    code: str
    name: str
    grid: str
    """Within which it would hold."""

    @property
    def key(self) -> str:
        """Kind and code in one, as a form sends it."""
        return f"{self.kind}:{self.code}"


def windows(desk: Desk, *, over: bool = True) -> list[WindowRow]:
    """The windows that touch the person's grid: those that run, those to come, then (``over``) those of a week.

    For a handover ask with ``over=False``.
    """
    with desk.store.read() as connection:
        query = select(WINDOW).where(or_(WINDOW.c.ended.is_(None), WINDOW.c.ends > desk.now - WEEK))
        own = lineage(connection, desk.actor.grid)
        lines = {desk.actor.grid: own}
        found = []
        for row in connection.execute(query.order_by(WINDOW.c.ends, WINDOW.c.id)):
            if row.grid not in lines:
                lines[row.grid] = lineage(connection, row.grid)
            below = not row.grid or desk.actor.grid in lines[row.grid]
            if below or row.grid in own:
                found.append((row, not below))
        people = names_of(
            connection, {code for row, _ in found for code in (row.made_by, row.ended_by)}, desk.language
        )
        things = _called(connection, desk, [(row.scope_kind, row.scope) for row, _ in found])
        grids = _called(connection, desk, [("grid", row.grid) for row, _ in found])
        counts = _counts(connection)
    rows = []
    for row, outside in found:
        state = "over" if row.ends <= desk.now else "running" if row.starts <= desk.now else "planned"
        if state == "over" and not over:
            continue
        recorded, stands = counts.get(row.id, (0, 0)) if row.ended is None else (row.recorded, row.standing)
        rows.append(
            WindowRow(
                id=row.id,
                scope_kind=row.scope_kind,
                scope=row.scope,
                name=things.get((row.scope_kind, row.scope), row.scope),
                grid=row.grid,
                grid_name=grids.get(("grid", row.grid), row.grid),
                starts=row.starts,
                ends=row.ends,
                reason=row.reason,
                made_by=row.made_by,
                made_name=people.get(row.made_by, row.made_by),
                made_at=row.made_at,
                state=state,
                ended_by=row.ended_by,
                ended_name=people.get(row.ended_by, row.ended_by),
                recorded=recorded,
                standing=stands,
                outside=outside,
            )
        )
    order = {"running": 0, "planned": 1, "over": 2}
    return sorted(
        rows, key=lambda row: (order[row.state], -row.ends if row.state == "over" else row.ends, row.id)
    )


def _counts(connection: Connection) -> Mapping[int, tuple[int, int]]:
    """How many alarms each running window keeps away, and how many of them stand."""
    rows = connection.execute(
        select(ALARM.c.inhibited_by, func.count(), func.count().filter(ALARM.c.cleared.is_(None)))
        .where(standing(ALARM), ALARM.c.state == "OUT_OF_SERVICE", ALARM.c.inhibited_by.startswith("window:"))
        .group_by(ALARM.c.inhibited_by)
    )
    return {int(by.removeprefix("window:")): (count, stands) for by, count, stands in rows}


def _called(
    connection: Connection, desk: Desk, things: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str], str]:
    """What stations, grids, feeds and kinds of station are called."""
    found = {
        (kind, code): word(f"station.kind.{code}", desk.language) for kind, code in things if kind == "kind"
    }
    for kind, source in (("station", STATION), ("grid", GRID), ("feed", FEED)):
        codes = {code for one, code in things if one == kind and code}
        if codes:
            name = called(source, desk.language)
            rows = connection.execute(select(source.c.code, name).where(source.c.code.in_(codes)))
            found |= {(kind, row[0]): row[1] or row[0] for row in rows}
    return found


def scopes(desk: Desk, *, station: str = "", feed: str = "") -> list[WindowScope]:
    """What the person may plan a window for: a station with what it is part of, their own grid, kinds, feeds.

    Args:
        station: the code of the station that is looked at, which comes first.
        feed: the feed that is looked at.
    """
    found: list[tuple[str, str, str]] = []
    with desk.store.read() as connection:
        own = desk.actor.grid
        here = (
            connection.execute(select(STATION).where(STATION.c.code == station)).first() if station else None
        )
        feeds = [feed] if feed else []
        if here is not None:
            found.append(("station", here.code, here.grid or here.county))
            found += [("grid", code, code) for code in dict.fromkeys((here.grid, here.township)) if code]
            found.append(("kind", here.kind, own))
            owners = (
                select(MEASURED.c.feed).where(MEASURED.c.station == here.id, MEASURED.c.feed != "").distinct()
            )
            feeds += list(connection.execute(owners.order_by(MEASURED.c.feed)).scalars())
        scope = scope_of(connection, own)
        kinds = connection.execute(
            select(STATION.c.kind)
            .where(scope.covers(STATION), STATION.c.in_service)
            .distinct()
            .order_by(STATION.c.kind)
        ).scalars()
        found += [("feed", code, own) for code in feeds]
        found += [("kind", kind, own) for kind in kinds]
        found.append(("grid", own, own))
        unique = list(dict.fromkeys(found))
        things = _called(connection, desk, [(kind, code) for kind, code, _ in unique])
    return [WindowScope(kind, code, things.get((kind, code), code), grid) for kind, code, grid in unique]


def longest(desk: Desk) -> int:
    """Hours that a window may last."""
    with desk.store.read() as connection:
        return rules_at(connection, desk.now).stand.window_longest // HOUR


def plan(desk: Desk, *, scope_kind: str, scope: str, starts: int, ends: int, reason: str) -> Outcome:
    """Plan a maintenance window; ``data["window"]`` is its number.

    A feed or a kind of station is kept quiet within the person's own grid only.
    """
    with desk.store.write() as connection:
        grid = _grid_of(connection, desk, scope_kind, scope)
        if grid is None:
            return Outcome.refused("desk.window.nothing", scope=scope)
        refusal = may(connection, desk.actor, RIGHT, grid)
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = room.plan(
            connection,
            scope_kind=scope_kind,
            scope=scope,
            starts=starts,
            ends=ends,
            reason=reason,
            grid=grid,
            actor=desk.actor.person,
            now=desk.now,
        )
        if outcome.ok:
            number = str(outcome.data["window"])
            append(
                connection, desk.actor.person, "window.plan", number, desk.now,
                scope=f"{scope_kind}:{scope}", starts=starts, ends=ends, reason=reason,
            )  # fmt: skip
        return outcome


def _grid_of(connection: Connection, desk: Desk, scope_kind: str, scope: str) -> str | None:
    """The grid within which a window would hold; None where there is no such thing."""
    if scope_kind == "station":
        row = connection.execute(
            select(STATION.c.grid, STATION.c.county).where(STATION.c.code == scope)
        ).first()
        return None if row is None else row.grid or row.county or desk.actor.grid
    if scope_kind == "grid":
        return connection.execute(select(GRID.c.code).where(GRID.c.code == scope)).scalar()
    if scope_kind == "feed":
        known = connection.execute(select(FEED.c.code).where(FEED.c.code == scope)).scalar()
    else:
        known = connection.execute(select(STATION.c.kind).where(STATION.c.kind == scope).limit(1)).scalar()
    return None if known is None else desk.actor.grid


def end(desk: Desk, window: int) -> Outcome:
    """End a window before its time, or call it off."""
    with desk.store.write() as connection:
        grid = connection.execute(select(WINDOW.c.grid).where(WINDOW.c.id == window)).scalar()
        refusal = may(connection, desk.actor, RIGHT, grid or "")
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = room.finish_early(connection, window, actor=desk.actor.person, now=desk.now)
        if outcome.ok:
            append(connection, desk.actor.person, "window.end", str(window), desk.now)
        return outcome


def refusal(desk: Desk, row: WindowRow | None) -> Message | None:
    """Why the person may not plan a window, or end this one; None where they may."""
    why = by_role(desk.actor, RIGHT)
    if why is not None or row is None:
        return why
    if row.state == "over":
        return Message("alarm.window.refused.ended", {"window": row.id})
    return Message("desk.alarm.outside", {"place": row.grid_name}) if row.outside else None
