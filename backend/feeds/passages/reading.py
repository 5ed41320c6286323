"""Vehicles that passed a remote-sensing set, from an answer or a file: a line that can't be read becomes a fault."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from backend.feeds.content import json_value, table_rows
from backend.feeds.fault import FeedError, RecordError
from backend.feeds.mapped.options import Answer, Csv
from backend.feeds.mapped.rows import ABSENT, CsvRow, Decoded, JsonRow, json_rows, reach, refuse_answer
from backend.feeds.record import Passage, plate_of
from backend.feeds.times import TimeLabel
from backend.feeds.values import number
from backend.text import clean
from backend.words import Message

FORMATS = ("csv", "json")
NEEDED = ("plate", "station", "at")
MEASURED = ("no_ppm", "opacity")
AHEAD = 300
"""Seconds that a set's clock may be ahead of ours."""
LOOKED_AT = 200
"""Rows that are looked at to see which columns there are."""
LISTS = ("", "data", "data.list", "rows", "list")
"""Where a JSON answer has its list, if nobody says."""
LONGEST = 64
"""Letters of a set's code."""


@dataclass(frozen=True, slots=True)
class PassageFault:
    """A line that could not be read, and why."""

    line: int
    reason: Message
    raw: bytes = b""


@dataclass(frozen=True)
class Shape:
    """How an upstream writes what passed."""

    form: str
    """``csv`` or ``json``."""
    time: TimeLabel
    fields: Mapping[str, Sequence[str]]
    """The names by which each field is looked for, the first that a row has is taken."""
    encoding: str = "utf-8"
    rows: str = ""
    """Where a JSON answer has its rows; `LISTS` are tried where empty."""
    csv: Csv = field(default_factory=Csv)
    answer: Answer = field(default_factory=Answer)


@cache
def _told() -> Mapping[str, Any]:
    text = files("backend.feeds").joinpath("data", "passages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def known_fields() -> Mapping[str, Sequence[str]]:
    """The names by which each field is looked for."""
    return dict(_told()["fields"])


def with_own(own: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """The known names of each field, and before them an upstream's own."""
    return {name: (own[name], *names) if name in own else names for name, names in known_fields().items()}


def read_fields(text: str) -> Mapping[str, Sequence[str]]:
    """The names of a map's own ``[fields]``, beside those that are known.

    Raises:
        FeedError: it is no TOML, or names a field that there is none of.
    """
    try:
        own = tomllib.loads(text).get("fields", {})
    except tomllib.TOMLDecodeError as error:
        raise FeedError("passage.map.toml", error=clean(str(error))) from error
    known = known_fields()
    for name, value in own.items() if isinstance(own, dict) else [("fields", own)]:
        if name not in known or not isinstance(value, str):
            raise FeedError("passage.map.field", field=clean(name, limit=40), known=", ".join(known))
    return with_own(own)


def read(
    body: bytes,
    form: str,
    zone: ZoneInfo,
    now: int,
    fields: Mapping[str, Sequence[str]] | None = None,
    *,
    encoding: str = "utf-8",
) -> Iterator[Passage | PassageFault]:
    """The passages of a file, and what is wrong with the lines that are none.

    Raises:
        FeedError: the file is not in that format, or lacks what must be there.
    """
    shape = Shape(form, TimeLabel(zone), fields if fields is not None else known_fields(), encoding)
    for _, one in _read(body, shape, now, Decoded()):
        yield one


def decode(body: bytes, shape: Shape, now: int) -> Decoded:
    """The page of an answer.

    Raises:
        FeedError: it is not what the settings describe.
    """
    found = Decoded()
    for _, one in _read(body, shape, now, found):
        found.rows += 1
        if isinstance(one, Passage):
            found.passages.append(one)
        else:
            found.put_aside(one.reason, one.raw)
    return found


def _read(
    body: bytes, shape: Shape, now: int, found: Decoded
) -> Iterator[tuple[int, Passage | PassageFault]]:
    rows = _rows(body, shape, found)
    first = list(islice(rows, LOOKED_AT))
    _check_columns([row for _, row, broken in first if not broken], shape, body)
    for several in (first, rows):
        for line, row, broken in several:
            if broken:
                yield line, PassageFault(line, _broken(row), row.raw())
                continue
            try:
                yield line, _passage(row, shape, now)
            except RecordError as error:
                yield line, PassageFault(line, error.message, row.raw())


def _rows(body: bytes, shape: Shape, found: Decoded) -> Iterator[tuple[int, JsonRow | CsvRow, bool]]:
    if shape.form == "csv":
        csv = shape.csv
        for row in table_rows(
            body, encoding=shape.encoding, delimiter=csv.delimiter, columns=csv.header, skip=csv.skip
        ):
            yield row.line, CsvRow(row), row.broken
        return
    found.root = json_value(body, shape.encoding)
    refuse_answer(found.root, shape.answer, body)
    path = shape.rows or next((one for one in LISTS if isinstance(reach(found.root, one), list)), None)
    if path is None:
        raise FeedError("passage.body.list", raw=body)
    for line, inner in enumerate(json_rows(found.root, path, body), 1):
        yield line, inner, not isinstance(inner.value, dict)


def _broken(row: JsonRow | CsvRow) -> Message:
    if isinstance(row, JsonRow):
        return Message("feed.row.kind", {"kind": type(row.value).__name__})
    return Message("passage.fault.line")


def _check_columns(rows: Sequence[JsonRow | CsvRow], shape: Shape, body: bytes) -> None:
    """Tell which columns an answer has under none of their names, rather than put all of its rows aside."""

    def there(name: str) -> bool:
        return any(row.get(one) is not ABSENT for one in shape.fields[name] for row in rows)

    if not rows:
        return
    missing = [name for name in NEEDED if not there(name)]
    if missing or not any(map(there, MEASURED)):
        wanted = "; ".join("/".join(shape.fields[name][:4]) for name in missing or MEASURED)
        raise FeedError("passage.body.columns", columns=wanted, raw=body)


def _passage(row: JsonRow | CsvRow, shape: Shape, now: int) -> Passage:
    def cell(name: str) -> tuple[str, Any]:
        """What the row calls a field, and what it says there."""
        for one in shape.fields[name]:
            value = row.get(one)
            if value is not ABSENT:
                return one, value
        return name, None

    plate = plate_of(_text(cell("plate")[1]))
    if not plate:
        raise RecordError("passage.fault.plate")
    column, told = cell("station")
    station = _text(told).strip()
    if not station:
        raise RecordError("feed.station.missing", column=column)
    if len(station) > LONGEST:
        raise RecordError("feed.station.long", value=station[:80])
    values = {}
    for name in MEASURED:
        column, told = cell(name)
        value, _ = number(told, column)
        values[name] = None if value is None else float(value)
    told = cell("valid")[1]
    valid = told is None or str(told).strip().lower() not in _told()["words"]["invalid"]
    fuel = clean(_text(cell("fuel")[1]), limit=20)
    at = _instant(cell("at"), shape, now)
    return Passage(plate, clean(station, limit=LONGEST), at, valid=valid, fuel=fuel, **values)


def _instant(cell: tuple[str, Any], shape: Shape, now: int) -> int:
    column, told = cell
    if told in (None, ""):
        raise RecordError("feed.time.missing", column=column)
    at = shape.time.start(told, 0, now)
    if at > now + AHEAD:
        raise RecordError("passage.fault.future", value=str(told))
    return at


def _text(value: Any) -> str:
    """A cell as text; what is no text and no number says nothing."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
