"""The overview 值班总览: what needs me now, the city at a glance, the load on this seat, how the feeds are.

From the top: the load in one line, what waits, the grids right below one's own, the feeds (where room is short only
those in trouble). Tab goes from one list to the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens.alarm_acts import AlarmActs
from screens.columns import Cell
from screens.copies import as_text
from screens.faces import choose_face
from screens.listing import Listing
from screens.load_line import load_lines
from screens.look import Look
from screens.overview_columns import AREAS, NEEDS, needs_of
from screens.overview_feeds import feed_lines
from screens.rows import RowSource, View, arrange
from screens.widgets.board import Board
from screens.widgets.sheet import Sheet, Text

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow, Face
    from backend.desk.desk import Desk
    from backend.desk.feeds import FeedRow
    from backend.desk.operator import Load
    from backend.desk.overview import AreaRow, NeedRow

TALL = 30
"""Lines from which there is room for more than what is needed."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is read beside the two lists."""

    load: Load
    feeds: Sequence[FeedRow]


class Overview(AlarmActs, Listing):
    """The first screen."""

    NAME: ClassVar[str] = "overview"
    CSS_PATH = "overview.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012 - declared so by the framework

    def __init__(self) -> None:
        super().__init__()
        self._rest: Rest | None = None
        self._reading = False
        self._begun = False
        """The lists after the first one are being read."""

    def body(self) -> ComposeResult:
        yield Sheet(self._load, id="overview-load")
        yield Board[Any](needs_of(""), empty="overview.empty", id="overview-needs")
        yield Board[Any](AREAS, empty="overview.no_grids", id="overview-areas")
        yield Sheet(self._feeds, id="overview-feeds")

    def on_mount(self) -> None:
        self.needs.several = self.areas.several = True
        self.needs.focus()

    @property
    def needs(self) -> Board[NeedRow]:
        """What waits."""
        return self.query_one("#overview-needs", Board)

    @property
    def areas(self) -> Board[AreaRow]:
        """The grids below."""
        return self.query_one("#overview-areas", Board)

    @property
    def board(self) -> Board[Any]:
        """The list that one is in."""
        return self.areas if self.areas.has_focus else self.needs

    # Reading.

    def opened(self, desk: Desk) -> None:
        # The city at a glance needs the least: it is there while the libraries of all else are still being loaded.
        self.areas.attach(lambda view: _areas(desk, view, self.look))
        if self._begun:
            # Somebody else sits here, and all is loaded: nothing of the one before stays.
            self._take_up(desk)

    def _read_on(self) -> None:
        """Read the rest, after the first list."""
        desk = self.shell.desk
        if desk is not None and not self._begun:
            self._begun = True
            self._take_up(desk)

    def _take_up(self, desk: Desk) -> None:
        self.needs.recolumn(needs_of(desk.actor.tier))
        self.needs.attach(lambda view: _needs(desk, view, self.look))
        self._rest = None
        self._read(desk)

    def changed(self, desk: Desk) -> None:
        self.areas.reload()
        if self._begun:
            self.needs.reload()
            self._read(desk)

    def _read(self, desk: Desk) -> None:
        if self._reading:
            return
        self._reading = True
        self.shell.work(
            lambda: _beside(desk), partial(self._answered, desk), failed=self._failed, name="overview"
        )

    def _answered(self, desk: Desk, rest: Rest) -> None:
        self._reading = False
        if not self.stands:
            return
        if (now := self.shell.desk) is not None and now is not desk:
            # It tells of whoever sat here before.
            self._read(now)
            return
        self._rest = rest
        for sheet in self.query(Sheet):
            sheet.relook()

    def _failed(self, why: Message) -> None:
        self._reading = False
        self.shell.tell(why)

    def _load(self, look: Look, _cells: int) -> Text:
        load = self._rest.load if self._rest is not None else None
        return load_lines(load, look, tall=self.size.height >= TALL)

    def _feeds(self, look: Look, cells: int) -> Text:
        if self._rest is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        return feed_lines(self._rest.feeds, look, cells, tall=self.size.height >= TALL)

    # What is selected.

    @property
    def need(self) -> NeedRow | None:
        """What waits, under the cursor; None while one is in the other list."""
        return None if self.areas.has_focus else self.needs.row

    @property
    def alarm(self) -> AlarmRow | None:
        return None if self.need is None else self.need.alarm

    def task_id(self) -> str:
        task = self.need.task if self.need is not None else None
        return task.id if task is not None else super().task_id()

    def refusal(self, act: str) -> Message | None:
        if self.need is not None and self.need.task is not None:
            return Message("alarmscreen.off.unknown") if act == "acknowledge" else None
        if self.need is not None and self.need.complaint is not None:
            return Message("overview.off.complaint")
        return super().refusal(act)

    def has_row(self) -> bool:
        return self.board.row is not None

    def on_board_moved(self, _event: Board.Moved) -> None:
        self.refresh_keys()
        self.shell.noted()

    def on_board_settled(self, event: Board.Settled) -> None:
        if event.board is self.needs and event.board.error is None:
            self.settled()
        if event.board is self.areas:
            # Once it is painted: what is loaded now would keep the painter waiting.
            self.call_after_refresh(self._read_on)
            # As high as its rows where there is room; what waits gets the rest.
            self.areas.styles.height = max(4, min(event.board.count + 2, self.size.height * 2 // 5))

    def on_descendant_focus(self) -> None:
        """Other keys are on in the other list."""
        self.refresh_keys()

    # Going on.

    def on_board_opened(self, event: Board.Opened) -> None:
        if event.board is self.areas:
            self.shell.open_page("grid", event.row.grid)
        else:
            self.shell.open_page(event.row.kind, event.row.id)

    def do_board_faces(self) -> None:
        """Where one can go from what is selected."""
        row = self.board.row
        if row is not None:
            choose_face(self, partial(_faces, row=row))

    def do_move_next_tab(self) -> None:
        """The other list."""
        (self.needs if self.areas.has_focus else self.areas).focus()

    do_move_previous_tab = do_move_next_tab

    def do_board_copy(self) -> None:
        """The list that one is in, as plain text on the person's clipboard."""
        rows = self.board.everything()
        self.shell.copy(as_text(self.board.columns, rows, self.look))
        self.shell.tell(Message("ui.copied", {"count": len(rows)}))

    def remember(self) -> dict[str, Any]:
        sorts = {board.id: [board.view.sort, board.view.reverse] for board in (self.needs, self.areas)}
        return {"need": self.needs.key, "grid": self.areas.key, "areas": self.areas.has_focus, "sorts": sorts}

    def restore(self, kept: Mapping[str, Any]) -> None:
        self.needs.select(kept.get("need"))
        self.areas.select(kept.get("grid"))
        sorts = kept.get("sorts")
        for board in (self.needs, self.areas):
            match sorts.get(board.id) if isinstance(sorts, Mapping) else None:
                case [str(sort), bool(reverse)] if any(column.key == sort for column in board.columns):
                    board.view = View(sort=sort, reverse=reverse)
        if kept.get("areas"):
            self.areas.focus()


def _needs(desk: Desk, view: View, look: Look) -> RowSource[NeedRow]:
    from backend.desk import overview

    return arrange(
        overview.needs(desk), view, NEEDS, look, key=lambda row: f"{row.kind}:{row.id}", also=_also
    )


def _also(row: NeedRow) -> str:
    """What a need is found by, beside what is shown of it."""
    if row.alarm is not None:
        return f"{row.alarm.initials}|{row.alarm.station}|{row.alarm.county}|{row.alarm.township}"
    return row.id


def _areas(desk: Desk, view: View, look: Look) -> RowSource[AreaRow]:
    from backend.desk import areas

    return arrange(
        areas.areas(desk), view, AREAS, look, key=lambda row: row.grid, also=lambda row: row.initials
    )


def _beside(desk: Desk) -> Rest:
    from backend.desk import feeds, operator

    return Rest(operator.load(desk), feeds.board(desk))


def _faces(desk: Desk, row: Any) -> Sequence[Face]:
    from backend.desk import alarms, places

    if hasattr(row, "grid"):
        worst = [alarms.Face("station", row.worst_code, row.worst)] if row.worst_code else []
        return [*places.faces_of_grid(desk, row.grid), *worst]
    if row.complaint is not None:
        from backend.desk import incidents

        page = incidents.page(desk, row.complaint.incident)
        own = [alarms.Face("incident", row.complaint.incident, row.place)]
        return [*own, *(page.faces if page is not None else ())]
    if row.alarm is not None:
        return [alarms.Face("alarm", row.id, row.place), *alarms.faces(desk, row.alarm.id)]
    return places.faces_of_task(desk, row.id)
