"""What scenes of random geometry (`tests.bench.trace_scenes`) are drawn from: places, and instruments that fail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = tuple[Floats, Floats]


def stations(dice: np.random.Generator, radius: float, count: int) -> tuple[Floats, Floats]:
    """So many stations in a ring, on a grid, along a fence or strewn, metres."""
    kind = dice.choice(["ring", "strewn", "grid", "fence"], p=[0.3, 0.4, 0.2, 0.1])
    if kind == "ring":
        turn, far = np.sort(dice.uniform(0, 2 * np.pi, count)), radius * dice.uniform(0.7, 1.2, count)
        return far * np.cos(turn), far * np.sin(turn)
    if kind == "grid":
        side = int(np.ceil(np.sqrt(count)))
        each = np.linspace(-radius, radius, max(side, 2))
        x, y = (part.ravel()[:count] for part in np.meshgrid(each, each))
        return x + dice.normal(0, 0.1 * radius, count), y + dice.normal(0, 0.1 * radius, count)
    if kind == "fence":
        along, lean = np.linspace(-radius, radius, count), dice.uniform(0, np.pi)
        aside = dice.normal(0, 0.15 * radius, count) + 0.5 * radius * dice.choice([-1, 1], count)
        return along * np.cos(lean) - aside * np.sin(lean), along * np.sin(lean) + aside * np.cos(lean)
    return dice.uniform(-radius, radius, count), dice.uniform(-radius, radius, count)


def candidates(dice: np.random.Generator, radius: float, count: int) -> tuple[Floats, Floats]:
    """So many candidates, strewn or partly in estates, metres."""
    x, y = dice.uniform(-radius, radius, count), dice.uniform(-radius, radius, count)
    if dice.random() < 0.4:
        beside, moves = dice.integers(0, count, count), dice.random(count) < 0.5
        x = np.where(moves, x[beside] + dice.normal(0, 0.1 * radius, count), x)
        y = np.where(moves, y[beside] + dice.normal(0, 0.1 * radius, count), y)
    return x, y


def elsewhere(dice: np.random.Generator, listed: Places, radius: float) -> tuple[float, float]:
    """Where a source stands that nobody listed: half of them as the listed ones do."""
    x, y = listed
    if dice.random() < 0.5:
        one = int(dice.integers(len(x)))
        return float(x[one] + dice.normal(0, 0.4 * radius)), float(y[one] + dice.normal(0, 0.4 * radius))
    return float(dice.uniform(-1.2, 1.2) * radius), float(dice.uniform(-1.2, 1.2) * radius)


def fail(dice: np.random.Generator, values: Floats, minutes: bool) -> None:
    """One instrument fails: it drifts up, jumps, or is full of spikes."""
    one, high = (
        int(dice.integers(values.shape[1])),
        float(dice.uniform(1, 15) if minutes else dice.uniform(40, 200)),
    )
    match dice.integers(3):
        case 0:
            values[:, one] += high * np.linspace(0, 1, len(values))
        case 1:
            values[int(dice.integers(0, max(1, len(values) // 2))) :, one] += high
        case _:
            values[:, one] += high * (dice.random(len(values)) < 0.3)
