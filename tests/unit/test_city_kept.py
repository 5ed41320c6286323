"""A city is read once for each version of it, and no write goes unseen: whoever wrote, and however it ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from backend.city.registry import City
from backend.store import Store
from backend.store.backup import backup
from backend.store.versions import CONTENT, version_of
from tests.unit import kept_city
from tests.unit.kept_city import ACTS, TABLES, WAYS, Step, play, the_same
from tests.unit.small_city import build, station

STEPS = st.tuples(st.sampled_from(sorted(TABLES)), st.sampled_from(ACTS), st.sampled_from(WAYS))


@settings(max_examples=12, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=8))
def test_no_write_goes_unseen(steps: list[Step]) -> None:
    with closing(Store.memory()) as here, closing(Store(here.url, lasting=False)) as other:
        build(here, [station("S1"), station("S2", county="B")])
        play(here, other, steps)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_table_tells_of_each_act_in_each_way(store: Store, name: str) -> None:
    build(store, [station("S1")])
    with closing(Store(store.url, lasting=False)) as other:
        play(store, other, [(name, act, way) for act in ACTS for way in WAYS])


def test_whoever_writes_past_the_product_is_seen_too(store: Store) -> None:
    build(store, [station("S1")])
    assert store.path is not None
    for statement in (
        "UPDATE station SET in_service = 0",
        "REPLACE INTO city_fact (key, value) VALUES ('zone', 'Asia/Tokyo')",
        "DELETE FROM station",
    ):
        with closing(sqlite3.connect(store.path)) as raw, raw:
            raw.execute(statement)
        with store.read() as connection:
            assert the_same(connection), statement


def test_what_nobody_changed_is_read_once(store: Store) -> None:
    build(store, [station("S1")])
    with store.read() as connection:
        first = City.read(connection)
    with store.bulk() as connection:
        connection.execute(text("UPDATE feed SET name = 'another'"))
        connection.execute(text("UPDATE station SET name = name"))
    with store.read() as connection:
        assert City.read(connection) is first


def test_a_copy_goes_its_own_way(store: Store, tmp_path: Path) -> None:
    build(store, [station("S1")])
    backup(store, tmp_path / "copy.db")
    with closing(Store.open(tmp_path / "copy.db")) as copy:
        for turn, one in enumerate((store, copy, store, copy)):
            with one.bulk() as connection:
                connection.execute(text("UPDATE city_fact SET value = :turn"), {"turn": f"{turn}"})
            with one.read() as connection:
                assert the_same(connection)


@pytest.fixture(params=["made", "migrated"])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new store, made at once or by every migration."""
    with closing(Store.memory() if request.param == "made" else Store.open(tmp_path / "new.db")) as store:
        yield store


def test_every_store_has_the_triggers_of_every_table_of_a_city(new: Store) -> None:
    with new.read() as connection:
        names = set(
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
        )
        assert version_of(connection, "city")
    wanted = {
        f"content_city_{one}_{act}" for one in CONTENT["city"] for act in ("insert", "update", "delete")
    }
    assert names == wanted


def test_the_tables_of_a_city_are_those_it_is_read_from() -> None:
    assert set(CONTENT["city"]) == set(kept_city.TABLES)
