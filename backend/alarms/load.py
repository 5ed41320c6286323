"""The load on a seat against the operator numbers, and what makes a flood 报警泛滥 of it: pure, from instants alone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

TEN_MINUTES = 600


@dataclass(frozen=True, slots=True)
class Nuisance:
    """When an alarm is a nuisance: chatter 抖动, fleeting 瞬时, stale 长期."""

    activations: int
    within: Mapping[str, int]
    """So often within so long, by cadence, is chatter."""
    fleeting: Mapping[str, int]
    """Back to normal within so long, unacknowledged, by cadence."""
    stale: int
    """Seconds after which an alarm that stands is stale."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Alarms in ten minutes, and the mix of a day; from ``data/operator.toml``."""

    steady: int
    workable: int
    flood_starts: int
    """More than so many start a flood."""
    flood_ends: int
    """Fewer than so many end it."""
    mix: Mapping[str, int]
    """Recommended per cent by priority; ``high`` is high and critical together."""
    nuisance: Nuisance
    listed: int
    """Alarms that a tab of the board lists; what does not fit is counted."""
    past: int
    """The newest so many of those that are over."""

    @classmethod
    def read(cls) -> Limits:
        """The numbers in force."""
        return _limits()


@cache
def _limits() -> Limits:
    told: Mapping[str, Any] = tomllib.loads(
        files("backend.alarms").joinpath("data", "operator.toml").read_text(encoding="utf-8")
    )
    nuisance = {key: value for key, value in told["nuisance"].items() if key != "source"}
    return Limits(**told["ten_minutes"], **told["board"], mix=told["mix"], nuisance=Nuisance(**nuisance))


class Span(NamedTuple):
    """One flood."""

    began: int
    ended: int | None
    """None while it lasts."""
    peak: int
    """Most alarms in ten minutes."""
    total: int
    """Alarms from ten minutes before its beginning to its end."""


def floods(presented: Sequence[int], now: int, limits: Limits) -> list[Span]:
    """The floods in a row of instants, oldest first; the last one may still last.

    Args:
        presented: when alarms were presented, rising.
        now: the present instant.
    """
    found: list[Span] = []
    began: int | None = None
    first = since = peak = 0
    for place, at in enumerate(presented):
        if began is not None and (ended := _end(presented, place, limits)) < at:
            found.append(Span(began, ended, peak, place - since))
            began = None
        while presented[first] <= at - TEN_MINUTES:
            first += 1
        count = place - first + 1
        if began is None and count > limits.flood_starts:
            began, since, peak = at, first, 0
        peak = max(peak, count)
    if began is not None:
        ended = _end(presented, len(presented), limits)
        over = ended <= now
        found.append(Span(began, ended if over else None, peak, len(presented) - since))
    return found


def _end(presented: Sequence[int], place: int, limits: Limits) -> int:
    """When the count of ten minutes falls below the end of a flood, if nothing came from ``place`` on."""
    return presented[place - limits.flood_ends] + TEN_MINUTES


def flood_since(presented: Sequence[int], now: int, limits: Limits) -> int | None:
    """When the flood that holds at ``now`` began; None where none holds."""
    found = floods(presented, now, limits)
    return found[-1].began if found and found[-1].ended is None else None
