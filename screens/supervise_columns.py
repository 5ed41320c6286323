"""The columns of the supervisor's screen, and its line of the escalation budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from backend.words import entry
from backend.words.message import Scalar
from screens import alarm_columns, complaints, task_columns
from screens.columns import Cell, Column
from screens.look import MISSING, Look

if TYPE_CHECKING:
    from backend.desk.approvals import Approval
    from backend.desk.brief import UseRow
    from backend.desk.gauges import GaugeRow, Gauges
    from backend.desk.scores import RankRow
    from backend.desk.supervise import OverdueRow

TIERS = ("T", "C", "M")


# Overdue 超时.


def _owner(row: OverdueRow, look: Look) -> Cell:
    return Cell(row.owner_name) if row.owner_name else Cell(look.word("supervise.nobody"), "bad")


OVERDUE: Sequence[Column[Any]] = (
    Column("owner", "supervise.column.owner", _owner, 12, flex=2, most=24),
    Column("theirs", "supervise.column.theirs", lambda row, _look: Cell(str(row.theirs), "strong"), 5, align="right",
           order=lambda row: (-row.theirs, row.owner, row.since)),
    Column("over", "supervise.column.over", lambda row, look: Cell(look.age(row.since), "bad"), 8, align="right",
           order=lambda row: row.since),
    Column("since", "supervise.column.since", lambda row, look: Cell(look.moment(row.since), "dim"), 11, rank=3,
           order=lambda row: row.since),
    Column("clock", "supervise.column.clock", lambda row, look: look.word(f"clock.{row.clock}"), 8, rank=2),
    task_columns.of_task(task_columns.LEVEL),
    task_columns.of_task(task_columns.PRIORITY),
    task_columns.of_task(task_columns.STATE, rank=1),
    task_columns.of_task(task_columns.TYPE),
    task_columns.of_task(task_columns.PLACE),
    task_columns.of_task(task_columns.MISSED, rank=4),
    Column("phone", "supervise.column.phone", lambda row, _look: row.phone, 13, rank=2),
    task_columns.of_task(task_columns.ID, rank=5),
)  # fmt: skip

# Approvals 审批.


def _asked(row: Approval, look: Look) -> Cell:
    return Cell(look.word(f"task.asked.{row.asked}"), "mark")


def _long(row: Approval, look: Look) -> str:
    if row.review_at is not None:
        return look.word("supervise.until", at=look.moment(row.review_at))
    return look.word("supervise.more", span=look.span(row.seconds)) if row.seconds is not None else ""


def _reason(row: Approval, look: Look) -> str:
    code = f"task.reason.{row.reason}"
    return " ".join(filter(None, (entry(code, look.language) or row.reason, row.note)))


def _needed(row: Approval, look: Look) -> Cell:
    return Cell(look.word(f"task.level.{row.needed}"), "" if row.refusal is None else "dim")


APPROVALS: Sequence[Column[Any]] = (
    Column("asked", "supervise.column.asked", _asked, 14),
    task_columns.of_task(task_columns.PLACE),
    Column("by", "supervise.column.by", lambda row, _look: row.asked_by, 8, flex=1, most=16, rank=3),
    Column("at", "supervise.column.at", lambda row, look: look.age(row.asked_at), 8, align="right",
           order=lambda row: row.asked_at),
    Column("until", "supervise.column.until", _long, 14, flex=1, most=20, rank=1),
    Column("reason", "supervise.column.reason", _reason, 12, flex=3),
    Column("needed", "supervise.column.needed", _needed, 6, rank=3),
    task_columns.of_task(task_columns.PRIORITY, rank=2),
    task_columns.of_task(task_columns.TYPE, rank=4),
    task_columns.of_task(task_columns.CLOCK, rank=5),
    task_columns.of_task(task_columns.ID, rank=5),
)  # fmt: skip

# Ranking 排名.


def _number(value: float | None, look: Look, decimals: int = 2) -> str:
    return MISSING if value is None else look.number(value, decimals)


def _share(value: float | None) -> str:
    return MISSING if value is None else f"{value:.0%}"


def _rank(row: RankRow, _look: Look) -> Cell:
    return Cell(str(row.rank) if row.rank else MISSING, "strong" if 0 < row.rank <= 3 else "")


def _late(row: RankRow, _look: Look) -> Cell:
    return Cell(str(row.rates.overdue or ""), "bad")


RANK = Column[Any](
    "rank", "supervise.column.rank", _rank, 5, align="right", order=lambda row: row.rank or 1 << 30
)
COMPOSITE = Column[Any](
    "composite", "supervise.column.composite", lambda row, look: _number(row.composite, look), 9, align="right",
    order=lambda row: -(row.composite or 0),
)  # fmt: skip
RANKING: Sequence[Column[Any]] = (
    RANK,
    Column("name", "supervise.column.name", lambda row, _look: row.name, 14, flex=2, most=30),
    Column("score", "supervise.column.score", lambda row, look: Cell(_number(row.score, look), "strong"), 8,
           align="right", order=lambda row: -row.score),
    Column("lost", "supervise.column.lost",
           lambda row, look: Cell(_number(row.lost, look) if row.lost else "", "bad"), 7, align="right",
           order=lambda row: row.lost),
    Column("won", "supervise.column.won",
           lambda row, look: Cell(_number(row.won, look) if row.won else "", "good"), 6, align="right", rank=3,
           order=lambda row: -row.won),
    Column("filed", "supervise.column.filed", lambda row, _look: str(row.rates.filed or ""), 6, align="right",
           order=lambda row: -row.rates.filed),
    Column("closed", "supervise.column.closed", lambda row, _look: _share(row.rates.closing), 6, align="right",
           rank=1, order=lambda row: -(row.rates.closing or 0)),
    Column("on_time", "supervise.column.on_time", lambda row, _look: _share(row.rates.punctual), 7, align="right",
           rank=1, order=lambda row: -(row.rates.punctual or 0)),
    Column("overdue", "supervise.tab.overdue", _late, 7, align="right", order=lambda row: -row.rates.overdue),
)  # fmt: skip
DEPARTMENTS = (RANK, RANKING[1], COMPOSITE, *RANKING[2:])

# Load 负荷.


def _against(value: int, steady: int, most: int) -> str:
    return "good" if value <= steady else "warn" if value <= most else "bad"


def _ten(row: GaugeRow, _look: Look) -> Cell:
    """Against 1, 2 and 10 for each seat that is manned; an empty one counts as one."""
    each = row.ten / max(1, row.seats)
    return Cell(
        str(row.ten), "dim" if not row.ten else "good" if each <= 1 else "warn" if each <= 2 else "bad"
    )


def rose(part: int, whole: int) -> float | None:
    """The share that rose; None where there was nothing."""
    return part / whole if whole else None


def _rose(part: int, whole: int) -> Cell:
    share = rose(part, whole)
    return Cell(_share(share), "dim" if not part else "")


LOAD: Sequence[Column[Any]] = (
    Column("centre", "supervise.column.centre", lambda row, _look: row.name, 16, flex=2, most=34),
    Column("seats", "supervise.column.seats",
           lambda row, _look: Cell(str(row.seats), "" if row.seats else "dim"), 5, align="right",
           order=lambda row: -row.seats),
    Column("ten", "supervise.column.ten", _ten, 8, align="right", order=lambda row: -row.ten),
    Column("day", "supervise.column.day",
           lambda row, _look: Cell(str(row.day), _against(row.day, row.steady, row.most)),
           8, align="right", order=lambda row: -row.day),
    Column("waiting", "supervise.column.waiting",
           lambda row, _look: Cell(str(row.waiting), "warn" if row.waiting else "dim"), 7, align="right",
           order=lambda row: -row.waiting),
    Column("oldest", "supervise.column.oldest", lambda row, look: look.age(row.oldest) if row.oldest else "", 8,
           align="right", rank=1, order=lambda row: row.oldest or 1 << 40),
    Column("shelved", "supervise.column.shelved",
           lambda row, _look: Cell(str(row.shelved), "" if row.shelved else "dim"), 7, align="right", rank=2,
           order=lambda row: -row.shelved),
    Column("county", "supervise.column.county", lambda row, _look: _rose(row.to_county, row.began), 9, align="right",
           rank=2, order=lambda row: -(rose(row.to_county, row.began) or 0)),
    Column("city", "supervise.column.city", lambda row, _look: _rose(row.to_city, row.began), 7, align="right",
           order=lambda row: -(rose(row.to_city, row.began) or 0)),
)  # fmt: skip

# What a line of the ranking consists of.
ENTRIES: Sequence[Column[Any]] = (
    Column("at", "supervise.column.since", lambda row, look: look.moment(row.occurred), 11,
           order=lambda row: -row.occurred),
    Column("item", "supervise.column.item", lambda row, look: look.word(f"score.item.{row.item}"), 14, flex=1, most=24),
    Column("points", "supervise.column.points",
           lambda row, look: Cell(look.number(row.points, 2), "bad" if row.points < 0 else "good"), 7, align="right",
           order=lambda row: row.points),
    Column("who", "supervise.column.who", lambda row, _look: row.person_name or row.department_name, 10, flex=1,
           most=20, rank=1),
    Column("place", "ui.column.place", lambda row, _look: row.grid_name, 12, flex=2, rank=2),
    Column("reason", "supervise.column.reason", lambda row, _look: row.reason, 10, flex=2, rank=3),
    Column("task", "supervise.column.task", lambda row, _look: Cell(row.task, "link"), 14),
)  # fmt: skip

# Briefs that were read out 态势简报.


def _came(row: UseRow, _look: Look) -> Cell:
    """The orders that came of it."""
    return Cell("  ".join(f"{code} {title}".strip() for code, title in row.orders), "link")


BRIEFS: Sequence[Column[Any]] = (
    Column("at", "ui.column.at", lambda row, look: look.moment(row.at), 11, order=lambda row: -row.at),
    Column(
        "caller", "supervise.column.caller", lambda row, _look: row.caller or MISSING, 10, flex=1, most=20
    ),
    Column("person", "supervise.column.reader", lambda row, _look: row.person, 11, flex=1, most=16),
    Column("grid", "ui.column.place", lambda row, _look: row.grid, 10, flex=1, most=20),
    Column("orders", "supervise.column.orders", _came, 16, flex=4),
)

COLUMNS: Mapping[str, Sequence[Column[Any]]] = {
    "overdue": OVERDUE,
    "approvals": APPROVALS,
    "shelved": tuple(one for one in alarm_columns.SHELVED if one is not alarm_columns.TOWNSHIP),
    "callers": complaints.COLUMNS,
    "county": RANKING,
    "township": RANKING,
    "department": DEPARTMENTS,
    "load": LOAD,
    "briefs": BRIEFS,
}


SHORTER = ("rates", "over", "shares", "day", "name", "seat", "began")
"""What the budget's line gives up, one after the other, where it does not fit: words first, then numbers that the
tab of the load has too."""


def budget_pieces(gauges: Gauges | None, look: Look, cells: int) -> list[Cell]:
    """How many of the alarms rose, against how many may; and what comes to one's own seats. Never cut within."""
    for given_up in range(len(SHORTER) + 1):
        pieces = _budget(gauges, look, SHORTER[:given_up])
        if sum(cell_len(piece.text) for piece in pieces) <= cells:
            break
    return pieces


