"""Cases of the 12345 line from a file: CSV or JSON, its fields named by a map in TOML (``docs/formats.md``).

A line that can't be read becomes a `Fault`, and the others go on. Nothing is stored here; who called is in no fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from backend.feeds.content import json_value, table_rows
from backend.feeds.fault import FeedError, OptionsError, RecordError
from backend.feeds.mapped.rows import ABSENT, reach
from backend.feeds.options import Table
from backend.feeds.times import TimeLabel
from backend.incidents.masking import hide_text, phone_ok
from backend.text import clean
from backend.words import Message
from backend.words.machine import reason

FORMATS = ("csv", "json")
FIELDS = (
    "number", "at", "type", "category", "text", "place", "address", "lon", "lat", "priority", "caller",
    "caller_phone", "reply_due", "status", "replied", "reply",
)  # fmt: skip
"""What a case can tell; ``number`` alone must be there."""
MAPS = ("open311",)
"""Maps that come with the product, by name."""
LARGEST = 64 * 1024 * 1024
RAW = 500
"""Characters that are kept of a line that was put aside."""
PRIORITIES = ("critical", "high", "medium", "low")
AHEAD = 300
"""Seconds that an upstream's clock may be ahead of ours."""


class CaseError(Exception):
    """The file or its map can't be used at all; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.code)
        self.message = message


@dataclass(frozen=True, slots=True)
class CaseMap:
    """How an upstream names what a case tells."""

    fields: Mapping[str, str] = field(default_factory=lambda: {name: name for name in FIELDS})
    rows: str = ""
    """Where in a JSON document the list of cases stands; empty where the document is the list."""
    type: str = "complaint"
    """The incident type of a case whose category is not in ``types``."""
    types: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset({"closed"})
    """Words of the status that say that a case is over."""
    time: str = "iso"
    zone: str = ""
    """The city's where empty."""
    encoding: str = "utf-8"
    delimiter: str = ","
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it was read; where it lies is still in words."""

    line: int
    number: str
    at: int | None
    type: str
    category: str
    text: str
    place: str
    address: str
    lon: float | None
    lat: float | None
    priority: str
    caller: str
    caller_phone: str
    reply_due: int | None
    closed: bool
    replied: int | None
    reply: str

    def fault(self, reason: Message) -> Fault:
        """Why it could not be taken in."""
        told = (self.category, self.place, self.address, self.text)
        raw = hide_text(" | ".join(filter(None, told)), self.caller, self.caller_phone)
        return Fault(self.line, self.number, reason, str(clean(raw, limit=RAW)))


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that was put aside, and why."""

    line: int
    number: str
    reason: Message
    raw: str = ""
    """What the line told, without who called."""


def read_map(where: str) -> CaseMap:
    """A map from a file, or one of `MAPS` by its name.

    Raises:
        CaseError: there is none, or it has faults; all of them are named.
    """
    if where in MAPS:
        text = files("backend.incidents").joinpath("data", f"{where}.toml").read_text(encoding="utf-8")
    else:
        try:
            text = Path(where).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            args = {
                "file": clean(where),
                "error": reason(error) if isinstance(error, OSError) else clean(error),
            }
            raise CaseError(Message("case.refused.map_file", args)) from error
    try:
        table = Table.parse(text)
        made = _map(table)
        table.finish()
    except OptionsError as error:
        raise CaseError(error.faults[0].message) from error
    if table.faults:
        raise CaseError(table.faults[0].message)
    return made


def _map(table: Table) -> CaseMap:
    names = table.texts("fields")
    for name in sorted(set(names) - set(FIELDS)):
        table.fault("fields", "feed.option.choice", value=name, choices=", ".join(FIELDS))
    if "number" not in names:
        table.fault("fields", "feed.option.missing", key="number")
    priorities = table.texts("priorities")
    for value in sorted(set(priorities.values()) - set(PRIORITIES)):
        table.fault("priorities", "feed.option.choice", value=value, choices=", ".join(PRIORITIES))
    time = table.table("time")
    zone = str(time.zone("zone", "UTC")) if time.has("zone") else ""
    form = time.string("format", "iso")
    time.finish()
    return CaseMap(
        fields=names,
        rows=table.string("rows", ""),
        type=table.string("type", "complaint"),
        types=table.texts("types"),
        priorities=priorities,
        closed=frozenset(table.strings("closed", ("closed",))),
        time=form,
        zone=zone,
        encoding=table.string("encoding", "utf-8"),
        delimiter=table.string("delimiter", ","),
        skip=table.whole("skip", 0, high=1000),
    )


