"""What a list of hot places holds besides what is hot, what it leaves out and says so, and whose height it tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from backend.clock import ManualClock
from backend.desk import hotspots
from backend.desk.desk import Desk
from backend.desk.forecastnotes import silences
from backend.desk.hotspan import Asked, hot_span
from backend.store import Store
from backend.store import readings as store_readings
from tests.unit.hot_city import MIDDLE, SIDE, book, city, fill, hours
from tests.unit.small_city import HOUR, T


def desk_of(store: Store) -> Desk:
    return replace(Desk.of_scripts(store), clock=ManualClock(T + 600))


def test_what_has_come_down_is_called_so_and_is_no_longer_strong(store: Store) -> None:
    values = hours(6)
    values["pm25"][-3:-1, MIDDLE] += 150
    values["pm10"][-3:-1, MIDDLE] += 200
    fill(store, city(store), values)
    row = hotspots.hot_grids(desk_of(store), parameter="pm25", cell=1000)[0]
    assert (row.stations[0].code, row.heat, row.kind) == (f"S{MIDDLE}", "hot", "easing")
    assert row.increment < 10
    assert row.reasons[0].code in ("hotspots.why.sudden", "hotspots.why.rise"), (
        "why it was hot is told all the same"
    )
    assert "hotspots.against.gone" in {message.code for message in row.against}


def _uneasy(store: Store, *corners: int) -> None:
    """Stations at corners whose values go up and down all the time, and in the last hour high above all others."""
    values = hours(6)
    for code, array in values.items():
        for corner in corners:
            array[:-25, corner] *= np.where(np.arange(len(array) - 25) // 3 % 2, 3.5, 0.4)
            array[-25:-1, corner] *= 0.5
            array[-1, corner] += {"pm25": 70, "pm10": 80}[code] + corner
    fill(store, city(store), values)


def test_the_highest_of_a_step_is_listed_with_its_doubt_though_it_is_often_high(store: Store) -> None:
    _uneasy(store, 0)
    found = hotspots.hot_grids(desk_of(store), parameter="pm25", cell=1000)
    row = next(one for one in found if one.stations[0].code == "S0")
    assert row.heat == "watch"
    assert row.increment == max(one.increment for one in found)
    why = {message.code: message.args for message in row.reasons}
    assert why["hotspots.why.foremost"]["rank"] == 1
    against = {message.code: message.args for message in row.against}
    assert float(str(against["hotspots.against.usual"]["z"])) < float(
        str(against["hotspots.against.usual"]["hot"])
    )


def test_what_lies_high_and_is_in_no_row_is_told(store: Store) -> None:
    _uneasy(store, *range(0, SIDE**2, 3))
    rows, notes = hot_span(desk_of(store), Asked("pm25", cell=1000))
    shown = {row.stations[0].code for row in rows}
    told = next(message for message in notes if message.code == "hotspots.note.unlisted")
    assert int(str(told.args["count"])) > 0
    assert told.args["station"] not in shown
    assert float(str(told.args["increment"])) >= float(str(told.args["least"])) == 30
    shown_map = hotspots.cell_map(desk_of(store), parameter="pm25", cell=1000)
    assert shown_map is not None
    assert told in shown_map.notes


def test_a_grid_of_many_that_one_makes_hot_tells_that_ones_height(store: Store) -> None:
    values = hours(6)
    values["pm25"][-4:, MIDDLE] += 150
    values["pm10"][-4:, MIDDLE] += 200
    fill(store, city(store), values)
    row = hotspots.hot_grids(desk_of(store), parameter="pm25", level=3)[0]
    inside = next(message.args for message in row.reasons if message.code == "hotspots.why.inside")
    assert str(inside["station"]).endswith(f"S{MIDDLE}")
    assert float(str(inside["increment"])) > 100 > 30 > row.increment
    against = {message.code for message in row.against}
    assert "hotspots.against.one_of" in against
    assert "hotspots.against.gone" not in against, (
        "it is as high as ever: only the middle of the grid lies low"
    )


def test_a_pollutant_that_died_days_before_the_newest_hour_is_said_to_have_spoken_until_then(
    store: Store,
) -> None:
    values = hours(6)
    values["pm25"][-30:] = np.nan
    fill(store, city(store), values)
    # Asked long after, of the newest hour that there is.
    later = replace(Desk.of_scripts(store), clock=ManualClock(T + 400 * 86400))
    rows, notes = hot_span(later, Asked("pm25", level=3))
    assert rows == []
    told = {message.code: message.args for message in notes}
    assert told["hotspots.note.silent_since"]["at"] == T - 30 * HOUR


def test_a_forecast_tells_whose_last_day_is_in_doubt(store: Store) -> None:
    of = city(store)
    fill(store, of, hours(3))
    keys = [(T - hour * HOUR, MIDDLE + 1, 1, HOUR) for hour in range(1, 15)]
    with store.bulk() as conn:
        store_readings.reflag(conn, keys, 3, "inversion", book(of), T)
    told = {message.args["parameter"]: message.args for message in silences(desk_of(store), T)}
    assert told == {"pm25": {"parameter": "pm25", "count": 1, "stations": f"S{MIDDLE}"}}
    with store.bulk() as conn:
        store_readings.reflag(conn, keys[4:], 1, "person:good", book(of), T, actor="X")
    assert silences(desk_of(store), T) == []
