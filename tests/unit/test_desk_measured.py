"""A station that measures only some pollutants has an index; one that owes a value it did not send has none."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from backend.city.tables import Station, StationParameter
from backend.clock import ManualClock
from backend.desk import areas, station, stations
from backend.store import Store, table
from backend.store.tables import Latest
from tests.screens import seat_city as city

LATEST, MEASURED, STATION = table(Latest), table(StationParameter), table(Station)
GASES = ("so2", "no2", "co", "o3")
TOWNSHIP, PARTICLES, REFERENCE = 4, "XZ001", "1234A"


def forget(store: Store, number: int, *codes: str, never: bool) -> None:
    """Let a station have no newest value of these; with ``never`` it does not measure them at all."""
    parameters = [city.CODES[code] for code in codes]
    with store.write() as connection:
        for of in (LATEST, *([MEASURED] if never else [])):
            connection.execute(delete(of).where(of.c.station == number, of.c.parameter.in_(parameters)))


@pytest.fixture
def filled(store: Store) -> Store:
    """The small piece of Heze, in which 东城街道站 measures particles alone."""
    city.build(store)
    forget(store, TOWNSHIP, *GASES, never=True)
    with store.write() as connection:
        for code, value in (("pm25", 40), ("pm10", 60)):
            of_it = (LATEST.c.station == TOWNSHIP, LATEST.c.parameter == city.CODES[code])
            connection.execute(update(LATEST).where(*of_it).values(value=value))
    return store


def test_what_it_never_measures_does_not_hold_its_index_back(filled: Store, clock: ManualClock) -> None:
    desk = city.desk(filled, "HZ-V1", clock)
    row = next(row for row in stations.board(desk) if row.code == PARTICLES)
    # HJ 633-2026 Table 3: PM2.5 40 is 60 and PM10 60 is 58.
    assert (row.aqi, row.primary) == (60, ("pm25",))
    page = station.page(desk, PARTICLES)
    assert page is not None
    assert {one.parameter: one.iaqi for one in page.measures} == {"pm25": 60, "pm10": 58}


def test_what_it_should_have_sent_does(filled: Store, clock: ManualClock) -> None:
    forget(filled, TOWNSHIP, "pm10", never=False)
    row = next(r for r in stations.board(city.desk(filled, "HZ-V1", clock)) if r.code == PARTICLES)
    assert row.aqi is None


def test_a_grid_owes_what_one_of_its_stations_measures(filled: Store, clock: ManualClock) -> None:
    with filled.write() as connection:
        # Only the township's own station is left there.
        connection.execute(delete(STATION).where(STATION.c.code == REFERENCE))
    desk = city.desk(filled, "MD-S1", clock)
    dongcheng = next(row for row in areas.areas(desk) if row.grid == "371702001")
    assert (dongcheng.stations, dongcheng.worst_code) == (1, PARTICLES)
    assert (dongcheng.aqi, dongcheng.worst_aqi) == (60, 60)
    forget(filled, TOWNSHIP, "pm10", never=False)
    dongcheng = next(row for row in areas.areas(desk) if row.grid == "371702001")
    assert dongcheng.aqi is None
