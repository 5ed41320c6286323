"""``gridseat city``: what is printed where, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select, update

from backend.city.registry import City
from backend.city.tables import DutyEntry
from backend.store import Store, table
from console.__main__ import main

EN = ["--lang", "en"]


@pytest.fixture
def pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A pack as the command writes it."""
    folder = tmp_path / "pack"
    assert main([*EN, "city", "template", str(folder)]) == 0
    assert "README.md" in capsys.readouterr().err
    return folder


def test_a_correct_pack(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*EN, "city", "check", str(pack)]) == 0
    out, err = capsys.readouterr()
    assert (out, "no faults" in err) == ("", True)


def test_faults_are_a_table_for_people_and_json_for_programs(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stations = pack / "stations.csv"
    stations.write_text(stations.read_text("utf-8").replace("990101001-02", "990101001-20"), "utf-8")
    assert main([*EN, "city", "check", str(pack)]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[1].split()[:2] == ["stations.csv", "3"]
    assert err.startswith("Faults in")
    assert err.endswith(": 1.\n")
    assert main(["--lang", "zh", "city", "check", str(pack), "--json"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)
    assert (fault["file"], fault["line"], fault["kind"]) == ("stations.csv", 3, "unknown_code")
    assert "不存在" in fault["fault"]
    assert "990101001-02" in fault["hint"]


def test_a_table_stops_at_two_hundred(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "".join(f"A{number},,,,,99,1\n" for number in range(500))
    (pack / "vehicles.csv").write_text("plate,kind,fuel,stage,source,grid,made_up\n" + lines, "utf-8")
    assert main([*EN, "city", "check", str(pack)]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 201
    assert "300 more" in err
    assert main([*EN, "city", "check", str(pack), "--all"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 501


def test_loading(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "city.db"
    for _ in range(2):
        assert main([*EN, "--store", str(store), "city", "load", str(pack)]) == 0
        assert "Loaded 示例市: 8 grids" in capsys.readouterr().err
    assert main([*EN, "city", "load", str(pack), "--store", str(store), "--json"]) == 0
    told = {row["table"]: row["rows"] for row in json.loads(capsys.readouterr().out)}
    assert told["people"] == 11
    opened = Store.open(store)
    with opened.read() as conn:
        assert City.read(conn).name_en == "Example City"
    opened.close()


def test_a_faulty_pack_is_not_loaded(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (pack / "city.toml").read_text()
    (pack / "city.toml").unlink()
    load = [*EN, "city", "load", str(pack), "--store", str(tmp_path / "new" / "city.db")]
    assert main(load) == 1
    assert "nothing was loaded" in capsys.readouterr().err
    # Nor was a store made for it, which everybody would take for a city's.
    assert not (tmp_path / "new").exists()
    (pack / "city.toml").write_text(whole)
    assert main(load) == 0
    (pack / "city.toml").unlink()
    assert main(load) == 1
    assert "nothing was loaded" in capsys.readouterr().err


def test_usage(capsys: pytest.CaptureFixture[str], pack: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["city", "frobnicate"])
    assert stop.value.code == 2
    assert main([*EN, "city", "template", str(pack)]) == 1
    assert "is not empty" in capsys.readouterr().err


def test_what_is_kept_here_is_told_with_its_number(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "city.db"
    here = [*EN, "--store", str(path), "city", "load", str(pack)]
    assert main(here) == 0
    assert "left aside" not in capsys.readouterr().err
    store = Store.open(path)
    duty = table(DutyEntry)
    with store.write() as connection:
        body = connection.execute(select(duty.c.body).limit(1)).scalar_one()
        lines = connection.execute(update(duty).where(duty.c.body == body).values(from_pack=False)).rowcount
    store.close()
    assert main([*here, "--json"]) == 0
    out, err = capsys.readouterr()
    assert {row["table"]: row["kept"] for row in json.loads(out) if row["kept"]} == {"duty": lines}
    assert f"duty {lines}" in err
