"""Calendars 工作日历: in which instants a clock runs.

``always`` is every instant. An office calendar has windows for each weekday in the city's zone, days off by decree
(节假日) and days worked by decree (调休). The days are data (`data/office.toml`): a year that is not listed is judged
by weekday alone, and `Office.covers` says so.

A clock keeps the calendar as it was when it began (`Office.key`): days that are listed later change no clock that runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import msgspec

HORIZON_DAYS: Final = 4000
"""How far `Office.advance` looks before it gives up: longer than any target."""
MARK: Final = "#"
"""Between a calendar's name and the checksum of what it says."""
Window = tuple[int, int]
"""Start and end in minutes of the civil day."""


class CalendarError(ValueError):
    """A calendar in which a clock would never run out."""


class Calendar(Protocol):
    """When a clock runs."""

    def elapsed(self, start: int, end: int) -> int:
        """Seconds that count between two instants; 0 where ``end`` is not later."""
        ...

    def advance(self, start: int, seconds: int) -> int:
        """The first instant at which ``seconds`` have counted since ``start``."""
        ...


class Always:
    """Every instant counts."""

    def elapsed(self, start: int, end: int) -> int:
        return max(0, end - start)

    def advance(self, start: int, seconds: int) -> int:
        return start + max(0, seconds)


ALWAYS: Final = Always()


@dataclass(frozen=True)
class Office:
    """Office hours with decreed holidays and decreed working days."""

    zone: ZoneInfo
    week: tuple[tuple[Window, ...], ...]
    """Monday to Sunday, each a sorted run of windows that don't overlap."""
    worked: tuple[Window, ...]
    """The windows of a day worked by decree."""
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    """The years whose decreed days are listed."""

    def __post_init__(self) -> None:
        if not any(self.week):
            raise CalendarError("no weekday has a window")

    def covers(self, day: date) -> bool:
        """Whether the decreed days of this day's year are known."""
        return day.year in self.years

    def unsure(self, at: int) -> int | None:
        """The year of an instant whose decreed days are not known; a calendar that lists no year misses none."""
        day = self._day(at)
        return day.year if self.years and not self.covers(day) else None

    def ends(self, now: int) -> int | None:
        """The first instant from ``now`` on whose year's decreed days are not known; None where it lists no year."""
        if not self.years:
            return None
        year = self._day(now).year
        while year in self.years:
            year += 1
        return max(now, _instant(self.zone.key, date(year, 1, 1), 0))

    def written(self) -> str:
        """All that it says, as JSON: the same text for the same hours and days."""
        said = {
            "zone": self.zone.key,
            "week": self.week,
            "worked": self.worked,
            "off": sorted(self.off),
            "on": sorted(self.on),
            "years": sorted(self.years),
        }
        return msgspec.json.encode(said, order="sorted").decode()

    def key(self, name: str) -> str:
        """Under which a clock keeps it: a name, and a checksum of what it says."""
        return f"{name}{MARK}{hashlib.sha256(self.written().encode()).hexdigest()[:12]}"

    def windows(self, day: date) -> tuple[Window, ...]:
        """When the office is open on this civil day."""
        if day in self.off:
            return ()
        return self.worked if day in self.on else self.week[day.weekday()]

    def elapsed(self, start: int, end: int) -> int:
        if end <= start:
            return 0
        total, day, last = 0, self._day(start), self._day(end)
        while day <= last:
            for opens, closes in self._spans(day):
                total += max(0, min(end, closes) - max(start, opens))
            day += timedelta(days=1)
        return total

    def advance(self, start: int, seconds: int) -> int:
        if seconds <= 0:
            return start
        day, left = self._day(start), seconds
        for _ in range(HORIZON_DAYS):
            for opens, closes in self._spans(day):
                here = closes - max(start, opens)
                if here >= left:
                    return max(start, opens) + left
                left -= max(0, here)
            day += timedelta(days=1)
        raise CalendarError(f"{seconds} s never pass in this calendar")

    def _day(self, at: int) -> date:
        return datetime.fromtimestamp(at, self.zone).date()

    def _spans(self, day: date) -> tuple[tuple[int, int], ...]:
        return _spans(self.zone.key, day, self.windows(day))


class _Written(msgspec.Struct):
    zone: str
    week: tuple[tuple[Window, ...], ...]
    worked: tuple[Window, ...]
    off: frozenset[date]
    on: frozenset[date]
    years: frozenset[int]


def read_back(text: str) -> Office:
    """The calendar of a text that `Office.written` made."""
    said = msgspec.json.decode(text, type=_Written)
    return Office(ZoneInfo(said.zone), said.week, said.worked, said.off, said.on, said.years)


_KNOWN: Final[dict[str, Office]] = {}
"""Calendars by their keys. A key says what it stands for, so what is known once never goes stale."""


def know(key: str, office: Office) -> None:
    """Remember what a key stands for."""
    _KNOWN[key] = office


def known(key: str) -> Office | None:
    """What a key stands for, where that was read before."""
    return _KNOWN.get(key)


def of_key(key: str, calendars: Mapping[str, Calendar]) -> Calendar:
    """The calendar that a clock goes by: as it was when the clock began, else by its name.

    One that nobody knows any more counts every instant.
    """
    return calendars.get(key) or _KNOWN.get(key) or calendars.get(key.partition(MARK)[0], ALWAYS)


@lru_cache(maxsize=4096)
def _spans(zone: str, day: date, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
    """The windows of a civil day as instants."""
    return tuple((_instant(zone, day, opens), _instant(zone, day, closes)) for opens, closes in windows)


def _instant(zone: str, day: date, minute: int) -> int:
    # Minute 1440 is the next day's midnight: hours are added to the day, so that it needs no case of its own.
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minute)
    return int(local.astimezone(UTC).timestamp())
