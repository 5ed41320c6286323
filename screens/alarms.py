"""The alarms board 报警: what rings, who has seen it, what was put away; acknowledge, shelve, make a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from backend.words import Message, Outcome
from screens import alarm_cells, telling
from screens.alarm_acts import AlarmActs
from screens.base import BoardScreen
from screens.columns import Cell, Column
from screens.dialogs.sure import Sure
from screens.faces import choose_face
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow, Face
    from backend.desk.desk import Desk

STATES = ("UNACK", "RTN_UNACK", "ACKED", "SHELVED", "SUPPRESSED", "OUT_OF_SERVICE", "NORM")


def _state_order(row: AlarmRow) -> int:
    return STATES.index(row.state) if row.state in STATES else len(STATES)


def _task(row: AlarmRow, look: Look) -> Cell:
    if row.task:
        return Cell(f"{row.task} {look.word(f'task.state.{row.task_state}')}", "link")
    return Cell("")


def _who(row: AlarmRow, _look: Look) -> Cell:
    """Who has acknowledged it, or who has it open."""
    return Cell(row.acked_name) if row.acked_name else Cell(row.claimed_name, "new")


PRIORITY = Column[Any](
    "priority", "ui.column.priority", lambda row, look: telling.priority_short(row.priority, look), 6,
    order=lambda row: telling.priority_order(row.priority),
)  # fmt: skip
STATE = Column[Any](
    "state",
    "alarmscreen.column.state",
    lambda row, look: alarm_cells.state(row.state, look),
    10,
    order=_state_order,
)
RULE = Column[Any]("rule", "alarmscreen.column.rule", alarm_cells.rule, 12)
PLACE = Column[Any]("place", "ui.column.place", lambda row, _look: row.place, 14, flex=2, most=28)
COUNTY = Column[Any]("county", "alarmscreen.column.county", lambda row, _look: row.county, 8, rank=4)
TOWNSHIP = Column[Any](
    "county", "overview.column.area", lambda row, _look: row.township, 8, rank=4, flex=1, most=12
)
READING = Column[Any](
    "reading",
    "alarmscreen.column.reading",
    alarm_cells.what,
    22,
    flex=5,
    most=30,
    order=lambda row: row.value,
)
PRESENTED = Column[Any](
    "presented", "alarmscreen.column.presented", lambda row, look: Cell(look.moment(row.presented), "dim"), 11,
    rank=3, order=lambda row: row.presented,
)  # fmt: skip
AGE = Column[Any](
    "age", "ui.column.age", lambda row, look: look.age(row.presented), 6, align="right", rank=1,
    order=lambda row: -row.presented,
)  # fmt: skip
WHO = Column[Any]("who", "alarmscreen.column.who", _who, 6, rank=3)
ACKED = Column[Any]("acked", "alarmscreen.column.acked", lambda row, _look: row.acked_name, 8, rank=5)
TASK = Column[Any]("task", "alarmscreen.column.task", _task, 10, rank=2)
UNTIL = Column[Any](
    "until", "alarmscreen.column.until", lambda row, look: look.moment(row.shelved_until), 11,
    order=lambda row: row.shelved_until,
)  # fmt: skip
WHY = Column[Any](
    "reason", "alarmscreen.column.reason", lambda row, _look: row.shelve_reason, 12, flex=2, most=40
)
CLEARED = Column[Any](
    "cleared", "alarmscreen.column.cleared", lambda row, look: look.moment(row.cleared), 11, rank=1,
    order=lambda row: row.cleared,
)  # fmt: skip
STANDING = (PRIORITY, STATE, RULE, PLACE, COUNTY, TOWNSHIP, READING, AGE, WHO, TASK)
SHELVED = (PRIORITY, RULE, PLACE, COUNTY, TOWNSHIP, READING, UNTIL, WHY)
PAST = (PRIORITY, RULE, PLACE, COUNTY, TOWNSHIP, READING, PRESENTED, CLEARED, ACKED, TASK)
COLUMNS: Mapping[str, Sequence[Column[Any]]] = {
    "standing": STANDING,
    "waiting": STANDING,
    "shelved": SHELVED,
    "put_away": STANDING,
    "past": PAST,
}


class Alarms(AlarmActs, BoardScreen["AlarmRow"]):
    """The alarms of the person's jurisdiction."""

    NAME: ClassVar[str] = "alarms"
    TABS = tuple(Tab(view, f"alarmscreen.tab.{view}") for view in COLUMNS)
    EMPTY = "alarmscreen.empty"

    def columns_of(self, facet: str) -> Sequence[Column[Any]]:
        """The columns of a register; below the city its county is known, and the townships differ."""
        desk = self.shell.desk
        left_out = TOWNSHIP if desk is None or desk.actor.tier == "M" else COUNTY
        return [column for column in COLUMNS.get(facet, STANDING) if column is not left_out]

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[AlarmRow]:
        from backend.desk import alarms

        states = alarms.VIEWS.get(view.facet, alarms.STANDING)
        past = view.facet == "past"
        rows = alarms.board(desk, states=states, limit=2000 if past else 5000, newest=past)
        return arrange(
            rows, view, self.columns_of(view.facet), look, key=lambda row: row.id,
            also=lambda row: f"{row.initials}|{row.station}|{row.county}|{row.township}",
        )  # fmt: skip

    def opened(self, desk: Desk) -> None:
        # Who sits here is known now, and with that which columns tell something.
        self.board.recolumn(self.columns_of(self.board.view.facet))
        super().opened(desk)
        self._count(desk)

    def changed(self, desk: Desk) -> None:
        super().changed(desk)
        self._count(desk)

    def _count(self, desk: Desk) -> None:
        def count() -> Mapping[str, int]:
            from backend.desk import alarms

            return alarms.counts(desk)

        def done(found: Mapping[str, int]) -> None:
            if self.is_attached:
                self.query_one(Tabs).show(self.board.view.facet, found)

        self.shell.work(count, done, name="alarm counts")

    def opens(self, row: AlarmRow) -> tuple[str, str]:
        return "alarm", str(row.id)

    # What `AlarmActs` asks.

    @property
    def alarm(self) -> AlarmRow | None:
        return self.row

    def alarms_meant(self) -> list[int]:
        """The marked ones, or the one under the cursor."""
        return [key for key in self.selected() if isinstance(key, int)]

    def do_alarm_acknowledge(self) -> None:
        """One at once; several are armed first and committed with another key."""
        meant = self.alarms_meant()
        if len(meant) <= 1:
            super().do_alarm_acknowledge()
            return
        rows = {row.id: row for row in self.board.marked()}
        critical = sum(rows[key].priority == "critical" for key in meant if key in rows)
        question = Sure(
            Message("alarmscreen.sure", {"count": len(meant)}),
            [Message("alarmscreen.sure.about", {"critical": critical})],
        )
        self.sure(question, lambda: self.act(partial(_acknowledge_all, alarms=meant), self._unmark))

    def _unmark(self, outcome: Outcome) -> None:
        if outcome.ok and self.is_attached:
            self.board.do_board_unmark()

    def do_board_faces(self) -> None:
        """Where one can go from the alarm under the cursor."""
        if (row := self.row) is not None:
            choose_face(self, partial(_faces, alarm=row.id))


def _acknowledge_all(desk: Desk, alarms: Sequence[int]) -> Outcome:
    from backend.desk import alarmacts

    return alarmacts.acknowledge_all(desk, alarms)


def _faces(desk: Desk, alarm: int) -> Sequence[Face]:
    from backend.desk import alarms

    return alarms.faces(desk, alarm)
