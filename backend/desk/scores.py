"""Scores 量化赋分: the ranking of grids and departments in a month, the entries behind it, and entries by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, true

from backend.access import may
from backend.access.audit import append
from backend.city.called import called
from backend.city.tables import Department, Grid
from backend.desk.desk import Desk
from backend.desk.naming import names, type_names
from backend.desk.scope import Scope, scope_of
from backend.scores import ledger, rates
from backend.scores.ledger import ENTRY
from backend.scores.making import by_person
from backend.scores.points import Points, points_at
from backend.scores.rates import Rates
from backend.store import table
from backend.tasks.tables import Task
from backend.words import Outcome, word

DEPARTMENT, GRID, TASK = table(Department), table(Grid), table(Task)
BY = ("township", "county", "department", "person")
"""What a ranking can be of."""


@dataclass(frozen=True, slots=True)
class RankRow:
    """One grid, department or grid member in the ranking of a month."""

    rank: int
    """From 1; those with the same score share the better one. 0 where it cannot be ranked."""
    code: str
    name: str
    score: float
    """The base and everything of the ledger; a county's is the mean of its townships'."""
    lost: float
    won: float
    """Points lost (negative) and won."""
    entries: int
    rates: Rates
    """Tasks that were filed in the month, and what became of them."""
    composite: float | None
    """综合评价 of a department, by which departments are ranked; None for others and where nothing has been due."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the ledger."""

    id: int
    occurred: int
    at: int
    item: str
    points: float
    kind: str
    """``grid`` or ``department``."""
    grid: str
    grid_name: str
    department: str
    department_name: str
    person: str
    person_name: str
    task: str
    """The task that it hangs on; empty for a month's bonus."""
    alarm: int | None
    type_name: tuple[str, str]
    """The task's incident type in Chinese and English."""
    by: str
    by_name: str
    reason: str
    reverses: int | None
    """The entry that this one takes back."""
    reversed_by: int | None
    """The entry that has taken this one back."""


def months(desk: Desk, count: int = 12) -> list[str]:
    """This month and those before it, newest first, as ``2026-11``."""
    now = datetime.fromtimestamp(desk.now, desk.zone)
    year, month, found = now.year, now.month, []
    for _ in range(count):
        found.append(f"{year}-{month:02d}")
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


def span(desk: Desk, month: str = "") -> tuple[int, int]:
    """The first instant of a month of the city, and the first after it; of this month where none is given."""
    year, number = (int(part) for part in (month or months(desk, 1)[0]).split("-"))
    then = (year + 1, 1) if number == 12 else (year, number + 1)
    begin, end = datetime(year, number, 1, tzinfo=desk.zone), datetime(*then, 1, tzinfo=desk.zone)
    return int(begin.timestamp()), int(end.timestamp())


def ranking(desk: Desk, *, by: str = "township", month: str = "") -> list[RankRow]:
    """The ranking of a month, best first; everybody who could have points is in it.

    Departments are ranked by their composite, then by their points; all others by their points.

    Args:
        by: ``township``, ``county``, ``department`` or ``person``.
        month: ``2026-11``; this month where empty.
    """
    since, until = span(desk, month)
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        points = points_at(connection, datetime.fromtimestamp(min(since, desk.now), desk.zone).date())
        if by == "county":
            return _counties(connection, desk, scope, points, since, until)
        who = _who(connection, desk, scope, by)
        sums = _sums(connection, scope, by, since, until)
        done = rates.by(connection, _COLUMN[by], scope.covers(TASK), since, until)
        rows = [
            _row(code, name, sums.get(code, _NOTHING), done.get(code, Rates()), points, by)
            for code, name in who.items()
        ]
    return _ranked(rows, by)


