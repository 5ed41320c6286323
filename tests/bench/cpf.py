"""The direction tables against openair's definition, on openair's own year of London Marylebone Road (2003).

The reference is written from openair's R/percentileRose.R (method "cpf"), value by value in plain Python: hours without
wind go first, directions are rounded to ``angle * ceiling(wd / angle - 0.5)``, CPF is the share of a sector's values
that are strictly above the percentile of all (R's type 7); the polar table is the mean by class of speed and sector. It
shares no line with `backend.analysis.sources.cpf`.

    python -m tests.bench.cpf

Figures of 2026-11-22, 2 cores, Debian 12, Python 3.11.7: 16 and 36 sectors, six pollutants, percentiles 75 and 90: the
largest difference of a share and of a mean is 0; a year takes 0.5 ms.
"""

from __future__ import annotations

import csv
import math
import time

import numpy as np

from backend.analysis.sources.cpf import cpf, polar
from tests.shared import shared_data

FILE = "air/openair_mydata/london_marylebone_2003_hourly.csv"
POLLUTANTS = ("nox", "no2", "pm10", "so2", "co", "pm25")
EDGES = (0.5, 1.5, 2.5, 3.5, 5.0, 7.5)
CALM = 0.5


def record(pollutant: str) -> list[tuple[float, float, float]]:
    """Value, speed and direction of each hour; NaN where one is missing."""

    def number(text: str) -> float:
        return float(text) if text not in ("", "NA") else float("nan")

    with shared_data(FILE).open(encoding="utf-8", newline="") as file:
        return [
            (number(row[pollutant]), number(row["ws"]), number(row["wd"])) for row in csv.DictReader(file)
        ]


def percentile(values: list[float], share: float) -> float:
    """R's quantile of type 7."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def reference(
    rows: list[tuple[float, float, float]], share: float, sectors: int, least: int
) -> tuple[float, list[tuple[int, int, float]]]:
    """Threshold, and by sector n, m and m / n (NaN below the least)."""
    known = [row for row in rows if not any(map(math.isnan, row)) and row[1] > 0 and row[1] >= CALM]
    threshold = percentile([row[0] for row in known], share)
    found = [[0, 0] for _ in range(sectors)]
    angle = 360.0 / sectors
    for value, _speed, origin in known:
        rounded = angle * math.ceil(origin / angle - 0.5)
        sector = 0 if rounded in (0.0, 360.0) else round(rounded / angle)
        found[sector][0] += 1
        found[sector][1] += value > threshold
    return threshold, [(n, m, m / n if n >= least else float("nan")) for n, m in found]


def reference_means(rows: list[tuple[float, float, float]], sectors: int) -> dict[tuple[int, int], float]:
    """Means by class of speed and sector."""
    sums: dict[tuple[int, int], list[float]] = {}
    half = 180.0 / sectors
    for value, speed, origin in rows:
        if any(map(math.isnan, (value, speed, origin))) or speed < EDGES[0]:
            continue
        band = max(index for index, edge in enumerate(EDGES) if speed >= edge)
        sector = math.ceil(origin / (2 * half) - 0.5) % sectors
        sums.setdefault((band, sector), []).append(value)
    return {key: sum(several) / len(several) for key, several in sums.items()}


def differences(pollutant: str, share: float, sectors: int, least: int = 5) -> tuple[float, float]:
    """The largest difference of a share, and of a mean."""
    rows = record(pollutant)
    values, speed, origin = (np.array(column) for column in zip(*rows, strict=True))
    ours = cpf(values, speed, origin, percentile=share, sectors=sectors, least=least, calm=CALM)
    threshold, theirs = reference(rows, share, sectors, least)
    assert abs(ours.threshold - threshold) < 1e-9
    assert [(int(n), int(m)) for n, m in zip(ours.count, ours.above, strict=True)] == [
        one[:2] for one in theirs
    ]
    off = [
        abs(one - other[2])
        for one, other in zip(ours.share.tolist(), theirs, strict=True)
        if not (math.isnan(one) and math.isnan(other[2]))
    ]
    table = polar(values, speed, origin, edges=EDGES, sectors=sectors, least=1)
    means = reference_means(rows, sectors)
    assert {(int(a), int(b)) for a, b in np.argwhere(np.isfinite(table.mean))} == set(means)
    return max(off), max(abs(float(table.mean[key]) - mean) for key, mean in means.items())


def main() -> None:
    """Print the figures."""
    worst, mean = 0.0, 0.0
    for pollutant in POLLUTANTS:
        for share in (0.75, 0.9):
            for sectors in (16, 36):
                one, other = differences(pollutant, share, sectors)
                worst, mean = max(worst, one), max(mean, other)
    print(f"largest difference of a share {worst:.1e}, of a mean {mean:.1e}")
    rows = record("pm10")
    values, speed, origin = (np.array(column) for column in zip(*rows, strict=True))
    begun = time.perf_counter()
    cpf(values, speed, origin, percentile=0.75, sectors=16, least=5, calm=CALM)
    print(f"a year: {(time.perf_counter() - begun) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
