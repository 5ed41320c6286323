"""Read an upstream's time label and turn it into the period's start.

Most upstreams label an hour by its end (CNEMC, OpenAQ), HJ 212 by its start: a feed says which. "24:00" is
the day's end, as Chinese tables write it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from backend.feeds.fault import RecordError

OLDEST = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp())
"""Nothing before this is a reading of an automatic station that sends it now."""
ARCHIVE = 86_400
"""The second day of the era: what a person hands over as a file may be a record of long ago."""
AHEAD = 172_800
"""Seconds that a label may be ahead of us and still be a wrong clock rather than garbage."""

_COMPACT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(?:(\d{2})(?:(\d{2})(?:\.?\d{1,9})?)?)?)?()(Z|[+-]\d{2}:?\d{2})?", re.I
)
_SPELT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]*(\d{1,2})[:：时点]?(?:(\d{1,2})[:：分]?(?:(\d{1,2})秒?([.,]\d{1,9})?)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_DOTNET = re.compile(r"/Date\((-?\d{1,16})(?:[+-]\d{4})?\)/")
_HOUR_24 = re.compile(r"(?<=[T\s])24(?=:00(?::00)?)")


@dataclass(frozen=True)
class TimeLabel:
    """How an upstream names a period."""

    zone: ZoneInfo
    label: str = "start"
    """``start`` or ``end`` of the period."""
    format: str = "iso"
    """``iso`` (tolerant), ``epoch``, ``epoch_ms``, or a strptime pattern."""
    oldest: int = OLDEST
    """An instant before it is a wrong clock."""

    def start(self, raw: object, period: int, now: int) -> int:
        """The period's start, epoch seconds.

        Raises:
            RecordError: it can't be read, or lies before the oldest or more than two days ahead of ``now``.
        """
        at = self.instant(raw)
        if self.label == "end":
            at -= period
        if not self.oldest <= at <= now + AHEAD:
            raise RecordError("feed.time.range", value=str(raw)[:80])
        return at

    def instant(self, raw: object) -> int:
        """The instant of the label itself.

        Raises:
            RecordError: it can't be read.
        """
        try:
            return self._instant(raw)
        except (ValueError, OverflowError, OSError) as error:
            raise RecordError("feed.time.unreadable", value=str(raw)[:80]) from error

    def write(self, at: int) -> str:
        """An instant as the upstream writes it, for a query."""
        if self.format == "epoch":
            return str(at)
        if self.format == "epoch_ms":
            return str(at * 1000)
        moment = datetime.fromtimestamp(at, self.zone)
        if self.format == "iso":
            return moment.isoformat()
        return moment.strftime(self.format)

    def _instant(self, raw: object) -> int:
        if isinstance(raw, bool) or raw is None:
            raise ValueError(raw)
        if self.format in ("epoch", "epoch_ms"):
            number = int(float(raw)) if isinstance(raw, str | int | float) else int("")
            return number // 1000 if self.format == "epoch_ms" else number
        text = str(raw)[:64].strip()
        if self.format == "iso":
            return _tolerant(text, self.zone)
        late, changed = 0, text
        if _HOUR_24.search(text):
            changed, late = _HOUR_24.sub("00", text), 1
        moment = datetime.strptime(changed, self.format)  # noqa: DTZ007 - the zone follows
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return int((moment + timedelta(days=late)).timestamp())


def _tolerant(text: str, zone: ZoneInfo) -> int:
    dotnet = _DOTNET.fullmatch(text)
    if dotnet:
        return int(dotnet.group(1)) // 1000
    found = _COMPACT.fullmatch(text) or _SPELT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, _, offset = found.groups()
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    late = timedelta()
    if hours == 24 and minutes == seconds == 0:
        hours, late = 0, timedelta(days=1)
    elif seconds == 60:
        # A leap second is told as the next minute's start.
        seconds, late = 59, timedelta(seconds=1)
    moment = datetime(
        int(year), int(month), int(day), hours, minutes, seconds, tzinfo=_offset(offset) or zone
    )
    return int((moment + late).timestamp())


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(shift if text[0] == "+" else -shift)
