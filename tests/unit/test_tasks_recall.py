"""A recall puts every clock back as it ran: due when it was due, and what was told of a miss is not told again."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.escalation.sweep import sweep
from backend.scores import making
from backend.scores.ledger import ENTRY
from backend.store import Store, table
from backend.tasks import clocks
from backend.tasks.machine import offered
from backend.tasks.states import LIVE, PRIORITIES
from backend.tasks.tables import Breach
from backend.tasks.taskstate import TaskState
from tests.conftest import START
from tests.unit.task_play import POLICY, at_state
from tests.unit.task_world import CV, GM, MV, TS, act, build, draft, get
from tests.unit.test_escalation_sweep import done_steps

BREACH = table(Breach)
DAY = 86400
BODY: dict[str, Any] = {
    "holder": "gm2", "receiver": "D1", "reason": "weather", "note": "n", "result": "put_out", "evidence": ["p1"],
    "distance": 1, "seconds": 60, "review_at": START + 60 * DAY, "priority": "critical", "to_level": "C",
}  # fmt: skip


def dues(task: TaskState) -> dict[str, int | None]:
    """When each clock that is not over is due."""
    return {s.kind: clocks.due_at(s, POLICY.calendars) for s in task.segments if s.stopped is None}


@given(
    state=st.sampled_from(sorted(LIVE)),
    priority=st.sampled_from(PRIORITIES),
    acts=st.lists(
        st.tuples(st.sampled_from([0, 7, 100, 3600, DAY, 9 * DAY]), st.integers(0, 99), st.integers(0, 10)),
        min_size=1, max_size=5,
    ),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_an_act_and_its_recall_leave_every_clock_due_when_it_was(
    state: str, priority: str, acts: list[tuple[int, int, int]]
) -> None:
    play = at_state(state, priority)
    for wait, choice, later in acts:
        play.wait(wait)
        could = [
            (who, kind)
            for who in (TS, GM, CV, MV)
            for kind, reason in offered(play.task, who, play.now, POLICY)
            if reason is None
        ]
        who, kind = could[choice % len(could)]
        before, was = play.task, dues(play.task)
        if play.act(who, kind, BODY, id=f"op-{play.now}-{kind}").result != "applied" or play.last is None:
            continue
        play.wait(later)
        if play.act(who, "recall", {"op": play.last.op}).result == "applied":
            assert dues(play.task) == was
            assert play.task.due == before.due


def test_a_recall_of_an_overdue_task_leaves_it_as_late_as_it_was_and_tells_nobody_again(store: Store) -> None:
    build(store)
    with store.write() as connection:
        task = draft(connection, START, "critical")
        assert act(connection, TS, "file", task, START).ok
        due = get(connection, task).due
    later = START + 9 * 3600
    for now in range(START, later, 300):
        assert not sweep(store, now).faults
    with store.read() as connection:
        assert get(connection, task).breaches
    told = [
        step for step in done_steps(store, task) if step[0].startswith(("DISPATCH", "nobody", "unattended"))
    ]
    assert told
    with store.write() as connection:
        assert act(connection, TS, "dispatch", task, later, {"holder": "gm"}, id="op-1").ok
        assert act(connection, TS, "recall", task, later + 3, {"op": "op-1"}).ok
        assert get(connection, task).due == due
    for now in range(later + 5, later + 900, 15):
        assert not sweep(store, now).faults
    again = [
        step for step in done_steps(store, task) if step[0].startswith(("DISPATCH", "nobody", "unattended"))
    ]
    assert again == told


def test_a_miss_is_scored_once_though_its_clock_goes_on_after_a_recall(store: Store) -> None:
    build(store)
    with store.write() as connection:
        task = draft(connection, START, "high")
        assert act(connection, TS, "file", task, START).ok
        assert act(connection, TS, "dispatch", task, START, {"holder": "gm"}).ok
        due = get(connection, task).due
        late = START + 3600
        assert act(connection, GM, "accept", task, late, id="op-1").ok
        assert act(connection, GM, "recall", task, late + 3, {"op": "op-1"}).ok
        assert act(connection, GM, "accept", task, late + 60).ok
        making.run(connection, POLICY.zone, late + 900)
        rows = connection.execute(select(BREACH).where(BREACH.c.kind == "ACCEPT")).all()
        causes = (
            connection.execute(select(ENTRY.c.cause).where(ENTRY.c.item == "accept_late")).scalars().all()
        )
    # Each act notes the miss by the segment that ran, all of them as of the same instant.
    assert [row.due for row in rows] == [due, due]
    assert len(causes) == 1
