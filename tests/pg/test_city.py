"""A city pack on PostgreSQL: the whole of Heze, a pack that names less, and a fault; the same rows as on SQLite."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from backend.city import tables
from backend.city.load import LoadReport, load_pack
from backend.city.packs import heze_path
from backend.city.registry import City
from backend.city.search import search
from backend.city.template import write_template
from backend.feeds.tables import Feed
from backend.store import Store, table
from backend.store.model import Row
from tests.unit.kept_city import ACTS, TABLES, WAYS, play, the_same
from tests.unit.small_city import build, station

NOW = 1793692800
MODELS: tuple[type[Row], ...] = (
    tables.CityFact, tables.Grid, tables.Shape, tables.Centre, tables.Department, tables.Person, tables.DutyEntry,
    tables.IncidentType, tables.Parameter, tables.Station, tables.StationParameter, tables.Source,
    tables.PowerPoint, tables.Camera, tables.Vehicle, tables.StandingOrder, tables.PolicyText, tables.RuleText, Feed,
)  # fmt: skip


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that a pack can bring, stations by their codes: numbers may differ between two databases."""
    found = {}
    with store.read() as connection:
        station = table(tables.Station)
        codes = {row[0]: row[1] for row in connection.execute(select(station.c.id, station.c.code))}
        for model in MODELS:
            of = table(model)
            columns = [column for column in of.c if column.name != "id" or model is tables.Parameter]
            rows = connection.execute(select(*columns)).all()
            places = [n for n, column in enumerate(columns) if column.name == "station"]
            found[of.name] = sorted(
                (
                    tuple(codes.get(cell, cell) if n in places else cell for n, cell in enumerate(row))
                    for row in rows
                ),
                key=repr,
            )
    return found


def same(here: Store, there: Store) -> None:
    left, right = everything(here), everything(there)
    for name, rows in left.items():
        assert right[name] == rows, name


def load(store: Store, folder: Path, now: int = NOW) -> LoadReport:
    report = load_pack(store, folder, now)
    assert report.ok, report.faults
    return report


def test_heze_is_the_same_on_both_and_loads_again(pg_store: Store, store: Store) -> None:
    # Loaded again, it leaves what one load does.
    first = load(pg_store, heze_path())
    assert load(pg_store, heze_path()) == first == load(store, heze_path())
    same(store, pg_store)
    with pg_store.read() as connection:
        city = City.read(connection)
        vehicles = connection.execute(select(func.count()).select_from(table(tables.Vehicle))).scalar_one()
        assert vehicles == 70_000
        found = search(connection, "mdq")
    assert len(city.stations) == 4285
    assert city.peers(city.by_code["1718A"].id)
    assert found[0].name == "牡丹区"


def test_what_a_pack_no_longer_names_is_retired(pg_store: Store, store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_template(folder)
    for one in (pg_store, store):
        load(one, folder)
    for name in ("stations", "power_points", "duty"):
        path = folder / f"{name}.csv"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:-1]), "utf-8")
    left = [load(one, folder, NOW + 86400) for one in (pg_store, store)]
    assert left[0] == left[1]
    assert set(left[0].retired) == {"stations", "power_points", "duty"}
    same(store, pg_store)


def test_a_fault_changes_nothing(pg_store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    write_template(folder)
    load(pg_store, folder)
    before = everything(pg_store)
    stations = folder / "stations.csv"
    text = stations.read_text("utf-8")
    stations.write_text(text + text.splitlines()[-1] + "\n", "utf-8")
    assert not load_pack(pg_store, folder, NOW).ok
    assert everything(pg_store) == before


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_write_to_a_city_goes_unseen(pg_store: Store, name: str) -> None:
    build(pg_store, [station("S1")])
    with closing(Store.open(pg_store.url)) as other:
        play(pg_store, other, [(name, act, way) for act in ACTS for way in WAYS])
        with pg_store.write() as connection:
            connection.execute(text(f"TRUNCATE {name}"))
        with other.read() as connection:
            assert the_same(connection)
