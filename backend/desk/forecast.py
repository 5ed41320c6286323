"""Forecasts 预报 as the job left them in the store, for screens and commands: they cost what rows cost.

What computes one from any instant is in `backend.desk.forecastmaking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from backend.analysis.forecast.rules import stations as air_stations
from backend.analysis.forecast.rules import too_coarse
from backend.analysis.forecast.tables import ForecastDay, ForecastIssue, ForecastSeries, ForecastSkill
from backend.city.called import called
from backend.city.registry import City
from backend.city.tables import Parameter, Station
from backend.desk.desk import Desk
from backend.desk.scope import scope_of
from backend.standards.aqi import edition_for
from backend.standards.levels import level_of
from backend.store import table
from backend.store.tables import Reading
from backend.words import Message

DAYS, ISSUE = table(ForecastDay), table(ForecastIssue)
SERIES, SKILL = table(ForecastSeries), table(ForecastSkill)
PARAMETER, READING, STATION = table(Parameter), table(Reading), table(Station)
HOUR, DAY = 3600, 86400
LEADS = 72
STALE = 3 * HOUR
"""An issue that is older is shown as old."""


@dataclass(frozen=True)
class Standing:
    """The newest issue, and what forecasts are worth here."""

    at: int | None = None
    made: int = 0
    trained: int = 0
    own: bool = False
    skills: tuple[SkillRow, ...] = ()
    warnings: tuple[Message, ...] = ()
    """What a reader must know before they trust it: all that holds."""
    hours: int = 0
    """Of the issue."""
    weather_hours: int = 0
    """At how many of them the weather to come was known and used."""


class SkillRow(NamedTuple):
    """What forecasts of a parameter were worth."""

    parameter: str
    kind: str
    """``days`` (before the training, one issue each) or ``issue`` (the issue of a day ago)."""
    days: int
    ours: float
    persistence: float | None
    climatology: float | None
    last_issue: float | None
    coverage: float | None

    @property
    def best_other(self) -> float | None:
        """The smallest error of what must be beaten."""
        return min((x for x in (self.persistence, self.climatology) if x is not None), default=None)

    @property
    def gain(self) -> float | None:
        """How much smaller the error is than the best other's, 0.1 for a tenth; negative where it is larger."""
        best = self.best_other
        return None if not best else 1 - self.ours / best


def standing(desk: Desk) -> Standing:
    """The newest issue and its skill, with the plain warning where it is owed."""
    with desk.store.read() as conn:
        return _standing(conn, desk)


def _standing(conn: Connection, desk: Desk) -> Standing:
    row = conn.execute(
        select(ISSUE).where(ISSUE.c.at <= desk.now).order_by(ISSUE.c.at.desc()).limit(1)
    ).first()
    skills = tuple(
        SkillRow(
            found.code, found.kind, found.days, found.ours, found.persistence, found.climatology,
            found.last_issue, found.coverage,
        )
        for found in conn.execute(
            select(SKILL, PARAMETER.c.code)
            .join(PARAMETER, PARAMETER.c.id == SKILL.c.parameter)
            .order_by(SKILL.c.kind, PARAMETER.c.id)
        )
        if found.ours is not None
    )  # fmt: skip
    if row is None:
        return Standing(skills=skills, warnings=(Message("forecast.warn.none"),))
    own = row.model == "own"
    warnings = warnings_of(skills, row.at, own, desk.now)
    return Standing(row.at, row.made, row.trained, own, skills, warnings, row.hours, row.weather_hours)


