"""The commands for scripts, run as a person would, on the example city."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from backend.store import Store
from console.__main__ import main
from console.exit import Exit

HOURS = """station,parameter,start,value,qualifier
SF-A1,pm25,2026-11-20T08:00,35,
SF-A1,pm25,2026-11-20T09:00,<3,
SF-A1,pm10,2026-11-20T09:00,abc,
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example pack, and with a store in which it has been loaded."""
    folder = tmp_path_factory.mktemp("example")
    assert main(["city", "template", str(folder / "pack")]) == Exit.OK
    assert main(["--store", str(folder / "city.db"), "city", "load", str(folder / "pack")]) == Exit.OK
    return folder


@pytest.fixture
def store(loaded: Path, tmp_path: Path) -> str:
    """The example pack in a store of its own."""
    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)
    return str(tmp_path / "city.db")


@pytest.fixture
def station(store: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The code of an air station of the example."""
    assert main(["--store", store, "stations", "--kind", "air", "--json"]) == Exit.OK
    code: str = json.loads(capsys.readouterr().out)[0]["code"]
    return code


def imported(store: str, station: str, tmp_path: Path, text: str = HOURS) -> int:
    file = tmp_path / "hours.csv"
    file.write_text(text.replace("SF-A1", station), "utf-8")
    return main(["--store", store, "import", "readings", str(file), "--format", "csv"])


def test_readings_go_in_and_come_out(
    store: str, station: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(store, station, tmp_path) == Exit.FAILED
    told = capsys.readouterr()
    assert "put aside" in told.err
    when = ["--from", "2026-11-20", "--to", "2026-11-21"]
    assert main(["--store", store, "readings", station, *when, "--csv"]) == Exit.OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["parameter"], row["value"], row["qualifier"]) for row in rows] == [
        ("pm25", "35.0", ""),
        ("pm25", "3.0", "<"),
    ]
    assert rows[0]["start"] == "2026-11-20T08:00:00+08:00"


