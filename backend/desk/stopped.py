"""What was on its way to a seat's terminal and was stopped: noted in the audit, told by ``gridseat doctor``.

The console's filter stops whatever a terminal would obey and the product does not send (`console.terminal`). That it
had to means that a text has come past `backend.text`: a fault of ours or somebody's attempt, worth a look either way.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from backend.access.audit import AUDIT, append
from backend.desk.desk import Desk
from backend.text import clean

ACT = "terminal.stopped"
SHOWN = 60
"""Characters of a head that are kept."""


@dataclass(frozen=True, slots=True)
class Stops:
    """What was stopped since an instant."""

    count: int
    """Kinds of things, once for each console."""
    newest: int
    kinds: tuple[str, ...]
    """csi, osc, dcs, ..., the most frequent first."""
    head: str
    """The beginning of the newest one, escaped."""


def record(desk: Desk, heads: Mapping[str, str]) -> None:
    """Note what a console has stopped: a row for each kind, with the head of the first one, escaped."""
    with desk.store.write() as connection:
        for kind, head in heads.items():
            append(
                connection,
                desk.actor.person,
                ACT,
                clean(kind, limit=20),
                desk.now,
                head=clean(head, limit=SHOWN),
            )


def since(connection: Connection, at: int) -> Stops | None:
    """What was noted from an instant on; None for nothing."""
    query = select(AUDIT.c.at, AUDIT.c.subject, AUDIT.c.body).where(AUDIT.c.act == ACT, AUDIT.c.at >= at)
    rows = connection.execute(query.order_by(AUDIT.c.id)).all()
    if not rows:
        return None
    kinds = Counter(str(row.subject) for row in rows)
    try:
        head = str(json.loads(rows[-1].body).get("head", ""))
    except (ValueError, AttributeError):
        head = ""
    return Stops(
        len(rows), int(rows[-1].at), tuple(kind for kind, _ in kinds.most_common()), clean(head, limit=SHOWN)
    )
