"""Quality on PostgreSQL: later checks, verdicts, rates and findings give the same answers as on SQLite."""

from __future__ import annotations

from typing import Any

from backend.analysis.checks.run import Checker
from backend.desk import quality
from backend.ingest import ingest
from backend.store import Store
from tests.unit.small_city import HOUR, page, record, rows
from tests.unit.test_analysis_checks import DAY, MIDNIGHT, air, fill, hour, network
from tests.unit.test_desk_quality import desk, finding

TABLES = {
    "reading": "start, station, parameter, period, value, flag, reason, revision",
    "reading_change": "start, station, kind, old_flag, new_flag, reason, actor",
    "quality_finding": "kind, station, parameter, period, since, state",
    "quality_verdict": "station, parameter, since, until, verdict, cause, count",
    "quality_pass": "day, received",
    "county_hour": "start, county, kind, parameter, count",
    "station_day": "day, station, parameter, valid, received",
    "audit": "act, actor, subject",
}


def walk(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """A spike, a fog, a station that lies, verdicts and what they change."""
    checker = Checker(store)

    def lie(code: str, parameter: str, start: int, value: float) -> float:
        return (
            air(start - 100 * HOUR, "S4")
            if code == "S4" and parameter == "pm25" and start >= MIDNIGHT - 8 * DAY
            else value
        )

    city = fill(store, network(store), 10, twist=lie, checker=checker)
    for step, value in enumerate((80.0, 420.0, 80.0)):
        hour(store, city, MIDNIGHT + step * HOUR, S1=value)
    checker.turn(city, MIDNIGHT + 3 * HOUR)
    who = desk(store, at=MIDNIGHT + 3 * HOUR)
    waiting = quality.spans(who)
    told = [(row.station, row.reason, row.count, row.alarms) for row in waiting]
    for row in waiting:
        assert quality.page(who, row.key.text) is not None
        assert quality.judge(who, row.key, quality.BAD, "instrument", "x").ok
    key = finding(store)
    quality.judge(who, key, quality.GOOD, "event")
    ingest(store, city, 1, page(record("S1", 420.0, start=MIDNIGHT + HOUR)), MIDNIGHT + 3 * HOUR)
    rates = [(row.code, row.expected, row.received, row.valid) for row in quality.rates(who, "county")]
    standing = [(row.key, row.state, row.spare) for row in quality.standings(who, everything=True)]
    held = {
        name: sorted(rows(store, f"SELECT {columns} FROM {name}"), key=str)
        for name, columns in TABLES.items()
    }
    return {**held, "told": told, "rates": rates, "standing": standing}


def test_the_same_is_said_and_decided(pg_store: Store) -> None:
    other = Store.memory()
    try:
        assert walk(pg_store) == walk(other)
    finally:
        other.close()
