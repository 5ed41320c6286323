"""Readings from a file: ``gridseat import readings FILE --format csv|cnemc|hj212``.

``csv`` is the long format: one value a row, with the columns ``station``, ``parameter``, ``start`` and ``value``, and
if wanted ``period`` (seconds, 3600), ``qualifier`` (``<`` or ``>``), ``flag`` (the instrument's, a letter of HJ 212)
and ``unit`` (what the value is in; the city's own where blank). ``start`` is the start of the period, ISO 8601; without
an offset it is the city's time. Further columns are passed over. UTF-8 or GB 18030.

``cnemc`` is a dump of the national publishing service, ``hj212`` raw frames one after another.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from backend.feeds import cnemc, hj212
from backend.feeds.content import refuse_page
from backend.feeds.fault import FeedError, RecordError
from backend.feeds.making import Making
from backend.feeds.record import Page, Record
from backend.feeds.times import ARCHIVE, TimeLabel
from backend.feeds.units import Parameters
from backend.feeds.values import number
from backend.text import clean
from backend.words import Message
from backend.words.machine import reason

FORMATS = ("csv", "cnemc", "hj212")
COLUMNS = ("station", "parameter", "start", "value")
MORE_COLUMNS = ("period", "qualifier", "flag", "unit")
ROWS = 5000
"""Rows of one page."""
_CHUNK = 1024 * 1024
_WHOLE_MB = 256
_LINE_LIMIT = 16 * 1024
_FLAGS = frozenset("NFMSDCTB")


@dataclass(frozen=True, slots=True)
class Portion:
    """A page of a file, and how far into the file it goes."""

    page: Page
    done: int
    """Bytes read so far."""
    total: int


def read_file(
    path: Path, form: str, parameters: Parameters, now: int, *, options: hj212.Hj212Options | None = None
) -> Iterator[Portion]:
    """The pages of a file; a bad record is put aside and the others go on.

    Args:
        form: one of `FORMATS`.
        parameters: the city's (`backend.feeds.registry.city_parameters`).
        options: how the devices of an HJ 212 file speak; as ambient stations do where None.

    Raises:
        FeedError: the file can't be read, or is not in that format at all.
    """
    if form not in FORMATS:
        raise FeedError("feed.file.format", format=form, choices=", ".join(FORMATS), fatal=True)
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            if form == "csv":
                yield from _csv(file, total, parameters, now)
            elif form == "hj212":
                yield from _hj212(file, total, options or hj212.default_options(parameters), now)
            else:
                if total > _WHOLE_MB * 1024 * 1024:
                    raise FeedError("feed.file.large", file=path.name, limit=_WHOLE_MB, fatal=True)
                yield Portion(cnemc.dump_page(file.read(), parameters, now), total, total)
    except OSError as error:
        raise FeedError("feed.file.unreadable", file=str(path), error=reason(error), fatal=True) from error


def _hj212(file: BinaryIO, total: int, options: hj212.Hj212Options, now: int) -> Iterator[Portion]:
    kept = b""
    while True:
        chunk = file.read(_CHUNK)
        data = kept + chunk
        # A frame may lie across two chunks: what begins with the last mark waits for the next one.
        cut = data.rfind(b"##") if chunk and len(data) < 8 * _CHUNK else len(data)
        ready, kept = (data[:cut], data[cut:]) if cut > 0 else (b"", data)
        if ready or not chunk:
            yield Portion(hj212.page(ready, options, now), file.tell() - len(kept), total)
        if not chunk:
            return


def _csv(file: BinaryIO, total: int, parameters: Parameters, now: int) -> Iterator[Portion]:
    head = file.read(_CHUNK)
    file.seek(0)
    refuse_page(head)
    if not head.strip():
        raise FeedError("feed.body.empty", fatal=True)
    reader = _Reader(parameters, now)
    lines = _lines(file, _encoding(head))
    rows = csv.reader(text for text, _ in lines)
    try:
        first = next(rows, [])
    except csv.Error:
        first = []
    reader.header(first, head)
    making = Making()
    count = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error:
            making.put_aside(Message("feed.row.broken", {"line": rows.line_num}), b"")
            continue
        if not cells:
            continue
        reader.take(cells, rows.line_num, making)
        count += 1
        if count % ROWS == 0:
            yield Portion(making.page(), min(file.tell(), total), total)
            making = Making()
    yield Portion(making.page(), total, total)


def _lines(file: BinaryIO, encoding: str) -> Iterator[tuple[str, int]]:
    first = True
    while True:
        raw = file.readline(_LINE_LIMIT)
        if not raw:
            return
        if first:
            raw, first = raw.removeprefix(b"\xef\xbb\xbf"), False
        yield raw.decode(encoding, "replace"), len(raw)


def _encoding(head: bytes) -> str:
    """UTF-8 where the beginning is, else GB 18030."""
    # The cut may go through a character: its pieces don't count.
    for stop in range(len(head), max(len(head) - 4, 0), -1):
        try:
            head[:stop].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return "utf-8"
    return "gb18030"


class _Reader:
    """Turns rows into records."""

    def __init__(self, parameters: Parameters, now: int) -> None:
        self._parameters = parameters
        self._now = now
        self._time = TimeLabel(ZoneInfo(parameters.zone), oldest=ARCHIVE)
        self._places: dict[str, int] = {}
        self._width = 0

    def header(self, cells: list[str], head: bytes) -> None:
        """Read the header line.

        Raises:
            FeedError: it has not the columns that are needed.
        """
        names = [cell.strip().casefold() for cell in cells]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            found = clean(", ".join(names))
            raise FeedError(
                "feed.table.columns", columns=", ".join(missing), found=found, fatal=True, raw=head
            )
        twice = [name for name in (*COLUMNS, *MORE_COLUMNS) if names.count(name) > 1]
        if twice:
            raise FeedError("feed.table.twice", columns=", ".join(twice), fatal=True, raw=head)
        self._places = {name: names.index(name) for name in (*COLUMNS, *MORE_COLUMNS) if name in names}
        self._width = len(names)

    def take(self, cells: list[str], line: int, making: Making) -> None:
        """Take a row, or put it aside."""
        raw = ",".join(cells).encode("utf-8", "replace")
        if len(cells) != self._width or any("\ufffd" in cell for cell in cells):
            making.put_aside(Message("feed.row.broken", {"line": line}), raw)
            return
        try:
            making.records.append(self._record(cells))
        except RecordError as error:
            making.put_aside(error.message, raw)

    def _cell(self, cells: list[str], name: str) -> str:
        at = self._places.get(name)
        return "" if at is None else cells[at].strip()

    def _record(self, cells: list[str]) -> Record:
        station = self._cell(cells, "station")
        if not station:
            raise RecordError("feed.station.missing", column="station")
        if len(station) > 64:
            raise RecordError("feed.station.long", value=station)
        parameter = self._parameters.named(self._cell(cells, "parameter"))
        if parameter is None:
            raise RecordError("feed.parameter.unknown", parameter=self._cell(cells, "parameter"))
        period = self._period(self._cell(cells, "period"))
        start = self._cell(cells, "start")
        if not start:
            raise RecordError("feed.time.missing", column="start")
        conversion = self._parameters.conversion(parameter, self._cell(cells, "unit"), Decimal(1))
        value, qualifier = number(self._cell(cells, "value"), parameter)
        own = self._cell(cells, "qualifier")
        if own not in ("", "<", ">"):
            raise RecordError("feed.file.qualifier", value=own)
        flag = self._cell(cells, "flag").upper()
        if flag and flag not in _FLAGS:
            raise RecordError("feed.file.flag", value=flag)
        return Record(
            clean(station, limit=64),
            parameter,
            self._time.start(start, period, self._now),
            period,
            None if value is None else conversion.apply(value),
            own or qualifier,
            flag,
        )

    def _period(self, text: str) -> int:
        if not text:
            return 3600
        if not text.isdecimal() or not 1 <= int(text[:12]) <= 366 * 86_400:
            raise RecordError("feed.time.period", value=text)
        return int(text)