def _budget(gauges: Gauges | None, look: Look, less: Sequence[str]) -> list[Cell]:
    def word(name: str, of: str, **args: Scalar) -> str:
        return look.word(f"supervise.{name}{'.short' if of in less else ''}", **args)

    pieces = [Cell("" if "name" in less else f" {look.word('supervise.name')} ", "header"), Cell(" ")]
    own = gauges.own if gauges is not None else None
    if gauges is None or own is None:
        return [*pieces, Cell(MISSING, "dim")]
    told = [] if "began" in less else [Cell(look.word("supervise.began", count=own.began))]
    over = False
    for name, part, most in (
        ("to_county", own.to_county, gauges.budget.county_share),
        ("to_city", own.to_city, gauges.budget.city_share),
    ):
        share = rose(part, own.began)
        beyond = share is not None and share > most
        over = over or beyond
        said = word(name, "shares", share=_share(share), most=f"{most:.1%}")
        told.append(Cell(said, "bad" if beyond else "good" if share is not None else "dim"))
    if over:
        told.append(Cell(word("over", "over"), "bad"))
    seats = max(1, own.seats)
    rate, day = own.ten / seats, round(own.day / seats)
    if "seat" not in less:
        tone = "good" if rate <= 1 else "warn" if rate <= 2 else "bad"
        told.append(Cell(word("rate", "rates", rate=f"{rate:.3g}"), tone))
    if "day" not in less:
        steady, most_day = gauges.budget.seat_day, gauges.budget.seat_day_most
        said = word("per_seat", "rates", count=day, steady=steady, most=most_day)
        told.append(Cell(said, _against(day, steady, most_day)))
    return [*pieces, *(piece for one in told for piece in (one, Cell("  ")))][:-1]
