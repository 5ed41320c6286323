"""Orders from above 指令、管控令: what holds now, what comes, what is over; issue, amend, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message, Outcome
from screens import telling
from screens.acting.orders import OrderActs
from screens.base import OverBoard, PageScreen
from screens.columns import Cell, Column
from screens.faces import choose_face
from screens.look import MISSING, Look
from screens.rows import RowSource, View, arrange
from screens.tones import shape
from screens.widgets.cells import fit
from screens.widgets.sheet import Sheet, Text, flow
from screens.widgets.tabs import Tab

if TYPE_CHECKING:
    from backend.desk.alarms import Face
    from backend.desk.desk import Desk
    from backend.desk.orders import OrderPage as Page
    from backend.desk.orders import OrderRow, OrderStep

LABELS = {"zh": 10, "en": 12}
_TONES = {"in_force": "warn", "coming": "new", "ended": "dim", "withdrawn": "dim"}
_LEVELS = {"yellow": "medium", "orange": "high", "red": "critical"}


def kind(row: OrderRow, look: Look) -> Cell:
    """What kind of order, with a warning's level, by word, shape and tone."""
    told = look.word(f"order.kind.{row.kind}")
    told = row.kind if told == f"order.kind.{row.kind}" else told
    if row.level in _LEVELS:
        tone = _LEVELS[row.level]
        level = look.word(f"order.level.{row.level}")
        if row.kind == "heavy_pollution":
            told = look.word("order.kind.heavy_pollution.level", level=level)
        else:
            told = f"{level} {told}"
        return Cell(f"{shape(tone, look.ascii)} {told}", tone)
    return Cell(told)


def state(row: OrderRow, look: Look) -> Cell:
    """In force, to come, ended, withdrawn."""
    return Cell(look.word(f"order.state.{row.state}"), _TONES.get(row.state, ""))


def _ends(row: OrderRow, look: Look) -> Cell:
    at = row.withdrawn or row.ends
    return Cell(look.moment(at) if at is not None else look.word("orderscreen.no_end"), "" if at else "dim")


def _due(row: OrderRow, look: Look) -> Cell:
    late = row.due is not None and row.due < look.now and row.state == "in_force"
    return Cell(look.moment(row.due), "bad" if late else "" if row.due else "dim")


COLUMNS: tuple[Column[Any], ...] = (
    Column("state", "orderscreen.column.state", state, 8),
    Column("kind", "orderscreen.column.kind", kind, 14, flex=3, most=22),
    Column("title", "orderscreen.column.title", lambda row, _look: row.title, 16, flex=4),
    Column("scope", "orderscreen.column.scope", lambda row, _look: row.scope or MISSING, 10, flex=2, most=30),
    Column(
        "starts",
        "orderscreen.column.starts",
        lambda row, look: look.moment(row.starts),
        11,
        flex=1,
        most=16,
        rank=1,
        order=lambda row: row.starts,
    ),
    Column("ends", "orderscreen.column.ends", _ends, 11, flex=1, most=16, order=lambda row: row.ends),
    Column("due", "orderscreen.column.due", _due, 11, rank=2, order=lambda row: row.due),
    Column("by", "orderscreen.column.by", lambda row, _look: row.issuer, 10, flex=1, most=30, rank=3),
)


class Orders(OrderActs, OverBoard[Any]):
    """The list of orders, opened from everywhere; its key is not used."""

    NAME: ClassVar[str] = "orders"
    COLUMNS = COLUMNS
    TABS = (Tab("in_force", "orderscreen.tab.in_force"), Tab("all", "orderscreen.tab.all"))
    EMPTY = "orderscreen.empty"

    @property
    def order(self) -> OrderRow | None:
        return self.row

    def load(self, desk: Desk, view: View, look: Look) -> RowSource[Any]:
        from backend.desk import orders

        rows = orders.board(desk, over=view.facet == "all")
        return arrange(rows, view, self.COLUMNS, look, key=lambda row: row.code)

    def opens(self, row: Any) -> tuple[str, str] | None:
        return "order", row.code

    def issued(self, outcome: Outcome) -> None:
        """What one has just issued stands in the list at once, with the cursor on it."""
        if outcome.ok:
            self.board.select(str(outcome.data["order"]))
        super().issued(outcome)

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        if (row := self.row) is not None:
            choose_face(self, lambda desk: _faces(desk, row.code))


class OrderPage(OrderActs, PageScreen["Page"]):
    """An order with its history."""

    NAME: ClassVar[str] = "order"
    CSS_PATH = "order.tcss"

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="order-sheet")

    def on_mount(self) -> None:
        self.query_one(Sheet).focus()

    def load(self, desk: Desk) -> Page | None:
        from backend.desk import orders

        return orders.page(desk, self.key)

    def fill(self, data: Page) -> None:  # noqa: ARG002 - drawn from what was read
        self.query_one(Sheet).relook()

    @property
    def order(self) -> OrderRow | None:
        return None if self.data is None else self.data.row

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        key = self.key
        choose_face(self, lambda desk: _faces(desk, key))

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        lines = self._write(self.look, 100)
        self.shell.copy("\n".join("".join(cell.text for cell in line).rstrip() for line in lines))
        self.shell.tell(Message("ui.copied", {"count": len(lines)}))

    def _write(self, look: Look, cells: int) -> Text:
        if self.data is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        row, width = self.data.row, LABELS[look.language]
        lines: list[Sequence[Cell]] = [
            [Cell(" "), state(row, look), Cell("  "), kind(row, look), Cell(f"  {row.title}", "title"),
             Cell(f"   {row.code}", "dim"),
             *([Cell(f"   {look.word('station.made_up')}", "made_up")] if row.made_up else [])],
            [],
        ]  # fmt: skip
        facts = (
            ("scope", row.scope),
            (
                "time",
                look.word("orderscreen.span", starts=look.moment(row.starts), ends=_ends(row, look).text),
            ),
            ("due", look.moment(row.due) if row.due is not None else ""),
            ("load", "" if row.allowed_load is None else f"{row.allowed_load}%"),
            ("by", row.issuer),
            ("lead", row.lead_name),
        )
        for name, told in facts:
            if told:
                lines.append(
                    [Cell(" " + fit(look.word(f"orderscreen.fact.{name}"), width), "dim"), Cell(told)]
                )
        if row.text:
            lines += [[], *flow(row.text, cells - 2, "", " ")]
        lines += [[], [Cell(" " + look.word("orderscreen.history"), "header")]]
        lines += [line for step in self.data.steps for line in _step(step, look, cells)]
        if not self.data.steps:
            lines.append([Cell(" " + look.word("orderscreen.of_pack"), "dim")])
        return lines


def _step(step: OrderStep, look: Look, cells: int) -> list[Sequence[Cell]]:
    told = []
    for name, value in step.body.items():
        if value in (None, "") or (step.act == "issue" and name != "title"):
            continue
        text = (
            look.moment(value) if name in ("starts", "ends", "due") and isinstance(value, int) else str(value)
        )
        text = look.word(f"order.level.{value}") if name == "level" else text
        told.append(f"{look.word(f'orderscreen.field.{name}')} {text}")
    head = [
        Cell(f" {fit(look.moment(step.at), 11)} ", "dim"),
        Cell(fit(look.word(f"order.act.{step.act}"), 10), "strong"),
        Cell(step.actor_name),
    ]
    return [head, *flow(telling.joined(told), cells - 14, "", " " * 13)] if told else [head]


def _faces(desk: Desk, code: str) -> Sequence[Face]:
    from backend.desk import orders

    return orders.faces(desk, code)
