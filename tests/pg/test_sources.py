"""Source tracing on PostgreSQL: every question that it asks of the store, and the answer that an act is based on."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import insert, select

from backend.analysis.sources.many import trace_many
from backend.analysis.tables import TraceAnswer
from backend.city.tables import Source
from backend.clock import ManualClock
from backend.desk import sourceacts, sources
from backend.desk.desk import Desk
from backend.store import Store, table
from tests.unit.hot_city import MIDDLE, city, fill, hours
from tests.unit.small_city import T


def test_a_question_is_answered_and_its_answer_kept(pg_store: Store) -> None:
    of = city(pg_store)
    values = hours(5)
    values["pm25"][-4:, MIDDLE] += 150
    values["pm10"][-4:, MIDDLE] += 200
    fill(pg_store, of, values)
    station = of.stations[MIDDLE + 1]
    assert station.lon is not None
    assert station.lat is not None
    with pg_store.write() as connection:
        row = {
            "kind": "enterprise", "name": "Works", "name_en": "", "initials": "", "industry": "", "grade": "B",
            "department": "", "contact": "", "phone": "", "grid": station.grid, "county": station.county,
            "township": station.township, "in_service": True, "made_up": False,
        }  # fmt: skip
        places = ((0.01, 0.0), (-0.02, 0.01), (0.0, 0.02))
        connection.execute(
            insert(table(Source)),
            [
                {**row, "code": f"S{index}", "lon": station.lon + east, "lat": station.lat + north}
                for index, (east, north) in enumerate(places)
            ],
        )
    desk = replace(Desk.of_scripts(pg_store), clock=ManualClock(T + 600))
    question = sources.asked(desk, station=station.code, parameter="pm25")
    page = sources.page(desk, question)
    assert page is not None
    assert len(page.answer.ranked) == 3
    with pg_store.read() as connection:
        assert trace_many(connection, of, "pm25", T, [station.id])
    best = page.answer.ranked[0]
    sourceacts._keep(desk, page.answer, best, "INC-1", "T-1")
    with pg_store.read() as connection:
        assert connection.execute(select(table(TraceAnswer).c.source)).scalar_one() == best.source.code
