"""How something is decided at the triage desk: one row at once, many once they are armed; what could not be is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from backend.words import Message
from screens import telling
from screens.acting.flows import TaskActs
from screens.actions import action, key_name
from screens.dialogs.sure import Sure
from screens.dialogs.told import Told
from screens.triage_columns import reading, what

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.triage import Item, TriageRow
    from backend.desk.triageacts import Decision
    from backend.desk.triagelook import TriageLook

GRIDS = 6
"""Grids that a question about many names."""
Command = Callable[["Desk", "Sequence[Item]"], "Decision"]


class Deciding(TaskActs):
    """A screen with rows to decide on."""

    # For the screen to fill in.

    def rows_meant(self) -> Sequence[TriageRow]:
        """The marked rows, or the one under the cursor."""
        raise NotImplementedError

    def closer(self) -> TriageLook | None:
        """What was read of the row under the cursor; None while it is being read."""
        raise NotImplementedError

    def decided(self, decision: Decision) -> None:
        """An act was answered: go on to the next row."""
        raise NotImplementedError

    # How an act is done.

    def refusal(self, act: str) -> Message | None:
        """Why an act is off for the row under the cursor; marked rows are each judged when it is done."""
        rows, desk = self.rows_meant(), self.shell.desk
        if not rows or desk is None:
            return Message("ui.off.no_row")
        if len(rows) > 1:
            return None
        row, language = rows[0], self.look.language
        if act == "take":
            return None if row.claimed else Message("triage.off.free")
        if act == "camera":
            found = self.closer()
            if found is None:
                return Message("triage.off.looking")
            return None if found.cameras else Message("triage.off.no_camera")
        if row.done is not None:
            return Message("triage.off.decided", {"key": key_name(action("app.reload").keys[0], language)})
        if row.claimed:
            key = key_name(action("triage.take").keys[0], language)
            return Message("triage.off.claimed", {"who": row.claimed, "key": key})
        from backend.desk import triageasks

        return triageasks.refusals(desk, row).get(act)

    def _do(self, command: Command, items: Sequence[Item]) -> None:
        """Do it, tell what became of it, and go on; the keys that follow wait for that."""
        desk = self.shell.desk
        if desk is None:
            return
        let_go = self.shell.hold()

        def done(decision: Decision) -> None:
            self.shell.tell(decision.outcome)
            if self.stands:
                self.decided(decision)
                self.acted(decision.outcome)
                if decision.refused and len(items) > 1:
                    self._tell_refused(decision)
            let_go()

        def failed(why: Message) -> None:
            self.shell.tell(why)
            let_go()

        self.shell.work(lambda: command(desk, items), done, failed=failed, name="act")

    def _tell_refused(self, decision: Decision) -> None:
        """What could not be done, and why, a line each."""
        lines = [
            Message("triage.refused.line", {"place": one.place, "why": self.look.say(one.why)})
            for one in decision.refused
        ]
        self.shell.show(Told(Message("triage.refused", {"count": len(lines)}), lines), lambda _: None)

    def _decide(
        self, name: str, command: Command, *, why: str = "", arm: bool = False, into: str = ""
    ) -> None:
        """Do it to one row at once; to several, and where it can't be taken back, once it is armed.

        Args:
            why: the reason that was chosen, in words.
            arm: it is armed for one row too.
            into: the task into which rows are merged.
        """
        rows = self.rows_meant()
        items = [item for row in rows for item in row.items]
        if len(items) > 1:
            self._arm(name, command, rows, items, why, into)
        elif items and arm:
            row = rows[0]
            told = [self._about(row)]
            told += [Message("triage.sure.why", {"reason": why})] if why else []
            question = Message(f"triage.sure.{name}", {"count": 1, "into": into})
            self.sure(Sure(question, told), partial(self._do, command, items))
        elif items:
            self._do(command, items)

    def _arm(
        self,
        name: str,
        command: Command,
        rows: Sequence[TriageRow],
        items: Sequence[Item],
        why: str,
        into: str,
    ) -> None:
        """Say how many and where, and ask; another key commits it."""
        desk, look = self.shell.desk, self.look
        assert desk is not None
        critical = sum(item.priority == "critical" for item in items)
        alarms = sum(row.count for row in rows)

        def grids() -> Sequence[tuple[str, int]]:
            from backend.desk import triageasks

            return triageasks.grids_of(desk, items)

        def ask(found: Sequence[tuple[str, int]]) -> None:
            named = telling.joined(
                [look.word("triage.grid_count", grid=grid, count=count) for grid, count in found[:GRIDS]]
            )
            more = f"  +{len(found) - GRIDS}" if len(found) > GRIDS else ""
            told = [
                Message("triage.sure.grids", {"count": len(found), "grids": named + more}),
                Message("triage.sure.alarms", {"count": alarms, "critical": critical}),
                *([Message("triage.sure.why", {"reason": why})] if why else []),
            ]
            question = Message(f"triage.sure.{name}", {"count": len(items), "into": into})
            self.sure(Sure(question, told), partial(self._do, command, items))

        self.read(grids, ask, "grids")

    def _about(self, row: TriageRow) -> Message:
        look = self.look
        told = telling.joined((what(row, look), row.place, reading(row, look)))
        return Message("triage.about", {"what": told})

    def _titled(self, code: str) -> Message:
        rows = self.rows_meant()
        row = rows[0]
        if sum(len(one.items) for one in rows) > 1:
            return Message(f"{code}.many", {"count": sum(len(one.items) for one in rows)})
        return Message(code, {"place": row.place, "what": what(row, self.look)})
