"""Wrong upstreams: for every kind of feed, what is sent and which message must be told. One table for the test and the page."""

# One case on one line reads as the table that it is.
# fmt: off
# ruff: noqa: E501

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from backend.feeds.hj212.frame import crc
from backend.feeds.presets import preset
from tests.feeds.helpers import CSV_OPTIONS

NOW = 1_793_692_800
"""2026-11-03 16:00 in the city."""
HOUR = 3600
MN = "010000A8900016F000169DC0"


class Answer(NamedTuple):
    """What the upstream sends."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {}
    declared: int | None = None
    """Another Content-Length than the body's."""


Sent = bytes | Answer | Mapping[str, bytes]
"""A body, an answer, or bodies by what the address holds."""


class Case(NamedTuple):
    """One wrong input."""

    name: str
    sent: Sent
    code: str
    """Of the message that must be told."""
    kept: int = 0
    """Good readings that came with it and are stored all the same."""


@dataclass(frozen=True)
class Section:
    """A kind of feed, what it is set to, and what was tried on it."""

    title: str
    way: str
    """``poll``, ``push``, ``file``, or ``settings``."""
    cases: tuple[Case, ...]
    adapter: str = ""
    options: str = ""
    form: str = ""
    """The format of a file."""
    about: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


JSON_OPTIONS = """
format = "json"
rows = "data.list"
station = "code"
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
[[columns]]
column = "o3"
parameter = "o3"
unit = "ppb"
"""
LONG_OPTIONS = """
format = "json"
shape = "long"
rows = "list"
station = "code"
[long]
parameter = "item"
value = "value"
unit = "unit"
[time]
column = "at"
label = "end"
"""
PAGED = CSV_OPTIONS + '[paging]\nkind = "page"\nparam = "page"\nsize = 1\n'
HEADER = b"station,time,PM2.5,CO\n"
GOOD = b"A,2026-11-03 16:00,35,0.9\n"
TABLE = HEADER + GOOD


def row(text: str, encoding: str = "utf-8") -> bytes:
    """A bad line between two good ones."""
    return TABLE + text.encode(encoding) + b"\n" + GOOD.replace(b"A,", b"B,")


def listed(*rows: object, **more: object) -> bytes:
    good = {"code": "A", "at": "2026-11-03 16:00", "pm25": 35}
    return json.dumps({"code": 200, "data": {"list": [*rows, good]}, **more}, ensure_ascii=False).encode()


def measured(**cells: object) -> bytes:
    return listed({"code": "B", "at": "2026-11-03 16:00", **cells})


def long(**cells: object) -> bytes:
    good = {"code": "A", "at": "2026-11-03 16:00", "item": "PM2.5", "value": 35}
    return json.dumps({"list": [{**good, "code": "B", **cells}, good]}).encode()


TRANSPORT = (
    Case("the address does not exist (404)", Answer(b"not found", 404), "feed.http.gone"),
    Case("the key is refused (401)", Answer(b"", 401), "feed.http.key"),
    Case("too many requests (429), Retry-After: 600", Answer(b"", 429, {"Retry-After": "600"}), "feed.http.rate"),
    Case("the server fails (503), each time it is asked", Answer(b"", 503), "feed.http.server"),
    Case("a status that nobody expects (418)", Answer(b"", 418), "feed.http.status"),
    Case("a redirect to a login portal on another host", Answer(b"", 302, {"Location": "http://portal.invalid/login"}), "feed.http.redirect"),
    Case("a redirect in a circle", Answer(b"", 302, {"Location": "/data"}), "feed.http.loop"),
    Case("the line breaks in the middle of an answer", Answer(TABLE, declared=len(TABLE) + 50), "feed.http.broken"),
    Case("an answer of a terabyte", Answer(b"", declared=10**12), "feed.body.large"),
    Case("a zip bomb", Answer(gzip.compress(bytes(96 * 1024 * 1024), 9), headers={"Content-Encoding": "gzip"}), "feed.body.large"),
    Case("gzip that is cut short", Answer(gzip.compress(TABLE)[:-12], headers={"Content-Encoding": "gzip"}), "feed.body.cut"),
    Case("gzip that is none", Answer(b"no gzip at all", headers={"Content-Encoding": "gzip"}), "feed.body.packed"),
    Case("packed in a way that we do not read (br)", Answer(TABLE, headers={"Content-Encoding": "br"}), "feed.http.coding"),
)

