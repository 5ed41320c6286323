"""The columns of the data quality board 数据质量, by tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from screens import telling
from screens.columns import Cell, Column
from screens.look import MISSING, Look
from screens.validity import causes

if TYPE_CHECKING:
    from backend.desk.quality import RateRow, SpanRow, StandingRow, VerdictRow

SPANS = ("waiting", "invalid")
RATES = ("feed", "county", "vendor")


def length(row: SpanRow | VerdictRow, look: Look) -> str:
    """How long it lasts, and of how many values."""
    return look.word("review.length", span=look.span(row.until - row.since), count=row.count)


def reasons(row: SpanRow, look: Look) -> Cell:
    """Why: the checks' words, and of a finding its number."""
    told = telling.reasons(row.reason, look)
    if "percent" in row.found:
        told += f" {row.found['percent']:+.0f}%"
    elif "correlation" in row.found:
        told += f" r={row.found['correlation']:.2f} z={row.found['z']:+.1f}"
    return Cell(told, "warn" if row.key.finding else "")


def flag(row: SpanRow, look: Look) -> Cell:
    """Suspect or invalid; a finding flags nothing yet."""
    return Cell(look.word("review.finding"), "warn") if row.key.finding else telling.flag(row.flag, look)


def _number(value: float | None, decimals: int, look: Look, tone: str = "") -> Cell:
    return Cell(
        MISSING if value is None else look.number(value, decimals), tone if value is not None else "dim"
    )


def built(row: SpanRow | VerdictRow, look: Look) -> Cell:
    """What rests on it."""
    told = []
    if row.alarms:
        told.append(look.word("review.built.alarms", count=row.alarms))
    if row.tasks:
        told.append(look.word("review.built.tasks", count=row.tasks))
    return Cell(" ".join(told) or MISSING, "warn" if told else "dim")


def _rate(share: float | None, target: float = 0.0) -> Cell:
    if share is None:
        return Cell(MISSING, "dim")
    return Cell(f"{100 * share:.1f}%", "bad" if share < target else "")


def _name(row: Any, look: Look) -> str:
    return row.name or row.code or look.word("review.nobody")


