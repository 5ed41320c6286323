"""What the triage desk shows of a place, and for which reasons it shelves: dated data (``data/triage.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Shelf:
    """For how long an alarm is shelved, and why."""

    minutes: int
    words: tuple[str, str]
    """In Chinese and English."""


@dataclass(frozen=True, slots=True)
class TriageRules:
    """One edition."""

    since: date
    neighbours: int
    neighbours_km: float
    wind_km: float
    wind_hours: int
    history: int
    """Seconds back."""
    past: int
    """Alarms and tasks that are listed of it."""
    cameras: int
    cameras_km: float
    merge: int
    merge_km: float
    shelves: tuple[Shelf, ...]


def triage_rules(day: date) -> TriageRules:
    """The edition that holds on a day of the city; before the first one, the first."""
    editions = _editions()
    return next((one for one in reversed(editions) if one.since <= day), editions[0])


@cache
def _editions() -> tuple[TriageRules, ...]:
    text = files("backend.desk").joinpath("data", "triage.toml").read_text(encoding="utf-8")
    return tuple(sorted(map(_edition, tomllib.loads(text)["edition"]), key=lambda one: one.since))


def _edition(told: dict[str, Any]) -> TriageRules:
    shelves = tuple(Shelf(one["minutes"], (one["words"][0], one["words"][1])) for one in told.pop("shelve"))
    return TriageRules(since=told.pop("from"), shelves=shelves, **told)
