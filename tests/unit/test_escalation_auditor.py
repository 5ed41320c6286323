"""The auditor finds what is planted and leaves a heartbeat of its own; the panel says who is next and why."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from backend.escalation import auditor
from backend.escalation.auditor import HEARTBEAT, audit, unattended
from backend.escalation.explain import next_steps, why_here
from backend.escalation.plan import DUE
from backend.escalation.sweep import sweep
from backend.notify import notices
from backend.store import Store
from backend.tasks.rows import TASK
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import CITY, CS, GM, TS, act, build, draft, get


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def some(store: Store, count: int = 3) -> list[str]:
    with store.write() as connection:
        tasks = [draft(connection, START, "high") for _ in range(count)]
        for task in tasks:
            assert act(connection, TS, "file", task, START).ok
            assert act(connection, TS, "dispatch", task, START, {"holder": "gm"}).ok
    assert not sweep(store, START).faults
    return tasks


def codes(store: Store, now: int = START) -> list[str]:
    with store.write() as connection:
        report = audit(connection, now)
    for finding in report.findings:
        for language in LANGUAGES:
            assert "{" not in say(finding.message, language)
    return [finding.message.code.removeprefix("escalation.audit.") for finding in report.findings]


def test_a_sound_table_is_sound(city: Store) -> None:
    some(city)
    with city.write() as connection:
        report = audit(connection, START + 30)
    assert (report.open_tasks, report.waiting, report.overdue, report.sound) == (3, 3, 0, True)


def test_a_task_without_a_next_instant_is_found_and_named(city: Store) -> None:
    tasks = some(city)
    with city.write() as connection:
        connection.execute(delete(DUE).where(DUE.c.task == tasks[1]))
        report = audit(connection, START)
    assert [finding.task for finding in report.findings] == [tasks[1]]


def test_faults_that_cancel_out_in_the_counts_are_found(city: Store) -> None:
    tasks = some(city)
    with city.write() as connection:
        connection.execute(
            update(DUE).where(DUE.c.task == tasks[1], DUE.c.done.is_(None)).values(task="T9-0001X")
        )
    assert "no_step" in codes(city)


def test_a_step_for_a_task_that_has_ended_is_found(city: Store) -> None:
    tasks = some(city)
    with city.write() as connection:
        connection.execute(update(TASK).where(TASK.c.id == tasks[0]).values(closed=START))
    assert codes(city) == ["orphan"]


def test_a_sweep_that_stands_still_is_found_by_its_steps_and_by_its_heartbeat(city: Store) -> None:
    some(city)
    assert codes(city, START + 60) == []
    assert codes(city, START + 61) == ["sweep"]
    assert sorted(codes(city, START + 300 + 61)) == ["overdue", "sweep"]
    assert not sweep(city, START + 300 + 61).faults
    assert codes(city, START + 300 + 61) == []
    with city.write() as connection:
        connection.execute(delete(HEARTBEAT))
    assert "sweep" in codes(city, START)


def test_a_missing_auditor_is_itself_a_fault(city: Store) -> None:
    with city.read() as connection:
        assert unattended(connection, START) is not None
    some(city)
    codes(city, START)
    with city.read() as connection:
        assert unattended(connection, START + 300) is None
        assert unattended(connection, START + 301) is not None


def test_looking_without_writing_leaves_no_heartbeat(city: Store) -> None:
    with city.read() as connection:
        audit(connection, START, write=False)
        assert connection.execute(HEARTBEAT.select()).all() == []


def test_the_slices_come_round(city: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditor, "SLICE", 2)
    tasks = sorted(some(city, 5))
    with city.write() as connection:
        connection.execute(
            update(DUE).where(DUE.c.task == tasks[4], DUE.c.done.is_(None)).values(task="T9-0001X")
        )
    seen = [codes(city) for _ in range(3)]
    assert seen == [[], [], ["no_step"]]
    assert codes(city) == []


def test_what_differs_is_found_in_its_stride_and_others_are_not_walked(
    city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step gone and an ended task's step left: the counts of all agree, those of two strides don't."""
    monkeypatch.setattr(auditor, "STRIDE", 2)
    monkeypatch.setattr(auditor, "SLICE", 1)
    tasks = sorted(some(city, 7))
    with city.write() as connection:
        connection.execute(delete(DUE).where(DUE.c.task == tasks[5], DUE.c.done.is_(None)))
        connection.execute(update(TASK).where(TASK.c.id == tasks[2]).values(closed=START))
    looked: list[str] = []
    real = auditor._without_step

    def counted(connection: Any, low: str, *rest: Any) -> list[auditor.Finding]:
        looked.append(low)
        return real(connection, low, *rest)

    monkeypatch.setattr(auditor, "_without_step", counted)
    assert sorted(codes(city)) == ["no_step", "orphan"]
    # Two strides, and the slice of every run.
    assert len(looked) == 3


def test_the_database_itself_allows_one_waiting_step_for_a_task(city: Store) -> None:
    task = some(city, 1)[0]
    row = {
        "task": task,
        "step": "other",
        "at": START,
        "kind": "remind",
        "cause": "",
        "clock": "",
        "to_level": "",
    }
    with pytest.raises(Exception, match="UNIQUE"), city.write() as connection:
        connection.execute(insert(DUE).values(policy_version=0, outcome="", **row))


