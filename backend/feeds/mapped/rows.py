"""From the body of an answer to records: JSON or CSV, wide rows or long ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.feeds.content import NOT_FINITE, Row, json_value, table_rows
from backend.feeds.fault import FeedError, RecordError
from backend.feeds.making import Making, degrees, raw_of
from backend.feeds.mapped.options import Answer, Column, MappedOptions
from backend.feeds.record import Place, Record
from backend.feeds.values import number
from backend.text import clean
from backend.words import Message

ABSENT = object()
"""A key that is not there: the upstream says nothing, not even that there is no value."""


@dataclass(frozen=True, slots=True)
class JsonRow:
    """An object of a JSON answer, with the objects that it lies in (nearest first)."""

    value: Any
    key: str
    around: tuple[Any, ...]

    def get(self, path: str) -> Any:
        """What is at a path; ``../`` goes outward, ``@key`` is the name under which the row stands."""
        outward = 0
        while path.startswith("../"):
            path, outward = path[3:], outward + 1
        if path == "@key":
            return self.key or ABSENT
        if outward == 0:
            return reach(self.value, path)
        return reach(self.around[outward - 1], path) if outward <= len(self.around) else ABSENT

    def raw(self) -> bytes:
        """The row as JSON, to keep."""
        return raw_of(self.value)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A line of a table."""

    row: Row

    def get(self, path: str) -> Any:
        """The cell of a column."""
        return self.row.cells.get(path, ABSENT)

    def raw(self) -> bytes:
        """The line, to keep."""
        return self.row.raw


@dataclass
class Decoded(Making):
    """A page in the making, and what paging needs of it."""

    rows: int = 0
    root: Any = None
    unknown: set[str] = field(default_factory=set)
    """Names of parameters that nobody knows, told once for an answer."""
    starts: dict[tuple[type, object, int], int] = field(default_factory=dict)
    """Starts of periods by label and length: an hour of a city says the same time a thousand times."""


def decode(body: bytes, options: MappedOptions, now: int) -> Decoded:
    """Read an answer.

    Raises:
        FeedError: it is not what the settings describe (a page, no JSON, columns that are not there).
    """
    found = Decoded()
    for row in _rows(body, options, found):
        found.rows += 1
        if isinstance(row, CsvRow) and row.row.broken:
            found.put_aside(Message("feed.row.broken", {"line": row.row.line}), row.raw())
            continue
        try:
            _take(row, options, now, found)
        except RecordError as error:
            found.put_aside(error.message, row.raw())
    return found


def reach(value: Any, path: str) -> Any:
    """What is at a dotted path; a number picks from a list, and a key may itself hold dots (``PM2.5``)."""
    if not path:
        return value
    if isinstance(value, dict):
        if path in value:
            return value[path]
        head = path
        while "." in head:
            head = head.rpartition(".")[0]
            if head in value:
                return reach(value[head], path[len(head) + 1 :])
        return ABSENT
    step, _, rest = path.partition(".")
    if isinstance(value, list) and step.isdecimal() and len(step) < 7 and int(step) < len(value):
        return reach(value[int(step)], rest)
    return ABSENT


def _rows(body: bytes, options: MappedOptions, found: Decoded) -> Iterator[JsonRow | CsvRow]:
    if options.format == "json":
        found.root = json_value(body, options.encoding)
        refuse_answer(found.root, options.answer, body)
        yield from json_rows(found.root, options.rows, body)
        return
    csv = options.csv
    wanted = [options.time_column, options.station, *options.columns]
    if options.long is not None:
        wanted = [options.time_column, options.station, options.long.parameter, options.long.value]
    for row in table_rows(
        body, wanted, encoding=csv.encoding, delimiter=csv.delimiter, columns=csv.header, skip=csv.skip
    ):
        yield CsvRow(row)


def refuse_answer(root: Any, answer: Answer, body: bytes) -> None:
    """Refuse an answer that tells of an error inside a 200.

    Raises:
        FeedError: with what the upstream says.
    """
    if not answer.path:
        return
    said = reach(root, answer.path)
    text = "true" if said is True else "false" if said is False else str(said)
    if said is ABSENT or text not in answer.ok:
        words = reach(root, answer.message) if answer.message else ""
        told = "" if words is ABSENT else str(words)
        raise FeedError("feed.json.said", said="" if said is ABSENT else text, words=told, raw=body)


def json_rows(root: Any, path: str, body: bytes) -> Iterator[JsonRow]:
    """The rows at a dotted path of an answer; lists on the way are descended.

    Raises:
        FeedError: there is nothing at the path, or no row.
    """
    level = [JsonRow(root, "", ())]
    steps = path.split(".") if path else []
    for step in steps:
        if all(row.value is None or row.value == [] for row in level):
            # An empty list on the way is an upstream that has nothing to say.
            return
        level = [inner for row in level for inner in _descend(row, step)]
        if not level:
            raise FeedError("feed.json.rows", path=path, raw=body)
    for row in level:
        if isinstance(row.value, list):
            yield from (JsonRow(item, "", row.around) for item in row.value)
        elif isinstance(row.value, dict):
            yield row
        elif row.value is not None:
            raise FeedError("feed.json.rows", path=path or "(root)", raw=body)


def _descend(row: JsonRow, step: str) -> Iterator[JsonRow]:
    if isinstance(row.value, list):
        for item in row.value:
            yield from _descend(JsonRow(item, row.key, row.around), step)
        return
    if not isinstance(row.value, dict):
        return
    around = (row.value, *row.around)
    if step == "*":
        yield from (JsonRow(value, str(key), around) for key, value in row.value.items())
    elif step in row.value:
        yield JsonRow(row.value[step], step, around)