def entries(
    desk: Desk, *, by: str = "", code: str = "", month: str = "", limit: int = 2000
) -> list[EntryRow]:
    """The entries behind a line of the ranking, newest first; of the person's whole grid where none is named.

    Args:
        by: as of `ranking`.
        code: of the township, county, department or member.
    """
    since, until = span(desk, month)
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        wanted = and_(_within(scope, by or "township"), ENTRY.c.occurred >= since, ENTRY.c.occurred < until)
        if code:
            wanted = and_(wanted, ENTRY.c[by] == code)
        rows = connection.execute(
            select(ENTRY, TASK.c.type)
            .outerjoin(TASK, TASK.c.id == ENTRY.c.task)
            .where(wanted)
            .order_by(ENTRY.c.occurred.desc(), ENTRY.c.id.desc())
            .limit(limit)
        ).all()
        back = _pairs(
            connection,
            select(ENTRY.c.reverses, ENTRY.c.id).where(ENTRY.c.reverses.in_([row.id for row in rows])),
        )
        codes = {code for row in rows for code in (row.department, row.person, row.by)}
        known = names(connection, codes, desk.language)
        wanted_grids = {row.township or row.grid for row in rows}
        places = _pairs(
            connection, select(GRID.c.code, called(GRID, desk.language)).where(GRID.c.code.in_(wanted_grids))
        )
        types = type_names(connection)
    return [_entry(row, known, places, types, back, desk) for row in rows]


def enter(desk: Desk, *, item: str, task: str, reason: str) -> Outcome:
    """Enter an item for a task's holder by hand, with a reason; once for each task and item."""
    with desk.store.write() as connection:
        row = connection.execute(select(TASK).where(TASK.c.id == task)).one_or_none()
        if row is None:
            return Outcome.refused("score.refused.task", task=task)
        refusal = may(connection, desk.actor, "score.enter", row.grid)
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = by_person(
            connection,
            row,
            item,
            reason,
            by=desk.actor.person,
            points=points_at(connection, _today(desk)),
            now=desk.now,
        )
        if outcome.ok:
            append(connection, desk.actor.person, "score.enter", task, desk.now, item=item, reason=reason)
        return outcome


def reverse(desk: Desk, entry: int, *, reason: str) -> Outcome:
    """Take an entry back 冲销: an entry of its own, with a reason."""
    with desk.store.write() as connection:
        row = connection.execute(select(ENTRY).where(ENTRY.c.id == entry)).one_or_none()
        grid = "" if row is None else row.grid or row.township
        refusal = may(connection, desk.actor, "score.enter", grid)
        if refusal is not None:
            return Outcome(False, refusal)
        outcome = ledger.reverse(connection, entry, by=desk.actor.person, reason=reason, now=desk.now)
        if outcome.ok:
            append(connection, desk.actor.person, "score.reverse", str(entry), desk.now, reason=reason)
        return outcome


_COLUMN: Mapping[str, str] = {"township": "township", "department": "department", "person": "holder"}
_NOTHING = (0, 0, 0)


def _today(desk: Desk) -> date:
    return datetime.fromtimestamp(desk.now, desk.zone).date()


def _pairs(connection: Connection, query: Select[Any]) -> dict[Any, Any]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _within(scope: Scope, by: str) -> ColumnElement[bool]:
    """The condition on entries of a scope; a department's of the scope's own tasks."""
    kind = "department" if by == "department" else "grid"
    return and_(ENTRY.c.kind == kind, scope.covers(ENTRY))


def _sums(
    connection: Connection, scope: Scope, by: str, since: int, until: int
) -> dict[str, tuple[int, int, int]]:
    """Hundredths lost and won, and how many entries, by code; what was taken back counts as neither."""
    reversed_ones = select(ENTRY.c.reverses).where(ENTRY.c.reverses.is_not(None))
    rows = connection.execute(
        select(ENTRY.c[by].label("of"), ENTRY.c.hundredths)
        .where(
            _within(scope, by),
            ENTRY.c.occurred >= since,
            ENTRY.c.occurred < until,
            ENTRY.c.reverses.is_(None),
            ENTRY.c.id.not_in(reversed_ones),
        )
        .order_by(ENTRY.c.id)
    )
    found: dict[str, tuple[int, int, int]] = {}
    for code, hundredths in rows:
        down, up, count = found.get(code, _NOTHING)
        found[code] = (down + min(0, hundredths), up + max(0, hundredths), count + 1)
    return found


