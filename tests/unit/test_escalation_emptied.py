"""Whoever leaves while somebody waits for them: known ahead by the book, else noticed by the next sweep; once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from backend.access import Actor
from backend.city.tables import DutyEntry, PolicyText
from backend.duty import adopted, changes, shifts
from backend.duty.calls import Call, note_call
from backend.escalation import emptied, explain
from backend.escalation.plan import DUE, plan
from backend.escalation.sweep import sweep
from backend.store import Store, table
from backend.tasks.policy import default_text
from tests.conftest import START
from tests.unit.task_world import TS, act, build, draft, get, on

DUTY = table(DutyEntry)
HOUR = 3600
SEAT = Actor("ts", "ts", "seat", "371702001", "T", centre="T1")


@pytest.fixture
def city(store: Store) -> Store:
    """The township's room is on duty from 8 to 17 (START is 16:00), the county's around the clock; no members."""
    build(store, duty=False)
    with store.write() as connection:
        on(connection, "centre", "T1", start_minute=480, end_minute=1020)
        on(connection, "centre", "C1")
    return store


def filed(store: Store, at: int = START, priority: str = "low") -> str:
    with store.write() as connection:
        task = draft(connection, at, priority)
        assert act(connection, TS, "file", task, at).ok
    return task


def steps(store: Store, task: str, cause: str) -> list[tuple[int, int, int]]:
    """At, done and late of the steps of a cause that were taken, without repeats."""
    query = select(DUE.c.at, DUE.c.done, DUE.c.late).where(
        DUE.c.task == task, DUE.c.cause == cause, DUE.c.done.is_not(None), DUE.c.kind != "repeat"
    )
    with store.read() as connection:
        return [(row.at, row.done, row.late) for row in connection.execute(query)]


def waiting(store: Store, task: str) -> Any:
    with store.read() as connection:
        return connection.execute(select(DUE).where(DUE.c.task == task, DUE.c.done.is_(None))).one()


def leave(store: Store, body: str, at: int, hours: int = 3) -> None:
    with store.write() as connection:
        done = changes.replace_on_duty(
            connection, "centre", body, at, at + hours * HOUR,
            name="", phone="", instead="", reason="停电", by="cs", now=at,
        )  # fmt: skip
        assert done.ok


def test_what_the_book_says_of_the_evening_stands_in_the_due_table(city: Store) -> None:
    task = filed(city, START + 3000)
    row = waiting(city, task)
    assert (row.at, row.cause, row.to_level) == (START + HOUR, "nobody", "C")
    with city.read() as connection:
        told = explain.next_steps(connection, task, START + 3000)
    assert (told[0].at, told[0].why.code) == (START + HOUR, "escalation.why.nobody")
    assert sweep(city, START + HOUR - 15).steps == 0
    assert sweep(city, START + HOUR).escalated == 1
    assert steps(city, task, "nobody") == [(START + HOUR, START + HOUR, 0)]


def test_a_room_that_empties_is_noticed_by_the_next_sweep_and_once(city: Store) -> None:
    task = filed(city)
    assert sweep(city, START + 15).steps == 0
    leave(city, "T1", START + 20)
    assert sweep(city, START + 30).escalated == 1
    assert steps(city, task, "nobody") == [(START + 20, START + 30, 10)]
    assert sweep(city, START + 45).steps == 0
    with city.write() as connection:
        number = changes.listed(connection, START)[0].id
        assert changes.withdraw(connection, number, by="cs", now=START + 50).ok
    leave(city, "T1", START + 60)
    assert sweep(city, START + 75).steps == 0


def test_what_was_taken_back_before_anybody_noticed_is_no_step(city: Store) -> None:
    task = filed(city)
    assert sweep(city, START + 15).steps == 0
    leave(city, "T1", START + 20)
    with city.write() as connection:
        assert changes.withdraw(
            connection, changes.listed(connection, START)[0].id, by="cs", now=START + 25
        ).ok
    assert sweep(city, START + 30).steps == 0
    assert steps(city, task, "nobody") == []


def test_a_change_of_the_book_says_nothing_of_the_hours_before(city: Store) -> None:
    """Who was there until now is not counted as missing since the clock began."""
    task = filed(city)
    assert sweep(city, START + 1500).steps == 0
    with city.write() as connection:
        connection.execute(delete(DUTY).where(DUTY.c.body == "T1"))
    report = sweep(city, START + 1515)
    assert (report.escalated, report.latest) == (1, 15)
    assert steps(city, task, "nobody") == [(START + 1500, START + 1515, 15)]


def test_after_an_outage_what_emptied_and_filled_again_is_logged_at_its_hour(city: Store) -> None:
    with city.write() as connection:
        on(connection, "centre", "T1", start_minute=1080, end_minute=1200)
    task = filed(city, START + 3000)
    report = sweep(city, START + 2 * HOUR + 600)
    assert report.escalated >= 1
    assert steps(city, task, "nobody")[0] == (START + HOUR, START + 2 * HOUR + 600, HOUR + 600)


def test_whoever_is_killed_on_the_way_looks_again(city: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [filed(city) for _ in range(3)]
    assert sweep(city, START + 15).steps == 0
    leave(city, "T1", START + 20)
    real = plan

    def broken(connection: Any, task: str, now: int) -> None:
        if task == tasks[1]:
            raise RuntimeError("killed")
        real(connection, task, now)

    monkeypatch.setattr(emptied, "plan", broken)
    assert [task for task, _ in sweep(city, START + 30).faults] == [tasks[1]]
    assert [len(steps(city, task, "nobody")) for task in tasks] == [1, 0, 1]
    monkeypatch.setattr(emptied, "plan", real)
    assert not sweep(city, START + 45).faults
    assert [len(steps(city, task, "nobody")) for task in tasks] == [1, 1, 1]


def test_what_was_given_back_by_the_only_one_left_waits_for_nobody(city: Store) -> None:
    """Not the township has emptied, but everybody except the one who gave it back."""
    with city.write() as connection:
        on(connection, "member", "gm")
    task = filed(city, priority="medium")
    with city.write() as connection:
        assert act(connection, TS, "dispatch", task, START, {"holder": "gm"}).ok
        assert act(connection, TS, "return", task, START, {"reason": "x"}, on_behalf="gm", channel="phone").ok
    assert sweep(city, START + 15).steps == 0
    leave(city, "T1", START + 20)
    assert sweep(city, START + 30).escalated == 1
    assert steps(city, task, "nobody") == [(START + 20, START + 30, 10)]


# Centres at which somebody sits, or answers the phone.


@pytest.fixture
def seated(store: Store) -> Store:
    """Nobody of the township stands in the book; somebody sits at its seat."""
    build(store, duty=False)
    with store.write() as connection:
        on(connection, "centre", "C1")
        assert shifts.sign_in(connection, SEAT, START).ok
    return store


def drafted(store: Store, at: int = START) -> str:
    with store.write() as connection:
        return draft(connection, at, "high")


def test_somebody_at_the_seat_is_there_whatever_the_book_says_until_they_sign_out(seated: Store) -> None:
    task = drafted(seated)
    assert sweep(seated, START + 15).steps == 0
    with seated.write() as connection:
        shift = shifts.shift_of(connection, "ts")
        assert shift is not None
        assert shifts.close_shift(connection, shift.shift, START + 20, handover="", by="ts")
    assert sweep(seated, START + 30).escalated == 1
    assert steps(seated, task, "unattended") == [(START + 20, START + 30, 10)]


@pytest.mark.parametrize(("last_key", "gone"), [(0, 900), (840, 1140)])
def test_a_seat_whose_keys_or_console_fall_silent_is_unattended(
    seated: Store, last_key: int, gone: int
) -> None:
    """15 minutes without a key; 5 without a word of the console."""
    with seated.write() as connection:
        task = draft(connection, START + 800, "high")
    for at in range(15, gone, 15):
        with seated.write() as connection:
            if at <= 840:
                shifts.seen(connection, "ts", START + min(at, last_key), START + at)
        sweep(seated, START + at)
    assert steps(seated, task, "unattended") == []
    sweep(seated, START + gone + 14)
    assert steps(seated, task, "unattended") == [(START + gone, START + gone + 14, 14)]


def test_a_phone_that_nobody_answers_counts_until_somebody_signs_in(city: Store) -> None:
    task = drafted(city)
    assert sweep(city, START + 15).steps == 0
    with city.write() as connection:
        note_call(connection, Call("centre", "T1", "T1", "110", START + 20, "cs", False, ""))
    assert sweep(city, START + 30).escalated == 1
    assert steps(city, task, "unattended") == [(START + 20, START + 30, 10)]
    with city.write() as connection:
        assert shifts.sign_in(connection, SEAT, START + 40).ok
    other = drafted(city, START + 50)
    assert sweep(city, START + 60).steps == 0
    assert steps(city, other, "unattended") == []


def test_a_kept_board_is_attended_by_its_keeper(city: Store) -> None:
    with city.write() as connection:
        assert adopted.adopt(connection, "T1", "C1", "cs", START).ok
        connection.execute(delete(DUTY).where(DUTY.c.body == "T1"))
    task = drafted(city)
    assert sweep(city, START + 15).steps == 0
    with city.write() as connection:
        connection.execute(update(DUTY).where(DUTY.c.body == "C1").values(days="0000000"))
    # The township has nobody, nor have the county and the city to which it rises.
    assert sweep(city, START + 30).escalated == 2
    assert len(steps(city, task, "unattended")) == 3


def test_where_nothing_else_lies_ahead_it_is_looked_at_again_without_a_step(store: Store) -> None:
    build(store)
    text = default_text().replace('every = "24h"', 'every = "300d"')
    with store.write() as connection:
        row = {"version": 1, "effective": START - 1, "text": text, "note": ""}
        connection.execute(insert(table(PolicyText)).values(**row))
        task = draft(connection, START, "low")
        assert act(connection, TS, "file", task, START).ok
    for at in range(0, 3 * 86400, 1800):
        assert not sweep(store, START + at).faults
    row = waiting(store, task)
    assert row.kind == "look"
    assert START + 3 * 86400 < row.at <= START + 4 * 86400
    with store.read() as connection:
        assert "look" not in {step.kind for step in explain.next_steps(connection, task, START + 3 * 86400)}
        done = select(DUE.c.kind).where(DUE.c.task == task, DUE.c.done.is_not(None))
        assert "look" not in set(connection.execute(done).scalars())
        assert get(connection, task).live
