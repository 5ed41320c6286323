"""The columns of the tasks board and of its work orders 运维工单, for whoever shows tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from backend.words import Message
from screens import clocks
from screens.columns import Cell, Column
from screens.look import Look
from screens.tones import shape

if TYPE_CHECKING:
    from backend.desk.tasks import TaskRow
    from backend.desk.workorders import WorkOrderRow

PRIORITIES = ("critical", "high", "medium", "low")
STATES = (
    "DRAFT", "OPEN", "RETURNED", "DISPATCHED", "ACCEPTED", "ON_SITE", "REWORK", "REPORTED", "OFFERED", "SUSPENDED",
    "CLOSED", "MERGED", "CANCELLED",
)  # fmt: skip
STATE_TONES = {"DRAFT": "new", "OPEN": "new", "RETURNED": "new", "REPORTED": "mark", "CLOSED": "good"}
LEVEL_TONES = {"C": "warn", "M": "bad"}


def state(row: TaskRow, look: Look) -> Cell:
    """What is waited for; of what is offered to this seat, that it is this seat's answer."""
    if row.side == "offered":
        return Cell(look.word("taskscreen.state.offered"), "mark")
    return Cell(look.word(f"task.state.{row.told_as}"), STATE_TONES.get(row.state, ""))


def priority(row: TaskRow, look: Look) -> Cell:
    """Shape and word."""
    word = look.word(f"taskscreen.priority.{row.priority}")
    return Cell(f"{shape(row.priority, look.ascii)} {word}", row.priority)


def level(row: TaskRow, look: Look) -> Cell:
    """The tier that answers for it, and whether it is supervised."""
    word = look.word(f"taskscreen.level.{row.level}")
    supervised = look.word("taskscreen.supervised") if row.supervised else ""
    return Cell(f"{word} {supervised}".rstrip(), "bad" if row.supervised else LEVEL_TONES.get(row.level, ""))


def _supervised(row: TaskRow, look: Look) -> str:
    """Of a supervised task that it is, before who answers for it."""
    return look.word("taskscreen.supervised") if row.supervised else level(row, look).text


def place(row: TaskRow) -> str:
    """Township and grid, each once."""
    return " ".join(dict.fromkeys(filter(None, (row.township or row.county, row.place))))


def missed(row: TaskRow, look: Look) -> Cell:
    """How many of its clocks were missed, past ones too."""
    count = len(row.breaches)
    return Cell(f"{shape('bad', look.ascii)}{count}", "bad") if count else Cell("")


def remark(row: TaskRow, look: Look) -> Cell:
    """Who else has it open, what waits for a word, or how it ended."""
    if row.claimed_by:
        return Cell(f"{shape('cursor', look.ascii)} {row.claimed_by}", "new")
    if beside := _beside(row, look):
        return Cell(beside, "mark" if row.side == "offered" else "dim")
    if row.asked:
        return Cell(look.word(f"task.asked.{row.asked}"), "mark")
    if row.closed is not None and row.close_code:
        code = "task.reason" if row.state != "CLOSED" else "result"
        return Cell(look.say(Message("taskscreen.code", {"code": look.word(f"{code}.{row.close_code}")})))
    return Cell(look.word("taskscreen.suspect"), "suspect") if row.suspect else Cell("")


def _beside(row: TaskRow, look: Look) -> str:
    """Of a task that isn't simply one's own: until when to answer, to whom it is offered, whether one helps."""
    if row.side == "offered":
        return look.word("taskscreen.remark.offered", at=look.moment(row.due))
    if row.state == "OFFERED":
        return look.word("taskscreen.remark.offered_to", name=row.offered_name)
    if row.side == "co" or (row.side == "handed" and row.closed is None):
        return look.word(f"taskscreen.side.{row.side}")
    return ""


def lead(row: TaskRow, _look: Look) -> Cell:
    """The lead department, and how many help."""
    return Cell(f"{row.lead} +{len(row.co)}" if row.co else row.lead, "dim")


