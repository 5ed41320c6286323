"""Times ahead that a person types: ``18:00``, ``11-05 12:00``, ``2026-11-05 12:00``, or ``3h``, ``2d`` from now."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from backend.words import Message
from screens.dialogs.form import Check, Values
from screens.look import Look

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_WEEKDAYS = re.compile(r"(?:[1-7]\s*(?:[-~至]\s*[1-7])?[\s,，、]*)*")
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


def civil(text: str, look: Look) -> str | None:
    """The civil day that a person means, ``2026-11-05``; one without a year is the next one. None where it is none."""
    text = text.strip().replace("/", "-")
    today = datetime.fromtimestamp(look.now, look.zone).date()
    for year in ("", f"{today.year}-", f"{today.year + 1}-"):
        try:
            day = datetime.strptime(year + text, "%Y-%m-%d").date()  # noqa: DTZ007 - a civil day has no zone
        except ValueError:
            continue
        if not year or day >= today:
            return day.isoformat()
    return None


def later(look: Look, days: int) -> str:
    """The civil day so many days from now."""
    return (datetime.fromtimestamp(look.now, look.zone).date() + timedelta(days=days)).isoformat()


def minute(text: str) -> int | None:
    """The minute of the day that is meant by ``8:00``, ``20:30`` or ``24:00``; None where it is none."""
    found = _CLOCK.fullmatch(text.strip().replace("：", ":"))
    if found is None:
        return None
    hours, minutes = int(found.group(1)), int(found.group(2))
    return hours * 60 + minutes if minutes < 60 and hours * 60 + minutes <= 1440 else None


def weekdays(text: str) -> str | None:
    """The days of the week that are meant by ``1-5``, ``6,7``, ``135`` or nothing (all); None where they are none.

    Returns:
        A mask, Monday to Sunday, with 1 for each that is meant.
    """
    days: set[int] = set()
    if _WEEKDAYS.fullmatch(text.strip()) is None:
        return None
    for first, last in re.findall(r"([1-7])(?:\s*[-~至]\s*([1-7]))?", text):
        begins, ends = int(first), int(last or first)
        # Past Sunday it goes on with Monday.
        days |= set(range(begins, ends + 1)) if begins <= ends else {*range(begins, 8), *range(1, ends + 1)}
    return "".join("1" if day in days or not days else "0" for day in range(1, 8))


def weekdays_typed(mask: str) -> str:
    """Days of the week as they can be typed again."""
    return "" if mask == "1111111" else "".join(str(place + 1) for place, on in enumerate(mask) if on == "1")


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
