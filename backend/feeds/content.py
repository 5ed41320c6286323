"""Look at an answer before it is believed: its size, its encoding, whether it is JSON, a table or a login page.

A captive portal or a maintenance page answers 200 with HTML; it is refused by what it holds, never by what
its header says (vendors send CSV as ``text/html`` and JSON as ``text/plain``).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from backend.feeds.fault import FeedError
from backend.text import clean

MAX_DEPTH = 64
"""Nesting of JSON beyond which an answer is refused."""
MAX_COLUMNS = 2000
_MAX_CELL = 20_000
NOT_FINITE = object()
"""Stands for the infinities, which JSON has no words for and some servers send all the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its cells by column, and its bytes."""

    line: int
    cells: dict[str, str]
    raw: bytes
    broken: bool = False
    """The line is not in the declared encoding, or its cells don't fit the header."""


def refuse_page(body: bytes) -> None:
    """Refuse HTML or XML that came where data should.

    Raises:
        FeedError: the body begins like a page.
    """
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")) or (
        head.startswith(b"<") and b"<html" in body[:4096].lower()
    ):
        raise FeedError("feed.body.html", raw=body)
    if head.startswith(b"<"):
        raise FeedError("feed.body.xml", raw=body)


def json_value(body: bytes, encoding: str = "utf-8") -> Any:
    """The JSON value of a body; a bare NaN comes as None, an infinity as `NOT_FINITE`.

    Raises:
        FeedError: it is empty, no JSON, in another encoding, or nested too deeply.
    """
    refuse_page(body)
    if not body.strip():
        raise FeedError("feed.body.empty")
    if encoding not in ("utf-8", "utf8", "utf-8-sig"):
        body = text_of(body, encoding).encode()
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        value = msgspec.json.decode(body)
    except RecursionError as error:
        raise FeedError("feed.body.deep", raw=body) from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = _tolerant_json(body)
    if _deeper_than(value, MAX_DEPTH):
        raise FeedError("feed.body.deep", raw=body)
    return value


def _tolerant_json(body: bytes) -> Any:
    """The slow way, for what msgspec refuses and a reader can still make out (NaN, 1e999)."""
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_constant=lambda word: None if word == "NaN" else NOT_FINITE,
            parse_int=lambda digits: int(digits) if len(digits) <= 40 else NOT_FINITE,
        )
    except UnicodeDecodeError as error:
        raise FeedError("feed.body.encoding", encoding="utf-8", at=error.start, raw=body) from error
    except RecursionError as error:
        raise FeedError("feed.body.deep", raw=body) from error
    except json.JSONDecodeError as error:
        raise FeedError("feed.body.json", at=error.pos, raw=body) from error


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def text_of(body: bytes, encoding: str) -> str:
    """A body as text, strictly.

    Raises:
        FeedError: it is not in this encoding.
    """
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise FeedError("feed.body.encoding", encoding=encoding, at=error.start, raw=body) from error


def table_rows(
    body: bytes,
    wanted: Iterable[str] = (),
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    columns: tuple[str, ...] = (),
    skip: int = 0,
) -> Iterator[Row]:
    """The rows of a CSV body. A line in another encoding, or too long, comes marked ``broken``.

    Args:
        wanted: columns that the header must have.
        columns: names of the columns where the body has no header line.
        skip: lines before the header (titles that some exports print).

    Raises:
        FeedError: it is a page, is empty, or its header has not what is wanted.
    """
    refuse_page(body)
    body = body.removeprefix(b"\xef\xbb\xbf")
    if not body.strip():
        raise FeedError("feed.body.empty")
    # Where the encoding is wrong only in places, those lines are put aside and the others used.
    text = body.decode(encoding, errors="replace")
    lines = text.splitlines(keepends=True)[skip:]
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=False)
    header = list(columns)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A cell beyond the reader's limit: the line is lost, the reader goes on.
            cells = []
        raw = "".join(lines[before : reader.line_num]).rstrip("\r\n")
        before, line = reader.line_num, before + 1 + skip
        if not raw.strip():
            continue
        if not header:
            header = _header(cells, wanted, body)
            continue
        broken = "\ufffd" in raw or len(cells) != len(header) or any(len(cell) > _MAX_CELL for cell in cells)
        kept = raw[:8192].encode(encoding, errors="replace")
        yield Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=False)), kept, broken)


def _header(cells: list[str], wanted: Iterable[str], body: bytes) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) > MAX_COLUMNS:
        raise FeedError("feed.table.header", raw=body)
    missing = [name for name in wanted if name and name not in names]
    if missing:
        found = clean(", ".join(names))
        raise FeedError("feed.table.columns", columns=", ".join(missing), found=found, raw=body)
    twice = [name for name in wanted if name and names.count(name) > 1]
    if twice:
        raise FeedError("feed.table.twice", columns=", ".join(twice), raw=body)
    return names
