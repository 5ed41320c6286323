"""A city's own templates, points and measures: taken in with the pack, and told by line where they are wrong."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from backend.city.pack import digest
from backend.city.tables import CityFact
from backend.clock import ManualClock
from backend.desk import packs
from backend.reports import measures
from backend.reports.templates import default_text, text_of
from backend.scores import points
from backend.store import Store, table
from tests.tools.small_city import write_small_city


def test_they_hold_from_the_next_load_and_go_with_the_file(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    folder = write_small_city(tmp_path / "pack")
    before = digest(folder)
    (folder / "templates").mkdir()
    own = folder / "templates" / "daily.zh.txt"
    own.write_text("本市日报 {day}\n", encoding="utf-8")
    (folder / "scores.toml").write_text(
        points.default_text().replace("points = -0.5", "points = -2"), "utf-8"
    )
    assert digest(folder) != before
    assert packs.load(store, folder, clock.now()).ok
    with store.read() as connection:
        assert text_of(connection, "daily.zh.txt") == "本市日报 {day}\n"
        assert text_of(connection, "daily.en.txt") == default_text("daily.en.txt")
        fact = table(CityFact)
        keys = set(connection.execute(select(fact.c.key)).scalars())
    assert {"scores", "template:daily.zh.txt"} <= keys
    own.unlink()
    assert packs.load(store, folder, clock.now()).ok
    with store.read() as connection:
        assert text_of(connection, "daily.zh.txt") == default_text("daily.zh.txt")


def test_what_is_wrong_is_told_by_file_and_line(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    folder = write_small_city(tmp_path / "pack")
    (folder / "templates").mkdir()
    (folder / "templates" / "daily.zh.txt").write_text("好\n{#types}\n{nmae}\n{/types}\n", encoding="utf-8")
    (folder / "templates" / "weekly.txt").write_text("x", encoding="utf-8")
    wrong = measures.default_text().replace('code = "patrols"', "code = 7")
    (folder / "daily.toml").write_text(wrong, encoding="utf-8")
    report = packs.load(store, folder, clock.now())
    found = [(fault.file, fault.line, fault.kind) for fault in report.faults]
    assert ("templates/daily.zh.txt", 3, "unknown") in found
    assert ("templates/weekly.txt", 0, "file") in found
    assert ("daily.toml", wrong.splitlines().index("code = 7") + 1, "word") in found
