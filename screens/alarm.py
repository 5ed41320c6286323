"""One alarm: what rings and since when, who has seen it, what it rests on, and all that happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult

from backend.words import Message
from screens import alarm_cells, log_columns, telling
from screens.acting.windows import WindowActs
from screens.alarm_acts import AlarmActs
from screens.alarm_evidence import evidence
from screens.alarms import _faces as faces
from screens.base import PageScreen
from screens.columns import Cell
from screens.faces import choose_face
from screens.listing import save_rows
from screens.look import Look
from screens.station import curve, title
from screens.widgets.cells import fit, shown
from screens.widgets.sheet import Sheet, Text, flow, fold
from screens.widgets.trend import Trend

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmPage as Page
    from backend.desk.alarms import AlarmRow, AlarmStep
    from backend.desk.desk import Desk
    from backend.desk.station import StationPage

GAP = 2
"""Cells between two columns."""
LABEL = 10
"""Cells of the names on the left."""
SYSTEM = "SYS"
"""What the product itself is called where people have codes."""
RENEW = 60
"""Seconds between two words that it is still open here."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What the page shows."""

    page: Page
    station: StationPage | None
    """The station, for two days of what rings; None where a feed or a region rings."""


class AlarmPage(WindowActs, AlarmActs, PageScreen[Whole]):
    """An alarm."""

    NAME: ClassVar[str] = "alarm"
    CSS_PATH = "alarm.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - declared so by the framework

    def body(self) -> ComposeResult:
        yield Sheet(self._write, focusable=True, id="alarm-sheet")
        yield Trend(id="alarm-trend")

    def on_mount(self) -> None:
        self.query_one("#alarm-sheet").focus()
        self.set_interval(RENEW, self._renew)

    def load(self, desk: Desk) -> Whole | None:
        from backend.desk import acts, alarms, station

        if not self.key.isdecimal():
            return None
        # The other seats see that it is open here; who has it already is in the row.
        acts.claim(desk, "alarm", self.key)
        page = alarms.page(desk, int(self.key))
        if page is None:
            return None
        row = page.row
        return Whole(page, station.page(desk, row.station) if row.station and row.parameter else None)

    def _renew(self) -> None:
        """A claim ends by itself: say again that it is open here."""
        if (desk := self.shell.desk) is not None and self.is_active:
            self.shell.work(partial(_claim, desk, self.key), lambda _: None, name="claim")

    def fill(self, data: Whole) -> None:
        self.query_one("#alarm-sheet", Sheet).relook()
        trend, station, row = self.query_one(Trend), data.station, data.page.row
        series = station.series.get(row.parameter) if station is not None else None
        trend.display = series is not None
        if station is not None and series is not None:
            measure = next(one for one in station.measures if one.parameter == row.parameter)
            bound = row.threshold if row.rule in alarm_cells.COMPARED else None
            held = replace(measure, limit=measure.limit if bound is None else bound)
            trend.show(curve(series, held), lambda look: title(station, held, series, look)[:-1])

    def on_unmount(self) -> None:
        """Let the other seats have it."""
        desk, key = self.shell.desk, self.key
        if desk is None or not self.app.is_running:
            return

        def release() -> None:
            from backend.desk import acts

            acts.release(desk, "alarm", key)

        self.shell.work(release, lambda _: None, name="release")

    @property
    def alarm(self) -> AlarmRow | None:
        return None if self.data is None else self.data.page.row

    # Showing.

    def _write(self, look: Look, cells: int) -> Text:
        if self.data is None:
            return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
        page = self.data.page
        lines: list[Sequence[Cell]] = [_title(page.row, look), []]
        lines += _facts(page, look, cells)
        if seen := evidence(page.row, page.evidence, look, cells):
            lines += [[], [Cell(" " + look.word("alarmscreen.evidence"), "header")], *seen]
        lines += [[], [Cell(" " + look.word("alarmscreen.timeline"), "header")]]
        return [*lines, *history(page.steps, look, cells)]

    # Acts.

    def do_board_faces(self) -> None:
        """Where one can go from here."""
        choose_face(self, partial(faces, alarm=int(self.key)))

    def do_board_copy(self) -> None:
        """The page as plain text on the person's clipboard."""
        lines = self._write(self.look, 100)
        self.shell.copy("\n".join("".join(cell.text for cell in line).rstrip() for line in lines))
        self.shell.tell(Message("ui.copied", {"count": len(lines)}))

    def do_board_save(self) -> None:
        """All that happened to it, as a CSV file."""
        if (data := self.data) is not None:
            save_rows(self, "alarm-log", log_columns.ALARM, lambda: data.page.steps)

    def remember(self) -> dict[str, Any]:
        return {"top": self.query_one("#alarm-sheet", Sheet).top}

    def restore(self, kept: Mapping[str, Any]) -> None:
        top = kept.get("top")
        self.query_one("#alarm-sheet", Sheet).top = top if isinstance(top, int) and top > 0 else 0


def _claim(desk: Desk, key: str) -> None:
    from backend.desk import acts

    acts.claim(desk, "alarm", key)


def _title(row: AlarmRow, look: Look) -> list[Cell]:
    told = [
        Cell(" "),
        telling.priority(row.priority, look),
        Cell("  "),
        Cell(alarm_cells.rule(row, look), "title"),
    ]
    told += [Cell(f"  {row.place}", "title"), Cell(f"  {alarm_cells.parameter(row, look)}  ")]
    told += [
        alarm_cells.state(row.state, look),
        Cell(f"   {look.word('alarmscreen.title', id=row.id)}", "dim"),
    ]
    if row.claimed_name:
        told.append(Cell("   " + look.word("alarmscreen.claimed", who=row.claimed_name), "new"))
    return told


