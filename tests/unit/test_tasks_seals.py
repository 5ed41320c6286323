"""The log of acts to tasks under the audit chain: an act that is changed, gone or put in later is found out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select

from backend.access.chain import examine
from backend.store import Store
from backend.tasks import seals
from backend.tasks.seals import ACT, SETTLED, broken, seal
from tests.conftest import START
from tests.unit.task_world import TS, act, build, draft

HOUR = 3600


@pytest.fixture
def sealed(store: Store) -> Store:
    """Two seals over some acts, and an act that waits for the next."""
    build(store)
    for number in range(2):
        with store.write() as connection:
            task = draft(connection, START + number * HOUR, "high")
            assert act(connection, TS, "file", task, START + number * HOUR).ok
            assert seal(connection, START + number * HOUR + SETTLED) == 2
    with store.write() as connection:
        draft(connection, START + 2 * HOUR, "high")
        assert seal(connection, START + 2 * HOUR) == 0
    return store


def found(store: Store) -> list[tuple[str, int, int]]:
    with store.read() as connection:
        assert examine(connection).holds
        return [(one.kind, one.first, one.last) for one in broken(connection)]


def test_what_nobody_touched_holds_and_a_part_at_a_time_says_the_same(
    sealed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(sealed) == []
    monkeypatch.setattr(seals, "PART", 1)
    assert found(sealed) == []


def test_a_long_log_is_sealed_a_part_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "MOST", 2)
    build(store)
    with store.write() as connection:
        for _ in range(5):
            draft(connection, START, "high")
        assert [seal(connection, START + SETTLED) for _ in range(4)] == [2, 2, 1, 0]
    assert found(store) == []


def test_every_column_is_covered() -> None:
    assert set(seals.COLUMNS) == set(ACT.c.keys())


def _put_in(connection: Connection) -> None:
    connection.execute(ACT.delete().where(ACT.c.id == 5))
    row = dict(connection.execute(select(ACT).where(ACT.c.id == 2)).one()._mapping)
    connection.execute(ACT.update().where(ACT.c.id == 4).values(id=9))
    connection.execute(ACT.insert().values({**row, "id": 4, "op": "other"}))


TAMPERED: dict[str, tuple[Callable[[Connection], object], list[tuple[str, int, int]]]] = {
    "another actor": (
        lambda c: c.execute(ACT.update().where(ACT.c.id == 2).values(actor="x")),
        [("changed", 1, 2)],
    ),
    "another time": (
        lambda c: c.execute(ACT.update().where(ACT.c.id == 3).values(at=1)),
        [("changed", 3, 4)],
    ),
    "taken out": (lambda c: c.execute(ACT.delete().where(ACT.c.id == 1)), [("missing", 1, 2)]),
    "cut off": (lambda c: c.execute(ACT.delete().where(ACT.c.id >= 4)), [("missing", 3, 4)]),
    "all gone": (lambda c: c.execute(ACT.delete()), [("missing", 1, 2), ("missing", 3, 4)]),
    "exchanged": (_put_in, [("changed", 3, 4)]),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_whoever_changes_the_log_is_found_out(sealed: Store, how: str) -> None:
    tamper, expected = TAMPERED[how]
    with sealed.write() as connection:
        tamper(connection)
    assert found(sealed) == expected


def test_an_act_that_is_put_in_where_one_was_is_found_out(sealed: Store) -> None:
    with sealed.write() as connection:
        row = dict(connection.execute(select(ACT).where(ACT.c.id == 2)).one()._mapping)
        connection.execute(ACT.insert().values({**row, "id": 0, "op": "early"}))
        assert [one.kind for one in broken(connection)] == ["inserted"]
        connection.execute(ACT.delete().where(ACT.c.id == 1))
        connection.execute(ACT.update().where(ACT.c.id == 0).values(id=1))
    assert found(sealed) == [("changed", 1, 2)]
