"""Issues as rows of the store: kept, read, judged by what came, and let go of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select

from backend.analysis.forecast import scoring
from backend.analysis.forecast.features import Array
from backend.analysis.forecast.history import DAY, HOUR, History
from backend.analysis.forecast.levels import DayLevels
from backend.analysis.forecast.model import Model, Skill
from backend.analysis.forecast.packing import pack, unpack
from backend.analysis.forecast.predicting import Issue
from backend.analysis.forecast.rules import rules
from backend.analysis.forecast.tables import ForecastDay, ForecastIssue, ForecastSeries, ForecastSkill
from backend.city.registry import City
from backend.store import table, upsert

DAYS, ISSUE = table(ForecastDay), table(ForecastIssue)
SERIES, SKILL = table(ForecastSeries), table(ForecastSkill)
JUDGED = DAY
"""The issue of so many seconds before the newest is judged by what came since."""


@dataclass(frozen=True)
class Kept:
    """One parameter of an issue as it is kept; (S, H), NaN where there is none."""

    value: Array
    low: Array
    high: Array


def keep(conn: Connection, city: City, issue: Issue, days: list[DayLevels], made: int, *, own: bool) -> int:
    """Write an issue, in place of one of the same instant; returns the number of its series."""
    for what in (SERIES, DAYS, ISSUE):
        conn.execute(delete(what).where(what.c.at == issue.at))
    stations = [city.by_code[code].id for code in issue.codes]
    rows = []
    for code, part in issue.parts.items():
        parameter = city.parameter(code)
        assert parameter is not None
        for line in np.flatnonzero(np.isfinite(part.value).any(axis=1)):
            packed = pack(part.value[line], part.low[line], part.high[line])
            rows.append(
                {"at": issue.at, "station": stations[line], "parameter": parameter.id, "hours": packed}
            )
    if rows:
        conn.execute(insert(SERIES), rows)
    told = [row for day in days for row in _day_rows(issue.at, stations, day)]
    if told:
        conn.execute(insert(DAYS), told)
    conn.execute(
        insert(ISSUE),
        [
            {
                "at": issue.at,
                "made": made,
                "trained": issue.trained,
                "hours": issue.hours,
                "stations": len({row["station"] for row in rows}),
                "series": len(rows),
                "model": "own" if own else "prior",
                "weather_hours": issue.weather_hours,
            }
        ],
    )
    return len(rows)


def _day_rows(at: int, stations: list[int], day: DayLevels) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for line, station in enumerate(stations):
        if not np.isfinite(day.shares[line]).all():
            continue
        shares = [round(100 * float(share)) for share in day.shares[line]]
        middle, low, high = (round(float(value)) for value in day.index[line])
        rows.append(
            {
                "at": at,
                "station": station,
                "day": day.day,
                **{f"p{number + 1}": share for number, share in enumerate(shares)},
                "aqi": middle,
                "low": low,
                "high": high,
                "primary": day.primary[line],
                "known": day.known,
            }
        )
    return rows


def newest(conn: Connection, before: int | None = None) -> int | None:
    """The instant of the newest issue, of those up to ``before`` where it is given."""
    wanted = select(func.max(ISSUE.c.at))
    return conn.execute(wanted if before is None else wanted.where(ISSUE.c.at <= before)).scalar()


def read_kept(conn: Connection, city: City, at: int, code: str, stations: tuple[str, ...]) -> Kept | None:
    """One parameter of an issue at these stations; None where none of it is kept."""
    parameter = city.parameter(code)
    if parameter is None:
        return None
    column = {city.by_code[name].id: index for index, name in enumerate(stations)}
    found = conn.execute(
        select(SERIES.c.station, SERIES.c.hours).where(SERIES.c.at == at, SERIES.c.parameter == parameter.id)
    ).all()
    if not found:
        return None
    hours = unpack(found[0].hours).shape[1]
    lines = np.full((3, len(stations), hours), np.nan, np.float32)
    for row in found:
        if row.station in column:
            lines[:, column[row.station]] = unpack(row.hours)
    return Kept(*lines)


def judge_last(
    conn: Connection, city: City, history: History, at: int
) -> dict[str, tuple[Skill, float | None]]:
    """What the issue of a day before ``at`` turned out to be worth, and the issue before that for the same hours."""
    then = newest(conn, at - JUDGED)
    if then is None or at - then > JUDGED + 6 * HOUR:
        return {}
    last = newest(conn, then - 1)
    found = {}
    first, hours = history.index(then), (at - then) // HOUR
    for code in history.values:
        kept = read_kept(conn, city, then, code, history.codes)
        truth = history.values[code][first : first + hours].T
        if kept is None or truth.shape[1] < hours:
            continue
        tally = scoring.Tally()
        usual = scoring.climatology(history, code, first, hours)
        tally.add(kept, truth, scoring.persistence(history, code, first, hours), usual)
        before = None if last is None else read_kept(conn, city, last, code, history.codes)
        found[code] = (tally.skill(), _of_before(before, truth, 0 if last is None else (then - last) // HOUR))
    return found


def _of_before(before: Kept | None, truth: Array, later: int) -> float | None:
    if before is None:
        return None
    said = before.value[:, later : later + truth.shape[1]]
    error = scoring.smape(said, truth[:, : said.shape[1]])
    return round(float(np.nanmean(error)), 4) if np.isfinite(error).any() else None


def keep_skill(
    conn: Connection,
    city: City,
    at: int,
    model: Model,
    judged: Mapping[str, tuple[Skill, float | None]],
) -> None:
    """Write what the model was worth when it was trained, and what the last issue turned out to be worth."""
    rows = []
    for kind, told in (
        ("days", {code: (part.skill, None) for code, part in model.parts.items()}),
        ("issue", judged),
    ):
        for code, (skill, last) in told.items():
            parameter = city.parameter(code)
            if parameter is not None and skill.days:
                rows.append(
                    {"parameter": parameter.id, "kind": kind, "at": at, **asdict(skill), "last_issue": last}
                )
    upsert(conn, SKILL, rows, keys=["parameter", "kind"])


def let_go(conn: Connection, now: int, zone: ZoneInfo) -> None:
    """Delete issues that the rules no longer keep: every one of a day, then one a day, then none."""
    told = rules()["keep"]
    every, daily = now - int(told["every_issue_hours"]) * HOUR, now - int(told["daily_issue_days"]) * DAY
    old = sorted(conn.execute(select(ISSUE.c.at).where(ISSUE.c.at < every)).scalars())
    firsts: dict[int, int] = {}
    for at in old:
        firsts.setdefault((at + _offset(zone, at)) // DAY, at)
    gone = [at for at in old if at < daily or at not in set(firsts.values())]
    for what in (SERIES, DAYS, ISSUE):
        for begin in range(0, len(gone), 100):
            conn.execute(delete(what).where(what.c.at.in_(gone[begin : begin + 100])))


def _offset(zone: ZoneInfo, at: int) -> int:
    from datetime import datetime

    moved = datetime.fromtimestamp(at, zone).utcoffset()
    return 0 if moved is None else int(moved.total_seconds())
