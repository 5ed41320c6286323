"""CNEMC: the live list as it is described, the recorded dumps as they are, and wrong answers."""

from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clock import ManualClock
from backend.feeds.cnemc import dump_page
from backend.feeds.fault import FeedError
from backend.feeds.presets import preset
from backend.feeds.runner import poll_feed
from backend.feeds.units import Parameters
from backend.store import Store
from tests.feeds.helpers import Answers, Sink, Waits, new_feed, reply
from tests.shared import shared_data

NOW = 1_793_692_800
HOUR = 3600
STATION = {
    "StationCode": "1718A",
    "PositionName": "市气象局",
    "Area": "菏泽市",
    "TimePoint": "2026-11-03T16:00:00",
    "Latitude": "35.2489",
    "Longitude": "115.4228",
    "AQI": "55",
    "PM2_5": "38",
    "PM2_5_24h": "41",
    "PM10": "71",
    "SO2": "<3",
    "NO2": "NA",
    "CO": "0.6",
    "O3": "—",
    "O3_24h": "77",
    "O3_8h": "60",
    "PrimaryPollutant": "—",
}


def live(*rows: object) -> str:
    return json.dumps(list(rows), ensure_ascii=False)


def test_a_city_is_one_call_and_its_hour_is_named_by_its_start(store: Store, clock: ManualClock) -> None:
    spec = preset("cnemc", city="菏泽市")
    feed = new_feed(store, clock.now(), spec.options, spec.adapter, code=spec.code, url=spec.url)
    sink, upstream = Sink(), Answers([reply(live(STATION))])
    report = poll_feed(store, feed, clock, sink, upstream, pace=Waits().pace())
    assert report.ok
    assert upstream.asked[0].address() == (
        "https://air.cnemc.cn:18007/CityData/GetAQIDataPublishLive?cityName=%E8%8F%8F%E6%B3%BD%E5%B8%82"
    )
    start = NOW - HOUR
    assert sink.values == {
        ("1718A", "pm25", start): 38.0,
        ("1718A", "pm10", start): 71.0,
        ("1718A", "so2", start): 3.0,
        ("1718A", "no2", start): None,
        ("1718A", "co", start): 0.6,
        ("1718A", "o3", start): None,
        ("1718A", "o3_8h", NOW - 8 * HOUR): 60.0,
    }
    (page,) = sink.pages
    assert [record.qualifier for record in page.records if record.parameter == "so2"] == ["<"]
    assert (page.newest, page.places[0].name, page.places[0].lon) == (start, "市气象局", 115.4228)
    # At ten past, half past and ten to: the hour comes some minutes after it is over.
    assert report.next_at == NOW + 600


def test_the_time_of_dotnet_is_the_same_hour(store: Store, clock: ManualClock) -> None:
    spec = preset("cnemc", city="菏泽市")
    feed = new_feed(store, clock.now(), spec.options, spec.adapter, url=spec.url)
    sink = Sink()
    row = {**STATION, "TimePoint": f"/Date({NOW * 1000}+0800)/"}
    poll_feed(store, feed, clock, sink, Answers([reply(live(row))]), pace=Waits().pace())
    assert ("1718A", "pm25", NOW - HOUR) in sink.values


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("[]", "feed.cnemc.city"),
        ("{}", "feed.cnemc.shape"),
        ("null", "feed.cnemc.shape"),
        ('"busy"', "feed.cnemc.shape"),
        ("<html>维护</html>", "feed.body.html"),
        ("", "feed.body.empty"),
        ('[{"StationCode"', "feed.body.json"),
    ],
)
def test_wrong_answers_and_what_is_said(body: str, code: str, store: Store, clock: ManualClock) -> None:
    spec = preset("cnemc", city="菏泽")
    feed = new_feed(store, clock.now(), spec.options, spec.adapter, url=spec.url)
    sink = Sink()
    report = poll_feed(store, feed, clock, sink, Answers([reply(body)]), pace=Waits().pace())
    assert not report.ok
    assert report.message is not None
    assert report.message.code == code
    assert not sink.pages
    if code == "feed.cnemc.city":
        assert report.message.args == {"city": "菏泽"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"StationCode": ""}, "feed.station.missing"),
        ({"StationCode": None}, "feed.station.missing"),
        ({"TimePoint": None}, "feed.time.missing"),
        ({"TimePoint": "-;"}, "feed.time.unreadable"),
        ({"TimePoint": "2099-01-01T00:00:00"}, "feed.time.range"),
        ({"PM2_5": "高"}, "feed.value.number"),
        ({"PM2_5": {"v": 1}}, "feed.value.type"),
    ],
)
def test_a_bad_station_leaves_the_others(
    change: dict[str, object], code: str, store: Store, clock: ManualClock
) -> None:
    spec = preset("cnemc", city="菏泽市")
    feed = new_feed(store, clock.now(), spec.options, spec.adapter, url=spec.url)
    sink = Sink()
    body = live({**STATION, **change}, {**STATION, "StationCode": "1719A"}, 7)
    poll_feed(store, feed, clock, sink, Answers([reply(body)]), pace=Waits().pace())
    (page,) = sink.pages
    assert [aside.reason.code for aside in page.asides] == [code, "feed.row.kind"]
    assert len([record for record in page.records if record.station == "1719A"]) == 7


def test_the_dump_of_2018_gives_the_values_behind_the_published_aqi() -> None:
    """The published AQI need the hour's O3, which the dump has under o3_24h."""
    body = shared_data("air/cnemc/cnemc_20180220T07_region.json").read_bytes()
    page = dump_page(body, Parameters.default(), NOW)
    got = {
        (record.station, record.parameter): record.value for record in page.records if record.period == HOUR
    }
    checked = 0
    with shared_data("air/cnemc/aqi_truth.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for column, parameter in (("pm25", "pm25"), ("pm10", "pm10"), ("co_mg", "co"), ("o3_1h", "o3")):
                if row[column]:
                    assert got[(row["code"], parameter)] == float(row[column]), (row["code"], parameter)
                    checked += 1
    assert checked > 600
    starts = {record.start for record in page.records if record.period == HOUR}
    # Seven o'clock in Beijing is the end of the hour.
    assert starts == {1519077600}
    assert len(page.places) == 175
    assert not page.asides


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_a_page_or_a_feed_error(raw: bytes) -> None:
    try:
        dump_page(raw, Parameters.default(), NOW)
    except FeedError:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*STATION, "features", "properties", "geometry", "coordinates"]), inner
        )
    ),
    max_leaves=15,
)


@given(JSON)
@settings(max_examples=150, deadline=None)
def test_any_json_is_a_page_or_a_feed_error(value: object) -> None:
    try:
        page = dump_page(json.dumps(value).encode(), Parameters.default(), NOW)
    except FeedError:
        return
    assert all(record.value is None or abs(record.value) < 1e15 for record in page.records)
