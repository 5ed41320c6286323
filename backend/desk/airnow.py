"""The air of a place in a few numbers: the index now, how it has moved, and where it stands among the counties."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, select

from backend.city.called import called
from backend.city.tables import Grid, Parameter, Station
from backend.desk.areas import Area, Newest, index_of, newest_by
from backend.desk.desk import Desk
from backend.desk.judging import AIR_KINDS, GOOD, HOUR, Value
from backend.desk.scope import Scope, scope_of
from backend.reports.brief import Air
from backend.store import table
from backend.store.tables import Reading
from backend.words import entry

GRID, PARAMETER, READING, STATION = table(Grid), table(Parameter), table(Reading), table(Station)
BACK = (1, 3)
"""Hours back that the index is held against."""


def air_now(connection: Connection, desk: Desk) -> Air:
    """The air of the person's grid; of a township its county is ranked too."""
    row = connection.execute(
        select(GRID.c.level, GRID.c.county, GRID.c.township).where(GRID.c.code == desk.actor.grid)
    ).one_or_none()
    if row is None:
        return Air()
    scope = scope_of(connection, row.township or desk.actor.grid)
    counties = newest_by(connection, Scope("", 1), "county", desk.language)
    if scope.level == 1:
        own = index_of([one for many in counties.values() for one in many], desk)
    elif scope.level == 2:
        own = index_of(counties.get(scope.grid, ()), desk)
    else:
        own = index_of(newest_by(connection, scope, "township", desk.language).get(scope.grid, ()), desk)
    return _told(
        connection, desk, scope, own, {code: index_of(many, desk) for code, many in counties.items()}
    )


def _told(connection: Connection, desk: Desk, scope: Scope, own: Area, counties: dict[str, Area]) -> Air:
    named = select(GRID.c.code, called(GRID, desk.language)).where(GRID.c.level == 2)
    names = {row[0]: row[1] for row in connection.execute(named)}
    turn = sorted(
        (area.air.index, code)
        for code, area in counties.items()
        if area.air.index is not None and code in names
    )
    home = scope.grid if scope.level == 2 else next((code for code in scope.above if code in names), "")
    # Counties with the same index share the better rank.
    mine = next((index for index, code in turn if code == home), None)
    (best, first), (worst, last) = (turn[0], turn[-1]) if turn else ((None, ""), (None, ""))
    join = "、" if desk.language == "zh" else ", "
    at = own.newest
    return Air(
        index=own.air.index,
        level=own.air.level,
        primary=join.join(entry(f"parameter.{code}", desk.language) or code for code in own.air.primary),
        hour=datetime.fromtimestamp(at, desk.zone).strftime("%H:%M") if at is not None else "",
        moved=_moved(connection, desk, scope, own),
        rank=0 if mine is None else 1 + sum(index < mine for index, _ in turn),
        of=len(turn),
        county=names.get(home, "") if scope.level > 2 else "",
        best=names.get(first, ""),
        best_index=best,
        worst=names.get(last, ""),
        worst_index=worst,
    )


def _moved(connection: Connection, desk: Desk, scope: Scope, own: Area) -> list[tuple[int, int]]:
    """By how much the index has risen since some hours ago; hours without an index are left out."""
    if own.newest is None or own.air.index is None:
        return []
    starts = {own.newest - back * HOUR: back for back in BACK}
    rows = connection.execute(
        select(READING.c.start, STATION.c.code, PARAMETER.c.code, READING.c.value)
        .join(STATION, STATION.c.id == READING.c.station)
        .join(PARAMETER, PARAMETER.c.id == READING.c.parameter)
        .where(
            READING.c.start.in_(list(starts)),
            READING.c.period == HOUR,
            READING.c.flag == GOOD,
            READING.c.value.is_not(None),
            scope.covers(STATION),
            STATION.c.kind.in_(sorted(AIR_KINDS)),
            STATION.c.placed,
            STATION.c.in_service,
        )
    ).all()
    held: defaultdict[int, defaultdict[str, dict[str, Value]]] = defaultdict(lambda: defaultdict(dict))
    for start, station, parameter, value in rows:
        held[start][station][parameter] = Value(parameter, value, GOOD, "", "", start)
    moved = []
    for start, back in starts.items():
        then = index_of([Newest(code, "", values) for code, values in held[start].items()], desk).air.index
        if then is not None:
            moved.append((back, own.air.index - then))
    return moved
