"""Writes to a city in every way there is, each followed by the question whether what is kept of it is what is there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, delete, text, update

from backend.city.registry import City
from backend.city.tables import CityFact, Grid, Parameter, Station, StationParameter
from backend.store import Store, table, upsert
from tests.unit.small_city import grid_row, station

TABLES = {
    "city_fact": (table(CityFact), ["key"], "value"),
    "grid": (table(Grid), ["code"], "name"),
    "parameter": (table(Parameter), ["id"], "name"),
    "station": (table(Station), ["id"], "name"),
    "station_parameter": (table(StationParameter), ["station", "parameter", "period"], "upstream"),
}
"""Each with its keys, and a column to change."""
ACTS = ("insert", "change", "delete", "nothing")
WAYS = ("here", "undone", "in part", "elsewhere", "by hand")
Step = tuple[str, str, str]
"""A table, an act, a way."""


class Undone(Exception):
    """Ends what is not to be."""


def the_same(connection: Connection) -> bool:
    """Whether the city that is handed out is the one in the tables."""
    kept, found = City.read(connection), City.read_anew(connection)
    parts = ("facts", "grids", "stations", "parameters", "measures")
    return all(getattr(kept, part) == getattr(found, part) for part in parts)


def _row(name: str, turn: int) -> dict[str, Any]:
    if name == "station":
        return station("S990", id=990, name=f"{turn}")
    if name == "grid":
        return grid_row("A9", "A", 3, "A", "A9") | {"name": f"{turn}"}
    rows: dict[str, dict[str, Any]] = {
        "city_fact": {"key": "pack", "value": f"{turn}"},
        "parameter": {"id": 77, "code": "x", "name": f"{turn}", "name_en": "", "unit": "", "decimals": 0, "hj212": ""},
        "station_parameter": {"station": 990, "parameter": 77, "period": 60, "feed": "", "upstream": f"{turn}"},
    }  # fmt: skip
    return rows[name]


def _write(connection: Connection, name: str, act: str, turn: int) -> None:
    which, keys, column = TABLES[name]
    if act == "insert":
        upsert(connection, which, [_row(name, turn)], keys=keys)
    elif act == "change":
        connection.execute(update(which).values({column: f"turn {turn}"}))
    elif act == "delete":
        connection.execute(delete(which))


def play(here: Store, other: Store, steps: Sequence[Step]) -> None:
    """Go through the steps; ``other`` is the same store, opened once more."""
    for turn, (name, act, way) in enumerate(steps):
        if way == "by hand":
            column = TABLES[name][2]
            with here._bulk.connect() as raw, raw.begin():
                raw.execute(text(f"UPDATE {name} SET {column} = 'by hand {turn}'"))
        else:
            _play(other if way == "elsewhere" else here, name, act, way, turn)
        for store in (here, other):
            with store.read() as connection:
                assert the_same(connection), (name, act, way)


def _play(store: Store, name: str, act: str, way: str, turn: int) -> None:
    with suppress(Undone), store.write() as connection:
        with suppress(Undone), connection.begin_nested():
            _write(connection, name, act, turn)
            assert the_same(connection), (name, act, way)
            if way == "in part":
                raise Undone
        assert the_same(connection), (name, act, way)
        if way == "undone":
            raise Undone
