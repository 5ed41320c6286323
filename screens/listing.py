"""What every screen with rows in it can do with them: filter them, keep all of them as a CSV file, take that back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from backend.words import Outcome
from screens.columns import Column
from screens.copies import as_csv
from screens.frame import GridScreen
from screens.rows import View
from screens.widgets.board import Board

if TYPE_CHECKING:
    from screens.widgets.filter_line import FilterLine


def save_rows(
    screen: GridScreen, name: str, columns: Sequence[Column[Any]], read: Callable[[], Sequence[Any]]
) -> None:
    """Write rows to a CSV file of the person's own, and tell where; ``read`` gives them, in a thread."""
    look, around = screen.look, screen.shell

    def save() -> Outcome:
        rows = read()
        path = around.export(f"{name}.csv", as_csv(columns, rows, look))
        return Outcome.done("ui.saved", count=len(rows), path=path)

    around.work(save, around.tell, name="save CSV")


class Listing(GridScreen):
    """A screen with one board or several; ``board`` is the one that the keys go to."""

    _filtered: Board[Any] | None = None
    """The board whose filter is being typed."""

    @property
    def board(self) -> Board[Any]:
        """The board that one is in."""
        return self.query_one(Board)

    def do_board_filter(self, text: str | None = None) -> None:
        """Open the line that a filter is typed into."""
        self._filtered = self.board
        if text is not None:
            self.filter(text)
            return
        # Imported and made when it is first wanted: the framework's input takes a tenth of the start otherwise.
        from screens.widgets.filter_line import FilterLine

        line = next(iter(self.query(FilterLine)), None)
        if line is None:
            line = FilterLine()
            self.mount(line, after=self._filtered)
        else:
            self.move_child(line, after=self._filtered)
        line.begin(self._filtered.view.filter)

    def filter(self, text: str) -> None:
        """Show only rows with these words."""
        board = self._filtered or self.board
        view = board.view
        board.show(View(view.facet, text.strip(), view.sort, view.reverse))

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        self.filter(event.text)

    def on_filter_line_closed(self, event: FilterLine.Closed) -> None:
        self.filter(event.text)
        (self._filtered or self.board).focus()

    def do_board_save(self) -> None:
        """All that the board shows, as a CSV file."""
        board = self.board
        save_rows(self, board.id or self.NAME, board.columns, board.everything)

    def do_app_back(self) -> None:
        """Esc: take the filter off, then the marks; then leave, where the screen lies over another one."""
        board = self.board
        if board.view.filter:
            self._filtered = board
            self.filter("")
        elif board.marks:
            board.do_board_unmark()
        else:
            self.shell.leave()
