"""A place that stands out, with its evidence: what is judged, kept and shown. No numpy here: the desk reads it too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from backend.city.registry import City
from backend.words import Message

HEATS = ("", "watch", "hot", "strong")
"""How hot, rising."""


class Witness(NamedTuple):
    """A station that sees a place."""

    station: int
    """Its number."""
    metres: float
    inside: bool
    value: float | None
    increment: float | None
    z: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found of a place in one step, and how sure it is. Concentrations are in the parameter's own unit."""

    heat: str
    """``watch``, ``hot`` or ``strong``."""
    kind: str
    """What makes it hot: ``sudden``, ``rise``, ``persistent`` or ``high``; ``easing`` where it has come down again."""
    score: float
    """0 to 100: the hot score (domain 3.3.5)."""
    rank: int
    """1 is the hottest."""
    of: int
    """So many places were ranked."""
    value: float
    background: float
    """The regional background at the place."""
    increment: float
    """value - background, at least 0."""
    ratio: float | None
    """Value over the mean of the others (leave-one-out); None where there are too few."""
    z: float | None
    """The strongest robust deviation over the windows looked at."""
    gi: float | None
    """Getis-Ord Gi* of the increments, a z value: 1.96 is 5 %, 2.58 is 1 %; None where too few stations report."""
    nearest: float
    """Metres to the nearest station that reports."""
    measured: bool
    """A station stands in it; else it is interpolated, and never more than ``watch``."""
    reasons: Sequence[Message]
    """Why, the strongest first."""
    against: Sequence[Message]
    """What speaks against it; empty where nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotPlace(Judged):
    """A place that stands out, as the analysis tells it: by codes and numbers."""

    code: str
    grid: str
    level: int
    cell: int
    county: str
    lon: float
    lat: float
    start: int
    step: int
    parameter: int
    network: str
    steps: int
    """For how many steps it has stood out, this one included."""
    stations: Sequence[Witness]

    @property
    def lead(self) -> Witness | None:
        """The station in it that stands out most; None where it has none."""
        inside = [one for one in self.stations if one.inside]
        return max(inside, key=lambda one: -1e9 if one.z is None else one.z) if inside else None

    @property
    def since(self) -> int:
        """The start of the first of them."""
        return self.start - (self.steps - 1) * self.step


KEPT = (
    "heat",
    "kind",
    "score",
    "rank",
    "value",
    "background",
    "increment",
    "ratio",
    "z",
    "gi",
    "nearest",
    "measured",
)
"""What a row of the store keeps under the same name."""


def as_row(place: HotPlace) -> dict[str, object]:
    """A hot grid as the store keeps it."""
    return {
        "at": place.start,
        "network": place.network,
        "parameter": place.parameter,
        "level": place.level,
        "grid": place.code,
        "step": place.step,
        "ranked": place.of,
        "since": place.since,
        "steps": place.steps,
        "stations": _json(place.stations),
        "reasons": _json([[one.code, dict(one.args)] for one in place.reasons]),
        "against": _json([[one.code, dict(one.args)] for one in place.against]),
        **{name: getattr(place, name) for name in KEPT},
    }


def of_row(city: City, row: Any) -> HotPlace:
    """A hot grid that the store has kept."""
    grid = city.grids.get(row.grid)
    told: Mapping[str, Any] = {name: getattr(row, name) for name in KEPT}
    return HotPlace(
        code=row.grid,
        grid=row.grid,
        level=row.level,
        cell=0,
        county=grid.county if grid else "",
        lon=(grid.lon if grid else None) or 0.0,
        lat=(grid.lat if grid else None) or 0.0,
        start=row.at,
        step=row.step,
        parameter=row.parameter,
        network=row.network,
        of=row.ranked,
        steps=row.steps,
        stations=[Witness(*one) for one in json.loads(row.stations)],
        reasons=[Message(code, args) for code, args in json.loads(row.reasons)],
        against=[Message(code, args) for code, args in json.loads(row.against)],
        **told,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
