"""A page in the making: what the adapters put their findings into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from backend.feeds.fault import RecordError
from backend.feeds.record import Ahead, Page, Passage, Place, PutAside, Record
from backend.feeds.values import number
from backend.words import Message

RAW_ROW = 8192
"""Bytes kept of one record."""


@dataclass
class Making:
    """Records, what was put aside, and the stations met, by code."""

    records: list[Record] = field(default_factory=list)
    asides: list[PutAside] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    ahead: list[Ahead] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    def put_aside(self, message: Message, raw: bytes) -> None:
        """Put a record aside."""
        self.asides.append(PutAside(message, raw[:RAW_ROW]))

    def newest(self) -> int | None:
        """The start of the newest record, or when the last vehicle passed."""
        starts = [record.start for record in self.records]
        return max(starts + [passage.at for passage in self.passages], default=None)

    def page(self, *, stream: str = "", newest: int | None = None, more: bool = False) -> Page:
        """The page to hand over."""
        places = list(self.places.values())
        return Page(self.records, self.asides, places, stream, newest, self.ahead, self.passages, more)


def raw_of(value: Any) -> bytes:
    """A piece of a JSON answer as bytes, to keep."""
    try:
        return msgspec.json.encode(value)[:RAW_ROW]
    except (TypeError, ValueError, RecursionError):
        return repr(value)[:RAW_ROW].encode("utf-8", "replace")


def degrees(raw: Any, limit: int) -> float | None:
    """A longitude (``limit`` 180) or latitude (90), None where it is none."""
    try:
        value, _ = number(raw, "")
    except RecordError:
        return None
    return float(value) if value is not None and abs(value) <= limit else None