CSV = (
    Case("a login page with status 200", b"<!DOCTYPE html><html><form>login", "feed.body.html"),
    Case("XML", b"<?xml version='1.0'?><data/>", "feed.body.xml"),
    Case("an empty answer", b"\r\n", "feed.body.empty"),
    Case("other columns than the settings name", b"a,b,c\n1,2,3\n", "feed.table.columns"),
    Case("a column twice", b"station,time,PM2.5,CO,CO\n", "feed.table.twice"),
    Case("ten thousand columns", b",".join([b"x"] * 10_000) + b"\n", "feed.table.header"),
    Case("a value that is a word", row("C,2026-11-03 16:00,abc,0.9"), "feed.value.number", 5),
    Case("a value without end (1e99)", row("C,2026-11-03 16:00,1e99,0.9"), "feed.value.range", 5),
    Case("terminal escape codes for a value", row("C,2026-11-03 16:00,\x1b]52;c;aGk=\x07,0.9"), "feed.value.number", 5),
    Case("a cell too many", row("C,2026-11-03 16:00,35,0.9,7"), "feed.row.broken", 4),
    Case("a cell missing", row("C,2026-11-03 16:00,35"), "feed.row.broken", 4),
    Case("a line in GBK among UTF-8", row("菏泽,2026-11-03 16:00,35,0.9", "gbk"), "feed.row.broken", 4),
    Case("no station", row(",2026-11-03 16:00,35,0.9"), "feed.station.missing", 4),
    Case("a station's name of 500 letters", row("A" * 500 + ",2026-11-03 16:00,35,0.9"), "feed.station.long", 4),
    Case("no time", row("C,,35,0.9"), "feed.time.missing", 4),
    Case("a time that is none", row("C,yesterday,35,0.9"), "feed.time.unreadable", 4),
    Case("a time in 2099", row("C,2099-11-03 16:00,35,0.9"), "feed.time.range", 4),
    Case("a time in 1970", row("C,1970-11-03 16:00,35,0.9"), "feed.time.range", 4),
)

JSON = (
    Case("half a JSON", b'{"code":200,"data":{"list":[{"code', "feed.body.json"),
    Case("binary", b"\x00\x01\xff\xfe", "feed.body.encoding"),
    Case("JSON in GBK", '{"code":"菏泽"}'.encode("gbk"), "feed.body.encoding"),
    Case("brackets 200,000 deep", b"[" * 200_000 + b"]" * 200_000, "feed.body.deep"),
    Case("an error told inside a 200", b'{"code":401,"msg":"token expired"}', "feed.json.said"),
    Case("the rows under another name", b'{"code":200,"data":{"rows":[]}}', "feed.json.rows"),
    Case("a number where the rows should be", b'{"code":200,"data":{"list":7}}', "feed.json.rows"),
    Case("a row that is a text", listed("x"), "feed.row.kind", 1),
    Case("a station that is an object", listed({"code": {}, "at": "2026-11-03 16:00", "pm25": 1}), "feed.station.missing", 1),
    Case("a time that is a list", listed({"code": "B", "at": [1], "pm25": 1}), "feed.time.unreadable", 1),
    Case("a value that is a list", measured(pm25=[1]), "feed.value.type", 1),
    Case("a value that is true", measured(pm25=True), "feed.value.type", 1),
    Case("a value of 200 bits", measured(pm25=2**200), "feed.value.range", 1),
    Case("Infinity", measured(pm25=float("inf")), "feed.value.range", 1),
)

LONG = (
    Case("a row without its parameter", long(item=""), "feed.parameter.missing", 1),
    Case("a parameter that nobody knows", long(item="XYZ-9"), "feed.parameter.unknown", 1),
    Case("a unit that nobody knows", long(unit="furlong"), "feed.unit.unknown", 1),
    Case("a unit of something else", long(unit="dB"), "feed.unit.mismatch", 1),
    Case("no value at all", json.dumps({"list": [{"code": "B", "at": "2026-11-03 16:00", "item": "PM2.5"}]}).encode(), "feed.value.missing"),
)


def things(*streams: Mapping[str, Any], **thing: Any) -> bytes:
    good = {"@iot.id": 1, "name": "PM2.5", "unitOfMeasurement": {"symbol": "ug/m3"}, "ObservedProperty": {"@iot.id": 1, "name": "PM2.5"}}
    one = {"@iot.id": 1, "name": "A", "properties": {"stationCode": "A"}, "Datastreams": [good, *streams], **thing}
    return json.dumps({"value": [one]}).encode()


