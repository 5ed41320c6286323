"""Random nights of acts, waiting, sweeps and outages: nothing forgotten, nothing doubled, nothing late."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from backend.duty import changes
from backend.duty.pick import pick_holder
from backend.escalation.auditor import audit
from backend.escalation.plan import DUE
from backend.escalation.steps import first_of
from backend.escalation.sweep import sweep
from backend.store import Store, table
from backend.tasks import clocks
from backend.tasks.machine import enters_for, offered
from backend.tasks.ops import Who
from backend.tasks.policy import default_text, parsed
from backend.tasks.rows import TASK, load_many
from backend.tasks.states import rank
from backend.tasks.tables import Act
from tests.conftest import START
from tests.unit.task_world import CS, CV, DEPT, GM, MS, MV, TS, TS_2, TV, act, build, draft, get

ACT = table(Act)
POLICY = parsed(0, default_text(), "Asia/Shanghai")
PEOPLE = (TS, TS_2, TV, CS, CV, MS, MV, GM, DEPT)
EVERY = 15
WAY: tuple[tuple[Who, str, dict[str, Any]], ...] = (
    (TS, "file", {}),
    (TS, "dispatch", {"holder": "gm"}),
    (GM, "accept", {}),
    (GM, "arrive", {"distance": 1}),
    (GM, "report", {"result": "x", "evidence": ["p"]}),
    (TS, "verify_no", {"reason": "x"}),
    (GM, "resume", {}),
)
DULL = (
    "merge",
    "void",
    "dismiss",
    "attach",
    "call",
    "mark_suspect",
    "clear_suspect",
    "note",
    "urge",
    "prioritise",
    "force",
)


class Night(RuleBasedStateMachine):
    """A township's tasks under a sweep that mostly runs."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store.memory()
        build(self.store)
        self.now = START
        self.tasks: list[str] = []
        self.swept_at = START

    def teardown(self) -> None:
        self.store.close()

    @rule(priority=st.sampled_from(["critical", "high", "low"]), depth=st.integers(0, len(WAY)))
    def a_new_task(self, priority: str, depth: int) -> None:
        """A task that has come some way."""
        if len(self.tasks) == 4:
            return
        with self.store.write() as connection:
            task = draft(connection, self.now, priority)
            for who, kind, body in WAY[:depth]:
                assert act(connection, who, kind, task, self.now, body).ok
            self.tasks.append(task)

    @rule(data=st.data())
    def an_act(self, data: st.DataObject) -> None:
        if not self.tasks:
            return
        task = data.draw(st.sampled_from(self.tasks))
        with self.store.write() as connection:
            state = get(connection, task)
            could = [
                (who, kind)
                for who in PEOPLE
                for kind, reason in offered(state, who, self.now, POLICY)
                if reason is None and kind not in DULL
            ]
            kinds = sorted({kind for _, kind in could})
            if not kinds:
                return
            kind = data.draw(st.sampled_from(kinds))
            who: Who = data.draw(st.sampled_from([w for w, k in could if k == kind]))
            behalf = enters_for(state, who, kind)
            body: dict[str, Any] = {
                "reason": "weather", "note": "n", "holder": data.draw(st.sampled_from(["gm", "gm2"])),
                "receiver": data.draw(st.sampled_from(["D1", "T3"])), "result": "x", "evidence": ["p"], "distance": 1,
                "review_at": self.now + 3600, "seconds": 60,
                "priority": data.draw(st.sampled_from(["critical", "low"])),
            }  # fmt: skip
            act(
                connection,
                who,
                kind,
                task,
                self.now,
                body,
                on_behalf=behalf,
                channel="phone" if behalf else "seat",
            )

    @rule(bodies=st.sampled_from(["T1", "gm", "T1 gm", "T1 gm"]), back=st.booleans())
    def somebody_leaves(self, bodies: str, back: bool) -> None:
        """The duty room closes, the member goes off duty, or both, without anybody having known; or they are back."""
        self.a_new_task("low", 1)
        with self.store.write() as connection:
            held = [one for one in changes.listed(connection, self.now) if one.body in bodies.split()]
            for one in held if back else ():
                assert changes.withdraw(connection, one.id, by="cs", now=self.now).ok
            for body in () if back and held else bodies.split():
                kind = "centre" if body == "T1" else "member"
                assert changes.replace_on_duty(
                    connection, kind, body, self.now, self.now + 5 * 3600,
                    name="", phone="", instead="", reason="x", by="cs", now=self.now,
                ).ok  # fmt: skip

        self.the_sweep_runs(2, EVERY)

    @rule(turns=st.integers(1, 12), pace=st.sampled_from([EVERY, 60]))
    def the_sweep_runs(self, turns: int, pace: int) -> None:
        """On time: no step is later than the pace."""
        for _ in range(turns):
            gap = max(pace, self.now - self.swept_at + pace)
            self.now += pace
            report = sweep(self.store, self.now)
            assert not report.faults
            assert report.latest <= gap
            self.swept_at = self.now

    @rule(seconds=st.sampled_from([0, 1, 299, 7200, 3 * 86400]))
    def an_outage(self, seconds: int) -> None:
        """Nothing sweeps for a while; then it does, twice."""
        self.now += seconds
        first = sweep(self.store, self.now)
        assert not first.faults
        assert first.notices <= len(self.tasks)
        again = sweep(self.store, self.now)
        assert again.steps == 0, again
        self.swept_at = self.now

    @invariant()
    def every_open_task_has_one_next_instant(self) -> None:
        with self.store.read() as connection:
            found = audit(connection, self.now, grace=10**9, write=False)
            assert [f for f in found.findings if f.message.code != "escalation.audit.sweep"] == []
            open_tasks = connection.execute(select(TASK.c.id).where(TASK.c.closed.is_(None))).scalars().all()
            waiting = connection.execute(select(DUE.c.task).where(DUE.c.done.is_(None))).scalars().all()
            assert sorted(waiting) == sorted(open_tasks)

    @invariant()
    def nothing_is_raised_twice_for_one_cause(self) -> None:
        with self.store.read() as connection:
            rows = connection.execute(
                select(ACT.c.task, ACT.c.op).where(
                    ACT.c.kind == "escalate", ACT.c.role == "system", ACT.c.result == "applied"
                )
            ).all()
            steps = [(row.task, row.op.split(":", 4)[-1]) for row in rows]
            assert len(steps) == len(set(steps))
            done = connection.execute(
                select(func.count())
                .select_from(DUE)
                .where(DUE.c.done.is_not(None), DUE.c.outcome == "applied")
            ).scalar_one()
            assert done >= len(steps)

    @invariant()
    def whatever_was_missed_before_the_last_sweep_is_noted_and_raised(self) -> None:
        with self.store.read() as connection:
            for task in load_many(connection, self.tasks).values():
                if not task.live:
                    continue
                for segment in task.segments:
                    due = clocks.due_at(segment, POLICY.calendars)
                    late = due is not None and segment.running and due < self.swept_at
                    if late and segment.kind != "TOTAL":
                        assert segment.kind in task.breaches.split()
                        assert (
                            rank(task.level) > 0
                            or task.moved_kind == "hand_back"
                            or self.handed_back(connection, task.id)
                        )

    @invariant()
    def whoever_was_missing_at_the_last_sweep_was_noticed_by_it(self) -> None:
        with self.store.read() as connection:
            for task in load_many(connection, self.tasks).values():
                clock = task.state_clock()
                if task.state not in ("OPEN", "RETURNED") or task.about or clock is None:
                    continue
                # Who leaves at the instant of the sweep may have done so after it.
                at = self.swept_at - 1
                picked = pick_holder(connection, task.grid, at, POLICY.zone, exclude=task.prior_holder)
                if picked.vacant and clock.started <= at and task.moved_at <= at:
                    query = select(DUE.c.done).where(
                        DUE.c.task == task.id, DUE.c.step == f"nobody/{first_of(task, clock)}"
                    )
                    assert connection.execute(query).scalar_one_or_none() is not None

    def handed_back(self, connection: Any, task: str) -> bool:
        rows = connection.execute(
            select(ACT.c.id).where(ACT.c.task == task, ACT.c.kind == "hand_back", ACT.c.result == "applied")
        )
        return rows.first() is not None


Night.TestCase.settings = settings(max_examples=8, stateful_step_count=18, deadline=None)
TestNight = Night.TestCase
