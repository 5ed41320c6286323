"""Real air data as a stranger's city: a pack and a file of readings, or the arrays that a forecast learns from.

``write(folder, data)`` makes what `gridseat city load` and `gridseat import readings` take.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from backend.analysis.forecast.features import Array
from backend.analysis.forecast.history import HOUR, History, floor_of

CODES = ("pm25", "pm10", "o3", "no2", "co", "so2")
DECIMALS = {"co": 1}
_TWELVE = {
    "Aotizhongxin": (116.397, 39.982),
    "Changping": (116.230, 40.217),
    "Dingling": (116.220, 40.292),
    "Dongsi": (116.417, 39.929),
    "Guanyuan": (116.339, 39.929),
    "Gucheng": (116.184, 39.914),
    "Huairou": (116.628, 40.328),
    "Nongzhanguan": (116.461, 39.937),
    "Shunyi": (116.655, 40.127),
    "Tiantan": (116.407, 39.886),
    "Wanliu": (116.287, 39.987),
    "Wanshouxigong": (116.352, 39.878),
}
_POINTS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"]
_WEATHER = ("temp", "pressure", "rh", "wind_speed", "wind_dir")


@dataclass(frozen=True)
class Air:
    """Hours of stations: what a file holds."""

    start: int
    """The first hour, epoch seconds."""
    stations: Mapping[str, tuple[float, float]]
    """Longitude and latitude by code."""
    values: Mapping[str, Array]
    """(T, S) by parameter."""
    weather: Mapping[str, Array] = field(default_factory=dict)
    """(T, S) by parameter, at the same stations."""

    @property
    def hours(self) -> int:
        """How many."""
        return len(next(iter(self.values.values())))

    def history(self) -> History:
        """As a forecast reads it from a store."""
        times = self.start + HOUR * np.arange(self.hours, dtype=np.int64)
        lon = np.array([place[0] for place in self.stations.values()], np.float32)
        floors = {code: floor_of(DECIMALS.get(code, 0)) for code in self.values}
        weather = regional(self.weather) if self.weather else {}
        return History(times, tuple(self.stations), lon, dict(self.values), floors, weather)


def regional(values: Mapping[str, Array]) -> dict[str, Array]:
    """The region's weather, as `read_history` makes it."""
    from backend.analysis.forecast.history import regional as made

    return made(values)


