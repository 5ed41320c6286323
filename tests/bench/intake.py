"""Readings for the benchmarks, taken in through the product's own way: checks, store, rules, incidents."""

from __future__ import annotations

from collections import defaultdict

from backend.city.registry import City
from backend.feeds.record import Page, Record
from backend.ingest import ingest
from backend.store import Store

HOUR = 3600
KINDS = ("air", "township_air", "road_dust", "site_dust")


def take_in(store: Store, readings: int, now: int, *, page: int = 5000, shift: int = 0) -> dict[str, int]:
    """Pages of ``page`` records of the city's stations, oldest hour first; ``shift`` gives other values."""
    with store.read() as connection:
        city = City.read(connection)
        feeds = {row[1]: row[0] for row in connection.exec_driver_sql("SELECT id, code FROM feed")}
    subjects = [
        (member.code, city.parameters[measure.parameter].code, measure.feed)
        for kind in KINDS
        for member in city.by_kind[kind]
        for measure in city.measures[member.id]
        if measure.period == HOUR
    ]
    hour, hours = now - now % HOUR, readings // len(subjects) + 1
    waiting: defaultdict[str, list[Record]] = defaultdict(list)
    counts = {"readings": 0, "alarms": 0}

    def send(feed: str) -> None:
        report = ingest(store, city, feeds[feed], Page(records=waiting.pop(feed)), now)
        counts["readings"] += report.written + report.revised
        counts["alarms"] += report.alarms_raised

    left = readings
    for back in range(hours, 0, -1):
        for number, (code, parameter, feed) in enumerate(subjects[:left]):
            value = 10.0 + (number * back + shift) % 37
            waiting[feed].append(Record(code, parameter, hour - back * HOUR, HOUR, value))
            if len(waiting[feed]) == page:
                send(feed)
        left -= min(left, len(subjects))
    for feed in list(waiting):
        send(feed)
    return counts
