"""The situation brief 态势简报: what is going on and who is on it, in as many lines as one can read out on the phone.

Pure: rows in, lines out. The most important comes first, and what does not fit is counted, never left out silently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from backend.words import Message
from backend.words.message import Scalar

MOST: Final = 24
"""Lines at most: a minute and a half of reading aloud."""
_RANK: Final = {name: place for place, name in enumerate(("critical", "high", "medium", "low"))}
_LATE: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Air:
    """The air of the place now, how it has moved, and where it stands."""

    index: int | None = None
    level: int = 0
    primary: str = ""
    """Primary pollutants, as they are called."""
    hour: str = ""
    """The hour that it is of, as clocks show it."""
    moved: Sequence[tuple[int, int]] = ()
    """Hours back, and by how much the index has risen since."""
    rank: int = 0
    """1 is the best; 0 where the place is no county."""
    of: int = 0
    """Counties with an index."""
    county: str = ""
    """The county that is ranked, where the place lies in it."""
    best: str = ""
    best_index: int | None = None
    worst: str = ""
    worst_index: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order in force."""

    title: str
    scope: str
    since: str
    until: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Doing:
    """An open incident and who is on it."""

    id: str
    """The task's; the incident's where nobody has been sent yet."""
    priority: str
    what: str
    what_en: str
    place: str
    state: str
    """A task's state; empty where there is no task yet."""
    level: str = "T"
    supervised: bool = False
    holder: str = ""
    """Who holds it; empty where nobody was sent: the phone is then that of the place's own duty room."""
    phone: str = ""
    since: int = 0
    since_at: str = ""
    due: int | None = None
    due_at: str = ""
    breached: bool = False
    settled_at: str = ""
    """When its work was verified, where only its alarm still stands."""


