"""A task of an order from above: supervised from its first act, and its time is the order's own."""

from __future__ import annotations

import pytest

from backend.access import actor_of
from backend.clock import ManualClock
from backend.desk import acts, tasks
from backend.desk.desk import Desk
from backend.escalation.explain import next_steps
from backend.escalation.sweep import sweep
from backend.store import Store
from backend.tasks.ops import Who
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import COUNTY, CS, TOWN, TS, TV, act, build, draft, get

HOUR = 3600


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def desk_of(store: Store, who: Who, clock: ManualClock) -> Desk:
    with store.read() as connection:
        actor = actor_of(connection, who.actor)
    assert actor is not None
    return Desk(store, clock, actor)


def ordered(
    store: Store, clock: ManualClock, who: Who = CS, grid: str = TOWN, due: int = START + 3 * HOUR
) -> str:
    desk = desk_of(store, who, clock)
    with store.write() as connection:
        done = acts.of_order(connection, desk, order="ZL-1", grid=grid, due=due, title="逐户排查")
    assert done.ok, done
    return str(done.data["task"])


def test_it_is_filed_supervised_and_its_time_ends_when_the_order_says(
    city: Store, clock: ManualClock
) -> None:
    task = ordered(city, clock)
    with city.read() as connection:
        state = get(connection, task)
        total = state.clock("TOTAL")
    assert (state.state, state.level, state.supervised, state.supervised_by) == ("OPEN", "T", True, "cs")
    assert (state.order_code, state.order_due) == ("ZL-1", START + 3 * HOUR)
    assert total is not None
    assert total.started + total.target == START + 3 * HOUR


def test_an_order_to_a_county_stays_with_the_county_and_its_duty_room_can_be_sent(
    city: Store, clock: ManualClock
) -> None:
    task = ordered(city, clock, grid=COUNTY)
    with city.write() as connection:
        assert (get(connection, task).state, get(connection, task).level) == ("OPEN", "C")
        done = act(connection, CS, "dispatch", task, START, {"holder": "C1", "holder_kind": "centre"})
        assert done.ok, done
    # The county has a duty room of its own: nobody is missing.
    assert sweep(city, START).steps == 0


def test_the_same_order_in_the_same_grid_is_one_task(city: Store, clock: ManualClock) -> None:
    assert ordered(city, clock) == ordered(city, clock)
    assert ordered(city, clock) != ordered(city, clock, grid=COUNTY)


def test_a_due_time_that_has_passed_is_refused_in_words(city: Store, clock: ManualClock) -> None:
    desk = desk_of(city, CS, clock)
    for due in (START, START - 1):
        with city.write() as connection:
            done = acts.of_order(connection, desk, order="ZL-1", grid=TOWN, due=due, title="x")
        assert not done.ok
        assert done.message.code == "task.refused.due_past"
        for language in LANGUAGES:
            assert "{" not in say(done.message, language)


