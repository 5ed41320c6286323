"""How high a source lets go 排放高度, and how far off its plume touches the ground: what speaks for a stack that is
passed over by its own plume.

From a height the ground feels nothing near by, most at the way of touching, and further off what it feels of a low
release. That way is some 6 to 24 heights, by how stable the air is; both are integrated out where they are not known.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np

from backend.analysis.geo import Floats

Share = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stack:
    """What is usual of a kind of source."""

    kinds: tuple[str, ...]
    industries: tuple[str, ...]
    heights: tuple[Share, ...]
    """Metres over the ground, and how often."""


@dataclass(frozen=True, slots=True)
class Stacks:
    """The data file, ``analysis/data/stacks.toml``."""

    effective: str
    inlet: float
    rise: tuple[Share, ...]
    touches: tuple[Share, ...]
    nodes: tuple[float, ...]
    beyond: float
    least: float
    least_city: float
    entries: tuple[Stack, ...]

    def of(self, kind: str, industry: str) -> tuple[Share, ...]:
        """The heights of a source of which none is known; those of its industry before those of its kind."""
        for entry in self.entries:
            named = not entry.industries or any(word in industry for word in entry.industries)
            if named and (kind in entry.kinds or not entry.kinds):
                return entry.heights
        return ((0.0, 1.0),)


@dataclass(frozen=True)
class Variants:
    """Hypotheses beside that of a release near the ground: the same place, let go from a height."""

    ground: Floats
    """The share of a release near the ground, of each candidate and place of the lattice, (H,)."""
    owner: np.ndarray[tuple[int], np.dtype[np.intp]]
    """To which of them each variant belongs, (E,)."""
    touch: Floats
    """Where each variant's plume adds most, metres from the source, (E,)."""
    share: Floats
    """The share of each variant within its owner, (E,)."""

    @classmethod
    def none(cls, count: int) -> Variants:
        """Nothing but releases near the ground."""
        empty = np.zeros(0)
        return cls(np.ones(count), np.zeros(0, np.intp), empty, empty)


@cache
def stacks() -> Stacks:
    """The heights in force."""
    raw = tomllib.loads(files("backend.analysis").joinpath("data/stacks.toml").read_text("utf-8"))
    entries = tuple(
        Stack(tuple(one["kinds"]), tuple(one.get("industries", ())), _shares(one["heights"]))
        for one in raw["stack"]
    )
    return Stacks(
        str(raw["effective"]), raw["inlet"], _shares(raw["rise"]), _shares(raw["touches"]), tuple(raw["nodes"]),
        raw["beyond"], raw["least"], raw["least_city"], entries,
    )  # fmt: skip


def _shares(rows: Sequence[Sequence[float]]) -> tuple[Share, ...]:
    return tuple((float(one), float(share)) for one, share in rows)


def shares_of(kinds: Sequence[tuple[str, str, float | None]], spacing: float) -> Floats:
    """The share of each way to the ground (`Stacks.nodes`) before anything is measured, (C, N).

    Args:
        kinds: kind, industry and, where it is known, height of each candidate.
        spacing: the network's, metres.
    """
    rows = [_nodes(*one, spacing) for one in kinds]
    return np.array(rows) if rows else np.zeros((0, len(stacks().nodes)))


@lru_cache(maxsize=2048)
def _nodes(kind: str, industry: str, height: float | None, spacing: float) -> tuple[float, ...]:
    """Of one kind, remembered: a city's hot stations have the same kinds around them."""
    told = stacks()
    heights = (
        told.of(kind, industry)
        if height is None
        else tuple((height * part, share) for part, share in told.rise)
    )
    ways = np.array([max(high - told.inlet, 0.0) * many for high, _ in heights for many, _ in told.touches])
    share = np.array([a * b for _, a in heights for _, b in told.touches])
    ways = ways / max(spacing, 1.0)
    if height is None:
        share = np.where(ways <= told.beyond, share, 0.0)
    nodes = np.array(told.nodes)
    found = np.zeros(len(nodes))
    edges = np.sqrt(np.maximum(nodes[1:-1], 1e-9) * nodes[2:])
    # Half of the first way is as good as none.
    place = np.searchsorted(np.concatenate([[0.5 * nodes[1]], edges]), ways, side="right")
    np.add.at(found, place, share)
    total = float(found.sum())
    if total <= 0:
        found[0] = total = 1.0
    return tuple((found / total).tolist())


def variants(shares: Floats, spacing: float, places: int, *, city: bool) -> Variants:
    """The variants that are worth trying, of candidates (`shares_of`) and of so many places of a source nobody listed.

    Whoever is not listed is as high as the listed ones are, all in all; where a whole city is ranked at once it is low.
    """
    told = stacks()
    least = told.least_city if city else told.least
    count = len(shares)
    whole = (
        shares
        if city or not places
        else np.concatenate([shares, np.repeat(_mean(shares, told), places, axis=0)])
    )
    high = np.where(whole[:, 1:] >= least, whole[:, 1:], 0.0)
    # By their way to the ground: those that are alike are followed together.
    node, owner = np.nonzero(high.T)
    ground = np.ones(count + places)
    ground[: len(whole)] = np.maximum(whole[:, 0], 1e-3)
    return Variants(ground, owner, np.array(told.nodes)[node + 1] * spacing, high[owner, node])


def _mean(shares: Floats, told: Stacks) -> Floats:
    if len(shares):
        return np.asarray(shares.mean(axis=0, keepdims=True))
    return np.eye(1, len(told.nodes))


def unnamed(count: int, spacing: float, heights: Mapping[int, float] | None = None) -> Floats:
    """`shares_of` for candidates of no known kind."""
    known = heights or {}
    return shares_of([("", "", known.get(index)) for index in range(count)], spacing)
