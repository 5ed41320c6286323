"""What every screen is made of, and how to write one.

How to write a screen
=====================

A screen is a module with a class, its ``.tcss`` beside it where it needs one, and words in
``backend/words/entries``. A screen with one board says what its columns are, where the rows come from, and what
Enter opens; all else (loading, empty, late, failed, sort, filter, marks, new rows, copies, coming back after a
dropped line, both languages) is done by `BoardScreen`::

    class Alarms(BoardScreen[AlarmRow]):
        NAME = "alarms"                      # its scope in `screens.actions`, and its memory
        COLUMNS = (
            Column("priority", "alarm.column.priority", lambda row, look: priority(row.priority, look), 6),
            Column("station", "alarm.column.station", lambda row, look: row.station, 12, flex=1),
            Column("since", "alarm.column.since", lambda row, look: look.moment(row.began), 11, rank=2,
                   order=lambda row: row.began),
        )
        TABS = (Tab("standing", "alarm.tab.standing"), Tab("all", "alarm.tab.all"))
        EMPTY = "alarm.empty"

        def load(self, desk, view, look):    # in a thread: import the desk's module here, never above
            from backend.desk import alarms

            rows = alarms.board(desk, only=view.facet)
            return arrange(rows, view, self.COLUMNS, look, key=lambda row: row.id)

        def opens(self, row):                # what Enter opens: a page's name and its key
            return "alarm", str(row.id)

        def refusal(self, act):              # why a key is off for the selected row; None where it is on
            return None if self.row is None else self.row.refusals.get(act)

        def do_alarm_acknowledge(self):      # an action of the table: ``do_<id with _ for .>``
            row = self.row
            self.act(lambda desk: alarms.acknowledge(desk, row.id))   # import inside the lambda's function

- An action is one line in ``screens/actions.py``, words under ``action.<id>``, and a method here, on the board, or
  on the app. It is called only when its ``off`` says nothing; otherwise the person is told why.
- ``self.act(fn)`` runs a command in a thread, shows its `Outcome` in the footer and reads the rows again.
  ``self.ask(form, fn)`` opens a form first; ``self.sure(question, fn)`` asks first (`screens.dialogs`).
- ``self.selected()`` is the marked keys, or the one under the cursor.
- Tabs whose rows want other columns: ``columns_of(facet)`` gives a tab's own.
- A page (one thing) derives from `PageScreen`, gets its key in the constructor, and is listed in
  ``screens/registry.py``; ``self.shell.open_page("task", key)`` opens it, Esc leaves it.
- Widgets name tones (`screens.tones`), never colours; texts come from ``look.word(code)`` or ``look.say(message)``.
- The framework calls an ``on_...`` handler of every class, the screen's own first: never call ``super()`` in one.
- Nothing of SQLAlchemy, SQLModel or httpx is imported when a screen's module is: the frame is painted first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult

from backend.words import Message
from screens.action import Action
from screens.columns import Column
from screens.copies import as_text
from screens.frame import GridScreen
from screens.listing import Listing
from screens.look import Look
from screens.rows import Key, RowSource, View
from screens.shell import shell
from screens.widgets.board import Board
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.desk import Desk

__all__ = ["BoardScreen", "GridScreen", "PageScreen"]

TABBING = ("move.next_tab", "move.previous_tab")
R = TypeVar("R")
D = TypeVar("D")


class PageScreen(GridScreen, Generic[D]):
    """One thing: a station, a task, an alarm. It knows its key, and Esc leaves it.

    A page says how its thing is read (`load`, in a thread) and shows it (`fill`); a read that fails leaves what is
    shown, with the reason in the footer.
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.data: D | None = None
        """What was read last."""
        self._reading = False
        self._again = False
        """Something changed while it was being read: what is on its way may be older than that."""

    # For a page to fill in.

    def load(self, desk: Desk) -> D | None:
        """Read the thing; None where it is no more. Runs in a thread."""
        raise NotImplementedError

    def fill(self, data: D) -> None:
        """Show what was read; called each time it differs."""

    # The frame.

    @property
    def slot(self) -> str:
        return f"{self.NAME}:{self.key}"

    def has_row(self) -> bool:
        return self.data is not None

    def opened(self, desk: Desk) -> None:
        self.wait()
        self._read(desk)

    def changed(self, desk: Desk) -> None:
        self._read(desk)

    def _read(self, desk: Desk) -> None:
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        self.shell.work(lambda: self.load(desk), self._answered, failed=self._failed, name=self.NAME)

    def _answered(self, data: D | None) -> None:
        self._reading = False
        if not self.stands:
            return
        self._received(data)
        self.come()

    def _received(self, data: D | None) -> None:
        if self._again and (desk := self.shell.desk) is not None:
            self._read(desk)
        if data is None:
            self.tell(Message("ui.page.gone", {"key": self.key}))
        elif data != self.data:
            first = self.data is None
            self.data = data
            self.fill(data)
            self.refresh_keys()
            if first:
                self.settled()

    def _failed(self, why: Message) -> None:
        self._reading = False
        self.come()
        self.shell.tell(why)


