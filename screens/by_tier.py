"""Boards whose columns depend on who looks: below the city the county is known, and the townships differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from screens.base import BoardScreen
from screens.columns import Column

if TYPE_CHECKING:
    from backend.desk.desk import Desk


class TierBoard(BoardScreen[Any]):
    """A board that leaves out the column of the area that is known where one sits, and tells counts on its tabs."""

    AREAS: ClassVar[tuple[Column[Any], Column[Any]]]
    """The columns of the county and of the township."""

    def columns_for(self, facet: str) -> Sequence[Column[Any]]:
        """All columns of a tab, for a screen to fill in."""
        raise NotImplementedError

    def count(self, desk: Desk) -> None:
        """Read how many there are behind each tab, for a screen to fill in."""
        raise NotImplementedError

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:
        county, township = self.AREAS
        desk = self.shell.desk
        left_out = township if desk is None or desk.actor.tier == "M" else county
        return [column for column in self.columns_for(facet) if column is not left_out]

    def opened(self, desk: Desk) -> None:
        # Who sits here is known now, and with that which columns tell something.
        self.board.recolumn(self.columns_of(self.board.view.facet))
        super().opened(desk)
        self.count(desk)

    def changed(self, desk: Desk) -> None:
        super().changed(desk)
        self.count(desk)
