"""Random histories against the straightforward reference: the same steps, levels and misses, minute for minute."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import insert, select

from backend.city.tables import PolicyText
from backend.escalation.plan import DUE
from backend.escalation.policy import faults_of
from backend.escalation.sweep import sweep
from backend.store import Store, table
from backend.store.backup import backup
from backend.tasks.ops import Who
from backend.tasks.rows import SEGMENT
from tests.conftest import START
from tests.unit.escalation_reference import CLOCK_OF, MINUTE, NOBODY, STEPS, RefTask, policy_text
from tests.unit.task_world import CS, GM, MV, TS, TV, act, build, draft, get, on

POLICY = table(PolicyText)
HOUR = 3600
MEMORY = Path("/dev/shm")
"""A disk in memory, where there is one: the test waits for no disk."""
NEXT: dict[str, tuple[Who, str, dict[str, Any], str]] = {
    "DRAFT": (TS, "file", {}, "OPEN"),
    "OPEN": (TS, "dispatch", {"holder": "gm"}, "DISPATCHED"),
    "RETURNED": (CS, "dispatch", {"holder": "gm2"}, "DISPATCHED"),
    "DISPATCHED": (TS, "accept", {}, "ACCEPTED"),
    "ACCEPTED": (TS, "arrive", {}, "ON_SITE"),
    "ON_SITE": (TS, "report", {"result": "x"}, "REPORTED"),
    "REPORTED": (MV, "verify_no", {"reason": "x"}, "REWORK"),
    "REWORK": (TS, "resume", {}, "ON_SITE"),
}
BY_PHONE = ("accept", "arrive", "report", "resume")
RANK = {"T": 0, "C": 1, "M": 2}


def test_the_references_policy_is_sound() -> None:
    assert faults_of(policy_text(1)) == ()
    assert faults_of(policy_text(2)) == ()


@cache
def template() -> bytes:
    """A store with the city, made once."""
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "store.db")
        build(store, duty=False)
        with store.write() as connection:
            on(connection, "centre", "T1", start_minute=8 * 60, end_minute=22 * 60)
        copy = Path(folder) / "copy.db"
        backup(store, copy)
        store.close()
        return copy.read_bytes()


class Reference(RuleBasedStateMachine):
    """One task of the product and one of the reference, moved together."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.path = Path(self.folder.name) / "store.db"
        self.path.write_bytes(template())
        self.store = Store.open(self.path)
        self.now = START
        self.factor = 1
        self.versions = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @initialize(
        priority=st.sampled_from(["high", "low"]), depth=st.integers(0, 7), late=st.sampled_from([0, 355])
    )
    def begin(self, priority: str, depth: int, late: int) -> None:
        """In the afternoon, or five minutes before the duty room closes."""
        self.now += late * MINUTE
        self.another_policy(1)
        with self.store.write() as connection:
            self.task = draft(connection, self.now, priority)
        self.ref = RefTask(priority, self.factor, self.now)
        self.ref.begin("TRIAGE")
        for _ in range(depth):
            self.go_on()

    def another_policy(self, factor: int) -> None:
        self.versions += 1
        self.factor = factor
        values = {"version": self.versions, "effective": self.now, "text": policy_text(factor), "note": ""}
        with self.store.write() as connection:
            connection.execute(insert(POLICY).values(**values))

    # What happens.

    @rule(minutes=st.sampled_from([1, 2, 4, 5, 8, 10, 61, 600]), sweeps=st.booleans())
    def time_passes(self, minutes: int, sweeps: bool) -> None:
        """With a sweep each minute, or with none: an outage, over midnight and week-ends too."""
        for _ in range(minutes):
            self.ref.minute()
            if sweeps and minutes <= 10:
                self.now = self.ref.now
                self.swept()
        self.now = self.ref.now

    @rule(
        off=st.sampled_from([-1, 0, 0, 1]),
        share=st.sampled_from([50, 80, 100, 100, 200]),
        early=st.booleans(),
    )
    def it_comes_to_a_share_of_its_clock(self, off: int, share: int, early: bool) -> None:
        """To the very minute, one before or one after; swept a minute early, or not at all until then."""
        running = [clock for clock in self.ref.clocks if not clock.standing_still]
        clock = min(running, key=lambda one: one.target - one.used, default=None)
        if clock is None:
            return
        goal, waited = -(-clock.target * share // 100) + off, 0
        while clock.used < goal and waited < 3000 and clock in self.ref.clocks:
            if early and clock.used == goal - 1:
                self.now = self.ref.now
                self.swept()
            self.ref.minute()
            waited += 1
        self.now = self.ref.now
        self.swept()

    @rule()
    def it_is_swept(self) -> None:
        self.swept()
        # Once more, and by a clock that has jumped back: nothing.
        assert sweep(self.store, self.now).steps == 0
        assert sweep(self.store, self.now - HOUR).steps == 0

    def swept(self) -> None:
        report = sweep(self.store, self.now)
        assert not report.faults
        self.ref.sweep()

    @rule()
    def the_next_act(self) -> None:
        """The task goes on its way, at whatever instant, the due one too."""
        self.go_on()

    def go_on(self) -> None:
        ref = self.ref
        if ref.state not in NEXT:
            return
        who, kind, body, to = NEXT[ref.state]
        if kind in ("file", "dispatch") and RANK[who.tier] < RANK[ref.level]:
            who = MV
        behalf = "" if kind not in BY_PHONE else self.holder()
        if not self.did(who, kind, body, behalf):
            return
        moved = ref.state != to
        before, ref.state = ref.state, to
        if kind == "file":
            ref.factor = self.factor
        match kind:
            case "verify_no":
                ref.stage("DISPOSE", max(1, ref.minutes("DISPOSE") // 2))
            case "resume":
                pass
            case _:
                ref.stage(CLOCK_OF[to])
        if kind == "file":
            ref.begin("TOTAL")
        assert moved or before == to
        self.by_the_tier(who)

    def by_the_tier(self, who: Who) -> None:
        """A move by the accountable tier is an answer."""
        if RANK[who.tier] >= RANK[self.ref.level] and who.role in ("seat", "supervisor"):
            self.ref.answered()

    def holder(self) -> str:
        with self.store.read() as connection:
            return get(connection, self.task).holder

    def did(self, who: Who, kind: str, body: dict[str, Any], behalf: str = "") -> bool:
        """Do it in the product; the reference notes what had run out by then."""
        channel = {"channel": "phone"} if behalf else {}
        with self.store.write() as connection:
            done = act(connection, who, kind, self.task, self.now, body, on_behalf=behalf, **channel)
        if done.ok and done.message.code != "task.same":
            self.ref.note_misses()
        return done.ok and done.message.code != "task.same"

    @precondition(lambda self: self.ref.state in ("ACCEPTED", "ON_SITE"))
    @rule()
    def it_is_suspended(self) -> None:
        review = {"reason": "weather", "review_at": self.now + 20 * 86400}
        self.did(TS, "ask_suspend", review)
        if self.did(MV, "suspend", review):
            self.ref.prior, self.ref.state = self.ref.state, "SUSPENDED"
            self.ref.stand_still(True)
            self.by_the_tier(MV)

    @precondition(lambda self: self.ref.state == "SUSPENDED")
    @rule()
    def it_goes_on(self) -> None:
        if self.did(MV, "unsuspend", {}):
            self.ref.state, self.ref.prior = self.ref.prior, ""
            self.ref.stand_still(False)
            self.by_the_tier(MV)

    @precondition(lambda self: self.ref.state in ("OPEN", "ACCEPTED", "ON_SITE", "REPORTED"))
    @rule()
    def it_is_offered_and_declined_later(self) -> None:
        """Over a stretch in which the giver's clock stands still, at most till just before the offer runs out."""
        who = MV
        if not self.did(who, "transfer", {"receiver": "D1"}):
            return
        ref = self.ref
        ref.prior, ref.state = ref.state, "OFFERED"
        ref.stand_still(True)
        ref.begin("OFFER")
        self.by_the_tier(who)
        for _ in range(7):
            ref.minute()
        self.now = ref.now
        dept = Who("dp", "seat", "T", "", "D1")
        if self.did(dept, "decline", {"reason": "x"}):
            offer = ref.find("OFFER")
            assert offer is not None
            ref.end(offer)
            ref.state, ref.prior = ref.prior, ""
            ref.stand_still(False)
            self.by_the_tier(dept)

    @precondition(lambda self: self.ref.state in CLOCK_OF and self.ref.state != "DRAFT")
    @rule(minutes=st.sampled_from([1, 5, 7]))
    def it_is_extended(self, minutes: int) -> None:
        clock = self.ref.find(CLOCK_OF[self.ref.state])
        if clock is not None and self.did(MV, "extend", {"reason": "x", "seconds": minutes * MINUTE}):
            self.ref.retarget(clock, clock.target + minutes)

    @rule()
    def its_priority_is_changed(self) -> None:
        ref = self.ref
        other = "low" if ref.priority == "high" else "high"
        if not self.did(MV, "prioritise", {"priority": other, "reason": "x"}):
            return
        old, ref.priority = ref.priority, other
        for clock in list(ref.clocks):
            ratio = (3, 1) if old == "high" else (1, 3)
            ref.retarget(clock, max(1, clock.target * ratio[0] // ratio[1]))

    @rule()
    def somebody_raises_it(self) -> None:
        if self.did(TV, "escalate", {"reason": "big"}):
            self.ref.rise()

    @rule()
    def the_upper_tier_answers(self) -> None:
        who = MV if self.ref.level == "M" else CS
        if self.ref.find("LEVEL_ACK") is not None and self.did(who, "ack", {}):
            self.ref.answered()

    @rule(factor=st.sampled_from([1, 2]))
    def the_policy_changes(self, factor: int) -> None:
        """What is filed keeps its own; a draft is filed under the new one."""
        if self.versions < 4:
            self.another_policy(factor)

    @rule()
    def it_is_started_anew(self) -> None:
        self.store.close()
        self.store = Store.open(self.path)

    # What must agree.

    @invariant()
    def the_same_was_done_for_the_same_reasons(self) -> None:
        if not hasattr(self, "ref"):
            return
        with self.store.read() as connection:
            state = get(connection, self.task)
            order = (
                select(SEGMENT.c.id, SEGMENT.c.kind).where(SEGMENT.c.task == self.task).order_by(SEGMENT.c.id)
            )
            numbers: dict[int, tuple[str, int]] = {}
            seen: dict[str, int] = {}
            for row in connection.execute(order):
                numbers[row.id] = (row.kind, seen.get(row.kind, 0))
                seen[row.kind] = seen.get(row.kind, 0) + 1
            query = select(DUE.c.step).where(DUE.c.task == self.task, DUE.c.done.is_not(None))
            done = [step.split("/") for step in connection.execute(query).scalars()]
            taken = {(*numbers[int(step[1])], int(step[2])) for step in done if step[0] in STEPS}
            taken |= {(NOBODY, numbers[int(step[1])][1], 0) for step in done if step[0] == NOBODY}
        assert taken == self.ref.taken
        assert state.level == self.ref.level
        assert state.state == self.ref.state
        assert set(state.breaches.split()) == self.ref.missed


Reference.TestCase.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
TestReference = Reference.TestCase

__all__ = ["GM"]
