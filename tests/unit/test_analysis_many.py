"""All hot stations of an hour at once come to what each of them does alone, whoever remembers the readings."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import text

from backend.analysis.field import Field, read_field
from backend.analysis.geo import Plane
from backend.analysis.hotspots.look import Watch
from backend.analysis.hotspots.recall import Recall
from backend.analysis.sources.candidates import Candidate, Inventory
from backend.analysis.sources.many import Tracer
from backend.analysis.sources.trace import Question, trace
from backend.city.registry import City
from backend.city.tables import Source
from backend.store import Store, table
from tests.unit.hot_city import MIDDLE, city, fill, hours
from tests.unit.small_city import HOUR, T

CODES = ("pm25", "pm10")


@pytest.fixture
def placed(store: Store) -> City:
    """The square with wind, sources, and a plume in the middle of it in the last two hours."""
    of = city(store)
    values = hours()
    for array, more in ((values["pm25"], 90.0), (values["pm10"], 150.0)):
        array[-2:, MIDDLE] += more
    fill(store, of, values)
    plain = {"grade": "D", "grid": "A1", "county": "A", "in_service": True, "made_up": False}
    with store.bulk() as conn:
        rows = [
            {
                **plain, "code": f"Q{number}", "name": f"Q{number}", "kind": ("site", "enterprise")[number % 2],
                "lon": 115.0 + 0.015 * number, "lat": 35.0 + 0.012 * (number * 5 % 12),
            }
            for number in range(12)
        ]  # fmt: skip
        conn.execute(table(Source).insert(), rows)
        return City.read(conn)


def same(one: Field, other: Field) -> None:
    assert one.stations == other.stations
    assert (one.times == other.times).all()
    for code in one.values:
        assert np.array_equal(one.values[code], other.values[code], equal_nan=True)


def test_what_a_watch_remembers_is_what_the_store_has(store: Store, placed: City) -> None:
    with store.read() as conn:
        watch = Watch.of(conn, placed)
        watch.look(conn, T - HOUR)
        recall = Recall(watch)
        asked = {"start": T - 36 * HOUR, "end": T, "period": HOUR, "stations": [3, 7, 14]}
        same(
            recall(conn, placed, parameters=CODES, **asked),  # type: ignore[arg-type]
            read_field(conn, placed, parameters=CODES, **asked),  # type: ignore[arg-type]
        )
        assert watch.held("air", "pm25", T - 36 * HOUR, 36) is not None
        # What reaches further back than it remembers is read from the store.
        far = {**asked, "start": T - 90 * HOUR}
        assert watch.held("air", "pm25", T - 90 * HOUR, 90) is None
        same(
            recall(conn, placed, parameters=CODES, **far),  # type: ignore[arg-type]
            read_field(conn, placed, parameters=CODES, **far),  # type: ignore[arg-type]
        )


def test_many_at_once_come_to_what_one_does_alone(store: Store, placed: City) -> None:
    asked = [(number, code) for code in CODES for number in (MIDDLE + 1, 8, 30)]
    with store.read() as conn:
        watch = Watch.of(conn, placed)
        watch.look(conn, T - HOUR)
        remembered = Tracer(placed).answers(conn, T, asked, fetch=Recall(watch))
        read = Tracer(placed).answers(conn, T, asked)
        alone = trace(conn, placed, Question("pm25", T, None, MIDDLE + 1))
    assert set(read) == set(asked)
    for key, answer in read.items():
        assert answer.station == f"S{key[0] - 1}"
        told = remembered[key]
        assert [one.source.code for one in told.ranked] == [one.source.code for one in answer.ranked]
        assert told.none == pytest.approx(answer.none)
        assert sum(one.probability for one in answer.ranked) + answer.none == pytest.approx(1.0)
    best = read[MIDDLE + 1, "pm25"]
    assert alone is not None
    assert best.spacing == alone.spacing
    assert {one.source.code for one in best.ranked} == {one.source.code for one in alone.ranked}
    # The hour's answer is coarser (fewer turns, rates and cells), and says much the same.
    shares = {one.source.code: one.probability for one in alone.ranked}
    assert max(abs(one.probability - shares[one.source.code]) for one in best.ranked) < 0.1


@pytest.mark.usefixtures("placed")
def test_what_stands_at_a_source_is_heard_the_same_by_many_and_by_one(store: Store) -> None:
    with store.bulk() as conn:
        conn.execute(text("UPDATE station SET kind = 'site_dust', source = 'Q3' WHERE id IN (8, 9)"))
        conn.execute(text("UPDATE station SET kind = 'water' WHERE id = 10"))
        of = City.read(conn)
        many = Tracer(of).answers(conn, T, [(8, "pm10"), (9, "pm10"), (20, "pm10")])
        alone = trace(conn, of, Question("pm10", T, None, 8))
    assert alone is not None
    for answer in (many[8, "pm10"], alone):
        heard = {one.code for one in answer.witnesses}
        assert {"S7", "S8"} <= heard
        assert "S9" not in heard
    shares = {one.source.code: one.probability for one in alone.ranked}
    assert max(abs(one.probability - shares[one.source.code]) for one in many[8, "pm10"].ranked) < 0.15


def test_the_nearest_of_an_inventory() -> None:
    dice = np.random.default_rng(3)
    places = dice.uniform(115.0, 115.4, (200, 2)) - (0.0, 80.0)
    every = [
        Candidate(f"Q{n}", "", "site", "", "", "", "", "", lon, lat, False)
        for n, (lon, lat) in enumerate(places)
    ]
    plane = Plane.about(places[:, 0], places[:, 1])
    x, y = plane.xy(places[:, 0], places[:, 1])
    far = np.hypot(x - 500.0, y + 300.0)
    wanted = [f"Q{n}" for n in np.argsort(far) if far[n] <= 6000.0]
    found = [one.code for one in Inventory.of(every, plane).near(500.0, -300.0, 6000.0, 1000)]
    assert found == wanted
    assert [one.code for one in Inventory.of(every, plane).near(500.0, -300.0, 6000.0, 3)] == wanted[:3]


def test_nobody_asked_and_nobody_known(store: Store, placed: City) -> None:
    with store.read() as conn:
        assert Tracer(placed).answers(conn, T, []) == {}
        assert Tracer(placed).answers(conn, T, [(999, "pm25")]) == {}
