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
- A page (one thing) derives from `PageScreen`, gets its key in the constructor, and is listed in
  ``screens/registry.py``; ``self.shell.open_page("task", key)`` opens it, Esc leaves it.
- Widgets name tones (`screens.tones`), never colours; texts come from ``look.word(code)`` or ``look.say(message)``.
- Nothing of SQLAlchemy, SQLModel or httpx is imported when a screen's module is: the frame is painted first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget

from backend.words import Message, Outcome
from screens.actions import MAIN, Action, action, bindings
from screens.columns import Column
from screens.facts import Facts
from screens.look import Look
from screens.rows import Key, RowSource, View
from screens.shell import Shell, shell
from screens.widgets.board import Board
from screens.widgets.filter_line import FilterLine
from screens.widgets.footer import Footer
from screens.widgets.header import Header, Strip
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.desk import Desk

R = TypeVar("R")


class GridScreen(Screen[None], inherit_bindings=False):
    """The frame: header, orders in force, the screen's own body, footer; and the way of every action."""

    NAME: ClassVar[str] = ""
    """Its scope in the table of actions, its name in the registry, and its slot in the seat's memory."""
    KIND: ClassVar[str] = "page"
    """``board`` or ``page``: the scope of the keys for moving about."""
    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    def __init_subclass__(cls, **options: Any) -> None:
        cls.BINDINGS = cast(list[BindingType], bindings(*cls.scopes()))
        super().__init_subclass__(inherit_bindings=False, **options)

    @classmethod
    def scopes(cls) -> tuple[str, ...]:
        """Where its actions are offered."""
        return ("app", cls.KIND, cls.NAME)

    @property
    def shell(self) -> Shell:
        """The program around."""
        return shell(self)

    @property
    def look(self) -> Look:
        """How this person is spoken to."""
        return shell(self).look

    @property
    def place(self) -> str:
        """The main screen that this one belongs to."""
        mode: str = self.app.current_mode
        return mode if mode in MAIN else self.NAME

    # For a screen to fill in.

    def body(self) -> ComposeResult:
        """The widgets between header and footer."""
        yield from ()

    def opened(self, desk: Desk) -> None:
        """The desk is open: read what is to be shown."""

    def changed(self, desk: Desk) -> None:
        """Something in the store has changed: read again."""

    def remember(self) -> dict[str, Any]:
        """What a new login brings back, as JSON can say it."""
        return {}

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Take what `remember` gave; called before `opened`."""

    def refusal(self, act: str) -> Message | None:  # noqa: ARG002 - for screens to use
        """Why this person may not do this to what is selected; None where they may."""
        return None

    def has_row(self) -> bool:
        """Whether something is selected."""
        return True

    # What a screen uses.

    def act(self, command: Callable[[Desk], Outcome], then: Callable[[Outcome], None] | None = None) -> None:
        """Do a command in a thread, tell its outcome, and read again what it may have changed."""
        desk = self.shell.desk
        if desk is None:
            self.shell.tell(Message("ui.off.opening"))
            return

        def done(outcome: Outcome) -> None:
            self.shell.tell(outcome)
            if self.is_attached:
                self.changed(desk)
            if then is not None:
                then(outcome)

        self.shell.work(lambda: command(desk), done, name="act")

    # The frame itself.

    def compose(self) -> ComposeResult:
        yield Header()
        yield Strip()
        yield from self.body()
        yield Footer(self.scopes())

    def on_mount(self) -> None:
        kept = self.shell.remembered(self.slot)
        if kept:
            self.restore(kept)
        self.show_facts()
        if (desk := self.shell.desk) is not None:
            self.opened(desk)

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        self.show_facts()
        if (desk := self.shell.desk) is not None and self.is_mounted:
            self.changed(desk)

    @property
    def slot(self) -> str:
        """Its name in the seat's memory."""
        return self.NAME

    def show_facts(self) -> None:
        """Bring the header and the orders up to date."""
        facts: Facts = self.shell.facts
        self.query_one(Header).show(facts, self.place)
        self.query_one(Strip).show(facts.orders)

    def tell(self, what: Message | Outcome) -> None:
        """Show one line in the footer."""
        self.query_one(Footer).tell(what)

    def relook(self) -> None:
        """Draw all anew: another language, theme or minute."""
        for widget in self.walk_children(Widget):
            again = getattr(widget, "relook", None)
            if callable(again) and widget is not self:
                again()

    def refresh_keys(self) -> None:
        """What is selected has changed, and so which keys are on."""
        for bar in self.query(Footer):
            bar.relook()

    def ready(self) -> bool:
        """Whether the desk is open."""
        return self.shell.desk is not None

    def why_off(self, what: Action) -> Message | None:
        """Why an action is off here and now; None when it is on."""
        return what.off(self, what)

    def action_perform(self, name: str) -> None:
        """Every key ends here: do an action of the table, or say why it is off."""
        what = action(name)
        for bar in self.query(Footer):
            bar.clear()
        if (why := self.why_off(what)) is not None:
            self.shell.tell(why)
            return
        for node in self._performers():
            method = getattr(node, what.method, None)
            if callable(method):
                method()
                return

    def _performers(self) -> Iterable[object]:
        if self.focused is not None:
            yield from self.focused.ancestors_with_self
        else:
            yield self
        yield from self.walk_children(Board)
        yield self.app

    def do_move_next_part(self) -> None:
        """Go to the next part of the screen."""
        self.focus_next()

    def do_move_previous_part(self) -> None:
        self.focus_previous()


