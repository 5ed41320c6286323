"""A stranger's store with no wind at all, by the real command line: what can be said is said, and what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from console.__main__ import main
from console.exit import Exit
from tests.tools import stranger_far

SPAN = ("--from", "1983-09-25T18:00", "--to", "1983-09-26T18:00")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the second release of CAPTEX."""
    folder = tmp_path_factory.mktemp("region")
    stranger_far.write(folder, 2)
    store = str(folder / "region.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        assert main(["--store", store, "city", "load", str(folder / "pack")]) == Exit.OK
        words = ["import", "readings", str(folder / "readings.csv"), "--format", "csv"]
        assert main(["--store", store, *words]) == Exit.OK
    return folder / "region.db"


def told(region: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main(["--store", str(region), "--lang", "en", *words, "--json"]) == Exit.OK
    return json.loads(capsys.readouterr().out)


def test_hot_grids_need_no_wind(region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(region, capsys, "hotspots", "--parameter", "pmch", "--at", "1983-09-26T12:00")
    assert found[0]["heat"] in ("hot", "strong")
    assert found[0]["increment"] > 1000


@pytest.mark.parametrize("span", [("--at", "1983-09-26T12:00"), SPAN])
def test_without_a_wind_a_ranking_says_that_it_tells_little(
    region: Path, capsys: pytest.CaptureFixture[str], span: tuple[str, ...]
) -> None:
    found = told(region, capsys, "trace", "--parameter", "pmch", *span)
    assert found["wind"]["known"] is False
    assert "sources.note.no_wind" in {note["code"] for note in found["notes"]}
    assert "wind_speed" in " ".join(note["text"] for note in found["notes"])
    shares = [row["probability"] for row in found["sources"]]
    assert sum(shares) + found["none"]["probability"] == pytest.approx(1.0, abs=1e-4)
    assert found["none"]["probability"] > 0.25
    # A plume of a day goes one way: four sources in all directions are told apart by nobody without its wind.
    assert max(shares) < 0.5
    texts = [reason["text"] for row in found["sources"] for reason in row["evidence"]]
    assert any("by distance alone" in text for text in texts)
    assert not [text for text in texts if "wind and readings" in text]
