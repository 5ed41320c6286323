"""Who may do what, keys, and the audit chain."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text

from backend.access import SYSTEM, actor_of, may
from backend.access.audit import append, verify
from backend.access.keys import issue, opens, revoke
from backend.city.tables import Centre, Grid, Person
from backend.store import Store, table

GRIDS = [("M", "", 1), ("C1", "M", 2), ("C2", "M", 2), ("T1", "C1", 3), ("T2", "C2", 3), ("G1", "T1", 4)]


@pytest.fixture
def city(store: Store) -> Store:
    with store.write() as connection:
        connection.execute(
            insert(table(Grid)),
            [{"code": c, "parent": p, "level": level, "name": c} for c, p, level in GRIDS],
        )
        connection.execute(insert(table(Centre)), [{"code": "CC1", "grid": "C1", "tier": "C", "name": "C1"}])
        people = [
            {"code": "u1", "name": "a", "role": "seat", "grid": "C1", "centre": "CC1", "active": True},
            {"code": "u2", "name": "b", "role": "member", "grid": "G1", "centre": "", "active": True},
            {"code": "u3", "name": "c", "role": "seat", "grid": "C1", "centre": "CC1", "active": False},
        ]
        connection.execute(insert(table(Person)), people)
    return store


def test_jurisdiction_is_a_grid_and_all_below_it(city: Store) -> None:
    with city.read() as connection:
        seat = actor_of(connection, "u1")
        assert seat is not None
        assert (seat.role, seat.tier) == ("seat", "C")
        for grid in ("C1", "T1", "G1"):
            assert may(connection, seat, "task.act", grid) is None
        for grid in ("M", "C2", "T2", "nowhere"):
            refusal = may(connection, seat, "task.act", grid)
            assert refusal is not None
            assert refusal.code == "access.outside"
        assert may(connection, SYSTEM, "task.act", "T2") is None


def test_the_role_decides_first(city: Store) -> None:
    with city.read() as connection:
        member = actor_of(connection, "u2")
        assert member is not None
        assert member.tier == "T"
        refusal = may(connection, member, "feed.manage")
        assert refusal is not None
        assert refusal.code == "access.role"
        assert actor_of(connection, "u3") is None


def test_a_key_opens_its_own_scope_until_revoked(store: Store) -> None:
    with store.write() as connection:
        key = issue(connection, "push:dust", "", "u1", 10)
        assert opens(connection, key, "push:dust")
        assert not opens(connection, key, "push:water")
        assert not opens(connection, key + "x", "push:dust")
        assert not opens(connection, "nobody.secret", "push:dust")
        assert revoke(connection, key.partition(".")[0], 20)
        assert not opens(connection, key, "push:dust")
        stored = connection.execute(text("SELECT digest FROM key")).scalar_one()
        assert key.partition(".")[2] not in stored


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE audit SET actor = 'x' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "UPDATE audit SET body = '{}' WHERE id = 3",
    ],
)
def test_the_audit_chain_shows_damage(store: Store, damage: str) -> None:
    with store.write() as connection:
        for number in range(4):
            append(connection, "u1", "city.load", f"pack{number}", number, grids=number)
        assert verify(connection) is None
        connection.execute(text(damage))
        assert verify(connection) in (2, 3)