SPAN: Sequence[Column[Any]] = (
    Column("until", "review.column.until", lambda row, look: look.moment(row.until), 11,
           order=lambda row: -row.until),
    Column("station", "review.column.station", lambda row, _look: row.name, 12, flex=4, most=24),
    Column("parameter", "review.column.parameter", lambda row, look: telling.parameter(row.parameter, look), 6),
    Column("flag", "review.column.flag", flag, 7, order=lambda row: (-row.key.finding, -row.flag)),
    Column("reason", "review.column.reason", reasons, 14, flex=3, most=34),
    Column("value", "review.column.value", lambda row, look: _number(row.value, row.decimals, look, "strong"), 7,
           align="right", order=lambda row: row.value),
    Column("beside", "review.column.beside", lambda row, look: _number(row.beside, row.decimals, look, "dim"), 8,
           align="right", rank=1, order=lambda row: row.beside),
    Column("length", "review.column.length", length, 11, rank=2, order=lambda row: row.since - row.until),
    Column("built", "review.column.built", built, 8, flex=1, most=16, rank=3,
           order=lambda row: (-row.tasks, -row.alarms)),
    Column("county", "review.column.county", lambda row, _look: Cell(row.county, "dim"), 8, flex=1, most=14, rank=4),
)  # fmt: skip
DECIDED: Sequence[Column[Any]] = (
    Column("at", "review.column.at", lambda row, look: look.moment(row.at), 11, order=lambda row: -row.at),
    Column("station", "review.column.station", lambda row, _look: row.name, 10, flex=2, most=22),
    Column("parameter", "review.column.parameter", lambda row, look: telling.parameter(row.parameter, look), 6),
    Column("verdict", "review.column.verdict", lambda row, look: verdict(row, look), 8),
    Column("cause", "review.column.cause", lambda row, look: look.word(f"review.cause.{row.cause}"), 10, flex=1,
           most=16),
    Column("since", "review.column.since", lambda row, look: Cell(look.moment(row.since), "dim"), 11, rank=3),
    Column("length", "review.column.length", length, 11, rank=2),
    Column("actor", "review.column.actor", lambda row, _look: row.actor_name, 8, rank=1),
    Column("built", "review.column.built", built, 12, rank=4),
    Column("note", "review.column.note", lambda row, _look: Cell(row.note.replace("\n", " "), "dim"), 6, flex=2,
           rank=5),
)  # fmt: skip
STANDING: Sequence[Column[Any]] = (
    Column("station", "review.column.station", lambda row, _look: row.name, 12, flex=2, most=24),
    Column("parameter", "review.column.parameter", lambda row, look: telling.parameter(row.parameter, look), 6),
    Column("kind", "review.column.kind", lambda row, look: look.word(f"review.kind.{row.kind}"), 7),
    Column("on", "review.column.on", lambda row, _look: Cell(row.on, "dim"), 10, rank=3),
    Column("state", "review.column.standing", lambda row, look: standing(row, look), 19, flex=1, most=40,
           order=lambda row: (row.state != "lost", row.spare)),
    Column("have", "review.column.have", lambda row, _look: f"{row.have}/{row.need}", 7, align="right",
           order=lambda row: row.have / max(1, row.need)),
    Column("lost", "review.column.lost", lambda row, _look: str(row.lost), 5, align="right", rank=2,
           order=lambda row: -row.lost),
    Column("causes", "hourly.column.causes", lambda row, look: Cell(causes(row.causes, look), "dim"), 16, flex=3,
           most=40, rank=1),
)  # fmt: skip
RATE: Sequence[Column[Any]] = (
    Column("name", "review.column.who", _name, 14, flex=2, most=30),
    Column("online", "review.column.online", lambda row, _look: online(row), 14, flex=1, most=20, align="right",
           order=lambda row: row.online_rate),
    Column("expected", "review.column.expected", lambda row, _look: Cell(f"{row.expected:,}", "dim"), 10, align="right",
           rank=2, order=lambda row: row.expected),
    Column("received", "review.column.received", lambda row, _look: Cell(f"{row.received:,}", "dim"), 10, align="right",
           rank=3, order=lambda row: row.received),
    Column("valid", "review.column.valid", lambda row, _look: Cell(f"{row.valid:,}", "dim"), 10, align="right", rank=4,
           order=lambda row: row.valid),
    Column("capture", "review.column.capture", lambda row, _look: _rate(row.capture), 7, align="right",
           order=lambda row: row.capture),
    Column("validity", "review.column.validity", lambda row, _look: _rate(row.validity), 7, align="right",
           order=lambda row: row.validity),
    Column("transfer", "review.column.transfer", lambda row, _look: _rate(row.transfer, row.target), 10,
           align="right", order=lambda row: row.transfer),
    Column("stopped", "review.column.stopped", lambda row, _look: stopped(row), 8, align="right", rank=5,
           order=lambda row: -row.stopped),
)  # fmt: skip
COLUMNS: Mapping[str, Sequence[Column[Any]]] = {
    "waiting": SPAN,
    "invalid": SPAN,
    "decided": DECIDED,
    "standing": STANDING,
    "feed": RATE,
    "county": RATE,
    "vendor": RATE,
}
"""By tab."""


def verdict(row: VerdictRow, look: Look) -> Cell:
    """What was decided."""
    code = "dismissed" if row.finding and row.verdict == "good" else row.verdict
    return Cell(look.word(f"review.verdict.{code}"), {"bad": "bad", "good": "good"}.get(row.verdict, "dim"))


def standing(row: StandingRow, look: Look) -> Cell:
    """Lost, or how much may still be lost."""
    tone = (
        "good" if row.state == "valid" else "bad" if row.state == "lost" else "warn" if row.spare <= 1 else ""
    )
    return Cell(look.word(f"hourly.stands.{row.state}", spare=row.spare), tone)


def online(row: RateRow) -> Cell:
    """Stations that speak now, of those in service."""
    share = row.online_rate
    if share is None:
        return Cell(MISSING, "dim")
    return Cell(f"{row.online}/{row.points} {100 * share:.0f}%", "warn" if share < row.target else "")


def stopped(row: RateRow) -> Cell:
    """What nobody expects because of declared stops."""
    return Cell(f"{row.stopped:,}" if row.stopped else "", "dim")
