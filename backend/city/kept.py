"""What is worked out of the city's tables alone, kept for as long as nobody writes to them.

Boards ask for the city, for the names of its grids and for its stations at every turn, and it changes once in weeks: a
question of a tenth of a millisecond tells whether what was read still holds (`backend.store.versions`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection

from backend.store.versions import version_of

MOST = 32
"""Things that a process keeps; each in one version, since of the one before nobody asks again."""
_Found = TypeVar("_Found")
_TURN = Lock()
_KEPT: OrderedDict[Hashable, tuple[str, Any]] = OrderedDict()


def kept(connection: Connection, key: Hashable, make: Callable[[], _Found]) -> _Found:
    """What ``make`` finds by this connection, or found when the city was the same; shared, so nobody may change it.

    Args:
        key: names it among all that is kept, with everything that it depends on beside the city's tables.
    """
    version = version_of(connection, "city")
    # By store, too: what others hang on a city (what a feed has claimed there, say) is not so in a copy of its store.
    at = connection.engine.url, key
    with _TURN:
        held, found = _KEPT.get(at, ("", None))
        if version and held == version:
            _KEPT.move_to_end(at)
            return found  # type: ignore[no-any-return]
    found = make()
    if version:
        with _TURN:
            _KEPT[at] = version, found
            _KEPT.move_to_end(at)
            while len(_KEPT) > MOST:
                _KEPT.popitem(last=False)
    return found
