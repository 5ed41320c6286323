"""What holds when people report something, as dated data (``intake.toml``): reply clocks, what may be one thing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

HOUR = 3600
ANY = "*"
"""Stands for every type in a family."""
OTHER = "reference"
"""What a reference is that begins with nothing known."""


@dataclass(frozen=True, slots=True)
class Family:
    """Types that may be one and the same thing in the world."""

    types: frozenset[str]
    km: float
    """How far apart at most."""
    seconds: int
    """How long ago at most."""


@dataclass(frozen=True, slots=True)
class Rules:
    """An edition."""

    complaints: frozenset[str]
    """Channels on which somebody waits for an answer."""
    general: frozenset[str]
    """Types that say what was measured or how it came, and not what goes on."""
    common: tuple[str, ...]
    reply: Mapping[str, Mapping[str, int]]
    """Seconds until the answer, by channel and priority."""
    call: Mapping[str, Mapping[str, int]]
    """Seconds from the answer until the caller is called back, by channel and priority."""
    soon: float
    """The share of the time that is left when the centre that owes an answer is reminded."""
    above: float
    """The share of the time after its end at which the tier above is told."""
    stale: int
    """Seconds after its end at which nobody is told any more: by then it stands on the supervisor's list."""
    callers: int
    """Seconds for which whoever called is on the minds of those on duty."""
    same: Family
    """Two of one type."""
    families: tuple[Family, ...]
    initials: Mapping[str, str]
    references: Mapping[str, tuple[str, ...]]

    def reply_due(self, channel: str, priority: str, at: int) -> int | None:
        """Until when whoever reported it must be answered; None where nobody waits."""
        if channel not in self.complaints:
            return None
        seconds = self.reply.get(channel, {}).get(priority)
        return None if seconds is None else at + seconds

    def near(self, one: str, other: str) -> Family | None:
        """The widest family that both types are of."""
        held = [self.same] if one == other else []
        held += [
            family for family in self.families
            if (one in family.types and (other in family.types or ANY in family.types))
            or (other in family.types and ANY in family.types)
        ]  # fmt: skip
        return max(held, key=lambda family: (family.km, family.seconds), default=None)

    def says_more(self, one: str, other: str) -> bool:
        """Whether a type says what goes on where the other only says that something does."""
        return other in self.general and one not in self.general

    def alike(self, one: str, other: str) -> bool:
        """Whether two types may name the very same thing, and not only what the same air shows."""
        return (
            one == other
            or self.says_more(one, other)
            or self.says_more(other, one)
            or any(
                one in family.types and other in family.types and not family.types & self.general
                for family in self.families
            )
        )

    def kind_of(self, reference: str) -> str:
        """What a reference is evidence of."""
        start = reference.casefold()
        for kind, beginnings in self.references.items():
            if start.startswith(beginnings):
                return kind
        return OTHER


def rules(at: int, zone: ZoneInfo) -> Rules:
    """The edition that holds on the city's day of an instant; the first one for days before it."""
    today = datetime.fromtimestamp(at, zone).date().isoformat()
    held = [edition for begins, edition in _editions() if begins <= today]
    return held[-1] if held else _editions()[0][1]


@cache
def _editions() -> tuple[tuple[str, Rules], ...]:
    raw = files("backend.incidents").joinpath("data", "intake.toml").read_text(encoding="utf-8")
    found = [(str(edition["from"]), _read(edition)) for edition in tomllib.loads(raw)["edition"]]
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _read(edition: Mapping[str, Any]) -> Rules:
    return Rules(
        complaints=frozenset(edition["complaints"]),
        general=frozenset(edition["general"]),
        common=tuple(edition["common"]),
        reply=_hours(edition["reply"]),
        call=_hours(edition["call"]),
        soon=float(edition["remind"]["soon"]),
        above=float(edition["remind"]["above"]),
        stale=int(edition["remind"]["stale_hours"] * HOUR),
        callers=int(edition["callers_days"] * 24 * HOUR),
        same=_family(edition["same"]),
        families=tuple(_family(family) for family in edition["family"]),
        initials=dict(edition["initials"]),
        references={
            kind: tuple(word.casefold() for word in words) for kind, words in edition["references"].items()
        },
    )


def _hours(told: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, int]]:
    """Seconds of what is given in hours."""
    return {
        channel: {priority: int(hours * HOUR) for priority, hours in times.items()}
        for channel, times in told.items()
    }


def _family(family: Mapping[str, Any]) -> Family:
    return Family(frozenset(family.get("types", ())), float(family["km"]), int(family["hours"] * HOUR))
