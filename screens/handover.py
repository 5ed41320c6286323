"""A handover 交接班: what one shift leaves to the next, taken over item by item; the last one ends the shift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens.acting.base import Fetching
from screens.base import BoardScreen
from screens.columns import Cell, Column
from screens.dialogs.form import Field, Plan
from screens.dialogs.pick import Pick
from screens.handover_text import Title, sheet
from screens.look import Look
from screens.resting import Follower
from screens.rows import RowSource, View, arrange
from screens.telling import priority_order, priority_short
from screens.tones import shape
from screens.widgets.choices import Choice
from screens.widgets.sheet import Sheet, Text, flow

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.handover import Above, HandoverPage, ItemRow, Taker

SEEN_AFTER = 0.3
"""Seconds after which what the cursor came over is noted: a held key costs one write."""
HEAD = 16
"""Characters of the audit chain's head that the page shows; the copy has all of them."""


def _signed(row: ItemRow, look: Look) -> Cell:
    if row.signed is not None:
        told = look.word("handover.signed_at", at=look.clock(row.signed), person=row.signed_by)
        return Cell(f"{shape('good', look.ascii)} {told}", "good")
    return Cell(
        look.word("handover.seen" if row.seen is not None else "handover.unseen"),
        "dim" if row.seen else "new",
    )


def _kind(row: ItemRow, look: Look) -> Cell:
    return Cell(look.word(f"handover.kind.{row.kind}"), "bad" if row.kind == "breached" else "")


def _priority(row: ItemRow, look: Look) -> Cell:
    return priority_short(row.priority, look) if row.priority else Cell("")


