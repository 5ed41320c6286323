"""The board: a table that knows only the rows it shows, so that 70,000 cost what 70 do.

It draws by Textual's line API and reads in a worker's thread: the window around what is visible, one read at a
time. What it shows stands still: values change in place, and rows that are new wait at the bottom line as
``+n`` until the person lets them in. The cursor stays on its row by the row's key. A failed read never takes
the last good rows away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual import events
from textual.geometry import Region
from textual.message import Message as Event
from textual.strip import Strip
from textual.widget import Widget

from backend.words import Message
from screens.columns import EDGE, MARGIN, Cell, Column, lay_out
from screens.rows import Key, RowSource, View
from screens.shell import shell
from screens.widgets.board_lines import note, unusual, where
from screens.widgets.line import changed
from screens.widgets.moving import Moving
from screens.widgets.painter import Painter
from screens.widgets.reading import Answer, Ask, Loader, Want

R = TypeVar("R")


class Board(Moving, Widget, Generic[R], can_focus=True, inherit_bindings=False):
    """A virtual table with a cursor, marks, a view and a line that says where one is."""

    ALLOW_SELECT = False

    @dataclass
    class Opened(Event):
        """Enter on a row."""

        board: Board[Any]
        key: Key
        row: Any

    @dataclass
    class Moved(Event):
        """The cursor is on another row, or its row has changed; ``row`` is None on an empty board."""

        board: Board[Any]
        key: Key | None
        row: Any

        def can_replace(self, message: Event) -> bool:
            return isinstance(message, Board.Moved) and message.board is self.board

    @dataclass
    class Settled(Event):
        """A read has ended, well or not."""

        board: Board[Any]

    @dataclass
    class Changed(Event):
        """The view or the marks are others: worth remembering."""

        board: Board[Any]

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
        self.error: Message | None = None
        """Why the last read failed; the rows are then those of `read_at`."""
        self.read_at: int | None = None
        self.several = False
        """The screen has other boards too: the bar is drawn only where the keys go, elsewhere a pointer."""
        self._empty = empty
        self._load = load
        self._source: RowSource[R] | None = None
        self._rows: dict[int, R | None] = {}
        self._gone: set[int] = set()
        self._key: Key | None = None
        self._wanted: Want | None = None
        self._reading = False
        self._painter: Painter | None = None
        self._bottom_line: Strip | None = None
        self._strips: dict[tuple[int, bool, bool, bool, bool], tuple[Any, Strip]] = {}

    # What others ask of it.

    def attach(self, load: Loader[R]) -> None:
        """Say where the rows come from, and read them."""
        self._load = load
        self.want(Want.ORDER)

    def recolumn(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns: the rows that follow are of another kind."""
        if tuple(columns) != self.columns:
            self.columns = tuple(columns)
            self._painter = None
            self._rows = {}
            self._strips.clear()

    def show(self, view: View) -> None:
        """Ask for another view; the cursor stays on its row where that is still there."""
        if view == self.view and self._source is not None:
            return
        self.view = view
        self.post_message(self.Changed(self))
        self.want(Want.ORDER)
        self._refresh_heading()
        self._refresh_bottom()

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

    def relook(self) -> None:
        """Draw anew: another language, theme or minute. Lines that come out the same are not sent again."""
        before = [self.render_line(y) for y in range(self.size.height)] if self.is_attached else []
        self._painter = None
        self._strips.clear()
        for y, old in enumerate(before):
            if self.render_line(y) != old:
                self._refresh_line(y)

    # Reading.

    def want(self, what: Want) -> None:
        """Ask for a read; one runs at a time, and what was asked meanwhile runs after it as one."""
        self._wanted = max(self._wanted or what, what)
        if self._reading or self._load is None or not self.is_attached or not self.size.height:
            return
        want, self._wanted, self._reading = self._wanted, None, True
        ask = Ask(
            want, self._load, self.view, self._source, self._key, self.cursor, self.top, self.height_of_rows
        )
        shell(self).work(ask.read, self._answered, failed=self._failed, name=f"board {self.id or ''}")

    def _answered(self, answer: Answer[R]) -> None:
        self._reading = False
        if not self.is_attached:
            return
        if answer.view != self.view:
            self.want(Want.ORDER)
            return
        self.error = None
        self.read_at = shell(self).now()
        if answer.want is Want.ORDER:
            self._take_order(answer)
        else:
            self._take_values(answer)
        self.post_message(self.Settled(self))
        if self._wanted is not None:
            self.want(self._wanted)
        elif not self._covered():
            self.want(Want.WINDOW)

    def _take_order(self, answer: Answer[R]) -> None:
        self._source, self.count, self.news = answer.source, answer.count, 0
        self.cursor, self.top = answer.cursor, answer.top
        self._rows = dict(enumerate(answer.rows, answer.offset))
        self._gone = {place for place, row in self._rows.items() if row is None}
        self._key = answer.source.key_at(self.cursor) if self.count else None
        self._strips.clear()
        self.refresh()
        self._tell_moved()

    def _take_values(self, answer: Answer[R]) -> None:
        before = self._rows
        self._source = answer.source
        self._rows = {}
        for place, row in enumerate(answer.rows, answer.offset):
            old = before.get(place)
            if row is None:
                self._gone.add(place)
            # An equal row keeps the object whose strip is kept.
            self._rows[place] = old if row is None or row == old else row
            if self._rows[place] is not old or (row is None and old is not None):
                self._refresh_row(place)
        if self.cursor in before and self._rows.get(self.cursor) is not before[self.cursor]:
            self._tell_moved()
        if answer.want is Want.VALUES:
            self.news = answer.news
            self._refresh_bottom()

    def _failed(self, why: Message) -> None:
        self._reading = False
        if not self.is_attached:
            return
        self.error = why
        if self._source is None:
            self.refresh()
        else:
            self._refresh_bottom()
        self.post_message(self.Settled(self))

    def _covered(self) -> bool:
        """Whether what is visible has been read, with half a screen to spare."""
        height = self.height_of_rows
        first = max(0, self.top - height // 2)
        last = min(self.count, self.top + height + height // 2) - 1
        return last < first or (first in self._rows and last in self._rows)

    # Moving.

    def move(self, to: int) -> None:
        """Put the cursor on the row at ``to`` (kept within the rows)."""
        if not self.count:
            return
        to = max(0, min(to, self.count - 1))
        was, top, height = self.cursor, self.top, self.height_of_rows
        self.cursor = to
        self.top = min(max(top, to - height + 1), to)
        if self._source is not None:
            self._key = self._source.key_at(to)
        if self.top != top:
            self.refresh(Region(0, 1, self.size.width, height))
        elif to != was:
            self._refresh_row(was)
            self._refresh_row(to)
        self._refresh_bottom()
        if not self._covered():
            self.want(Want.WINDOW)
        if to != was:
            self._tell_moved()

    def _tell_moved(self) -> None:
        self.post_message(self.Moved(self, self._key, self.row))

    def move_by(self, lines: int) -> None:
        self.move(self.cursor + lines)

    def page_lines(self) -> int:
        return self.height_of_rows

    # The view.

    def do_board_sort(self) -> None:
        """Sort by the next column, and after the last one in the screen's own order."""
        keys = ["", *(column.key for column in self.columns if column.sortable)]
        here = keys.index(self.view.sort) if self.view.sort in keys else 0
        self.show(View(self.view.facet, self.view.filter, keys[(here + 1) % len(keys)], False))

    def do_board_reverse(self) -> None:
        self.show(View(self.view.facet, self.view.filter, self.view.sort, not self.view.reverse))

    def do_board_news(self) -> None:
        """Let the new rows in."""
        self.want(Want.ORDER)

    def do_board_open(self) -> None:
        if (row := self.row) is not None and self._key is not None:
            self.post_message(self.Opened(self, self._key, row))

    def do_board_mark(self) -> None:
        """Mark the row, or take its mark off, and go one down."""
        if self._key is None:
            return
        self.marks ^= {self._key}
        self._refresh_row(self.cursor)
        self._refresh_bottom()
        self.post_message(self.Changed(self))
        self.move(self.cursor + 1)

    def do_board_unmark(self) -> None:
        if self.marks:
            self.marks = set()
            self.refresh()
            self.post_message(self.Changed(self))

    # Drawing.

    def render_line(self, y: int) -> Strip:
        painter = self._paint()
        if y == 0:
            return painter.heading(self.view)
        if y == self.size.height - 1:
            self._bottom_line = painter.line(self._bottom())
            return self._bottom_line
        place = self.top + y - 1
        if self._source is None or not self.count:
            return painter.line(self._note() if y == 2 else ())
        if place >= self.count:
            return painter.line(())
        row, cursor, gone = self._rows.get(place), place == self.cursor, place in self._gone
        marked = bool(self.marks) and self._source.key_at(place) in self.marks
        pale = cursor and self.several and not self.has_focus
        token = (place, cursor, marked, gone, pale)
        held = self._strips.get(token)
        if held is None or held[0] is not row:
            if len(self._strips) > 8 * self.height_of_rows:
                self._strips.clear()
            strip = painter.row(row, cursor=cursor, marked=marked, gone=gone, pale=pale)
            held = self._strips[token] = (row, strip)
        return held[1]

    def _paint(self) -> Painter:
        width, around = self.size.width, shell(self)
        if self._painter is None or self._painter.cells != width:
            self._strips.clear()
            self._painter = Painter(
                lay_out(self.columns, width - EDGE - MARGIN),
                width,
                around.look,
                around.palette,
                self.rich_style,
            )
        return self._painter

    def _note(self) -> list[Cell]:
        return note(
            shell(self).look,
            read=self._source is not None,
            error=self.error,
            view=self.view,
            empty=self._empty,
        )

    def _bottom(self) -> list[Cell]:
        look = shell(self).look
        stale = self.error if self._source is not None else None
        return [
            where(self.cursor, self.count, read=self._source is not None),
            *unusual(look, self.news, len(self.marks), self.view, stale, self.read_at),
        ]

    def _refresh_row(self, place: int) -> None:
        y = place - self.top + 1
        if 1 <= y <= self.height_of_rows:
            self._refresh_line(y)

    def _refresh_line(self, y: int) -> None:
        self.refresh(Region(0, y, self.size.width, 1))

    def _refresh_heading(self) -> None:
        self._refresh_line(0)

    def _refresh_bottom(self) -> None:
        """Send what has changed in the bottom line, mostly where the cursor is: a few cells a step."""
        y, before = self.size.height - 1, self._bottom_line
        if before is None or y < 0:
            self._refresh_line(y)
        elif (span := changed(before, self.render_line(y))) is not None:
            self.refresh(Region(span[0], y, span[1] - span[0], 1))

    # Events of the terminal.

    def on_resize(self, _event: events.Resize) -> None:
        if self.count:
            height = self.height_of_rows
            self.top = max(0, min(self.cursor, max(self.top, self.cursor - height + 1)))
        self.refresh()
        first = self._source is None
        self.want(Want.ORDER if first else self._wanted or Want.WINDOW)

    def on_focus(self) -> None:
        if self.several:
            self._refresh_row(self.cursor)

    def on_blur(self) -> None:
        if self.several:
            self._refresh_row(self.cursor)

    def on_click(self, event: events.Click) -> None:
        if 1 <= event.y <= self.height_of_rows:
            self.move(self.top + event.y - 1)

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        self.move(self.cursor + 3)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        self.move(self.cursor - 3)
