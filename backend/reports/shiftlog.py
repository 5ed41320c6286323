"""The shift log 值班日志: what a centre's people did in a time, who, when, what; pure, rows in, values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.words import Message


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did."""

    at: int
    kind: str
    """act, alarm, order, complaint, call, brief, remark, shift, handover or board."""
    person: str
    who: str
    """By name, with whom it was done for."""
    message: Message
    item: str = ""
    """The task, alarm, order or complaint that it is about."""
    order: int = 0
    """Its place among those of the same second."""


@dataclass(frozen=True, slots=True)
class Log:
    """The log of a centre in ``[since, until)``."""

    centre: str
    centre_name: str
    since: int
    until: int
    people: Sequence[str]
    """Who sat there, by name."""
    entries: Sequence[Entry]
    opened: int
    """Tasks filed."""
    closed: int
    alarms: int
    """Alarms that were presented to the centre's seats."""
    calls: int


def in_turn(entries: Sequence[Entry]) -> list[Entry]:
    """By time; of one second in the order in which they were written down."""
    return sorted(entries, key=lambda one: (one.at, one.order))


def values(
    log: Log,
    *,
    say: Callable[[Message], str],
    moment: Callable[[int], str],
    join: str,
    title: str,
    printed: int,
    printed_by: str,
) -> Mapping[str, Any]:
    """What the templates of a shift log name."""
    return {
        "title": title,
        "centre": log.centre_name,
        "since": moment(log.since),
        "until": moment(log.until),
        "people": join.join(log.people) or "--",
        "acts": len(log.entries),
        "tasks_opened": log.opened,
        "tasks_closed": log.closed,
        "alarms": log.alarms,
        "calls": log.calls,
        "printed": moment(printed),
        "printed_by": printed_by or "--",
        "entries": [
            {"at": moment(one.at), "who": one.who, "what": say(one.message)} for one in in_turn(log.entries)
        ],
    }
