"""The duty book, who could be sent, and claims between seats."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from backend.city.tables import Centre, Department, Person
from backend.duty.book import Line, has_book, on_duty
from backend.duty.claims import claim, claimed, release
from backend.duty.pick import pick_holder
from backend.duty.presence import Crews
from backend.store import Store, table
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import CELL, CS, TOWN, TS, act, build, draft, on

HEZE = ZoneInfo("Asia/Shanghai")
NIGHT = START + 10 * 3600
"""Two in the morning."""
MINUTE, DAY = 60, 1440


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=HEZE).timestamp())


@pytest.mark.parametrize(
    ("line", "moment", "until"),
    [
        (Line("1111111", 480, 1200), "2026-11-03T08:00", "2026-11-03T20:00"),
        (Line("1111111", 480, 1200), "2026-11-03T07:59", None),
        (Line("1111111", 480, 1200), "2026-11-03T20:00", None),
        # Past midnight: Tuesday night belongs to Tuesday.
        (Line("0100000", 1200, 480), "2026-11-03T20:00", "2026-11-04T08:00"),
        (Line("0100000", 1200, 480), "2026-11-04T07:59", "2026-11-04T08:00"),
        (Line("0100000", 1200, 480), "2026-11-03T07:59", None),
        (Line("0100000", 1200, 480), "2026-11-04T20:00", None),
        # Around the clock.
        (Line("1111111", 0, 0), "2026-11-03T00:00", "2026-11-04T00:00"),
        (Line("1111111", 0, 1440), "2026-11-03T23:59", "2026-11-04T00:00"),
        # From and to a date; the last day is not in it, but its eve's night runs out.
        (Line("1111111", 0, 0, "2026-11-03", "2026-11-04"), "2026-11-02T23:59", None),
        (Line("1111111", 1200, 480, "2026-11-03", "2026-11-04"), "2026-11-04T03:00", "2026-11-04T08:00"),
        (Line("1111111", 1200, 480, "2026-11-03", "2026-11-04"), "2026-11-04T21:00", None),
    ],
)
def test_a_line_of_the_book(line: Line, moment: str, until: str | None) -> None:
    assert line.end_if_on(at(moment), HEZE) == (None if until is None else at(until))


@given(
    days=st.text("01", min_size=7, max_size=7),
    start=st.integers(0, DAY - 1),
    end=st.integers(0, DAY - 1),
    minute=st.integers(0, 8 * DAY),
)
def test_a_line_agrees_with_walking_through_its_minutes(days: str, start: int, end: int, minute: int) -> None:
    monday = at("2026-11-02T00:00") - 7 * DAY * MINUTE
    length = (end - start) % DAY or DAY
    on_minutes = {
        day * DAY + start + passed for day in range(16) if days[day % 7] == "1" for passed in range(length)
    }
    moment = 7 * DAY + minute
    line = Line(days, start, end)
    assert (line.end_if_on(monday + moment * MINUTE, HEZE) is not None) == (moment in on_minutes)


def test_who_answers_for_a_body(store: Store) -> None:
    with store.write() as connection:
        assert not has_book(connection)
    build(store)
    with store.read() as connection:
        assert has_book(connection)
        day = on_duty(connection, "centre", "T1", START, HEZE)
        assert [(one.name, one.phone) for one in day] == [("值班-T1", "110")]
        assert on_duty(connection, "member", "gm", NIGHT, HEZE) == ()
        assert on_duty(connection, "department", "T1", START, HEZE) == ()


def test_by_day_the_member_of_the_grid_is_first_and_everybody_is_listed_with_why(store: Store) -> None:
    build(store)
    with store.write() as connection:
        on(connection, "member", "gm2")
        pick = pick_holder(connection, CELL, START, HEZE, department="D1")
        assert [(c.kind, c.code, c.upward) for c in pick.candidates] == [
            ("member", "gm", False), ("member", "gm2", False), ("centre", "T1", False), ("centre", "C1", True),
            ("centre", "M1", True),
        ]  # fmt: skip
        assert pick.best is not None
        assert (pick.best.code, pick.vacant) == ("gm", False)
        assert [c.code for c in pick.departments] == ["D1"]
        for candidate in (*pick.candidates, *pick.departments):
            assert candidate.reasons
            for language in LANGUAGES:
                assert all("{" not in say(reason, language) for reason in candidate.reasons)


def test_the_less_burdened_of_two_neighbours_is_first(store: Store) -> None:
    build(store)
    with store.write() as connection:
        on(connection, "member", "gm2")
        connection.execute(update(table(Person)).where(table(Person).c.code == "gm2").values(grid=CELL))
        task = draft(connection, START)
        act(connection, TS, "file", task, START)
        assert act(connection, TS, "dispatch", task, START, {"holder": "gm"}).ok
        best = pick_holder(connection, CELL, START, HEZE).best
        assert best is not None
        assert best.code == "gm2"
        assert pick_holder(connection, CELL, START, HEZE, exclude="gm2").best == next(
            c for c in pick_holder(connection, CELL, START, HEZE).candidates if c.code == "gm"
        )


def test_at_night_the_duty_room_then_upward(store: Store) -> None:
    build(store)
    with store.read() as connection:
        pick = pick_holder(connection, CELL, NIGHT, HEZE)
        assert pick.best is not None
        assert (pick.best.kind, pick.best.code, pick.vacant) == ("centre", "T1", False)
        assert not next(c for c in pick.candidates if c.code == "gm").on_duty
        given_back = pick_holder(connection, CELL, NIGHT, HEZE, exclude="T1")
        assert given_back.best is not None
        assert (given_back.best.code, given_back.best.upward, given_back.vacant) == ("C1", True, True)


def test_a_centre_or_department_out_of_service_is_offered_to_nobody(store: Store) -> None:
    build(store)
    with store.write() as connection:
        connection.execute(update(table(Centre)).where(table(Centre).c.code == "T1").values(in_service=False))
        connection.execute(
            update(table(Department)).where(table(Department).c.code == "D1").values(in_service=False)
        )
        pick = pick_holder(connection, CELL, NIGHT, HEZE, department="D1")
        assert pick.best is not None
        assert (pick.best.code, pick.vacant, pick.departments) == ("C1", True, ())
        assert Crews.read(connection, [TOWN], NIGHT, NIGHT + 60, HEZE).ready(TOWN, NIGHT) == {}


def test_without_a_book_nothing_is_known_and_nothing_is_vacant(store: Store) -> None:
    build(store, duty=False)
    with store.read() as connection:
        pick = pick_holder(connection, CELL, START, HEZE)
        assert (pick.best, pick.known, pick.vacant) == (None, False, False)
        assert pick_holder(connection, "nowhere", START, HEZE).candidates == ()


def test_a_claim_is_seen_by_others_renewed_by_its_owner_and_runs_out(store: Store) -> None:
    with store.write() as connection:
        assert claim(connection, "task", "T1", TS.actor, START).ok
        other = claim(connection, "task", "T1", CS.actor, START + 119)
        assert not other.ok
        assert other.message.args["person"] == "ts"
        assert claim(connection, "task", "T1", TS.actor, START + 100).ok
        assert claimed(connection, "task", ["T1", "T2"], START + 219) == {"T1": "ts"}
        assert claimed(connection, "task", ["T1"], START + 220) == {}
        assert claim(connection, "task", "T1", CS.actor, START + 220).ok
        release(connection, "task", "T1", TS.actor)
        assert claimed(connection, "task", ["T1"], START + 221) == {"T1": "cs"}
        release(connection, "task", "T1", CS.actor)
        assert claimed(connection, "task", ["T1"], START + 221) == {}
        assert claim(connection, "alarm", "T1", TS.actor, START + 222).ok


def test_duty_of_a_place_without_a_township_asks_upward(store: Store) -> None:
    build(store)
    with store.read() as connection:
        pick = pick_holder(connection, "371702", START, HEZE)
        assert [c.code for c in pick.candidates if c.kind == "centre"] == ["C1", "M1"]
        assert (
            pick_holder(connection, TOWN, START + int(timedelta(days=1).total_seconds()), HEZE).best
            is not None
        )
