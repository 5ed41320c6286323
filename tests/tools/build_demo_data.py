"""Cut the hours that the demo carries out of the Beijing multi-site record (UCI 501, CC BY 4.0).

    python -m tests.tools.build_demo_data ../shared/data/air/beijing_multisite/hourly_201503_201602.csv

Writes ``backend/demo/data/hours.csv.gz``. The copy at hand is not the record as published: somebody has put one
constant per station and pollutant (about the year's mean) in the place of everything above a cap, so that at
most stations a tenth of the PM2.5 hours, the dirtiest, are that constant. Those cells are found here (the value
that recurs most of all values within a quarter of the mean, where it fills runs) and left empty, and the spans
are chosen where at most stations nothing was replaced for long.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

SPANS = {
    "winter": ("2016-01-04", "2016-02-10"),
    "spring": ("2015-05-01", "2015-05-21"),
    "summer": ("2015-07-15", "2015-08-04"),
    "autumn": ("2015-09-14", "2015-10-04"),
}
"""First and last day of each span, as in backend/demo/data/README.md."""

POLLUTANTS = {"PM2.5": "pm25", "PM10": "pm10", "SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3"}
WEATHER = {"TEMP": "temp", "PRES": "pressure", "DEWP": "dew_point", "RAIN": "rain", "wd": "wd", "WSPM": "ws"}
TARGET = Path(__file__).parents[2] / "backend" / "demo" / "data" / "hours.csv.gz"
RUN = 3
"""A replaced stretch shows as at least this many equal hours somewhere."""


def replaced(values: Sequence[str]) -> str | None:
    """The constant that stands in for what was taken out of one station's pollutant, or None."""
    mean = sum(map(float, values)) / len(values)
    near = Counter(value for value in values if abs(float(value) - mean) <= mean / 4)
    in_runs: Counter[str] = Counter()
    length = 0
    for before, value in zip([None, *values[:-1]], values, strict=True):
        length = length + 1 if value == before else 1
        if length >= RUN and value in near:
            in_runs[value] += 1
    return in_runs.most_common(1)[0][0] if in_runs else None


def tidy(value: str) -> str:
    """The number as short as it can be written; empty where there is none."""
    if value in ("", "NA"):
        return ""
    return f"{float(value):.1f}".removesuffix(".0")


def cut(rows: Sequence[Mapping[str, str]]) -> list[list[str]]:
    """The header and one row for every hour and station of the spans."""
    series: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        for name in POLLUTANTS:
            series[row["station"], name].append(row[name])
    fills = {key: replaced(values) for key, values in series.items()}
    out = [["span", "time", "station", *POLLUTANTS.values(), *WEATHER.values()]]
    for span, (first, last) in SPANS.items():
        for row in sorted(rows, key=lambda row: (row["datetime"], row["station"])):
            if not first <= row["datetime"][:10] <= last:
                continue
            values = [
                "" if row[name] == fills[row["station"], name] else tidy(row[name]) for name in POLLUTANTS
            ]
            weather = [row[name] if name == "wd" else tidy(row[name]) for name in WEATHER]
            out.append([span, row["datetime"][:13].replace(" ", "T"), row["station"], *values, *weather])
    return out


def main() -> None:
    """Read the record, write the cut; the same input gives the same bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", type=Path)
    with parser.parse_args().record.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(cut(rows))
    TARGET.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
