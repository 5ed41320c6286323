"""The columns of the overview's two lists: what needs me now, and the grids right below one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screens import alarm_cells, clocks, complaint_cells, telling
from screens.columns import Cell, Column
from screens.look import MISSING, Look

if TYPE_CHECKING:
    from backend.desk.overview import AreaRow, NeedRow

OLD = 3 * 3600
"""Seconds after which a grid's newest hour is old."""
DAY = 23 * 3600
"""Seconds within which an hour of the clock can mean one day only."""


def _due(row: NeedRow, look: Look) -> Cell:
    """A task's clock; how long an alarm has waited for a person."""
    if row.task is not None:
        return clocks.badge(row.task, look)
    if row.complaint is not None:
        return complaint_cells.due(row.complaint, look)
    return Cell(look.word("overview.waits", span=look.age(row.since)), "dim")


def _priority(row: NeedRow, look: Look) -> Cell:
    return telling.priority_short(row.priority, look)


def _kind(row: NeedRow, look: Look) -> Cell:
    return Cell(look.word(f"overview.kind.{row.kind}"), "dim")


def _what(row: NeedRow, look: Look) -> str:
    if row.task is not None:
        return look.pick(*row.task.type_name)
    if row.complaint is not None:
        return f"{look.pick(*row.complaint.type_name)} {row.complaint.number}"
    return alarm_cells.rule(row.alarm, look) if row.alarm is not None else row.what


def _reading(row: NeedRow, look: Look) -> str:
    if row.complaint is not None:
        return row.complaint.text
    return "" if row.alarm is None else alarm_cells.what(row.alarm, look)


def _brief(row: NeedRow, look: Look) -> str:
    return _reading(row, look) if row.alarm is None else alarm_cells.brief(row.alarm, look)


def _state(row: NeedRow, look: Look) -> Cell:
    if row.task is not None and row.task.side == "offered":
        return Cell(look.word("taskscreen.state.offered"), "mark")
    if row.task is not None:
        return Cell(look.word(f"task.state.{row.task.told_as}"))
    if row.complaint is not None:
        return complaint_cells.state(row.complaint, look)
    return alarm_cells.state(row.state, look)


def _who(row: NeedRow, _look: Look) -> str:
    if row.task is not None:
        return row.task.holder_name
    return row.alarm.claimed_name if row.alarm is not None else ""


def _place(row: NeedRow, _look: Look) -> str:
    return row.place


def _township(row: NeedRow, _look: Look) -> Cell:
    """Where it is, below the county; empty where the place tells it already."""
    found = row.task or row.alarm or row.complaint
    area = found.township or found.county if found is not None else ""
    return Cell("" if area in row.place else area, "dim")


def _county(row: NeedRow, _look: Look) -> Cell:
    found = row.task or row.alarm or row.complaint
    return Cell(found.county if found is not None else "", "dim")


TOWNSHIP = Column[Any]("township", "overview.column.area", _township, 8, flex=1, most=16, rank=3)
COUNTY = Column[Any]("county", "station.column.county", _county, 8, flex=1, most=16, rank=3)
NEEDS: tuple[Column[Any], ...] = (
    Column("due", "overview.column.due", _due, 9, sortable=False),
    Column(
        "priority", "ui.column.priority", _priority, 6, order=lambda row: telling.priority_order(row.priority)
    ),
    # Its state tells as well whether it is an alarm or a task: where room is short, that is whole and this gives way.
    Column("kind", "overview.column.kind", _kind, 5, rank=2),
    Column("what", "overview.column.what", _what, 12, flex=1, most=30),
    Column("place", "overview.column.place", _place, 12, flex=2, most=28, numbered=True),
    TOWNSHIP,
    COUNTY,
    Column("reading", "overview.column.reading", _reading, 19, flex=4, most=36, rank=1, brief=_brief),
    Column("state", "overview.column.state", _state, 11),
    Column("who", "overview.column.who", _who, 6, flex=1, most=16, rank=2),
)


def needs_of(tier: str) -> list[Column[Any]]:
    """The columns for a seat: in the city the counties differ, below it the townships."""
    left_out = TOWNSHIP if tier == "M" else COUNTY
    return [column for column in NEEDS if column is not left_out]


def _old(row: AreaRow, look: Look) -> bool:
    return row.newest is not None and look.now - row.newest > OLD


def _grid(row: AreaRow, look: Look) -> str:
    return look.pick(row.name, row.name_en)


def _grid_brief(row: AreaRow, look: Look) -> str:
    """The name without the word that all of its kind share."""
    name, _, kind = _grid(row, look).rpartition(" ")
    return name if name and kind in look.word("overview.grid_kinds").split() else _grid(row, look)


def _aqi(row: AreaRow, look: Look) -> Cell:
    told = telling.index(row.aqi, row.level)
    return Cell(told.text, "dim") if _old(row, look) else told


def _level(row: AreaRow, look: Look) -> Cell:
    told = telling.level(row.level, look)
    return Cell(told.text, "dim") if _old(row, look) else told


def _worst(row: AreaRow, _look: Look) -> Cell:
    if row.worst_aqi is None:
        return Cell(MISSING, "missing")
    return Cell(f"{row.worst_aqi:>3} {row.worst}", f"aqi{row.worst_level}" if row.worst_level > 2 else "")


def _primary(row: AreaRow, look: Look) -> str:
    return "/".join(telling.parameter(code, look) for code in row.primary) or MISSING


def _hour(row: AreaRow, look: Look) -> Cell:
    # Of the last day its hour is enough, and all that there is room for on a small screen.
    recent = row.newest is not None and look.now - row.newest < DAY
    told = look.clock(row.newest) if recent else look.moment(row.newest)
    return Cell(told, "warn" if _old(row, look) else "dim")


def _some(number: int, tone: str = "") -> Cell:
    return Cell(str(number), tone) if number else Cell("-", "dim")


AREAS: tuple[Column[Any], ...] = (
    Column("grid", "overview.column.grid", _grid, 12, flex=1, most=26, brief=_grid_brief),
    Column("aqi", "overview.column.aqi", _aqi, 4, align="right", order=lambda row: row.aqi),
    Column("level", "overview.column.level", _level, 8, order=lambda row: row.level or None),
    Column("primary", "overview.column.primary", _primary, 6, flex=1, most=14),
    Column("worst", "overview.column.worst", _worst, 16, flex=2, most=30, order=lambda row: row.worst_aqi),
    Column("waiting", "overview.column.waiting", lambda row, _look: _some(row.waiting, "new"), 6, align="right",
           order=lambda row: row.waiting),
    Column("tasks", "overview.column.tasks", lambda row, _look: _some(row.tasks), 5, align="right",
           order=lambda row: row.tasks),
    Column("overdue", "overview.column.overdue", lambda row, _look: _some(row.overdue, "bad"), 5, align="right",
           order=lambda row: row.overdue),
    Column("hour", "overview.column.hour", _hour, 5, flex=1, most=11, rank=1, order=lambda row: row.newest),
)  # fmt: skip
