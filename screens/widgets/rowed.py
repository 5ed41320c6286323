"""The rows of a board: which order, which window, where the cursor is, and when what is read again.

It reads in a worker's thread, one read at a time: the window around what is visible. What it holds stands still: values
change in place, and rows that are new wait until the person lets them in. The cursor stays on its row by the row's
key. A failed read never takes the last good rows away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.geometry import Region
from textual.widget import Widget

from backend.words import Message
from screens.columns import Column
from screens.rows import Key, RowSource, View
from screens.shell import shell
from screens.widgets.moving import Moving
from screens.widgets.reading import Answer, Ask, Loader, Want

R = TypeVar("R")


class Rowed(Moving, Widget, Generic[R], inherit_bindings=False):
    """Rows with a cursor, marks and a view; `screens.widgets.board.Board` draws them."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        load: Loader[R] | None = None,
        *,
        empty: str = "ui.board.empty",
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        """A board of ``columns``; ``load`` may come later (`attach`), until then it says that it is opening."""
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.view = View()
        self.marks: set[Key] = set()
        self.cursor = 0
        self.top = 0
        self.count = 0
        self.news = 0
        self.new: tuple[R, ...] = ()
        """The first of the rows that wait to be let in."""
        self.error: Message | None = None
        """Why the last read failed; the rows are then those of `read_at`."""
        self.read_at: int | None = None
        self.several = False
        """The screen has other boards too: the bar is drawn only where the keys go, elsewhere a pointer."""
        self.empty = empty
        """The code of what an empty board says."""
        self._load = load
        self._source: RowSource[R] | None = None
        self._rows: dict[int, R | None] = {}
        self._gone: set[int] = set()
        self._key: Key | None = None
        self._left: dict[str, Key | None] = {}
        """By tab the row that it was left at."""
        self._turned = False
        """Another tab is shown, and has not been read yet."""
        self._wanted: Want | None = None
        self._reading = False
        self.forget_drawn(columns=True)

    # For the board to fill in.

    def told_moved(self) -> None:
        """The cursor is on another row, or its row has changed."""
        raise NotImplementedError

    def told_settled(self) -> None:
        """A read has ended, well or not."""
        raise NotImplementedError

    def told_changed(self) -> None:
        """The view or the marks are others."""
        raise NotImplementedError

    def forget_drawn(self, *, columns: bool = False) -> None:
        """What was drawn is of other rows, or of other columns too."""
        raise NotImplementedError

    def refresh_bottom(self) -> None:
        """The line that says where one is has changed."""
        raise NotImplementedError

    def refresh_line(self, y: int) -> None:
        """Draw one line anew."""
        self.refresh(Region(0, y, self.size.width, 1))

    def refresh_row(self, place: int) -> None:
        """Draw one row anew, where it is visible."""
        y = place - self.top + 1
        if 1 <= y <= self.height_of_rows:
            self.refresh_line(y)

    # What others ask of it.

    def attach(self, load: Loader[R]) -> None:
        """Say where the rows come from, and read them; what somebody else saw here is gone at once."""
        self._source, self._rows, self.count = None, {}, 0
        self.renew(load)

    def renew(self, load: Loader[R]) -> None:
        """The same thing's rows come from elsewhere now, and are read; those that are shown stand until then."""
        self._load = load
        self.want(Want.ORDER)

    def recolumn(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns: the rows that follow are of another kind."""
        if tuple(columns) != self.columns:
            self.columns = tuple(columns)
            self._rows = {}
            self.forget_drawn(columns=True)

    def show(self, view: View) -> None:
        """Ask for another view; the cursor stays on its row where that is still there.

        Where another tab does not have it, it is where that tab was left, or on its first row.
        """
        if view == self.view and self._source is not None:
            return
        if view.facet != self.view.facet:
            self._turned = True
            self._left[self.view.facet] = self._key
        self.view = view
        self.told_changed()
        self.want(Want.ORDER)
        self.refresh_line(0)
        self.refresh_bottom()

    def reload(self) -> None:
        """Read the values anew, and count what is new; the order stays."""
        self.want(Want.VALUES if self.count else Want.ORDER)

    def select(self, key: Key | None) -> None:
        """Put the cursor on a row by its key, now or once it has been read."""
        self._key = key
        if self._source is not None:
            self.want(Want.ORDER)

    @property
    def key(self) -> Key | None:
        """The key of the row under the cursor."""
        return self._key

    def place_key(self, place: int) -> Key | None:
        """The key of the row at ``place``; None where there is none."""
        # Not ``key_at``: the framework would call that when @ is pressed.
        return self._source.key_at(place) if self._source is not None and 0 <= place < self.count else None

    @property
    def row(self) -> R | None:
        """The row under the cursor, None where there is none or it has not been read yet."""
        return self._rows.get(self.cursor)

    @property
    def height_of_rows(self) -> int:
        """Lines for rows: all but the heading and the bottom line."""
        return max(1, self.size.height - 2)

    def shown(self) -> list[R]:
        """The rows on the screen, from the top."""
        visible = range(self.top, min(self.count, self.top + self.height_of_rows))
        return [row for place in visible if (row := self._rows.get(place)) is not None]

    def marked(self) -> list[R]:
        """The marked rows that have been read, from the top; without marks the one under the cursor."""
        if not self.marks or self._source is None:
            return [] if self.row is None else [self.row]
        places = sorted(place for key in self.marks if (place := self._source.locate(key)) is not None)
        return [row for place in places for row in self._source.window(place, 1) if row is not None]

    def everything(self) -> list[R]:
        """All rows of the view, read now. For a thread: it may take a while."""
        source = self._source
        return [row for row in source.window(0, source.count()) if row is not None] if source else []

    # Reading.

    def want(self, what: Want) -> None:
        """Ask for a read; one runs at a time, and what was asked meanwhile runs after it as one."""
        self._wanted = max(self._wanted or what, what)
        if self._reading or self._load is None or not self.is_attached or not self.size.height:
            return
        want, self._wanted, self._reading = self._wanted, None, True
        ask = Ask(
            want,
            self._load,
            self.view,
            self._source,
            self._key,
            self.cursor,
            self.top,
            self.height_of_rows,
            self._turned,
            self._left.get(self.view.facet),
        )
        shell(self).work(
            ask.read,
            lambda answer: self._answered(answer, ask),
            failed=lambda why: self._failed(why, ask),
            name=f"board {self.id or ''}",
        )

    def _answered(self, answer: Answer[R], ask: Ask[R]) -> None:
        self._reading = False
        if not self.is_attached:
            return
        if answer.view != self.view or ask.load is not self._load:
            # Asked for another view, or before somebody else sat down: nothing of it is shown.
            self.want(Want.ORDER)
            return
        self.error = None
        self.read_at = shell(self).now()
        if answer.want is Want.ORDER:
            self._take_order(answer, ask.key)
        else:
            self._take_values(answer)
        self.told_settled()
        if self._wanted is not None:
            self.want(self._wanted)
        elif not self._covered():
            self.want(Want.WINDOW)

    def _take_order(self, answer: Answer[R], asked: Key | None) -> None:
        self._source, self.count, self.news, self.new = answer.source, answer.count, 0, ()
        self.cursor, self.top, self._turned = answer.cursor, answer.top, False
        if self._key is not None and self._key != asked:
            # The cursor was moved while this was read: it stays where the person has put it.
            place = answer.source.locate(self._key)
            if place is not None:
                self.cursor = place
                self.top = min(max(self.top, place - self.height_of_rows + 1), place)
        self._rows = dict(enumerate(answer.rows, answer.offset))
        self._gone = {place for place, row in self._rows.items() if row is None}
        self._key = answer.source.key_at(self.cursor) if self.count else None
        self.forget_drawn(columns=True)
        self.refresh()
        self.told_moved()

    def _take_values(self, answer: Answer[R]) -> None:
        before = self._rows
        self._source = answer.source
        self._rows = {}
        for place, row in enumerate(answer.rows, answer.offset):
            old = before.get(place)
            if row is None:
                self._gone.add(place)
                self._forget_mark(answer.source.key_at(place))
            # An equal row keeps the object whose strip is kept.
            self._rows[place] = old if row is None or row == old else row
            if self._rows[place] is not old or (row is None and old is not None):
                self.refresh_row(place)
        if self._rows.get(self.cursor) is not before.get(self.cursor):
            self.told_moved()
        if answer.want is Want.VALUES:
            self.news, self.new = answer.news, answer.new
            self.refresh_bottom()

    def _forget_mark(self, key: Key | None) -> None:
        """What is gone can't be acted on, and would be counted."""
        if key is not None and key in self.marks:
            self.marks = self.marks - {key}
            self.refresh_bottom()
            self.told_changed()

    def _failed(self, why: Message, ask: Ask[R]) -> None:
        self._reading = False
        if not self.is_attached:
            return
        if ask.load is not self._load:
            self.want(Want.ORDER)
            return
        self.error = why
        if self._source is None:
            self.refresh()
        else:
            self.refresh_bottom()
        self.told_settled()

    def _covered(self) -> bool:
        """Whether what is visible has been read, with half a screen to spare."""
        height = self.height_of_rows
        first = max(0, self.top - height // 2)
        last = min(self.count, self.top + height + height // 2) - 1
        return last < first or (first in self._rows and last in self._rows)

    @property
    def awaited(self) -> bool:
        """The row under the cursor is being read."""
        return self.count > 0 and self.cursor not in self._rows

    # Moving.

    def move(self, to: int) -> None:
        """Put the cursor on the row at ``to`` (kept within the rows)."""
        if not self.count:
            return
        to = max(0, min(to, self.count - 1))
        was, top, height = self.cursor, self.top, self.height_of_rows
        self.cursor = to
        self.top = min(max(top, to - height + 1), to)
        if self.top != top and abs(to - was) == 1 and self._turns():
            self.top = max(0, min(to - height // 2, self.count - height))
        if self._source is not None:
            self._key = self._source.key_at(to)
        if self.top != top:
            self.refresh(Region(0, 1, self.size.width, height))
        elif to != was:
            self.refresh_row(was)
            self.refresh_row(to)
        self.refresh_bottom()
        if not self._covered():
            self.want(Want.WINDOW)
        if to != was:
            self.told_moved()

    def _turns(self) -> bool:
        """Whether a step over the edge turns half a page: a terminal scrolls whole lines, and beside a pane there are
        none, so that each step over the edge would cost the board."""
        return self.size.width < self.app.size.width

    def move_by(self, lines: int) -> None:
        self.move(self.cursor + lines)

    def page_lines(self) -> int:
        return self.height_of_rows