def test_its_time_is_told_at_half_and_when_it_runs_out_it_rises_at_the_next_second(
    city: Store, clock: ManualClock
) -> None:
    task = ordered(city, clock)
    with city.write() as connection:
        act(connection, TS, "dispatch", task, START, {"holder": "gm"})
        ahead = next_steps(connection, task, START, limit=20)
    mine = [(step.kind, step.at - START) for step in ahead if step.why.code == "escalation.why.order"]
    assert mine == [("remind", 3 * HOUR // 2), ("warn", 3 * HOUR * 8 // 10), ("escalate", 3 * HOUR + 1)]
    assert not [
        step for step in ahead if step.why.args["clock"] == "TOTAL" and step.why.args["cause"] != "order"
    ]
    with city.write() as connection:
        act(connection, TS, "accept", task, START, on_behalf="gm", channel="phone")
        act(connection, TS, "arrive", task, START, on_behalf="gm", channel="phone")
    sweep(city, START + 3 * HOUR)
    with city.read() as connection:
        before = get(connection, task).level
        assert "TOTAL" not in get(connection, task).breaches
    sweep(city, START + 3 * HOUR + 1)
    with city.read() as connection:
        after = get(connection, task)
    assert (before, after.level) == ("T", "C")
    assert "TOTAL" in after.breaches


def test_a_new_priority_moves_no_clock_of_an_order(city: Store, clock: ManualClock) -> None:
    task = ordered(city, clock)
    with city.write() as connection:
        assert act(connection, TV, "prioritise", task, START + 60, {"priority": "low", "reason": "x"}).ok
        total = get(connection, task).clock("TOTAL")
        dispatch = get(connection, task).clock("DISPATCH")
    assert total is not None
    assert total.started + total.target == START + 3 * HOUR
    # Its part of the order's three hours, by what the policy gives the stages: 5 of 5 + 10 + 45 + 240 minutes.
    assert dispatch is not None
    assert dispatch.target == 180


def test_an_amended_order_moves_the_due_time_with_what_was_used_up(city: Store, clock: ManualClock) -> None:
    task = ordered(city, clock)
    clock.move(HOUR)
    desk = desk_of(city, CS, clock)
    with city.write() as connection:
        assert [done.ok for done in acts.order_due(connection, desk, "ZL-1", START + 9 * HOUR)] == [True]
        state = get(connection, task)
        total = state.clock("TOTAL")
    assert state.order_due == START + 9 * HOUR
    assert total is not None
    assert (total.carried, total.started + total.target - total.carried) == (HOUR, START + 9 * HOUR)
    with city.write() as connection:
        assert not acts.order_due(connection, desk, "ZL-1", START)[0].ok


def way(store: Store, task: str, at: int = START) -> dict[str, int]:
    """The clocks of a task that is sent, accepted and reached at once: when each ran out, from its beginning."""
    found = {}
    with store.write() as connection:
        for kind, body in (
            ("dispatch", {"holder": "T1", "holder_kind": "centre"}),
            ("accept", {}),
            ("arrive", {}),
        ):
            state = get(connection, task)
            clock = state.state_clock()
            assert clock is not None
            found[clock.kind] = clock.target
            assert act(connection, TS, kind, task, at, body).ok, kind
        clock = get(connection, task).state_clock()
        assert clock is not None
        assert clock.started + clock.target == get(connection, task).order_due
        found[clock.kind] = clock.target
    return found


def test_its_clocks_are_drawn_from_its_own_time(city: Store, clock: ManualClock) -> None:
    """The ordinary clocks of a high priority: 5 and 10 minutes, 45 to arrive (60 at night), 4 hours."""
    assert way(city, ordered(city, clock, due=START + 15 * 60)) == {
        "DISPATCH": 15, "ACCEPT": 30, "ARRIVE": 142, "DISPOSE": 900,
    }  # fmt: skip
    with city.write() as connection:
        done = acts.of_order(
            connection, desk_of(city, CS, clock), order="ZL-2", grid=TOWN, due=START + 24 * HOUR, title="x"
        )
    assert way(city, str(done.data["task"])) == {
        "DISPATCH": 1440, "ACCEPT": 2928, "ARRIVE": 13642, "DISPOSE": 24 * HOUR,
    }  # fmt: skip


def test_work_that_is_due_with_its_order_rises_once_at_that_instant(city: Store, clock: ManualClock) -> None:
    task = ordered(city, clock)
    way(city, task)
    assert sweep(city, START + 3 * HOUR).escalated == 0
    assert sweep(city, START + 3 * HOUR + 1).escalated == 1
    with city.read() as connection:
        state = get(connection, task)
    assert (state.level, set(state.breaches.split())) == ("C", {"TOTAL", "DISPOSE"})


def test_after_its_due_time_the_ordinary_clocks_hold(city: Store, clock: ManualClock) -> None:
    task = ordered(city, clock, due=START + 60)
    clock.move(HOUR)
    with city.write() as connection:
        body = {"holder": "T1", "holder_kind": "centre"}
        assert act(connection, TS, "dispatch", task, clock.now(), body).ok
        accept = get(connection, task).clock("ACCEPT")
    assert accept is not None
    assert accept.target == 600


def test_an_amended_order_draws_the_clock_that_runs_anew(city: Store, clock: ManualClock) -> None:
    task = ordered(city, clock)
    with city.write() as connection:
        act(connection, TS, "dispatch", task, START, {"holder": "T1", "holder_kind": "centre"})
    clock.move(120)
    with city.write() as connection:
        assert acts.order_due(connection, desk_of(city, CS, clock), "ZL-1", START + 120 + 24 * HOUR)[0].ok
        accept = get(connection, task).clock("ACCEPT")
    assert accept is not None
    assert (accept.carried, accept.target) == (120, 120 + 24 * HOUR * 10 // 295)


def test_orders_stand_on_top_of_the_board(city: Store, clock: ManualClock) -> None:
    with city.write() as connection:
        other = draft(connection, START, "critical")
        act(connection, TS, "file", other, START)
    late = START + 3600
    assert not sweep(city, late).faults
    clock.move(3600)
    task = ordered(city, clock, due=late + 40 * HOUR)
    rows = tasks.board(desk_of(city, TS, clock))
    assert [row.id for row in rows] == [task, other]
    assert (rows[0].order, rows[0].order_due) == ("ZL-1", late + 40 * HOUR)