def kdd2018(folder: Path) -> Air:
    """``air/beijing_kdd2018``: 35 stations, January to April 2018, with gaps."""
    with (folder / "stations.csv").open(encoding="utf-8", newline="") as lines:
        stations = {row["station"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(lines)}
    names = {"PM2.5": "pm25", "PM10": "pm10", "O3": "o3", "NO2": "no2", "CO": "co", "SO2": "so2"}
    rows = []
    with (folder / "aq_hourly.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            at = int(datetime.fromisoformat(row["time_utc"]).timestamp())
            rows.append((at, row["station"], {code: row[name] for name, code in names.items()}))
    return Air(*_arrays(rows, stations, CODES))


def multisite(path: Path) -> Air:
    """``air/beijing_multisite``: 12 stations, March 2015 to February 2016, local time, with their weather."""
    names = {"PM2.5": "pm25", "PM10": "pm10", "O3": "o3", "NO2": "no2", "SO2": "so2"}
    rows, blown = [], []
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            local = datetime.fromisoformat(row["datetime"]).replace(tzinfo=UTC) - timedelta(hours=8)
            at = int(local.timestamp())
            told = {code: row[name] for name, code in names.items()}
            told["co"] = "" if row["CO"] in ("", "NA") else str(float(row["CO"]) / 1000)
            rows.append((at, row["station"], told))
            blown.append((at, row["station"], _weather(row)))
    start, stations, values = _arrays(rows, _TWELVE, CODES)
    return Air(start, stations, values, _arrays(blown, _TWELVE, _WEATHER)[2])


def _weather(row: Mapping[str, str]) -> dict[str, str]:
    found = {"temp": row["TEMP"], "pressure": row["PRES"], "wind_speed": row["WSPM"]}
    found["wind_dir"] = str(_POINTS.index(row["wd"]) * 22.5) if row["wd"] in _POINTS else ""
    if "NA" not in (row["TEMP"], row["DEWP"]) and row["TEMP"] and row["DEWP"]:
        # Magnus formula (WMO-No. 8, annex 4.B).
        dry, dew = float(row["TEMP"]), float(row["DEWP"])
        wet = np.exp(17.62 * dew / (243.12 + dew) - 17.62 * dry / (243.12 + dry))
        found["rh"] = f"{min(100.0, 100 * wet):.1f}"
    return found


def _arrays(
    rows: Sequence[tuple[int, str, Mapping[str, str]]],
    stations: Mapping[str, tuple[float, float]],
    codes: Sequence[str],
) -> tuple[int, Mapping[str, tuple[float, float]], dict[str, Array]]:
    start, end = min(row[0] for row in rows), max(row[0] for row in rows)
    column = {code: index for index, code in enumerate(stations)}
    shape = ((end - start) // HOUR + 1, len(stations))
    values = {code: np.full(shape, np.nan, np.float32) for code in codes}
    for at, station, told in rows:
        for code in codes:
            text = told.get(code, "")
            if text not in ("", "NA"):
                values[code][(at - start) // HOUR, column[station]] = float(text)
    return start, stations, values


def write(
    folder: Path, air: Air, *, until: int | None = None, kind: str = "air", period: int = HOUR
) -> tuple[Path, Path]:
    """Write a pack and a file of readings; gives both.

    Args:
        until: readings that had ended by this instant only: the store as it was then.
        period: seconds of a reading; an hour of ``air`` stands for the one that begins with it.
    """
    pack = folder / "pack"
    pack.mkdir(parents=True)
    lon = [place[0] for place in air.stations.values()]
    lat = [place[1] for place in air.stations.values()]
    box = (min(lon) - 0.1, min(lat) - 0.1, max(lon) + 0.1, max(lat) + 0.1)
    (pack / "city.toml").write_text(_CITY.format(*box), "utf-8")
    middle = (f"{np.mean(lon):.4f}", f"{np.mean(lat):.4f}")
    series = {**air.values, **air.weather}
    tables: dict[str, tuple[str, list[tuple[object, ...]]]] = {
        "grids": (
            "code parent level name lon lat",
            [("X", "", 1, "Stranger", *middle), ("X1", "X", 2, "County", *middle)],
        ),
        "centres": ("code grid tier name", [("C-X", "X", "M", "Centre")]),
        "departments": ("code name", [("D1", "Bureau")]),
        "people": ("code name role grid centre", [("P1", "Seat", "seat", "X", "C-X")]),
        "duty": ("body_kind body start end name phone", [("centre", "C-X", "00:00", "24:00", "Seat", "1")]),
        "incident_types": (
            "code valid_from name name_en department priority results",
            [("other", "2010-01-01", "Other", "Other", "D1", "medium", "done")],
        ),
        "measures": ("set parameter period feed", [("all", code, period, "") for code in series]),
        "stations": (
            "code name kind grid lon lat measures",
            [(code, code, kind, "X1", *place, "all") for code, place in air.stations.items()],
        ),
    }  # fmt: skip
    for name, (columns, rows) in tables.items():
        with (pack / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([columns.split(), *rows])
    readings = folder / "readings.csv"
    _write_readings(readings, air, series, until, period)
    return pack, readings


_CITY = """
code = "X"
name = "Stranger"
zone = "UTC"
datum = "WGS-84"
bounds = [{:.3f}, {:.3f}, {:.3f}, {:.3f}]
"""


def _write_readings(
    path: Path, air: Air, series: Mapping[str, Array], until: int | None, period: int
) -> None:
    codes = list(air.stations)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["station", "parameter", "start", "value", "period"])
        for line in range(air.hours):
            start = air.start + line * HOUR
            if start % max(period, HOUR):
                continue
            if until is not None and start + period > until:
                break
            at = datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            for parameter, values in series.items():
                row = values[line]
                writer.writerows(
                    (codes[index], parameter, at, f"{row[index]:g}", period)
                    for index in np.flatnonzero(np.isfinite(row))
                )
