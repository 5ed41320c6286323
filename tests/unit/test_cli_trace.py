"""``gridseat trace`` by the real command line, on a stranger's data: METEC's releases as a pack and readings."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backend.store import Store
from console.__main__ import main
from console.commands import hotspots
from console.exit import Exit
from console.settings import remember
from tests.tools import stranger
from tests.tools.make_docs import ROOT

TANK = 4
LEAD = 2 * 3600


@pytest.fixture(scope="module")
def pad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the pad and the hours around its fifth release, by five minutes."""
    folder = tmp_path_factory.mktemp("pad")
    one = stranger.releases()[TANK]
    stranger.write_pack(folder / "pack", 300)
    stranger.write_readings(folder / "readings.csv", 300, (one.start - LEAD, one.end + 3600))
    store = str(folder / "pad.db")
    readings = ["import", "readings", str(folder / "readings.csv"), "--format", "csv"]
    with pytest.MonkeyPatch.context() as patch:
        # What each test is given by `_own_folders`, for what all of them share.
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        assert main(["--store", store, "city", "load", str(folder / "pack")]) == Exit.OK
        assert main(["--store", store, *readings]) == Exit.OK
    return folder / "pad.db"


def iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def told(pad: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main(["--store", str(pad), "trace", *words, "--json"]) == Exit.OK
    return json.loads(capsys.readouterr().out)


def test_an_interval_is_judged_by_all_stations(pad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = stranger.releases()[TANK]
    found = told(pad, capsys, "--parameter", "ch4", "--from", iso(one.start), "--to", iso(one.end))
    assert found["sources"][0]["code"] == one.source == "Tank"
    assert sum(row["probability"] for row in found["sources"]) + found["none"][
        "probability"
    ] == pytest.approx(1, abs=1e-4)
    assert {row["code"] for row in found["sources"]} == {
        row["name"] for row in stranger.rows("candidate_sources.csv")
    }
    assert any(reason["stance"] == "for" for reason in found["sources"][0]["evidence"])
    assert found["sources"][0]["department"] == "OPS"
    assert found["wind"]["known"] is True
    assert found["station"] is None


def test_whom_another_store_knew_keeps_nobody_from_asking(
    pad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = stranger.releases()[TANK]
    words = ["trace", "--parameter", "ch4", "--from", iso(one.start), "--to", iso(one.end), "--json"]
    remember("person", "P-OF-THE-DEMO")
    capsys.readouterr()
    assert main(["--store", str(pad), *words]) == Exit.OK
    said = capsys.readouterr()
    assert json.loads(said.out)["notes"] == []
    assert "P-OF-THE-DEMO" in said.err
    # Who is named for this store must be known to it.
    assert main(["--store", str(pad), "--as", "P-OF-THE-DEMO", *words]) != Exit.OK


def test_a_station_at_an_instant_and_a_position_are_asked_too(
    pad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = stranger.releases()[TANK]
    at = iso(one.end)
    found = told(pad, capsys, "--station", "N", "--at", at)
    assert found["parameter"] == "ch4"
    assert found["station"] == "N"
    place = next(row for row in stranger.rows("sensor_locations.csv") if row["name"] == "N")
    near = told(pad, capsys, "--lon", place["lon"], "--lat", place["lat"], "--at", at)
    assert near["sources"]


def test_nothing_after_the_instant_is_known(
    pad: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    one = stranger.releases()[TANK]
    at = one.start + 3600
    full = told(pad, capsys, "--station", "N", "--at", iso(at))
    cut = tmp_path / "cut.db"
    cut.write_bytes(pad.read_bytes())
    store = Store.open(str(cut))
    with store.write() as connection:
        gone = connection.execute(text(f"DELETE FROM reading WHERE start + period > {at}"))
        assert gone.rowcount > 100
    store.close()
    assert told(cut, capsys, "--station", "N", "--at", iso(at)) == full


def test_csv_has_a_row_for_each_and_for_none(pad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = stranger.releases()[TANK]
    capsys.readouterr()
    words = ["trace", "--parameter", "ch4", "--from", iso(one.start), "--to", iso(one.end), "--csv"]
    assert main(["--store", str(pad), *words]) == Exit.OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["code"] for row in rows][-1] == "none"
    assert len(rows) == 6


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_get_a_table(pad: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    one = stranger.releases()[TANK]
    capsys.readouterr()
    assert (
        main(["--store", str(pad), "--lang", language, "trace", "--station", "N", "--at", iso(one.end)])
        == Exit.OK
    )
    out = capsys.readouterr()
    assert "Tank" in out.out
    assert ("none of these" if language == "en" else "均不是") in out.out


@pytest.mark.parametrize(
    "words",
    [
        ("--station", "NOBODY"),
        ("--grid", "NOWHERE"),
        ("--alarm", "99"),
        ("--parameter", "plutonium"),
        ("--from", "2022-05-11", "--to", "2022-05-10"),
        ("--to", "2022-05-10"),
        ("--lon", "3"),
        ("--lon", "3", "--lat", "40.5958"),
    ],
)
def test_what_can_not_be_asked_is_refused(
    pad: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--store", str(pad), "trace", *words]) != Exit.OK
    assert capsys.readouterr().err


def test_days_without_readings_are_told(pad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(pad, capsys, "--parameter", "ch4", "--from", "2021-01-01", "--to", "2021-01-02")
    assert "sources.note.no_wind" in {note["code"] for note in found["notes"]}
    shares = [row["probability"] for row in found["sources"]]
    assert max(shares) - min(shares) < 0.01


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (("--parameter", "plutonium"), "ch4"),
        (("--station", "WIND"), "WIND"),
        (("--station", "WIND", "--parameter", "ch4"), "does not measure ch4"),
        (("--lon", "3", "--lat", "40.5958"), "WGS-84"),
    ],
)
def test_a_refusal_says_what_there_is(
    pad: Path, words: tuple[str, ...], needed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--store", str(pad), "--lang", "en", "trace", *words]) == Exit.FAILED
    said = capsys.readouterr()
    assert needed in said.err
    assert not said.out


def test_csv_is_told_the_same_notes_beside_it(pad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--lang", "en", "trace", "--parameter", "ch4", "--from", "2021-01-01", "--to", "2021-01-02"]
    assert main(["--store", str(pad), *words, "--csv"]) == Exit.OK
    said = capsys.readouterr()
    assert "no valid readings" in said.err
    assert said.out.startswith("rank,code,")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hot_grids_have_the_same_codes_in_csv_as_in_json(
    pad: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    at = iso(stranger.releases()[TANK].end)
    words = ["--store", str(pad), "--lang", language, "hotspots", "--at", at]
    assert main([*words, "--json"]) == Exit.OK
    objects = json.loads(capsys.readouterr().out)
    assert main([*words, "--csv"]) == Exit.OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == len(objects) > 0
    for row, one in zip(rows, objects, strict=True):
        for key in ("at", "since", "parameter", "heat", "kind", "code", "county", "network"):
            assert row[key] == one[key], key
        for key in (
            "value",
            "increment",
            "score",
            "lon",
            "lat",
            "rank",
            "level",
            "cell",
            "period",
            "seen_by",
        ):
            assert float(row[key]) == pytest.approx(one[key]), key
        assert row["witnesses"].split("|") == [seen["code"] for seen in one["stations"]]


def test_a_table_for_chinese_readers_has_no_english_heading(
    pad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = iso(stranger.releases()[TANK].end)
    assert main(["--store", str(pad), "--lang", "zh", "hotspots", "--at", at]) == Exit.OK
    head = capsys.readouterr().out.splitlines()[0]
    assert head.isascii() is False
    assert not re.search(r"[a-z]{2}", head), head


def test_a_level_that_the_pack_does_not_have_is_told(pad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = iso(stranger.releases()[TANK].end)
    assert main(["--store", str(pad), "--lang", "en", "hotspots", "--at", at, "--level", "4"]) == Exit.OK
    assert "no grids of level 4" in capsys.readouterr().err


def test_the_manual_names_every_key_of_a_hot_grid(pad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["--store", str(pad), "hotspots", "--at", iso(stranger.releases()[TANK].end), "--json"])
        == Exit.OK
    )
    keys = json.loads(capsys.readouterr().out)[0]
    manual = (ROOT / "docs" / "formats.md").read_text("utf-8")
    part = manual[manual.index("## Hot grids") :]
    missing = [key for key in (*keys, *hotspots.COLUMNS) if f"`{key}`" not in part[: part.index("## Feeds")]]
    assert not missing


def test_what_the_checks_took_out_of_the_window_is_told(
    pad: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    one = stranger.releases()[TANK]
    words = ("--station", "N", "--at", iso(one.end))
    codes = [note["code"] for note in told(pad, capsys, *words)["notes"]]
    assert "sources.note.left_out" not in codes
    spoilt = tmp_path / "spoilt.db"
    spoilt.write_bytes(pad.read_bytes())
    store = Store.open(str(spoilt))
    with store.write() as connection:
        newest = (
            f"start + period = (SELECT max(start + period) FROM reading WHERE start + period <= {one.end})"
        )
        connection.execute(text(f"UPDATE reading SET flag = 4 WHERE {newest}"))
    store.close()
    assert (
        main(["--store", str(spoilt), "--lang", "en", "hotspots", "--at", iso(one.end), "--csv"]) == Exit.OK
    )
    assert "ch4: 8 readings of" in capsys.readouterr().err
    notes = {note["code"]: note["text"] for note in told(spoilt, capsys, *words)["notes"]}
    assert "1" in notes["sources.note.left_out"]
    assert "N" in notes["sources.note.left_out"]


def test_old_files_are_looked_at_in_their_own_days(
    pad: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    doubted = tmp_path / "doubted.db"
    doubted.write_bytes(pad.read_bytes())
    store = Store.open(str(doubted))
    with store.write() as connection:
        connection.execute(text("UPDATE reading SET flag = 3 WHERE start = (SELECT max(start) FROM reading)"))
    store.close()
    for words in (["quality"], ["readings", "N"]):
        capsys.readouterr()
        assert main(["--store", str(doubted), "--lang", "en", *words, "--json"]) == Exit.OK
        said = capsys.readouterr()
        assert json.loads(said.out), words
        assert "2022-05-1" in said.err
