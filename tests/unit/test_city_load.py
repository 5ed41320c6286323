"""A pack in the store: all or nothing, as often as one likes."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from backend.city.check import check_pack
from backend.city.load import load_pack
from backend.city.registry import City
from backend.city.tables import Station
from backend.city.template import write_template
from backend.store import Store, table

NOW = 1793692800


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the example pack to spoil."""
    folder = tmp_path / "pack"
    write_template(folder)
    return folder


def test_the_example_is_correct(pack: Path) -> None:
    assert check_pack(pack) == []


def test_the_example_loads(store: Store, pack: Path) -> None:
    report = load_pack(store, pack, NOW)
    assert report.ok
    with store.read() as conn:
        city = City.read(conn)
    assert city.name == "示例市"
    assert [grid.code for grid in city.counties] == ["990101"]
    station = city.station("SB-0001")
    assert station is not None
    assert station.code == "GD01", "a name that feeds use leads to the station"
    assert city.owner(city.by_code["KQ01"].id, 1, 3600) == "air"
    assert city.inside("990101001-01", "990101")
    assert not city.inside("990101001-01", "990101100")


def test_a_faulty_pack_changes_nothing(store: Store, pack: Path) -> None:
    load_pack(store, pack, NOW)
    stations = pack / "stations.csv"
    stations.write_text(
        stations.read_text("utf-8").replace("东关空气站", "改名空气站").replace("KQ04", "KQ 04")
    )
    report = load_pack(store, pack, NOW)
    assert not report.ok
    with store.read() as conn:
        names = set(conn.execute(select(table(Station).c.name)).scalars())
    assert "改名空气站" not in names
