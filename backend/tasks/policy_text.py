"""Turn the text of a policy into a `Policy`, or say line by line what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from backend.tasks.calendars import ALWAYS, Calendar, CalendarError, Office, Window
from backend.tasks.policy import NEXT_SHIFT, Limits, Policy, Target
from backend.tasks.settings import CLOCK_TIME, Settings, Table, parse_duration, parse_hours
from backend.tasks.states import PRIORITIES, TIERS, ClockKind

TABLES: Final = frozenset(
    {
        "target",
        "shifts",
        "limits",
        "ack",
        "verify",
        "dismiss",
        "suspend",
        "maintenance",
        "hotspot",
        "calendar",
        "step",
    }
)
HEATS: Final = ("hot", "strong", "off")
"""How hot a grid must be for somebody to be told."""
NEEDED: Final = tuple(ClockKind)
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST: Final = 400 * 86400
SOME_DAY: Final = 1_767_225_600
"""2026-01-01, from which a calendar is tried out."""


def read_policy(text: str, *, version: int, zone: str) -> Policy:
    """The policy of a text.

    Raises:
        SettingsError: with every mistake, its line and what to do.
    """
    settings = Settings(text)
    settings.only(TABLES)
    calendars = _calendars(settings, zone)
    targets = tuple(_target(row, calendars) for row in settings.tables("target"))
    _complete(settings, targets)
    _possible(settings, targets, calendars)
    policy = Policy(
        version=version,
        zone=ZoneInfo(zone),
        targets=targets,
        limits=_limits(settings),
        shifts=_shifts(settings),
        calendars=calendars,
        text=text,
    )
    settings.done()
    return policy


def _target(row: Table, calendars: Mapping[str, Calendar]) -> Target:
    seconds = {priority: _seconds(row, priority) for priority in PRIORITIES if row.has(priority)}
    if not seconds:
        row.fault("", "task.policy.no_priority", known=", ".join(PRIORITIES))
    if not row.has("clock"):
        row.fault("", "task.policy.missing", name="clock")
    target = Target(
        clock=row.text("clock", known=tuple(ClockKind)),
        seconds=seconds,
        types=frozenset(row.texts("types")),
        hours=row.hours("hours"),
        level=row.text("level", known=TIERS),
        calendar=row.text("calendar", "always", known=tuple(calendars)),
    )
    row.end()
    return target


def _seconds(row: Table, priority: str) -> int | None:
    value = row.raw(priority)
    if value == "-":
        return None
    if value == "next_shift":
        return NEXT_SHIFT
    seconds = parse_duration(value) if isinstance(value, str) else None
    if seconds is None or not 0 < seconds <= LONGEST:
        row.fault(priority, "task.policy.duration", value=str(value))
        return None
    return seconds


def _complete(settings: Settings, targets: tuple[Target, ...]) -> None:
    """Every clock needs a row without conditions for every priority (LEVEL_ACK: for county and city)."""
    for clock in NEEDED:
        levels = ("C", "M") if clock == ClockKind.LEVEL_ACK else ("",)
        for level in levels:
            for priority in PRIORITIES:
                plain = any(
                    row.clock == clock
                    and priority in row.seconds
                    and not row.types
                    and row.hours is None
                    and row.level in ("", level)
                    for row in targets
                )
                if not plain:
                    settings.fault("target", 0, "", "task.policy.no_target", clock=clock, priority=priority)


def _possible(settings: Settings, targets: tuple[Target, ...], calendars: Mapping[str, Calendar]) -> None:
    """A calendar in which a clock would run for years is a mistake, and would stop the sweep of its tasks."""
    for number, row in enumerate(targets):
        calendar = calendars.get(row.calendar, ALWAYS)
        longest = max((seconds or 0 for seconds in row.seconds.values()), default=0)
        try:
            calendar.advance(SOME_DAY, longest)
        except CalendarError:
            settings.fault(
                "target", number, "calendar", "task.policy.calendar_never", name=row.calendar, clock=row.clock
            )


def _shifts(settings: Settings) -> tuple[int, ...]:
    row = settings.table("shifts")
    starts: list[int] = []
    for text in row.texts("starts") or ("08:00", "20:00"):
        match = CLOCK_TIME.fullmatch(text)
        if match is None:
            row.fault("starts", "task.policy.time", value=text)
        else:
            starts.append(int(match.group(1)) * 60 + int(match.group(2)))
    row.end()
    return tuple(sorted(set(starts))) or (480,)


def _limits(settings: Settings) -> Limits:
    limits, ack, verify = settings.table("limits"), settings.table("ack"), settings.table("verify")
    dismiss, suspend = settings.table("dismiss"), settings.table("suspend")
    maintenance, hotspot = settings.table("maintenance"), settings.table("hotspot")
    plain = Limits()
    reasons = dismiss.texts("reasons")
    result = Limits(
        returns=limits.integer("returns", plain.returns, 0, 100),
        extensions=limits.integer("extensions", plain.extensions, 0, 2),
        extension_percent=limits.integer("extension", plain.extension_percent, 1, 1000),
        suspension=limits.duration("suspension", plain.suspension),
        reopening=limits.duration("reopening", plain.reopening),
        rework_percent=limits.integer("rework", plain.rework_percent, 1, 1000),
        offers=limits.integer("offers", plain.offers, 1, 100),
        radius=limits.integer("radius", plain.radius, 1, 100_000),
        recall=limits.duration("recall", plain.recall),
        ack_percent=ack.integer("share", plain.ack_percent, 1, 100),
        ack_longest=ack.duration("longest", plain.ack_longest),
        ack_grace=ack.duration("grace", plain.ack_grace),
        supervised_tier=verify.text("supervised", plain.supervised_tier, known=TIERS),
        recheck=frozenset(verify.texts("recheck")),
        dismiss_reasons=reasons,
        dismiss_offline=frozenset(dismiss.texts("offline", known=reasons)),
        suspend_reasons=suspend.texts("reasons"),
        maintenance=maintenance.texts("types"),
        handover=maintenance.texts("results"),
        hot_member=hotspot.text("member", plain.hot_member, known=HEATS),
        hot_county=hotspot.text("county", plain.hot_county, known=HEATS),
        hot_quiet=hotspot.duration("quiet", plain.hot_quiet),
        hot_most=hotspot.integer("most", plain.hot_most, 1, 1000),
    )
    for row in (limits, ack, verify, dismiss, suspend, maintenance, hotspot):
        row.end()
    return result


def _calendars(settings: Settings, zone: str) -> dict[str, Calendar]:
    """``always``, the office calendar that ships with the product, and the text's own."""
    calendars: dict[str, Calendar] = {"always": ALWAYS, "office": _shipped_office(zone)}
    own: set[str] = set()
    for row in settings.tables("calendar"):
        name = row.text("name")
        off, on = _days(row, "off"), _days(row, "on")
        week = tuple(_windows(row, day) for day in WEEKDAYS)
        worked = _windows(row, "worked") or next((day for day in week if day), ())
        row.end()
        if name in own:
            row.fault("name", "task.policy.calendar_twice", name=name)
            continue
        own.add(name)
        if not name or name == "always":
            row.fault("name", "task.policy.calendar_name", value=name)
        elif not any(week):
            row.fault("", "task.policy.calendar_empty", name=name)
        elif both := off & on:
            row.fault("on", "task.policy.calendar_both", day=min(both).isoformat())
        else:
            years = frozenset(day.year for day in off | on)
            calendars[name] = Office(ZoneInfo(zone), week, worked, off, on, years)
    return calendars


