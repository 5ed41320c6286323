"""``gridseat forecast`` on a stranger's city: a pack, a file of readings, and nothing else."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest

from backend.analysis.forecast import awaited, rules
from backend.desk import forecast as door
from backend.desk.desk import Desk
from backend.store import Store
from console.__main__ import main
from tests.tools.stranger_air import Air, write

START = 1_514_764_800
DAY = 86400


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Few samples; and nobody's own settings."""
    monkeypatch.setitem(rules.rules()["training"], "states", 300)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("GRIDSEAT_AS", raising=False)


def air(days: int, *, codes: tuple[str, ...] = ("pm25", "o3")) -> Air:
    """Four stations with a daily course and noise."""
    dice = np.random.default_rng(5)
    hours = days * 24
    course = 3.4 + 0.6 * np.sin(np.arange(hours) * 2 * np.pi / 24)[:, None]
    values = {
        code: np.round(np.exp(course + dice.normal(0, 0.3, (hours, 4)))).astype(np.float32) for code in codes
    }
    places = {f"S{n}": (116.0 + n / 10, 40.0) for n in range(4)}
    return Air(START, places, values)


def load(folder: Path, data: Air, until: int | None = None) -> str:
    pack, readings = write(folder, data, until=until)
    store = str(folder / "store.db")
    assert main(["--store", store, "city", "load", str(pack)]) == 0
    assert main(["--store", store, "import", "readings", str(readings), "--format", "csv"]) == 0
    return store


def ask(store: str, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["--store", store, "--lang", "en", "forecast", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_store_that_ends_there_gives_the_same_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, at = air(16), START + 13 * DAY
    whole, cut = load(tmp_path / "whole", data), load(tmp_path / "cut", data, until=at)
    first = ask(whole, "--at", "2018-01-14T00:00Z", "--csv", capsys=capsys)
    assert first[0] == 0
    # What was asked before, and in which order, changes nothing either.
    assert ask(whole, "--at", "2018-01-16T00:00Z", "--csv", capsys=capsys)[0] == 0
    assert ask(whole, "--at", "2018-01-14T00:00Z", "--csv", capsys=capsys)[1] == first[1]
    assert ask(cut, "--at", "2018-01-14T00:00Z", "--csv", capsys=capsys)[1] == first[1]
    rows = list(csv.DictReader(io.StringIO(first[1])))
    assert len(rows) == 4 * 2 * 72
    assert {row["issued"] for row in rows} == {"2018-01-14T00:00:00+00:00"}
    assert rows[0]["start"] == "2018-01-14T00:00:00+00:00"
    assert all(float(row["low"]) <= float(row["value"]) <= float(row["high"]) for row in rows)
    assert "training" in first[2]
    assert {(row["weather"], row["model"]) for row in rows} == {("0", "own")}
    assert "no weather to come" in first[2]


def test_a_person_is_told_what_it_rests_on_and_what_it_is_worth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rules.rules()["skill"], "days", 3)
    monkeypatch.setitem(rules.rules()["skill"], "gain", 0.3)
    store = load(tmp_path / "city", air(14, codes=("pm25",)))
    words = ("--at", "2018-01-14T00:00Z", "--hours", "2", "--station", "S1")
    unlooked = ask(store, *words, "--json", capsys=capsys)
    assert "has not been looked for" in unlooked[2]
    told = ask(store, *words, capsys=capsys)
    assert told[0] == 0
    assert "issued 2018-01-14 00:00, trained until 2018-01-14 00:00" in told[2]
    assert "SMAPE ours/climatology/persistence, gain, inside 80%: pm25 0." in told[2]
    # Noise about a course: nobody beats the same hour's median there by much.
    assert "Beware: for pm25 the forecast is no better" in told[2]
    again = ask(store, *words, "--json", capsys=capsys)
    assert again[1] == unlooked[1]
    assert "SMAPE" in again[2]
    cold = ask(store, "--at", "2018-01-03T00:00Z", "--json", capsys=capsys)
    assert {row["model"] for row in json.loads(cold[1])} == {"prior"}
    assert "knows only what holds elsewhere" in cold[2]


def test_a_span_is_an_issue_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = load(tmp_path / "city", air(12, codes=("pm25",)))
    span = ("--from", "2018-01-09T00:00Z", "--to", "2018-01-11T00:00Z", "--hours", "6", "--station", "S2")
    code, out, _err = ask(store, *span, "--json", capsys=capsys)
    rows = json.loads(out)
    assert code == 0
    assert len(rows) == 3 * 6
    assert {row["station"] for row in rows} == {"S2"}
    assert [row["issued"][:10] for row in rows[::6]] == ["2018-01-09", "2018-01-10", "2018-01-11"]


def test_what_cannot_be_asked_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = load(tmp_path / "city", air(4, codes=("pm25",)))
    for words in (
        ["--station", "XX"],
        ["--parameter", "ph"],
        ["--at", "2017-01-01"],
        ["--hours", "99"],
        ["--to", "2018-01-02"],
    ):
        code, out, err = ask(store, *words, "--csv", capsys=capsys)
        assert code == 1, words
        assert not out
        assert err.startswith("gridseat: ")


def test_a_damaged_model_is_trained_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = load(tmp_path / "city", air(10, codes=("pm25",)))
    first = ask(store, "--at", "2018-01-10T00:00Z", "--csv", capsys=capsys)
    folder = Path(store + ".forecast")
    for path in folder.iterdir():
        path.write_bytes(b"\x00broken")
    again = ask(store, "--at", "2018-01-10T00:00Z", "--csv", capsys=capsys)
    assert again[:2] == first[:2]
    assert "training" in again[2]


def test_all_warnings_that_hold_are_told() -> None:
    poor = door.SkillRow("pm25", "days", 9, 0.5, 0.4, 0.4, None, 0.8)
    told = [one.code for one in door.warnings_of([poor], START, False, START + 10 * 3600)]
    assert told == ["forecast.warn.old", "forecast.warn.prior", "forecast.warn.no_better"]
    assert door.warnings_of([], START, True, START) == ()


def test_an_issue_is_kept_for_screens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = load(tmp_path / "city", air(30, codes=("pm25", "pm10")))
    for at in ("2018-01-28T00:00Z", "2018-01-29T00:00Z"):
        assert ask(store, "refresh", "--at", at, capsys=capsys)[0] == 0
    opened = Store.open(store)
    try:
        desk = Desk.of_scripts(opened)
        standing, rows = door.board(desk)
        assert standing.at == START + 28 * DAY
        assert standing.warnings
        assert len(rows) == 4
        assert all(sum(cell.shares) in range(97, 104) for row in rows for cell in row.days)
        hours = door.station_hours(desk, "S1", "pm10")
        assert hours is not None
        assert len(hours.value) == 72
        assert hours.last_at == START + 27 * DAY
        kinds = {(skill.parameter, skill.kind) for skill in standing.skills}
        assert {("pm25", "days"), ("pm25", "issue")} <= kinds
        with opened.read() as conn:
            assert not awaited.awaited(conn, START + 28 * DAY + 900, UTC)
            assert awaited.awaited(conn, START + 29 * DAY + 900, UTC)
            assert not awaited.awaited(conn, START + 29 * DAY + 60, UTC)
            assert not awaited.awaited(conn, START + 300 * DAY + 3000, UTC)
    finally:
        opened.close()
    code, out, _err = ask(store, "skill", "--json", capsys=capsys)
    assert code == 0
    assert json.loads(out)[0]["climatology"] > 0
