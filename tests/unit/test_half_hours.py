"""A city whose zone lies half an hour beside UTC: its own hours are judged, checked, shown and forecast, not UTC's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import text

from backend.analysis.checks.block import read_block
from backend.analysis.checks.humid import humidity_for
from backend.analysis.checks.numbers import numbers
from backend.analysis.field import read_field
from backend.analysis.forecast.awaited import WAIT, awaited
from backend.analysis.forecast.history import read_history
from backend.analysis.hotspots.job import Job
from backend.city.registry import City
from backend.clock import ManualClock, begun
from backend.desk import hotspots, qualityhours, readings, station
from backend.desk.desk import Desk
from backend.desk.hotspan import Asked, hot_span
from backend.store import Store
from screens.hotspots_charts import days_of
from tests.unit.hot_city import MIDDLE, SIDE, city, fill, hours
from tests.unit.small_city import HOUR, T, rows

END = T + HOUR // 2
"""The end of the newest hour: half past one of UTC's."""
KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("zone", "minute"),
    [("Asia/Kolkata", 30), ("Asia/Kathmandu", 15), ("Australia/Adelaide", 30), ("America/St_Johns", 30),
     ("Asia/Shanghai", 0), ("Europe/Dublin", 0), ("UTC", 0)],
)  # fmt: skip
def test_hours_begin_where_a_zones_own_begin(zone: str, minute: int) -> None:
    for day in (15, 200):
        at = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) + day * 86400 + 4321
        start = begun(at, HOUR, ZoneInfo(zone))
        assert at - HOUR < start <= at
        assert datetime.fromtimestamp(start, UTC).minute == minute
        assert datetime.fromtimestamp(start, ZoneInfo(zone)).minute == 0
        assert begun(start, HOUR, ZoneInfo(zone)) == start
    assert begun(1000, 300, ZoneInfo(zone)) == 900, (
        "steps that divide a quarter of an hour are the same everywhere"
    )
    assert begun(5000, HOUR, timezone(timedelta(hours=5, minutes=45))) == 4500


@pytest.fixture
def india(store: Store) -> City:
    """Six days of readings at half past; in the last four hours one station stands far above the others."""
    city(store)
    with store.bulk() as conn:
        conn.execute(text("UPDATE city_fact SET value = 'Asia/Kolkata' WHERE key = 'zone'"))
    with store.read() as conn:
        of = City.read(conn)
    values = hours(6)
    values["pm25"][-4:, MIDDLE] += 150
    values["pm10"][-4:, MIDDLE] += 200
    fill(store, of, values, until=END)
    return of


def desk_of(store: Store) -> Desk:
    return replace(Desk.of_scripts(store), clock=ManualClock(END + 600))


@pytest.mark.usefixtures("india")
def test_hot_grids_and_hours_are_of_the_citys_own_hours(store: Store) -> None:
    desk = desk_of(store)
    found, _notes = hot_span(desk, Asked("pm25", level=3))
    assert found[0].at == END - HOUR, "the newest hour that is over"
    assert found[0].hours == 4
    spans, _notes = hot_span(desk, Asked("pm25", since=END - 3 * HOUR, until=END, level=3))
    assert sorted({row.at for row in spans}) == [END - n * HOUR for n in (3, 2, 1)]
    shown = hotspots.cell_map(desk, parameter="pm25", cell=1000)
    assert shown is not None
    assert shown.at == END - HOUR
    when = hotspots.hot_hours(desk, f"S{MIDDLE}", parameter="pm25")
    assert when is not None
    local = [datetime.fromtimestamp(END - n * HOUR, KOLKATA).hour for n in (4, 3, 2, 1)]
    high = sorted((one.increment or 0.0, one.hour) for one in when.hours)[-4:]
    assert {hour for _increment, hour in high} == set(local)


