"""Which things to decide on are told in one line: in a flood 报警泛滥, those of one rule that have one cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from backend.alarms.load import Limits
from backend.desk.alarms import PRIORITIES

if TYPE_CHECKING:
    from backend.desk.triage import Item, Ring

EQUIPMENT = "equipment"
RANK = {name: number for number, name in enumerate(PRIORITIES)}
TEN_MINUTES = 600

Cause = tuple[str, str]
"""A rule, and what made it ring: ``feed:`` or ``grid:`` with its code."""


def grouped(
    items: Sequence[tuple[Item, Ring | None]], unfolded: Collection[str]
) -> list[tuple[Cause | None, list[Item]]]:
    """Each item by itself; those of a flood that have one cause together, the most urgent first.

    Args:
        items: each with the alarm that leads it.
        unfolded: keys of groups whose items stay by themselves.
    """
    by_cause: defaultdict[Cause, list[tuple[int, Item]]] = defaultdict(list)
    alone: list[tuple[Cause | None, list[Item]]] = []
    for item, lead in items:
        if lead is None or lead.station is None or item.task:
            alone.append((None, [item]))
            continue
        feed = lead.type == EQUIPMENT and lead.feed
        cause = (lead.rule, f"feed:{lead.feed}" if feed else f"grid:{lead.county}")
        by_cause[cause].append((lead.presented, item))
    most = Limits.read().flood_starts
    for cause, several in by_cause.items():
        several.sort(key=lambda one: one[0])
        if group_key(cause) in unfolded:
            alone += [(None, [item]) for _, item in several]
            continue
        flood = _flooding([presented for presented, _ in several], most)
        together = [item for (_, item), rang in zip(several, flood, strict=True) if rang]
        together.sort(key=lambda item: (RANK.get(item.priority, 9), item.alarms[0]))
        if together:
            alone.append((cause, together))
        alone += [(None, [item]) for (_, item), rang in zip(several, flood, strict=True) if not rang]
    return alone


def group_key(cause: Cause) -> str:
    """By which name a group is known."""
    return f"g:{'|'.join(cause)}"


def _flooding(presented: Sequence[int], most: int) -> list[bool]:
    """Which of these instants, oldest first, lie among more than ``most`` within ten minutes."""
    found, first = [False] * len(presented), 0
    for last, at in enumerate(presented):
        while presented[first] <= at - TEN_MINUTES:
            first += 1
        if last - first + 1 > most:
            found[first : last + 1] = [True] * (last - first + 1)
    return found
