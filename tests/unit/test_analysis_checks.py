"""The checks that look later: spikes, sudden changes, outliers, humidity, stations unlike their neighbours, drift."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import text

from backend.analysis.checks.run import Checker
from backend.city.registry import City
from backend.city.tables import Parameter
from backend.feeds.record import Page, Record
from backend.ingest import ingest
from backend.store import Store, table
from tests.unit.small_city import HOUR, T, build, record, rows, station

DAY = 24 * HOUR
MIDNIGHT = T - 16 * HOUR
"""A civil midnight of the city, 2026-11-02 16:00 UTC being the last before `T`."""
PLACES = [f"S{number}" for number in range(6)]


def network(store: Store, kind: str = "air") -> City:
    """Six stations within a few kilometres of each other."""
    placed = [
        station(code, kind, lon=115.0 + number * 0.02, lat=35.0 + (number % 2) * 0.02)
        for number, code in enumerate(PLACES)
    ]
    return build(store, placed)


def air(start: int, code: str, parameter: str = "pm25") -> float:
    """A regional signal with a little of its own at each station."""
    dice = random.Random(f"{start}/{code}/{parameter}")
    hour = start / HOUR
    level = 60 + 25 * math.sin(hour / 4) + 20 * math.sin(hour / 31)
    scale = {"pm25": 1.0, "pm10": 1.7, "no2": 0.6, "co": 0.015, "so2": 0.3}.get(parameter, 1.0)
    return round(scale * level * dice.uniform(0.93, 1.07), 2)


Twist = Callable[[str, str, int, float], float | None]
"""Station, parameter, start and value: what is sent instead."""


def fill(
    store: Store,
    city: City,
    days: int,
    *,
    twist: Twist = lambda _code, _parameter, _start, value: value,
    parameters: tuple[str, ...] = ("pm25", "no2"),
    until: int = MIDNIGHT,
    checker: Checker | None = None,
) -> City:
    """So many days up to a midnight, each compared when it is over; the city as it is known then."""
    checker = checker or Checker(store)
    for day in range(until - days * DAY, until, DAY):
        records = [
            Record(code, parameter, start, HOUR, value)
            for start in range(day, day + DAY, HOUR)
            for code in PLACES
            for parameter in parameters
            if (value := twist(code, parameter, start, air(start, code, parameter))) is not None
        ]
        ingest(store, city, 1, Page(records), day + DAY + HOUR)
        with store.read() as connection:
            city = City.read(connection)
        checker.turn(city, day + DAY + HOUR)
    return city


def said(store: Store, station: str, start: int, parameter: str = "pm25") -> tuple[int, str]:
    """Flag and reason of one reading."""
    found = rows(
        store,
        "SELECT r.flag, r.reason FROM reading r JOIN station s ON s.id = r.station JOIN parameter p "
        f"ON p.id = r.parameter WHERE s.code = '{station}' AND p.code = '{parameter}' AND r.start = {start}",
    )
    return found[0][0], found[0][1]


def hour(store: Store, city: City, start: int, **values: float) -> None:
    """One hour of every station as usual, but for those named: ``S1=300`` or ``S1_no2=200``."""
    records = []
    for code in PLACES:
        for parameter in ("pm25", "no2"):
            name = code if parameter == "pm25" else f"{code}_{parameter}"
            records.append(
                record(code, values.get(name, air(start, code, parameter)), parameter=parameter, start=start)
            )
    ingest(store, city, 1, Page(records), start + HOUR)


def test_a_spike_is_only_suspect_and_known_once_the_next_hour_is_there(store: Store) -> None:
    checker = Checker(store)
    city = fill(store, network(store), 5, checker=checker)
    hour(store, city, MIDNIGHT, S1=400.0)
    checker.turn(city, MIDNIGHT + HOUR)
    assert said(store, "S1", MIDNIGHT) == (3, "outlier rate")
    hour(store, city, MIDNIGHT + HOUR)
    checker.turn(city, MIDNIGHT + 2 * HOUR)
    assert said(store, "S1", MIDNIGHT) == (3, "outlier spike")
    assert said(store, "S2", MIDNIGHT) == (1, "")
    # It left the sums again, and stands in the change log.
    assert rows(store, f"SELECT count FROM county_hour WHERE start = {MIDNIGHT} AND parameter = 1") == [(5,)]
    assert rows(store, "SELECT new_flag, reason FROM reading_change ORDER BY id") == [
        (3, "outlier rate"),
        (3, "outlier spike"),
    ]


def test_what_stays_up_was_no_mistake(store: Store) -> None:
    checker = Checker(store)
    city = fill(store, network(store), 5, checker=checker)
    hour(store, city, MIDNIGHT, S1=260.0)
    checker.turn(city, MIDNIGHT + HOUR)
    assert "rate" in said(store, "S1", MIDNIGHT)[1]
    hour(store, city, MIDNIGHT + HOUR, S1=240.0)
    checker.turn(city, MIDNIGHT + 2 * HOUR)
    assert said(store, "S1", MIDNIGHT) == (1, "")


@pytest.mark.parametrize("others", [{"S2": 330.0, "S3": 250.0}, {"S1_no2": 190.0}])
def test_neighbours_or_a_second_pollutant_make_a_spike_good(store: Store, others: dict[str, float]) -> None:
    checker = Checker(store)
    city = fill(store, network(store), 5, checker=checker)
    hour(store, city, MIDNIGHT, S1=400.0, **others)
    hour(store, city, MIDNIGHT + HOUR)
    checker.turn(city, MIDNIGHT + 2 * HOUR)
    assert said(store, "S1", MIDNIGHT) == (1, "")


@pytest.mark.parametrize(("kind", "reason"), [("air", "outlier rate"), ("site_dust", "")])
def test_a_rise_that_nobody_else_sees_is_what_a_station_at_a_source_is_there_for(
    store: Store, kind: str, reason: str
) -> None:
    checker = Checker(store)
    city = fill(store, network(store, kind), 5, checker=checker)
    hour(store, city, MIDNIGHT, S1=400.0)
    checker.turn(city, MIDNIGHT + HOUR)
    assert said(store, "S1", MIDNIGHT)[1] == reason


def test_a_value_below_detection_is_held_against_nothing(store: Store) -> None:
    checker = Checker(store)
    city = fill(store, network(store), 5, checker=checker)
    high = [record("S1", 200.0, start=MIDNIGHT + step * HOUR) for step in (0, 2)]
    low = record("S1", 3.0, start=MIDNIGHT + HOUR, qualifier="<")
    ingest(store, city, 1, Page([high[0], low, high[1]]), MIDNIGHT + 3 * HOUR)
    checker.turn(city, MIDNIGHT + 3 * HOUR)
    assert "spike" not in said(store, "S1", MIDNIGHT + HOUR)[1]


def test_a_series_without_a_past_is_judged_by_the_floor_alone(store: Store) -> None:
    city = network(store)
    for step, value in enumerate((50.0, 55.0, 52.0)):
        hour(store, city, MIDNIGHT + step * HOUR, S1=value)
    with store.read() as connection:
        city = City.read(connection)
    assert Checker(store).turn(city, MIDNIGHT + 3 * HOUR) == 0


def test_a_dead_pollutant_and_a_gap_of_days_mark_nobody_else(store: Store) -> None:
    def dead(code: str, parameter: str, start: int, value: float) -> float | None:
        if parameter == "no2" and start >= MIDNIGHT - 6 * DAY:
            return None
        return None if code == "S3" and MIDNIGHT - 8 * DAY <= start < MIDNIGHT - 3 * DAY else value

    fill(store, network(store), 12, twist=dead)
    assert rows(store, "SELECT COUNT(*) FROM reading WHERE flag <> 1") == [(0,)]
    assert rows(store, "SELECT COUNT(*) FROM quality_finding") == [(0,)]


def test_a_station_that_lies_is_found_beside_its_neighbours(store: Store) -> None:
    def lie(code: str, parameter: str, start: int, value: float) -> float:
        lies = code == "S4" and parameter == "pm25" and start >= MIDNIGHT - 8 * DAY
        return air(start - 100 * HOUR, "S4") if lies else value

    fill(store, network(store), 16, twist=lie)
    found = rows(store, "SELECT kind, station, parameter, state FROM quality_finding")
    assert found == [("peers", 5, 1, "open")]
    # It is for a person to say so: no value was touched.
    assert rows(store, "SELECT COUNT(*) FROM reading WHERE reason LIKE '%peers%'") == [(0,)]


def test_an_instrument_that_stands_still_near_nothing_is_found_beside_its_neighbours(store: Store) -> None:
    """So low that hours of one value are no flat line, as in clean air; but its neighbours moved all week."""

    def stuck(code: str, parameter: str, _start: int, value: float) -> float:
        return 2.0 if (code, parameter) == ("S4", "pm25") else value

    fill(store, network(store), 16, twist=stuck)
    assert rows(store, "SELECT COUNT(*) FROM reading WHERE reason LIKE '%flat%'") == [(0,)]
    found = rows(store, "SELECT kind, station, parameter, state FROM quality_finding")
    assert found == [("peers", 5, 1, "open")]


@pytest.mark.parametrize("rate", [0.035, -0.045])
def test_a_slow_drift_is_found_and_a_step_is_none(store: Store, rate: float) -> None:
    def drift(code: str, parameter: str, start: int, value: float) -> float:
        if parameter == "pm25" and code == "S2":
            return round(value * math.exp(rate * max(0, start - (MIDNIGHT - 19 * DAY)) / DAY), 2)
        return value * (1.5 if code == "S5" and start >= MIDNIGHT - 22 * DAY else 1)

    fill(store, network(store), 39, twist=drift)
    found = rows(store, "SELECT kind, station, parameter, since, evidence FROM quality_finding")
    assert [one[:3] for one in found] == [("departs", 3, 1)]
    # It tells when it began, how far it is by now, and beside what that is much.
    told = json.loads(found[0][4])
    assert abs(found[0][3] - (MIDNIGHT - 19 * DAY)) <= 4 * DAY
    assert told["percent"] * rate > 0
    assert abs(told["percent"]) > 2 * max(told["scatter"], told["wander"])
    assert told["over"] in (14, 28)


def test_a_late_day_is_compared_again_when_it_comes(store: Store) -> None:
    checker = Checker(store)
    late = MIDNIGHT - 4 * DAY

    def gone(code: str, _parameter: str, start: int, value: float) -> float | None:
        return None if code == "S1" and late <= start < late + DAY else value

    city = fill(store, network(store), 8, twist=gone, checker=checker)
    assert checker.due(city, MIDNIGHT + HOUR) == []
    records = [
        Record("S1", "pm25", start, HOUR, 420.0 if start == late + 6 * HOUR else air(start, "S1"))
        for start in range(late, late + DAY, HOUR)
    ]
    ingest(store, city, 1, Page(records), MIDNIGHT + 2 * HOUR)
    assert checker.due(city, MIDNIGHT + 2 * HOUR) == [late]
    hour(store, city, MIDNIGHT)
    checker.turn(city, MIDNIGHT + 2 * HOUR)
    assert "spike" in said(store, "S1", late + 6 * HOUR)[1]
    assert checker.due(city, MIDNIGHT + 2 * HOUR) == []
    # And once more when the upstream corrects it.
    ingest(store, city, 1, Page([Record("S1", "pm25", late + 6 * HOUR, HOUR, 60.0)]), MIDNIGHT + 3 * HOUR)
    assert said(store, "S1", late + 6 * HOUR) == (1, "")
    assert checker.due(city, MIDNIGHT + 3 * HOUR) == [late]


def test_looking_twice_changes_nothing(store: Store) -> None:
    checker = Checker(store)
    city = fill(store, network(store), 5, checker=checker)
    hour(store, city, MIDNIGHT, S1=400.0)
    hour(store, city, MIDNIGHT + HOUR)
    assert checker.turn(city, MIDNIGHT + 2 * HOUR) == 1
    assert Checker(store).turn(city, MIDNIGHT + 2 * HOUR) == 0
    assert rows(store, "SELECT COUNT(*) FROM reading_change") == [(1,)]


def own_parameter(store: Store, code: str, unit: str) -> None:
    """A parameter that only this city knows."""
    row = {
        "id": 90, "code": code, "name": code, "name_en": code, "unit": unit, "decimals": 2, "hj212": "",
        "low": None, "high": None, "suspect_above": None,
    }  # fmt: skip
    with store.bulk() as connection:
        connection.execute(table(Parameter).insert(), [row])


def test_a_plume_at_one_minute_is_no_spike(store: Store) -> None:
    """Methane on a well pad: what passes in a minute is what the sensors are there for."""
    network(store, "pad")
    own_parameter(store, "ch4", "ppm")
    with store.read() as connection:
        city = City.read(connection)
    dice = np.random.default_rng(3)
    records = [
        Record(code, "ch4", MIDNIGHT - DAY + minute * 60, 60, round(2 + float(dice.exponential(0.02)), 3)
               if dice.random() > 0.02 else 30.0)
        for minute in range(600) for code in PLACES
    ]  # fmt: skip
    ingest(store, city, 1, Page(records), MIDNIGHT)
    with store.read() as connection:
        city = City.read(connection)
    Checker(store).turn(city, MIDNIGHT + HOUR)
    assert rows(store, "SELECT COUNT(*) FROM reading WHERE flag <> 1") == [(0,)]


def test_a_parameter_of_the_citys_own_is_judged_by_its_own_measure() -> None:
    """Parts per billion or million: the same series, a thousand times as large, gives the same marks."""
    for scale in (1.0, 1000.0):
        own = Store.memory()
        network(own, "pad")
        own_parameter(own, "ch4", "ppm")
        with own.read() as connection:
            city = City.read(connection)
        checker = Checker(own)
        for day in range(MIDNIGHT - 5 * DAY, MIDNIGHT, DAY):
            records = [
                Record(code, "ch4", start, HOUR, scale * (9.0 if (start, code) == (MIDNIGHT - 5 * HOUR, "S0")
                       else air(start, code) / 40))
                for start in range(day, day + DAY, HOUR) for code in PLACES
            ]  # fmt: skip
            ingest(own, city, 1, Page(records), day + DAY + HOUR)
            with own.read() as connection:
                city = City.read(connection)
            checker.turn(city, day + DAY + HOUR)
        found = rows(own, f"SELECT start - {MIDNIGHT}, reason FROM reading WHERE flag <> 1")
        assert found == [(-5 * HOUR, "outlier spike")]
        own.close()


@pytest.mark.parametrize(
    ("kind", "rh", "expected"),
    [
        ("road_dust", 80.0, (1, "")),
        ("road_dust", 90.0, (1, "humid")),
        ("road_dust", 97.0, (3, "fog")),
        ("air", 97.0, (1, "")),
    ],
)
def test_only_optical_instruments_mind_the_damp(
    store: Store, kind: str, rh: float, expected: tuple[int, str]
) -> None:
    city = build(store, [station("D1", kind), station("W1", "weather", lon=115.05)])
    ingest(store, city, 1, Page([record("D1", 80.0, parameter="pm10"), record("W1", rh, parameter="rh")]), T)
    with store.read() as connection:
        city = City.read(connection)
    checker = Checker(store)
    checker.turn(city, T)
    assert said(store, "D1", T - HOUR, "pm10") == expected
    # A note on a good value is no correction.
    assert rows(store, "SELECT COUNT(*) FROM reading_change") == [(int(expected[0] == 3),)]
    # The humidity is put right: so is the flag.
    ingest(store, city, 1, Page([record("W1", 50.0, parameter="rh")]), T + 60)
    Checker(store).turn(city, T + 60)
    assert said(store, "D1", T - HOUR, "pm10") == (1, "")


def test_a_pack_says_which_of_its_kinds_are_optical(store: Store) -> None:
    city = build(store, [station("D1", "air")])
    with store.bulk() as connection:
        connection.execute(
            text("INSERT INTO city_fact (key, value) VALUES ('optical_kinds', '[\"air\", \"box\"]')")
        )
    ingest(store, city, 1, Page([record("D1", 80.0), record("D1", 99.0, parameter="rh")]), T)
    with store.read() as connection:
        city = City.read(connection)
    Checker(store).turn(city, T)
    assert said(store, "D1", T - HOUR) == (3, "fog")


@pytest.mark.parametrize("seed", range(4))
def test_in_whatever_order_the_hours_come_the_same_is_said(store: Store, seed: int) -> None:
    """Late corrections too: a page with the wrong value first, and the right one hours later."""
    checker = Checker(store)
    city = fill(store, network(store), 5, checker=checker)
    faults = {("S1", 5): 420.0, ("S2", 9): 400.0, ("S3", 9): 350.0, ("S5", 9): 300.0, ("S4", 14): 2.0}
    records = [
        Record(code, "pm25", MIDNIGHT + step * HOUR, HOUR, faults.get((code, step), air(MIDNIGHT + step * HOUR, code)))
        for step in range(24)
        for code in PLACES
    ]  # fmt: skip
    pages = [records[first : first + 18] for first in range(0, len(records), 18)]
    pages += [[replace(one, value=777.0) for one in records[:12]]] if seed % 2 else []
    random.Random(seed).shuffle(pages)
    pages.append(records[:12])
    now = MIDNIGHT + DAY + 2 * HOUR
    for number, some in enumerate(pages):
        ingest(store, city, 1, Page(some), now + number)
        if number % 3 == seed % 3:
            checker.turn(city, now + number)
    for _ in range(2):
        Checker(store).turn(city, now + 100, days=9)
    found = rows(
        store,
        f"SELECT s.code, (r.start - {MIDNIGHT}) / 3600, r.reason FROM reading r JOIN station s ON s.id = r.station "
        f"WHERE r.start >= {MIDNIGHT} AND r.reason <> '' ORDER BY 2, 1",
    )
    assert found == [("S1", 5, "outlier spike"), ("S4", 14, "spike")]
