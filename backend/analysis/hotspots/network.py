"""A network of stations that are compared with each other: where they stand, whose neighbours, what is measured."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backend.analysis import geo
from backend.analysis.geo import Floats
from backend.analysis.hotspots.excess import Numbers, Peers
from backend.analysis.hotspots.gi import together
from backend.analysis.hotspots.ground import Ground
from backend.analysis.hotspots.heat import patience
from backend.analysis.hotspots.interpolate import Weights, weigh
from backend.analysis.hotspots.placing import Misplaced, look
from backend.analysis.hotspots.rules import network_of, rules, step_of
from backend.city.registry import City, ParameterRow, StationRow


@dataclass(frozen=True)
class Network:
    """Stations of one network, those that are not where they say left out; arrays are in their order."""

    name: str
    stations: tuple[StationRow, ...]
    x: Floats
    """Metres of the ground's plane."""
    y: Floats
    spacing: float
    period: int
    """Seconds of the readings."""
    step: int
    """Seconds of the analysis."""
    parameters: tuple[ParameterRow, ...]
    peers: Peers
    patience: NDArray[np.int8]
    misplaced: Misplaced

    @cached_property
    def near(self) -> float:
        """Metres within which stations bear witness for each other and Gi* looks."""
        return float(rules()["gi"]["reach"] * self.spacing) if self.spacing == self.spacing else 0.0

    @cached_property
    def reach(self) -> float:
        """Metres from a station beyond which nothing is said."""
        return float(rules()["between"]["reach"] * self.spacing) if self.spacing == self.spacing else 0.0

    @cached_property
    def anchors(self) -> tuple[Numbers, Numbers, Floats]:
        """Where the regional background is told: columns of the stations that each anchor takes in, (A, M); the
        anchors that each station lies between and how much, (S, 3).
        """
        told = rules()["background"]
        size = len(self.stations)
        most = min(size, max(told["nearest"], int(told["share"] * size)))
        chosen = np.arange(size) if size <= told["anchors"] else _spread(self.x, self.y, told["anchors"])
        apart = geo.distances(self.x[chosen], self.y[chosen], self.x, self.y)
        members = np.argsort(apart, axis=1, kind="stable")[:, :most]
        take = min(3, len(chosen))
        between = np.argsort(apart.T, axis=1, kind="stable")[:, :take]
        far = np.take_along_axis(apart.T, between, axis=1) + max(self.near, 1.0)
        weight = 1.0 / far
        return members, between, np.asarray(weight / weight.sum(axis=1, keepdims=True))

    @cached_property
    def column(self) -> dict[int, int]:
        """Each station's column, by the station's number."""
        return {row.id: index for index, row in enumerate(self.stations)}

    @cached_property
    def pairs(self) -> tuple[Numbers, Numbers]:
        """Stations that lie within `near` of each other, each with itself."""
        return together(self.x, self.y, self.near)

    def weights(self, key: str, x: Floats, y: Floats) -> Weights:
        """The weights of the stations for places, kept under a name."""
        kept: dict[str, Weights] = self._kept
        if key not in kept:
            spacing = self.spacing if self.spacing == self.spacing else 1.0
            kept[key] = weigh(self.x, self.y, x, y, spacing)
        return kept[key]

    @cached_property
    def _kept(self) -> dict[str, Weights]:
        return {}


def _spread(x: Floats, y: Floats, count: int) -> Numbers:
    """So many stations that lie far from each other."""
    found = [int(np.argmin(np.hypot(x - x.mean(), y - y.mean())))]
    far = np.hypot(x - x[found[0]], y - y[found[0]])
    while len(found) < count:
        found.append(int(np.argmax(far)))
        far = np.minimum(far, np.hypot(x - x[found[-1]], y - y[found[-1]]))
    return np.asarray(found, dtype=np.intp)


def searched(parameter: ParameterRow) -> bool:
    """Whether a hot grid can be of this parameter: a concentration in air."""
    told = rules()["left_out"]
    return parameter.unit not in told["units"] and parameter.code not in told["parameters"]


def networks(city: City, ground: Ground) -> dict[str, Network]:
    """Every network of the city that has stations and something to look for, by name."""
    left = set(rules()["left_out"]["kinds"])
    members: dict[str, list[StationRow]] = {}
    for number in sorted(city.stations):
        row = city.stations[number]
        if row.placed and row.in_service and row.lon is not None and row.kind not in left:
            members.setdefault(network_of(row.kind), []).append(row)
    found = {name: _network(city, ground, name, rows) for name, rows in sorted(members.items())}
    return {name: network for name, network in found.items() if network is not None}


def _network(city: City, ground: Ground, name: str, rows: list[StationRow]) -> Network | None:
    periods: Counter[int] = Counter()
    measured: Counter[int] = Counter()
    for row in rows:
        for measure in city.measures.get(row.id, ()):
            if searched(city.parameters[measure.parameter]):
                periods[measure.period] += 1
                measured[measure.parameter] += 1
    if not measured:
        return None
    x, y = _xy(ground, rows)
    misplaced = look(ground, city, rows, geo.spacing(x, y))
    kept = tuple(row for row in rows if row.code not in misplaced.unused)
    x, y = _xy(ground, list(kept))
    spacing = geo.spacing(x, y)
    period = min(one for one, count in periods.items() if count == max(periods.values()))
    step = step_of(spacing, period)
    peers = Peers.of(x, y, spacing)
    parameters = tuple(city.parameters[number] for number in sorted(measured))
    return Network(
        name,
        kept,
        x,
        y,
        spacing,
        period,
        step,
        parameters,
        peers,
        patience(x, y, peers, step),
        misplaced,
    )


def _xy(ground: Ground, rows: list[StationRow]) -> tuple[Floats, Floats]:
    return ground.plane.xy([row.lon or 0.0 for row in rows], [row.lat or 0.0 for row in rows])
