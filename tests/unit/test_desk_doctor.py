"""What the doctor says of feeds: every one that is not well by its name, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from backend.city.load import load_pack
from backend.desk.doctor import Finding, examine
from backend.feeds.tables import Feed, FeedHealth
from backend.store import Store, table
from tests.tools.small_city import write_small_city

NOW = 1_793_692_800
FEED, HEALTH = table(Feed), table(FeedHealth)
HOUR = 3600


@pytest.fixture
def city(store: Store, tmp_path: Path) -> Store:
    load_pack(store, write_small_city(tmp_path), NOW)
    with store.write() as connection:
        connection.execute(delete(HEALTH))
        connection.execute(delete(FEED))
    return store


def feed(
    store: Store,
    number: int,
    state: str,
    *,
    newest: int = NOW - HOUR,
    adapter: str = "mapped",
    on: bool = True,
) -> None:
    row = {"id": number, "code": f"f{number}", "name": "-", "adapter": adapter, "options": "", "enabled": on}
    with store.write() as connection:
        connection.execute(insert(FEED).values(**row, every=900, stale_after=2 * HOUR))
        if state:
            connection.execute(
                insert(HEALTH).values(feed=number, state=state, newest=newest, failures=0, next_at=NOW)
            )


def told(store: Store) -> list[tuple[str, str, dict[str, object]]]:
    found: list[Finding] = examine(store, "", NOW, NOW)
    return [(one.state, one.what.code, dict(one.what.args)) for one in found if "feed" in one.what.code]


def test_feeds_that_are_all_well_are_well_and_files_are_none(city: Store) -> None:
    feed(city, 1, "ok")
    feed(city, 2, "ok")
    feed(city, 3, "", adapter="file", on=False)
    assert told(city) == [("ok", "doctor.feeds", {"good": 2, "all": 2})]


def test_a_feed_that_is_switched_off_is_named_and_is_no_trouble(city: Store) -> None:
    feed(city, 1, "ok")
    feed(city, 2, "off", on=False)
    assert told(city) == [
        ("ok", "doctor.feeds", {"good": 1, "all": 1}),
        ("ok", "doctor.feeds_off", {"feeds": "f2"}),
    ]


def test_each_that_is_not_well_is_named_with_why(city: Store) -> None:
    feed(city, 1, "ok")
    feed(city, 2, "")
    feed(city, 3, "late")
    feed(city, 4, "ok", newest=NOW - 3 * HOUR)
    feed(city, 5, "ok", newest=NOW - 9 * HOUR)
    feed(city, 6, "failing")
    assert told(city) == [
        ("note", "doctor.feed_waits", {"feed": "f2", "state": "new"}),
        ("note", "doctor.feed_waits", {"feed": "f3", "state": "late"}),
        ("note", "doctor.feed_waits", {"feed": "f4", "state": "late"}),
        ("fault", "doctor.feed_trouble", {"feed": "f5", "state": "late", "failures": 0}),
        ("fault", "doctor.feed_trouble", {"feed": "f6", "state": "failing", "failures": 0}),
        ("note", "doctor.feeds", {"good": 1, "all": 6}),
    ]
