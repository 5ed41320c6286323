"""A replay's time runs faster than its people: what is measured by a person's hand is stretched by as much."""

from __future__ import annotations

import re

from sqlalchemy import select, update

from backend.city.tables import PolicyText
from backend.store import Store, table
from backend.tasks.settings import parse_duration

POLICY = table(PolicyText)
RECALL = re.compile(r'^(recall\s*=\s*)"([^"]+)"', re.MULTILINE)


def stretch_recall(store: Store, speed: float) -> None:
    """Let an act be recalled (撤回) for as many of the person's own seconds as the policy says."""

    def longer(found: re.Match[str]) -> str:
        seconds = parse_duration(found[2])
        return found[0] if seconds is None else f'{found[1]}"{round(seconds * speed)}s"'

    with store.write() as connection:
        for row in connection.execute(select(POLICY.c.version, POLICY.c.text)).all():
            text = RECALL.sub(longer, row.text)
            connection.execute(update(POLICY).where(POLICY.c.version == row.version).values(text=text))