def observed(**cells: Any) -> bytes:
    good = {"@iot.id": 1, "phenomenonTime": "2026-11-03T08:00:00Z", "result": 35, "Datastream": {"@iot.id": 1}}
    return json.dumps({"value": [good, {**good, "@iot.id": 2, **cells}]}).encode()


def sta(observations: bytes = observed(), found: bytes = things()) -> Mapping[str, bytes]:
    return {"/Things": found, "Observations": observations}


STREAM = {"@iot.id": 2, "name": "Ozone depletion", "ObservedProperty": {"@iot.id": 2, "name": "Ozone depletion"}}
STA = (
    Case("a login page", b"<html>login</html>", "feed.body.html"),
    Case("a list instead of a collection", b"[]", "feed.sta.answer"),
    Case("a collection without value", b'{"@iot.count": 0}', "feed.sta.answer"),
    Case("a service without Things", b'{"value": []}', "feed.sta.none"),
    Case("Things that are numbers and texts", b'{"value": [1, null, "x", {}]}', "feed.sta.thing"),
    Case("half an answer", b'{"value": [{"@iot.id"', "feed.body.json"),
    Case("a Datastream of something that nobody knows", sta(found=things(STREAM)), "feed.sta.parameter", 1),
    Case("a Datastream in furlongs", sta(found=things({**STREAM, "ObservedProperty": {"@iot.id": 3, "name": "PM10"}, "unitOfMeasurement": {"symbol": "furlong"}})), "feed.unit.unknown", 1),
    Case("a Thing without a name or a code", sta(found=things(name="", properties={})), "feed.sta.station"),
    Case("a next link to another server", sta(json.dumps({"value": json.loads(observed())["value"], "@iot.nextLink": "http://10.0.0.7/latest"}).encode()), "feed.page.link", 1),
    Case("a result that is a list", sta(observed(result=[1, 2])), "feed.value.type", 1),
    Case("a time that is none", sta(observed(phenomenonTime="soon")), "feed.time.unreadable", 1),
    Case("no time", sta(observed(phenomenonTime=None)), "feed.time.missing", 1),
    Case("an interval that ends before it begins", sta(observed(phenomenonTime="2026-11-03T08:00:00Z/2026-11-03T07:00:00Z")), "feed.time.unreadable", 1),
    Case("a server that ignores the filter and sends the year 2020", sta(observed(phenomenonTime="2020-11-03T08:00:00Z")), "feed.sta.filter"),
)

LIVE = {"StationCode": "A", "PositionName": "A", "Area": "菏泽市", "TimePoint": "2026-11-03T16:00:00", "PM2_5": "38", "SO2": "<3", "NO2": "NA", "O3": "—"}


def live(**cells: object) -> bytes:
    return json.dumps([{**LIVE, **cells}, {**LIVE, "StationCode": "B"}], ensure_ascii=False).encode()


CNEMC = (
    Case("an empty list with status 200: an unknown city", b"[]", "feed.cnemc.city"),
    Case("an object", b"{}", "feed.cnemc.shape"),
    Case("a text", b'"busy"', "feed.cnemc.shape"),
    Case("a maintenance page", "<html>维护</html>".encode(), "feed.body.html"),
    Case("an empty answer", b"", "feed.body.empty"),
    Case("half an answer", b'[{"StationCode"', "feed.body.json"),
    Case("a station without a code", live(StationCode=""), "feed.station.missing", 4),
    Case("a station without a time", live(TimePoint=None), "feed.time.missing", 4),
    Case("a time that is none", live(TimePoint="-;"), "feed.time.unreadable", 4),
    Case("a time in 2099", live(TimePoint="2099-01-01T00:00:00"), "feed.time.range", 4),
    Case("a value in words", live(PM2_5="高"), "feed.value.number", 7),
    Case("a value that is an object", live(PM2_5={"v": 1}), "feed.value.type", 7),
)

POINTS = '[[points]]\nstation = "A"\nlat = 35.25\nlon = 115.47\n[[points]]\nstation = "B"\nlat = 35.0\nlon = 115.0\n'


