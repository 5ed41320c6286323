"""The columns of the triage desk's queue; what is decided stays in its place, dim, with what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from screens import alarm_cells, telling
from screens.columns import Cell, Column
from screens.look import Look
from screens.tones import shape

if TYPE_CHECKING:
    from backend.desk.triage import TriageRow


def what(row: TriageRow, look: Look) -> str:
    """What it is: the rules of the alarms that wait, or what a person reported."""
    if row.rules:
        return alarm_cells.rules(row.rules, look)
    return alarm_cells.rule(row.lead, look) if row.lead is not None else look.pick(*row.type_name)


def _what(row: TriageRow, look: Look) -> str:
    """The same, with how many alarms it is."""
    return (
        look.word("triage.count", what=what(row, look), count=row.count) if row.count > 1 else what(row, look)
    )


def place(row: TriageRow, look: Look) -> str:
    """Where it is; of a flood what its places have in common, and how many they are."""
    if len(row.items) > 1:
        return look.word("triage.places", place=row.place, count=len(row.items))
    return row.place


def reading(row: TriageRow, look: Look) -> str:
    """The value against its bound; of a draft its number."""
    return alarm_cells.what(row.lead, look) if row.lead is not None else row.task


def _brief(row: TriageRow, look: Look) -> str:
    return alarm_cells.brief(row.lead, look) if row.lead is not None else row.task


def state(row: TriageRow, look: Look) -> Cell:
    """What was done, who has it open, what is late or in doubt."""
    if row.done is not None:
        until = row.done.args.get("until")
        when = {"until": look.moment(until)} if isinstance(until, int) else {}
        return Cell(look.word(row.done.code, **{**row.done.args, **when}), "good")
    if row.claimed:
        return Cell(f"{shape('cursor', look.ascii)} {look.word('triage.held', who=row.claimed)}", "new")
    if row.breached:
        return Cell(f"{shape('bad', look.ascii)} {look.word('triage.late')}", "bad")
    if row.asked:
        return Cell(look.word("triage.asked"), "mark")
    if row.suspect:
        return Cell(f"{shape('suspect', look.ascii)} {look.word('triage.suspect')}", "suspect")
    return Cell(look.word("triage.draft"), "dim") if row.item.draft else Cell("")


def _cell(show: Callable[[TriageRow, Look], Cell | str]) -> Callable[[TriageRow, Look], Cell]:
    """Dim, once it is decided on."""

    def shown(row: TriageRow, look: Look) -> Cell:
        told = show(row, look)
        told = Cell(told) if isinstance(told, str) else told
        return told if row.done is None else Cell(told.text, "dim")

    return shown


COLUMNS: tuple[Column[TriageRow], ...] = (
    Column(
        "priority", "ui.column.priority", _cell(lambda row, look: telling.priority_short(row.priority, look)), 6,
        order=lambda row: telling.priority_order(row.priority),
    ),
    Column("what", "triage.column.what", _cell(_what), 14, flex=2, most=32),
    Column("place", "ui.column.place", _cell(place), 13, flex=4, most=30, numbered=True),
    Column("reading", "alarmscreen.column.reading", _cell(reading), 18, flex=2, most=36, rank=2, brief=_brief),
    Column(
        "age", "ui.column.age", _cell(lambda row, look: look.age(row.since)), 5, align="right",
        order=lambda row: row.since,
    ),
    Column("state", "triage.column.state", state, 15, flex=3, most=30, firm=True),
)  # fmt: skip
