"""``gridseat import cases``: what it prints, and its exit codes."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from backend.city.load import load_pack
from backend.store import Store
from console.__main__ import main
from tests.tools.small_city import write_small_city

HEAD = "number,at,type,text,place\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with the small city; returns the folder for files."""
    store = Store.open(tmp_path / "city.db")
    load_pack(store, write_small_city(tmp_path / "pack"), 1793692800)
    store.close()
    monkeypatch.setenv("GRIDSEAT_STORE", str(tmp_path / "city.db"))
    monkeypatch.setenv("GRIDSEAT_LANG", "zh")
    return tmp_path


def _run(*words: str) -> int:
    try:
        return main(["import", "cases", *words]) or 0
    except SystemExit as end:
        return int(end.code or 0)


def test_it_says_what_became_of_each(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = path / "cases.csv"
    file.write_text(HEAD + "W-1,2026-11-03 15:20,straw_burning,烟,样11镇\n", "utf-8")
    assert _run(str(file), "--format", "csv") == 0
    assert (
        capsys.readouterr().out
        == "读到 1 件，登记 1 件（生成线索 1 件），补录答复 0 件，已有 0 件，搁下 0 件。\n"
    )
    file.write_text(
        HEAD + "W-1,2026-11-03 15:20,straw_burning,烟,样11镇\nW-2,,straw_burning,烟,某地\n", "utf-8"
    )
    assert _run(str(file), "--format", "csv") == 1
    told = capsys.readouterr()
    assert told.out == "读到 2 件，登记 0 件（生成线索 0 件），补录答复 0 件，已有 1 件，搁下 1 件。\n"
    assert "第 3 行 W-2：看不出在哪个乡镇" in told.err
    # It can be read later, too.
    assert main(["import", "asides"]) == 0
    assert "cases.csv 第 3 行 W-2：看不出在哪个乡镇" in capsys.readouterr().out


def test_it_reads_what_is_handed_on(
    path: Path,  # noqa: ARG001 - the store
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = (HEAD + "W-7,2026-11-03 15:20,straw_burning,烟,样11镇\n").encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(body)))
    assert _run("-", "--format", "csv") == 0
    assert "登记 1 件" in capsys.readouterr().out


def test_what_is_no_file_and_no_map_is_said(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(str(path / "absent.csv"), "--format", "csv") == 1
    assert "absent.csv" in capsys.readouterr().err
    file = path / "cases.json"
    file.write_text("[]", "utf-8")
    assert _run(str(file), "--format", "json", "--map", str(path / "no.toml")) == 1
    assert "映射文件" in capsys.readouterr().err
    assert _run(str(file), "--format", "xml") == 2


def test_the_map_in_the_manual_is_one(path: Path) -> None:
    from backend.incidents.cases import read_map

    manual = (ROOT / "docs" / "formats.md").read_text("utf-8")
    found = re.search(r"## Files of cases.*?```toml\n(.*?)```", manual, re.DOTALL)
    assert found is not None
    (path / "map.toml").write_text(found.group(1), "utf-8")
    assert read_map(str(path / "map.toml")).types == {"秸秆焚烧": "straw_burning"}
