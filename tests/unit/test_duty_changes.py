"""What stands above the duty book: overrides, swaps, leave; hours without a gap in what is told; and the vacancies."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from backend.access.audit import verify
from backend.city.tables import DutyEntry
from backend.clock import ManualClock
from backend.desk import duty, dutyhours, dutyrows
from backend.desk.desk import Desk
from backend.duty import changes
from backend.duty.book import Book, Entry, Line, on_duty
from backend.duty.changes import Away, Override, Turn
from backend.duty.pick import pick_holder
from backend.duty.tables import DutyOverride
from backend.store import Store, table
from tests.conftest import START
from tests.unit.task_world import CELL, build, on

HEZE = ZoneInfo("Asia/Shanghai")
HOUR, DAY = 3600, 86400


def desk(store: Store, clock: ManualClock, person: str) -> Desk:
    return Desk(store, clock, Desk.open(store, person, clock=clock).actor, facts={"zone": "Asia/Shanghai"})


@pytest.fixture
def city(store: Store) -> Store:
    from backend.city.tables import CityFact

    build(store)
    with store.write() as connection:
        connection.execute(table(CityFact).insert(), [{"key": "zone", "value": "Asia/Shanghai"}])
    return store


def who(store: Store, kind: str, body: str, at: int) -> list[tuple[str, int]]:
    with store.read() as connection:
        return [(one.name, one.until) for one in on_duty(connection, kind, body, at, HEZE)]


def test_somebody_stands_in_and_the_book_holds_again(city: Store, clock: ManualClock) -> None:
    seat = desk(city, clock, "ts")
    done = duty.override(
        seat, "centre", "T1", START + HOUR, START + 3 * HOUR, name="张三", phone="1380", reason="班车晚点"
    )
    assert done.ok, done
    # What is told now ends where the other begins.
    assert who(city, "centre", "T1", START) == [("值班-T1", START + HOUR)]
    assert who(city, "centre", "T1", START + HOUR) == [("张三", START + 3 * HOUR)]
    assert who(city, "centre", "T1", START + 3 * HOUR)[0][0] == "值班-T1"
    row = dutyrows.change_board(seat)[0]
    assert (row.name, row.reason, row.by, row.holds) == ("张三", "班车晚点", "ts", False)
    assert duty.withdraw(seat, row.id).ok
    assert not duty.withdraw(seat, row.id).ok
    assert who(city, "centre", "T1", START + HOUR)[0][0] == "值班-T1"
    with city.read() as connection:
        assert verify(connection) is None
        # Taken back, and still there to be read.
        assert connection.execute(select(table(DutyOverride).c.withdrawn_by)).scalars().all() == ["ts"]


def test_a_vacancy_is_seen_ahead(city: Store, clock: ManualClock) -> None:
    county = desk(city, clock, "cs")
    assert dutyrows.gap_board(county) == []
    done = duty.override(
        county, "centre", "T1", START + 10 * HOUR, START + 12 * HOUR, name="", phone="", reason="停电"
    )
    assert done.message.code == "duty.vacated"
    (gap,) = dutyrows.gap_board(county)
    assert (gap.code, gap.starts, gap.ends) == ("T1", START + 10 * HOUR, START + 12 * HOUR)
    rows = {row.code: row for row in dutyrows.room_board(county)}
    assert rows["T1"].gap == (START + 10 * HOUR, START + 12 * HOUR)
    assert rows["T1"].state == "phone"
    clock.move(10 * HOUR)
    assert {row.code: row for row in dutyrows.room_board(county)}["T1"].state == "vacant"
    # Upward, since nobody of the township answers now.
    with city.read() as connection:
        pick = pick_holder(connection, CELL, clock.now(), HEZE)
    assert pick.vacant
    assert pick.best is not None
    assert pick.best.code == "C1"


def test_two_people_exchange_their_turns(city: Store, clock: ManualClock) -> None:
    book = table(DutyEntry)
    with city.write() as connection:
        connection.execute(delete(book).where(book.c.body == "C1"))
        on(connection, "centre", "C1", name="甲", phone="1", start_minute=480, end_minute=1200)
        on(connection, "centre", "C1", name="乙", phone="2", start_minute=1200, end_minute=480)
    seat = desk(city, clock, "cs")
    turns = duty.swappable(seat, "centre", "C1")
    night, morning = turns[1], turns[2]
    assert (turns[0].name, night.name, morning.name) == ("甲", "乙", "甲")
    assert duty.swap(seat, "centre", night, morning, reason="孩子发烧").ok
    assert who(city, "centre", "C1", night.starts)[0] == ("甲", night.ends)
    assert who(city, "centre", "C1", morning.starts)[0] == ("乙", morning.ends)
    assert who(city, "centre", "C1", morning.ends)[0][0] == "乙"
    rows = dutyrows.change_board(seat)
    assert [row.kind for row in rows] == ["swap", "swap"]
    # Both or neither are taken back.
    assert duty.withdraw(seat, rows[1].id).ok
    assert dutyrows.change_board(seat) == []


def test_who_is_away_is_not_sent(city: Store, clock: ManualClock) -> None:
    seat = desk(city, clock, "ts")
    with city.read() as connection:
        best = pick_holder(connection, CELL, START, HEZE).best
    assert best is not None
    assert best.code == "gm"
    done = duty.set_state(seat, "gm", "sick", START + 5 * HOUR, note="发烧")
    assert done.message.args["person"] == "gm"
    with city.read() as connection:
        pick = pick_holder(connection, CELL, START, HEZE)
    assert pick.best is not None
    assert pick.best.code == "T1"
    gone = next(one for one in pick.candidates if one.code == "gm")
    assert [reason.code for reason in gone.reasons][1] == "duty.reason.sick"
    rows = {row.code: row for row in dutyrows.member_board(seat)}
    assert (rows["gm"].state, rows["gm"].until) == ("sick", START + 5 * HOUR)
    assert duty.end_state(seat, "gm").ok
    assert not duty.end_state(seat, "gm").ok
    assert who(city, "member", "gm", START) == [("值班-gm", who(city, "member", "gm", START)[0][1])]
    # There though the book does not say so.
    clock.move(8 * HOUR)
    assert who(city, "member", "gm", clock.now()) == []
    assert duty.set_state(seat, "gm", "on", clock.now() + HOUR).ok
    assert who(city, "member", "gm", clock.now()) == [("值班-gm", clock.now() + HOUR)]
    with city.read() as connection:
        best = pick_holder(connection, CELL, clock.now(), HEZE).best
        assert best is not None
        assert best.code == "gm"


@pytest.mark.parametrize(
    ("person", "body", "ends", "reason", "code"),
    [
        ("ts", "C1", START + HOUR, "x", "access.outside"),
        ("ts", "T1", START - HOUR, "x", "duty.refused.hours"),
        ("ts", "T1", START + HOUR, "  ", "duty.refused.reason"),
    ],
)
def test_refused(
    city: Store, clock: ManualClock, person: str, body: str, ends: int, reason: str, code: str
) -> None:
    seat = desk(city, clock, person)
    done = duty.override(seat, "centre", body, START - 2 * HOUR, ends, name="a", phone="", reason=reason)
    assert (done.ok, done.message.code) == (False, code)
    assert dutyrows.change_board(desk(city, clock, "mv")) == []


def test_a_member_changes_nothing(city: Store, clock: ManualClock) -> None:
    done = duty.set_state(desk(city, clock, "gm"), "gm", "leave", START + HOUR)
    assert done.message.code == "access.role"


def test_nobody_is_swapped_with_themselves(city: Store, clock: ManualClock) -> None:
    turn = Turn("T1", START, START + HOUR, "甲", "1")
    done = duty.swap(desk(city, clock, "ts"), "centre", turn, turn, reason="x")
    assert done.message.code == "duty.refused.swap"


def test_one_bodys_hours(city: Store, clock: ManualClock) -> None:
    seat = desk(city, clock, "cs")
    found = dutyhours.hours(seat, "member", "gm")
    assert found is not None
    assert [(bool(one.who), (one.ends - one.starts) // HOUR) for one in found.stretches] == [
        (True, 6),
        (False, 10),
        (True, 8),
    ]
    assert dutyhours.hours(seat, "centre", "nobody") is None


lines = st.builds(
    lambda days, start, end, name: Entry(Line(days, start, end), name, ""),
    st.text("01", min_size=7, max_size=7),
    st.integers(0, 23).map(lambda hour: hour * 60),
    st.integers(0, 23).map(lambda hour: hour * 60),
    st.sampled_from("甲乙丙"),
)
spans = st.tuples(st.integers(-10, 60), st.integers(1, 40)).map(
    lambda pair: (START + pair[0] * HOUR, START + (pair[0] + pair[1]) * HOUR)
)
overrides = st.lists(
    st.builds(
        lambda span, instead, name: Override(
            0, "member", "x", span[0], span[1], instead, name, "", "override", "", "", "", 0
        ),
        spans,
        st.sampled_from(["", "甲", "乙"]),
        st.sampled_from(["", "丁"]),
    ),
    max_size=3,
)
states = st.lists(
    st.builds(
        lambda span, state: Away(0, "x", state, span[0], span[1], "", ""),
        spans,
        st.sampled_from(changes.STATES),
    ),
    max_size=2,
)


@given(st.lists(lines, max_size=4), overrides, states)
def test_hours_are_who_answers_at_every_instant(
    entries: list[Entry], above: list[Override], away: list[Away]
) -> None:
    book = Book(HEZE, {"x": entries}, {"x": above}, {"x": away})
    since, until = START, START + 2 * DAY
    stretches = book.hours("x", since, until)
    assert (stretches[0].starts, stretches[-1].ends) == (since, until)
    assert all(one.ends == other.starts for one, other in pairwise(stretches))
    for stretch in stretches:
        told = [one.name for one in stretch.who]
        for at in range(stretch.starts, stretch.ends, HOUR // 2):
            now = book.at("x", at)
            assert [one.name for one in now] == told
            # Nobody is promised for longer than they stay.
            for one in now:
                assert one.until > at
    # Nobody's until is past a change that hides them.
    for at in range(since, until, HOUR):
        for one in book.at("x", at):
            if one.until <= until:
                assert one.name in {other.name for other in book.at("x", one.until - 1)}


def test_the_day_that_the_number_is_of() -> None:
    from backend.duty.numbers import numbers

    first = int(datetime(2020, 1, 1, tzinfo=HEZE).timestamp())
    assert numbers(first) == numbers(START)
    assert numbers(START).unattended == 900
