"""The columns of the alarms board: what stands, groups of it, the registers of what was put away, the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from screens import alarm_cells, telling
from screens.columns import Cell, Column
from screens.look import Look

if TYPE_CHECKING:
    from backend.desk.alarmgroups import GroupRow
    from backend.desk.alarms import AlarmRow
    from backend.desk.floods import FloodRow
    from backend.desk.putaway import WindowRow

STATES = ("UNACK", "RTN_UNACK", "ACKED", "SHELVED", "SUPPRESSED", "OUT_OF_SERVICE", "NORM")


def _state_order(row: AlarmRow) -> int:
    return STATES.index(row.state) if row.state in STATES else len(STATES)


def _task(row: AlarmRow, look: Look) -> Cell:
    if row.task:
        return Cell(f"{row.task} {look.word(f'task.state.{row.task_state}')}", "link")
    return Cell("")


def _task_state(row: AlarmRow, look: Look) -> str:
    """Where its task stands, which says more than a part of the task's number."""
    return look.word(f"task.state.{row.task_state}") if row.task else ""


def _marks(row: AlarmRow, look: Look) -> Cell:
    """What makes the alarm a nuisance."""
    return Cell(" ".join(look.word(f"alarmscreen.mark.{mark}") for mark in row.marks), "warn")


def _kept(row: AlarmRow, look: Look) -> str:
    """What keeps an alarm from ringing: an order, a maintenance window, a region or a feed, a person."""
    kind, _, code = row.kept_by.partition(":")
    if kind in ("order", "window") and code:
        return look.word(f"alarmscreen.kept.{kind}", code=code)
    return look.word("alarmscreen.kept.spoken" if row.kept_by else "alarmscreen.kept.person")


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
MARKS = Column[Any]("marks", "alarmscreen.column.marks", _marks, 8, rank=3)
RULE = Column[Any]("rule", "alarmscreen.column.rule", alarm_cells.rule, 12, flex=1, most=30)
PLACE = Column[Any](
    "place", "ui.column.place", lambda row, _look: row.place, 14, flex=2, most=28, numbered=True
)
COUNTY = Column[Any]("county", "alarmscreen.column.county", lambda row, _look: row.county, 8, rank=4)
TOWNSHIP = Column[Any](
    "township", "overview.column.area", lambda row, _look: row.township, 8, rank=4, flex=1, most=12
)
READING = Column[Any](
    "reading",
    "alarmscreen.column.reading",
    alarm_cells.what,
    22,
    flex=5,
    most=36,
    brief=alarm_cells.brief,
    order=lambda row: row.value,
)


def _rang(row: AlarmRow, look: Look) -> Cell:
    """When it rang: one that was suppressed until it was over never did."""
    return Cell(look.moment(row.presented) if row.presented else look.word("alarmscreen.never"), "dim")


PRESENTED = Column[Any](
    "presented", "alarmscreen.column.presented", _rang, 11, rank=3, order=lambda row: row.presented or row.began,
)  # fmt: skip
AGE = Column[Any](
    "age", "ui.column.age", lambda row, look: look.age(row.presented), 6, align="right", rank=1,
    order=lambda row: -row.presented,
)  # fmt: skip
WHO = Column[Any]("who", "alarmscreen.column.who", _who, 6, rank=3)
ACKED = Column[Any]("acked", "alarmscreen.column.acked", lambda row, _look: row.acked_name, 8, rank=5)
TASK = Column[Any]("task", "alarmscreen.column.task", _task, 10, flex=1, most=26, brief=_task_state, rank=2)
UNTIL = Column[Any](
    "until", "alarmscreen.column.until", lambda row, look: look.moment(row.shelved_until), 11,
    order=lambda row: row.shelved_until,
)  # fmt: skip
BY = Column[Any]("by", "alarmscreen.column.by", lambda row, _look: row.shelved_name, 6, rank=1)
WHY = Column[Any](
    "reason", "alarmscreen.column.reason", lambda row, _look: row.shelve_reason, 12, flex=2, most=40
)
CLEARED = Column[Any](
    "cleared", "alarmscreen.column.cleared", lambda row, look: look.moment(row.cleared), 11, rank=1,
    order=lambda row: row.cleared,
)  # fmt: skip
STANDING = (PRIORITY, STATE, MARKS, RULE, PLACE, COUNTY, TOWNSHIP, READING, AGE, WHO, TASK)
KEPT = Column[Any]("kept", "alarmscreen.column.kept", _kept, 16, flex=1, most=26)
KEPT_QUIET = (PRIORITY, STATE, RULE, PLACE, COUNTY, TOWNSHIP, READING, KEPT)
SHELVED = (PRIORITY, RULE, PLACE, COUNTY, TOWNSHIP, READING, UNTIL, BY, WHY)
PAST = (PRIORITY, RULE, PLACE, COUNTY, TOWNSHIP, READING, PRESENTED, CLEARED, ACKED, TASK)


# Groups 归并.


def _where(row: GroupRow, look: Look) -> str:
    """The place, or what several places have in common."""
    if row.stations > 1:
        return look.word("alarmscreen.group.where", where=row.where, stations=row.stations)
    return row.where


