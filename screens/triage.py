"""The triage desk 研判台: a queue of what awaits a decision, and all that the decision rests on beside it.

One decision a key. What is decided stays in its place, dim, with what was done, until the person sorts anew; news wait
in the gutter. The look follows the cursor: the last one stays until the new one is there, and says so. Who looks for a
few seconds has it: the other seats see that, and their keys are off for it until they take it over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container

from backend.words import Message
from screens.acting.triage import TriageActs
from screens.action import Action
from screens.base import TABBING, BoardScreen
from screens.columns import Cell
from screens.faces import choose_face
from screens.look import Look
from screens.rows import Key, Rows, RowSource, View, arrange
from screens.shell import rest
from screens.triage_columns import COLUMNS
from screens.triage_look import PARTS, write
from screens.widgets.board import Board
from screens.widgets.reading import Want
from screens.widgets.sheet import Sheet, Text

if TYPE_CHECKING:
    from textual.timer import Timer

    from backend.desk.alarms import Face
    from backend.desk.desk import Desk
    from backend.desk.triage import Item, TriageRow
    from backend.desk.triageacts import Decision
    from backend.desk.triagelook import TriageLook
    from backend.words import Outcome

PAUSE = 0.25
"""Seconds that the cursor must rest on a row before the look follows it: a held key reads and draws nothing."""
STILL = 0.2
"""Seconds behind that after which the pane says that it is still of another row; a single step is not told so."""
LOOKING = 3.0
"""Seconds of looking after which this seat has it."""
RENEW = 60
"""Seconds between two words that this seat still looks."""
BESIDE = "-beside"
"""The class with which the look stands beside the queue where there is room."""
KEPT = 12
"""Looks that are kept, so that going back shows at once what was read."""


class Closer(Sheet):
    """The look pane: as many lines as it has are written."""

    def on_resize(self, _event: events.Resize) -> None:
        self.relook()


class Triage(TriageActs, BoardScreen["TriageRow"]):
    """The desk."""

    NAME: ClassVar[str] = "triage"
    COLUMNS = COLUMNS
    EMPTY = "triage.empty"
    CSS_PATH = "triage.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - declared so by the framework
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012

    def __init__(self, _key: str = "") -> None:
        super().__init__()
        self._known: dict[Key, TriageRow] = {}
        """Rows as they were last read while they waited: what is decided on is told of them."""
        self._waiting: frozenset[Key] = frozenset()
        """Rows that wait, as last read."""
        self._unfolded: set[str] = set()
        """Groups that are shown as their items."""
        self._part = PARTS[0]
        self._looks: dict[Key, tuple[TriageRow, TriageLook]] = {}
        self._shown: tuple[TriageRow, TriageLook] | None = None
        self._failure: Message | None = None
        self._says_so = False
        """The pane says that it is of another row than the cursor's: it need not say it again at the next one."""
        self._turn = 0
        self._at_once = True
        """The cursor did not come by hand: there is nothing to wait for."""
        self._still: Timer | None = None
        self._looking = False
        self._due = False
        """Something is to be looked at as soon as what is being read has come."""
        self._at: Key | None = None
        self._claim: Timer | None = None
        self._claimed: Item | None = None

    @property
    def slot(self) -> str:
        return f"{self.NAME}:list"

    def body(self) -> ComposeResult:
        self.set_class(not self.shell.tight, BESIDE)
        with Container(id="triage-parts"):
            yield self.board
            yield Closer(self._write, id="triage-look")

    def on_mount(self) -> None:
        self.set_interval(RENEW, self._renew)

    def relook(self) -> None:
        """Draw anew; where lite mode was put on meanwhile the look goes under the queue."""
        if self.look.lite:
            self.remove_class(BESIDE)
        super().relook()

    # The queue.

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[TriageRow]:
        from backend.desk import triage, triagesettled

        rows = triage.queue(desk, frozenset(self._unfolded))
        waiting: dict[Key, TriageRow] = {row.key: row for row in rows}
        known: dict[Key, TriageRow] = {**self._known, **waiting}
        self._known, self._waiting = known, frozenset(waiting)
        ordered = arrange(
            rows, view, self.COLUMNS, look, key=lambda row: row.key,
            also=lambda row: "|".join((row.county, row.township, row.task, row.lead.initials if row.lead else "")),
        )  # fmt: skip

        def fetch(keys: Sequence[Key]) -> Sequence[TriageRow | None]:
            over = [known[key] for key in keys if key not in waiting and key in known]
            settled = {row.key: row for row in triagesettled.settled(desk, over)}
            return [waiting.get(key) or settled.get(str(key)) for key in keys]

        return Rows([ordered.key_at(place) for place in range(ordered.count())], fetch)

    def changed(self, desk: Desk) -> None:
        super().changed(desk)
        self._looks.clear()
        if self._looking:
            # What is on its way may be older than the change.
            self._due = True
        elif self.closer() is not None or self._failure is not None:
            self._rest(at_once=True)

    def opens(self, row: TriageRow) -> tuple[str, str] | None:
        if row.lead is not None:
            return "alarm", str(row.lead.id)
        return ("task", row.task) if row.task else None

    def unfolds(self, row: TriageRow) -> bool:
        return len(row.items) > 1

    def on_board_opened(self, event: Board.Opened) -> None:
        """A flood's group is unfolded into what it is made of; all else has a page."""
        if len(event.row.items) > 1:
            self._unfolded.add(event.row.key)
            self.board.want(Want.ORDER)
            event.prevent_default()

    def do_app_reload(self) -> None:
        """Sort anew: what is decided goes, news come in."""
        self._looks.clear()
        self.board.want(Want.ORDER)

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        if (row := self.row) is not None:
            choose_face(self, partial(_faces, row=row))

    # What `TriageActs` asks.

    def rows_meant(self) -> Sequence[TriageRow]:
        return self.board.marked()

    def closer(self) -> TriageLook | None:
        found = self._shown
        return None if found is None or self.row is None or found[0].key != self.row.key else found[1]

    def task_id(self) -> str:
        return self.row.task if self.row is not None else ""

    def decided(self, decision: Decision) -> None:
        """Go on to the next row that waits; what was done stays where it was."""
        done = set(decision.done)
        # Asked of all that is known: the queue may have been read again since the act was done.
        over = {key for key, row in self._known.items() if {item.key for item in row.items} <= done}
        self._waiting -= over
        self.board.do_board_unmark()
        if (desk := self.shell.desk) is not None:
            self.changed(desk)
        if over:
            self._claimed = None if self._claimed is not None and self._claimed.key in done else self._claimed
            self._next()

    def acted(self, outcome: Outcome) -> None:
        # What can be taken back is told in the line of the outcome; nothing else is to be read again.
        super().acted(outcome)

    def _next(self) -> None:
        """To the next row that waits, from the top where there is none below."""
        board = self.board
        places = [*range(board.cursor + 1, board.count), *range(board.cursor)]
        place = next((place for place in places if board.place_key(place) in self._waiting), None)
        if place is not None:
            self._at_once = True
            board.move(place)

    # The look.

    def performs(self, what: Action) -> bool:
        return what.id in TABBING or super().performs(what)

    def do_move_next_tab(self) -> None:
        """The next part of the look, where not all fit."""
        self._turn_part(1)

    def do_move_previous_tab(self) -> None:
        self._turn_part(-1)

    def _turn_part(self, step: int) -> None:
        self._part = PARTS[(PARTS.index(self._part) + step) % len(PARTS)]
        self.query_one(Closer).relook()

    def moved(self, row: TriageRow | None) -> None:
        key = row.key if row is not None else None
        if key != self._at:
            self._at = key
            self._look_for(row)
        if row is not None and self._shown is not None and self._shown[0].key == key:
            # The same row with other values, or the one that the cursor had left.
            self._show(row, self._shown[1])
        elif row is None:
            self.query_one(Closer).relook()
        elif self._still is None and self._shown is not None:
            # Beside a held key the pane stands still: to write it anew takes longer than all else.
            self._still = self.set_timer(rest(self.shell, PAUSE) + STILL, self._say_so)
        at_once, self._at_once = self._at_once and row is not None, self._at_once and row is None
        self._rest(at_once=at_once)

    def _say_so(self) -> None:
        """The pane is of another row than the cursor's, and it takes its time."""
        self._says_so = True
        self.query_one(Closer).relook()

    def _show(self, row: TriageRow, data: TriageLook) -> None:
        """Tell of a row."""
        if self._still is not None:
            self._still.stop()
        self._still, self._says_so = None, False
        self._shown = (row, data)
        self.query_one(Closer).relook()

    def closer_awaited(self) -> bool:
        return self.row is not None and self.closer() is None and self._failure is None

    def _rest(self, *, at_once: bool = False) -> None:
        """Look once the cursor rests."""
        self._turn += 1
        turn = self._turn
        self.set_timer(0.001 if at_once else rest(self.shell, PAUSE), lambda: self._look(turn))

    def _look(self, turn: int) -> None:
        row, desk = self.row, self.shell.desk
        if turn != self._turn or row is None or desk is None or not self.stands:
            return
        if self._looking:
            self._due = True
            return
        if (held := self._looks.get(row.key)) is not None:
            self._tell_of(row, held[1])
            return
        self._looking = True

        def read() -> TriageLook:
            from backend.desk import triagelook

            return triagelook.look(desk, row.item)

        def failed(why: Message) -> None:
            self._looking, self._due, self._failure = False, False, why
            if self.stands:
                self.refresh_keys()
                self.query_one(Closer).relook()

        self.shell.work(read, lambda data: self._looked(row, data), failed=failed, name="look")

    def _looked(self, row: TriageRow, data: TriageLook) -> None:
        due, self._looking, self._due = self._due, False, False
        if not self.stands:
            return
        here = self.row
        if not due:
            if len(self._looks) >= KEPT:
                self._looks.pop(next(iter(self._looks)))
            self._looks[row.key] = (row, data)
        if here is not None and here.key == row.key:
            self._tell_of(here, data)
        if due:
            # The cursor has come to rest elsewhere meanwhile, or something has changed: the newest wish counts.
            self._rest(at_once=True)

    def _tell_of(self, row: TriageRow, data: TriageLook) -> None:
        """Tell of the row under the cursor, and which keys are on for it."""
        self._failure = None
        self._show(row, data)
        self.refresh_keys()

    def _write(self, look: Look, cells: int) -> Text:
        row, shown = self.row, self._shown
        if shown is None or (row is None and not self.board.count):
            loading = row is not None or self.board.read_at is None
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]] if loading else []
        note: list[Cell] = []
        if self._says_so and row is not None and shown[0].key != row.key:
            said = "triage.reading_lite" if look.lite else "triage.reading"
            note = [Cell(f" {look.word(said, place=shown[0].place)}", "warn")]
        elif self._failure is not None:
            at = look.moment(shown[1].read_at)
            note = [Cell(f" {look.word('triage.stale', at=at)}{look.say(self._failure)}", "warn")]
        return write(*shown, look, cells, self.query_one(Closer).size.height, part=self._part, note=note)

    # Who has it.

    def _look_for(self, row: TriageRow | None) -> None:
        """The cursor is on another row: let the last one go, and have this one if the person stays."""
        if self._claim is not None:
            self._claim.stop()
        self._give_up()
        if row is not None and row.done is None and not row.claimed:
            self._claim = self.set_timer(LOOKING, lambda: self._take_it(row))

    def _take_it(self, row: TriageRow) -> None:
        desk = self.shell.desk
        if desk is not None and self.is_active and self._at == row.key:
            self._claimed = row.item
            self.shell.work(partial(_claim, desk, row.item), lambda _: None, name="claim")

    def _renew(self) -> None:
        """A claim ends by itself: say again that this seat looks."""
        desk, item = self.shell.desk, self._claimed
        if desk is not None and item is not None and self.is_active:
            self.shell.work(partial(_claim, desk, item), lambda _: None, name="claim")

    def _give_up(self) -> None:
        desk, item = self.shell.desk, self._claimed
        self._claimed = None
        if desk is not None and item is not None and self.app.is_running:
            self.shell.work(partial(_release, desk, item), lambda _: None, name="release")

    def on_unmount(self) -> None:
        self._give_up()

    # What a new login brings back.

    def remember(self) -> dict[str, Any]:
        return {**super().remember(), "part": self._part}

    def restore(self, kept: Mapping[str, Any]) -> None:
        super().restore(kept)
        part = kept.get("part")
        self._part = part if part in PARTS else PARTS[0]


def _claim(desk: Desk, item: Item) -> None:
    from backend.desk import triageacts

    triageacts.claim(desk, item)


def _release(desk: Desk, item: Item) -> None:
    from backend.desk import triageacts

    triageacts.release(desk, item)


def _faces(desk: Desk, row: TriageRow) -> Sequence[Face]:
    from backend.desk import alarms, places

    if row.lead is not None:
        return [alarms.Face("alarm", str(row.lead.id), row.lead.place), *alarms.faces(desk, row.lead.id)]
    return places.faces_of_task(desk, row.task)
