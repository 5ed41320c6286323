"""Hot grids on PostgreSQL: judged, kept, judged again, read by the desk."""

from __future__ import annotations

from dataclasses import replace

from backend.analysis.hotspots.job import Job
from backend.clock import ManualClock
from backend.desk import hotspots
from backend.desk.desk import Desk
from backend.desk.hotspan import Asked, hot_span
from backend.store import Store
from backend.store import readings as store_readings
from tests.unit.hot_city import MIDDLE, book, city, fill, hours
from tests.unit.small_city import HOUR, T, rows


def test_hours_are_judged_kept_and_judged_again(pg_store: Store) -> None:
    of = city(pg_store)
    values = hours(5)
    values["pm25"][-4:, MIDDLE] += 150
    values["pm10"][-4:, MIDDLE] += 200
    fill(pg_store, of, values)
    desk = replace(Desk.of_scripts(pg_store), clock=ManualClock(T + 600))
    judged, notes = hot_span(desk, Asked(level=3))
    assert not notes
    assert judged[0].code == "A1"
    job = Job(pg_store, lambda: of)
    while job.turn(T + 600):
        pass
    kept = hotspots.hot_grids(desk, level=3)
    assert [(row.code, row.parameter, row.heat, row.z) for row in kept] == [
        (row.code, row.parameter, row.heat, row.z) for row in judged
    ]
    assert hotspots.hours_available(desk, "pm25")[0].at == T - HOUR
    drawn = hotspots.cell_map(desk, parameter="pm25", cell=1000)
    assert drawn is not None
    assert hotspots.under(desk, 115.066, 35.054, parameter="pm25").stations
    assert hotspots.hot_hours(desk, "A1", parameter="pm25", days=4) is not None
    ladder = hotspots.ladder(desk)
    assert ladder is not None
    assert ladder.month == "2026-10"
    keys = [(T - n * HOUR, MIDDLE + 1, parameter, HOUR) for n in range(1, 5) for parameter in (1, 2)]
    with pg_store.bulk() as conn:
        store_readings.reflag(conn, keys, 3, "spike", book(of), T + 700)
    while job.turn(T + 720):
        pass
    assert rows(pg_store, "SELECT COUNT(*) FROM hot_grid WHERE heat IN ('hot', 'strong')") == [(0,)]