class HandoverScreen(Fetching, BoardScreen["ItemRow"]):
    """The page of one handover."""

    NAME: ClassVar[str] = "handover"
    CSS_PATH = "handover.tcss"
    EMPTY = "handover.empty"
    COLUMNS = (
        Column["ItemRow"](
            "number", "handover.column.place", lambda row, _look: str(row.number), 3, align="right",
            order=lambda row: row.number,
        ),
        Column["ItemRow"]("kind", "handover.column.kind", _kind, 10, rank=1),
        Column["ItemRow"](
            "priority", "ui.column.priority", _priority, 6, rank=2,
            order=lambda row: priority_order(row.priority),
        ),
        Column["ItemRow"](
            "what", "handover.column.what", lambda row, look: look.say(row.message), 30, flex=6
        ),
        Column["ItemRow"]("signed", "handover.column.signed", _signed, 14, flex=1, most=24),
        Column["ItemRow"](
            "remark", "handover.column.remark", lambda row, _look: row.remark, 8, flex=1, most=30, rank=3
        ),
    )  # fmt: skip

    def __init__(self, key: str = "") -> None:
        super().__init__()
        self.key = key
        self.data: HandoverPage | None = None
        self._taker: Taker | None = None
        """Who takes over at this console, where it is not the person who sits at it."""
        self._came_over: set[int] = set()
        self._looked_at: set[int] = set()
        """All that the cursor came over: what was read may be older than that."""
        self._noting = False
        self._under = Follower(self, lambda: self.query_one("#handover-foot", Sheet).relook())

    @property
    def slot(self) -> str:
        return f"{self.NAME}:{self.key}"

    def body(self) -> ComposeResult:
        yield Title()
        yield from super().body()

    def beside(self) -> ComposeResult:
        yield Sheet(self._foot, id="handover-foot")

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[ItemRow]:
        from backend.desk import handover

        page = handover.page(desk, self.key)
        rows: Sequence[ItemRow] = page.items if page is not None else ()
        self.data = page
        return arrange(rows, view, self.COLUMNS, look, key=lambda row: row.place)

    def on_board_settled(self, _event: object) -> None:
        if self.data is not None:
            self.query_one(Title).show(self.data, self._taker.name if self._taker else "")
            self.query_one("#handover-foot", Sheet).relook()

    def opens(self, row: ItemRow) -> tuple[str, str] | None:
        from screens.registry import PAGES

        page = row.opens
        return page if page is not None and page[0] in PAGES else None

    def _foot(self, look: Look, cells: int) -> Text:
        page = self.data
        if page is None:
            return []
        lines: list[list[Cell]] = []
        row = self.row
        if row is not None:
            lines += flow(look.say(row.message) + (f"  {row.remark}" if row.remark else ""), cells, "", " ")[
                :3
            ]
        if page.row.to_name:
            told = {"centre": page.row.to_centre, "person": page.row.to_name, "phone": page.row.to_phone}
            lines += flow(look.word("handover.by_phone", note=page.row.note, **told), cells, "warn", " ")
        chain = look.word("handover.chain", head=page.row.audit_head[:HEAD])
        return [*lines, [Cell(f" {page.row.id}  {chain}", "dim")]]

    # Seeing.

    def moved(self, row: ItemRow | None) -> None:
        self._under.follow(row.place if row is not None else None)
        if row is None or row.seen is not None or row.signed is not None or not self._may_sign():
            return
        self._came_over.add(row.place)
        self._looked_at.add(row.place)
        if not self._noting:
            self._noting = True
            self.set_timer(SEEN_AFTER, self._note)

    def _may_sign(self) -> bool:
        page = self.data
        return (
            page is not None
            and page.row.state == "open"
            and (page.refusal is None or self._taker is not None)
        )

    def _note(self) -> None:
        desk, places = self.shell.desk, sorted(self._came_over)
        self._came_over, self._noting = set(), False
        if desk is None or not places:
            return
        name, by = self.key, self._by()

        def see() -> int:
            from backend.desk import handover

            return handover.see(desk, name, places, by=by)

        def seen(_count: int) -> None:
            if self.stands:
                self.board.reload()

        self.shell.work(see, seen, name="seen")

    def _by(self) -> str:
        return self._taker.person if self._taker is not None else ""

    # Taking over.

    def refusal(self, act: str) -> Message | None:
        page = self.data
        if act in ("sign", "sign_all") and page is not None and self._taker is None:
            return page.refusal
        return None

    def do_handover_sign(self) -> None:
        """Take the selected item over."""
        row = self.row
        if row is None:
            self._send_all()
        else:
            self._send(row.place, "")

    def _send(self, place: int, remark: str) -> None:
        name, by = self.key, self._by()

        def command(desk: Desk) -> Outcome:
            from backend.desk import handover

            return handover.sign(desk, name, place, by=by, remark=remark)

        self.act(command, self._signed)

    def _signed(self, outcome: Outcome) -> None:
        if not outcome.ok:
            return
        if outcome.data.get("ended"):
            incoming = str(outcome.data.get("incoming") or "")
            if self._taker is not None and incoming == self._taker.person:
                self.shell.sit(incoming)
            return
        if self.stands:
            self._next_unsigned()

    def _next_unsigned(self) -> None:
        """Go to the next item that is left."""
        page, row = self.data, self.row
        if page is None or row is None:
            return
        after = [one for one in page.items if one.signed is None and one.number > row.number]
        before = [one for one in page.items if one.signed is None and one.number < row.number]
        for one in (after or before)[:1]:
            self.board.select(one.place)

    def do_task_note(self) -> None:
        """Take the selected item over with a remark."""
        row = self.row
        if row is None or (why := self.refusal("sign")) is not None:
            self.shell.tell(why if row is not None and why is not None else Message("ui.off.no_row"))
            return
        plan = Plan(
            Message("handover.form.remark"),
            [Field("remark", "handover.column.remark", longest=200)],
            [row.message],
        )

        def filled(values: dict[str, str] | None) -> None:
            if values is not None:
                self._send(row.place, values["remark"])

        from screens.dialogs.form import Form

        self.shell.show(Form(plan), filled, by=self._doing)

    def do_handover_sign_all(self) -> None:
        """Take over all that is left, after a question; each must have been seen, and is gone to where it was not."""
        page = self.data
        if page is None:
            return
        left = [one for one in page.items if one.signed is None]
        unseen = [one for one in left if one.seen is None and one.place not in self._looked_at]
        if unseen:
            self.shell.tell(Message("handover.refused.unseen", {"count": len(unseen)}))
            self.board.select(unseen[0].place)
            return
        # The answer may come sooner than what the cursor came over is noted.
        self._note()
        from screens.dialogs.sure import Sure

        self.sure(Sure(Message("handover.sure.all", {"count": len(left)})), self._send_all)

    def _send_all(self) -> None:
        name, by = self.key, self._by()

        def command(desk: Desk) -> Outcome:
            from backend.desk import handover

            return handover.sign_all(desk, name, by=by)

        self.act(command, self._signed)

    def do_handover_taker(self) -> None:
        """Say who takes over at this console."""

        def found(takers: Sequence[Taker]) -> None:
            look = self.look
            choices = [
                Choice(one.person, one.name, look.word(f"ui.role.{one.role}"), one.person) for one in takers
            ]

            def chosen(person: str | None) -> None:
                self._taker = next((one for one in takers if one.person == person), self._taker)
                if self.data is not None:
                    self.query_one(Title).show(self.data, self._taker.name if self._taker else "")
                self.refresh_keys()
                self.moved(self.row)

            self.shell.show(Pick(Message("handover.menu.taker"), choices), chosen)

        def read(desk: Desk) -> Sequence[Taker]:
            from backend.desk import handover

            return handover.takers(desk)

        self.fetch(read, found)

    def do_task_phone(self) -> None:
        """Nobody takes over: note whom one told above, and be signed out."""

        def read(desk: Desk) -> Sequence[Above]:
            from backend.desk import handover

            return handover.above(desk)

        self.fetch(read, self._ask_phone)

    def _ask_phone(self, rooms: Sequence[Above]) -> None:
        first = rooms[0] if rooms else None
        choices = [Choice(one.centre, one.name, f"{one.person} {one.phone}") for one in rooms]
        plan = Plan(
            Message("handover.form.phone"),
            [
                Field("centre", "handover.field.centre", first.centre if first else "", choices=choices),
                Field("person", "handover.field.person", first.person if first else "", longest=60),
                Field(
                    "phone", "handover.field.phone", first.phone if first else "", required=False, longest=30
                ),
                Field("note", "handover.field.note", longest=300),
            ],
            slot=f"handover.phone:{self.key}",
        )
        name = self.key

        def send(desk: Desk, values: dict[str, str]) -> Outcome:
            from backend.desk import handover

            return handover.by_phone(desk, name, **values)

        self.ask(plan, send)

    def do_handover_drop(self) -> None:
        """Stay on shift after all, after a question."""
        from screens.dialogs.sure import Sure

        name = self.key

        def command(desk: Desk) -> Outcome:
            from backend.desk import handover

            return handover.drop(desk, name)

        self.sure(Sure(Message("handover.sure.drop")), lambda: self.act(command))

    def do_board_copy(self) -> None:
        """The whole handover as plain text on the person's clipboard."""
        if self.data is not None:
            self.shell.copy(sheet(self.data, self.look))
            self.shell.tell(Message("handover.copied"))
