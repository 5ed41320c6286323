"""How an alarm is told in lines and columns: its state, what rings, the value against its bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from screens import telling
from screens.columns import Cell
from screens.look import MISSING, Look

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow

_STATE_TONES = {
    "UNACK": "warn", "RTN_UNACK": "new", "ACKED": "", "SHELVED": "dim", "SUPPRESSED": "dim",
    "OUT_OF_SERVICE": "dim", "NORM": "dim",
}  # fmt: skip
COMPARED = (
    "exceedance",
    "road_dust",
    "water",
    "regional",
    "vehicle",
    "power_load",
    "power_stop",
    "power_bypass",
)
"""Rules whose value itself is held against the threshold."""
PAIRED = ("power_untreated", "power_slack")
"""Rules that hold one meter against the other: the background is production."""


def state(name: str, look: Look) -> Cell:
    """未确认, 已确认, ... in a word."""
    return Cell(look.word(f"alarmscreen.state.{name}"), _STATE_TONES.get(name, ""))


def nuisances(row: AlarmRow, look: Look) -> list[Cell]:
    """抖动, 瞬时, 长期: what makes an alarm a nuisance, each in a word."""
    return [Cell(" " + look.word(f"alarmscreen.mark.{mark}"), "warn") for mark in row.marks]


def rule(row: AlarmRow, look: Look) -> str:
    """What rings: all rules, where several ring at one station for one thing."""
    return rules(row.rules or (row.rule,), look, 1 + len(row.beside))


def rules(codes: Sequence[str], look: Look, count: int = 1) -> str:
    """Rules in words; where that is more alarms than one, how many come first."""
    told = look.word("taskscreen.comma").join(look.word(f"rule.{code}") for code in codes)
    return look.word("alarmscreen.several", count=count, rules=told) if count > 1 else told


def parameter(row: AlarmRow, look: Look) -> str:
    """What is measured, empty where the alarm is about a whole station or feed."""
    return telling.parameter(row.parameter, look, row.parameter_names) if row.parameter else ""


def reading(row: AlarmRow, look: Look, *, unit: bool = True) -> str:
    """The value against what it is held against, with the unit; for silence, how long it has lasted."""
    if not unit:
        row = replace(row, unit="")
    if row.rule in ("offline", "feed_outage"):
        until = look.now if row.cleared is None else row.cleared
        return look.word("alarmscreen.silent", span=look.span(max(0, until - row.last - 1)))
    if row.value is None:
        return MISSING
    value = look.number(row.value, row.decimals)
    bound = "" if row.threshold is None else look.number(row.threshold, row.decimals)
    before = "" if row.background is None else look.number(row.background, row.decimals)
    if row.rule in COMPARED and bound:
        sign = ">" if row.value > (row.threshold or 0) else "<"
        return f"{value} {sign} {bound} {row.unit}".rstrip()
    if row.rule in PAIRED and before:
        return look.word("alarmscreen.treats", value=value, before=before, unit=row.unit).rstrip()
    if row.rule in ("site_dust", "site_dust_day", "stop_dust") and bound:
        over = row.value - (row.background or 0)
        if row.rule == "site_dust_day" and over <= (row.threshold or 0):
            # It rings for how often it was so today; the last hour by itself may be below.
            return f"{value} {row.unit}".rstrip()
        if not before:
            return f"{value} > {bound} {row.unit}".rstrip()
        more = telling.signed(over, row.decimals)
        return look.word("alarmscreen.above" if unit else "alarmscreen.above.brief", more=more, bound=bound,
                         unit=row.unit).rstrip()  # fmt: skip
    if row.rule == "sudden_rise" and before:
        return look.word("alarmscreen.rose", value=value, before=before, unit=row.unit).rstrip()
    if row.rule == "spatial_excess" and before:
        return look.word("alarmscreen.around", value=value, before=before, unit=row.unit).rstrip()
    return f"{value} {row.unit}".rstrip()


def span(row: AlarmRow, look: Look) -> str:
    """The time whose data ring: up to the end of the last period, which belongs to it no more."""
    if row.subject:
        # Vehicles pass at instants.
        first, last = look.moment(row.began), look.moment(row.last)
        return look.word("alarmscreen.span.passed", began=first, last=last)
    if row.last < row.began:
        # Silence: it began where the last data ended, and nothing has come since.
        return look.word("alarmscreen.span.since", began=look.moment(row.began))
    began, ended, days = look.period(row.began, row.last + row.period)
    if not days:
        return look.word("alarmscreen.span", began=began, ended=ended)
    one = "alarmscreen.span.day" if began == ended else "alarmscreen.span.days"
    return look.word(one, began=began, ended=ended)


def appeared(row: AlarmRow, look: Look) -> str:
    """When it rang; where it never did, since when its data are so: its state or a word beside it says that."""
    return look.moment(row.presented or row.began)


def what(row: AlarmRow, look: Look) -> str:
    """What is measured, and the value against what it is held against."""
    return telling.joined((parameter(row, look), reading(row, look)), " ")


def brief(row: AlarmRow, look: Look) -> str:
    """`what` without the unit, for columns in which that has no room."""
    return telling.joined((parameter(row, look), reading(row, look, unit=False)), " ")


def alarm_line(row: AlarmRow, look: Look, *, place: bool = True) -> list[Cell]:
    """An alarm in one line."""
    told = [telling.priority(row.priority, look), Cell("  "), Cell(rule(row, look)), Cell(" ")]
    if place:
        told.append(Cell(f"{row.place} "))
    if row.parameter:
        told.append(Cell(f"{parameter(row, look)} "))
    when = (
        appeared(row, look) if row.presented else look.word("alarmscreen.unrung", began=appeared(row, look))
    )
    told += [Cell(reading(row, look), "strong"), Cell(f"  {when}  ", "dim")]
    told.append(state(row.state, look))
    if row.task:
        told.append(Cell(f"  {row.task}", "link"))
    return told