def _facts(page: Page, look: Look, cells: int) -> list[Sequence[Cell]]:
    """Names on the left, what is known on the right; what is not known has no line."""
    row = page.row
    facts = [
        ("alarmscreen.reading", _reading(row, look)),
        ("alarmscreen.now", _now(page, look)),
        ("alarmscreen.column.state", _seen(page, look)),
        (
            "alarmscreen.place",
            [Cell("/".join(dict.fromkeys(filter(None, (row.county, row.township, row.place)))))],
        ),
        ("alarmscreen.contact", [Cell(page.contact)] if page.contact else []),
        ("alarmscreen.work", _work(row, look)),
    ]
    lines: list[Sequence[Cell]] = []
    for code, told in facts:
        if told:
            lines.append([Cell(" " + fit(look.word(code), LABEL), "dim"), *told])
    for number, other in enumerate(page.beside):
        name = look.word("alarmscreen.beside") if number == 0 else ""
        told = alarm_cells.alarm_line(other, look, place=False)
        if other.incident != row.incident:
            told.append(Cell("  " + look.word("alarmscreen.beside.apart", incident=other.incident), "dim"))
        lines += fold([Cell(" " + fit(name, LABEL), "dim"), *told], cells - 1, " " * (LABEL + 1))
    if page.regional:
        kind, _, code = page.regional.partition(":")
        why = (
            f"alarmscreen.inhibited.{kind}"
            if kind in ("order", "window", "humid") and code
            else "alarmscreen.inhibited"
        )
        lines += flow(look.word(why, code=code), cells - 1, "warn", " ")
    return lines


def _reading(row: AlarmRow, look: Look) -> list[Cell]:
    told = [Cell(alarm_cells.reading(row, look), "strong")]
    if row.rule == "site_dust" and row.value is not None:
        told.append(Cell("   " + look.word("alarmscreen.value", value=look.number(row.value, row.decimals))))
    if row.background is not None and row.rule not in alarm_cells.PAIRED:
        before = look.number(row.background, row.decimals)
        told.append(Cell("   " + look.word("alarmscreen.background", background=before)))
    if row.peak is not None and row.peak != row.value:
        told.append(Cell("   " + look.word("alarmscreen.peak", peak=look.number(row.peak, row.decimals))))
    if row.suspect:
        told.append(Cell("   " + look.word("alarmscreen.suspect"), "suspect"))
    return told


def _now(page: Page, look: Look) -> list[Cell]:
    row = page.row
    at = row.presented or min((step.at for step in page.steps), default=row.began)
    word = "alarmscreen.presented" if row.presented else "alarmscreen.recorded"
    told = look.word(word, at=look.moment(at), age=look.age(at))
    span = alarm_cells.span(row, look)
    pieces = [Cell(f"{told}   {span}")]
    if row.occurrences > 1:
        pieces.append(Cell("   " + look.word("alarmscreen.occurrences", count=row.occurrences)))
    pieces += alarm_cells.nuisances(row, look)
    return pieces


def _seen(page: Page, look: Look) -> list[Cell]:
    row = page.row
    if row.state == "SHELVED":
        who = next((step.actor_name for step in reversed(page.steps) if step.act == "shelve"), row.shelved_by)
        until = look.moment(row.shelved_until)
        return [Cell(look.word("alarmscreen.shelved", who=who, until=until, reason=row.shelve_reason))]
    if row.acked is not None:
        return [Cell(look.word("alarmscreen.acked", who=row.acked_name, at=look.moment(row.acked)))]
    return [Cell(look.word("alarmscreen.not_acked"), "warn")] if row.state in ("UNACK", "RTN_UNACK") else []


def _work(row: AlarmRow, look: Look) -> list[Cell]:
    told = [Cell(look.word("alarmscreen.no_task"), "dim")]
    if row.task:
        state = look.word(f"task.state.{row.task_state}")
        told = [Cell(look.word("alarmscreen.task", task=row.task, state=state), "link")]
    if row.incident:
        told.append(Cell("   " + look.word("alarmscreen.incident", incident=row.incident), "dim"))
    return told


def history(steps: Sequence[AlarmStep], look: Look, cells: int) -> list[Sequence[Cell]]:
    """What happened to it, in columns as wide as what stands in them; what has no room goes on below."""
    rows: list[tuple[Cell, ...]] = []
    for step in steps:
        who = step.actor_name or look.word("desk.system")
        state = look.word(f"alarm.state.{step.to_state}") if step.to_state else ""
        rows.append((
            Cell(look.moment(step.at), "dim"),
            Cell(look.word(f"alarm.act.{step.act}")),
            Cell(who, "dim" if step.actor in ("", SYSTEM) else ""),
            Cell(state, "dim"),
        ))  # fmt: skip
    wide = [max(cell_len(shown(cell.text)) for cell in column) for column in zip(*rows, strict=True)]
    # A long name is cut before anything else is: all of it is in the copy.
    spare = cells - 1 - (sum(wide) + GAP * len(wide))
    if wide and spare < 0:
        wide[2] = max(LABEL, wide[2] + spare)
    lines: list[Sequence[Cell]] = []
    for step, row in zip(steps, rows, strict=True):
        told = [Cell(" ")]
        told += [
            Cell(fit(text, room) + " " * GAP, tone) for (text, tone), room in zip(row, wide, strict=True)
        ]
        if step.for_name:
            told.append(Cell(look.word("dutyscreen.for", name=step.for_name) + " ", "mark"))
        if why := log_columns.reason(step, look):
            told.append(Cell(why))
        lines += fold(told, cells, " " * (1 + wide[0] + GAP))
    return lines
