"""Vehicles that passed a remote-sensing set, from a file: CSV or JSON. A line that can't be read becomes a fault."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from backend.alarms.vehicles import Passage, plate_of
from backend.feeds.content import json_value, table_rows
from backend.feeds.fault import FeedError, RecordError
from backend.feeds.mapped.rows import ABSENT, reach
from backend.feeds.times import TimeLabel
from backend.feeds.values import number
from backend.text import clean
from backend.words import Message

FORMATS = ("csv", "json")
NEEDED = ("plate", "station", "at")
AHEAD = 300
"""Seconds that a set's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class PassageFault:
    """A line that could not be read, and why."""

    line: int
    reason: Message


@cache
def _told() -> Mapping[str, Any]:
    text = files("backend.ingest").joinpath("data", "passages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def known_fields() -> Mapping[str, Sequence[str]]:
    """The names by which each field is looked for."""
    return dict(_told()["fields"])


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
    return {name: (own[name], *names) if name in own else names for name, names in known.items()}


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
    fields = fields if fields is not None else known_fields()
    names: Mapping[str, str] | None = None
    for line, cells, broken in _lines(body, form, encoding):
        if names is None:
            names = _names(cells, fields)
        if broken:
            yield PassageFault(line, Message("passage.fault.line"))
            continue
        try:
            yield _passage(cells, names, zone, now)
        except RecordError as error:
            yield PassageFault(line, error.message)


def _lines(body: bytes, form: str, encoding: str) -> Iterator[tuple[int, Mapping[str, Any], bool]]:
    if form == "csv":
        for row in table_rows(body, encoding=encoding):
            yield row.line, row.cells, row.broken
        return
    found = json_value(body, encoding)
    for path in ("", "data", "data.list", "rows", "list"):
        held = reach(found, path) if path else found
        if isinstance(held, list):
            for line, row in enumerate(held, 1):
                yield line, row if isinstance(row, dict) else {}, not isinstance(row, dict)
            return
    raise FeedError("passage.body.list", raw=body)


def _names(cells: Mapping[str, Any], fields: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """What this file calls each field that it has."""
    found = {}
    for field, names in fields.items():
        name = next((one for one in names if one in cells), None)
        if name is not None:
            found[field] = name
    missing = [field for field in NEEDED if field not in found]
    if missing or not {"no_ppm", "opacity"} & found.keys():
        wanted = "; ".join("/".join(fields[field][:4]) for field in missing or ("no_ppm", "opacity"))
        raise FeedError("passage.body.columns", columns=wanted)
    return found


def _passage(cells: Mapping[str, Any], names: Mapping[str, str], zone: ZoneInfo, now: int) -> Passage:
    def cell(field: str) -> Any:
        value = cells.get(names[field]) if field in names else None
        return None if value is ABSENT else value

    plate = plate_of(str(cell("plate") or ""))
    if not plate:
        raise RecordError("passage.fault.plate")
    at = TimeLabel(zone).instant(cell("at"))
    if at > now + AHEAD:
        raise RecordError("passage.fault.future", value=clean(str(cell("at")), limit=40))
    values = {}
    for field in ("no_ppm", "opacity"):
        value, _ = number(cell(field), names.get(field, field))
        values[field] = None if value is None else float(value)
    told = cell("valid")
    valid = told is None or str(told).strip().lower() not in _told()["words"]["invalid"]
    fuel = clean(str(cell("fuel") or ""), limit=20)
    return Passage(plate, clean(str(cell("station")), limit=60), at, valid=valid, fuel=fuel, **values)
