"""One duty room's or member's hours: who answers from now on, what was changed, who sits there, who was called."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens.acting.duty import DutyActs, Subject
from screens.base import PageScreen
from screens.columns import Cell
from screens.duty_columns import span
from screens.look import Look
from screens.widgets.sheet import Sheet, Text

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.dutyhours import Hours

WHEN = 26
"""Cells of a stretch of time."""


class HoursPage(DutyActs, PageScreen["Hours"]):
    """The page of one body; its key is ``<kind>:<code>``."""

    NAME: ClassVar[str] = "hours"
    CSS_PATH = "hours.tcss"

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="hours-sheet")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def load(self, desk: Desk) -> Hours | None:
        from backend.desk import dutyhours

        kind, _, code = self.key.partition(":")
        return dutyhours.hours(desk, kind, code)

    def fill(self, data: Hours) -> None:  # noqa: ARG002 - the sheet reads what was read last
        self.query_one(Sheet).relook()

    def subject(self) -> Subject | None:
        data = self.data
        if data is None:
            return None
        now = next((one for stretch in data.stretches[:1] for one in stretch.who), None)
        return Subject(
            data.kind, data.code, data.name, now.phone if now else "", data.state, now.name if now else ""
        )

    def _write(self, look: Look, _cells: int) -> Text:
        data = self.data
        if data is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        lines: list[list[Cell]] = [[Cell(f" {data.name}", "title")], []]
        lines.append([Cell(" " + look.word("dutyscreen.hours"), "header")])
        for stretch in data.stretches:
            who = "  ".join(f"{one.name} {one.phone}" for one in stretch.who)
            told = Cell(who) if who else Cell(look.word("dutyscreen.nobody"), "bad")
            lines.append([Cell(f" {span(stretch.starts, stretch.ends, look):{WHEN}}"), told])
        if data.changes:
            lines += [[], [Cell(" " + look.word("dutyscreen.tab.changes"), "header")]]
        for one in data.changes:
            what = look.word(f"dutyscreen.change.{one.kind}")
            words = " ".join(filter(None, (what, one.instead and f"{one.instead} >", one.name, one.phone)))
            lines.append(
                [
                    Cell(f" {span(one.starts, one.ends, look):{WHEN}}"),
                    Cell(words),
                    Cell(f"  {one.reason}  {one.by}", "dim"),
                ]
            )
        if data.seats:
            lines += [[], [Cell(" " + look.word("dutyscreen.tab.seats"), "header")]]
        lines += [
            [
                Cell(f" {one.name}  {look.moment(one.signed_in)}  "),
                Cell(look.word(f"dutyscreen.seat.{one.state}"), "good" if one.state == "there" else "bad"),
            ]
            for one in data.seats
        ]
        if data.kept:
            lines += [[], [Cell(" " + look.word("dutyscreen.kept"), "header")]]
        for kept in data.kept:
            ended = look.moment(kept.ended) if kept.ended is not None else look.word("dutyscreen.still_kept")
            when = Cell(f" {look.moment(kept.began)} - {ended}".ljust(WHEN + 1))
            lines.append([when, Cell(f"{kept.keeper}  {kept.person}"), Cell(f"  {kept.reason}", "dim")])
        if data.called is not None:
            code = f"dutyscreen.called.{data.called.answered}"
            told = Cell(
                " " + look.word(code, at=data.called.at, by=data.caller),
                "" if data.called.answered else "bad",
            )
            lines += [[], [told]]
        return lines

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        text = "\n".join("".join(cell.text for cell in line).rstrip() for line in self._write(self.look, 80))
        self.shell.copy(text + "\n")
        self.tell(Message("dutyscreen.copied"))
