"""Going from a thing to its other faces: station, grid, source, task, alarm, feed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from backend.words import Message, entry
from screens.dialogs.pick import Pick
from screens.widgets.choices import Choice

if TYPE_CHECKING:
    from backend.desk.alarms import Face
    from backend.desk.desk import Desk
    from screens.frame import GridScreen
    from screens.look import Look


def _called(face: Face, look: Look) -> str:
    """What it is called; an alarm of which only the rule is told, by what the rule is called."""
    return (entry(f"rule.{face.name}", look.language) if face.page == "alarm" else None) or face.name


def choose_face(screen: GridScreen, read: Callable[[Desk], Sequence[Face]]) -> None:
    """Ask where to go, and go there.

    Args:
        screen: where one is.
        read: gives the faces; runs in a thread.
    """
    desk = screen.shell.desk
    if desk is None:
        screen.shell.tell(Message("ui.off.opening"))
        return

    def found(faces: Sequence[Face]) -> None:
        if not faces:
            screen.shell.tell(Message("station.face.none"))
            return
        look = screen.look
        choices = [
            Choice(
                f"{face.page}:{face.key}",
                _called(face, look),
                look.word(f"station.face.{face.page}"),
                face.key,
            )
            for face in faces
        ]

        def go(given: str | None) -> None:
            page, _, key = (given or "").partition(":")
            if page:
                screen.shell.open_page(page, key)

        screen.shell.show(Pick(Message("station.faces"), choices), go)

    screen.shell.work(lambda: read(desk), found, name="faces")
