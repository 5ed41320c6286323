"""From a station to its hours to come: by a key on its row and on its page, or the word why there are none."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import insert, select, update

from backend.analysis.forecast.packing import pack
from backend.analysis.forecast.tables import ForecastIssue, ForecastSeries
from backend.city.tables import Parameter, Station
from backend.clock import ManualClock
from backend.standards.flags import Flag
from backend.store import Store, table
from backend.store.tables import Reading
from tests.screens import seat_city as city
from tests.screens.seated import Seat, seat

HOUR = 3600


@pytest.fixture
def filled(store: Store, clock: ManualClock) -> Store:
    """The small piece of Heze with an issue of one of its stations."""
    city.build(store)
    stations, parameters = table(Station), table(Parameter)
    at = clock.now() // HOUR * HOUR
    with store.bulk() as conn:
        number = conn.execute(select(stations.c.id).where(stations.c.name == "菏泽学院")).scalar_one()
        pm25 = conn.execute(select(parameters.c.id).where(parameters.c.code == "pm25")).scalar_one()
        conn.execute(
            insert(table(ForecastIssue)),
            [{"at": at, "made": at, "trained": at, "hours": 72, "stations": 1, "series": 1, "model": "own"}],
        )
        line = np.full(72, 60.0, np.float32)
        hours = pack(line, line / 2, line * 2)
        conn.execute(
            insert(table(ForecastSeries)),
            [{"at": at, "station": number, "parameter": pm25, "hours": hours}],
        )
    return store


async def board(seen: Seat, kind: str, name: str) -> None:
    """The cursor on a station's row."""
    await seen.press("2")
    seen.screen.turn_to(kind)
    await seen.settle()
    await seen.press("slash", *name, "enter")
    await seen.settle()


async def test_a_key_opens_the_stations_forecast(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await board(seen, "air", "hzxy")
        await seen.press("F")
        await seen.settle()
        assert seen.screen.NAME == "forecast_station"
        await seen.press("escape", "enter")
        await seen.settle()
        assert seen.screen.NAME == "station"
        await seen.press("F")
        await seen.settle()
        assert seen.screen.NAME == "forecast_station"


async def test_a_forecast_that_rests_on_doubted_values_says_so(filled: Store, clock: ManualClock) -> None:
    readings, stations = table(Reading), table(Station)
    with filled.bulk() as conn:
        number = conn.execute(select(stations.c.id).where(stations.c.name == "菏泽学院")).scalar_one()
        conn.execute(update(readings).where(readings.c.station == number).values(flag=int(Flag.SUSPECT)))
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.press("circumflex_accent")
        await seen.sees("近一天的数据多半存疑")
        await seen.press("1")
        await board(seen, "air", "hzxy")
        await seen.press("F")
        await seen.sees("近一天的数据多半存疑")


async def test_where_there_is_none_the_person_is_told_why(filled: Store, clock: ManualClock) -> None:
    async with seat(filled, clock, "HZ-V1") as seen:
        await seen.press("2")
        seen.screen.turn_to("water")
        await seen.settle()
        await seen.press("F")
        await seen.settle()
        assert seen.screen.NAME == "stations"
        await seen.sees("不是空气站点")
