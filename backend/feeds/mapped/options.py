"""The settings of a mapped feed: which columns there are and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from backend.feeds.fault import RecordError
from backend.feeds.options import Table
from backend.feeds.times import TimeLabel
from backend.feeds.units import Conversion, Parameters


@dataclass(frozen=True)
class Column:
    """One column (wide rows) or one name of a parameter (long rows)."""

    name: str
    parameter: str
    conversion: Conversion
    flag: str = ""
    """The column of the instrument's flag, wide rows only."""
    period: int = 0
    """Seconds, 0 where it is the feed's."""


@dataclass(frozen=True)
class Long:
    """Where a long row has its parameter and its value."""

    parameter: str
    value: str
    unit: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Csv:
    """How a table is written."""

    delimiter: str = ","
    encoding: str = "utf-8"
    header: tuple[str, ...] = ()
    skip: int = 0


@dataclass(frozen=True)
class Answer:
    """How an upstream says inside a 200 whether it went well."""

    path: str = ""
    ok: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Request:
    """What is sent."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str
    time: TimeLabel
    """How ``{since}`` and ``{until}`` are written."""
    lookback: int
    window: int


@dataclass(frozen=True)
class Paging:
    """How an upstream hands out more than one answer."""

    kind: str = "none"
    param: str = ""
    start: int = 1
    size_param: str = ""
    size: int = 0
    path: str = ""


@dataclass(frozen=True)
class MappedOptions:
    """All of it."""

    format: str
    rows: str
    long: Long | None
    columns: Mapping[str, Column]
    parameters: Parameters
    station: str
    station_code: str
    name: str
    lon: str
    lat: str
    kind: str
    time_column: str
    time: TimeLabel
    period: int
    period_column: str
    missing: frozenset[str]
    csv: Csv
    encoding: str
    answer: Answer
    request: Request
    paging: Paging


def read_options(table: Table, parameters: Parameters) -> MappedOptions:
    """Read and check; faults are noted in ``table``."""
    form = table.choice("format", ("json", "csv"))
    shape = table.choice("shape", ("wide", "long"), "wide")
    time = table.table("time")
    label = _label(time, parameters.zone)
    period = time.whole("period", 3600, low=1, high=366 * 86_400)
    time_column, period_column = time.string("column"), time.string("period_column", "")
    query_format = time.string("query_format", label.format)
    time.finish()
    station, fixed = table.string("station", ""), table.string("station_code", "")
    if bool(station) == bool(fixed):
        table.fault("station", "feed.option.either", one="station", other="station_code")
    encoding = read_encoding(table)
    options = MappedOptions(
        format=form,
        rows=table.string("rows", ""),
        long=_long(table) if shape == "long" else None,
        columns=_columns(table, parameters, required=shape == "wide"),
        parameters=parameters,
        station=station,
        station_code=fixed,
        name=table.string("name", ""),
        lon=table.string("lon", ""),
        lat=table.string("lat", ""),
        kind=table.string("kind", ""),
        time_column=time_column,
        time=label,
        period=period,
        period_column=period_column,
        missing=frozenset(mark.casefold() for mark in table.strings("missing")),
        csv=read_csv(table, encoding),
        encoding=encoding,
        answer=read_answer(table),
        request=read_request(table, TimeLabel(label.zone, label.label, query_format)),
        paging=read_paging(table, form),
    )
    if form == "csv" and options.rows:
        table.fault("rows", "feed.option.only", key="rows", kind="json")
    return options


def read_instants(table: Table, zone: str) -> tuple[TimeLabel, TimeLabel]:
    """``[time]`` of an upstream that tells instants: how it writes them, and how it wants them asked for."""
    time = table.table("time")
    pattern, where = _pattern(time), time.zone("zone", zone)
    query = time.string("query_format", pattern)
    time.finish()
    return TimeLabel(where, "start", pattern), TimeLabel(where, "start", query)


def _label(time: Table, zone: str) -> TimeLabel:
    pattern = _pattern(time)
    # The label has no default: hours that are named by their end look right and are one hour off.
    return TimeLabel(time.zone("zone", zone), time.choice("label", ("start", "end")), pattern)


def _pattern(time: Table) -> str:
    pattern = time.string("format", "iso")
    if pattern not in ("iso", "epoch", "epoch_ms") and "%" not in pattern:
        time.fault(
            "format", "feed.option.choice", value=pattern, choices="iso, epoch, epoch_ms, %Y-%m-%d ..."
        )
        pattern = "iso"
    return pattern


def read_encoding(table: Table) -> str:
    """A text encoding that there is."""
    name = table.string("encoding", "utf-8")
    try:
        return ("".encode(name) and "") or name
    except LookupError:
        table.fault("encoding", "feed.option.choice", value=name, choices="utf-8, gbk, gb18030")
        return "utf-8"


def _columns(table: Table, parameters: Parameters, *, required: bool) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for row in table.tables("columns"):
        name, code = row.string("column"), row.string("parameter")
        unit, scale = row.string("unit", ""), row.number("scale", 1.0)
        flag, period = row.string("flag", ""), row.whole("period", 0, high=366 * 86_400)
        row.finish()
        if scale == 0:
            row.fault("scale", "feed.option.range", value=0, low=0, high=0)
        if name in found:
            row.fault("column", "feed.option.twice", value=name)
        try:
            conversion = parameters.conversion(code, unit, Decimal(repr(scale))) if code else Conversion()
        except RecordError as error:
            key = "parameter" if error.message.code == "feed.parameter.unknown" else "unit"
            row.refuse(key, error)
            continue
        found[name] = Column(name, code, conversion, flag, period)
    if required and not found and not table.faults:
        table.fault("columns", "feed.option.missing", key="columns")
    return found


def _long(table: Table) -> Long:
    inner = table.table("long")
    long = Long(
        inner.string("parameter"), inner.string("value"), inner.string("unit", ""), inner.string("flag", "")
    )
    inner.finish()
    return long


def read_csv(table: Table, encoding: str) -> Csv:
    """``[csv]``: how a table is written."""
    inner = table.table("csv")
    delimiter = inner.string("delimiter", ",")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        inner.fault("delimiter", "feed.option.choice", value=delimiter, choices=", ; | \\t")
        delimiter = ","
    found = Csv(delimiter, encoding, inner.strings("header"), inner.whole("skip", 0, high=1000))
    inner.finish()
    return found


def read_answer(table: Table) -> Answer:
    """``[answer]``: a status inside an answer of 200."""
    inner = table.table("answer")
    answer = Answer(inner.string("path", ""), inner.strings("ok"), inner.string("message", ""))
    if bool(answer.path) != bool(answer.ok):
        inner.fault("path", "feed.option.together", one="path", other="ok")
    inner.finish()
    return answer


def read_request(table: Table, time: TimeLabel) -> Request:
    """``[request]``: what is sent; ``time`` writes ``{since}`` and ``{until}``."""
    inner = table.table("request")
    request = Request(
        method=inner.choice("method", ("GET", "POST"), "GET"),
        query=inner.texts("query"),
        headers=inner.texts("headers"),
        body=inner.string("body", ""),
        time=time,
        lookback=inner.whole("lookback", 86_400, low=60, high=400 * 86_400),
        window=inner.whole("window", 0, high=400 * 86_400),
    )
    inner.finish()
    return request


def read_paging(table: Table, form: str) -> Paging:
    """``[paging]``: how an upstream hands out more than one answer."""
    inner = table.table("paging")
    kind = inner.choice("kind", ("none", "page", "offset", "cursor", "link"), "none")
    paging = Paging(
        kind=kind,
        param=inner.string("param", "") if kind in ("none", "link") else inner.string("param"),
        start=inner.whole("start", 1 if kind == "page" else 0, high=1_000_000),
        size_param=inner.string("size_param", ""),
        size=inner.whole("size", 0, high=100_000),
        path=inner.string("path", "") if kind != "cursor" else inner.string("path"),
    )
    if kind == "offset" and not paging.size:
        inner.fault("size", "feed.option.missing", key="size")
    if form == "csv" and kind == "cursor":
        inner.fault("kind", "feed.option.only", key="cursor", kind="json")
    inner.finish()
    return paging
