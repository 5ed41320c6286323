"""The board: a table that knows only the rows it shows, so that 70,000 cost what 70 do.

It draws by Textual's line API what `screens.widgets.rowed` holds, and says what a person did with it. What is new
waits at the bottom line as ``+n``; a line that comes out the same is not sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from textual import events
from textual.geometry import Region
from textual.message import Message as Event
from textual.strip import Strip

from backend.text import fold
from backend.words import Message
from screens.columns import EDGE, MARGIN, Cell, cells_needed, lay_out
from screens.look import Look
from screens.rows import Key, View
from screens.shell import shell
from screens.widgets.board_lines import note, unusual, where
from screens.widgets.line import changed
from screens.widgets.painter import Painter
from screens.widgets.reading import Want
from screens.widgets.rowed import Rowed

R = TypeVar("R")


class Board(Rowed[R], can_focus=True, inherit_bindings=False):
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

    _painter: Painter | None = None
    _needs: tuple[str, dict[str, int]] | None = None
    """The language and the cells that the columns need for the rows as they were first shown: a change of a value
    moves no column."""
    _bottom_line: Strip | None = None
    _strips: dict[tuple[int, bool, bool, bool, bool], tuple[Any, Strip]]

    # What its rows tell.

    def told_moved(self) -> None:
        self.post_message(self.Moved(self, self._key, self.row))

    def told_settled(self) -> None:
        self.post_message(self.Settled(self))

    def told_changed(self) -> None:
        self.post_message(self.Changed(self))

    def forget_drawn(self, *, columns: bool = False) -> None:
        self._strips = {}
        if columns:
            self._painter = self._needs = None

    # The view.

    def do_board_sort(self, name: str = "") -> None:
        """Sort by the column of that name, or by the next one; after the last one in the screen's own order."""
        keys = ["", *(column.key for column in self.columns if column.sortable)]
        if name:
            self._sort_by(fold(name))
            return
        here = keys.index(self.view.sort) if self.view.sort in keys else 0
        self.show(View(self.view.facet, self.view.filter, keys[(here + 1) % len(keys)], False))

    def _sort_by(self, name: str) -> None:
        """By the column that is called so, in part or whole; its name in `Column.key` will do too."""
        look = shell(self).look
        called = {fold(look.word(one.title)): one.key for one in self.columns if one.sortable}
        called |= {fold(one.key): one.key for one in self.columns if one.sortable}
        key = called.get(name) or next((called[word] for word in called if word.startswith(name)), None)
        if key is None:
            told = " ".join(look.word(one.title) for one in self.columns if one.sortable)
            shell(self).tell(Message("ui.sort.unknown", {"column": name, "columns": told}))
        else:
            self.show(View(self.view.facet, self.view.filter, key, False))

    def do_board_reverse(self) -> None:
        self.show(View(self.view.facet, self.view.filter, self.view.sort, not self.view.reverse))

    def do_board_news(self) -> None:
        """Let the new rows in."""
        self.want(Want.ORDER)

    def do_board_open(self) -> None:
        if (row := self.row) is not None and self._key is not None:
            self.post_message(self.Opened(self, self._key, row))

    def do_board_mark(self) -> None:
        """Mark the row, or take its mark off, and go one down; one that is gone is nothing to act on."""
        if self._key is None:
            return
        if self.cursor in self._gone:
            shell(self).tell(Message("ui.board.gone"))
            return
        self.marks ^= {self._key}
        self.refresh_row(self.cursor)
        self.refresh_bottom()
        self.told_changed()
        self.move(self.cursor + 1)

    def do_board_unmark(self) -> None:
        if self.marks:
            self.marks = set()
            self.refresh()
            self.told_changed()

    # Drawing.

    def relook(self) -> None:
        """Draw anew: another language, theme or minute. Lines that come out the same are not sent again."""
        before = [self.render_line(y) for y in range(self.size.height)] if self.is_attached else []
        self._widen()
        self._painter = None
        self._strips.clear()
        for y, old in enumerate(before):
            if self.render_line(y) != old:
                self.refresh_line(y)

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
            look = around.look
            if self._needs is None or self._needs[0] != look.language:
                held = [row for row in self._rows.values() if row is not None]
                self._needs = look.language, cells_needed(self.columns, held, look) if held else {}
            needs = self._needs[1] or None
            self._painter = Painter(
                lay_out(self.columns, width - EDGE - MARGIN, needs, look),
                width,
                look,
                around.palette,
                self.rich_style,
            )
        return self._painter

    def _widen(self) -> None:
        """Let columns grow whose texts have grown with the time: past midnight an hour is told with its day."""
        look = shell(self).look
        if self._painter is None or self._needs is None or self._needs[0] != look.language:
            return
        held, fresh = self._needs[1], cells_needed(self.columns, filter(None, self._rows.values()), look)
        grown = any(
            fresh[column.key] > max(width, held.get(column.key, 0)) for column, width in self._painter.places
        )
        if grown:
            self._needs = look.language, {key: max(need, held.get(key, 0)) for key, need in fresh.items()}

    def _note(self) -> list[Cell]:
        return note(
            shell(self).look,
            read=self._source is not None,
            error=self.error,
            view=self.view,
            empty=self.empty,
        )

    def _bottom(self) -> list[Cell]:
        look = shell(self).look
        stale = self.error if self._source is not None else None
        return [
            *where(self.cursor, self.count, read=self._source is not None),
            *unusual(look, self.news, self._worst(look), len(self.marks), self.view, stale, self.read_at),
        ]

    def _worst(self, look: Look) -> Cell | None:
        """How grave the gravest is of the rows that wait to be let in, on boards that tell that of a row."""
        grave = next((column for column in self.columns if column.key == "priority"), None)
        if grave is None or grave.order is None or not self.new:
            return None
        return grave.cell(min(self.new, key=grave.order), look)

    def refresh_bottom(self) -> None:
        """Send what has changed in the bottom line, mostly where the cursor is: a few cells a step."""
        y, before = self.size.height - 1, self._bottom_line
        if before is None or y < 0:
            self.refresh_line(y)
        elif (span := changed(before, self.render_line(y))) is not None:
            self.refresh(Region(span[0], y, span[1] - span[0], 1))

    # Events of the terminal.

    def on_resize(self, _event: events.Resize) -> None:
        if self.count:
            height = self.height_of_rows
            # No row stays hidden above where there is room for it below.
            self.top = max(0, min(self.cursor, max(self.top, self.cursor - height + 1), self.count - height))
        self.refresh()
        first = self._source is None
        self.want(Want.ORDER if first else self._wanted or Want.WINDOW)

    def on_focus(self) -> None:
        if self.several:
            self.refresh_row(self.cursor)

    def on_blur(self) -> None:
        if self.several:
            self.refresh_row(self.cursor)

    def on_click(self, event: events.Click) -> None:
        if 1 <= event.y <= self.height_of_rows:
            self.move(self.top + event.y - 1)

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        self.move(self.cursor + 3)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        self.move(self.cursor - 3)
