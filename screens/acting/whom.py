"""A line for whoever may be sent: who, how to reach them, why they are proposed or can't be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.look import Look
from screens.widgets.cells import fit
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.sending import HolderRow


def holder(row: HolderRow, called: str, look: Look, *, off: bool, width: int = 24) -> Choice:
    """Somebody as a choice; one that is off says why when it is chosen all the same."""
    why = look.word("taskscreen.comma").join(look.say(reason) for reason in row.reasons)
    return Choice(
        f"{row.kind}:{row.code}",
        f"{fit(called, width)}  {row.phone:<13} {why}",
        off=off,
        name=called,
        why=why,
    )