def _who(connection: Connection, desk: Desk, scope: Scope, by: str) -> dict[str, str]:
    """Everybody of a ranking, by code."""
    if by == "department":
        query = select(DEPARTMENT.c.code, called(DEPARTMENT, desk.language)).where(DEPARTMENT.c.in_service)
        return _pairs(connection, query.order_by(DEPARTMENT.c.code))
    if by == "person":
        held = select(ENTRY.c.person).where(_within(scope, by), ENTRY.c.person != "").distinct()
        codes = list(connection.execute(held).scalars())
        known = names(connection, codes, desk.language)
        return {code: known.get(code, code) for code in sorted(codes)}
    level = 2 if by == "county" else 3
    query = select(GRID.c.code, called(GRID, desk.language)).where(
        GRID.c.level == level, GRID.c.in_service, scope.spans() if scope.level <= level else true()
    )
    if scope.level > level:
        query = query.where(GRID.c.code.in_((scope.grid, *scope.above)))
    return _pairs(connection, query.order_by(GRID.c.code))


def _counties(
    connection: Connection, desk: Desk, scope: Scope, points: Points, since: int, until: int
) -> list[RankRow]:
    """Counties: the mean of their townships' points, so that a large one is not worse for being large."""
    who = _who(connection, desk, scope, "county")
    sums = _sums(connection, scope, "county", since, until)
    done = rates.by(connection, "county", scope.covers(TASK), since, until)
    sizes = _pairs(
        connection,
        select(GRID.c.county, func.count())
        .where(GRID.c.level == 3, GRID.c.in_service)
        .group_by(GRID.c.county),
    )
    rows = []
    for code, name in who.items():
        down, up, count = sums.get(code, _NOTHING)
        share = max(1, sizes.get(code, 1))
        row = _row(code, name, (down, up, count), done.get(code, Rates()), points, "county")
        rows.append(replace(row, score=round((points.base + (down + up) / share) / 100, 2)))
    return _ranked(rows, "county")


def _row(code: str, name: str, sums: tuple[int, int, int], done: Rates, points: Points, by: str) -> RankRow:
    down, up, count = sums
    return RankRow(
        rank=0,
        code=code,
        name=name,
        score=(points.base + down + up) / 100,
        lost=down / 100,
        won=up / 100,
        entries=count,
        rates=done,
        composite=done.composite(points.composite) if by == "department" else None,
    )


def _ranked(rows: Sequence[RankRow], by: str) -> list[RankRow]:
    """In order, with their ranks; a department that had nothing to do stands last and is not ranked."""

    def worth(row: RankRow) -> tuple[float, ...]:
        return (
            (row.composite if row.composite is not None else -1.0, row.score)
            if by == "department"
            else (row.score,)
        )

    ordered = sorted(rows, key=lambda row: (*(-part for part in worth(row)), row.code))
    found: list[RankRow] = []
    for place, row in enumerate(ordered, 1):
        if by == "department" and row.composite is None:
            found.append(row)
            continue
        same = found and worth(found[-1]) == worth(row)
        found.append(replace(row, rank=found[-1].rank if same else place))
    return found


def _entry(
    row: Any,
    known: Mapping[str, str],
    places: Mapping[str, str],
    types: Mapping[str, tuple[str, str]],
    back: Mapping[Any, int],
    desk: Desk,
) -> EntryRow:
    place = row.township or row.grid
    return EntryRow(
        id=row.id,
        occurred=row.occurred,
        at=row.at,
        item=row.item,
        points=row.hundredths / 100,
        kind=row.kind,
        grid=place,
        grid_name=places.get(place, place),
        department=row.department,
        department_name=known.get(row.department, row.department),
        person=row.person,
        person_name=known.get(row.person, row.person),
        task=row.task,
        alarm=row.alarm,
        type_name=types.get(row.type or "", ("", "")),
        by=row.by,
        by_name=known.get(row.by, row.by),
        reason=word(row.reason, desk.language) if row.reason.startswith("score.") else row.reason,
        reverses=row.reverses,
        reversed_by=back.get(row.id),
    )
