"""Making a forecast 预报 for whoever asks: issues from any instant, and the training of the model that issues them.

These compute, for commands and jobs; what the job left in the store is read by `backend.desk.forecast`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from backend.desk.desk import Desk
from backend.desk.forecast import SkillRow, Standing, warnings_of
from backend.store import table
from backend.store.tables import Reading
from backend.words import Message

if TYPE_CHECKING:
    from backend.analysis.forecast.predicting import Issue

READING = table(Reading)
HOUR = 3600
LONGEST = 400
"""Days of a span."""
Told = Callable[[str, int, int], None]


class ForecastRow(NamedTuple):
    """One hour of a forecast."""

    issued: int
    """The start of the first valid hour of its issue: all that was known had ended by then."""
    start: int
    """The valid hour's start."""
    station: str
    parameter: str
    value: float
    low: float
    high: float
    """80 % of what may come lies between."""
    unit: str
    weather: bool
    """Whether the weather to come was known and used at this hour."""
    model: str
    """``own``, or ``prior`` where the store has too little history to learn from."""


class NothingKnown(Exception):
    """There is nothing that could be forecast; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.code)
        self.message = message


def issue_rows(
    desk: Desk,
    instants: Sequence[int],
    *,
    station: str = "",
    parameter: str = "",
    hours: int = 72,
    told: Told = lambda *_: None,
    check: bool = False,
    issued: Callable[[Standing], None] = lambda _: None,
) -> Iterator[ForecastRow]:
    """Issue from each instant, with what had ended by then: rows by issue, parameter, station and hour.

    Args:
        told: called while something is trained.
        check: also find out what a model that is trained now is worth.
        issued: called with each issue after its rows: what it rests on, and what its model was found to be worth before
            that instant (no skill where nobody looked).

    Raises:
        NothingKnown: there is no such station or parameter, or it has no readings before the first instant.
    """
    from backend.analysis.forecast.refreshing import coarse_names, issues, known_names

    stations, units = known_names(desk.store)
    if station and station not in stations and station in (coarse := coarse_names(desk.store)):
        hours_apart = coarse[station] // HOUR
        raise NothingKnown(Message("forecast.too_coarse", {"code": station, "hours": hours_apart}))
    if not stations:
        raise NothingKnown(Message("forecast.no_stations"))
    if not units:
        raise NothingKnown(Message("forecast.no_concentration"))
    if station and station not in stations:
        raise NothingKnown(Message("forecast.no_station", {"code": station}))
    if parameter and parameter not in units:
        raise NothingKnown(Message("forecast.no_parameter", {"code": parameter, "known": " ".join(units)}))
    any_ = False
    only = [parameter] if parameter else ()
    for issue in issues(desk.store, instants, only=only, hours=hours, told=told, check=check):
        for code, part in issue.parts.items():
            model = "own" if issue.model.part(code).days else "prior"
            unit, knowing = units.get(code, ""), part.knowing.tolist()
            for line, name in enumerate(issue.codes):
                if station and name != station:
                    continue
                value, low, high = (array[line].tolist() for array in (part.value, part.low, part.high))
                for lead, said in enumerate(value):
                    if said == said:
                        any_ = True
                        at = issue.at + lead * HOUR
                        yield ForecastRow(
                            issue.at, at, name, code, said, low[lead], high[lead], unit, knowing[lead], model
                        )
        issued(_of_issue(issue))
    if not any_:
        raise NothingKnown(Message("forecast.nothing"))


def _of_issue(issue: Issue) -> Standing:
    """What an issue that was just made rests on, as `standing` tells it of the one that is kept."""
    skills = tuple(
        SkillRow(
            code, "days", found.days, found.ours, found.persistence, found.climatology, None, found.coverage
        )
        for code in issue.parts
        if (found := issue.model.part(code).skill).ours is not None
    )
    own = issue.model.own
    return Standing(
        issue.at, issue.at, issue.trained, own, skills, warnings_of(skills, issue.at, own, issue.at), issue.hours,
        issue.weather_hours,
    )  # fmt: skip


def train(desk: Desk, at: int, told: Told = lambda *_: None) -> float:
    """Train the model that issues from ``at`` on use, in this process; returns the days of history it learned from."""
    from backend.analysis.forecast.refreshing import train_store

    return train_store(desk.store, at, told).known_days


def refresh(desk: Desk, at: int, told: Told = lambda *_: None) -> int:
    """Make and keep the issue from ``at``, in this process; returns the number of its series."""
    from backend.analysis.forecast.refreshing import refresh as made

    return made(desk.store, at, told, force=True).series


def last_known(desk: Desk) -> int:
    """The end of the newest reading's hour: from there on a forecast can begin."""
    with desk.store.read() as conn:
        newest = conn.execute(
            select(READING.c.start, READING.c.period)
            .where(READING.c.start < desk.now, READING.c.value.is_not(None))
            .order_by(READING.c.start.desc())
            .limit(1)
        ).first()
    return desk.now if newest is None else min(desk.now, newest.start + newest.period)