def point(**columns: object) -> dict[str, Any]:
    hourly = {"time": [NOW - 2 * HOUR, NOW - HOUR], "wind_speed_10m": [1.5, 2.5], "wind_direction_10m": [350, 10]}
    units = {"time": "unixtime", "wind_speed_10m": "m/s", "wind_direction_10m": "°"}
    return {"latitude": 35.2, "longitude": 115.5, "hourly_units": units, "hourly": {**hourly, **columns}}


def points(**columns: object) -> bytes:
    return json.dumps([point(**columns), point()]).encode()


METEO = (
    Case("one point where two were asked", json.dumps([point()]).encode(), "feed.meteo.shape"),
    Case("a number", b"7", "feed.meteo.shape"),
    Case("a page", b"<html>", "feed.body.html"),
    Case("an error that the service explains", Answer(b'{"error":true,"reason":"Too many \\u001b[2J"}', 400), "feed.meteo.said"),
    Case("the day's limit is reached (429)", Answer(b'{"error":true,"reason":"limit"}', 429, {"Retry-After": "60"}), "feed.meteo.said"),
    Case("a column that is shorter than the times", points(wind_speed_10m=[1]), "feed.meteo.shape", 6),
    Case("a value that is a word", points(wind_speed_10m=["x", 1]), "feed.value.number", 7),
    Case("a value that is true", points(wind_speed_10m=[True, 1]), "feed.value.type", 7),
    Case("a time that is none", points(time=["soon", NOW - HOUR]), "feed.time.unreadable", 4),
    Case("no times", points(time=None), "feed.meteo.shape", 4),
)


PASSAGES = 'format = "json"\nrows = "list"\n[answer]\npath = "code"\nok = ["0"]\n'


def seen(**cells: object) -> bytes:
    good = {"hphm": "鲁R10001", "jcdbh": "A", "jcsj": "2026-11-03T15:00:00", "no": 900, "btgd": 3}
    return json.dumps({"code": 0, "list": [good, {**good, **cells}]}, ensure_ascii=False).encode()


VEHICLES = (
    Case("an error told inside a 200", b'{"code": 401, "list": []}', "feed.json.said"),
    Case("a login page with status 200", b"<html>login</html>", "feed.body.html"),
    Case("the rows under another name", b'{"code": 0, "rows": []}', "feed.json.rows"),
    Case("rows without a plate, a set or a time", b'{"code": 0, "list": [{"no": 1}]}', "passage.body.columns"),
    Case("a row that is a text", b'{"code": 0, "list": ["x"]}', "feed.row.kind"),
    Case("no plate", seen(hphm=""), "passage.fault.plate", 1),
    Case("a set that is an object", seen(jcdbh={}), "feed.station.missing", 1),
    Case("a set that nobody knows", seen(jcdbh="L9"), "passage.fault.set", 1),
    Case("no time", seen(jcsj=None), "feed.time.missing", 1),
    Case("a time that is none", seen(jcsj="soon"), "feed.time.unreadable", 1),
    Case("a time in 1970", seen(jcsj="1970-11-03 15:00"), "feed.time.range", 1),
    Case("a vehicle that passes tomorrow", seen(jcsj="2026-11-04 15:00"), "passage.fault.future", 1),
    Case("a value that is a word", seen(no="high"), "feed.value.number", 1),
    Case("a value that is a list", seen(btgd=[1]), "feed.value.type", 1),
)


def frame(data: str, *, head: str = f"QN=20261103160012345;ST=39;CN=2061;PW=123456;MN={MN};Flag=4;", size: int | None = None, check: str = "") -> bytes:
    segment = f"{head}CP=&&{data}&&".encode()
    return b"##%04d%s%s\r\n" % (len(segment) if size is None else size, segment, (check or f"{crc(segment):04X}").encode())