def warnings_of(skills: Sequence[SkillRow], at: int, own: bool, now: int) -> tuple[Message, ...]:
    """What a reader of an issue must know before they trust it; nothing where it holds what it promises."""
    from backend.analysis.forecast.rules import rules

    found = []
    if now - at > STALE:
        found.append(Message("forecast.warn.old", {"hours": (now - at) // HOUR}))
    if not own:
        found.append(Message("forecast.warn.prior"))
    least = float(rules()["skill"]["gain"])
    no_better = [one.parameter for one in skills if one.kind == "days" and (one.gain or 0) < least]
    if no_better:
        found.append(Message("forecast.warn.no_better", {"parameters": " ".join(no_better)}))
    return tuple(found)


class DayCell(NamedTuple):
    """A day's level at a station."""

    day: int
    shares: tuple[int, ...]
    """Per cent of each of the six levels."""
    aqi: int
    low: int
    high: int
    primary: str
    known: int
    level: int
    """That of the median, 1 to 6: it is as likely to be worse as better."""

    @property
    def polluted(self) -> int:
        """Per cent that the day is polluted: level 3 or worse."""
        return sum(self.shares[2:])


@dataclass(frozen=True)
class StationDays:
    """A station's row of the board."""

    code: str
    name: str
    kind: str
    county: str
    days: tuple[DayCell, ...]

    @property
    def worst(self) -> int:
        """The largest median of the AQI that is to come."""
        return max((cell.aqi for cell in self.days), default=0)


def board(desk: Desk) -> tuple[Standing, list[StationDays]]:
    """The newest issue's days at every station of the person's grid, the worst first."""
    with desk.store.read() as conn:
        told = _standing(conn, desk)
        if told.at is None:
            return told, []
        scope = scope_of(conn, desk.actor.grid)
        wanted = select(
            STATION.c.id, STATION.c.code, called(STATION, desk.language), STATION.c.kind, STATION.c.county
        ).where(STATION.c.in_service)
        stations = {row[0]: row for row in conn.execute(wanted.where(scope.covers(STATION)))}
        days: dict[int, list[DayCell]] = {}
        for row in conn.execute(select(DAYS).where(DAYS.c.at == told.at).order_by(DAYS.c.day)):
            shares = (row.p1, row.p2, row.p3, row.p4, row.p5, row.p6)
            level = level_of(row.aqi, edition_for(datetime.fromtimestamp(row.day, desk.zone).date()).name)
            cell = DayCell(row.day, shares, row.aqi, row.low, row.high, row.primary, row.known, level.number)
            days.setdefault(row.station, []).append(cell)
    rows = [
        StationDays(row[1], row[2], row[3], row[4], tuple(days[number]))
        for number, row in stations.items()
        if number in days
    ]
    return told, sorted(rows, key=lambda row: (-row.worst, row.code))


@dataclass(frozen=True)
class Hours:
    """One station's parameter: what was measured, the newest issue, and the issue a day before it."""

    station: str
    name: str
    parameter: str
    unit: str
    start: int
    """The first hour of ``observed``."""
    observed: tuple[float | None, ...]
    at: int
    value: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    last_at: int | None
    last: tuple[float, ...]
    parameters: tuple[str, ...]
    """What there is a forecast of at this station."""


def absent(desk: Desk, code: str) -> Message | None:
    """Why a station has no page of its hours to come; None where it has one."""
    with desk.store.read() as conn:
        newest = conn.execute(
            select(ISSUE.c.at).where(ISSUE.c.at <= desk.now).order_by(ISSUE.c.at.desc()).limit(1)
        )
        wanted = (
            select(SERIES.c.station)
            .join(STATION, STATION.c.id == SERIES.c.station)
            .where(SERIES.c.at == (newest.scalar() or 0), STATION.c.code == code)
        )
        if conn.execute(wanted.limit(1)).first() is not None:
            return None
        city = City.read(conn)
    coarse = too_coarse(city)
    if code in coarse:
        return Message("forecast.too_coarse", {"code": code, "hours": coarse[code] // HOUR})
    if all(row.code != code for row in air_stations(city)):
        return Message("forecast.no_air", {"code": code})
    return Message("forecast.not_yet", {"code": code})


def station_hours(desk: Desk, code: str, parameter: str = "", *, back: int = 24) -> Hours | None:
    """A station's chart; None where the newest issue has nothing of it."""
    from backend.analysis.forecast.packing import unpack

    with desk.store.read() as conn:
        told = _standing(conn, desk)
        found = conn.execute(
            select(STATION.c.id, called(STATION, desk.language)).where(STATION.c.code == code)
        ).first()
        if found is None or told.at is None:
            return None
        newest = told.at
        names = {row.id: row for row in conn.execute(select(PARAMETER))}
        packed = {
            names[row.parameter].code: row
            for row in conn.execute(
                select(SERIES)
                .where(SERIES.c.at == told.at, SERIES.c.station == found[0])
                .order_by(SERIES.c.parameter)
            )
        }
        if not packed:
            return None
        chosen = parameter if parameter in packed else next(iter(packed))
        number = packed[chosen].parameter
        earlier = conn.execute(
            select(SERIES.c.at, SERIES.c.hours)
            .where(SERIES.c.at.between(told.at - 2 * DAY, told.at - HOUR))
            .where(SERIES.c.station == found[0], SERIES.c.parameter == number)
        ).all()
        last = min(earlier, key=lambda row: abs(row.at - newest + DAY), default=None)
        start = told.at - back * HOUR
        seen = _observed(conn, found[0], number, start, min(desk.now, told.at + LEADS * HOUR))
    value, low, high = unpack(packed[chosen].hours).tolist()
    then: tuple[float, ...] = () if last is None else tuple(unpack(last.hours)[0].tolist())
    return Hours(
        code, found[1], chosen, names[number].unit, start, seen, told.at, tuple(value), tuple(low), tuple(high),
        None if last is None else last.at, then, tuple(packed),
    )  # fmt: skip


def _observed(
    conn: Connection, station: int, parameter: int, start: int, now: int
) -> tuple[float | None, ...]:
    # The issue begins at one of the city's own hours, and so do these.
    hours = list(range(start, now + 1, HOUR))
    found = conn.execute(
        select(READING.c.start, READING.c.value).where(
            READING.c.start.in_(hours),
            READING.c.station == station,
            READING.c.parameter == parameter,
            READING.c.period == HOUR,
            READING.c.flag <= 3,
        )
    )
    known = {row.start: row.value for row in found}
    return tuple(known.get(at) for at in hours)
