"""How many cells a letter takes, where terminals disagree about it.

They disagree about clusters (joined emoji, letters with marks), emoji, what Unicode calls ambiguous (UAX #11, class A),
and marks that stand alone. The framework's own count is one of the opinions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from unicodedata import category, east_asian_width

from console.terminal.cells import FIRST

_FIRST = chr(FIRST)


@lru_cache(4096)
def _sure(letter: str) -> bool:
    if letter < "\x7f":
        return True
    if letter >= "\U0001f000":
        return "\U00020000" <= letter < "\U00040000"
    return east_asian_width(letter) != "A" and category(letter)[0] not in "MC"


@lru_cache(4096)
def _ambiguous(letter: str) -> bool:
    return letter < _FIRST and east_asian_width(letter) == "A" and category(letter)[0] not in "MC"


@lru_cache(8192)
def doubts(letters: str, narrow: bool) -> tuple[int, ...]:
    """The cells whose width is in doubt; where ``narrow``, the ambiguous ones are not."""
    return tuple(
        place
        for place, letter in enumerate(letters)
        if letter >= "\x7f" and not _sure(letter) and not (narrow and _ambiguous(letter))
    )


@lru_cache(4096)
def reach(cluster: str) -> int:
    """Cells that a cluster takes at most: each of its letters drawn alone, as wide as any terminal draws it."""
    return sum(
        0
        if category(letter)[0] in "MC"
        else 1 + (letter >= "\U0001f000" or east_asian_width(letter) in "WFA")
        for letter in cluster
    )


def spilled(
    old: str, letters: str, differ: list[int], narrow: bool, spell: Callable[[str], str]
) -> list[int]:
    """The cells that differ, and those behind letters in doubt among them that such a letter may reach over."""
    places = set(differ)
    was, now = doubts(old, narrow), doubts(letters, narrow)
    for x in sorted({*was, *now}):
        if x not in places:
            continue
        far = reach(spell(letters[x])) if letters[x] >= _FIRST else 1
        if (x in was and old[x] < _FIRST) or (x in now and letters[x + 1 : x + 2] != " "):
            far = max(far, 2)
        places.update(range(x + 1, min(len(letters), x + far)))
    return sorted(places)