def _take(row: JsonRow | CsvRow, options: MappedOptions, now: int, found: Decoded) -> None:
    if isinstance(row, JsonRow) and not isinstance(row.value, dict):
        raise RecordError("feed.row.kind", kind=type(row.value).__name__)
    station = _station(row, options)
    period = _period(row, options)
    label = row.get(options.time_column)
    if label is ABSENT or label in (None, ""):
        raise RecordError("feed.time.missing", column=options.time_column)
    start = _start(label, period, options, now, found)
    _place(row, options, station, found)
    if options.long is not None:
        _take_long(row, options, now, station, (label, period), found)
        return
    for column in options.columns.values():
        raw = row.get(column.name)
        if raw is ABSENT:
            continue
        span = column.period or period
        flag = row.get(column.flag) if column.flag else ""
        try:
            value, qualifier = _value(raw, options, column)
        except RecordError as error:
            found.put_aside(error.message, row.raw())
            continue
        at = start if span == period else _start(label, span, options, now, found)
        found.records.append(Record(station, column.parameter, at, span, value, qualifier, _flag(flag)))


def _take_long(
    row: JsonRow | CsvRow,
    options: MappedOptions,
    now: int,
    station: str,
    time: tuple[Any, int],
    found: Decoded,
) -> None:
    long, (label, period) = options.long, time
    assert long is not None
    name = row.get(long.parameter)
    if not isinstance(name, str | int) or name == "":
        raise RecordError("feed.parameter.missing", column=long.parameter)
    unit = row.get(long.unit) if long.unit else ""
    column = _long_column(str(name), unit if isinstance(unit, str) else "", options)
    if column is None:
        if str(name) not in found.unknown:
            # Once for each name: a vendor's list of fifty more factors must not push real faults out.
            found.unknown.add(str(name))
            message = Message("feed.parameter.unknown", {"parameter": clean(str(name), limit=80)})
            found.put_aside(message, str(name)[:200].encode("utf-8", "replace"))
        return
    value, qualifier = _value(row.get(long.value), options, column)
    span = column.period or period
    start = _start(label, span, options, now, found)
    flag = row.get(long.flag) if long.flag else ""
    found.records.append(Record(station, column.parameter, start, span, value, qualifier, _flag(flag)))


def _start(label: Any, period: int, options: MappedOptions, now: int, found: Decoded) -> int:
    """The start of a period, read once for each label of an answer."""
    if not isinstance(label, str | int | float):
        return options.time.start(label, period, now)
    key = (type(label), label, period)
    start = found.starts.get(key)
    if start is None:
        start = found.starts[key] = options.time.start(label, period, now)
    return start


def _long_column(name: str, unit: str, options: MappedOptions) -> Column | None:
    column = options.columns.get(name)
    code = column.parameter if column else options.parameters.named(name)
    if code is None:
        return None
    if column is not None and not unit:
        return column
    conversion = options.parameters.conversion(code, unit)
    return Column(name, code, conversion, period=column.period if column else 0)


def _value(raw: Any, options: MappedOptions, column: Column) -> tuple[float | None, str]:
    if raw is NOT_FINITE:
        raise RecordError("feed.value.range", column=column.name, value="Infinity")
    if raw is ABSENT:
        raise RecordError("feed.value.missing", column=column.name)
    value, qualifier = number(raw, column.name, options.missing)
    return (None if value is None else column.conversion.apply(value)), qualifier


def _station(row: JsonRow | CsvRow, options: MappedOptions) -> str:
    if options.station_code:
        return options.station_code
    raw = row.get(options.station)
    if isinstance(raw, bool) or not isinstance(raw, str | int) or str(raw).strip() == "":
        raise RecordError("feed.station.missing", column=options.station)
    text = str(raw).strip()
    if len(text) > 64:
        raise RecordError("feed.station.long", value=text[:80])
    return clean(text, limit=64)


def _period(row: JsonRow | CsvRow, options: MappedOptions) -> int:
    raw = row.get(options.period_column) if options.period_column else ABSENT
    if raw is ABSENT or raw in ("", None):
        return options.period
    value, _ = number(raw, options.period_column)
    if value is None or not 1 <= value <= 366 * 86_400:
        raise RecordError("feed.time.period", value=str(raw)[:80])
    return int(value)


def _place(row: JsonRow | CsvRow, options: MappedOptions, station: str, found: Decoded) -> None:
    if station in found.places or not (options.name or options.lon or options.kind):
        return
    name = row.get(options.name) if options.name else ""
    text = clean(name, limit=80) if isinstance(name, str) else ""
    lon = degrees(row.get(options.lon), 180) if options.lon else None
    lat = degrees(row.get(options.lat), 90) if options.lat else None
    known = lon is not None and lat is not None
    found.places[station] = Place(station, text, lon if known else None, lat if known else None, options.kind)


def _flag(raw: Any) -> str:
    return clean(raw, limit=8) if isinstance(raw, str) else ""


def answer_field(root: Any, path: str) -> Any:
    """What paging looks for in an answer, None where it is not there."""
    value = reach(root, path)
    return None if value is ABSENT or value == "" else value


def placeholders(text: str, values: Mapping[str, str]) -> str:
    """Fill ``{since}``, ``{until}``, ``{page}`` and the like in; other braces stay."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
