"""The load of every seat below, and how many alarms rose: the operator numbers and the escalation budget, live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, case, func, select

from backend.alarms.load import Limits
from backend.city.called import called
from backend.city.tables import Centre
from backend.desk.alarms import ALARM
from backend.desk.desk import Desk
from backend.desk.scope import GRID, WAITING, scope_of, standing
from backend.duty.shifts import seats
from backend.escalation.budget import Budget, budget
from backend.store import table
from backend.tasks.rows import TASK

CENTRE = table(Centre)
TEN_MINUTES, HOUR, DAY = 600, 3600, 86400


@dataclass(frozen=True, slots=True)
class GaugeRow:
    """One centre: what comes to it, what waits, and how much of what began below it rose."""

    centre: str
    name: str
    tier: str
    """T, C or M."""
    grid: str
    seats: int
    """People signed in there."""
    steady: int
    """Alarms a day that its seats bear at a steady load; an empty one counts as one seat."""
    most: int
    """The most that they work off in a day."""
    ten: int = 0
    """Alarms that it answers for, presented in the last ten minutes."""
    hour: int = 0
    day: int = 0
    waiting: int = 0
    """Not acknowledged."""
    oldest: int | None = None
    """When the oldest of those was presented."""
    shelved: int = 0
    began: int = 0
    """Alarms of the last day in its whole jurisdiction, whoever answers for them."""
    to_county: int = 0
    """Those of them that the county or the city answers for."""
    to_city: int = 0


@dataclass(frozen=True, slots=True)
class Gauges:
    """Every centre of the jurisdiction, one's own first, with the numbers to hold them against."""

    rows: tuple[GaugeRow, ...]
    budget: Budget
    limits: Limits

    @property
    def own(self) -> GaugeRow | None:
        """The person's own centre, or the highest of those that are shown."""
        return self.rows[0] if self.rows else None


def gauges(desk: Desk) -> Gauges:
    """The load of every centre of the jurisdiction, the busiest first below one's own."""
    now = desk.now
    with desk.store.read() as connection:
        scope = scope_of(connection, desk.actor.grid)
        centres = _centres(connection, desk)
        recent = connection.execute(_recent(now).where(scope.sees(ALARM))).all()
        held = connection.execute(_held().where(scope.sees(ALARM))).all()
    begun, waits = _by_grid(recent), _by_grid(held)
    for grid, centre in centres.items():
        inside = "" if centre.tier == "M" else grid
        centres[grid] = _counted(centre, begun.get(inside, ()), waits.get(inside, ()), now)
    own = centres.get(desk.actor.grid)
    rest = [one for one in centres.values() if one is not own]
    rest.sort(key=lambda one: (-one.ten, -one.day, -one.waiting, one.centre))
    rows = (own, *rest) if own is not None else tuple(rest)
    return Gauges(rows, budget(now), Limits.read())


def _centres(connection: Connection, desk: Desk) -> dict[str, GaugeRow]:
    scope = scope_of(connection, desk.actor.grid)
    query = (
        select(CENTRE.c.code, CENTRE.c.tier, CENTRE.c.grid, called(CENTRE, desk.language).label("name"))
        .join(GRID, GRID.c.code == CENTRE.c.grid)
        .where(CENTRE.c.in_service, scope.spans())
        .order_by(CENTRE.c.code)
    )
    rows = connection.execute(query).all()
    held, sitting = budget(desk.now), dict[str, int]()
    for one in seats(connection, [row.code for row in rows]):
        sitting[one.centre] = sitting.get(one.centre, 0) + 1
    return {
        row.grid: GaugeRow(
            row.code,
            row.name,
            row.tier,
            row.grid,
            sitting.get(row.code, 0),
            held.seat_day * max(1, sitting.get(row.code, 0)),
            held.seat_day_most * max(1, sitting.get(row.code, 0)),
        )
        for row in rows
    }


def _level() -> Any:
    """The highest tier that any task of an alarm's incident has reached; empty where there is none."""
    rank = case({"T": 1, "C": 2, "M": 3}, value=TASK.c.level, else_=0)
    return (
        select(TASK.c.incident, func.max(rank).label("rank"))
        .where(TASK.c.incident != "")
        .group_by(TASK.c.incident)
        .subquery()
    )


def _recent(now: int) -> Any:
    level = _level()
    return (
        select(
            ALARM.c.presented, ALARM.c.county, ALARM.c.township, func.coalesce(level.c.rank, 0).label("rank")
        )
        .outerjoin(level, level.c.incident == ALARM.c.incident)
        .where(ALARM.c.presented > now - DAY, ALARM.c.inhibited_by == "")
    )


def _held() -> Any:
    level = _level()
    return (
        select(
            ALARM.c.state,
            ALARM.c.presented,
            ALARM.c.county,
            ALARM.c.township,
            func.coalesce(level.c.rank, 0).label("rank"),
        )
        .outerjoin(level, level.c.incident == ALARM.c.incident)
        .where(standing(ALARM), ALARM.c.state.in_((*WAITING, "SHELVED")))
    )


def _tier(row: Any) -> int:
    """The tier that an alarm begins at: a township's own, a county's, or the city's where it is of several."""
    return 1 if row.township else 2 if row.county else 3


def _by_grid(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Alarms by their township, by their county, and (under an empty code) all of them."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        for grid in {row.township, row.county, ""}:
            found.setdefault(grid, []).append(row)
    return found


def _counted(centre: GaugeRow, recent: Iterable[Any], held: Iterable[Any], now: int) -> GaugeRow:
    mine = {"T": 1, "C": 2, "M": 3}[centre.tier]
    begun = [(row.presented, max(_tier(row), row.rank)) for row in recent]
    answers = [at for at, reached in begun if reached == mine]
    # Whoever answers for it has it waiting: one that rose is not counted below any more.
    waits = [row for row in held if max(_tier(row), row.rank) == mine]
    return replace(
        centre,
        ten=sum(at > now - TEN_MINUTES for at in answers),
        hour=sum(at > now - HOUR for at in answers),
        day=len(answers),
        waiting=sum(row.state in WAITING for row in waits),
        oldest=min((row.presented for row in waits if row.state in WAITING), default=None),
        shelved=sum(row.state == "SHELVED" for row in waits),
        began=len(begun),
        to_county=sum(reached >= 2 for _, reached in begun),
        to_city=sum(reached >= 3 for _, reached in begun),
    )
