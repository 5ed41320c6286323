"""The page for strangers does what it says: its files are a pack that loads, its commands answer."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.bad_city import Loaded
from tests.tools.make_docs import ROOT

PAGE = ROOT / "docs" / "own-data.md"
BLOCK = re.compile(r"```(?:toml|csv)\n# (?P<name>[a-z_.]+)\n(?P<text>.*?)```", re.DOTALL)
COMMAND = re.compile(r"^gridseat --store my\.db (?P<words>[^#\n]+)", re.MULTILINE)


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("GRIDSEAT_AS", raising=False)


def minutes(head: str) -> str:
    """More lines of the same file: seven hours, the last of them with the tank's gas at the station north of it."""
    lines = [head]
    begin = datetime(2022, 5, 10, 6, tzinfo=UTC)
    for minute in range(7 * 60):
        at = (begin + timedelta(minutes=minute)).isoformat()
        for number, code in enumerate("NSEW"):
            value = 1.85 + 0.01 * ((minute * 7 + number * 3) % 11 - 5)
            if code == "N" and minute >= 6 * 60:
                value += 1.5
            lines.append(f"{code},ch4,{at},{value:.3f},60")
        lines += [f"WIND,wind_speed,{at},2.4,60", f"WIND,wind_dir,{at},{180 + minute % 9},60"]
    return "\n".join(lines) + "\n"


def test_what_stands_there_loads_and_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = PAGE.read_text("utf-8")
    files = {one["name"]: one["text"] for one in BLOCK.finditer(page)}
    assert {"city.toml", "grids.csv", "stations.csv", "sources.csv", "readings.csv"} <= files.keys()
    pack = tmp_path / "mycity"
    pack.mkdir()
    for name, text in files.items():
        if name != "readings.csv":
            (pack / name).write_text(text, "utf-8")
    (tmp_path / "readings.csv").write_text(minutes(files["readings.csv"].splitlines()[0]), "utf-8")
    monkeypatch.chdir(tmp_path)
    city = Loaded(str(tmp_path / "my.db"), 0)
    commands = [shlex.split(one["words"]) for one in COMMAND.finditer(page)]
    assert len(commands) == 8
    answers = {}
    for words in commands:
        answer = city.ask(*words)
        assert answer.code == 0, (words, answer.err)
        answers[words[0]] = answer
    assert "no faults" in city.ask("city", "check", "mycity").err
    assert answers["hotspots"].json[0]["heat"] in ("hot", "strong")
    traced = answers["trace"].csv
    assert traced[0]["code"] == "TANK"
    assert traced[-1]["code"] == "none"
    assert {row["station"] for row in answers["forecast"].csv} == {"N", "S", "E", "W"}