def read_cases(
    source: Path | bytes, form: str, mapping: CaseMap, zone: ZoneInfo, now: int
) -> Iterator[Case | Fault]:
    """The cases of a file, in its order.

    Args:
        source: a file, or what was read of one.
        form: one of `FORMATS`.
        mapping: what the file calls things.
        zone: the city's.

    Raises:
        CaseError: the file can't be read, or is not in that format at all.
    """
    if form not in FORMATS:
        raise CaseError(Message("feed.file.format", {"format": form, "choices": ", ".join(FORMATS)}))
    body = _read(source) if isinstance(source, Path) else source
    if len(body) > LARGEST:
        raise CaseError(Message("feed.file.large", {"file": "-", "limit": LARGEST // (1024 * 1024)}))
    reader = _Reader(
        mapping, TimeLabel(ZoneInfo(mapping.zone) if mapping.zone else zone, "start", mapping.time), now
    )
    try:
        yield from _of_csv(body, reader) if form == "csv" else _of_json(body, reader)
    except FeedError as error:
        raise CaseError(error.message) from error


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            limit = LARGEST // (1024 * 1024)
            raise CaseError(Message("feed.file.large", {"file": clean(path.name), "limit": limit}))
        return path.read_bytes()
    except OSError as error:
        args = {"file": clean(path), "error": reason(error)}
        raise CaseError(Message("feed.file.unreadable", args)) from error


def _of_csv(body: bytes, reader: _Reader) -> Iterator[Case | Fault]:
    mapping = reader.mapping
    encoding = mapping.encoding
    if encoding == "utf-8":
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            # What a spreadsheet in China saves as CSV.
            encoding = "gb18030"
    wanted = [mapping.fields["number"]]
    for row in table_rows(body, wanted, encoding=encoding, delimiter=mapping.delimiter, skip=mapping.skip):
        if row.broken:
            yield Fault(row.line, "", Message("feed.row.broken", {"line": row.line}))
        else:
            yield reader.take(row.line, row.cells.get)


def _of_json(body: bytes, reader: _Reader) -> Iterator[Case | Fault]:
    root = json_value(body, reader.mapping.encoding)
    found = reach(root, reader.mapping.rows)
    if not isinstance(found, list):
        raise CaseError(Message("case.refused.rows", {"rows": clean(reader.mapping.rows) or "-"}))
    for number, item in enumerate(found, 1):
        yield reader.take(number, lambda name, item=item: reach(item, name))


class _Reader:
    """Turns a line into a case."""

    def __init__(self, mapping: CaseMap, time: TimeLabel, now: int) -> None:
        self.mapping, self._time, self._now = mapping, time, now

    def take(self, line: int, get: Any) -> Case | Fault:
        """A line whose fields are asked for by their own names."""
        told = {name: _text(get(own)) for name, own in self.mapping.fields.items()}
        number = str(clean(told.get("number", ""), limit=60))
        raw = str(clean(_without_caller(told), limit=RAW))
        if not number:
            return Fault(line, "", Message("case.refused.no_number"), raw)
        try:
            return self._case(line, number, told)
        except RecordError as error:
            return Fault(line, number, error.message, raw)

    def _case(self, line: int, number: str, told: Mapping[str, str]) -> Case:
        mapping = self.mapping
        at = self._instant(told, "at")
        if at is not None and at > self._now + AHEAD:
            raise RecordError("case.refused.ahead", at=at)
        category = told.get("category", "")
        kind = told.get("type", "") or mapping.types.get(category, mapping.type)
        priority = told.get("priority", "")
        priority = mapping.priorities.get(priority, priority)
        if priority and priority not in PRIORITIES:
            raise RecordError("incident.refused.priority", priority=clean(priority, limit=20))
        status = told.get("status", "")
        phone = told.get("caller_phone", "")
        return Case(
            line=line,
            number=number,
            at=at,
            type=mapping.types.get(kind, kind),
            category=category,
            text=told.get("text", ""),
            place=told.get("place", ""),
            address=told.get("address", ""),
            lon=_degrees(told, "lon", 180.0),
            lat=_degrees(told, "lat", 90.0),
            priority=priority,
            caller=told.get("caller", ""),
            # The line writes all kinds of words where nobody left a number; a case is not lost for that.
            caller_phone=phone if phone_ok(phone) else "",
            reply_due=self._instant(told, "reply_due"),
            closed=status in mapping.closed,
            replied=self._instant(told, "replied"),
            reply=told.get("reply", ""),
        )

    def _instant(self, told: Mapping[str, str], name: str) -> int | None:
        raw = told.get(name, "")
        return self._time.instant(raw) if raw else None


def _without_caller(told: Mapping[str, str]) -> str:
    kept = " | ".join(
        text for name, text in told.items() if text and name not in ("caller", "caller_phone", "number")
    )
    return hide_text(kept, told.get("caller", ""), told.get("caller_phone", ""))


def _text(raw: object) -> str:
    if raw is None or raw is ABSENT or isinstance(raw, dict | list):
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw).strip()


def _degrees(told: Mapping[str, str], name: str, most: float) -> float | None:
    raw = told.get(name, "")
    if not raw:
        return None
    try:
        value = float(raw)
    except ValueError:
        value = most + 1
    if not -most <= value <= most:
        raise RecordError("case.refused.degrees", field=name, value=clean(raw, limit=20))
    # Nothing lies at nought: that is an empty field of a careless program.
    return value or None
