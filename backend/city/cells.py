"""Turn the cells of a pack's tables into values: one reader for each kind of column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from backend.city.faults import nearest
from backend.city.formats import Column
from backend.text import clean
from backend.words.message import Scalar

Reader = Callable[[str], Any]
TEXT_LIMIT, LONG_LIMIT = 400, 4000
LONG = frozenset({"text", "aliases"})
"""Columns that may hold more than a line's worth."""

CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
"""What no name may hold: a terminal obeys it, or nobody sees it."""
_CODE = re.compile(r"[^\s|,;\"']{1,64}")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_MINUTE = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
_YES = frozenset({"1", "true", "yes", "y", "是"})
_NO = frozenset({"0", "false", "no", "n", "否"})


class CellError(ValueError):
    """A cell that can't be read: the kind of fault and its arguments."""

    def __init__(self, kind: str, **args: Scalar) -> None:
        super().__init__(kind)
        self.kind = kind
        self.args_: dict[str, Scalar] = args


def reader(column: Column, *, harmless: bool) -> Reader:
    """The function that reads one column's cells.

    Args:
        harmless: the whole file is known to hold no control characters and to be in normal form C,
            so that its texts need no second look (seventy thousand rows are read in half the time).
    """
    match column.kind:
        case "text":
            return str.strip if harmless and column.name not in LONG else _text(column.name)
        case "code":
            return _choice(column.choices) if column.choices else _code
        case "codes":
            return _codes
        case "integer":
            return _limited(_integer, column)
        case "number":
            return _limited(_number, column)
        case "lon":
            return _limited(_number, Column(column.name, low=-180, high=180))
        case "lat":
            return _limited(_number, Column(column.name, low=-90, high=90))
        case "flag":
            return _flag
        case "date":
            return _date
        case "instant":
            return _instant
        case "minute":
            return _minute
        case "days":
            return _days


def empty(column: Column) -> Any:
    """What an empty cell stands for."""
    if column.default:
        return reader(column, harmless=True)(column.default)
    if column.kind in ("text", "code", "codes", "date"):
        return ""
    return None


def _text(name: str) -> Reader:
    limit = LONG_LIMIT if name in LONG else TEXT_LIMIT

    def read(cell: str) -> str:
        found = CONTROL.search(cell)
        if found:
            raise CellError("control", character=f"U+{ord(found[0]):04X}")
        if len(cell) > limit:
            raise CellError("long", length=len(cell), limit=limit)
        return clean(cell, limit=limit)

    return read


def _code(cell: str) -> str:
    code = cell.strip()
    if not _CODE.fullmatch(code) or CONTROL.search(code):
        raise CellError("code")
    return code


def _choice(choices: tuple[str, ...]) -> Reader:
    def read(cell: str) -> str:
        word = cell.strip()
        if word not in choices:
            raise CellError("choice", choices=", ".join(choices), near=nearest(word, choices) or choices[0])
        return word

    return read


def _codes(cell: str) -> str:
    parts = [part.strip() for part in cell.split("|")]
    if not all(_CODE.fullmatch(part) and not CONTROL.search(part) for part in parts):
        raise CellError("codes")
    return "|".join(parts)


def _integer(cell: str) -> int:
    if not _INTEGER.fullmatch(cell.strip()):
        raise CellError("integer")
    return int(cell)


def _number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell.strip()):
        raise CellError("number")
    value = float(cell)
    if not math.isfinite(value):
        raise CellError("number")
    return value


def _limited(read: Callable[[str], float], column: Column) -> Reader:
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high

    def limited(cell: str) -> float:
        value = read(cell)
        if not low <= value <= high:
            raise CellError("range", low=_bound(low), high=_bound(high))
        return value

    return limited


def _bound(value: float) -> str:
    return "…" if math.isinf(value) else f"{value:g}"


def _flag(cell: str) -> bool:
    word = cell.strip().lower()
    if word in _NO:
        return False
    if word in _YES:
        return True
    raise CellError("flag")


def _date(cell: str) -> str:
    try:
        return date.fromisoformat(cell.strip()).isoformat() if "-" in cell else _no_date()
    except ValueError:
        raise CellError("date") from None


def _no_date() -> str:
    raise ValueError


def _instant(cell: str) -> datetime:
    """The civil time that is written; the loader puts it into the city's zone."""
    text = cell.strip().replace("T", " ")
    for pattern in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007
        except ValueError:
            continue
    raise CellError("instant")


def _minute(cell: str) -> int:
    match = _MINUTE.fullmatch(cell.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match else 1441
    if minutes > 1440:
        raise CellError("minute")
    return minutes


def _days(cell: str) -> str:
    days = cell.strip()
    if len(days) != 7 or set(days) - {"0", "1"}:
        raise CellError("days")
    return days
