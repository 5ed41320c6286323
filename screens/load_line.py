"""The load on this seat against the operator numbers (ISA-18.2): rate, what waits, standing, shelved, mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.columns import Cell
from screens.look import Look
from screens.tones import shape

if TYPE_CHECKING:
    from backend.desk.operator import Flood, Load

_TONES = {"steady": "good", "workable": "warn", "over": "bad", "flood": "critical"}
_SHAPES = {"steady": "good", "workable": "warn", "over": "bad", "flood": "critical"}
_GAP = Cell("  ")


def load_lines(load: Load | None, look: Look, *, tall: bool) -> list[list[Cell]]:
    """One line, two where there is room; what matters less is at the end, where a narrow screen cuts."""
    name = Cell(f" {look.word('overview.load.name')}  ", "header")
    if load is None:
        return [[name, Cell("--", "dim")]]
    waits = "strong" if load.waiting else "dim"
    first = [
        name,
        *_rate(load, look),
        _GAP,
        Cell(look.word("overview.load.waiting", count=load.waiting), waits),
    ]
    if load.oldest is not None:
        first += [_GAP, Cell(look.word("overview.load.oldest", age=look.age(load.oldest)))]
    first += [_GAP, Cell(look.word("overview.load.standing", count=load.standing))]
    first += [
        _GAP,
        Cell(look.word("overview.load.shelved", count=load.shelved), "" if load.shelved else "dim"),
    ]
    if load.stale:
        first += [_GAP, Cell(look.word("overview.load.stale", count=load.stale), "warn")]
    if load.chatter:
        first += [_GAP, Cell(look.word("overview.load.chatter", count=load.chatter), "warn")]
    if load.fleeting:
        first += [_GAP, Cell(look.word("overview.load.fleeting", count=load.fleeting), "dim")]
    over = load.flood if load.flood is not None and load.flood.ended is not None else None
    told = (
        [] if over is None or load.flood_since is not None else [_GAP, Cell(_flood_over(over, look), "warn")]
    )
    if tall and load.last_day:
        return [first, [*_mix(load, look), *told]]
    return [[*first, *told]]


def _rate(load: Load, look: Look) -> list[Cell]:
    """Alarms of the last ten minutes in a number, a shape and a word, with the marks 1, 2 and 10."""
    tone = _TONES[load.rate]
    told = [
        Cell(look.word("overview.load.rate", count=load.last_ten_minutes) + " "),
        Cell(f"{shape(_SHAPES[load.rate], look.ascii)} {look.word(f'overview.load.{load.rate}')}", tone),
    ]
    limits = load.limits
    marks = look.word(
        "overview.load.marks", steady=limits.steady, workable=limits.workable, flood=limits.flood_starts
    )
    told.append(Cell(f" {marks}", "dim"))
    if load.flood_since is not None:
        since = look.word("overview.load.flood_since", at=look.clock(load.flood_since))
        told.append(Cell(f"  {since}", "bad"))
    return told


def _flood_over(flood: Flood, look: Look) -> str:
    """The last flood, from when to when, with its peak in ten minutes."""
    return look.word(
        "overview.load.flood_over",
        began=look.clock(flood.began),
        ended=look.clock(flood.ended),
        peak=flood.peak,
        total=flood.total,
    )


def _mix(load: Load, look: Look) -> list[Cell]:
    """The priorities of a day beside the recommended ones; dim, for it is not for now."""
    counts = {
        "low": load.mix.get("low", 0),
        "medium": load.mix.get("medium", 0),
        "high": load.mix.get("high", 0) + load.mix.get("critical", 0),
    }
    told = [
        look.word(
            "overview.load.mix",
            name=look.word(f"overview.load.{name}"),
            share=round(100 * count / load.last_day),
            standard=load.limits.mix[name],
        )
        for name, count in counts.items()
    ]
    day = look.word("overview.load.day", count=load.last_day) + "  ".join(told)
    return [Cell(f"   {look.word('overview.load.hour', count=load.last_hour)}   {day}", "dim")]