CLOCK = Column["TaskRow"]("clock", "taskscreen.column.clock", clocks.badge, 9, order=clocks.order)
ENDED = Column["TaskRow"]("ended", "taskscreen.column.ended", clocks.badge, 11, order=clocks.order)
STATE = Column["TaskRow"](
    "state", "taskscreen.column.state", state, 11, order=lambda row: STATES.index(row.state)
)
PRIORITY = Column["TaskRow"](
    "priority", "taskscreen.column.priority", priority, 6, order=lambda row: PRIORITIES.index(row.priority)
)
TYPE = Column["TaskRow"](
    "type", "taskscreen.column.type", lambda row, look: look.pick(*row.type_name), 12, flex=2, most=24
)
PLACE = Column["TaskRow"](
    "place",
    "taskscreen.column.place",
    lambda row, _look: place(row),
    16,
    flex=3,
    brief=lambda row, _look: row.place,
    numbered=True,
)
HOLDER = Column["TaskRow"](
    "holder", "taskscreen.column.holder", lambda row, _look: row.holder_name, 8, flex=1, most=24
)
LEVEL = Column["TaskRow"](
    "level",
    "taskscreen.column.level",
    level,
    6,
    brief=_supervised,
    order=lambda row: ("T", "C", "M").index(row.level),
)
MISSED = Column["TaskRow"](
    "missed",
    "taskscreen.column.missed",
    missed,
    4,
    align="right",
    order=lambda row: -len(row.breaches),
)
REMARK = Column["TaskRow"]("remark", "taskscreen.column.remark", remark, 8, rank=1, flex=1, most=20)
RESULT = Column["TaskRow"]("remark", "taskscreen.column.result", remark, 14, flex=2, most=20)
ID = Column["TaskRow"]("id", "taskscreen.column.id", lambda row, _look: row.id, 14, rank=2)
COUNTY = Column["TaskRow"]("county", "taskscreen.column.county", lambda row, _look: row.county, 8, rank=3)
LEAD = Column["TaskRow"]("lead", "taskscreen.column.lead", lead, 12, rank=4, flex=1, most=24)
OPEN = (CLOCK, STATE, PRIORITY, TYPE, PLACE, HOLDER, LEVEL, MISSED, REMARK, ID, COUNTY, LEAD)
PAST = (
    ENDED,
    replace(STATE, width=6, flex=1, most=9),
    TYPE,
    PLACE,
    HOLDER,
    RESULT,
    MISSED,
    replace(LEVEL, rank=1),
    replace(PRIORITY, rank=1),
    ID,
)


# Work orders 运维工单.


def of_task(column: Column[Any], **changes: Any) -> Column[Any]:
    """A column of the tasks board, for rows that have a task."""
    order, show, brief = column.order, column.show, column.brief
    changes |= {} if order is None else {"order": lambda row: order(row.task)}
    changes |= {} if brief is None else {"brief": lambda row, look: brief(row.task, look)}
    return replace(column, show=lambda row, look: show(row.task, look), **changes)


def _down(row: WorkOrderRow, look: Look) -> Cell:
    """For how long the instrument says nothing that counts; done once it works again."""
    span = look.span(row.down_seconds)
    if row.down_until is None:
        return Cell(span, "bad")
    return Cell(look.word("taskscreen.was_down", span=span), "good")


def _fault(row: WorkOrderRow, look: Look) -> Cell:
    """What is wrong with it, and whether somebody may have tampered with it."""
    fault = look.word(f"task.fault.{row.fault}")
    if row.interference and row.fault != "interference":
        fault += f" {shape('bad', look.ascii)}{look.word('task.fault.interference')}"
    return Cell(fault, "bad" if row.interference else "")


WORK_ORDERS = (
    of_task(CLOCK),
    of_task(STATE),
    Column[Any](
        "contractor", "taskscreen.column.contractor", lambda row, _look: row.contractor_name, 12, flex=2, most=24
    ),
    Column[Any]("fault", "taskscreen.column.fault", _fault, 12, flex=2, most=24),
    Column[Any](
        "station", "taskscreen.column.station", lambda row, _look: row.station_name or row.task.place, 12, flex=2,
        most=28,
    ),
    Column[Any](
        "down", "taskscreen.column.down", _down, 9, align="right", order=lambda row: -row.down_seconds
    ),
    Column[Any](
        "since", "taskscreen.column.down_since", lambda row, look: Cell(look.moment(row.down_since), "dim"), 11,
        rank=2, order=lambda row: row.down_since,
    ),
    of_task(MISSED, rank=1),
    of_task(PRIORITY, rank=3),
    of_task(ID, rank=3),
)  # fmt: skip
