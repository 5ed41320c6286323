"""What tracing answers: a ranked list with its evidence, what speaks for none of it, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.analysis.sources.candidates import Candidate
from backend.analysis.sources.reasons import Reason
from backend.analysis.sources.signature import Signature
from backend.words import Message


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate, how probable it is, and why."""

    source: Candidate
    probability: float
    before: float
    """The probability before anything was measured: its kind, activity and past."""
    distance: float
    """Metres from where the answer is seen from."""
    bearing: float
    """Degrees clockwise from north, from there to the source."""
    reasons: tuple[Reason, ...]
    """For first, then against, then what only tells; the weightiest first."""


@dataclass(frozen=True, slots=True)
class WindHour:
    """The wind at one time, where the answer is seen from."""

    start: int
    speed: float | None
    origin: float | None
    """Degrees that it blows from; None in a calm."""


@dataclass(frozen=True, slots=True)
class PathPoint:
    """Where the air was before."""

    age: int
    """Seconds."""
    lon: float
    lat: float
    distance: float
    bearing: float
    """Metres and degrees from where it arrived."""
    spread: float
    """Metres: the standard deviation of the place."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A station that had a say."""

    code: str
    name: str
    lon: float
    lat: float
    mean: float | None
    """Of the window."""
    above: float | None
    """Over the background and its own level."""
    scatter: float
    distance: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question."""

    parameter: str
    unit: str
    station: str
    """The code of the station that is asked about; empty where the whole network is."""
    place: str
    lon: float
    lat: float
    """Where it is seen from."""
    start: int
    end: int
    period: int
    spacing: float
    """Metres between stations."""
    ranked: tuple[Ranked, ...]
    """All candidates that were weighed, the most probable first."""
    unknown: float
    """The probability of a source that is not in the inventory."""
    nothing: float
    """The probability that no single source did it."""
    unknown_at: tuple[float, float, float] | None
    """The most probable place of an unknown source: lon, lat, and the probability of the cell around it."""
    windy: bool
    calm: float | None
    """The share of the window without wind; None where nothing is known of it."""
    wind_points: int
    gridded: bool
    winds: tuple[WindHour, ...]
    path: tuple[PathPoint, ...]
    witnesses: tuple[Witness, ...]
    signature: Signature | None
    notes: tuple[Message, ...]
    numbers: str
    """The date of the numbers that decided."""

    @property
    def none(self) -> float:
        """The probability that it is none of the candidates 均不是."""
        return self.unknown + self.nothing

    @property
    def best(self) -> Ranked | None:
        """The most probable candidate; None where "none of these" is more probable than each."""
        first = self.ranked[0] if self.ranked else None
        return first if first is not None and first.probability >= self.none else None


def ordered(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """For, then against, then what only tells; the weightiest first."""
    place = {"for": 0, "against": 1, "tells": 2}
    return tuple(sorted(reasons, key=lambda one: (place[one.stance], -abs(one.weight))))