def _windows(row: Table, key: str) -> tuple[Window, ...]:
    windows: list[Window] = []
    for text in row.texts(key):
        span = parse_hours(text)
        if span is None or span[1] <= span[0] or (windows and span[0] < windows[-1][1]):
            row.fault(key, "task.policy.window", value=text)
        else:
            windows.append(span)
    return tuple(windows)


def _days(row: Table, key: str) -> frozenset[date]:
    value: Any = row.raw(key) or []
    if isinstance(value, list) and all(type(day) is date for day in value):
        return frozenset(value)
    row.fault(key, "task.policy.days", value=str(value))
    return frozenset()


def office_notice() -> int:
    """Seconds before the shipped office calendar's known days end from which on that is told."""
    return int(_office_data()["notice_days"]) * 86400


def _office_data() -> dict[str, Any]:
    return tomllib.loads(files("backend.tasks").joinpath("data/office.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _shipped_office(zone: str) -> Office:
    data = _office_data()
    week = data["week"]

    def windows(day: str) -> tuple[Window, ...]:
        return tuple(span for text in week[day] if (span := parse_hours(text)))

    return Office(
        zone=ZoneInfo(zone),
        week=tuple(windows(day) for day in WEEKDAYS),
        worked=windows("worked"),
        off=frozenset(day for year in data["year"] for day in year["off"]),
        on=frozenset(day for year in data["year"] for day in year["on"]),
        years=frozenset(year["year"] for year in data["year"]),
    )
