"""A working calendar that ends, and clocks that keep the one that they began with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from backend.city.tables import PolicyText
from backend.clock import ManualClock
from backend.desk import tasks
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.tasks import calendars, clocks, policy_text
from backend.tasks.calendars import Office
from backend.tasks.policy import default_text, parsed, policy_version
from backend.tasks.rows import calendars_running, load
from backend.tasks.tables import CalendarText
from tests.unit.task_world import CELL, GM, TS, act, build, draft, get

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = parsed(0, default_text(), "Asia/Shanghai").calendars["office"]
HOUR = 3600
TEXT = (
    default_text()
    + '\n[[target]]\nclock = "DISPOSE"\ntypes = ["straw"]\ncalendar = "office"\nmedium = "24h"\n'
)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


@pytest.fixture
def fresh() -> Any:
    """Nothing is remembered of calendars and policies, as in another process."""

    def forget() -> None:
        calendars._KNOWN.clear()
        parsed.cache_clear()
        policy_text._shipped_office.cache_clear()

    forget()
    yield forget
    forget()


def test_the_shipped_calendar_says_from_when_on_it_knows_no_days() -> None:
    assert isinstance(OFFICE, Office)
    assert OFFICE.ends(at("2026-11-03T08:00")) == at("2027-01-01T00:00")
    assert OFFICE.ends(at("2027-02-05T15:00")) == at("2027-02-05T15:00")
    assert OFFICE.unsure(at("2026-12-31T23:59")) is None
    assert OFFICE.unsure(at("2027-01-01T00:00")) == 2027
    plain = Office(ZONE, OFFICE.week, OFFICE.worked)
    assert (plain.ends(0), plain.unsure(at("2030-01-01T00:00"))) == (None, None)


DAYS = st.frozensets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=6)


@given(DAYS, DAYS)
def test_a_calendar_is_read_back_as_it_was_written(off: frozenset[date], on: frozenset[date]) -> None:
    assert isinstance(OFFICE, Office)
    office = Office(ZONE, OFFICE.week, OFFICE.worked, off, on - off, frozenset(day.year for day in off | on))
    again = calendars.read_back(office.written())
    assert again == office
    assert again.key("office") == office.key("office")
    assert office.key("office") != OFFICE.key("office")


def test_policies_whose_clocks_go_by_it_say_so_in_time() -> None:
    policy = parsed(1, TEXT, "Asia/Shanghai")
    (doubt,) = policy.doubts(at("2026-11-03T08:00"))
    assert (doubt.code, dict(doubt.args)) == ("task.policy.calendar_ends", {"name": "office", "year": 2027})
    (over,) = policy.doubts(at("2027-02-05T15:00"))
    assert over.code == "task.policy.calendar_over"
    assert policy.doubts(at("2026-05-03T08:00")) == []
    assert parsed(0, default_text(), "Asia/Shanghai").doubts(at("2027-02-05T15:00")) == []


def works(store: Store, now: int) -> str:
    """A task whose work counts in office hours, on the spot since ``now``."""
    build(store)
    with store.write() as connection:
        row = {"version": 7, "effective": 0, "text": TEXT, "note": ""}
        connection.execute(insert(table(PolicyText)).values(**row))
        task = draft(connection, now, priority="medium")
        for who, kind, body in (
            (TS, "file", {}),
            (TS, "dispatch", {"holder": "gm", "holder_kind": "member"}),
            (GM, "accept", {}),
            (GM, "arrive", {"distance": 1}),
        ):
            done = act(connection, who, kind, task, now, body)
            assert done.ok, done
        assert get(connection, task).grid == CELL
    return task


def due(store: Store, task: str) -> int | None:
    with store.read() as connection:
        state = load(connection, task)
        assert state is not None
        segment = state.state_clock()
        assert segment is not None
        return clocks.due_at(segment, policy_version(connection, state.policy_version).calendars)


def test_a_clock_keeps_its_calendar_when_the_file_changes(
    store: Store, fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = at("2026-12-30T15:00")
    task = works(store, now)
    # 2.5 h on the 30th, 7.5 h on the 31st; by weekdays alone the 1st of January is worked like any Friday.
    before = due(store, task)
    assert before == at("2027-01-04T16:30")
    with store.read() as connection:
        (key,) = connection.execute(select(table(CalendarText).c.key)).scalars()
        assert list(calendars_running(connection)) == [key]
    assert key.startswith("office#")
    shipped = policy_text._office_data()
    longer = {"year": 2027, "off": [date(2027, 1, 1)], "on": []}
    monkeypatch.setattr(policy_text, "_office_data", lambda: shipped | {"year": [*shipped["year"], longer]})
    fresh()
    assert due(store, task) == before
    with store.read() as connection:
        listed = parsed(7, TEXT, "Asia/Shanghai").calendars["office"]
        assert isinstance(listed, Office)
        assert listed.covers(date(2027, 1, 1))
        assert list(calendars_running(connection)) == [key]
    # The same policy, for a clock that begins after the file has changed: the holiday does not count.
    with store.write() as connection:
        second = draft(connection, now, priority="medium", incident="other")
        for who, kind, body in (
            (TS, "file", {}),
            (TS, "dispatch", {"holder": "gm", "holder_kind": "member"}),
            (GM, "accept", {}),
            (GM, "arrive", {"distance": 1}),
        ):
            assert act(connection, who, kind, second, now, body).ok
    assert due(store, second) == at("2027-01-05T16:30")
    segment = load_segment(store, second)
    assert segment.calendar != key
    assert clocks.unsure(segment, {}) is None
    assert clocks.unsure(load_segment(store, task), {}) == 2027


def load_segment(store: Store, task: str) -> clocks.Segment:
    with store.read() as connection:
        state = load(connection, task)
    assert state is not None
    found = state.state_clock()
    assert found is not None
    return found


def test_a_calendar_that_nobody_kept_goes_by_its_name(store: Store, fresh: Any) -> None:
    now = at("2026-11-03T15:00")
    task = works(store, now)
    before = due(store, task)
    with store.write() as connection:
        connection.execute(table(CalendarText).delete())
    fresh()
    assert due(store, task) == before


def test_the_page_says_at_the_clock_that_its_year_is_not_known(store: Store, clock: ManualClock) -> None:
    clock.move(at("2026-12-30T15:00") - clock.now())
    task = works(store, clock.now())
    desk = Desk.of_scripts(store)
    page = tasks.page(desk, task)
    assert page is not None
    assert {one.kind: one.unsure for one in page.clocks if one.stopped is None} == {
        "DISPOSE": 2027,
        "TOTAL": None,
    }