def test_the_job_judges_what_lies_at_half_past(store: Store, india: City) -> None:
    assert Job(store, lambda: india).turn(END + 600) > 0
    assert rows(store, f"SELECT COUNT(DISTINCT at), MAX(at) FROM hot_hour WHERE at % {HOUR} = 1800") == [
        (6, END - HOUR)
    ]
    assert rows(store, f"SELECT COUNT(*) FROM hot_hour WHERE at % {HOUR} <> 1800") == [(0,)]
    newest = hotspots.hours_available(desk_of(store), "pm25")[0]
    assert (newest.at, newest.stations) == (END - HOUR, SIDE**2)


def test_a_city_whose_hours_are_not_its_readings_is_judged_too(store: Store) -> None:
    """Readings at half past in a city of whole hours: each stands for the hour in which it ended."""
    of = city(store)
    fill(store, of, hours(6), until=END)
    assert Job(store, lambda: of).turn(END + 3 * HOUR) > 0
    assert rows(store, "SELECT MAX(at) FROM hot_hour WHERE stations > 0") == [(T,)]


@pytest.mark.usefixtures("india")
def test_pages_of_a_station_show_what_lies_at_half_past(store: Store) -> None:
    desk = desk_of(store)
    page = station.page(desk, "S0")
    assert page is not None
    assert [point.start for point in page.series["pm25"].points][-3:] == [END - n * HOUR for n in (3, 2, 1)]
    told = qualityhours.hourly(desk, "S0", "pm25")
    assert told is not None
    assert all(datetime.fromtimestamp(line.start, KOLKATA).minute == 0 for line in told.lines)
    assert sum(line.value is not None for line in told.lines) >= 22
    since = END - 5 * HOUR - 600
    listed = readings.of_station(desk, "S0", since, END, parameter="pm25")
    assert listed is not None
    assert [line.start for line in listed] == [END - n * HOUR for n in (5, 4, 3, 2, 1)]


def test_what_checks_and_forecasts_read_is_not_empty(store: Store, india: City) -> None:
    wanted = [one.id for code in ("pm25", "pm10") if (one := india.parameter(code)) is not None]
    with store.read() as conn:
        block = read_block(conn, india, HOUR, T - 5 * HOUR, END, wanted)
        assert block.values["pm25"].shape == (5, SIDE**2)
        read = read_field(conn, india, parameters=["pm25"], start=END - 4 * HOUR, end=END, period=HOUR)
        assert read.times.tolist() == [END - n * HOUR for n in (4, 3, 2, 1)]
        assert read.values["pm25"][:, MIDDLE].min() > 150
        history = read_history(conn, india, END - 24 * HOUR, END)
        assert history.times.tolist() == list(range(END - 24 * HOUR, END, HOUR))
        assert (history.values["pm25"] == history.values["pm25"]).all()
        assert awaited(conn, END + WAIT, KOLKATA)
        assert not awaited(conn, END + WAIT - 1, KOLKATA)


def test_humidity_of_the_same_hour_is_found(store: Store) -> None:
    city(store, kind="site_dust")
    with store.bulk() as conn:
        conn.execute(text("UPDATE city_fact SET value = 'Asia/Kolkata' WHERE key = 'zone'"))
        of = City.read(conn)
    values = hours(2)
    fill(store, of, values | {"rh": np.full((48, SIDE**2), 90.0)}, until=END)
    particles = of.parameter("pm10")
    assert particles is not None
    with store.read() as conn:
        block = read_block(conn, of, HOUR, END - 5 * HOUR, END, [particles.id])
        assert (humidity_for(conn, of, block, numbers()) == 90.0).all()


def test_a_chart_marks_midnights_that_lie_at_half_past() -> None:
    class Look:
        def clock(self, at: int) -> str:
            return datetime.fromtimestamp(at, KOLKATA).strftime("%H:%M")

        def day(self, at: int) -> str:
            return datetime.fromtimestamp(at, KOLKATA).strftime("%m-%d")

    places, texts = days_of(END - 48 * HOUR, END, Look())  # type: ignore[arg-type]
    assert len(places) == len(texts) == 4
