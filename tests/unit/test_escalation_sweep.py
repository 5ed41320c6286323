"""The sweep: in time, in order, once; also when it is killed, doubled, or three days late."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from backend.city.tables import DutyEntry, PolicyText
from backend.escalation import telling
from backend.escalation.plan import DUE, plan, steps_of
from backend.escalation.sweep import sweep
from backend.notify import notices
from backend.store import Store, table
from backend.tasks.apply import apply
from backend.tasks.ops import by_system
from backend.tasks.policy import default_text
from backend.tasks.rows import SEGMENT
from backend.tasks.tables import Act, Breach
from tests.conftest import START
from tests.unit.task_world import (
    CITY,
    COUNTY,
    CS,
    CV,
    GM,
    MV,
    TOWN,
    TS,
    act,
    build,
    draft,
    get,
    on,
)

ACT, BREACH = table(Act), table(Breach)
DAY = 86400


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def dispatched(store: Store, now: int = START, priority: str = "critical") -> str:
    """A task that waits for its member."""
    with store.write() as connection:
        task = draft(connection, now, priority)
        assert act(connection, TS, "file", task, now).ok
        assert act(connection, TS, "dispatch", task, now, {"holder": "gm"}).ok
    return task


def done_steps(store: Store, task: str) -> list[tuple[str, int, int]]:
    """The steps taken: what, when it was due, when it was done; seconds from the start."""
    with store.read() as connection:
        rows = connection.execute(
            select(DUE.c.step, DUE.c.at, DUE.c.done).where(DUE.c.task == task, DUE.c.done.is_not(None))
        )
        found = [(row.step, row.at - START, row.done - START) for row in rows]
    return sorted(found, key=lambda one: (one[2], one[1], one[0]))


def escalations(store: Store, task: str) -> list[tuple[int, str]]:
    with store.read() as connection:
        rows = connection.execute(
            select(ACT.c.at, ACT.c.args)
            .where(ACT.c.task == task, ACT.c.kind == "escalate", ACT.c.result == "applied")
            .order_by(ACT.c.id)
        )
        return [(row.at - START, row.args) for row in rows]


def run(store: Store, until: int, *, every: int = 15, start: int = 0) -> None:
    """Sweep every so many seconds."""
    for second in range(start, until + 1, every):
        assert not sweep(store, START + second).faults


def level(store: Store, task: str) -> str:
    with store.read() as connection:
        return get(connection, task).level


def test_the_ladder_of_a_missed_acceptance(city: Store) -> None:
    task = dispatched(city)
    run(city, 300)
    assert level(city, task) == "T"
    run(city, 315, start=315)
    assert level(city, task) == "C"
    run(city, 700, start=330)
    assert level(city, task) == "M"
    accept = [
        (step.split("/")[2], at, done)
        for step, at, done in done_steps(city, task)
        if step.startswith("ACCEPT")
    ]
    # 50, 80, 100 and 200 % of five minutes; after the miss a second later, each no later than one sweep.
    assert accept == [
        ("50", 150, 150),
        ("80", 240, 240),
        ("100", 301, 315),
        ("200", 601, 615),
    ]
    with city.read() as connection:
        assert connection.execute(select(BREACH.c.kind, BREACH.c.due)).all()[0] == ("ACCEPT", START + 300)


def test_nothing_happens_where_people_are_in_time(city: Store) -> None:
    task = dispatched(city)
    with city.write() as connection:
        for second, who, kind, body in (
            (140, GM, "accept", {}),
            (1000, GM, "arrive", {"distance": 1}),
            (4000, GM, "report", {"result": "x", "evidence": ["p"]}),
            (4500, TS, "verify_ok", {}),
        ):
            assert not sweep_in(connection, task)
            assert act(connection, who, kind, task, START + second, body).ok
    run(city, 2 * DAY, every=3600)
    assert done_steps(city, task) == []
    with city.read() as connection:
        assert connection.execute(select(func.count()).select_from(DUE)).scalar_one() == 0


def sweep_in(connection: Any, task: str) -> list[str]:
    return list(
        connection.execute(select(DUE.c.step).where(DUE.c.task == task, DUE.c.done.is_not(None))).scalars()
    )


def test_acknowledging_stops_the_climb_but_not_the_work_clocks(city: Store) -> None:
    task = dispatched(city)
    run(city, 330)
    with city.write() as connection:
        assert act(connection, CS, "ack", task, START + 340).ok
    run(city, 600, start=345)
    assert level(city, task) == "C"
    run(city, 615, start=615)
    # The acceptance is at 200 % now: acknowledged or not, that is the next level.
    assert level(city, task) == "M"


def test_an_acknowledgement_without_progress_runs_out(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START, "medium")
        act(connection, TS, "file", task, START)
        act(connection, TS, "dispatch", task, START, {"holder": "gm"})
        act(connection, GM, "accept", task, START)
        act(connection, TS, "escalate", task, START, {"reason": "big"})
        act(connection, CS, "ack", task, START)
    run(city, 2500)
    kinds = {step.split("/")[0]: done for step, _, done in done_steps(city, task)}
    assert kinds["ack"] == 1800
    assert kinds["unack"] == 2400
    with city.read() as connection:
        state = get(connection, task)
        assert not state.level_acked
        assert state.clock("LEVEL_ACK") is not None
    run(city, 2400 + 3615, start=2505)
    assert level(city, task) == "M"


def test_telling_again_is_bounded_and_stops_when_somebody_acknowledges(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START, "low")
        act(connection, TS, "file", task, START)
        act(connection, TS, "dispatch", task, START, {"holder": "gm"})
    run(city, 7200 + 3600, every=60)
    repeats = [done for step, _, done in done_steps(city, task) if "#" in step]
    assert len(repeats) == 2
    assert level(city, task) == "C"
    other = dispatched(city, START, "low")
    run(city, 7260, every=60)
    with city.write() as connection:
        act(connection, CS, "ack", other, START + 7270)
    run(city, 7200 + 3600, every=60, start=7320)
    assert not [step for step, _, _ in done_steps(city, other) if "#" in step]


def test_nobody_on_duty_is_told_to_the_county_at_once(store: Store) -> None:
    build(store, duty=False)
    with store.write() as connection:
        on(connection, "centre", "C1")
        task = draft(connection, START)
        act(connection, TS, "file", task, START)
    assert level(store, task) == "T"
    report = sweep(store, START)
    assert (report.escalated, level(store, task)) == (1, "C")
    with store.read() as connection:
        told = notices.of_task(connection, task)
        assert {(row.message.args["cause"], row.grid) for row in told} == {
            ("nobody", COUNTY),
            ("nobody", TOWN),
        }
    # Only once for this vacancy; the clocks go on by themselves.
    assert sweep(store, START + 15).steps == 0


def test_a_city_without_a_duty_book_does_not_count_as_vacant(store: Store) -> None:
    build(store, duty=False)
    with store.write() as connection:
        task = draft(connection, START)
        act(connection, TS, "file", task, START)
    assert sweep(store, START).steps == 0
    assert level(store, task) == "T"


def test_who_has_just_given_it_back_does_not_count_as_on_duty(store: Store) -> None:
    build(store, duty=False)
    with store.write() as connection:
        on(connection, "member", "gm")
    task = dispatched(store)
    with store.write() as connection:
        assert act(connection, GM, "return", task, START, {"reason": "x"}).ok
    assert sweep(store, START).escalated == 1
    assert level(store, task) == "C"


def test_a_duty_room_that_closes_is_noticed_by_the_next_sweep(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START, "low")
        act(connection, TS, "file", task, START)
    assert sweep(city, START + 60).steps == 0
    with city.write() as connection:
        connection.execute(delete(table(DutyEntry)).where(table(DutyEntry).c.body.in_(["gm", "T1"])))
    report = sweep(city, START + 75)
    assert (report.escalated, report.latest) == (1, 15)
    assert level(city, task) == "C"
    assert not sweep(city, START + 1800).faults
    first = [step.split("/")[0] for step, _, _ in done_steps(city, task) if "#" not in step]
    assert first == ["nobody", "DISPATCH"]


def test_two_returns_and_the_third_rework_raise_it(city: Store) -> None:
    task = dispatched(city, priority="low")
    with city.write() as connection:
        act(connection, GM, "return", task, START, {"reason": "x"})
        act(connection, TS, "dispatch", task, START, {"holder": "T1", "holder_kind": "centre"})
        act(connection, TS, "return", task, START, {"reason": "x"})
    assert sweep(city, START).escalated == 1
    assert level(city, task) == "C"
    with city.write() as connection:
        act(connection, CS, "dispatch", task, START, {"holder": "gm"})
        act(connection, GM, "accept", task, START)
        act(connection, GM, "arrive", task, START, {"distance": 1})
        for number in range(3):
            assert act(connection, GM, "report", task, START, {"result": "x", "evidence": ["p"]}).ok
            assert act(connection, CS, "verify_no", task, START, {"reason": "x"}).ok
            assert act(connection, GM, "resume", task, START).ok
            assert level_in(connection, task) == "C", number
    assert sweep(city, START).escalated == 1
    assert level(city, task) == "M"
    assert sweep(city, START + 1).steps == 0


def level_in(connection: Any, task: str) -> str:
    return get(connection, task).level


def test_a_suspension_ends_at_its_review_date_and_nothing_climbs_meanwhile(city: Store) -> None:
    review = {"reason": "weather", "review_at": START + 10 * DAY}
    task = dispatched(city, priority="high")
    with city.write() as connection:
        act(connection, GM, "accept", task, START)
        act(connection, TS, "ask_suspend", task, START, review)
        assert act(connection, CV, "suspend", task, START, review).ok
    run(city, 10 * DAY - 1, every=3600)
    with city.read() as connection:
        assert (get(connection, task).state, get(connection, task).level) == ("SUSPENDED", "T")
    run(city, 10 * DAY, start=10 * DAY)
    with city.read() as connection:
        state = get(connection, task)
        assert state.state == "ACCEPTED"
        assert state.due == START + 10 * DAY + 2700


def test_at_the_top_it_is_told_and_noted_and_goes_no_higher(city: Store) -> None:
    task = dispatched(city)
    with city.write() as connection:
        act(connection, TS, "escalate", task, START, {"reason": "x", "to_level": "M"})
        act(connection, MV, "ack", task, START)
    run(city, 700)
    with city.read() as connection:
        state = get(connection, task)
        assert (state.level, state.breaches) == ("M", "ACCEPT")
        outcomes = connection.execute(
            select(DUE.c.outcome).where(DUE.c.task == task, DUE.c.kind == "escalate", DUE.c.done.is_not(None))
        ).scalars()
        assert set(outcomes) == {"top"}


def test_the_log_says_which_clock_was_missed(city: Store) -> None:
    task = dispatched(city)
    run(city, 2 * DAY, every=600)
    with city.read() as connection:
        query = select(ACT.c.body).where(ACT.c.task == task, ACT.c.kind == "breach")
        told = {json.loads(body)["cause"] for body in connection.execute(query).scalars()}
    assert {"ACCEPT", "LEVEL_ACK"} & told
    assert "TOTAL" in told


# Outages, restarts, doubles.


def test_after_three_days_the_steps_are_made_up_in_order_and_people_are_told_once(city: Store) -> None:
    tasks = [dispatched(city) for _ in range(3)]
    report = sweep(city, START + 3 * DAY)
    assert (report.tasks, report.notices, report.faults) == (3, 3, [])
    for task in tasks:
        accept = [step.split("/")[2] for step, _, _ in done_steps(city, task) if step.startswith("ACCEPT")]
        assert accept == ["50", "80", "100", "200"]
        assert len(escalations(city, task)) == 2
        with city.read() as connection:
            told = [row for row in notices.of_task(connection, task) if "act" not in row.message.code]
            assert sorted((row.grid, row.person) for row in told) == [(CITY, ""), (TOWN, "gm")]
            assert {row.message.code for row in told} == {"notice.escalate_late"}
            assert {row.message.args["late"] for row in told} == {3 * DAY - 150}
    assert sweep(city, START + 3 * DAY).steps == 0


def test_two_sweeps_at_once_take_every_step_once(city: Store) -> None:
    tasks = [dispatched(city) for _ in range(12)]
    now = START + 700
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: sweep(city, now), range(4)))
    assert all(not report.faults for report in reports)
    assert sum(report.tasks for report in reports) == 12
    for task in tasks:
        assert len(escalations(city, task)) == 2
        assert level(city, task) == "M"
    with city.read() as connection:
        names = connection.execute(select(ACT.c.op).where(ACT.c.kind == "escalate")).scalars().all()
        assert len(names) == len(set(names)) == 24


def test_a_sweep_that_is_cut_off_in_the_middle_leaves_nothing_half_done(
    city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [dispatched(city) for _ in range(4)]
    calls: list[int] = []

    def cut(*args: Any, **rest: Any) -> None:
        calls.append(1)
        if len(calls) % 2:
            raise OSError("the disk is full")
        telling.tell(*args, **rest)

    monkeypatch.setattr("backend.escalation.sweep.tell", cut)
    report = sweep(city, START + 320)
    assert (report.tasks, len(report.faults)) == (2, 2)
    assert "disk" in report.faults[0][1]
    levels = [level(city, task) for task in tasks]
    assert sorted(levels) == ["C", "C", "T", "T"]
    for task, where in zip(tasks, levels, strict=True):
        assert len(escalations(city, task)) == (where == "C")
        assert bool(done_steps(city, task)) == (where == "C")
    monkeypatch.undo()
    assert sweep(city, START + 335).tasks == 2
    assert [level(city, task) for task in tasks] == ["C"] * 4


def test_the_same_escalation_by_its_own_name_is_applied_once(city: Store) -> None:
    task = dispatched(city)
    op = by_system("escalate", task, "sys:escalate:x", {"cause": "ACCEPT", "to_level": "C"})
    with city.write() as connection:
        assert apply(connection, op, START, planner=plan) == apply(connection, op, START + 9, planner=plan)
    assert len(escalations(city, task)) == 1


def test_a_step_that_waits_for_a_vanished_or_ended_task_goes_away(city: Store) -> None:
    task = dispatched(city)
    with city.write() as connection:
        connection.execute(update(DUE).where(DUE.c.task == task).values(task="T9-0001X"))
    report = sweep(city, START + DAY)
    assert (report.steps, report.faults) == (0, [])
    with city.read() as connection:
        assert connection.execute(select(func.count()).select_from(DUE)).scalar_one() == 0


def test_a_limit_is_kept_and_the_rest_is_taken_next_time(city: Store) -> None:
    for _ in range(5):
        dispatched(city)
    assert sweep(city, START + 200, limit=3).tasks == 3
    assert sweep(city, START + 200, limit=3).tasks == 2


def test_a_clock_that_jumps_back_takes_nothing_and_one_that_jumps_on_nothing_twice(city: Store) -> None:
    task = dispatched(city)
    sweep(city, START + 320)
    before = done_steps(city, task)
    for jump in (0, 100, 310, 320):
        assert sweep(city, START + jump).steps == 0
    assert done_steps(city, task) == before
    with city.read() as connection:
        kinds = select(func.count()).select_from(SEGMENT).where(SEGMENT.c.kind == "LEVEL_ACK")
        assert connection.execute(kinds).scalar_one() == 1


@pytest.mark.parametrize("turned", [False, True])
def test_of_steps_taken_at_once_the_one_that_was_due_last_is_told_again(city: Store, turned: bool) -> None:
    task = dispatched(city)
    now = START + 3600
    assert not sweep(city, now).faults
    early = {"step": "nobody/1", "at": START + 60, "kind": "escalate", "cause": "nobody"}
    still = {"step": "cross_boundary/1", "at": START + 50, "kind": "escalate", "cause": "cross_boundary"}
    last = {"step": "falsification/1", "at": START + 120, "kind": "escalate", "cause": "falsification"}
    rows = [early, still, last]
    rest = {
        "task": task,
        "clock": "",
        "to_level": "M",
        "policy_version": 1,
        "done": now + 1,
        "outcome": "applied",
    }
    with city.write() as connection:
        for row in reversed(rows) if turned else rows:
            connection.execute(DUE.insert().values(**rest, **row))
        steps = steps_of(connection, get(connection, task), now + 1)
    repeats = [(step.key, step.at) for step in steps if step.kind == "repeat"]
    assert repeats[:2] == [("falsification/1#1", now + 1801), ("falsification/1#2", now + 3601)]
    assert len(repeats) == 5


def test_a_step_for_some_priorities_is_taken_for_those_alone(city: Store) -> None:
    early = '\n[[step]]\nclocks = ["ACCEPT"]\nat = 20\ndo = "escalate"\nnotify = ["level"]\npriorities = ["critical"]\n'
    with city.write() as connection:
        values = {"version": 1, "effective": START - 1, "text": default_text() + early, "note": ""}
        connection.execute(insert(table(PolicyText)).values(**values))
    critical, low = dispatched(city), dispatched(city, priority="low")
    run(city, 120)
    assert [level(city, task) for task in (critical, low)] == ["C", "T"]
    sweep(city, START + 7200 // 4)
    assert level(city, low) == "T"
