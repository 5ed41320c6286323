"""What an alarm rests on, in words: each thing that a rule has kept becomes a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from backend.words.clause import clause as in_words
from screens import telling
from screens.columns import Cell
from screens.look import Look
from screens.widgets.sheet import flow

if TYPE_CHECKING:
    from backend.desk.alarms import AlarmRow

Lines = list[Sequence[Cell]]
UNRELATED = (
    "flat_line", "inversion", "instrument", "tampering", "late", "power_bypass", "power_untreated", "power_slack",
    "site_dust_day",
)  # fmt: skip
"""Rules whose values stand in no ratio to a bound that says anything."""


def evidence(row: AlarmRow, seen: Mapping[str, Any], look: Look, cells: int) -> Lines:
    """The lines of an alarm's evidence."""
    told: list[str] = []
    if values := seen.get("values"):
        told.append(look.word("alarmscreen.evidence.values") + "  " + _values(values, row, look))
    if isinstance(ratio := seen.get("ratio"), int | float) and ratio and row.rule not in UNRELATED:
        told.append(look.word("alarmscreen.evidence.ratio", ratio=f"{ratio:.2f}"))
    if isinstance(rise := seen.get("rise"), int | float):
        amount = look.number(seen.get("amount"), row.decimals)
        told.append(
            look.word("alarmscreen.evidence.rise", rise=look.number(rise, row.decimals), amount=amount)
        )
    if isinstance(least := seen.get("least"), int | float):
        told.append(look.word("alarmscreen.evidence.least", least=look.number(least, row.decimals)))
    if reasons := seen.get("reasons"):
        told.append(
            look.word("alarmscreen.evidence.reasons", reasons=telling.reasons(" ".join(reasons), look))
        )
    if isinstance(silent := seen.get("silent"), int):
        which = "late" if row.rule == "feed_late" else "outage"
        told.append(look.word(f"alarmscreen.evidence.{which}", silent=silent, of=seen.get("of")))
    if isinstance(count := seen.get("count"), int):
        told.append(look.word("alarmscreen.evidence.count", count=count, allowed=seen.get("allowed")))
    if order := seen.get("order"):
        told.append(look.word("alarmscreen.evidence.order", order=order, title=seen.get("order_title", "")))
    if isinstance(share := seen.get("allowed_load"), int | float):
        grade = seen.get("grade") or "-"
        told.append(look.word("alarmscreen.evidence.load", share=f"{share:g}", grade=grade))
    if plate := seen.get("plate"):
        told.append(look.word("alarmscreen.evidence.plate", plate=plate, fuel=seen.get("fuel", "")))
    if isinstance(last := seen.get("last"), int):
        told.append(look.word("alarmscreen.evidence.last", at=look.moment(last)))
    if names := seen.get("parameters"):
        spoken = look.word("station.join").join(telling.parameter(str(name), look) for name in names)
        told.append(look.word("alarmscreen.evidence.parameters", names=spoken))
    if seen.get("region") and row.rule != "regional" and row.presented and not row.kept_by:
        told.append(look.word("alarmscreen.evidence.region"))
    if clause := seen.get("clause"):
        told.append(look.word("alarmscreen.evidence.clause", clause=in_words(str(clause), look.language)))
    if source := seen.get("source"):
        told.append(look.word("alarmscreen.evidence.source", source=_in(str(source), look)))
    lines: Lines = []
    for text in told:
        lines += flow(text, cells - 2, "", "  ")
    return lines


def _in(source: str, look: Look) -> str:
    """The part of a rule's source that is in the person's language; all of it where there is but one."""
    chinese, bar, english = source.partition(" | ")
    return (english if look.language == "en" else chinese) if bar else source


def _values(values: Sequence[Any], row: AlarmRow, look: Look) -> str:
    """The periods that the rule looked at, oldest first."""
    pairs = [pair for pair in values if isinstance(pair, Sequence) and len(pair) == 2]
    return "   ".join(
        f"{look.moment(int(start))} {look.number(value, row.decimals)}" for start, value in pairs
    )
