"""A stranger's small city whose data can be spoilt in one way at a time; a fire burns in its last hours.

Twelve stations 4 km apart in a lattice, hourly PM2.5, NO2 and O3 with wind at three of them, four sources of which one
burns: everything is drawn, nothing is anybody's.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.analysis.forecast import rules
from backend.analysis.forecast.features import Array
from backend.city.datum import to_gcj02
from console.__main__ import main
from tests.tools.stranger_air import Air, write

START = 1_514_764_800
HOUR, DAY = 3600, 86400
DAYS = 24
LON, LAT = 115.44, 35.24
EAST, NORTH = 0.044, 0.036
"""4 km here."""
BURNS = "SRC-FIRE"
HOT = "S06"
"""The station east of the fire."""
SOURCES: Mapping[str, tuple[float, float]] = {
    BURNS: (LON + 1.45 * EAST, LAT + 1.0 * NORTH),
    "SRC-EAST": (LON + 2.6 * EAST, LAT + 1.0 * NORTH),
    "SRC-NORTH": (LON + 2.0 * EAST, LAT + 1.6 * NORTH),
    "SRC-FAR": (LON - 0.4 * EAST, LAT + 2.2 * NORTH),
}
LASTS = 6
"""Hours that it has burnt at the end."""


def places() -> dict[str, tuple[float, float]]:
    """Where the stations stand: four columns, three rows."""
    return {
        f"S{row * 4 + column:02}": (LON + column * EAST, LAT + row * NORTH)
        for row in range(3)
        for column in range(4)
    }


def air(days: int = DAYS) -> Air:
    """Days of it; the wind is from the west at 3 m/s but for a slow swing."""
    dice = np.random.default_rng(11)
    hours, where = days * 24, places()
    at = np.arange(hours)
    region = np.exp(3.6 + 0.4 * np.sin(at * 2 * np.pi / 24) + 0.35 * np.sin(at / 37))[:, None]
    shape = (hours, len(where))

    def near(level: Array, decimals: int = 1) -> Array:
        own = np.exp(dice.normal(0, 0.12, len(where)))
        return np.round(level * own * np.exp(dice.normal(0, 0.08, shape)), decimals).astype(np.float32)

    sun = np.clip(np.sin((at - 1) * 2 * np.pi / 24), 0, None)[:, None]
    values = {"pm25": near(region), "no2": near(region * 0.6), "o3": near(30 + 90 * sun)}
    column = list(where).index(HOT)
    values["pm25"][-LASTS:, column] += 160
    values["no2"][-LASTS:, column] += 45
    blind = np.full(shape, np.nan, np.float32)
    speed, turn = blind.copy(), blind.copy()
    for one in (0, 5, 11):
        speed[:, one] = 3 + 0.4 * np.sin(at / 9)
        turn[:, one] = 270 + 12 * np.sin(at / 15)
    return Air(START, where, values, {"wind_speed": speed, "wind_dir": turn})


@contextmanager
def on_our_own(config: Path) -> Iterator[None]:
    """Nobody's own settings, and few samples to train on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(config))
        patch.delenv("GRIDSEAT_AS", raising=False)
        patch.setitem(rules.rules()["training"], "states", 300)
        yield


@dataclass
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Of ``--json``."""
        return json.loads(self.out)

    @property
    def csv(self) -> list[dict[str, str]]:
        """Of ``--csv``."""
        return list(csv.DictReader(io.StringIO(self.out)))


@dataclass
class Loaded:
    """A store that was filled by the command line."""

    store: str
    end: int
    """When the last reading ended."""
    loading: list[Answer] = field(default_factory=list)

    def ask(self, *words: str) -> Answer:
        """Run a command on it, in English."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["--store", self.store, "--lang", "en", *words])
        return Answer(code, out.getvalue(), err.getvalue())

    def at(self, hours: float = 0) -> str:
        """An instant so many hours before the end, as one is typed."""
        return datetime.fromtimestamp(self.end - hours * HOUR, UTC).isoformat()


def load(
    folder: Path,
    data: Air,
    *,
    spoil: Callable[[Path], None] | None = None,
    store: str = "",
) -> Loaded:
    """Pack and readings through the public commands; ``spoil`` changes the pack first, ``store`` may be a database."""
    pack, readings = write(folder, data)
    with (pack / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["code", "kind", "name", "department", "grid", "lon", "lat"])
        out.writerows((code, "enterprise", code, "D1", "X1", *place) for code, place in SOURCES.items())
    if spoil is not None:
        spoil(pack)
    return load_files(folder, pack, readings, data.start + data.hours * HOUR, store)


def load_files(folder: Path, pack: Path, readings: Path, end: int, store: str = "") -> Loaded:
    """Check and load a pack and a file of readings by the public commands."""
    city = Loaded(store or str(folder / "city.db"), end)
    city.loading = [
        city.ask("city", "check", str(pack)),
        city.ask("city", "load", str(pack)),
        city.ask("import", "readings", str(readings), "--format", "csv"),
    ]
    return city


def _rewrite(path: Path, change: Callable[[dict[str, str]], None]) -> None:
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def _shift(row: dict[str, str]) -> None:
    lon, lat = to_gcj02(float(row["lon"]), float(row["lat"]))
    row["lon"], row["lat"] = f"{lon:.6f}", f"{lat:.6f}"


def shift_stations(pack: Path) -> None:
    """The stations' positions as a Chinese map gives them; all else stays WGS-84."""
    _rewrite(pack / "stations.csv", _shift)


def shift_all(pack: Path) -> None:
    """All positions as a Chinese map gives them."""
    for name in ("stations", "sources", "grids"):
        _rewrite(pack / f"{name}.csv", _shift)


def shift_stations_at_sources(pack: Path) -> None:
    """Each of four sources with a station that stands at it; the stations as a Chinese map gives them."""
    path = pack / "stations.csv"
    names, first = path.read_text("utf-8").splitlines()[:2]
    lines = [f"{names},source", *(f"{line}," for line in path.read_text("utf-8").splitlines()[1:])]
    model = dict(zip(names.split(","), first.split(","), strict=True))
    for code, (lon, lat) in SOURCES.items():
        row = {**model, "code": f"AT-{code}", "name": code, "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}
        lines.append(",".join([*(row[name] for name in names.split(",")), code]))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    shift_stations(pack)
