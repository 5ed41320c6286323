"""The escalation budget 提级预算: what share of the alarms may rise to a tier before its seats can't cope."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Budget:
    """The shares in force."""

    county_share: float
    city_share: float
    seat_day: int
    """Alarms a day and seat at a steady load."""
    seat_day_most: int
    """The most that one seat works off in a day."""


@cache
def _all() -> tuple[tuple[str, Budget], ...]:
    text = files("backend.escalation").joinpath("data", "budget.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["budget"]
    found = [(row["valid_from"], Budget(**{name: row[name] for name in Budget.__slots__})) for row in rows]
    return tuple(sorted(found, key=lambda one: one[0]))


def budget(at: int) -> Budget:
    """The budget that holds at an instant; before the first date the first one does."""
    day = datetime.fromtimestamp(at, UTC).date().isoformat()
    held = [one for since, one in _all() if since <= day]
    return held[-1] if held else _all()[0][1]
