"""Forecasts of odd stores: each is an honest answer or the reason why there is none."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from backend.analysis.forecast import rules
from console.__main__ import main
from tests.tools.stranger_air import Air, write

START, HOUR, DAY = 1_514_764_800, 3600, 86400
CH4 = "code,name,name_en,unit,decimals,low,high\nch4,甲烷,Methane,ppm,3,0,100000\n"
Rows = list[dict[str, str]]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(rules.rules()["training"], "states", 200)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("GRIDSEAT_AS", raising=False)


def air(days: int, stations: int = 2, **constants: float) -> Air:
    """PM2.5 with a daily course, and other pollutants that always say the same."""
    dice = np.random.default_rng(5)
    hours = days * 24
    course = 3.4 + 0.6 * np.sin(np.arange(hours) * 2 * np.pi / 24)[:, None]
    values = {"pm25": np.round(np.exp(course + dice.normal(0, 0.3, (hours, stations)))).astype(np.float32)}
    values |= {code: np.full((hours, stations), value, np.float32) for code, value in constants.items()}
    return Air(START, {f"S{n}": (116.0 + n / 10, 40.0) for n in range(stations)}, values)


def finer(
    pack: Path, readings: Path, code: str, period: int, says: Callable[[float], float], days: int
) -> None:
    """In place of what was written: one parameter's readings of some seconds each."""
    (pack / "measures.csv").write_text(f"set,parameter,period,feed\nall,{code},{period},\n", "utf-8")
    if code == "ch4":
        (pack / "parameters.csv").write_text(CH4, "utf-8")
    dice = np.random.default_rng(2)
    with readings.open("w", encoding="utf-8") as out:
        out.write("station,parameter,start,value,period\n")
        for at in range(START, START + days * DAY, period):
            value = says(np.sin((at - START) / DAY * 2 * np.pi)) * dice.lognormal(0, 0.02)
            when = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            out.write(f"S0,{code},{when},{value:.3f},{period}\n")


def load(folder: Path, data: Air, **fine: object) -> str:
    pack, readings = write(folder, data)
    if fine:
        finer(pack, readings, **fine)  # type: ignore[arg-type]
    store = str(folder / "store.db")
    assert main(["--store", store, "city", "load", str(pack)]) == 0
    assert main(["--store", store, "import", "readings", str(readings), "--format", "csv"]) == 0
    return store


def ask(store: str, day: int, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[Rows, str]:
    """The rows, and what was said beside them; where it failed there are no rows."""
    capsys.readouterr()
    at = datetime.fromtimestamp(START + day * DAY, UTC).isoformat()
    code = main(["--store", store, "--lang", "en", "forecast", "--csv", "--at", at, *words])
    told = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert (code == 0) == bool(rows)
    for row in rows:
        assert 0 <= float(row["low"]) <= float(row["value"]) <= float(row["high"]) < 1e4
    return rows, told.err


def values(rows: Rows, code: str) -> list[float]:
    return [float(row["value"]) for row in rows if row["parameter"] == code]


def test_nine_days_of_one_station_are_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, _told = ask(load(tmp_path, air(9, stations=1)), 9, capsys)
    assert len(rows) == 72
    said = values(rows, "pm25")
    assert np.mean(said[3:9]) > 1.5 * np.mean(said[15:21])


def test_what_is_always_the_same_stays_so_and_what_is_never_valid_is_not_forecast(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = load(tmp_path, air(20, no2=40.0, so2=0.0, o3=-2.0))
    rows, told = ask(store, 20, capsys, "--hours", "24")
    assert min(values(rows, "no2")) > 38
    assert max(values(rows, "no2")) < 42
    assert set(values(rows, "so2")) == {0.0}
    assert not values(rows, "o3")
    assert "o3: no usable value in 90 days" in told
    # Some hours after the first reading there is only what holds elsewhere.
    first, said = ask(store, 1, capsys, "--hours", "24", "--parameter", "pm25")
    assert {row["model"] for row in first} == {"prior"}
    assert "too little history" in said
    # Weeks after the last one it is what was usual, with the word that nobody spoke.
    late, said = ask(store, 40, capsys, "--hours", "24", "--parameter", "pm25")
    assert "no station has said anything for 481 h" in said
    spoken = [row for row in rows if row["parameter"] == "pm25"]
    width = [np.mean([float(row["high"]) / float(row["low"]) for row in one]) for one in (spoken, late)]
    assert width[1] > 1.2 * width[0]
    for day in (-300, 600):
        none, said = ask(store, day, capsys)
        assert not none
        assert "no hourly readings" in said


@pytest.mark.parametrize(("code", "period", "middle"), [("pm25", 300, 30.0), ("ch4", 1800, 2.0)])
def test_finer_readings_are_made_into_hours_whatever_they_are_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str, period: int, middle: float
) -> None:
    def says(course: float) -> float:
        return middle * (1 + 0.3 * course)

    rows, _told = ask(load(tmp_path, air(1), code=code, period=period, says=says, days=6), 6, capsys)
    said = values(rows, code)
    assert len(said) == 72
    assert said[6] == pytest.approx(1.3 * middle, rel=0.15)
    assert said[18] == pytest.approx(0.7 * middle, rel=0.15)
    assert {row["unit"] for row in rows} == {"ppm" if code == "ch4" else "µg/m³"}


def test_what_is_no_concentration_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = load(tmp_path, air(1), code="noise", period=HOUR, says=lambda course: 55 + 5 * course, days=2)
    rows, told = ask(store, 2, capsys)
    assert not rows
    assert "measure no concentration" in told