# Who is next, when, and why is this here.


def test_the_panel_says_what_comes_next_when_to_whom_and_why(city: Store) -> None:
    task = some(city, 1)[0]
    with city.read() as connection:
        ahead = next_steps(connection, task, START)
        first = ahead[0]
        assert (first.at, first.kind, first.rule, first.policy_version) == (START + 300, "remind", 1, 0)
        assert first.who is not None
        assert (first.who.kind, first.who.code, first.who.phone) == ("member", "gm", "139")
        up = [step for step in ahead if step.kind == "escalate"]
        assert [(step.at - START, step.what.args["level"]) for step in up] == [(601, "C"), (1201, "M")]
        assert [step.who.code for step in up if step.who] == ["C1", "M1"]
        assert [step.at for step in ahead] == sorted(step.at for step in ahead)
        for step in ahead:
            for language in LANGUAGES:
                for message in (step.what, step.why):
                    assert "{" not in say(message, language)
                    assert not say(message, language).startswith("escalation.")
        assert next_steps(connection, "T9-0001X", START) == []


def test_what_is_announced_is_what_happens(city: Store) -> None:
    task = some(city, 1)[0]
    for _ in range(8):
        with city.read() as connection:
            now = connection.execute(DUE.select().where(DUE.c.task == task, DUE.c.done.is_(None))).one().at
            announced = [step for step in next_steps(connection, task, now) if step.at <= now]
            before = get(connection, task).level
        assert announced
        assert sweep(city, now - 1).steps == 0
        report = sweep(city, now)
        assert report.latest == 0
        with city.read() as connection:
            after = get(connection, task).level
        raised = any(step.kind == "escalate" for step in announced)
        assert (after != before) == (raised and before != "M")
        assert report.escalated == (after != before)


def test_why_a_task_is_here_is_read_from_its_log(city: Store) -> None:
    task = some(city, 1)[0]
    sweep(city, START + 700)
    with city.write() as connection:
        assert act(connection, CS, "hand_back", task, START + 700, {"note": "yours"}).ok is False
        assert act(connection, GM, "accept", task, START + 710).ok
        assert act(connection, CS, "hand_back", task, START + 720, {"note": "yours"}).ok
        assert act(connection, TS, "escalate", task, START + 730, {"reason": "too big for us"}).ok
        reasons = why_here(connection, task)
    assert [message.code.removeprefix("escalation.because.") for _, message in reasons] == [
        "escalate_hand",
        "hand_back",
        "escalate_system",
        "propose",
    ]
    assert reasons[2][1].args["cause"] == "ACCEPT"
    assert "too big for us" in say(reasons[0][1], "en")
    for _, message in reasons:
        for language in LANGUAGES:
            assert "{" not in say(message, language)


# Who watches the watcher.


def rung(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        return [
            (row.message.code.rpartition(".")[2], row.priority)
            for row in notices.listed(connection, grids=[CITY])
            if row.message.code.startswith("escalation.audit")
        ]


def test_a_missing_auditor_is_told_as_critical_by_the_sweep_and_only_while_the_sweep_runs_on(
    city: Store,
) -> None:
    some(city)
    codes(city, START)
    for second in range(0, 301, 15):
        sweep(city, START + second)
    assert rung(city) == []
    sweep(city, START + 315)
    assert rung(city) == [("auditor", "critical")]
    sweep(city, START + 330)
    assert rung(city) == [("auditor", "critical")]
    # A night without any process: the first sweep can't tell, and the auditor runs right after it.
    night = START + 8 * 3600
    sweep(city, night)
    codes(city, night)
    sweep(city, night + 15)
    assert rung(city) == [("auditor", "critical")]


def test_what_the_auditor_finds_rings_once_an_hour(city: Store) -> None:
    tasks = some(city)
    with city.write() as connection:
        connection.execute(delete(DUE).where(DUE.c.task == tasks[1]))
    for second in (0, 15, 30):
        sweep(city, START + second)
        codes(city, START + second)
    assert rung(city) == [("no_step", "critical")]


def test_differences_are_found_by_halving_wherever_they_are(
    city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor, "FEW", 3)
    monkeypatch.setattr(auditor, "SLICE", 1)
    tasks = sorted(some(city, 40))
    with city.write() as connection:
        for task in (tasks[0], tasks[17], tasks[39]):
            connection.execute(delete(DUE).where(DUE.c.task == task))
        connection.execute(update(TASK).where(TASK.c.id == tasks[30]).values(closed=START))
        report = audit(connection, START)
    named = {finding.task for finding in report.findings}
    # What cancels out in a part of the table (30 and 39) is left to the slices.
    assert {tasks[0], tasks[17]} <= named


def test_the_look_for_a_difference_is_bounded_and_says_that_there_is_one(
    city: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor, "FEW", 1)
    monkeypatch.setattr(auditor, "WALK", 0)
    monkeypatch.setattr(auditor, "SLICE", 1)
    tasks = sorted(some(city, 9))
    with city.write() as connection:
        connection.execute(delete(DUE).where(DUE.c.task == tasks[8]))
    assert codes(city) == ["counts"]