class BoardScreen(Listing, Generic[R]):
    """A screen of one board; see the module's text for what to declare."""

    KIND = "board"
    COLUMNS: ClassVar[Sequence[Column[Any]]] = ()
    TABS: ClassVar[Sequence[Tab]] = ()
    EMPTY: ClassVar[str] = "ui.board.empty"
    EMPTIES: ClassVar[Mapping[str, str]] = {}
    """What an empty tab says, by tab, where that is not `EMPTY`."""
    _own: Board[R] | None = None

    # For a screen to fill in.

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[R]:
        """The rows of a view. Runs in a thread."""
        raise NotImplementedError

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:  # noqa: ARG002 - for screens to use
        """The columns of a tab; the same for all unless a screen says otherwise."""
        return self.COLUMNS

    def opens(self, row: R) -> tuple[str, str] | None:  # noqa: ARG002 - for screens to use
        """The page that Enter opens: its name and its key."""
        return None

    def unfolds(self, row: R) -> bool:  # noqa: ARG002 - for screens to use
        """Whether Enter shows something of a row that has no page: `on_board_opened` of the screen does it."""
        return False

    def beside(self) -> ComposeResult:
        """Widgets under the board, such as a line about the selected row."""
        yield from ()

    def moved(self, row: R | None) -> None:
        """The cursor is on another row, or its row has changed."""

    # What a screen uses.

    @property
    def board(self) -> Board[R]:
        """The board; the same one before it is shown and after the screen was left, so that asking is always safe."""
        if self._own is None:
            first = self.TABS[0].key if self.TABS else ""
            self._own = Board[R](self.columns_of(first), empty=self._empty_of(first), id=f"{self.NAME}-board")
        return self._own

    def _empty_of(self, facet: str) -> str:
        return self.EMPTIES.get(facet, self.EMPTY)

    @property
    def row(self) -> R | None:
        """The row under the cursor."""
        return self.board.row

    def selected(self) -> list[Key]:
        """The marked rows' keys; without marks the one under the cursor."""
        board = self.board
        return list(board.marks) if board.marks else [] if board.key is None else [board.key]

    # The frame.

    def performs(self, what: Action) -> bool:
        return (bool(self.TABS) or what.id not in TABBING) and super().performs(what)

    def body(self) -> ComposeResult:
        if self.TABS:
            yield Tabs(self.TABS)
        yield self.board
        yield from self.beside()

    def on_mount(self) -> None:
        if self.TABS and not self.board.view.facet:
            self.board.view = View(facet=self.TABS[0].key)
        self.board.focus()

    def opened(self, desk: Desk) -> None:
        # The program, not the screen, is asked in the thread: a screen that has been left knows no program any more.
        around = shell(self)
        self.wait()
        self.board.attach(lambda view: self.load(desk, view, around.look))

    def changed(self, desk: Desk) -> None:  # noqa: ARG002 - the loader holds it
        self.board.reload()

    def has_row(self) -> bool:
        return self.board.row is not None

    def no_page(self) -> Message | None:
        row = self.board.row
        if row is None or self.opens(row) is not None or self.unfolds(row):
            return None
        return Message("ui.off.no_page")

    def remember(self) -> dict[str, Any]:
        view, key = self.board.view, self.board.key
        kept = {"facet": view.facet, "filter": view.filter, "sort": view.sort, "reverse": view.reverse}
        return {**kept, "key": key if isinstance(key, str | int) else None}

    def restore(self, kept: Mapping[str, Any]) -> None:
        facets = [tab.key for tab in self.TABS]
        facet, sort = str(kept.get("facet", "")), str(kept.get("sort", ""))
        facet = facet if facet in facets else facets[0] if facets else ""
        sorts = [column.key for column in self.columns_of(facet)]
        self.board.recolumn(self.columns_of(facet))
        self.board.empty = self._empty_of(facet)
        self.board.view = View(
            facet,
            str(kept.get("filter", "")),
            sort if sort in sorts else "",
            bool(kept.get("reverse")),
        )
        if self.TABS:
            self.query_one(Tabs).show(self.board.view.facet)
        self.board.select(kept.get("key"))

    def on_board_moved(self, event: Board.Moved) -> None:
        self.moved(event.row)
        # The line of keys is sent once, when it is known which are on.
        if not (event.board.awaited or self.closer_awaited()):
            self.refresh_keys()
        self.shell.noted()

    def closer_awaited(self) -> bool:
        """Whether something is being read of the row that decides which keys are on; `refresh_keys` comes after it."""
        return False

    def on_board_settled(self, event: Board.Settled) -> None:
        if event.board.error is None:
            self.settled()
        self.come()

    def on_board_changed(self, _event: Board.Changed) -> None:
        self.shell.noted()

    def on_board_opened(self, event: Board.Opened) -> None:
        page = self.opens(event.row)
        if page is not None:
            self.shell.open_page(*page)

    def do_board_copy(self) -> None:
        """The marked rows, or the one under the cursor, as plain text on the person's clipboard."""
        rows = self.board.marked()
        self.shell.copy(as_text(self.board.columns, rows, self.look))
        self.shell.tell(Message("ui.copied", {"count": len(rows)}))

    def turn_to(self, facet: str) -> None:
        """Show another tab."""
        view, columns = self.board.view, self.columns_of(facet)
        self.query_one(Tabs).show(facet)
        self.board.recolumn(columns)
        self.board.empty = self._empty_of(facet)
        sort = view.sort if any(column.key == view.sort for column in columns) else ""
        wanted = View(facet, view.filter, sort, view.reverse and sort == view.sort)
        if wanted != view:
            # The rows of the tab before still stand: the next key is not meant for them.
            self.wait()
        self.board.show(wanted)

    def do_move_next_tab(self) -> None:
        if self.TABS:
            self.turn_to(self.query_one(Tabs).beside(1))

    def do_move_previous_tab(self) -> None:
        if self.TABS:
            self.turn_to(self.query_one(Tabs).beside(-1))


class OverBoard(BoardScreen[R]):
    """A board over whatever one was doing: there is one of its name, and its key is not used."""

    def __init__(self, _key: str = "") -> None:
        super().__init__()

    @property
    def slot(self) -> str:
        return f"{self.NAME}:list"
