"""The duty room's numbers, dated: ``data/duty.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers in force, in seconds."""

    seen: int
    """A console that has not been heard of for so long is gone."""
    unattended: int
    """No key for so long while something urgent waits: the seat is unattended."""
    call: int
    """A call that nobody answered counts for so long."""
    ahead: int
    """So far ahead the book is looked through."""
    due: int
    """A handover lists what is due within so long."""
    leaving: int
    """So long before a holder goes off duty the seat is warned."""


@cache
def _all() -> tuple[tuple[str, Numbers], ...]:
    text = files("backend.duty").joinpath("data", "duty.toml").read_text(encoding="utf-8")
    found = [
        (
            row["valid_from"],
            Numbers(
                row["seen_minutes"] * MINUTE,
                row["unattended_minutes"] * MINUTE,
                row["call_hours"] * HOUR,
                row["ahead_hours"] * HOUR,
                row["due_hours"] * HOUR,
                row["leaving_minutes"] * MINUTE,
            ),
        )
        for row in tomllib.loads(text)["numbers"]
    ]
    return tuple(sorted(found, key=lambda one: one[0]))


def numbers(at: int) -> Numbers:
    """The numbers that hold at an instant; before the first date the first ones do."""
    day = datetime.fromtimestamp(at, UTC).date().isoformat()
    held = [one for since, one in _all() if since <= day]
    return held[-1] if held else _all()[0][1]
