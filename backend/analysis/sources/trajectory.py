"""Back-trajectories 后向轨迹 by the observed wind: where the air of a place and instant was before, and how surely.

Steps of growing length through the wind at the moving place. The spread is what is not known about the path: gusts
that the mean does not show, a vane that is turned, points that disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.analysis.geo import Floats
from backend.analysis.sources.numbers import FootprintNumbers
from backend.analysis.sources.wind import Winds


@dataclass(frozen=True)
class Paths:
    """Paths back from N places and instants, K steps each: (K, N) arrays."""

    x: Floats
    y: Floats
    """Metres."""
    age: Floats
    """Seconds before the instant."""
    lasts: Floats
    """Seconds that the step stands for."""
    travelled: Floats
    """Metres along the path."""
    spread: Floats
    """Standard deviation of the place, metres; NaN from where the wind is not known."""

    def some(self, which: NDArray[np.intp]) -> Paths:
        """The paths of some of the places and instants."""
        return Paths(
            self.x[:, which], self.y[:, which], self.age[:, which], self.lasts[:, which],
            self.travelled[:, which], self.spread[:, which],
        )  # fmt: skip


def back(winds: Winds, x: Floats, y: Floats, t: Floats, spacing: float, numbers: FootprintNumbers) -> Paths:
    """Follow air back from places at instants.

    Args:
        x, y: metres, (N,).
        t: instants, seconds, (N,).
        spacing: the network's, metres: paths are `numbers.reach` of it long.
    """
    size = max(numbers.size * spacing, numbers.size_metres)
    steps = _steps(numbers, spacing)
    slowest, oldest = winds.numbers.slowest, winds.numbers.oldest_hours * 3600
    here_x, here_y = np.array(x, np.float64), np.array(y, np.float64)
    age, travelled = np.zeros_like(here_x), np.zeros_like(here_x)
    wander = np.zeros_like(here_x)
    found: list[tuple[Floats, ...]] = []
    for step in steps:
        u, v, apart = winds.at(here_x, here_y, t - age)
        speed = np.hypot(u, v)
        lasts = step / np.maximum(speed, slowest)
        lasts = np.where(age + lasts > oldest, np.nan, lasts)
        # The wind half a step back is nearer to that of the step.
        u, v, apart = winds.at(here_x - u * lasts / 2, here_y - v * lasts / 2, t - age - lasts / 2)
        here_x, here_y = here_x - u * lasts, here_y - v * lasts
        age = age + lasts
        travelled = travelled + np.hypot(u, v) * lasts
        wander = wander + apart * lasts
        slow = np.minimum(age, numbers.turnover) + np.sqrt(
            numbers.turnover * np.maximum(age - numbers.turnover, 0.0)
        )
        spread = np.sqrt(size**2 + (winds.gust * slow) ** 2 + (winds.turn * travelled) ** 2 + wander**2)
        found.append((here_x, here_y, age, lasts, travelled, spread))
    columns = [np.stack(column) for column in zip(*found, strict=True)]
    return Paths(*columns)


def _steps(numbers: FootprintNumbers, spacing: float) -> list[float]:
    """Lengths of the steps, metres: each longer than the last."""
    step, gone, steps = numbers.first * spacing, 0.0, []
    while gone < numbers.reach * spacing:
        steps.append(step)
        gone += step
        step = gone * (numbers.growth - 1.0)
        step = max(step, numbers.first * spacing)
    return steps


@dataclass(frozen=True)
class PathBook:
    """Paths back from stations and periods, made once where many questions of one hour share them."""

    first: int
    period: int
    place: NDArray[np.intp]
    """Where the path of a period and station is, (T, S); -1 where none was made."""
    paths: Paths

    @classmethod
    def make(
        cls,
        winds: Winds,
        x: Floats,
        y: Floats,
        times: NDArray[np.int64],
        wanted: NDArray[np.bool_],
        period: int,
        spacing: float,
        numbers: FootprintNumbers,
    ) -> PathBook:
        """The paths back from the middle of each period at each station.

        Args:
            wanted: of which periods and stations, (T, S).
        """
        row, column = np.nonzero(wanted)
        place = np.full(wanted.shape, -1, np.intp)
        place[row, column] = np.arange(len(row))
        middle = np.asarray(times[row] + period / 2, np.float64)
        paths = back(winds, x[column], y[column], middle, spacing, numbers)
        return cls(int(times[0]), period, place, paths)

    def of(self, times: NDArray[np.int64], stations: NDArray[np.intp]) -> Paths:
        """The paths of some periods and stations, in the order of a field's cells."""
        rows = (times - self.first) // self.period
        return self.paths.some(self.place[rows[:, None], stations[None, :]].ravel())
