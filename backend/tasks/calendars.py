"""Calendars 工作日历: in which instants a clock runs.

``always`` is every instant. An office calendar has windows for each weekday in the city's zone, days off by decree
(节假日) and days worked by decree (调休). The days are data (`data/office.toml`): a year that is not listed is judged
by weekday alone, and `Office.covers` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

HORIZON_DAYS: Final = 4000
"""How far `Office.advance` looks before it gives up: longer than any target."""
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


@lru_cache(maxsize=4096)
def _spans(zone: str, day: date, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
    """The windows of a civil day as instants."""
    return tuple((_instant(zone, day, opens), _instant(zone, day, closes)) for opens, closes in windows)


def _instant(zone: str, day: date, minute: int) -> int:
    # Minute 1440 is the next day's midnight: hours are added to the day, so that it needs no case of its own.
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minute)
    return int(local.astimezone(UTC).timestamp())