class PageScreen(GridScreen):
    """One thing: a station, a task, an alarm. It knows its key, and Esc leaves it."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    @property
    def slot(self) -> str:
        return f"{self.NAME}:{self.key}"


class BoardScreen(GridScreen, Generic[R]):
    """A screen of one board; see the module's text for what to declare."""

    KIND = "board"
    COLUMNS: ClassVar[Sequence[Column[Any]]] = ()
    TABS: ClassVar[Sequence[Tab]] = ()
    EMPTY: ClassVar[str] = "ui.board.empty"

    # For a screen to fill in.

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[R]:
        """The rows of a view. Runs in a thread."""
        raise NotImplementedError

    def opens(self, row: R) -> tuple[str, str] | None:  # noqa: ARG002 - for screens to use
        """The page that Enter opens: its name and its key."""
        return None

    def beside(self) -> ComposeResult:
        """Widgets under the board, such as a line about the selected row."""
        yield from ()

    def moved(self, row: R | None) -> None:
        """The cursor is on another row, or its row has changed."""

    # What a screen uses.

    @property
    def board(self) -> Board[R]:
        """The board."""
        return cast("Board[R]", self.query_one(Board))

    @property
    def row(self) -> R | None:
        """The row under the cursor."""
        return self.board.row

    def selected(self) -> list[Key]:
        """The marked rows' keys; without marks the one under the cursor."""
        board = self.board
        return list(board.marks) if board.marks else [] if board.key is None else [board.key]

    # The frame.

    def body(self) -> ComposeResult:
        if self.TABS:
            yield Tabs(self.TABS)
        yield Board[R](self.COLUMNS, empty=self.EMPTY, id=f"{self.NAME}-board")
        yield FilterLine()
        yield from self.beside()

    def on_mount(self) -> None:
        if self.TABS and not self.board.view.facet:
            self.board.view = View(facet=self.TABS[0].key)
        super().on_mount()
        self.board.focus()

    def opened(self, desk: Desk) -> None:
        self.board.attach(lambda view: self.load(desk, view, shell(self).look))

    def changed(self, desk: Desk) -> None:  # noqa: ARG002 - the loader holds it
        self.board.reload()

    def has_row(self) -> bool:
        return self.board.row is not None

    def remember(self) -> dict[str, Any]:
        view, key = self.board.view, self.board.key
        kept = {"facet": view.facet, "filter": view.filter, "sort": view.sort, "reverse": view.reverse}
        return {**kept, "key": key if isinstance(key, str | int) else None}

    def restore(self, kept: Mapping[str, Any]) -> None:
        facets, sorts = [tab.key for tab in self.TABS], [column.key for column in self.COLUMNS]
        facet, sort = str(kept.get("facet", "")), str(kept.get("sort", ""))
        self.board.view = View(
            facet if facet in facets else facets[0] if facets else "",
            str(kept.get("filter", "")),
            sort if sort in sorts else "",
            bool(kept.get("reverse")),
        )
        if self.TABS:
            self.query_one(Tabs).show(self.board.view.facet)
        self.board.select(kept.get("key"))

    def on_board_moved(self, event: Board.Moved) -> None:
        self.moved(event.row)
        self.refresh_keys()
        self.shell.noted()

    def on_board_changed(self, _event: Board.Changed) -> None:
        self.shell.noted()

    def on_board_opened(self, event: Board.Opened) -> None:
        page = self.opens(event.row)
        if page is not None:
            self.shell.open_page(*page)

    def do_board_filter(self) -> None:
        """Open the line that a filter is typed into."""
        self.query_one(FilterLine).begin(self.board.view.filter)

    def filter(self, text: str) -> None:
        """Show only rows with these words."""
        view = self.board.view
        self.board.show(View(view.facet, text.strip(), view.sort, view.reverse))

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        self.filter(event.text)

    def on_filter_line_closed(self, event: FilterLine.Closed) -> None:
        self.filter(event.text)
        self.board.focus()

    def turn_to(self, facet: str) -> None:
        """Show another tab."""
        view = self.board.view
        self.query_one(Tabs).show(facet)
        self.board.show(View(facet, view.filter, view.sort, view.reverse))

    def do_move_next_tab(self) -> None:
        if self.TABS:
            self.turn_to(self.query_one(Tabs).beside(1))

    def do_move_previous_tab(self) -> None:
        if self.TABS:
            self.turn_to(self.query_one(Tabs).beside(-1))

    def do_app_back(self) -> None:
        """Esc: take the filter off; on a board without one there is nothing to leave."""
        if self.board.view.filter:
            self.filter("")
