"""The mapped adapter: shapes of rows, mapping, paging, and what is said about wrong input."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clock import ManualClock
from backend.feeds import asides, marks
from backend.feeds.fault import FeedError, OptionsError
from backend.feeds.http import Ask, Reply
from backend.feeds.mapped import MappedOptions, decode
from backend.feeds.mapped.rows import Decoded
from backend.feeds.registry import prepare
from backend.feeds.runner import PollReport, poll_feed
from backend.feeds.times import TimeLabel
from backend.feeds.units import Parameters
from backend.store import Store
from tests.feeds.helpers import CSV_OPTIONS, Answer, Answers, Sink, Waits, new_feed, reply

NOW = 1_793_692_800
HOUR = 3600
HEADER = "station,time,PM2.5,CO\n"
GOOD = "1718A,2026-11-03 16:00,35,0.9\n"

JSON_WIDE = """
format = "json"
rows = "data.list"
station = "code"
name = "name"
lon = "lng"
lat = "lat"
kind = "township_air"
missing = ["-99"]
[answer]
path = "code"
ok = ["200"]
message = "msg"
[time]
column = "at"
label = "end"
[[columns]]
column = "pm25"
parameter = "pm25"
flag = "pm25Mark"
[[columns]]
column = "o3"
parameter = "o3"
unit = "ppb"
[[columns]]
column = "o3h8"
parameter = "o3_8h"
period = 28800
"""

JSON_LONG = """
format = "json"
shape = "long"
rows = "CP.Params"
station = "../../MN"
[long]
parameter = "ParamID"
value = "Avg"
flag = "Flag"
[time]
column = "../DataTime"
label = "start"
[[columns]]
column = "a34004"
parameter = "pm25"
unit = "ug/m3"
[[columns]]
column = "a21005"
parameter = "co"
unit = "mg/m3"
"""


def options_of(text: str) -> MappedOptions:
    found = prepare("mapped", text, Parameters.default()).options
    assert isinstance(found, MappedOptions)
    return found


def taken(body: bytes | str, text: str = CSV_OPTIONS) -> Decoded:
    return decode(body.encode() if isinstance(body, str) else body, options_of(text), NOW)


def values(found: Decoded) -> dict[tuple[str, str], float | None]:
    return {(record.station, record.parameter): record.value for record in found.records}


def poll(
    store: Store, clock: ManualClock, options: str, answers: list[Answer]
) -> tuple[PollReport, Sink, Answers, int]:
    feed = new_feed(store, clock.now(), options)
    sink, upstream = Sink(), Answers(answers)
    return poll_feed(store, feed, clock, sink, upstream, pace=Waits().pace()), sink, upstream, feed


def test_wide_json_with_places_flags_periods_and_units() -> None:
    body = {
        "code": 200,
        "data": {
            "list": [
                {
                    "code": 37170201,
                    "name": "东城\x1b[31m",
                    "lng": "115.5",
                    "lat": 35.2,
                    "at": "2026-11-03 16:00:00",
                    "pm25": "35",
                    "pm25Mark": "D",
                    "o3": 50,
                    "o3h8": "60",
                },
                {"code": "B", "at": "2026-11-03 16:00:00", "pm25": -99, "lng": 999, "lat": 1},
            ]
        },
    }
    found = taken(json.dumps(body), JSON_WIDE)
    assert not found.asides
    first, *_ = found.records
    assert (first.device, first.start, first.period) == ("D", NOW - HOUR, HOUR)
    eight = next(record for record in found.records if record.parameter == "o3_8h")
    assert (eight.start, eight.period) == (NOW - 8 * HOUR, 8 * HOUR)
    assert values(found)[("37170201", "o3")] == pytest.approx(98.1, abs=0.05)
    assert values(found)[("B", "pm25")] is None
    assert ("B", "o3") not in values(found)
    place = found.places["37170201"]
    assert (place.lon, place.lat, place.kind) == (115.5, 35.2, "township_air")
    assert "\x1b" not in place.name
    assert found.places["B"].lon is None


def test_long_json_whose_time_and_station_lie_outward() -> None:
    body = [
        {
            "MN": "M1",
            "CP": {
                "DataTime": "2026-11-03 05:45:00",
                "Params": [
                    {"ParamID": "a34004", "Avg": "29.17", "Flag": "N"},
                    {"ParamID": "a21005", "Avg": "<0.1", "Flag": "M"},
                    {"ParamID": "a99999", "Avg": "1"},
                ],
            },
        },
        {
            "MN": "M2",
            "CP": {"DataTime": "2026-11-03 05:45:00", "Params": [{"ParamID": "a99999", "Avg": "2"}]},
        },
    ]
    found = taken(json.dumps(body), JSON_LONG)
    assert values(found) == {("M1", "pm25"): 29.17, ("M1", "co"): 0.1}
    assert [(record.qualifier, record.device) for record in found.records] == [("", "N"), ("<", "M")]
    # A factor that nobody knows is told once, however many rows have it.
    assert [(aside.reason.code, aside.raw) for aside in found.asides] == [
        ("feed.parameter.unknown", b"a99999")
    ]


def test_an_empty_list_on_the_way_is_no_fault() -> None:
    for body in ("[]", '[{"CP": null}]', '[{"CP": {"Params": []}}]'):
        assert not taken(body, JSON_LONG).records


def test_objects_by_the_name_under_which_they_stand() -> None:
    text = """
    format = "json"
    rows = "data.*"
    station = "@key"
    [time]
    column = "../../at"
    format = "epoch_ms"
    label = "start"
    [[columns]]
    column = "v.pm"
    parameter = "pm25"
    """
    body = {"at": NOW * 1000, "data": {"S1": {"v": {"pm": 1}}, "S2": {"v": {"pm": 2}}}}
    assert values(taken(json.dumps(body), text)) == {("S1", "pm25"): 1.0, ("S2", "pm25"): 2.0}


def test_a_key_may_hold_dots_itself() -> None:
    text = """
    format = "json"
    rows = "a.b.rows"
    station = "s"
    [time]
    column = "t.v"
    label = "start"
    [[columns]]
    column = "PM2.5"
    parameter = "pm25"
    [[columns]]
    column = "x.y.z"
    parameter = "pm10"
    [[columns]]
    column = "list.1"
    parameter = "co"
    """
    row = {"s": "A", "t": {"v": "2026-11-03 16:00"}, "PM2.5": 7, "x.y": {"z": 8}, "list": [1, 2]}
    found = taken(json.dumps({"a": {"b": {"rows": [row]}}}), text)
    assert values(found) == {("A", "pm25"): 7.0, ("A", "pm10"): 8.0, ("A", "co"): 2.0}


def test_long_csv_with_units_periods_and_gbk() -> None:
    text = """
    format = "csv"
    shape = "long"
    encoding = "gbk"
    station = "站点"
    [csv]
    delimiter = ";"
    skip = 1
    [long]
    parameter = "因子"
    value = "值"
    unit = "单位"
    [time]
    column = "时间"
    period_column = "时长"
    label = "start"
    """
    body = (
        "导出报表\n站点;时间;因子;值;单位;时长\n"
        "甲;2026-11-03 16:00;细颗粒物;0.035;mg/m³;3600\n"
        "甲;2026-11-03 16:00;CO;900;ug/m3;60\n"
    )
    found = taken(body.encode("gb18030"), text.replace("gbk", "gb18030"))
    assert values(found) == {("甲", "pm25"): 35.0, ("甲", "co"): 0.9}
    assert [record.period for record in found.records] == [3600, 60]


def test_a_time_is_read_once_for_each_label_of_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    instant = TimeLabel.instant

    def counted(self: TimeLabel, raw: object) -> int:
        read.append(raw)
        return instant(self, raw)

    monkeypatch.setattr(TimeLabel, "instant", counted)
    hours = [f"2026-11-03 {hour:02d}:00" for hour in range(16)]
    lines = [f"S{station},{hour},35,0.9\n" for station in range(50) for hour in hours]
    found = taken(HEADER + "".join(lines) + "S1,gone,1,1\n" * 3)
    assert len(found.records) == 2 * 50 * 16
    assert len({record.start for record in found.records}) == 16
    assert sorted(map(str, read)) == sorted([*hours, *["gone"] * 3])
    # What a label says depends on the period, and 16 is not "16".
    rows = [
        {"s": "A", "t": label, "p": period, "v": 1}
        for label in (1793692800, "1793692800")
        for period in (60, 3600)
    ]
    text = 'format = "json"\nstation = "s"\n[time]\ncolumn = "t"\nlabel = "end"\nformat = "epoch"\n'
    text += 'period_column = "p"\n'
    ends = taken(json.dumps(rows), text + '[[columns]]\ncolumn = "v"\nparameter = "pm25"\n')
    assert sorted(record.start for record in ends.records) == [NOW - 3600] * 2 + [NOW - 60] * 2


def test_csv_without_a_header_and_one_station() -> None:
    text = """
    format = "csv"
    station_code = "X1"
    csv.header = ["t", "v"]
    [time]
    column = "t"
    format = "epoch"
    label = "start"
    [[columns]]
    column = "v"
    parameter = "noise"
    """
    assert values(taken(f"{NOW},51.5\n", text)) == {("X1", "noise"): 51.5}


ROWS = {
    "value is a word": (GOOD.replace("35", "abc"), ["feed.value.number"], 1),
    "value is infinite": (GOOD.replace("35", "1e99"), ["feed.value.range"], 1),
    "a value too many": (GOOD.rstrip() + ",7\n", ["feed.row.broken"], 0),
    "a value missing": ("1718A,2026-11-03 16:00,35\n", ["feed.row.broken"], 0),
    "no station": (GOOD.replace("1718A", ""), ["feed.station.missing"], 0),
    "a station without end": (GOOD.replace("1718A", "A" * 500), ["feed.station.long"], 0),
    "no time": ("1718A,,35,0.9\n", ["feed.time.missing"], 0),
    "a time that is none": (GOOD.replace("2026-11-03 16:00", "gestern"), ["feed.time.unreadable"], 0),
    "a time in 2099": (GOOD.replace("2026", "2099"), ["feed.time.range"], 0),
    "a time in 1970": (GOOD.replace("2026", "1970"), ["feed.time.range"], 0),
    "escape sequences": (GOOD.replace("35", "\x1b]52;c;aGk=\x07"), ["feed.value.number"], 1),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_goes_aside_and_the_others_count(name: str) -> None:
    row, reasons, records = ROWS[name]
    found = taken(HEADER + GOOD + row + GOOD.replace("1718A", "1720A"))
    assert [aside.reason.code for aside in found.asides] == reasons
    assert len(found.records) == 4 + records
    assert "\x1b" not in str([aside.reason.args for aside in found.asides])


def test_a_line_in_another_encoding_goes_aside() -> None:
    body = (
        (HEADER + GOOD).encode()
        + "菏泽,2026-11-03 16:00,1,1\n".encode("gbk")
        + GOOD.replace("1718A", "B").encode()
    )
    found = taken(body)
    assert [aside.reason.code for aside in found.asides] == ["feed.row.broken"]
    assert len(found.records) == 4


BODIES: dict[str, tuple[str, bytes, str]] = {
    "a login page": (CSV_OPTIONS, b"<!DOCTYPE html><html><form>login", "feed.body.html"),
    "a page after blanks": (JSON_WIDE, b"\n\n <html>", "feed.body.html"),
    "XML": (JSON_WIDE, b"<?xml version='1.0'?><data/>", "feed.body.xml"),
    "nothing": (JSON_WIDE, b"", "feed.body.empty"),
    "nothing as CSV": (CSV_OPTIONS, b"\r\n", "feed.body.empty"),
    "half a JSON": (JSON_WIDE, b'{"code":200,"data":{"list":[{"code', "feed.body.json"),
    "binary": (JSON_WIDE, b"\x00\x01\xff\xfe", "feed.body.encoding"),
    "JSON in GBK": (JSON_WIDE, '{"code":"菏泽"}'.encode("gbk"), "feed.body.encoding"),
    "nested without end": (JSON_WIDE, b"[" * 200_000 + b"]" * 200_000, "feed.body.deep"),
    "nested to 100": (JSON_WIDE, b"[" * 100 + b"]" * 100, "feed.body.deep"),
    "an error inside a 200": (JSON_WIDE, b'{"code":401,"msg":"token expired"}', "feed.json.said"),
    "another shape": (JSON_WIDE, b'{"code":200,"data":{"rows":[]}}', "feed.json.rows"),
    "rows that are a number": (JSON_WIDE, b'{"code":200,"data":{"list":7}}', "feed.json.rows"),
    "other columns": (CSV_OPTIONS, b"a,b,c\n1,2,3\n", "feed.table.columns"),
    "a column twice": (CSV_OPTIONS, b"station,time,PM2.5,CO,CO\n", "feed.table.twice"),
    "ten thousand columns": (CSV_OPTIONS, b",".join([b"x"] * 10_000) + b"\n", "feed.table.header"),
}


@pytest.mark.parametrize("name", BODIES)
def test_an_answer_that_is_not_what_it_should_be_is_refused_whole(
    name: str, store: Store, clock: ManualClock
) -> None:
    options, body, code = BODIES[name]
    report, sink, _, feed = poll(store, clock, options, [reply(body)])
    assert not report.ok
    assert report.message is not None
    assert report.message.code == code
    assert not sink.pages
    with store.read() as connection:
        assert marks.read(connection, feed) == {}


JSON_ROWS = {
    "a row that is a list": ([], "feed.row.kind"),
    "a row that is a text": ("x", "feed.row.kind"),
    "a station that is an object": ({"code": {}, "at": "2026-11-03 16:00"}, "feed.station.missing"),
    "a station that is true": ({"code": True, "at": "2026-11-03 16:00"}, "feed.station.missing"),
    "a time that is a list": ({"code": "A", "at": [1]}, "feed.time.unreadable"),
    "a time of 64 bits": ({"code": "A", "at": 2**63}, "feed.time.unreadable"),
    "a value that is a list": ({"code": "A", "at": "2026-11-03 16:00", "pm25": [1]}, "feed.value.type"),
    "a value that is true": ({"code": "A", "at": "2026-11-03 16:00", "pm25": True}, "feed.value.type"),
    "a value of 200 bits": ({"code": "A", "at": "2026-11-03 16:00", "pm25": 2**200}, "feed.value.range"),
    "a value that is infinite": (
        {"code": "A", "at": "2026-11-03 16:00", "pm25": float("inf")},
        "feed.value.range",
    ),
}


@pytest.mark.parametrize("name", JSON_ROWS)
def test_a_bad_json_row_goes_aside_and_the_others_count(name: str) -> None:
    row, code = JSON_ROWS[name]
    good = {"code": "B", "at": "2026-11-03 16:00", "pm25": 35, "o3": float("nan")}
    body = json.dumps({"code": 200, "data": {"list": [row, good]}})
    found = taken(body, JSON_WIDE)
    assert [aside.reason.code for aside in found.asides] == [code]
    assert values(found) == {("B", "pm25"): 35.0, ("B", "o3"): None}


OPTION_FAULTS = {
    "no TOML": ("format = ", "feed.option.toml"),
    "no format": (CSV_OPTIONS.replace('format = "csv"', ""), "feed.option.missing"),
    "another format": (CSV_OPTIONS.replace('"csv"', '"xml"'), "feed.option.choice"),
    "no label": (CSV_OPTIONS.replace('label = "end"', ""), "feed.option.missing"),
    "a misspelt key": (CSV_OPTIONS.replace("zone =", "zoen ="), "feed.option.unknown_near"),
    "a key from nowhere": (CSV_OPTIONS + "\n[extra]\n", "feed.option.unknown"),
    "a zone that is none": (CSV_OPTIONS.replace("Asia/Shanghai", "Asia/Heze"), "feed.option.zone"),
    "a zone that climbs": (CSV_OPTIONS.replace("Asia/Shanghai", "../../etc/passwd"), "feed.option.zone"),
    "an unknown parameter": (CSV_OPTIONS.replace('"pm25"', '"pm52"'), "feed.option.parameter"),
    "an unknown unit": (CSV_OPTIONS.replace('"ug/m3"', '"ug/m9"'), "feed.option.unit_unknown"),
    "a unit that does not fit": (CSV_OPTIONS.replace('"ug/m3"', '"ppb"'), "feed.option.unit_mismatch"),
    "a column twice": (CSV_OPTIONS.replace('column = "CO"', 'column = "PM2.5"'), "feed.option.twice"),
    "a number as text": (
        CSV_OPTIONS.replace('label = "end"', 'label = "end"\nperiod = "3600"'),
        "feed.option.type",
    ),
    "true as a number": (
        CSV_OPTIONS.replace('label = "end"', 'label = "end"\nperiod = true'),
        "feed.option.type",
    ),
    "a period of nothing": (
        CSV_OPTIONS.replace('label = "end"', 'label = "end"\nperiod = 0'),
        "feed.option.range",
    ),
    "two stations": (CSV_OPTIONS.replace("[time]", 'station_code = "x"\n[time]'), "feed.option.either"),
    "a pattern without %": (
        CSV_OPTIONS.replace('label = "end"', 'label = "end"\nformat = "YYYY"'),
        "feed.option.choice",
    ),
    "ruder than it may be": (CSV_OPTIONS + "[politeness]\nmax_requests = 99999\n", "feed.option.range"),
    "paging by nothing": (CSV_OPTIONS + '[paging]\nkind = "page"\n', "feed.option.missing"),
    "a cursor in CSV": (
        CSV_OPTIONS + '[paging]\nkind = "cursor"\nparam = "c"\npath = "p"\n',
        "feed.option.only",
    ),
    "half an answer": (JSON_WIDE.replace('ok = ["200"]', ""), "feed.option.together"),
    "two delimiters": (CSV_OPTIONS + '[csv]\ndelimiter = ";;"\n', "feed.option.choice"),
    "another alphabet": (
        CSV_OPTIONS.replace('format = "csv"', 'format = "csv"\nencoding = "utf-9"'),
        "feed.option.choice",
    ),
    "two places for a key": (CSV_OPTIONS + '[auth]\nheader = "A"\nquery = "b"\n', "feed.option.either"),
}


@pytest.mark.parametrize("name", OPTION_FAULTS)
def test_faults_of_the_settings_are_named_where_they_are(name: str) -> None:
    text, code = OPTION_FAULTS[name]
    with pytest.raises(OptionsError) as caught:
        options_of(text)
    assert code in [fault.message.code for fault in caught.value.faults]


def test_all_faults_are_found_at_once_with_their_lines() -> None:
    text = CSV_OPTIONS.replace('"pm25"', '"pm52"').replace("mg/m3", "mg/m9").replace("label", "lable")
    with pytest.raises(OptionsError) as caught:
        options_of(text)
    faults = {fault.message.code: (fault.where, fault.line) for fault in caught.value.faults}
    assert faults["feed.option.parameter"][0] == "columns[0].parameter"
    assert faults["feed.option.unit_unknown"][0] == "columns[1].unit"
    assert faults["feed.option.unknown_near"] == ("time.lable", 6)


def server(pages: list[list[int]], link: Callable[[int], dict[str, object]]) -> Callable[[Ask], Reply]:
    """Pages of stations by number, with whatever tells the next one."""

    def answer(ask: Ask) -> Reply:
        at = int(ask.query.get("page", ask.query.get("offset", ask.query.get("c", "1"))))
        rows = [
            {"s": f"S{n}", "t": "2026-11-03 16:00", "v": n}
            for n in (pages[at - 1] if at <= len(pages) else [])
        ]
        return Reply(200, {}, json.dumps({"rows": rows, **link(at)}).encode(), ask.address())

    return answer


PAGED = """
format = "json"
rows = "rows"
station = "s"
[time]
column = "t"
label = "start"
[[columns]]
column = "v"
parameter = "pm10"
[paging]
"""


def test_pages_by_number_end_with_a_short_one(store: Store, clock: ManualClock) -> None:
    text = PAGED + 'kind = "page"\nparam = "page"\nsize_param = "n"\nsize = 2\n'
    report, sink, upstream, feed = poll(store, clock, text, [server([[1, 2], [3, 4], [5]], lambda _: {})])
    assert report.ok
    assert [ask.query for ask in upstream.asked] == [{"n": "2", "page": str(page)} for page in (1, 2, 3)]
    assert len(sink.values) == 5
    assert [page.newest for page in sink.pages] == [None, None, NOW]
    with store.read() as connection:
        assert marks.read(connection, feed)[""].at == NOW


def test_pages_by_cursor_end_with_none(store: Store, clock: ManualClock) -> None:
    text = PAGED + 'kind = "cursor"\nparam = "c"\npath = "next"\n'
    answers: list[Answer] = [server([[1], [2], [3]], lambda at: {"next": at + 1 if at < 3 else None})]
    report, sink, upstream, _ = poll(store, clock, text, answers)
    assert report.ok
    assert len(sink.values) == 3
    assert [ask.query.get("c") for ask in upstream.asked] == [None, "2", "3"]


def test_pages_by_link_in_the_body_or_the_header(store: Store, clock: ManualClock) -> None:
    text = PAGED + 'kind = "link"\npath = "next"\n'
    first = reply('{"rows":[{"s":"A","t":"2026-11-03 16:00","v":1}],"next":"/data?after=A b"}')
    last = reply('{"rows":[{"s":"B","t":"2026-11-03 16:00","v":2}],"next":null}')
    report, sink, upstream, _ = poll(store, clock, text, [first, last])
    assert report.ok
    assert len(sink.values) == 2
    assert upstream.asked[1].address() == "http://upstream.test/data?after=A%20b"


def test_a_link_header(store: Store, clock: ManualClock) -> None:
    text = PAGED + 'kind = "link"\n'
    body = '{"rows":[{"s":"A","t":"2026-11-03 16:00","v":1}]}'
    header = {"link": '<http://upstream.test/p0>; rel="prev", <http://upstream.test/p2>; rel="next"'}
    _, _, upstream, _ = poll(store, clock, text, [reply(body, headers=header), reply(body.replace("A", "B"))])
    assert [ask.url for ask in upstream.asked] == ["http://upstream.test/data", "http://upstream.test/p2"]


def test_a_link_to_another_host_is_refused(store: Store, clock: ManualClock) -> None:
    text = PAGED + 'kind = "link"\npath = "next"\n'
    body = '{"rows":[{"s":"A","t":"2026-11-03 16:00","v":1}],"next":"http://169.254.169.254/latest"}'
    report, sink, upstream, feed = poll(store, clock, text, [reply(body)])
    assert report.message is not None
    assert report.message.code == "feed.page.link"
    assert len(upstream.asked) == 1
    assert not sink.pages
    with store.read() as connection:
        assert "" not in marks.read(connection, feed)


def test_a_server_that_gives_the_same_page_again_is_told(store: Store, clock: ManualClock) -> None:
    text = PAGED + 'kind = "page"\nparam = "p"\n'
    report, sink, _, feed = poll(
        store, clock, text, [reply('{"rows":[{"s":"A","t":"2026-11-03 16:00","v":1}]}')]
    )
    assert report.message is not None
    assert report.message.code == "feed.page.same"
    assert len(sink.pages) == 1
    with store.read() as connection:
        assert marks.read(connection, feed) == {}


def test_windows_of_time_go_on_from_the_watermark(store: Store, clock: ManualClock) -> None:
    text = (
        CSV_OPTIONS
        + """
    [request]
    lookback = 7200
    window = 3600
    query = { from = "{since}", to = "{until}" }
    """
    )
    text = text.replace('column = "time"', 'column = "time"\nquery_format = "%Y-%m-%d %H:%M:%S"')
    report, _, upstream, feed = poll(store, clock, text, [reply(HEADER)])
    assert report.ok
    assert [(ask.query["from"], ask.query["to"]) for ask in upstream.asked] == [
        ("2026-11-03 14:00:00", "2026-11-03 15:00:00"),
        ("2026-11-03 15:00:00", "2026-11-03 16:00:00"),
    ]
    # An empty hour has been handed over too, so that a long hole does not hold up the feed for ever.
    with store.read() as connection:
        assert marks.read(connection, feed)[""].at == NOW - HOUR


def test_a_key_goes_where_the_settings_say(store: Store, clock: ManualClock) -> None:
    for auth, where in (('header = "X-Key"\nprefix = "T "', "header"), ('query = "token"', "query")):
        options = CSV_OPTIONS + f"[auth]\n{auth}\n"
        feed = new_feed(store, clock.now(), options, code=where, secret="county")
        upstream = Answers([reply(HEADER + GOOD)])
        report = poll_feed(
            store, feed, clock, Sink(), upstream, pace=Waits().pace(), secret=lambda name: f"key-of-{name}"
        )
        assert report.ok
        (ask,) = upstream.asked
        if where == "header":
            assert ask.headers["X-Key"] == "T key-of-county"
        else:
            assert ask.query["token"] == "key-of-county"


@given(st.binary(max_size=600))
@settings(max_examples=120, deadline=None)
def test_any_bytes_are_rows_asides_or_a_feed_error(raw: bytes) -> None:
    for text, body in ((CSV_OPTIONS, raw), (CSV_OPTIONS, HEADER.encode() + raw), (JSON_WIDE, raw)):
        try:
            found = taken(body, text)
        except FeedError:
            continue
        assert len(found.asides) <= found.rows * 2


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON_VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["code", "at", "pm25", "o3", "lng", "x"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(st.lists(JSON_VALUES, max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_json_rows_are_records_or_asides(rows: list[object]) -> None:
    found = taken(json.dumps({"code": 200, "data": {"list": rows}}), JSON_WIDE)
    for record in found.records:
        assert record.value is None or abs(record.value) < 1e15
        assert len(record.station) <= 64
    assert all(len(aside.raw) <= 8192 for aside in found.asides)


def test_a_page_of_garbage_is_bounded_in_the_store(store: Store, clock: ManualClock) -> None:
    rows = "".join(f"S{n},2026-11-03 16:00,x{n},1\n" for n in range(3000))
    report, sink, *_ = poll(store, clock, CSV_OPTIONS, [reply(HEADER + rows)])
    assert report.ok
    assert report.asides == 3000
    (page,) = sink.pages
    assert len(page.asides) == asides.PER_PAGE + 1
    assert page.asides[-1].reason.args == {"count": 3000 - asides.PER_PAGE}
    assert len(page.records) == 3000
