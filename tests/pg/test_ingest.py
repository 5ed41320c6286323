"""From page to incident on PostgreSQL: the same answers as on SQLite."""

from __future__ import annotations

from typing import Any

from backend import alarms as room
from backend.city.registry import City
from backend.incidents import close_quiet, open_for
from backend.ingest import ingest
from backend.store import Store
from tests.unit.alarm_hours import hour
from tests.unit.small_city import HOUR, T, build, page, record, rows, station

TABLES = {
    "reading": "start, station, parameter, period, value, qualifier, flag, reason, revision, feed",
    "latest": "station, parameter, period, start, value, flag, reason",
    "county_hour": "start, county, kind, parameter, count, total",
    "station_day": "day, station, parameter, valid, received, total",
    "reading_change": "start, station, parameter, kind, old_value, new_value, old_flag, new_flag",
    "aside": "feed, code, count",
    "station_parameter": "station, parameter, period, feed",
    "alarm": "key, state, priority, station, began, presented, last, cleared, acked_by, value, peak, occurrences, "
    "incident, inhibited_by, CAST(suspect AS INTEGER)",
    "alarm_act": "at, act, actor, from_state, to_state, reason",
    "incident": "id, type, state, priority, grid, station, parameter, merged_into, last, closed",
}


def night(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """A county fills, one site stands out, an instrument sticks, a feed breaks; what is left of it."""
    codes = [f"{county}{number}" for county in "AB" for number in range(4)]
    city = build(
        store, [station(code, county=code[0], lat=35 + number / 10) for number, code in enumerate(codes)]
    )
    for back in range(8, -1, -1):
        level = 60 if back > 5 else 170
        values = {code: level + number + back / 10 for number, code in enumerate(codes)}
        hour(store, city, back, {**values, "B2": 2.5 * level, "B3": 66.0})
        hour(store, city, back, {code: 1.5 * value for code, value in values.items()}, parameter="pm10")
    hour(store, city, 3, {"A0": 90.0}, now=T)
    bad = record("A0", float("nan"))
    ingest(store, city, 2, page(bad, bad, record("A0", 1.0), record("NEW", 5.0)), T)
    with store.write() as conn:
        assert room.acknowledge(conn, 1, actor="P1", now=T + 70).ok
    with store.read() as conn:
        city = City.read(conn)
    for now in (T + 5 * HOUR, T + 30 * HOUR):
        with store.bulk() as conn:
            open_for(conn, city, room.sweep(conn, city, now), now)
            close_quiet(conn, now, ())
    return {
        name: sorted(rows(store, f"SELECT {columns} FROM {name}"), key=repr)
        for name, columns in TABLES.items()
    }


def test_a_night_leaves_the_same_on_both(pg_store: Store, store: Store) -> None:
    here, there = night(store), night(pg_store)
    assert here["alarm"]
    assert here["incident"]
    for name in TABLES:
        assert there[name] == here[name], name


def test_what_comes_from_unplaced_stations_alone_is_judged_too(pg_store: Store) -> None:
    city = build(pg_store, [station(f"A{number}", lat=35 + number / 10) for number in range(4)])
    report = ingest(pg_store, city, 2, page(record("NEW", 5.0)), T)
    assert (report.written, report.stations) == (1, 1)
