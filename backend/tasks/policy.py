"""The policy 时限政策: targets, limits and calendars, by version.

A task keeps the version under which it was filed, so a new policy counts for new tasks only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from backend.city.tables import CityFact, PolicyText
from backend.store.model import table
from backend.tasks.calendars import ALWAYS, Calendar, Office, know
from backend.words import Message

POLICY, FACT = table(PolicyText), table(CityFact)
DEFAULT_ZONE: Final = "Asia/Shanghai"
"""The one civil time of the country; a pack's ``zone`` fact overrides it."""
DEFAULT_VERSION: Final = 0
"""The version of the policy that ships with the product."""
NEXT_SHIFT: Final = -1
"""In place of seconds: until the end of the next shift."""


@dataclass(frozen=True, slots=True)
class Target:
    """A row of targets: for one clock, possibly narrowed."""

    clock: str
    seconds: Mapping[str, int | None]
    """By priority; None for no clock, `NEXT_SHIFT` for the end of the next shift."""
    types: frozenset[str] = frozenset()
    hours: tuple[int, int] | None = None
    level: str = ""
    calendar: str = "always"

    @property
    def narrowness(self) -> int:
        """How many conditions it has."""
        return bool(self.types) + (self.hours is not None) + bool(self.level)

    def fits(self, type_: str, minute: int, level: str) -> bool:
        """Whether it counts for this incident type, minute of the day and level."""
        if self.types and type_ not in self.types:
            return False
        if self.level and level != self.level:
            return False
        if self.hours is None:
            return True
        start, end = self.hours
        return start <= minute < end if start < end else minute >= start or minute < end


@dataclass(frozen=True, slots=True)
class Limits:
    """What the guards of the machine ask."""

    returns: int = 2
    extensions: int = 2
    extension_percent: int = 100
    suspension: int = 30 * 86400
    reopening: int = 7 * 86400
    rework_percent: int = 50
    offers: int = 2
    radius: int = 300
    recall: int = 10
    ack_percent: int = 50
    ack_longest: int = 1800
    ack_grace: int = 600
    supervised_tier: str = "M"
    recheck: frozenset[str] = frozenset()
    dismiss_reasons: tuple[str, ...] = ()
    dismiss_offline: frozenset[str] = frozenset()
    suspend_reasons: tuple[str, ...] = ()
    maintenance: tuple[str, ...] = ()
    """Incident types that are the maintenance contractor's: never a grid member's."""
    handover: tuple[str, ...] = ()
    """Results after which the contractor gets a work order."""
    hot_member: str = "hot"
    """How hot a grid must be for its member on duty and the township's seats to be told; ``off`` for never."""
    hot_county: str = "strong"
    """And the county's seats."""
    hot_quiet: int = 6 * 3600
    """Seconds without a hot step after which it is a new episode, and told again."""
    hot_most: int = 5
    """New hot grids of a county and step that are told one by one."""


@dataclass(frozen=True)
class Policy:
    """One version of the policy, ready to ask."""

    version: int
    zone: ZoneInfo
    targets: tuple[Target, ...]
    limits: Limits
    shifts: tuple[int, ...]
    """Minutes of the day at which a shift begins."""
    calendars: Mapping[str, Calendar] = field(default_factory=lambda: {"always": ALWAYS})
    text: str = ""
    """The whole text: escalation reads its steps from it."""

    def target(
        self, clock: str, *, type_: str, priority: str, at: int, level: str = ""
    ) -> tuple[int, str] | None:
        """Seconds and calendar of a clock that starts at ``at``; None where there is no such clock."""
        local = datetime.fromtimestamp(at, self.zone)
        minute = local.hour * 60 + local.minute
        best: Target | None = None
        for row in self.targets:
            if row.clock != clock or priority not in row.seconds or not row.fits(type_, minute, level):
                continue
            if best is None or row.narrowness >= best.narrowness:
                best = row
        if best is None or (seconds := best.seconds[priority]) is None:
            return None
        if seconds == NEXT_SHIFT:
            return self._until_next_shift_ends(local), "always"
        return seconds, best.calendar

    def calendar_key(self, name: str) -> str:
        """Under which a clock that begins now keeps a calendar of this policy, as it is today."""
        office = self.calendars.get(name)
        if not isinstance(office, Office):
            return name
        key = office.key(name)
        know(key, office)
        return key

    def doubts(self, now: int, within: int | None = None) -> list[Message]:
        """Which of its clocks will go by weekdays alone before long: their calendar knows no decreed days from then on.

        Args:
            within: seconds from ``now``; those that the office calendar's file names where None.
        """
        from backend.tasks.policy_text import office_notice

        span = office_notice() if within is None else within
        found = []
        for name in dict.fromkeys(row.calendar for row in self.targets):
            office = self.calendars.get(name)
            ends = office.ends(now) if isinstance(office, Office) else None
            if ends is not None and ends <= now + span:
                found.append(ending(name, ends, now, self.zone))
        return found

    def _until_next_shift_ends(self, local: datetime) -> int:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        days = (midnight + timedelta(days=day) for day in range(3))
        starts = [day + timedelta(minutes=minute) for day in days for minute in self.shifts]
        later = [start for start in starts if start > local]
        return int((later[1] - local).total_seconds())


def ending(name: str, ends: int, now: int, zone: ZoneInfo) -> Message:
    """That a calendar knows no decreed days from an instant on."""
    code = "task.policy.calendar_over" if ends <= now else "task.policy.calendar_ends"
    return Message(code, {"name": name, "year": datetime.fromtimestamp(ends, zone).year})


@lru_cache(maxsize=1)
def default_text() -> str:
    """The policy that ships with the product."""
    return files("backend.tasks").joinpath("data/policy.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def parsed(version: int, text: str, zone: str) -> Policy:
    """The policy of a text, read once.

    Raises:
        SettingsError: with every mistake in the text, its line and what to do.
    """
    from backend.tasks.policy_text import read_policy

    return read_policy(text, version=version, zone=zone)


_ZONE = select(FACT.c.value).where(FACT.c.key == "zone")
_VERSION = select(POLICY.c.text).where(POLICY.c.version == bindparam("version"))
_IN_FORCE = (
    select(POLICY.c.version, POLICY.c.text)
    .where(POLICY.c.effective <= bindparam("now"))
    .order_by(POLICY.c.effective.desc(), POLICY.c.version.desc())
    .limit(1)
)


def zone_of(connection: Connection) -> str:
    """The city's zone."""
    return connection.execute(_ZONE).scalar_one_or_none() or DEFAULT_ZONE


def policy_at(connection: Connection, now: int) -> Policy:
    """The policy in force at ``now``; the product's own where the city has none yet."""
    row = connection.execute(_IN_FORCE, {"now": now}).one_or_none()
    zone = zone_of(connection)
    return parsed(row.version, row.text, zone) if row else parsed(DEFAULT_VERSION, default_text(), zone)


def policy_version(connection: Connection, version: int) -> Policy:
    """One version of the policy; the product's own for a version that is not stored."""
    text = connection.execute(_VERSION, {"version": version}).scalar_one_or_none()
    zone = zone_of(connection)
    return parsed(version, text, zone) if text is not None else parsed(DEFAULT_VERSION, default_text(), zone)
