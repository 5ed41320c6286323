"""Episodes planted in real hours: what a plume, a slow rise, a front or a broken instrument adds to them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from backend.analysis import geo
from backend.analysis.hotspots.robust import Floats
from tests.shared import shared_data

CODES = ("pm25", "pm10", "so2", "no2", "co")
LOCAL = ("sudden", "slow", "weak", "burn", "dust")
NOT_HOT = ("region", "fault")
MIX: Mapping[str, Mapping[str, float]] = {
    "sudden": {"pm25": 1, "pm10": 1.4, "co": 0.012, "so2": 0.4, "no2": 0.3},
    "slow": {"pm25": 1, "pm10": 1.4, "co": 0.01, "so2": 0.2, "no2": 0.3},
    "weak": {"pm25": 1, "pm10": 1.5, "co": 0.01, "no2": 0.3, "so2": 0.2},
    "burn": {"pm25": 1, "pm10": 1.3, "co": 0.02, "no2": 0.15},
    "dust": {"pm10": 1, "pm25": 0.18},
    "region": {"pm25": 1, "pm10": 1.3, "co": 0.01, "no2": 0.2, "so2": 0.15},
}
"""What comes with a microgram of the leading parameter; CO in mg."""
TWELVE = {
    "Aotizhongxin": (116.397, 39.982), "Changping": (116.230, 40.217), "Dingling": (116.220, 40.292),
    "Dongsi": (116.417, 39.929), "Guanyuan": (116.339, 39.929), "Gucheng": (116.184, 39.914),
    "Huairou": (116.628, 40.328), "Nongzhanguan": (116.461, 39.937), "Shunyi": (116.655, 40.127),
    "Tiantan": (116.407, 39.886), "Wanliu": (116.287, 39.987), "Wanshouxigong": (116.352, 39.878),
}  # fmt: skip
"""The stations of the multi-site record, where the 2018 record has them."""


@dataclass(frozen=True)
class Record:
    """A record of hours: (T, S) for each parameter, NaN where nothing was measured; the hour of day of each."""

    values: Mapping[str, Floats]
    hours: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    spacing: float


@dataclass(frozen=True)
class Episode:
    """What was planted, and where and when it can be seen."""

    kind: str
    begins: int
    station: int
    added: Mapping[str, Floats]

    @property
    def lead(self) -> str:
        """The parameter that leads."""
        return "pm10" if self.kind == "dust" else next(iter(self.added))


def kdd2018() -> Record:
    """35 stations of Beijing, January to April 2018, hour by hour."""
    folder = shared_data("air/beijing_kdd2018")
    with (folder / "stations.csv").open() as file:
        places = {row["station"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    with (folder / "aq_hourly.csv").open() as file:
        rows = [
            (datetime.fromisoformat(row["time_utc"].replace("Z", "+00:00")).timestamp(), row["station"],
             (row["PM2.5"], row["PM10"], row["SO2"], row["NO2"], row["CO"]))
            for row in csv.DictReader(file)
        ]  # fmt: skip
    return _record(places, [(int(at) // 3600, station, values) for at, station, values in rows], 8, 1.0)


def multisite() -> Record:
    """12 stations of Beijing, March 2015 to February 2016, hour by hour (local time)."""
    with (shared_data("air/beijing_multisite") / "hourly_201503_201602.csv").open() as file:
        rows = [
            (int(datetime.fromisoformat(row["datetime"] + "+00:00").timestamp()) // 3600, row["station"],
             (row["PM2.5"], row["PM10"], row["SO2"], row["NO2"], row["CO"]))
            for row in csv.DictReader(file)
        ]  # fmt: skip
    return _record(TWELVE, rows, 0, 0.001)


def _record(
    places: Mapping[str, tuple[float, float]],
    rows: Sequence[tuple[int, str, tuple[str, ...]]],
    zone: int,
    co: float,
) -> Record:
    column = {name: index for index, name in enumerate(places)}
    first, last = min(row[0] for row in rows), max(row[0] for row in rows)
    values = {code: np.full((last - first + 1, len(places)), np.nan, dtype=np.float32) for code in CODES}
    for hour, station, told in rows:
        for code, cell in zip(CODES, told, strict=True):
            if cell not in ("", "NA") and float(cell) >= 0:
                values[code][hour - first, column[station]] = float(cell) * (co if code == "co" else 1.0)
    lon, lat = np.array(list(places.values())).T
    x, y = geo.Plane.about(lon, lat).xy(lon, lat)
    return Record(values, (np.arange(first, last + 1) + zone) % 24, x, y, geo.spacing(x, y))


def draw(record: Record, kind: str, begins: int, dice: np.random.Generator) -> Episode:
    """One episode about a random station.

    Amplitudes are of the station that is nearest to what emits; the others get less, by half the spacing to 1/e.
    """
    station, draws = int(dice.integers(len(record.x))), dice.random(8)
    course, top = _course(kind, draws)
    size, count = record.values["pm25"].shape
    if kind == "burn":
        begins += int((20 - record.hours[begins]) % 24)
    span = slice(begins, min(size, begins + len(course)))
    hours = span.stop - span.start
    if kind == "fault":
        code = CODES[int(draws[2] * len(CODES))]
        extra = np.zeros((size, count), dtype=np.float32)
        extra[span, station] = record.values[code][span, station] * (top - 1)
        return Episode(kind, begins, station, {code: extra})
    share = np.zeros((size, count))
    if kind == "region":
        turn = draws[2] * 2 * np.pi
        along = record.x * np.sin(turn) + record.y * np.cos(turn)
        lag = (along - along.min()) / (3 + 4 * draws[3]) / 3600
        at = np.arange(size)[:, None] - begins - lag[None, :] + 0.5
        share = np.interp(at, np.arange(len(course)) + 0.5, course, left=0, right=0)
    else:
        turn, far = draws[4] * 2 * np.pi, record.spacing * (0.05 + 0.35 * draws[5])
        ex, ey = record.x[station] + far * np.sin(turn), record.y[station] + far * np.cos(turn)
        apart = np.hypot(record.x - ex, record.y - ey)
        falls = np.exp(-(apart - apart.min()) / (0.45 * record.spacing))
        falls[falls < 0.02] = 0
        station = int(np.argmin(apart))
        unsteady = np.clip(1 + 0.25 * dice.standard_normal(hours), 0.4, 1.6)
        share[span] = (course[:hours] * unsteady)[:, None] * falls
    return Episode(
        kind,
        begins,
        station,
        {code: (share * top * times).astype(np.float32) for code, times in MIX[kind].items()},
    )


def _course(kind: str, draws: Floats) -> tuple[Floats, float]:
    """The course over the hours (1 is the top), and the top in the unit of the leading parameter."""
    match kind:
        case "sudden":
            return np.ones(2 + int(draws[0] * 5)), 40 + 80 * draws[1]
        case "slow":
            return np.concatenate([np.linspace(0.08, 1, 12), np.ones(8)]), 40 + 50 * draws[1]
        case "weak":
            return np.ones(72), 15 + 12 * draws[1]
        case "burn":
            return np.concatenate([np.ones(6), np.zeros(18), np.ones(6)]), 40 + 60 * draws[1]
        case "dust":
            return np.ones(3 + int(draws[0] * 8)), 100 + 150 * draws[1]
        case "fault":
            return np.ones(6 + int(draws[0] * 18)), 1.8 + 1.5 * draws[1]
        case _:
            return np.concatenate([[0.5], np.ones(17), np.linspace(1, 0, 6)]), 60 + 100 * draws[1]


def plant(record: Record, episodes: list[Episode]) -> Record:
    """The record with the episodes in it."""
    values = {code: array.copy() for code, array in record.values.items()}
    for one in episodes:
        for code, extra in one.added.items():
            values[code] += extra
    return Record(values, record.hours, record.x, record.y, record.spacing)
