"""Forecasts of stations that do not speak by the hour: their own step where it is fine enough, else the word why."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest

from backend.analysis.forecast import awaited, rules
from backend.clock import ManualClock
from backend.desk import forecast as door
from backend.desk.desk import Desk
from backend.store import Store
from console.__main__ import main
from tests.tools.stranger_air import Air, write

START, HOUR, DAY = 1_514_764_800, 3600, 86400


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(rules.rules()["training"], "states", 300)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("GRIDSEAT_AS", raising=False)


def air(days: int) -> Air:
    dice = np.random.default_rng(5)
    hours = days * 24
    course = 3.4 + 0.6 * np.sin(np.arange(hours) * 2 * np.pi / 24)[:, None]
    values = {"pm25": np.round(np.exp(course + dice.normal(0, 0.2, (hours, 3)))).astype(np.float32)}
    return Air(START, {f"S{n}": (116.0 + n / 10, 40.0) for n in range(3)}, values)


def load(folder: Path, period: int, until: int | None = None) -> str:
    pack, readings = write(folder, air(14), until=until, period=period)
    store = str(folder / "store.db")
    assert main(["--store", store, "city", "load", str(pack)]) == 0
    assert main(["--store", store, "import", "readings", str(readings), "--format", "csv"]) == 0
    return store


def ask(store: str, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["--store", store, "--lang", "en", "forecast", "--csv", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_four_hours_stand_for_each_of_their_hours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = "2018-01-13T00:00Z"
    code, out, _ = ask(load(tmp_path, 4 * HOUR), "--at", at, "--hours", "24", capsys=capsys)
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 3 * 24
    by_hour = [float(row["value"]) for row in rows if row["station"] == "S0"]
    # Its course is known: high in the morning (UTC), low in the evening.
    assert np.mean(by_hour[4:10]) > 1.5 * np.mean(by_hour[16:22])


def test_a_value_that_ends_later_is_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = START + 12 * DAY + 2 * HOUR
    whole, cut = load(tmp_path / "whole", 4 * HOUR), load(tmp_path / "cut", 4 * HOUR, until=at)
    first = ask(whole, "--at", "2018-01-13T02:00Z", capsys=capsys)
    assert first[0] == 0
    assert ask(cut, "--at", "2018-01-13T02:00Z", capsys=capsys)[1] == first[1]


def test_what_is_too_coarse_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = load(tmp_path, DAY)
    code, out, err = ask(store, "--at", "2018-01-13T00:00Z", "--station", "S1", capsys=capsys)
    assert (code, out) == (1, "")
    assert "24 hours" in err
    opened = Store.open(store)
    try:
        desk = replace(Desk.of_scripts(opened), clock=ManualClock(START + 13 * DAY))
        said = door.absent(desk, "S1")
        assert said is not None
        assert said.code == "forecast.too_coarse"
        none = door.absent(desk, "S9")
        assert none is not None
        assert none.code == "forecast.no_air"
    finally:
        opened.close()


def test_a_store_that_speaks_every_few_hours_is_awaited_no_longer_than_others(tmp_path: Path) -> None:
    opened = Store.open(load(tmp_path, 4 * HOUR))
    try:
        now = START + 14 * DAY + HOUR
        with opened.read() as conn:
            assert not awaited.awaited(conn, now + awaited.WAIT, UTC)
            assert awaited.awaited(conn, now + awaited.LATEST, UTC)
            assert not awaited.awaited(conn, now + DAY + awaited.LATEST, UTC)
    finally:
        opened.close()