def _held(row: GroupRow, look: Look) -> Cell:
    """What these alarms keep from ringing."""
    return Cell(look.word("alarmscreen.group.spoken", count=row.spoken_for) if row.spoken_for else "", "dim")


COUNT = Column[Any](
    "count", "alarmscreen.column.count", lambda row, _look: Cell(f"{row.count:,}", "strong"), 6, align="right",
    order=lambda row: -row.count,
)  # fmt: skip
TO_ACK = Column[Any](
    "waiting", "alarmscreen.column.waiting",
    lambda row, _look: Cell(f"{row.waiting:,}", "warn" if row.waiting else "dim"), 6, align="right",
    order=lambda row: -row.waiting,
)  # fmt: skip
WHERE = Column[Any]("place", "ui.column.place", _where, 16, flex=3, most=36, numbered=True)
HELD = Column[Any]("held", "alarmscreen.column.held", _held, 12, rank=3)
OLDEST = Column[Any](
    "age", "ui.column.age", lambda row, look: look.age(row.oldest), 6, align="right", rank=1,
    order=lambda row: -row.oldest,
)  # fmt: skip
GROUP_TASK = Column[Any](
    "task", "alarmscreen.column.task", lambda row, _look: Cell(row.task, "link"), 14, rank=2
)
GROUP_RULES = Column[Any](
    "rule",
    "alarmscreen.column.rule",
    lambda row, look: alarm_cells.rules(row.rules, look),
    14,
    flex=3,
    most=40,
)
GROUPS = (PRIORITY, GROUP_RULES, WHERE, COUNT, TO_ACK, HELD, OLDEST, GROUP_TASK)

# Maintenance windows 维护窗口.
WINDOW_TONES = {"running": "warn", "planned": "new", "over": "dim"}


def _window(row: WindowRow, look: Look) -> str:
    """What is worked on."""
    kind = look.word(f"alarmscreen.window.{row.scope_kind}")
    within = row.scope_kind in ("kind", "feed") and row.grid_name
    return f"{kind} {row.name}" + (
        look.word("alarmscreen.window.within", grid=row.grid_name) if within else ""
    )


def _recorded(row: WindowRow, look: Look) -> str:
    """Alarms recorded in it, and how many of them stand."""
    return (
        look.word("alarmscreen.window.counts", recorded=row.recorded, standing=row.standing)
        if row.recorded
        else ""
    )


WINDOW_STATE = Column[Any](
    "state", "alarmscreen.column.state",
    lambda row, look: Cell(look.word(f"alarmscreen.window.{row.state}"), WINDOW_TONES.get(row.state, "")), 8,
)  # fmt: skip
WINDOW = Column[Any]("place", "alarmscreen.column.window", _window, 18, flex=3, most=36)
STARTS = Column[Any](
    "starts", "alarmscreen.column.starts", lambda row, look: look.moment(row.starts), 11, rank=2,
    order=lambda row: row.starts,
)  # fmt: skip
ENDS = Column[Any](
    "ends", "alarmscreen.column.ends", lambda row, look: look.moment(row.ends), 11, order=lambda row: row.ends
)  # fmt: skip
PLANNED = Column[Any]("by", "alarmscreen.column.by", lambda row, _look: row.made_name, 6, rank=1)
RECORDED = Column[Any]("recorded", "alarmscreen.column.recorded", _recorded, 12, rank=3)
REASON = Column[Any](
    "reason", "alarmscreen.column.reason", lambda row, _look: row.reason, 12, flex=2, most=40
)
WINDOWS = (WINDOW_STATE, WINDOW, STARTS, ENDS, PLANNED, RECORDED, REASON)

# Floods 报警泛滥.


def _flood_end(row: FloodRow, look: Look) -> Cell:
    """Until when, or that it lasts."""
    if row.ended is None:
        return Cell(look.word("alarmscreen.flood.lasts"), "bad")
    return Cell(look.moment(row.ended))


FLOODS = (
    Column[Any]("grid", "alarmscreen.column.grid", lambda row, _look: row.name, 14, flex=1, most=30),
    Column[Any]("began", "alarmscreen.column.from", lambda row, look: look.moment(row.began), 11,
                order=lambda row: -row.began),
    Column[Any]("ended", "alarmscreen.column.to", _flood_end, 11, order=lambda row: row.ended),
    Column[Any]("span", "alarmscreen.column.lasted", lambda row, look: look.span(row.seconds), 8, align="right",
                order=lambda row: -row.seconds),
    Column[Any]("total", "alarmscreen.column.total", lambda row, _look: Cell(f"{row.total:,}", "strong"), 7,
                align="right", order=lambda row: -row.total),
    Column[Any]("peak", "alarmscreen.column.peak_rate", lambda row, look: look.word("alarmscreen.flood.peak",
                count=row.peak), 12, align="right", order=lambda row: -row.peak),
)  # fmt: skip

COLUMNS: Mapping[str, Sequence[Column[Any]]] = {
    "standing": STANDING,
    "waiting": STANDING,
    "groups": GROUPS,
    "shelved": SHELVED,
    "windows": WINDOWS,
    "put_away": KEPT_QUIET,
    "past": PAST,
    "floods": FLOODS,
}
"""By tab, in their order."""
