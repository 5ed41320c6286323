"""The forecast on PostgreSQL: its tables are written, read, judged and let go of as on SQLite; weather to come too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.analysis.forecast import awaited, keeping, refreshing, rules
from backend.analysis.forecast.ahead import read_coming
from backend.analysis.forecast.tables import ForecastDay, ForecastIssue, ForecastSeries, ForecastSkill
from backend.clock import ManualClock
from backend.desk import forecast
from backend.desk.desk import Desk
from backend.feeds.record import Ahead, Page
from backend.ingest import ingest
from backend.store import Store, table
from backend.store.tables import WeatherAhead
from tests.unit.hot_city import city, fill, hours
from tests.unit.small_city import HOUR, T

DAY = 24 * HOUR


def count(store: Store, what: type) -> int:
    with store.read() as conn:
        return int(conn.execute(select(func.count()).select_from(table(what))).scalar_one())


def test_issues_are_kept_read_judged_and_let_go(
    pg_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rules.rules()["training"], "states", 300)
    monkeypatch.setattr(refreshing, "folder_of", lambda _store: tmp_path)
    of = city(pg_store)
    fill(pg_store, of, hours(12))
    with pg_store.read() as conn:
        assert awaited.awaited(conn, T + awaited.WAIT, UTC)
    for hour in (-DAY, 0):
        done = refreshing.refresh(pg_store, T + hour + 60)
        assert done.series == 2 * len(of.stations)
    assert count(pg_store, ForecastIssue) == 2
    assert count(pg_store, ForecastSeries) == 4 * len(of.stations)
    assert count(pg_store, ForecastDay) > 0
    assert count(pg_store, ForecastSkill) > 0
    with pg_store.read() as conn:
        assert not awaited.awaited(conn, T + awaited.WAIT, UTC)
    desk = replace(Desk.of_scripts(pg_store), clock=ManualClock(T + 600))
    told, rows = forecast.board(desk)
    assert told.at == T
    assert {skill.kind for skill in told.skills} == {"days", "issue"}
    assert len(rows) == len(of.stations)
    shown = forecast.station_hours(desk, rows[0].code)
    assert shown is not None
    assert len(shown.value) == 72
    assert shown.last_at == T - DAY
    assert forecast.absent(desk, rows[0].code) is None
    with pg_store.bulk() as conn:
        keeping.let_go(conn, T + 400 * DAY, of.zone)
    assert (
        count(pg_store, ForecastIssue) == count(pg_store, ForecastSeries) == count(pg_store, ForecastDay) == 0
    )


def test_weather_to_come_is_kept_and_read(pg_store: Store) -> None:
    of = city(pg_store)
    code = next(iter(of.by_code))
    names = ("wind_speed", "wind_dir", "temp", "pressure", "rh")
    said = [Ahead(code, name, T + n * HOUR, 5.0 + n) for name in names for n in range(1, 30)]
    ingest(pg_store, of, 1, Page(ahead=said), T + 60)
    ingest(pg_store, of, 1, Page(ahead=said), T + 120)
    assert count(pg_store, WeatherAhead) == 5
    with pg_store.read() as conn:
        assert read_coming(conn, of, T, 24) is None
        known = read_coming(conn, of, T + HOUR, 24)
    assert known is not None
    assert known.series["temp"][-24] == 6.0
    ingest(pg_store, of, 1, Page(ahead=said[:1]), T + 31 * DAY)
    assert count(pg_store, WeatherAhead) == 1
