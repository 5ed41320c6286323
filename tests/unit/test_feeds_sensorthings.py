"""SensorThings 1.1: paging by time, and the ways in which servers break the standard."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clock import ManualClock
from backend.feeds import marks
from backend.feeds.adapter import Upstream
from backend.feeds.fault import FeedError
from backend.feeds.http import Ask, Reply
from backend.feeds.options import Table
from backend.feeds.runner import PollReport, poll_feed
from backend.feeds.sensorthings import ADAPTER
from backend.feeds.sensorthings.kept import PLACE
from backend.feeds.session import Mark, Session
from backend.feeds.units import Parameters
from backend.store import Store
from tests.feeds.fake_sta import ROOT, FakeSta, moment
from tests.feeds.helpers import Answers, Sink, Waits, new_feed, reply
from tests.shared import shared_data

NOW = 1_793_692_800
HOUR = 3600


def poll(
    store: Store, clock: ManualClock, server: FakeSta, options: str = "", feed: int = 0
) -> tuple[PollReport, Sink, int]:
    feed = feed or new_feed(store, clock.now(), options, "sensorthings", url=ROOT)
    sink = Sink()
    return poll_feed(store, feed, clock, sink, server, pace=Waits().pace()), sink, feed


def city(hours: int = 4, **quirks: Any) -> FakeSta:
    server = FakeSta(**quirks)
    server.stream(1, "A", "PM2.5")
    server.stream(2, "A", "CO", "mg/m3")
    server.stream(3, "B", "PM2.5")
    for hour in range(hours):
        for stream in (1, 2, 3):
            server.observe(stream, NOW - hour * HOUR, 10 * stream + hour)
    return server


def everything(hours: int = 4) -> set[tuple[str, str, int]]:
    return {
        (station, parameter, NOW - (hour + 1) * HOUR)
        for hour in range(hours)
        for station, parameter in (("A", "pm25"), ("A", "co"), ("B", "pm25"))
    }


QUIRKS: dict[str, dict[str, Any]] = {
    "a good server": {},
    "caps $top": {"max_top": 2},
    "refuses $top": {"max_top": 5, "refuses_top": True},
    "fails on $orderby": {"fails_on_order": True},
    "fails on $orderby and caps": {"fails_on_order": True, "max_top": 2},
    "fails on $select in $expand": {"fails_on_select": True},
    "names itself by its inner address": {
        "max_top": 2,
        "fails_on_order": True,
        "link_host": "http://10.0.0.7:8080/frost/v1.1",
    },
    "expands every single entity to the first one": {"same_single": True},
    "can't expand within an expansion": {"fails_on_nested": True},
    "all of it": {
        "same_single": True,
        "fails_on_nested": True,
        "max_top": 3,
        "refuses_top": True,
        "fails_on_order": True,
        "fails_on_select": True,
    },
}


@pytest.mark.parametrize("pull", ["all", "each"])
@pytest.mark.parametrize("name", QUIRKS)
def test_every_server_gives_every_row_once(name: str, pull: str, store: Store, clock: ManualClock) -> None:
    server = city(**QUIRKS[name])
    report, sink, _ = poll(store, clock, server, f'pull = "{pull}"\ntop = 6')
    assert report.message is None
    assert report.ok
    assert set(sink.values) == everything()
    assert sum(len(page.records) for page in sink.pages) == 12
    assert sink.values[("A", "pm25", NOW - HOUR)] == 10.0
    assert {place.code for page in sink.pages for place in page.places} == {"A", "B"}
    assert all(address.startswith(ROOT) for address in server.asked)
    assert all(" " not in address for address in server.asked)


def test_the_next_poll_asks_from_the_overlap_before_the_watermark(store: Store, clock: ManualClock) -> None:
    server = city()
    _, _, feed = poll(store, clock, server)
    with store.read() as connection:
        assert marks.read(connection, feed)[""].at == NOW - HOUR
    clock.move(HOUR)
    server.asked.clear()
    server.observe(1, NOW + HOUR, 99)
    _, sink, _ = poll(store, clock, server, feed=feed)
    assert any(f"ge%20{moment(NOW - HOUR - 10_800)}" in address for address in server.asked)
    assert sink.values[("A", "pm25", NOW)] == 99.0


def test_a_failed_page_holds_the_watermark_where_it_was(store: Store, clock: ManualClock) -> None:
    server = city(hours=6, max_top=3)
    # The first request finds the streams; the fourth is a page of observations.
    server.fail_from = 4
    report, sink, feed = poll(store, clock, server, "top = 3")
    assert not report.ok
    assert sink.pages
    with store.read() as connection:
        at = marks.read(connection, feed)[""].at
    assert at is not None
    got = {key for key in sink.values if key[2] <= at}
    assert got == {key for key in everything(6) if key[2] <= at}
    server.fail_from = 0
    again, rest, _ = poll(store, clock, server, feed=feed)
    assert again.ok
    assert set(sink.values) | set(rest.values) == everything(6)


def test_without_order_the_watermark_waits_for_the_last_page(store: Store, clock: ManualClock) -> None:
    server = city(hours=6, max_top=3, fails_on_order=True)
    server.fail_from = 6
    report, sink, feed = poll(store, clock, server, "top = 3")
    assert not report.ok
    assert any(page.records for page in sink.pages)
    with store.read() as connection:
        assert marks.read(connection, feed).get("") is None


def test_a_server_that_ignores_the_filter_is_refused(store: Store, clock: ManualClock) -> None:
    server = city(hours=200, ignores_filter=True)
    report, sink, feed = poll(store, clock, server)
    assert report.message is not None
    assert report.message.code == "feed.sta.filter"
    assert not [page for page in sink.pages if page.records]
    with store.read() as connection:
        assert marks.read(connection, feed).get("") is None


def test_and_can_be_read_the_newest_first(store: Store, clock: ManualClock) -> None:
    server = city(hours=200, ignores_filter=True, max_top=30)
    report, sink, _ = poll(store, clock, server, 'filter = "none"\ntop = 30\nlookback = 36000')
    assert report.ok
    assert len(server.asked) < 8
    assert everything(9) <= set(sink.values)
    assert min(key[2] for key in sink.values) >= NOW - 14 * HOUR


def test_intervals_results_and_qualities(store: Store, clock: ManualClock) -> None:
    server = FakeSta()
    server.stream(1, "A", "PM2.5")
    span = f"{moment(NOW - 2 * HOUR)}/{moment(NOW - HOUR)}"
    server.observe(1, NOW, "12.5", phenomenonTime=span)
    server.observe(1, NOW - 60, None, phenomenonTime=f"{moment(NOW - 600)}/{moment(NOW - 540)}")
    server.observe(1, NOW - HOUR * 3, "<3")
    server.observe(1, NOW - HOUR * 4, 5, resultQuality={"quality": "Bad", "status": "9"})
    server.observe(1, NOW - HOUR * 5, 6, resultQuality="good", resultTime=None)
    server.observe(1, NOW - HOUR * 6, [1, 2])
    server.observe(1, NOW - HOUR * 7, 1, phenomenonTime="soon")
    server.observe(1, NOW - HOUR * 8, 1, phenomenonTime=None)
    server.observe(1, NOW - HOUR * 9, 1, phenomenonTime=f"{moment(NOW)}/{moment(NOW - HOUR)}")
    report, sink, _ = poll(store, clock, server, '[quality]\nD = ["bad"]')
    assert report.ok
    records = {(record.start, record.period): record for page in sink.pages for record in page.records}
    assert records[(NOW - 2 * HOUR, HOUR)].value == 12.5
    assert records[(NOW - 600, 60)].value is None
    assert records[(NOW - 4 * HOUR, HOUR)].qualifier == "<"
    assert records[(NOW - 5 * HOUR, HOUR)].device == "D"
    assert records[(NOW - 6 * HOUR, HOUR)].device == ""
    assert len(records) == 5
    assert sorted(aside.reason.code for page in sink.pages for aside in page.asides) == [
        "feed.time.missing",
        "feed.time.unreadable",
        "feed.time.unreadable",
        "feed.value.type",
    ]


def test_of_two_for_one_hour_the_later_result_counts(store: Store, clock: ManualClock) -> None:
    server = FakeSta()
    server.stream(1, "A", "PM2.5")
    server.observe(1, NOW, 2, resultTime=moment(NOW + 60))
    server.observe(1, NOW, 1)
    _, sink, _ = poll(store, clock, server)
    assert sink.values == {("A", "pm25", NOW - HOUR): 2.0}


def test_streams_that_mean_nothing_to_us_are_told_once(store: Store, clock: ManualClock) -> None:
    server = city(hours=1)
    server.stream(7, "A", "Ozone depletion")
    server.stream(8, "A", "PM10", "furlong")
    server.stream(9, "", "PM10", properties={}, name="")
    report, sink, _ = poll(store, clock, server)
    assert report.ok
    told = [(aside.reason.code, aside.raw) for aside in sink.pages[0].asides]
    assert told == [
        ("feed.sta.parameter", b"@iot.id 7"),
        ("feed.unit.unknown", b"@iot.id 8"),
        ("feed.sta.station", b"@iot.id 9"),
    ]
    assert set(sink.values) == everything(1)


def test_names_and_units_can_be_set_right(store: Store, clock: ManualClock) -> None:
    server = FakeSta()
    server.stream(1, "A", "Feinstaub", "furlong")
    server.observe(1, NOW, 0.035)
    options = """
    label = "start"
    period = 900
    station = ["name"]
    [parameters]
    Feinstaub = "pm25"
    [units]
    pm25 = "mg/m3"
    """
    _, sink, _ = poll(store, clock, server, options)
    assert sink.values == {("站A", "pm25", NOW): 35.0}
    assert sink.pages[-1].records[0].period == 900


def test_a_sensor_that_has_been_dead_for_years_costs_no_request(store: Store, clock: ManualClock) -> None:
    server = city(hours=2)
    server.streams[3]["phenomenonTime"] = f"{moment(NOW - 9 * HOUR)}/{moment(NOW - HOUR)}"
    _, _, feed = poll(store, clock, server, 'pull = "each"')
    clock.move(7 * HOUR)
    server.streams[3]["phenomenonTime"] = f"{moment(NOW - 9 * HOUR)}/{moment(NOW - 2 * HOUR)}"
    server.asked.clear()
    poll(store, clock, server, feed=feed)
    assert not [address for address in server.asked if "Datastreams(3)" in address]
    assert [address for address in server.asked if "Datastreams(1)" in address]


def test_one_stream_that_fails_leaves_the_others(store: Store, clock: ManualClock) -> None:
    server = city(hours=2)
    server.fail_path = "Datastreams(1)"
    report, sink, feed = poll(store, clock, server, 'pull = "each"')
    assert report.message is not None
    assert report.message.code == "feed.sta.streams"
    assert {key[:2] for key in sink.values} == {("A", "co"), ("B", "pm25")}
    with store.read() as connection:
        assert set(marks.read(connection, feed)) == {"2", "3", PLACE}


def looked(server: FakeSta) -> int:
    """How often the server was asked for its Things since the last time."""
    asked, server.asked = server.asked, []
    return sum("/Things" in address for address in asked)


@pytest.mark.parametrize("pull", ["all", "each"])
def test_datastreams_are_looked_for_every_few_hours(pull: str, store: Store, clock: ManualClock) -> None:
    server = city(hours=2)
    server.stream(9, "A", "Ozone depletion")
    server.observe(9, NOW, 1)
    report, _, feed = poll(store, clock, server, f'pull = "{pull}"')
    assert (report.ok, looked(server)) == (True, 1)
    for hour in range(1, 6):
        clock.move(HOUR)
        server.observe(1, NOW + hour * HOUR, hour)
        server.observe(9, NOW + hour * HOUR, 1)
        report, sink, _ = poll(store, clock, server, feed=feed)
        assert report.ok
        assert sink.values[("A", "pm25", NOW + (hour - 1) * HOUR)] == hour
        assert looked(server) == 0
    clock.move(HOUR)
    assert poll(store, clock, server, feed=feed)[0].ok
    assert looked(server) == 1
    # And when the operator wants everything read anew.
    with store.write() as connection:
        marks.forget_answers(connection, feed)
    poll(store, clock, server, feed=feed)
    assert looked(server) == 1


def test_a_datastream_that_nobody_has_met_is_looked_for_at_once(store: Store, clock: ManualClock) -> None:
    server = city(hours=2)
    _, _, feed = poll(store, clock, server)
    looked(server)
    clock.move(HOUR)
    server.stream(4, "C", "PM2.5")
    server.observe(4, NOW + HOUR, 44)
    report, sink, _ = poll(store, clock, server, feed=feed)
    assert report.ok
    assert sink.values[("C", "pm25", NOW)] == 44.0
    assert {place.code for page in sink.pages for place in page.places} == {"A", "B", "C"}
    assert looked(server) == 1
    clock.move(HOUR)
    assert poll(store, clock, server, feed=feed)[0].ok
    assert looked(server) == 0


def test_those_that_the_settings_leave_out_are_no_news(store: Store, clock: ManualClock) -> None:
    server = city(hours=2)
    _, _, feed = poll(store, clock, server, "things = \"name ne 'x'\"")
    server.observe(77, NOW, 1)
    looked(server)
    clock.move(HOUR)
    assert poll(store, clock, server, feed=feed)[0].ok
    assert looked(server) == 0


def test_a_datastream_that_is_gone_is_looked_for_at_once(store: Store, clock: ManualClock) -> None:
    server = city(hours=2)
    _, _, feed = poll(store, clock, server, 'pull = "each"')
    looked(server)
    clock.move(HOUR)
    server.gone.add(1)
    report, sink, _ = poll(store, clock, server, feed=feed)
    assert report.ok
    assert looked(server) == 1
    assert {key[:2] for key in sink.values} == {("A", "co"), ("B", "pm25")}


def test_a_sensor_that_wakes_is_heard_at_once_if_it_slept_for_days_only(
    store: Store, clock: ManualClock
) -> None:
    server = city(hours=2)
    server.streams[3]["phenomenonTime"] = f"{moment(NOW - 9 * HOUR)}/{moment(NOW - 72 * HOUR)}"
    server.streams[2]["phenomenonTime"] = f"{moment(NOW - 999 * HOUR)}/{moment(NOW - 720 * HOUR)}"
    _, _, feed = poll(store, clock, server, 'pull = "each"')
    server.asked.clear()
    clock.move(HOUR)
    server.observe(3, NOW + HOUR, 33)
    _, sink, _ = poll(store, clock, server, feed=feed)
    assert sink.values[("B", "pm25", NOW)] == 33.0
    assert not [address for address in server.asked if "Datastreams(2)" in address]


@pytest.mark.parametrize("kept", ["", "x", "{", '{"at": 1}', '{"at": 1793692800, "top": "x"}', "[]"])
def test_what_was_kept_and_cant_be_read_is_found_again(kept: str, store: Store, clock: ManualClock) -> None:
    server = city(hours=2)
    _, _, feed = poll(store, clock, server)
    with store.write() as connection:
        digest = marks.read(connection, feed)[PLACE].digest
        marks.move(connection, feed, PLACE, None, Mark(digest=f"{digest.partition(':')[0]}:{kept}"), NOW)
    looked(server)
    clock.move(60)
    assert poll(store, clock, server, feed=feed)[0].ok
    assert looked(server) == 1


def test_a_long_catching_up_goes_on_at_the_next_poll(store: Store, clock: ManualClock) -> None:
    server = city(hours=20, max_top=4)
    options = "top = 4\n[politeness]\nmax_requests = 8\n"
    report, sink, feed = poll(store, clock, server, options)
    assert report.ok
    assert report.message is not None
    assert report.message.code == "feed.poll.more"
    assert report.next_at == NOW + 60
    got = dict(sink.values)
    for _ in range(12):
        report, sink, _ = poll(store, clock, server, feed=feed)
        got.update(sink.values)
        if report.message is None:
            break
    assert set(got) == everything(20)


WRONG = {
    "a page": (b"<html>login</html>", "feed.body.html"),
    "a list": (b"[]", "feed.sta.answer"),
    "no value": (b'{"@iot.count": 0}', "feed.sta.answer"),
    "a value that is none": (b'{"value": 3}', "feed.sta.answer"),
    "no stream": (b'{"value": []}', "feed.sta.none"),
    "streams that are none": (b'{"value": [1, null, "x", {}, {"@iot.id": 1}]}', "feed.sta.none"),
    "half an answer": (b'{"value": [{"@iot.id"', "feed.body.json"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_and_what_is_said(name: str, store: Store, clock: ManualClock) -> None:
    body, code = WRONG[name]
    feed = new_feed(store, clock.now(), "", "sensorthings", url=ROOT)
    report = poll_feed(store, feed, clock, Sink(), Answers([reply(body)]), pace=Waits().pace())
    assert not report.ok
    assert report.message is not None
    assert report.message.code == code


def test_a_next_link_to_another_service_is_refused(store: Store, clock: ManualClock) -> None:
    server = city(hours=20, max_top=4, fails_on_order=True, link_host="http://10.0.0.7/latest")
    report, _, _ = poll(store, clock, server)
    assert report.message is not None
    assert report.message.code == "feed.page.link"
    assert all(address.startswith(ROOT) for address in server.asked)


class Recorded:
    """Answers with recorded bodies: streams first, then observations, then an end."""

    def __init__(self, streams: bytes, observations: list[bytes]) -> None:
        self._bodies = [streams, *observations]
        self.asked: list[str] = []

    def fetch(self, ask: Ask) -> Reply:
        self.asked.append(ask.address())
        body = self._bodies.pop(0) if self._bodies else b'{"value": []}'
        return Reply(200, {}, body, ask.address())


def streams_of(identifier: object) -> bytes:
    stream = {"@iot.id": identifier, "name": "PM2.5", "unitOfMeasurement": {"symbol": "ug/m3"}}
    thing = {"@iot.id": 1, "name": "T", "properties": {"stationCode": "T"}, "Datastreams": [stream]}
    return json.dumps({"value": [thing]}).encode()


def session_of(server: Recorded) -> Session:
    return Session(NOW, server, {}, 0, Parameters.default(), pace=Waits().pace())


def test_the_recorded_things_of_a_third_party_server() -> None:
    """Its Things answer with a Datastream added to each: names, codes, places."""
    things = json.loads(shared_data("api/sensorthings/django_sta_things_p1.json").read_bytes())["value"]
    for thing in things:
        stream = {"@iot.id": thing["@iot.id"], "name": "PM2.5", "unitOfMeasurement": {"symbol": "ug/m3"}}
        thing["Datastreams"] = [stream]
    options = ADAPTER.read(Table.parse(""), Parameters.default())
    server = Recorded(json.dumps({"value": things}).encode(), [])
    page = next(ADAPTER.pages(Upstream(ROOT, HOUR), options, session_of(server)))
    places = {place.code: place for place in page.places}
    assert len(places) == 50
    assert (places["1719A"].name, places["1719A"].lon, places["1719A"].lat) == ("市政协", 115.474722, 35.2375)


def test_the_recorded_observations_of_a_third_party_server() -> None:
    """340 rows in pages of 100 whose nextLink has raw blanks; their Datastream is only a link."""
    body = shared_data("api/sensorthings/django_sta_observations_p1.json").read_bytes()
    options = ADAPTER.read(Table.parse('pull = "each"'), Parameters.default())
    server = Recorded(streams_of("0001-abc"), [body])
    session = session_of(server)
    session.marks = {"0001-abc": Mark(at=1519081200)}
    pages = list(ADAPTER.pages(Upstream(ROOT, HOUR), options, session))
    assert "/Datastreams('0001-abc')/Observations?" in server.asked[1]
    # One stream has one value for the hour; a hundred for the same hour are the later one of equals.
    assert [record.start for page in pages for record in page.records] == [1519077600]
    onward = server.asked[2]
    assert onward.startswith(f"{ROOT}/Observations?")
    assert "resultTime%20desc" in onward


def test_the_recorded_observations_of_frost() -> None:
    """resultQuality is an object, ids are numbers, times have milliseconds."""
    recorded = json.loads(shared_data("api/sensorthings/bgs_frost_observations.json").read_bytes())
    body = recorded["observationsRawDataResponseFixture"]
    del body["@iot.nextLink"]
    options = ADAPTER.read(Table.parse('pull = "each"\n[quality]\nN = ["Good"]'), Parameters.default())
    server = Recorded(streams_of(1), [json.dumps(body).encode()])
    session = session_of(server)
    session.marks = {"1": Mark(at=1679990000)}
    pages = list(ADAPTER.pages(Upstream(ROOT, HOUR), options, session))
    assert "/Datastreams(1)/Observations?" in server.asked[1]
    records = [record for page in pages for record in page.records]
    assert [record.value for record in records] == [1009.86, 1008.17, 1005.7]
    assert {record.device for record in records} == {"N"}


def test_the_recorded_pages_of_the_eea() -> None:
    """Two pages of Things; the second has no link."""
    one = shared_data("api/sensorthings/frost_eea_things_page1.json").read_bytes()
    two = shared_data("api/sensorthings/frost_eea_things_page2.json").read_bytes()
    options = ADAPTER.read(Table.parse(""), Parameters.default())
    server = Recorded(one, [two])
    pages = ADAPTER.pages(Upstream(ROOT, HOUR), options, session_of(server))
    page = next(pages)
    # These Things came without Datastreams: each is put aside, and the feed says that nothing is left.
    assert [aside.reason.code for aside in page.asides] == ["feed.sta.thing"] * 4
    assert [aside.raw for aside in page.asides] == [f"@iot.id {n}".encode() for n in (1, 2, 3, 4)]
    with pytest.raises(FeedError) as caught:
        next(pages)
    assert caught.value.message.code == "feed.sta.none"
    assert len(server.asked) == 2


KEYS = [
    "value",
    "@iot.id",
    "@iot.nextLink",
    "name",
    "Thing",
    "properties",
    "stationCode",
    "ObservedProperty",
    "unitOfMeasurement",
    "symbol",
    "phenomenonTime",
    "result",
    "resultQuality",
    "resultTime",
    "Datastream",
    "Datastreams",
    "Locations",
    "location",
    "coordinates",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(streams=JSON, observations=JSON)
@settings(max_examples=120, deadline=None)
def test_any_json_is_pages_or_a_feed_error(streams: object, observations: object) -> None:
    options = ADAPTER.read(Table.parse(""), Parameters.default())
    bodies = [
        json.dumps({"value": [streams, observations]}).encode(),
        json.dumps({"value": [observations]}).encode(),
    ]
    for first in (streams_of(1), bodies[0]):
        server = Recorded(first, [bodies[1]])
        try:
            pages = list(ADAPTER.pages(Upstream(ROOT, HOUR), options, session_of(server)))
        except FeedError:
            continue
        assert all(record.start <= NOW + 3 * 86_400 for page in pages for record in page.records)
