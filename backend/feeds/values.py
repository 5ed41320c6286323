"""Read a value as upstreams write it: a number, a text of a number, a mark for none, "<3", "0.05L"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

from backend.feeds.fault import RecordError

MISSING = frozenset(
    (
        "",
        "-",
        "--",
        "---",
        "—",
        "——",
        "-;",
        "—;",
        "/",
        "*",
        "na",
        "n/a",
        "nan",
        "null",
        "none",
        "nil",
        "缺测",
        "无数据",
    )
)
"""Marks for "no value", in lower case; a feed may add its own."""
_NOT_DETECTED = frozenset(("nd", "未检出"))
_NUMBER = re.compile(r"([<>≤≥]=?)?\s*([+-]?(?:\d{1,15}(?:\.\d{0,20})?|\.\d{1,20})(?:e[+-]?\d{1,2})?)\s*(l)?")
_LARGEST = Decimal(10) ** 12


def number(raw: object, column: str, missing: Collection[str] = ()) -> tuple[Decimal | None, str]:
    """The value and its qualifier (``<``, ``>`` or empty); the value is None where there is none.

    ``0.05L`` (GB 3838 and HJ 91.2: below the detection limit of 0.05) reads as ``<0.05``.

    Args:
        column: what the upstream calls it, for the message.
        missing: further marks for none, in lower case.

    Raises:
        RecordError: it is neither a number nor a mark for none.
    """
    if raw is None:
        return None, ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise RecordError("feed.value.type", column=column, value=type(raw).__name__)
    if not isinstance(raw, str):
        return _finite(raw, column, missing)
    text = unicodedata.normalize("NFKC", raw[:64]).strip().casefold()
    if text in MISSING or text in missing or raw in missing:
        return None, ""
    if text in _NOT_DETECTED:
        return None, "<"
    found = _NUMBER.fullmatch(text)
    if found is None or len(raw) > 64:
        raise RecordError("feed.value.number", column=column, value=raw[:80])
    sign, digits, below = found.groups()
    value = Decimal(digits)
    if abs(value) > _LARGEST:
        raise RecordError("feed.value.range", column=column, value=raw[:80])
    if below or (sign and sign[0] in "<≤"):
        return value, "<"
    return value, ">" if sign else ""


def _finite(raw: int | float, column: str, missing: Collection[str]) -> tuple[Decimal | None, str]:
    if isinstance(raw, float) and not (float("-inf") < raw < float("inf")):
        raise RecordError("feed.value.range", column=column, value=str(raw))
    if abs(raw) > _LARGEST:
        raise RecordError("feed.value.range", column=column, value="> 1e12")
    text = repr(raw)
    if missing and (text in missing or (raw == int(raw) and str(int(raw)) in missing)):
        return None, ""
    return Decimal(text), ""
