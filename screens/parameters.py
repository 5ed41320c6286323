"""A page of one of a station's parameters: left and right turn to the next one, and which it was is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from screens.base import PageScreen

D = TypeVar("D")


class ParameterPage(PageScreen[D]):
    """The page; it reads `_parameter`, and says of what it has read which there are."""

    _parameter = ""
    """Its code; the first that there is where empty."""

    def choice(self, data: D) -> tuple[Sequence[str], str]:
        """For a page to fill in: the parameters to turn through, and the one that is shown."""
        raise NotImplementedError

    def remember(self) -> dict[str, Any]:
        return {"parameter": self._parameter}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self._parameter = str(kept.get("parameter", "")) or self._parameter

    def do_move_next_tab(self) -> None:
        """The next parameter."""
        self._turn(1)

    def do_move_previous_tab(self) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        desk = self.shell.desk
        if self.data is None or desk is None:
            return
        names, shown = self.choice(self.data)
        self._parameter = names[(names.index(shown) + step) % len(names)]
        self.changed(desk)
