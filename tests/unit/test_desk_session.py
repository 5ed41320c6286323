"""What a person had before them is kept in the store, or beside it while somebody else holds it."""

from __future__ import annotations

import pytest

from backend.clock import ManualClock
from backend.desk import session
from backend.desk.desk import Desk
from backend.store import Store
from tests.screens import seat_city as city


@pytest.fixture
def desk(store: Store, clock: ManualClock) -> Desk:
    city.build(store)
    return city.desk(store, "MD-S1", clock)


def test_what_was_set_aside_is_read_once_it_is_the_newest(desk: Desk, clock: ManualClock) -> None:
    session.save(desk, "console", "before")
    clock.move(1)
    assert session.set_aside(desk, "console", "画面")
    assert session.load(desk, "console") == "画面"
    assert session.load(desk, "another") is None
    clock.move(1)
    session.save(desk, "console", "after")
    assert session.load(desk, "console") == "after"
    assert desk.store.path is not None
    assert not list(desk.store.path.parent.glob("*.seat-*"))


def test_it_is_its_owners_alone_and_a_broken_one_is_none(desk: Desk) -> None:
    assert desk.store.path is not None
    session.set_aside(desk, "console", "before")
    (aside,) = desk.store.path.parent.glob("*.seat-*")
    assert aside.stat().st_mode & 0o777 == 0o600
    for broken in ("", "[]", '{"at": null, "body": 1}'):
        aside.write_text(broken)
        assert session.load(desk, "console") is None


def test_an_older_one_is_not_read(desk: Desk, clock: ManualClock) -> None:
    session.set_aside(desk, "console", "old")
    (aside,) = desk.store.path.parent.glob("*.seat-*")  # type: ignore[union-attr]
    kept = aside.read_text()
    clock.move(60)
    session.save(desk, "console", "new")
    aside.write_text(kept)
    assert session.load(desk, "console") == "new"
