"""The alarms board 报警: what rings, who has seen it, what was put away; acknowledge, shelve, make a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens import alarm_cells
from screens.acting.windows import WindowActs
from screens.actions import action, key_name
from screens.alarm_acts import AlarmActs, acknowledge_all
from screens.alarm_columns import COLUMNS, COUNTY, STANDING, TOWNSHIP
from screens.by_tier import TierBoard
from screens.columns import Column
from screens.dialogs.sure import Sure
from screens.faces import choose_face
from screens.look import Look
from screens.rows import RowSource, View, arrange
from screens.widgets.board import Board
from screens.widgets.sheet import Sheet, Text, flow
from screens.widgets.tabs import Tab, Tabs

if TYPE_CHECKING:
    from backend.desk.alarmgroups import GroupRow
    from backend.desk.alarms import AlarmRow, Face
    from backend.desk.desk import Desk
    from backend.desk.putaway import WindowRow

STANDS = "standing"
SIGNALS = ("standing", "waiting", "")
"""Tabs on which a line is a signal: all that rings at one station for one thing."""
NAMED = (*SIGNALS, "groups")
OTHERS = ("groups", "windows", "floods")
"""Tabs whose rows are no alarms."""
OF_ONE = ("dispatch", "triage", "dismiss", "unshelve")
"""Acts on the line under the cursor alone: where others are marked, it is not the one that is meant."""
OTHERWISE = (("clear", "board.unmark"), ("desk", "go.triage"))
"""By which keys one goes on then."""


class Alarms(WindowActs, AlarmActs, TierBoard):
    """The alarms of the person's jurisdiction."""

    NAME: ClassVar[str] = "alarms"
    TABS = tuple(Tab(view, f"alarmscreen.tab.{view}") for view in COLUMNS)
    EMPTY = "alarmscreen.empty"
    EMPTIES: ClassVar[Mapping[str, str]] = MappingProxyType(
        {tab: f"alarmscreen.empty.{tab}" for tab in ("shelved", "windows", "put_away", "past", "floods")}
    )
    AREAS = (COUNTY, TOWNSHIP)
    _counts: Mapping[str, int] = MappingProxyType({})

    def beside(self) -> ComposeResult:
        yield Sheet(self._named, id="alarm-rules")

    def moved(self, row: Any) -> None:  # noqa: ARG002 - the sheet asks the board
        self.query_one("#alarm-rules", Sheet).relook()

    def _named(self, look: Look, cells: int) -> Text:
        """All rules of the line under the cursor, where it speaks for several alarms: the column may cut them."""
        row = self.row
        rules: Sequence[str] = row.rules if row is not None and self.board.view.facet in NAMED else ()
        told = flow(alarm_cells.rules(rules, look, len(rules)), cells, "dim", "  ") if len(rules) > 1 else []
        count = self._counts.get(self.board.view.facet or STANDS, 0)
        if self.board.view.facet not in OTHERS and count > (most := _most()):
            words = look.word("alarmscreen.cut", most=f"{most:,}", count=f"{count:,}")
            told = [*told, *flow(words, cells, "warn", "  ")]
        return told

    def columns_for(self, facet: str) -> Sequence[Column[Any]]:
        return COLUMNS.get(facet, STANDING)

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        columns = self.columns_of(view.facet)
        if view.facet == "groups":
            from backend.desk import alarmgroups

            return arrange(
                alarmgroups.groups(desk), view, columns, look, key=lambda row: f"g:{row.key}",
                also=lambda row: "|".join((row.incident, *row.places)),
            )  # fmt: skip
        if view.facet == "windows":
            from backend.desk import putaway

            return arrange(
                putaway.windows(desk),
                view,
                columns,
                look,
                key=lambda row: f"w:{row.id}",
                also=lambda row: row.scope,
            )
        if view.facet == "floods":
            from backend.desk import floods

            return arrange(
                floods.board(desk), view, columns, look, key=lambda row: f"f:{row.grid}:{row.began}",
                also=lambda row: row.grid,
            )  # fmt: skip
        from backend.desk import alarms

        states = alarms.VIEWS.get(view.facet, alarms.STANDING)
        rows = alarms.board(desk, states=states, newest=view.facet == "past")
        if view.facet in SIGNALS:
            rows = alarms.folded(rows)
        return arrange(
            rows, view, columns, look, key=lambda row: row.id,
            also=lambda row: "|".join(
                (row.initials, row.station, row.county, row.township, row.feed, row.incident, row.subject)
            ),
        )  # fmt: skip

    def opened(self, desk: Desk) -> None:
        if self.shell.facts.flood and self.board.view == View(STANDS):
            # In a flood one begins with what belongs together; the list is a key away.
            self.board.view = View("groups")
            self.query_one(Tabs).show("groups")
        super().opened(desk)

    def count(self, desk: Desk) -> None:
        def counted() -> Mapping[str, int]:
            from backend.desk import alarms

            return {**alarms.counts(desk), "windows": len(alarms.windows(desk))}

        def done(found: Mapping[str, int]) -> None:
            if self.stands:
                self._counts = found
                self.query_one(Tabs).show(self.board.view.facet, found)
                self.query_one("#alarm-rules", Sheet).relook()

        self.shell.work(counted, done, name="alarm counts")

    def opens(self, row: Any) -> tuple[str, str] | None:
        if self.board.view.facet == "floods":
            return "grid", row.grid
        return ("alarm", str(row.id)) if self.board.view.facet not in OTHERS else None

    def unfolds(self, row: Any) -> bool:  # noqa: ARG002 - all rows of a tab do
        return self.board.view.facet == "groups"

    def on_board_opened(self, event: Board.Opened) -> None:
        """A group opens the list of its alarms."""
        if self.board.view.facet == "groups":
            row: GroupRow = event.row
            words = row.incident or f"{self.look.word(f'rule.{row.rule}')} {row.filter}"
            self.turn_to(STANDS)
            self.board.show(View(STANDS, words))
            event.prevent_default()

    # What `AlarmActs` and `WindowActs` ask.

    @property
    def alarm(self) -> AlarmRow | None:
        return self.row if self.board.view.facet not in OTHERS else None

    @property
    def group(self) -> GroupRow | None:
        """The group under the cursor, on the tab of groups."""
        return self.row if self.board.view.facet == "groups" else None

    @property
    def window(self) -> WindowRow | None:
        return self.row if self.board.view.facet == "windows" else None

    def refusal(self, act: str) -> Message | None:
        """Why an act is off: of a group only acknowledging can be on, of a window only what windows have."""
        group, marks = self.group, self.board.marks
        if act == "acknowledge" and group is not None:
            return None if group.waiting else Message("desk.alarm.no_acknowledge.acked")
        if act in OF_ONE and marks and set(marks) != {self.board.key}:
            keys = {to: key_name(action(name).keys[0], self.look.language) for to, name in OTHERWISE}
            return Message("alarmscreen.off.marked", {"count": len(marks), **keys})
        return super().refusal(act)

    def alarms_meant(self) -> list[int]:
        """The marked ones, or those under the cursor."""
        if self.group is not None:
            return [number for row in self.board.marked() for number in row.alarms]
        rows: list[AlarmRow] = self.board.marked()
        return [number for row in rows for number in (row.id, *row.beside)] if self.alarm is not None else []

    def do_alarm_acknowledge(self) -> None:
        """One line at once; several are armed first and committed with another key."""
        meant, group = self.alarms_meant(), self.group
        if len(self.selected()) <= 1 and group is None:
            super().do_alarm_acknowledge()
            return
        if group is not None:
            about = Message("alarmscreen.sure.groups", {"count": len(self.board.marked())})
        else:
            rows = {row.id: row for row in self.board.marked()}
            critical = sum(rows[key].priority == "critical" for key in meant if key in rows)
            about = Message("alarmscreen.sure.about", {"critical": critical})
        question = Sure(Message("alarmscreen.sure", {"count": len(meant)}), [about])
        self.sure(question, lambda: self.act(partial(acknowledge_all, alarms=meant), self._unmark))

    def _unmark(self, outcome: Outcome) -> None:
        if outcome.ok and self.stands:
            self.board.do_board_unmark()

    def do_board_faces(self) -> None:
        """Where one can go from the alarm under the cursor."""
        if (row := self.alarm) is not None:
            choose_face(self, partial(_faces, alarm=row.id))
        elif (group := self.group) is not None:
            choose_face(self, partial(_faces, alarm=group.alarms[0]))


def _faces(desk: Desk, alarm: int) -> Sequence[Face]:
    from backend.desk import alarms

    return alarms.faces(desk, alarm)


def _most() -> int:
    from backend.desk import alarms

    return alarms.most()
