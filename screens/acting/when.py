"""Times ahead that a person types: ``18:00``, ``11-05 12:00``, ``2026-11-05 12:00``, or ``3h``, ``2d`` from now."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from backend.words import Message
from screens.dialogs.form import Check, Values
from screens.look import Look

_STRETCH = re.compile(r"(\d{1,4})\s*([hd时天])", re.IGNORECASE)
_SECONDS = {"h": 3600, "时": 3600, "d": 86400, "天": 86400}
_FORMS = ("%H:%M", "%m-%d %H:%M", "%Y-%m-%d %H:%M", "%m-%d", "%Y-%m-%d")


def ahead(text: str, look: Look, *, past: bool = False) -> int | None:
    """The instant that a person means, in the city's zone; None where it can't be read.

    A time of day is the next one; a day of the month without a year is the next one; a day without a time is its end.

    Args:
        past: it may lie behind: a time is today's, a day this year's, a day without a time its beginning.
    """
    text = text.strip().replace("：", ":").replace("/", "-")
    if found := _STRETCH.fullmatch(text):
        return look.now + int(found.group(1)) * _SECONDS[found.group(2).lower()]
    now = datetime.fromtimestamp(look.now, look.zone)
    for form in _FORMS:
        # A year is put in front, or the 29th of February would be read in the year 1900, which has none.
        year, pattern = ("", form) if "%Y" in form else (f"{now.year} ", f"%Y {form}")
        try:
            at = datetime.strptime(year + text, pattern).replace(tzinfo=look.zone)
            return int(_meant(at, form, now, past=past).timestamp())
        except ValueError:
            continue
    return None


def _meant(at: datetime, form: str, now: datetime, *, past: bool) -> datetime:
    """Which of the instants that are written so."""
    if form == "%H:%M":
        at = at.replace(month=now.month, day=now.day)
        return at if past or at > now else at + timedelta(days=1)
    if past:
        return at
    if "%H" not in form:
        at += timedelta(days=1)
    return at if "%Y" in form or at > now else at.replace(year=at.year + 1)


def written(at: int | None, look: Look) -> str:
    """An instant as it can be typed again."""
    return "" if at is None else datetime.fromtimestamp(at, look.zone).strftime("%Y-%m-%d %H:%M")


def future(look: Look, *, needed_for: tuple[str, str] = ("", "")) -> Check:
    """Wants a time that is ahead.

    Args:
        needed_for: a field and its value with which it must be filled in.
    """
    key, wanted = needed_for

    def check(value: str, values: Values) -> Message | None:
        if not value:
            return Message("ui.form.required") if key and values.get(key) == wanted else None
        at = ahead(value, look)
        if at is None:
            return Message("intakescreen.wrong.time")
        return None if at > look.now else Message("intakescreen.wrong.past", {"at": at})

    return check


def readable(look: Look) -> Check:
    """Wants a time, past or ahead."""

    def check(value: str, _values: Values) -> Message | None:
        found = ahead(value, look, past=True)
        return None if found is not None else Message("intakescreen.wrong.time")

    return check
