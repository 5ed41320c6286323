"""Which interpolation is better: each station left out in real hours of Beijing (35 stations, 2018).

python -m tests.bench.between [--part tune|report] [--every HOURS]
"""

from __future__ import annotations

import argparse
import json

import numpy as np

from backend.analysis.hotspots.interpolate import Method, left_out
from backend.analysis.hotspots.robust import Floats
from tests.bench.hot_plant import CODES, Record, kdd2018

PARTS = {"tune": (0, 59), "report": (59, 120)}
"""Days: January and February, March and April."""
METHODS: tuple[Method, ...] = ("nearest", "idw", "kriging")


def errors(record: Record, code: str, method: Method, hours: range) -> Floats:
    """What each station shows less what the others say it would, all hours and stations that reported."""
    found = []
    for hour in hours:
        values = record.values[code][hour].astype(np.float64)
        there = np.isfinite(values)
        if there.sum() < len(there) // 2:
            continue
        told = left_out(record.x[there], record.y[there], values[there], record.spacing, method=method)
        found.append(told - values[there])
    return np.concatenate(found)


def main() -> None:
    """Print mean absolute and root mean square errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=sorted(PARTS), default="report")
    parser.add_argument("--every", type=int, default=5)
    args = parser.parse_args()
    record = kdd2018()
    first, last = PARTS[args.part]
    hours = range(first * 24, last * 24, args.every)
    report = {}
    for code in CODES:
        for method in METHODS:
            error = errors(record, code, method, hours)
            report[f"{code} {method}"] = {
                "mean_absolute": round(float(np.abs(error).mean()), 3),
                "root_mean_square": round(float(np.sqrt((error**2).mean())), 3),
            }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
