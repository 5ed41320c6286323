"""One flagged span: its values beside the neighbours', what was built on them, what was decided, the trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from backend.words import Message
from screens import telling
from screens.acting.review import ReviewActs
from screens.alarm_cells import alarm_line
from screens.base import PageScreen
from screens.columns import Cell
from screens.faces import choose_face
from screens.look import MISSING, Look
from screens.quality_columns import flag, reasons, verdict
from screens.widgets.cells import fit
from screens.widgets.sheet import Sheet, Text, flow
from screens.widgets.trend import Curve, Trend, sample

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.quality import Detail, SpanRow, ValueLine

LABEL = 10
"""Cells of the names on the left."""
MOST = 60
"""Values that are listed."""


class SpanPage(ReviewActs, PageScreen["Detail"]):
    """A span."""

    NAME: ClassVar[str] = "span"
    CSS_PATH = "span.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - declared so by the framework

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="span-sheet")
        yield Trend(id="span-trend")

    def on_mount(self) -> None:
        self.query_one("#span-sheet").focus()

    def load(self, desk: Desk) -> Detail | None:
        from backend.desk import quality

        return quality.page(desk, self.key)

    def fill(self, data: Detail) -> None:
        self.query_one("#span-sheet", Sheet).relook()
        series, row = data.series, data.row
        curve = Curve(
            series.since, series.until, series.period, series.points, series.peers, None, row.decimals
        )
        self.query_one(Trend).show(curve, lambda look: _title(data, look))

    @property
    def span(self) -> SpanRow | None:
        return None if self.data is None else self.data.row

    # Showing.

    def _write(self, look: Look, cells: int) -> Text:
        data = self.data
        if data is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        row = data.row
        lines: list[Sequence[Cell]] = [
            [
                Cell(f" {row.name} ", "title"),
                Cell(f"{telling.parameter(row.parameter, look)}  ", "title"),
                flag(row, look),
                Cell("  "),
                reasons(row, look),
                Cell(f"   {row.station}  {telling.station_kind(row.kind, look)}", "dim"),
            ]
        ]
        lines += _facts(data, look, cells)
        lines += [[], [Cell(" " + look.word("review.values"), "header")]]
        lines += [_value(line, row, look) for line in _telling_most(data.values)]
        left = len(data.values) - MOST
        if left > 0:
            lines.append([Cell("  " + look.word("review.more_values", count=left), "dim")])
        return lines

    # Acts.

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        choose_face(self, partial(_faces, key=self.key))

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        lines = self._write(self.look, 100)
        self.shell.copy("\n".join("".join(cell.text for cell in line).rstrip() for line in lines))
        self.shell.tell(Message("ui.copied", {"count": len(lines)}))

    def remember(self) -> dict[str, Any]:
        return {"top": self.query_one("#span-sheet", Sheet).top}

    def restore(self, kept: Mapping[str, Any]) -> None:
        top = kept.get("top")
        self.query_one("#span-sheet", Sheet).top = top if isinstance(top, int) and top > 0 else 0


def _faces(desk: Desk, key: str) -> Sequence[Any]:
    from backend.desk import quality

    return quality.faces(desk, key)


def _telling_most(values: Sequence[ValueLine]) -> Sequence[ValueLine]:
    """Of very many values those that something is said of come first."""
    if len(values) <= MOST:
        return values
    said = [line for line in values if line.reason]
    return (said or list(values))[:MOST]


def _facts(data: Detail, look: Look, cells: int) -> list[Sequence[Cell]]:
    row = data.row
    lines: list[Sequence[Cell]] = []

    def fact(code: str, *told: Cell) -> None:
        lines.append([Cell(" " + fit(look.word(code), LABEL), "dim"), *told])

    span = look.word(
        "review.span",
        since=look.moment(row.since),
        until=look.moment(row.until),
        span=look.span(row.until - row.since),
    )
    fact("review.fact.span", Cell(span), Cell(f"   {look.word('review.fact.count', count=row.count)}", "dim"))
    value = MISSING if row.value is None else look.number(row.value, row.decimals)
    beside = MISSING if row.beside is None else look.number(row.beside, row.decimals)
    fact(
        "review.fact.value",
        Cell(f"{value} {row.unit}", "strong"),
        Cell("   " + look.word("review.fact.beside", beside=beside, count=data.peers)),
    )
    if row.found:
        told = {key: value for key, value in row.found.items() if isinstance(value, int | float)}
        words = look.word(f"review.found.{row.reason}", **told)
        if "wander" in told:
            words += look.pick("", " ") + look.word("review.found.wander", **told)
        lines += flow(words, cells - 1, "", " " * (LABEL + 1))
    if data.alarms:
        for number, alarm in enumerate(data.alarms[:4]):
            name = look.word("review.fact.alarms") if number == 0 else ""
            lines.append([Cell(" " + fit(name, LABEL), "dim"), *alarm_line(alarm, look, place=False)])
    else:
        fact("review.fact.alarms", Cell(look.word("review.nothing_built"), "dim"))
    for number, (code, state, suspect) in enumerate(data.tasks[:4]):
        name = look.word("review.fact.tasks") if number == 0 else ""
        mark = "  " + look.word("review.task_suspect") if suspect else ""
        lines.append(
            [
                Cell(" " + fit(name, LABEL), "dim"),
                Cell(code, "link"),
                Cell(f"  {look.word(f'task.state.{state}')}"),
                Cell(mark, "suspect"),
            ]
        )
    for number, hot in enumerate(data.hot[:3]):
        name = look.word("review.fact.hot") if number == 0 else ""
        more = f"  +{len(data.hot) - 3}" if number == 2 and len(data.hot) > 3 else ""
        words = f"  {look.moment(hot.at)}  {look.word(f'hotspots.heat.{hot.heat}')}"
        lines.append([Cell(" " + fit(name, LABEL), "dim"), Cell(hot.name), Cell(words + more, "dim")])
    if row.task:
        fact("review.fact.order", Cell(row.task, "link"))
    for number, one in enumerate(data.verdicts[:4]):
        name = look.word("review.fact.verdicts") if number == 0 else ""
        told_ = f"  {look.word(f'review.cause.{one.cause}')}  {one.actor_name}  {look.moment(one.at)}"
        note = f"  {one.note}" if one.note else ""
        lines.append([Cell(" " + fit(name, LABEL), "dim"), verdict(one, look), Cell(told_ + note)])
    return lines


def _value(line: ValueLine, row: SpanRow, look: Look) -> list[Cell]:
    value = MISSING if line.value is None else f"{line.qualifier}{look.number(line.value, row.decimals)}"
    beside = MISSING if line.beside is None else look.number(line.beside, row.decimals)
    told = [
        Cell(f"  {fit(look.moment(line.start), 11)} "),
        Cell(fit(value, 9, "right"), "strong"),
        Cell(f"  {look.word('review.beside_short')} "),
        Cell(fit(beside, 7, "right"), "dim"),
        Cell("  "),
        telling.flag(line.flag, look),
        Cell(f"  {telling.reasons(line.reason, look)}"),
    ]
    if line.revision:
        told.append(Cell("  " + look.word("review.revised", count=line.revision), "dim"))
    return told


def _title(data: Detail, look: Look) -> list[Cell]:
    """The line over the plot."""
    name = telling.parameter(data.row.parameter, look)
    told = [
        Cell(f" {name} {data.row.unit}  ", "strong"),
        Cell(f"{sample('line', look)} {look.word('station.trend.own')}  ", "line"),
    ]
    if data.series.peers:
        told.append(
            Cell(f"{sample('axis', look)} {look.word('station.trend.peers', count=data.peers)}  ", "axis")
        )
    return told
