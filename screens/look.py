"""How things are told to this person: language, zone, letters of the terminal, and what time it is.

A `Look` is handed to everything that formats, so that a formatter is a pure function of a row and a look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from backend.words import Message, say, word
from backend.words.message import Scalar
from backend.words.say import Language

MISSING = "--"
"""A value that is not there, or not known yet."""


@dataclass(frozen=True, slots=True)
class Look:
    """How this person is spoken to."""

    language: Language = "zh"
    zone: tzinfo = UTC
    """The city's zone: every instant is shown in it."""
    now: int = 0
    """The minute that ages are counted from."""
    ascii: bool = False
    """Only ASCII shapes: for terminals without braille and geometric shapes."""
    wide: bool = False
    """The terminal draws blocks two cells wide: no picture is made of them."""
    lite: bool = False
    """A pointer instead of a full-row bar: fewer bytes a step."""
    dated: bool = False
    """Every instant with its whole date: for what is read elsewhere, on another day."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the city calls its things, by code, where it is not in the words."""

    def say(self, message: Message) -> str:
        """A message in this person's language."""
        return say(message, self.language)

    def word(self, code: str, /, **args: Scalar) -> str:
        """A word of ours in this person's language."""
        return word(code, self.language, **args)

    def pick(self, chinese: str, english: str) -> str:
        """The name in this person's language; the Chinese one where there is no other."""
        return english if self.language == "en" and english else chinese

    def clock(self, at: int | None) -> str:
        """``16:05`` in the city's zone."""
        return MISSING if at is None else datetime.fromtimestamp(at, self.zone).strftime("%H:%M")

    def day(self, at: int | None) -> str:
        """``11-03``."""
        return MISSING if at is None else datetime.fromtimestamp(at, self.zone).strftime("%m-%d")

    def moment(self, at: int | None) -> str:
        """``16:05`` today, ``11-02 16:05`` on another day of this year, with the year otherwise."""
        if at is None:
            return MISSING
        then, now = datetime.fromtimestamp(at, self.zone), datetime.fromtimestamp(self.now, self.zone)
        if self.dated:
            return then.strftime("%Y-%m-%d %H:%M")
        if then.date() == now.date():
            return then.strftime("%H:%M")
        return then.strftime("%m-%d %H:%M" if then.year == now.year else "%Y-%m-%d %H:%M")

    def period(self, first: int, end: int) -> tuple[str, str, bool]:
        """From when to when something was measured, and whether that is whole days.

        Whole days of the city are told by their dates, the last one included; an end at midnight is 24:00 of the
        day before it, as timetables have it, and an end on the day of the beginning has no date.
        """
        begun, over = datetime.fromtimestamp(first, self.zone), datetime.fromtimestamp(end, self.zone)
        last = datetime.fromtimestamp(end - 1, self.zone)
        midnight = over.hour == over.minute == over.second == 0
        if midnight and begun.hour == begun.minute == begun.second == 0 and end > first:
            return self.day(first), self.day(end - 1), True
        told = "24:00" if midnight else over.strftime("%H:%M")
        ended = told if last.date() == begun.date() else f"{last:%m-%d} {told}"
        return self.moment(first), ended, False

    def span(self, seconds: int | None) -> str:
        """A length of time in minutes, short: ``5m``, ``3h05``, ``2d04h`` (the same in both languages)."""
        if seconds is None:
            return MISSING
        sign, minutes = ("-" if seconds < 0 else ""), abs(seconds) // 60
        if minutes < 60:
            return f"{sign}{minutes}m"
        hours, minutes = divmod(minutes, 60)
        if hours < 24:
            return f"{sign}{hours}h{minutes:02d}"
        days, hours = divmod(hours, 24)
        return f"{sign}{days}d{hours:02d}h"

    def age(self, at: int | None) -> str:
        """How long ago, as `span`."""
        return MISSING if at is None else self.span(max(0, self.now - at))

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A value with its decimals; `MISSING` where there is none."""
        return MISSING if value is None else f"{value:.{decimals}f}"