@dataclass(frozen=True, slots=True)
class Counts:
    """All that is open, whether it fits or not."""

    open: int = 0
    overdue: int = 0
    by_priority: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything that the brief tells."""

    place: str
    person: str
    at: str
    air: Air
    orders: Sequence[Order]
    doing: Sequence[Doing]
    """The most important ones, as many as could be of use."""
    counts: Counts
    unknown: Sequence[Message]
    """What is not known, the gravest first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to read out."""

    message: Message
    tone: str = ""
    item: str = ""
    """The task or incident that it is about."""


def turn(one: Doing) -> tuple[bool, int, bool, bool, int, int, str]:
    """What incidents are ordered by: what is worked on, priority, then what is over time, then what is due first."""
    return (
        bool(one.settled_at),
        _RANK.get(one.priority, len(_RANK)),
        not one.breached,
        not one.supervised,
        one.due if one.due is not None else _LATE,
        one.since,
        one.id,
    )


Height = Callable[[Message], int]


def build(brief: Brief, most: int = MOST, height: Height = lambda _message: 1) -> list[Line]:
    """The lines of a brief, at most ``most`` as they are shown.

    What is not known always has its place at the end, orders in force have theirs before the incidents, and the
    incidents get all the rest.

    Args:
        height: how many lines of the screen a message takes.
    """
    top = [_heading(brief), *_air(brief.air)]
    orders = [_order(one) for one in brief.orders]
    doing = [_doing(one, place + 1) for place, one in enumerate(sorted(brief.doing, key=turn))]
    unknown = [Line(message, "warn") for message in brief.unknown]
    left = most - _height(top, height) - 2
    wanted = {"orders": _height(orders, height), "unknown": _height(unknown, height)}
    share = {
        "orders": min(wanted["orders"], max(2, left // 5)),
        "unknown": min(wanted["unknown"], max(2, left // 4)),
    }
    hidden = max(0, brief.counts.open - len(doing))
    for_doing = min(_height(doing, height) + bool(hidden), max(1, left - sum(share.values())))
    spare = left - for_doing - sum(share.values())
    for name in ("unknown", "orders"):
        more = min(max(0, spare), wanted[name] - share[name])
        share[name] += more
        spare -= more
    return [
        *top,
        *_cut(orders, share["orders"], height, "brief.more_orders"),
        _count(brief.counts),
        *_cut(doing, for_doing, height, "brief.more", beyond=hidden),
        Line(Message("brief.unknown" if unknown else "brief.all_known"), "header"),
        *_cut(unknown, share["unknown"], height, "brief.more_unknown"),
    ]


def text(lines: Sequence[Line], say: Callable[[Message], str]) -> str:
    """The brief as plain text, a line each."""
    return "\n".join(say(line.message) for line in lines)


def _height(lines: Sequence[Line], height: Height) -> int:
    return sum(height(line.message) for line in lines)


def _cut(lines: Sequence[Line], room: int, height: Height, more: str, *, beyond: int = 0) -> list[Line]:
    """As many lines as fit, the last one saying how many more there are where not all do."""
    if not beyond and _height(lines, height) <= room:
        return list(lines)
    kept: list[Line] = []
    room -= 1
    for line in lines:
        room -= height(line.message)
        if room < 0:
            break
        kept.append(line)
    return [*kept, Line(Message(more, {"count": len(lines) - len(kept) + beyond}), "dim")]


def _heading(brief: Brief) -> Line:
    args: dict[str, Scalar] = {"place": brief.place, "at": brief.at, "person": brief.person}
    return Line(Message("brief.heading", args), "title")


def _air(air: Air) -> list[Line]:
    if air.index is None:
        return [Line(Message("brief.air.none"), "bad"), *_rank(air)]
    args: dict[str, Scalar] = {"aqi": air.index, "level": air.level, "primary": air.primary, "hour": air.hour}
    code = "brief.air.now" if air.primary else "brief.air.now_clean"
    for place, (hours, by) in enumerate(air.moved[:2]):
        args |= {f"hours{place}": hours, f"by{place}": f"{by:+d}" if by else "0"}
    return [Line(Message(f"{code}.{len(air.moved[:2])}", args), f"aqi{air.level}"), *_rank(air)]


def _rank(air: Air) -> list[Line]:
    args: dict[str, Scalar] = {
        "rank": air.rank,
        "of": air.of,
        "county": air.county,
        "best": air.best,
        "best_aqi": air.best_index,
        "worst": air.worst,
        "worst_aqi": air.worst_index,
    }
    if air.of < 2:
        return []
    if not air.rank:
        return [Line(Message("brief.air.ends", args))]
    return [Line(Message("brief.air.rank_of" if air.county else "brief.air.rank", args))]


def _order(one: Order) -> Line:
    args: dict[str, Scalar] = {
        "title": one.title,
        "scope": one.scope,
        "since": one.since,
        "until": one.until,
        "due": one.due,
    }
    code = "brief.order_due" if one.due else "brief.order_until" if one.until else "brief.order"
    return Line(Message(code, args), "order")


def _count(counts: Counts) -> Line:
    if not counts.open:
        return Line(Message("brief.none_open"), "header")
    args: dict[str, Scalar] = {"count": counts.open, "overdue": counts.overdue}
    args |= {name: counts.by_priority.get(name, 0) for name in ("critical", "high")}
    return Line(Message("brief.count", args), "header")


def _doing(one: Doing, place: int) -> Line:
    args: dict[str, Scalar] = {
        "place": place,
        "priority": one.priority,
        "what": one.what,
        "what_en": one.what_en,
        "where": one.place,
        "state": one.state,
        "settled": one.settled_at,
        "level": one.level,
        "holder": one.holder,
        "phone": one.phone,
        "since": one.since_at,
        "due": one.due_at or "--",
    }
    late = ".late" if one.breached else ""
    raised = ".raised" if one.level != "T" or one.supervised else ""
    holder = "held" if one.holder else "room" if one.phone else "open"
    code = (
        f"brief.{holder}{raised}{late}"
        if one.state
        else "brief.settled"
        if one.settled_at
        else "brief.waiting.room"
        if one.phone
        else "brief.waiting"
    )
    tone = one.priority if one.priority in ("critical", "high") else "bad" if one.breached else ""
    return Line(Message(code, args), tone, one.id)
