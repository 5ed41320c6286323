"""A replayed city without a screen: over HTTP, through every room, and nothing lost or doubled on the way."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from console.__main__ import main
from console.exit import Exit
from tests.tools.small_city import write_small_city

HOURS = 6


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_city(tmp_path_factory.mktemp("city"))


def run(city: Path, folder: Path, *more: str, hours: int = HOURS) -> int:
    words = ["demo", "--headless", "--hours", str(hours), "--pack", str(city), "--dir", str(folder)]
    return main([*words, "--rate", "2", *more])


@pytest.fixture
def result(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(city, tmp_path / "demo", "--json") == Exit.OK
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def test_six_hours_lose_nothing_double_nothing_and_find_what_was_planted(
    result: dict[str, Any], tmp_path: Path
) -> None:
    assert {
        "hours",
        "readings",
        "flags",
        "alarms",
        "episodes",
        "tasks",
        "escalations",
        "lost",
        "doubled",
    } <= (result.keys())
    assert (result["hours"], result["lost"], result["doubled"]) == (HOURS, 0, 0), result["examples"]
    # Six towns with three values and two roads with two, every hour.
    assert result["readings"] >= HOURS * 15
    assert result["flags"]["good"] > 0
    assert result["alarms"] > 0
    assert 0 < result["episodes"]["found"] <= result["episodes"]["planted"]
    assert sum(result["tasks"].values()) > 0
    assert set(result["acts"]["refused"]) == set()
    _counts_are_the_stores(result, tmp_path / "demo" / "demo.db")
    _dust_was_pushed(result["pushed"]["site_dust"], tmp_path / "demo" / "demo.db")


def _dust_was_pushed(pushed: dict[str, int], path: Path) -> None:
    """Site dust comes as frames that are POSTed with a key; what a bad line did to some of them shows."""
    # Six sites, every hour, and the hours before the start.
    assert pushed["frames"] >= HOURS * 6
    assert pushed["posts"] > 0
    assert (pushed["failed"], pushed["dropped"], pushed["waiting"]) == (0, 0, 0)
    assert pushed["asides"] == pushed["damaged"]
    store = sqlite3.connect(path)
    with store:
        health = "SELECT h.state, h.polls, h.asides FROM feed_health h JOIN feed f ON f.id = h.feed"
        state, polls, asides = store.execute(f"{health} WHERE f.code = 'site_dust'").fetchone()
        assert (state, polls, asides) == ("ok", pushed["posts"], pushed["asides"])
        kept = "SELECT count(*) FROM reading r JOIN feed f ON f.id = r.feed WHERE f.code = 'site_dust'"
        assert store.execute(kept).fetchone()[0] >= HOURS * 6 * 3
        assert store.execute("SELECT scope, created_by FROM key").fetchall() == [("push:site_dust", "demo")]
    store.close()


def _counts_are_the_stores(result: dict[str, Any], path: Path) -> None:
    """What is printed is read here once more, past all our code."""
    store = sqlite3.connect(path)
    with store:
        counted = {
            "readings": "SELECT count(*) FROM reading WHERE value IS NOT NULL",
            "alarms": "SELECT count(*) FROM alarm",
            "escalations": "SELECT count(*) FROM act WHERE kind = 'escalate' AND result = 'applied'",
        }
        for name, query in counted.items():
            assert result[name] == store.execute(query).fetchone()[0], name
        states = dict(store.execute("SELECT state, count(*) FROM task GROUP BY state").fetchall())
        assert result["tasks"] == states
    store.close()


def test_people_read_a_summary(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(city, tmp_path / "demo", "--lang", "zh", hours=1) == Exit.OK
    said = capsys.readouterr()
    assert "丢失 0，重复 0" in said.out
    assert "第 1/1 小时" in said.err
    assert "demo." not in said.out + said.err


def test_the_same_seed_gives_the_same_run(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.demo import run as room

    monkeypatch.setattr(room, "begins", lambda _now: 1793692500)
    results = []
    for name in ("one", "two"):
        assert run(city, tmp_path / name, "--json", hours=2) == Exit.OK
        results.append(json.loads(capsys.readouterr().out))
    assert results[0] == results[1]
    assert results[0]["acts"]["answered"] > 0


def test_one_folder_holds_one_demo(city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import fcntl

    folder = tmp_path / "demo"
    folder.mkdir()
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert run(city, folder, "--lang", "en") == Exit.FAILED
    assert "--dir" in capsys.readouterr().err


def test_a_pack_with_faults_is_refused_with_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = write_small_city(tmp_path / "broken")
    (broken / "grids.csv").write_text("code,level,name\n", "utf-8")
    assert run(broken, tmp_path / "demo", "--lang", "en") == Exit.FAILED
    assert "centres.csv, line 2" in capsys.readouterr().err


def test_without_a_terminal_the_console_is_refused_before_anything_is_fetched(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["demo", "--pack", str(city), "--dir", str(tmp_path / "demo"), "--lang", "zh"]
    assert main(words) == Exit.USAGE
    assert capsys.readouterr().err
    assert not (tmp_path / "demo").exists()
