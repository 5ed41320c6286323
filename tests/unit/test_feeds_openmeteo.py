"""Open-Meteo: column arrays, units as the answer says them, nulls, hours to come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from backend.city.tables import Station
from backend.clock import ManualClock
from backend.feeds.http import Ask, Reply
from backend.feeds.presets import preset
from backend.feeds.runner import PollReport, poll_feed
from backend.store import Store, table
from tests.feeds.helpers import Answer, Answers, Sink, Waits, new_feed, reply

NOW = 1_793_692_800
HOUR = 3600
POINTS = """
[[points]]
station = "W1"
lat = 35.25
lon = 115.47
[[points]]
station = "W2"
lat = 35.0
lon = 115.0
"""
UNITS = {
    "time": "unixtime",
    "wind_speed_10m": "m/s",
    "wind_direction_10m": "°",
    "temperature_2m": "°C",
    "relative_humidity_2m": "%",
    "surface_pressure": "hPa",
    "precipitation": "mm",
}


def point(**columns: object) -> dict[str, Any]:
    hourly: dict[str, object] = {
        "time": [NOW - 2 * HOUR, NOW - HOUR, NOW, NOW + HOUR],
        "wind_speed_10m": [1.5, None, 2.5, 9.9],
        "wind_direction_10m": [350, 10, 20, 30],
        "precipitation": [0.0, 0.4, 0.0, 0.0],
    }
    return {
        "latitude": 35.2,
        "longitude": 115.5,
        "hourly_units": dict(UNITS),
        "hourly": {**hourly, **columns},
    }


def poll(
    store: Store, clock: ManualClock, answer: Answer, options: str = POINTS
) -> tuple[PollReport, Sink, Answers]:
    spec = preset("openmeteo")
    feed = new_feed(store, clock.now(), options, spec.adapter, url=spec.url)
    sink, upstream = Sink(), Answers([answer])
    return poll_feed(store, feed, clock, sink, upstream, pace=Waits().pace()), sink, upstream


def test_columns_become_hours_and_what_is_to_come_is_no_reading(store: Store, clock: ManualClock) -> None:
    report, sink, upstream = poll(store, clock, reply(json.dumps([point(), point()])))
    assert report.ok
    query = upstream.asked[0].query
    assert (query["latitude"], query["longitude"]) == ("35.2500,35.0000", "115.4700,115.0000")
    assert (query["wind_speed_unit"], query["timezone"], query["past_days"]) == ("ms", "GMT", "1")
    mine = {key[1:]: value for key, value in sink.values.items() if key[0] == "W1"}
    assert mine[("wind_speed", NOW - 2 * HOUR)] == 1.5
    assert mine[("wind_speed", NOW)] == 2.5
    assert ("wind_speed", NOW - HOUR) not in mine
    assert ("wind_speed", NOW + HOUR) not in mine
    # The rain of the hour that ends with the label.
    assert mine[("rain", NOW - 2 * HOUR)] == 0.4
    assert {key[0] for key in sink.values} == {"W1", "W2"}
    # It is handed over beside the readings, for the forecast.
    coming = {(one.station, one.parameter, one.start): one.value for page in sink.pages for one in page.ahead}
    assert coming[("W1", "wind_speed", NOW + HOUR)] == 9.9
    assert coming[("W2", "wind_dir", NOW + HOUR)] == 30
    assert all(start >= NOW for _station, _parameter, start in coming)
    assert query["forecast_days"] == "4"


def test_days_to_come_are_the_persons_choice(store: Store, clock: ManualClock) -> None:
    _, _, upstream = poll(store, clock, reply(json.dumps([point(), point()])), "ahead = 2\n" + POINTS)
    assert upstream.asked[0].query["forecast_days"] == "2"


def test_units_are_read_from_the_answer(store: Store, clock: ManualClock) -> None:
    kilometres = point()
    kilometres["hourly_units"]["wind_speed_10m"] = "km/h"
    _, sink, _ = poll(store, clock, reply(json.dumps([kilometres, point()])))
    assert sink.values[("W1", "wind_speed", NOW)] == pytest.approx(2.5 / 3.6)
    assert sink.values[("W2", "wind_speed", NOW)] == 2.5


def test_the_citys_weather_points_are_asked_in_batches(store: Store, clock: ManualClock) -> None:
    with store.write() as connection:
        for n in range(5):
            row = {"code": f"W{n}", "name": "", "kind": "weather", "lon": 115.0 + n, "lat": 35.0}
            rest = {"name_en": "", "initials": "", "grid": "", "county": "", "township": "", "target": ""}
            more = {"source": "", "upstream": "", "in_service": True, "placed": True, "made_up": False}
            connection.execute(insert(table(Station)).values(**row, **rest, **more))

    def answer(ask: Ask) -> Reply:
        count = ask.query["latitude"].count(",") + 1
        return reply(json.dumps([point()] * count if count > 1 else point()))

    report, sink, upstream = poll(store, clock, answer, "batch = 2")
    assert report.ok
    assert len(upstream.asked) == 3
    assert {key[0] for key in sink.values} == {f"W{n}" for n in range(5)}
    assert [page.newest for page in sink.pages] == [None, None, NOW]


def test_without_points_it_says_what_to_do(store: Store, clock: ManualClock) -> None:
    report, _, upstream = poll(store, clock, reply("{}"), "")
    assert report.message is not None
    assert report.message.code == "feed.meteo.points"
    assert not upstream.asked


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply(json.dumps([point()])), "feed.meteo.shape"),
        (reply("[]"), "feed.meteo.shape"),
        (reply("7"), "feed.meteo.shape"),
        (reply("<html>"), "feed.body.html"),
        (reply('{"error":true,"reason":"Too many \\u001b[2J"}', 400), "feed.meteo.said"),
        (reply("nope", 400), "feed.http.status"),
        (reply('{"error":true,"reason":"limit"}', 429, {"retry-after": "60"}), "feed.meteo.said"),
    ],
)
def test_wrong_answers_and_what_is_said(answer: Reply, code: str, store: Store, clock: ManualClock) -> None:
    report, sink, _ = poll(store, clock, answer)
    assert report.message is not None
    assert report.message.code == code
    assert "\x1b" not in str(report.message.args)
    assert not sink.pages


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"wind_speed_10m": [1, 2]}, "feed.meteo.shape"),
        ({"wind_speed_10m": "1.5"}, "feed.meteo.shape"),
        ({"wind_speed_10m": ["x", 1, 1, 1]}, "feed.value.number"),
        ({"wind_speed_10m": [True, 1, 1, 1]}, "feed.value.type"),
        ({"time": ["2026-11-03T00:00", 1, 2, 3]}, "feed.time.unreadable"),
        ({"time": None}, "feed.meteo.shape"),
    ],
)
def test_what_is_wrong_with_one_point_leaves_the_other(
    change: dict[str, object], code: str, store: Store, clock: ManualClock
) -> None:
    _, sink, _ = poll(store, clock, reply(json.dumps([point(**change), point()])))
    (page,) = sink.pages
    assert code in [aside.reason.code for aside in page.asides]
    assert len([record for record in page.records if record.station == "W2"]) == 8


def test_an_unknown_unit_is_refused_not_guessed(store: Store, clock: ManualClock) -> None:
    odd = point()
    odd["hourly_units"]["wind_speed_10m"] = "furlong/fortnight"
    _, sink, _ = poll(store, clock, reply(json.dumps([odd, point()])))
    assert ("W1", "wind_speed", NOW) not in sink.values
    assert sink.pages[0].asides[0].reason.code == "feed.unit.unknown"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["hourly", "hourly_units", "time", *UNITS]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(first=JSON, second=JSON)
@settings(max_examples=60, deadline=None)
def test_any_json_is_a_page_or_a_message(first: object, second: object) -> None:
    from backend.feeds.adapter import Upstream
    from backend.feeds.openmeteo import ADAPTER
    from backend.feeds.options import Table
    from backend.feeds.session import Session
    from backend.feeds.units import Parameters

    options = ADAPTER.read(Table.parse(POINTS), Parameters.default())
    answers = Answers([reply(json.dumps([first, second]))])
    session = Session(NOW, answers, {}, 0, Parameters.default(), pace=Waits().pace())
    for page in ADAPTER.pages(Upstream("http://x.test/", HOUR), options, session):
        assert all(record.start <= NOW for record in page.records)
