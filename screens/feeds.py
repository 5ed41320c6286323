"""The feeds board 数据接入: which feeds bring data, which do not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from backend.words import Message, Outcome
from screens import feed_cells
from screens.base import BoardScreen
from screens.columns import Cell, Column
from screens.dialogs.sure import Sure
from screens.faces import choose_face
from screens.frame import GridScreen
from screens.look import Look
from screens.rows import RowSource, View, arrange

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.faces import Face
    from backend.desk.feeds import FeedRow

STATES = ("open", "failing", "late", "new", "ok", "off")


def _state_order(row: FeedRow) -> int:
    return STATES.index(row.state) if row.state in STATES else len(STATES)


def _count(number: int, tone: str = "") -> Cell:
    return Cell(f"{number:,}", tone if number else "dim")


COLUMNS = (
    Column[Any]("feed", "feedscreen.column.feed", lambda row, _look: row.name or row.code, 14, flex=3, most=48,
                first=22, order=lambda row: row.code),
    Column[Any]("state", "feedscreen.column.state", feed_cells.state, 14, flex=1, most=14,
                order=_state_order),
    Column[Any]("newest", "feedscreen.column.newest", lambda row, look: look.moment(row.newest), 11, flex=1, most=11,
                order=lambda row: row.newest),
    Column[Any]("ok", "feedscreen.column.ok", lambda row, look: Cell(look.moment(row.ok_at), "dim"), 11, flex=1,
                most=11, rank=2, order=lambda row: row.ok_at),
    Column[Any]("next", "feedscreen.column.next", feed_cells.next_poll, 11, flex=1, most=11, rank=3,
                order=lambda row: row.next_at if row.every else None),
    Column[Any]("failures", "feedscreen.column.failures", lambda row, _look: _count(row.failures, "bad"), 5,
                align="right", rank=1, order=lambda row: row.failures),
    Column[Any]("records", "feedscreen.column.records", lambda row, _look: _count(row.records), 9, flex=1, most=9,
                align="right", rank=4, order=lambda row: row.records),
    Column[Any]("asides", "feedscreen.column.asides", lambda row, _look: _count(row.asides, "warn"), 6,
                align="right", rank=1, order=lambda row: row.asides),
    Column[Any]("error", "feedscreen.column.error", feed_cells.note, 14, flex=4, first=40),
)  # fmt: skip


class FeedActs(GridScreen):
    """A screen with a feed selected, and the acts on it."""

    @property
    def feed(self) -> FeedRow | None:
        """The feed that is selected."""
        raise NotImplementedError

    def refusal(self, act: str) -> Message | None:
        """Why an act is off, in the desk's own words."""
        row, desk = self.feed, self.shell.desk
        if row is None or desk is None:
            return Message("ui.off.no_row")
        from backend.desk import feeds

        return feeds.refusals(desk, row).get(act)

    def do_board_faces(self) -> None:
        """Where one can go from the feed: its outage, the tasks about it, its stations."""
        if (row := self.feed) is not None:
            choose_face(self, partial(_faces, code=row.code, here=self.NAME))

    def do_feed_poll(self) -> None:
        """Ask for it at the next turn of the jobs."""
        if (row := self.feed) is not None:
            self.act(partial(_poll, feed=row.id))

    def do_feed_switch(self) -> None:
        """Switch it on or off, after a question."""
        row = self.feed
        if row is None:
            return
        to = "off" if row.enabled else "on"
        question = Sure(
            Message(f"feedscreen.switch.{to}", {"feed": row.name or row.code}),
            [Message(f"feedscreen.switch.about_{to}" if row.every else f"feedscreen.switch.pushed_{to}")],
        )
        self.sure(question, lambda: self.act(partial(_switch, feed=row.id, on=not row.enabled)))


class Feeds(FeedActs, BoardScreen["FeedRow"]):
    """All feeds, those in trouble first; under the board what the selected one's state means."""

    NAME: ClassVar[str] = "feeds"
    COLUMNS = COLUMNS
    EMPTY = "feedscreen.empty"

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[FeedRow]:
        from backend.desk import feeds

        return arrange(
            feeds.board(desk), view, COLUMNS, look, key=lambda row: row.code,
            also=lambda row: f"{row.code}|{row.adapter}|{row.url}",
        )  # fmt: skip

    def opens(self, row: FeedRow) -> tuple[str, str]:
        return "feed", row.code

    def do_feed_asides(self) -> None:
        """What was put aside of it is on its page."""
        if (row := self.row) is not None:
            self.shell.open_page("feed", row.code)

    @property
    def feed(self) -> FeedRow | None:
        return self.row


def _faces(desk: Desk, code: str, here: str) -> Sequence[Face]:
    from backend.desk import feeds

    found = feeds.faces(desk, code)
    return found[1:] if here == "feed" else found


def _poll(desk: Desk, feed: int) -> Outcome:
    from backend.desk import feeds

    return feeds.poll_soon(desk, feed)


def _switch(desk: Desk, feed: int, on: bool) -> Outcome:
    from backend.desk import feeds

    return feeds.switch(desk, feed, on=on)
