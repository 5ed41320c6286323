"""Points: every breach, rework and verified lead makes one entry however often the job looks; none is changed."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from backend.clock import ManualClock
from backend.desk import scores
from backend.desk.desk import Desk
from backend.escalation.sweep import sweep
from backend.scores import making
from backend.scores.ledger import ENTRY
from backend.scores.points import choose, default_text, faults_of
from backend.scores.rates import Rates
from backend.store import Store
from backend.words import say
from tests.unit.task_world import CV, GM, MV, TOWN, TOWN_3, TS, TV, act, build, draft

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = 3600
HERE = {"reason": "no signal"}
REPORT = {"result": "rectified", "evidence": ["IMG-1"]}


@pytest.fixture
def world(store: Store) -> Store:
    build(store)
    return store


def desk_of(store: Store, clock: ManualClock, person: str) -> Desk:
    from backend.access import actor_of

    with store.read() as connection:
        actor = actor_of(connection, person)
    assert actor is not None
    return Desk(store, clock, actor, facts={"zone": "Asia/Shanghai"})


def score(store: Store, now: int) -> int:
    with store.write() as connection:
        return making.run(connection, ZONE, now)


def ledger(store: Store) -> list[tuple[str, int, str, str]]:
    with store.read() as connection:
        rows = connection.execute(select(ENTRY).order_by(ENTRY.c.id))
        return [(row.item, row.hundredths, row.kind, row.person) for row in rows]


def sent(store: Store, now: int, **body: object) -> str:
    with store.write() as connection:
        task = draft(connection, now, "high", **body)
        act(connection, TS, "file", task, now)
        done = act(connection, TS, "dispatch", task, now, {"holder": "gm", "holder_kind": "member"})
        assert done.ok, done
    return task


def test_a_late_member_loses_points_once_and_the_hours_go_on(world: Store, clock: ManualClock) -> None:
    task = sent(world, clock.now())
    with world.write() as connection:
        assert act(connection, GM, "accept", task, clock.now() + 11 * 60).ok
        assert act(connection, GM, "arrive", task, clock.now() + 20 * 60, HERE).ok
    clock.move(11 * 60)
    sweep(world, clock.now())
    assert score(world, clock.now()) == 1
    assert score(world, clock.now()) == 0
    assert ledger(world) == [("accept_late", -50, "grid", "gm")]
    # Work is due 4 hours after arrival; 2.5 hours later two whole ones have passed.
    clock.move(9 * 60 + 6 * HOUR + HOUR // 2)
    sweep(world, clock.now())
    assert score(world, clock.now()) == 3
    clock.move(40 * HOUR)
    assert score(world, clock.now()) == 2
    assert score(world, clock.now()) == 0
    assert sum(entry[1] for entry in ledger(world)[1:]) == -300
    desk = desk_of(world, clock, "cv")
    first, last = scores.ranking(desk)
    assert (first.code, first.rank, first.score) == (TOWN_3, 1, 100.0)
    assert (last.code, last.rank, last.score, last.lost, last.entries) == (TOWN, 2, 96.5, -3.5, 6)
    assert {row.task for row in scores.entries(desk, by="township", code=TOWN)} == {task}
    assert scores.entries(desk, by="township", code=TOWN_3) == []


def test_rework_and_a_lead_found_true(world: Store, clock: ManualClock) -> None:
    now = clock.now()
    task = sent(world, now, origin="12345")
    with world.write() as connection:
        for who, kind, body in (
            (GM, "accept", {}),
            (GM, "arrive", HERE),
            (GM, "report", REPORT),
            (TV, "verify_no", {"reason": "no photo"}),
            (GM, "resume", {}),
            (GM, "report", REPORT),
            (TV, "verify_ok", {}),
        ):
            done = act(connection, who, kind, task, now, body)
            assert done.ok, say(done.message, "en")
    score(world, now)
    assert ledger(world) == [("rework", -200, "grid", "gm"), ("lead_verified", 100, "grid", "gm")]
    with world.write() as connection:
        reopened = act(connection, TV, "reopen", task, now + 60, {"reason": "again", "evidence": ["IMG-9"]})
        assert reopened.ok, say(reopened.message, "en")
    score(world, now + 60)
    assert score(world, now + 120) == 0
    assert [entry[:2] for entry in ledger(world)][2:] == [("lead_verified", -100)]
    row = scores.ranking(desk_of(world, clock, "cv"))[-1]
    assert (row.code, row.lost, row.won, row.rates.filed, row.rates.reworked) == (TOWN, -2.0, 0.0, 1, 1)


def test_by_hand_with_a_reason_and_taken_back_by_an_entry_of_its_own(
    world: Store, clock: ManualClock
) -> None:
    task = sent(world, clock.now())
    seat, supervisor = desk_of(world, clock, "ts"), desk_of(world, clock, "cv")
    assert scores.enter(seat, item="false_photo", task=task, reason="x").message.code == "access.role"
    assert not scores.enter(supervisor, item="rework", task=task, reason="x").ok
    assert not scores.enter(supervisor, item="false_photo", task=task, reason=" ").ok
    assert scores.enter(supervisor, item="false_photo", task=task, reason="一图两用").ok
    again = scores.enter(supervisor, item="false_photo", task=task, reason="一图两用")
    assert again.message.code == "score.refused.twice"
    (row,) = scores.entries(supervisor)
    assert (row.points, row.person, row.task, row.reason) == (-5.0, "gm", task, "一图两用")
    assert scores.reverse(supervisor, row.id, reason="另一张照片").ok
    assert scores.reverse(supervisor, row.id, reason="x").message.code == "score.refused.reversed"
    newest, old = scores.entries(supervisor)
    assert (newest.reverses, newest.points, old.reversed_by) == (row.id, 5.0, newest.id)
    assert scores.reverse(supervisor, newest.id, reason="x").message.code == "score.refused.is_reversal"
    assert {row.score for row in scores.ranking(supervisor)} == {100.0}


def test_a_month_without_overdue_is_worth_something(world: Store, clock: ManualClock) -> None:
    sent(world, clock.now())
    clock.move(30 * 86400)
    score(world, clock.now())
    assert [entry[0] for entry in ledger(world)] == ["no_overdue"]
    assert score(world, clock.now() + HOUR) == 0
    november, december = (
        scores.ranking(desk_of(world, clock, "cv"), month=month) for month in ("2026-11", "2026-12")
    )
    assert november[0].code == TOWN
    assert november[0].score == 103.0
    assert {row.score for row in december} == {100.0}


def test_a_voided_task_gives_everything_back(world: Store, clock: ManualClock) -> None:
    task = sent(world, clock.now())
    clock.move(11 * 60)
    sweep(world, clock.now())
    score(world, clock.now())
    with world.write() as connection:
        done = act(connection, CV, "void", task, clock.now(), {"reason": "wrong place"})
        assert done.ok, say(done.message, "en")
    score(world, clock.now())
    assert [entry[1] for entry in ledger(world)] == [-50, 50]


def test_the_composite_is_the_standards() -> None:
    weights = choose(default_text(), date(2026, 11, 3)).composite
    rates = Rates(filed=60, closed=45, due_closed=50, disposed=50, on_time=40, reworked=5)
    # 90 x 10 % + 90 x 30 % + 80 x 30 % + 90 x 30 %
    assert rates.composite(weights) == 87.0
    assert Rates(filed=3).composite(weights) is None


def test_a_wrong_table_is_told_by_line() -> None:
    wrong = (
        default_text().replace("points = -10", "points = -0.123").replace('clock = "ACCEPT"', 'clock = "X"')
    )
    told = [(fault.line, fault.message.code) for fault in faults_of(wrong)]
    assert [code for _, code in told] == ["task.policy.word", "score.table.points"]
    lines = wrong.splitlines()
    assert '"X"' in lines[told[0][0] - 1]
    assert "-0.123" in lines[told[1][0] - 1]


@pytest.mark.parametrize("every", [900, 3600, 5 * HOUR, 40 * HOUR])
def test_however_often_the_job_runs_the_ledger_is_the_same(
    world: Store, clock: ManualClock, every: int
) -> None:
    """A late task, reworked, the first rework recalled: the job looks every quarter of an hour, or once at the end."""
    start = clock.now()
    end = start + 40 * HOUR
    task = sent(world, start, origin="12345")
    steps: list[tuple[int, Any, str, dict[str, Any]]] = [
        (11 * 60, GM, "accept", {}),
        (80 * 60, GM, "arrive", HERE),
        (8 * HOUR, GM, "report", REPORT),
        (9 * HOUR, MV, "verify_no", {"reason": "no photo"}),
        (9 * HOUR + 5, MV, "recall", {}),
        (10 * HOUR, MV, "verify_no", {"reason": "no photo"}),
        (10 * HOUR + 60, GM, "resume", {}),
        (20 * HOUR, GM, "report", REPORT),
        (21 * HOUR, MV, "verify_ok", {}),
    ]
    last = ""
    for at in sorted({*(start + after for after, *_ in steps), *range(start, end + 1, every), end}):
        clock.at = at
        for after, who, kind, body in steps:
            if start + after == at:
                given = {"op": last} if kind == "recall" else dict(body)
                last = f"{kind}:{after}"
                with world.write() as connection:
                    done = act(connection, who, kind, task, at, given, id=last)
                    assert done.ok, say(done.message, "en")
        sweep(world, at)
        if (at - start) % every == 0 or at == end:
            score(world, at)
    with world.read() as connection:
        rows = connection.execute(select(ENTRY).order_by(ENTRY.c.occurred, ENTRY.c.id))
        found = sorted((row.item, row.hundredths, row.occurred - start, row.reverses is None) for row in rows)
    assert found == sorted(
        [
            ("accept_late", -50, 600, True),
            ("arrive_late", -100, 11 * 60 + 45 * 60, True),
            ("dispose_late", -100, 80 * 60 + 4 * HOUR, True),
            ("dispose_late", -50, 80 * 60 + 5 * HOUR, True),
            ("dispose_late", -50, 80 * 60 + 6 * HOUR, True),
            ("dispose_late", -100, 10 * HOUR + 2 * HOUR, True),
            *[("dispose_late", -50, 12 * HOUR + hour * HOUR, True) for hour in range(1, 5)],
            ("rework", -200, 9 * HOUR, True),
            ("rework", 200, 9 * HOUR, False),
            ("rework", -200, 10 * HOUR, True),
            ("lead_verified", 100, 21 * HOUR, True),
        ]
    )
