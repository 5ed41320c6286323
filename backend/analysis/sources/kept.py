"""Rankings of hot stations that are kept beside the hot grids: written by the job, read by whoever looks. No numpy."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from backend.analysis.sources.numbers import raw
from backend.analysis.sources.reasons import Reason
from backend.analysis.sources.tables import HotTrace
from backend.store import table, upsert
from backend.words import Message
from backend.words.message import Scalar

if TYPE_CHECKING:
    from backend.analysis.sources.answer import Answer

TRACE = table(HotTrace)


@dataclass(frozen=True, slots=True)
class Target:
    """A source that probably did it."""

    source: str
    """Code."""
    probability: float
    before: float
    """The probability before anything was measured."""
    metres: float
    bearing: float
    department: str
    grid: str
    reasons: tuple[Reason, ...]
    """The weightiest for and against."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What tracing said of a hot station of an hour."""

    at: int
    network: str
    parameter: int
    station: int
    begins: int
    ends: int
    made: int
    unlisted: float
    sourceless: float
    windy: bool
    targets: tuple[Target, ...]
    notes: tuple[Message, ...]

    @property
    def none(self) -> float:
        """The probability that it is none of the inventory."""
        return self.unlisted + self.sourceless


def keep(
    conn: Connection, at: int, network: str, now: int, answers: Mapping[tuple[int, int], Answer]
) -> None:
    """Write answers, by station and parameter number."""
    rows = [_row(at, network, now, station, parameter, one) for (station, parameter), one in answers.items()]
    if rows:
        upsert(conn, TRACE, rows, keys=["at", "network", "parameter", "station"])


def forget(conn: Connection, at: int, network: str, parameters: Collection[int]) -> None:
    """Let go of what was said of an hour that is judged again."""
    conn.execute(
        delete(TRACE).where(
            TRACE.c.at == at, TRACE.c.network == network, TRACE.c.parameter.in_(sorted(parameters))
        )
    )


def read(conn: Connection, at: int, parameters: Collection[int] = ()) -> dict[tuple[str, int, int], Kept]:
    """What is kept of a step, by network, parameter and station."""
    query = select(TRACE).where(TRACE.c.at == at)
    if parameters:
        query = query.where(TRACE.c.parameter.in_(sorted(parameters)))
    return {(row.network, row.parameter, row.station): _kept(row) for row in conn.execute(query)}


def _row(at: int, network: str, now: int, station: int, parameter: int, answer: Answer) -> dict[str, object]:
    told = raw()["hot"]
    targets = [
        [
            one.source.code, round(one.probability, 4), round(one.before, 4), round(one.distance),
            round(one.bearing), one.source.department, one.source.grid,
            [
                [because.message.code, dict(because.message.args), round(because.weight, 3)]
                for because in [it for it in one.reasons if it.weight][: told["evidence"]]
            ],
        ]
        for one in answer.ranked[: told["targets"]]
    ]  # fmt: skip
    return {
        "at": at,
        "network": network,
        "parameter": parameter,
        "station": station,
        "begins": answer.start,
        "ends": answer.end,
        "made": now,
        "unlisted": answer.unknown,
        "sourceless": answer.nothing,
        "windy": answer.windy,
        "numbers": answer.numbers,
        "targets": _json(targets),
        "notes": _json([[one.code, dict(one.args)] for one in answer.notes]),
    }


def _kept(row: object) -> Kept:
    values = row._mapping  # type: ignore[attr-defined]
    names = (
        "at",
        "network",
        "parameter",
        "station",
        "begins",
        "ends",
        "made",
        "unlisted",
        "sourceless",
        "windy",
    )
    targets = tuple(_target(*told) for told in json.loads(values["targets"]))
    notes = tuple(Message(code, args) for code, args in json.loads(values["notes"]))
    return Kept(**{name: values[name] for name in names}, targets=targets, notes=notes)


def _target(
    source: str,
    probability: float,
    before: float,
    metres: float,
    bearing: float,
    department: str,
    grid: str,
    reasons: Sequence[tuple[str, dict[str, Scalar], float]],
) -> Target:
    told = tuple(Reason(Message(code, args), weight) for code, args, weight in reasons)
    return Target(source, probability, before, metres, bearing, department, grid, told)


def _json(value: Iterable[object] | Sequence[object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