def test_the_same_file_twice_is_the_same(
    store: str, station: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(store, station, tmp_path)
    capsys.readouterr()
    imported(store, station, tmp_path)
    assert "0 new, 0 revised, 2 the same" in capsys.readouterr().out


def test_a_file_that_says_two_things_of_one_hour_is_told_which_won(
    store: str, station: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "station,parameter,start,value\n"
    hour = "SF-A1,pm25,2026-11-20T08:00:00+08:00,"
    assert imported(store, station, tmp_path, head + f"{hour}35\n{hour}47\n{hour}47\n") == Exit.OK
    told = capsys.readouterr()
    assert "3 records: 1 new, 0 revised, 1 the same" in told.out
    assert "1 record differs in value from a later line" in told.err
    assert (
        main(["--store", store, "readings", station, "--from", "2026-11-20", "--to", "2026-11-21", "--csv"])
        == 0
    )
    assert [row["value"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))] == ["47.0"]


def test_what_was_put_aside_is_told_with_why_and_an_archive_is_taken(
    store: str, station: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "station,parameter,start,value\n"
    lines = "SF-A1,pm25,1983-09-18T18:00:00Z,35\nSF-A1,xyz,1983-09-18T19:00:00Z,1\nSF-A1,pm25,1969-01-01,3\n"
    assert imported(store, station, tmp_path, head + lines) == Exit.FAILED
    told = capsys.readouterr()
    assert "3 records: 1 new" in told.out
    assert "1, such as: " in told.err
    assert "xyz" in told.err
    assert "1969-01-01" in told.err


def test_stations_that_the_pack_does_not_know_are_named(
    store: str, station: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "station,parameter,start,value\n"
    assert imported(store, station, tmp_path, head + "TYPO-1,pm25,2024-05-01T18:00:00Z,35\n") == Exit.OK
    assert "TYPO-1" in capsys.readouterr().err


def test_a_header_of_another_file_is_told_with_what_it_has(
    store: str, station: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        imported(store, station, tmp_path, "station;parameter;start;value\nA;pm25;2024-05-01;3\n") != Exit.OK
    )
    assert "station;parameter;start;value" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "stations",
        "alarms",
        "people",
        "feeds list",
        "readings {station}",
        "tasks",
        "quality",
        "quality rates --by county",
    ],
)
@pytest.mark.parametrize("form", ["--json", "--csv", ""])
def test_every_list_speaks_to_people_and_programs(
    store: str, station: str, command: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = command.format(station=station).split()
    assert main(["--store", store, *words, *([form] if form else [])]) == Exit.OK
    out = capsys.readouterr().out
    if form == "--json":
        assert isinstance(json.loads(out), list)
    else:
        assert out.splitlines()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["readings", "NOWHERE"], Exit.FAILED, "NOWHERE"),
        (["readings", "SF-A1", "--from", "yesterday"], Exit.FAILED, "yesterday"),
        (["feeds", "show", "nothing"], Exit.FAILED, "nothing"),
        (["import", "readings", "/nonexistent.csv", "--format", "csv"], Exit.FAILED, "nonexistent"),
        (["--as", "nobody", "stations"], Exit.FAILED, "nobody"),
        (["--store", "/proc/version", "stations"], Exit.STORE, "/proc/version"),
        (["keys", "revoke", "abcd"], Exit.FAILED, ""),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(
    store: str, words: list[str], code: Exit, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--store", store, *words]) == code
    assert told in capsys.readouterr().err


def test_a_feed_that_cant_be_added_is_told_every_fault(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "county.toml"
    file.write_text(
        'format = "xml"\n[feed]\ncode = "A B"\nadapter = "mapped"\nurl = "county.test"\n', "utf-8"
    )
    assert main(["--store", store, "--lang", "en", "feeds", "add", str(file)]) == Exit.FAILED
    told = capsys.readouterr().err.splitlines()
    lines = {line.removeprefix(f"{file}:").partition(":")[0] for line in told if line.startswith(str(file))}
    assert lines >= {"1", "3", "5"}
    assert told[-1].startswith(f"gridseat: Faults: {len(told) - 1},")
    assert (
        main(["--store", store, "feeds", "add", "cnemc", "--city", "菏泽市", "--url", "x", "--code", "A B"])
        == Exit.FAILED
    )
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_a_store_without_a_city_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Store.open(tmp_path / "new.db").close()
    assert main(["--store", str(tmp_path / "new.db"), "stations"]) == Exit.FAILED
    assert "gridseat city load" in capsys.readouterr().err


def test_doctor_finds_what_is_missing(store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Store.open(tmp_path / "new.db").close()
    assert main(["--store", str(tmp_path / "new.db"), "doctor", "--json"]) == Exit.FAILED
    codes = {item["code"] for item in json.loads(capsys.readouterr().out) if item["state"] == "fault"}
    assert codes == {"doctor.no_city"}
    assert main(["--store", store, "doctor"]) == Exit.OK


def test_settings_come_from_flag_environment_and_file(
    store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from console.settings import config_file, load

    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text(f'store = "{store}"\nlanguage = "zh"\n', "utf-8")
    assert (load().store, load().speaks) == (store, "zh")
    monkeypatch.setenv("GRIDSEAT_LANG", "en")
    assert load().speaks == "en"
    assert load({"language": "zh"}).origin["language"] == "--language"
    config_file().write_text('stor = "x"\n', "utf-8")
    assert main(["stations"]) == Exit.FAILED
    assert "did you mean store" in capsys.readouterr().err


def test_a_key_is_shown_once_and_can_be_revoked(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    # A feed that is polled takes no pushes: a key for it would open nothing.
    assert main(["--store", store, "keys", "make", "push:air"]) == Exit.FAILED
    assert "feeds add hj212" in capsys.readouterr().err
    assert main(["--store", store, "feeds", "add", "hj212"]) == Exit.OK
    assert main(["--store", store, "keys", "make", "push:air"]) == Exit.FAILED
    assert "push:hj212" in capsys.readouterr().err
    assert main(["--store", store, "keys", "make", "push:hj212"]) == Exit.OK
    key = capsys.readouterr().out.strip()
    assert main(["--store", store, "keys", "revoke", key.partition(".")[0]]) == Exit.OK


@pytest.mark.parametrize(("person", "scope"), [("SF-S1", "push:air"), ("SL-A1", "push:nothing")])
def test_a_key_is_made_by_who_may_and_for_a_feed_that_there_is(store: str, person: str, scope: str) -> None:
    assert main(["--store", store, "--as", person, "keys", "make", scope]) == Exit.FAILED