VALUE = "DataTime=20261103150000;a34002-Avg=152.0,a34002-Flag=N"
FRAME = frame(VALUE)
FRAMES = (
    Case("no frame at all", b"hello\r\n", "hj212.garbage"),
    Case("noise between two frames", FRAME + b"\x00\xff noise " + frame(VALUE.replace("15000", "14000")), "hj212.garbage", 2),
    Case("a wrong CRC", frame(VALUE, check="0000") + FRAME, "hj212.crc", 1),
    Case("one digit changed on the way", FRAME.replace(b"152.0", b"158.0") + FRAME, "hj212.crc", 1),
    Case("a wrong length", frame(VALUE, size=17) + FRAME, "hj212.length", 1),
    Case("a frame that is cut off", FRAME + FRAME[:60], "hj212.cut", 1),
    Case("an encrypted body (SM4, HJ 212-2025)", frame("9F3A", head=f"QN=20261103160012345;ST=39;CN=2061;PW=123456;MN={MN};Flag=9;EncryptFlag=1;"), "hj212.sm4"),
    Case("no device number", frame(VALUE, head="QN=20261103160012345;ST=39;CN=2061;PW=123456;Flag=4;") + FRAME, "hj212.field", 1),
    Case("no DataTime", frame("a34002-Avg=152.0") + FRAME, "hj212.field", 1),
    Case("a factor that nobody knows", frame(VALUE + ";a99999-Avg=1"), "hj212.code.unknown", 1),
    Case("a factor without a value", frame(VALUE + ";a34004-Flag=N"), "hj212.novalue", 1),
    Case("the same factor twice in a frame", frame(VALUE + ";a34002-Avg=99"), "hj212.twice", 1),
    Case("a value that is a word", frame(VALUE + ";a34004-Avg=high"), "feed.value.number", 1),
    Case("a time that is none", frame("DataTime=20261399000000;a34002-Avg=152.0") + FRAME, "feed.time.unreadable", 1),
    Case("a device whose clock stands at 2099", frame("DataTime=20991103150000;a34002-Avg=152.0") + FRAME, "feed.time.range", 1),
)
LONG_HEADER = "station,parameter,start,value,period,qualifier,flag,unit\n"
LINE = "A,pm25,2026-11-03 08:00,1,,,,\n"


def lines(bad: str) -> bytes:
    return (LONG_HEADER + LINE + bad + "\n" + LINE.replace("A,", "B,")).encode()


FILES = (
    Case("an empty file", b"", "feed.body.empty"),
    Case("a saved web page", b"<html></html>", "feed.body.html"),
    Case("other columns", b"a,b,c\n1,2,3\n", "feed.table.columns"),
    Case("a column twice", b"station,parameter,start,value,value\n", "feed.table.twice"),
    Case("a value that is a word", lines("A,pm25,2026-11-03 08:00,abc,,,,"), "feed.value.number", 2),
    Case("a parameter that nobody knows", lines("A,pm99,2026-11-03 08:00,1,,,,"), "feed.parameter.unknown", 2),
    Case("no station", lines(",pm25,2026-11-03 08:00,1,,,,"), "feed.station.missing", 2),
    Case("no time", lines("A,pm25,,1,,,,"), "feed.time.missing", 2),
    Case("a time that is none", lines("A,pm25,soon,1,,,,"), "feed.time.unreadable", 2),
    Case("a cell missing", lines("A,pm25,2026-11-03 08:00,1,,,"), "feed.row.broken", 2),
    Case("a period in words", lines("A,pm25,2026-11-03 08:00,1,60s,,,"), "feed.time.period", 2),
    Case("a qualifier that is none", lines("A,pm25,2026-11-03 08:00,1,,~,,"), "feed.file.qualifier", 2),
    Case("a flag that is none", lines("A,pm25,2026-11-03 08:00,1,,,X,"), "feed.file.flag", 2),
    Case("a unit that nobody knows", lines("A,pm25,2026-11-03 08:00,1,,,,furlong"), "feed.unit.unknown", 2),
    Case("a unit of something else", lines("A,pm25,2026-11-03 08:00,1,,,,ppb"), "feed.unit.mismatch", 2),
)
DUMPS = (
    Case("an object instead of a dump", b"{}", "feed.cnemc.shape"),
    Case("an empty dump", b"[]", "feed.cnemc.empty"),
    Case("binary", b"\xff\xfe", "feed.body.encoding"),
)


def toml(options: str, adapter: str = "mapped", more: str = "") -> bytes:
    return f'{options}\n[feed]\ncode = "f"\nadapter = "{adapter}"\nurl = "http://upstream.test/"\n{more}'.encode()


