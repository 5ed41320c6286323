"""The channels' numbers, dated: ``data/channels.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers in force; the file says what each is for."""

    hold_seconds: int
    first_wait_seconds: int
    longest_wait_seconds: int
    asked_wait_seconds: int
    dead_after_failures: int
    dead_after_seconds: int
    give_up_hours: int
    refused_tries: int
    most_waiting: int
    most_in_turn: int
    keep_days: int
    alarm_seconds: int
    alarms_each: int
    read_bytes: int
    kept_characters: int
    flood_bytes: int

    def wait(self, tries: int) -> int:
        """Seconds to wait after so many tries that failed."""
        # Beyond twenty doublings the longest is long reached.
        return int(min(self.longest_wait_seconds, self.first_wait_seconds * 2 ** min(20, max(0, tries - 1))))


@cache
def _all() -> tuple[tuple[str, Numbers], ...]:
    text = files("backend.notify").joinpath("data", "channels.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)["numbers"]
    found = [
        (row["valid_from"], Numbers(**{name: row[name] for name in Numbers.__slots__})) for row in tables
    ]
    return tuple(sorted(found, key=lambda one: one[0]))


def numbers(at: int) -> Numbers:
    """The numbers that hold at an instant; before the first date the first ones do."""
    day = datetime.fromtimestamp(at, UTC).date().isoformat()
    held = [one for since, one in _all() if since <= day]
    return held[-1] if held else _all()[0][1]
