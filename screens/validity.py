"""How data validity 数据有效性 is told: which mean counts, which still may, and what took of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backend.text import width
from screens import telling
from screens.columns import Cell
from screens.look import Look
from screens.widgets.sheet import flow

if TYPE_CHECKING:
    from backend.desk.qualityhours import Mean

GAP = 3
TONES = {"valid": "good", "open": "warn", "lost": "bad"}


def state(code: str, look: Look) -> Cell:
    """Valid, may still come, not valid; empty where no such mean is made."""
    return Cell(look.word(f"hourly.state.{code}"), TONES[code]) if code else Cell("")


def causes(told: Mapping[str, int], look: Look, *, of: int = 0) -> str:
    """What took how much of it: whole hours, else minutes; of what took all ``of`` them nothing but its name."""
    words = []
    for code, minutes in told.items():
        reason = look.word("hourly.missing") if code == "missing" else telling.reasons(code, look)
        if minutes == of:
            words.append(reason)
            continue
        unit, count = ("hours", minutes // 60) if minutes % 60 == 0 else ("minutes", minutes)
        span = look.word(f"hourly.cause.{unit}", count=count)
        words.append(look.word("hourly.cause", reason=reason, span=span))
    return look.word("station.join").join(words)


def mean(one: Mean, look: Look) -> str:
    """One mean in words: how many parts it has and needs, whether it counts, and what took of it."""
    how = one.how
    told = [
        look.word(f"hourly.mean.{one.kind}"),
        look.word(f"hourly.unit.{one.kind}", have=how.have, need=how.rule.need),
        look.word(f"hourly.stands.{how.state.value}", spare=how.spare),
    ]
    why = causes(one.causes, look)
    return " ".join(told) + (look.pick(f"（{why}）", f" ({why})") if why else "")


def means_line(means: Sequence[Mean], look: Look, cells: int) -> list[Sequence[Cell]]:
    """The means of a series, each in the tone of how it stands; as many to a line as fit whole."""
    found: list[list[Cell]] = []
    used = cells
    for one in means:
        told = Cell(mean(one, look), TONES[one.how.state.value])
        room = width(told.text)
        if found and used + GAP + room <= cells - 1:
            found[-1] += [Cell(" " * GAP), told]
            used += GAP + room
            continue
        lines = flow(told.text, cells - 1, told.tone, " ")
        found += lines
        used = 1 + room if len(lines) == 1 else cells
    return list(found)