SETTINGS = (
    Case("no TOML", toml("format = "), "feed.option.toml"),
    Case("no format", toml(CSV_OPTIONS.replace('format = "csv"', "")), "feed.option.missing"),
    Case("an empty name of a column", toml(CSV_OPTIONS.replace('column = "CO"', 'column = ""')), "feed.option.empty"),
    Case("a format that there is not", toml(CSV_OPTIONS.replace('"csv"', '"xml"')), "feed.option.choice"),
    Case("a misspelt key", toml(CSV_OPTIONS.replace("zone =", "zoen =")), "feed.option.unknown_near"),
    Case("a key from nowhere", toml(CSV_OPTIONS + "\n[extra]\n"), "feed.option.unknown"),
    Case("a time zone that is none", toml(CSV_OPTIONS.replace("Asia/Shanghai", "Asia/Heze")), "feed.option.zone"),
    Case("a parameter that nobody knows", toml(CSV_OPTIONS.replace('"pm25"', '"pm52"')), "feed.option.parameter"),
    Case("a unit that nobody knows", toml(CSV_OPTIONS.replace('"ug/m3"', '"ug/m9"')), "feed.option.unit_unknown"),
    Case("a unit of something else", toml(CSV_OPTIONS.replace('"ug/m3"', '"dB"')), "feed.option.unit_mismatch"),
    Case("a column twice", toml(CSV_OPTIONS.replace('column = "CO"', 'column = "PM2.5"')), "feed.option.twice"),
    Case("a period as text", toml(CSV_OPTIONS.replace('label = "end"', 'label = "end"\nperiod = "3600"')), "feed.option.type"),
    Case("a poll every minus five seconds", toml(CSV_OPTIONS, more="every = -5\n"), "feed.option.range"),
    Case("one station, and a column of stations", toml('station_code = "X"\n' + CSV_OPTIONS), "feed.option.either"),
    Case("[answer] with half of what it needs", toml(CSV_OPTIONS + '[answer]\npath = "code"\n'), "feed.option.together"),
    Case("paging by cursor for a CSV", toml(CSV_OPTIONS + '[paging]\nkind = "cursor"\nparam = "c"\npath = "next"\n'), "feed.option.only"),
    Case("an adapter that there is not", toml("", "soap"), "feed.adapter.unknown"),
    Case("a code with blanks", toml(CSV_OPTIONS).replace(b'"f"', b'"my feed"'), "feed.code.form"),
    Case("an address that is none", toml(CSV_OPTIONS).replace(b"http://", b"ftp://"), "feed.url.form"),
    Case("a password in the address", toml(CSV_OPTIONS).replace(b"http://", b"http://me:key@"), "feed.url.key"),
    Case("[auth] without the name of a secret", toml(CSV_OPTIONS + '[auth]\nheader = "X"\n'), "feed.secret.unnamed"),
    Case("a secret that [auth] has no place for", toml(CSV_OPTIONS, more='secret = "county"\n'), "feed.secret.unused"),
    Case("cnemc without a city", toml("", "cnemc"), "feed.option.missing"),
    Case("hj212 with a factor that nobody knows", toml('[unit]\na99999 = "mg/m3"\n', "hj212"), "hj212.option.code"),
    Case("sensorthings with a period of nothing", toml("period = 0", "sensorthings"), "feed.option.range"),
)

SECTIONS = (
    Section("Any feed that is polled: the line and the server", "poll", TRANSPORT, "mapped", CSV_OPTIONS),
    Section("mapped, CSV", "poll", CSV, "mapped", CSV_OPTIONS),
    Section("mapped, JSON", "poll", JSON, "mapped", JSON_OPTIONS),
    Section("mapped, long tables", "poll", LONG, "mapped", LONG_OPTIONS),
    Section("mapped, paging", "poll", (Case("a server that gives the same page again and again", TABLE, "feed.page.same", 2),), "mapped", PAGED),
    Section("sensorthings", "poll", STA, "sensorthings"),
    Section("cnemc", "poll", CNEMC, "cnemc", preset("cnemc", city="菏泽市").options),
    Section("openmeteo", "poll", METEO, "openmeteo", POINTS),
    Section("openmeteo, for the stations of a city that has no weather station", "poll", (Case("no points to ask for", b"[]", "feed.meteo.points"),), "openmeteo"),
    Section("passages", "poll", VEHICLES, "passages", PASSAGES),
    Section("hj212, pushed to the hub", "push", FRAMES, "hj212"),
    Section("hj212, from a file", "file", FRAMES, form="hj212"),
    Section("CSV, from a file", "file", FILES, form="csv"),
    Section("CNEMC dumps, from a file", "file", DUMPS, form="cnemc"),
    Section("The settings of a feed", "settings", SETTINGS),
)
