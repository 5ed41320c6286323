"""Random acts: only the table's edges appear, everything else is refused with a reason, and facts stay facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from backend.tasks import clocks
from backend.tasks.edges import KINDS
from backend.tasks.machine import enters_for, offered
from backend.tasks.ops import Who, of_actor
from backend.tasks.parties import HELPS
from backend.tasks.states import CLOCK_OF_STATE, ENDED, LIVE, PRIORITIES, rank
from backend.words import LANGUAGES, say
from tests.unit.task_play import START, SYS, Play, at_state
from tests.unit.task_world import AD, CS, CV, DEPT, GM, GM_2, MS, MV, TS, TS_2, TV
from tests.unit.test_tasks_machine import ARBITRATION, PAPER

CO, CO_MEMBER = Who("co", "seat", "M", "", "D3"), Who("com", "member", "T", "", "D3")
"""Of a department that nothing is offered or sent to: all that it may ever be is a helper 协办."""
PEOPLE = (SYS, TS, TS_2, TV, CS, CV, MS, MV, GM, GM_2, AD, DEPT, CO, CO_MEMBER)
HOLDERS = ("gm", "gm2", "T1", "D1")
OTHER = replace(at_state("OPEN").task, id="T1-0002X")


def allowed() -> set[tuple[str, str, str]]:
    """Act, from, to of the paper; ``prior`` may lead to any state from which one comes in."""
    found: set[tuple[str, str, str]] = set()
    into = {"SUSPENDED": PAPER[14][1].split(), "OFFERED": PAPER[16][1].split()}
    for kinds, sources, to in PAPER.values():
        for kind in kinds.split():
            for source in sources.split() or [""]:
                for end in into[source] if to == "prior" else [source if to == "same" else to]:
                    found.add((kind, source, end))
    return found


ALLOWED = allowed()
LISTED = {kind for kinds, _, _ in PAPER.values() for kind in kinds.split()}
DULL = (
    "note",
    "attach",
    "call",
    "urge",
    "merge",
    "void",
    "dismiss",
    "mark_suspect",
    "clear_suspect",
    "breach",
)
"""Acts that move nothing, and those that end a task at once: `an_act` throws them too."""
WORDS = st.sampled_from(["", "weather", "false_alarm", "not_ours", "something else"])


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """What an actor may write: mostly sensible, sometimes not."""
    full: dict[str, Any] = {
        "type": "straw",
        "grid": "371702001001",
        "reason": draw(WORDS),
        "note": draw(st.sampled_from(["", "n"])),
        "cause": "hand",
        "ref": "p1",
        "holder": draw(st.sampled_from(HOLDERS)),
        "holder_kind": draw(st.sampled_from(["member", "centre", "department", "robot"])),
        "on_duty": draw(st.sampled_from([True, True, False])),
        "receiver": draw(st.sampled_from(["D1", "D2", "T1", "T3"])),
        "receiver_kind": draw(st.sampled_from(["department", "centre"])),
        "distance": draw(st.sampled_from([0, 300, 301, "near", None])),
        "result": draw(st.sampled_from(["put_out", "odd"])),
        "evidence": draw(st.sampled_from([["p1"], [], "p1"])),
        "pending": draw(st.sampled_from([[], [], ["p1"]])),
        "review_at": START + draw(st.integers(-1, 40)) * 86400,
        "seconds": draw(st.sampled_from([1, 3600, 10**7, -5, "x"])),
        "priority": draw(st.sampled_from(["critical", "low", "loud"])),
        "to_level": draw(st.sampled_from(["", "", "C", "M", "X"])),
        "into": "T1-0002X",
        "field": draw(st.sampled_from(["holder", "centre", "department", "state"])),
        "value": draw(st.sampled_from(["gm2", "D2"])),
        "second": draw(st.sampled_from(["mv", "ad", ""])),
        "confirmed": True,
        "co_departments": draw(st.sampled_from(["D3", "D1|D3", ["D3", "D2"], "", 7])),
    }
    left_out = draw(st.sets(st.sampled_from(sorted(full)), max_size=2))
    return {key: value for key, value in full.items() if key not in left_out}


class AnyActs(RuleBasedStateMachine):
    """Throws acts of anybody at one task."""

    def __init__(self) -> None:
        super().__init__()
        self.play = Play(other=OTHER)
        self.breached: set[str] = set()
        self.version = self.play.task.version
        self.helpers: tuple[str, ...] = ()
        """Who helped before the act."""

    @initialize(state=st.sampled_from(sorted({*LIVE, "CLOSED"})), priority=st.sampled_from(PRIORITIES))
    def begin(self, state: str, priority: str) -> None:
        self.play = replace(at_state(state, priority), other=OTHER)
        # Of a type that brings its lead and its helpers.
        self.play.task = replace(self.play.task, department="D1", co_departments="D2|D3")

    @rule(seconds=st.sampled_from([0, 1, 5, 60, 900, 7200, 86400, 10 * 86400]))
    def time_passes(self, seconds: int) -> None:
        self.play.wait(seconds)

    @rule(
        who=st.sampled_from(PEOPLE),
        kind=st.sampled_from((*KINDS, "close", "explode")),
        body=bodies(),
        behalf=st.sampled_from(["", "", *HOLDERS]),
        channel=st.sampled_from(["seat", "phone", "phone"]),
        seen=st.sampled_from(["now", "now", "now", "old", "none"]),
        online=st.sampled_from([True, True, True, False]),
    )
    def an_act(
        self, who: Who, kind: str, body: dict[str, Any], behalf: str, channel: str, seen: str, online: bool
    ) -> None:
        play, before = self.play, self.play.task
        self.helpers = before.co_handlers
        if kind == "recall" and play.last is not None:
            body = body | {"op": play.last.op}
        version = {"now": before.version, "old": max(0, before.version - 2), "none": None}[seen]
        op = of_actor(
            who, kind, before.id, body=body, on_behalf=behalf, channel=channel, version=version, online=online
        )
        decision = play.judge(op)
        after = play.task
        if decision.result != "applied":
            assert after == before
            assert decision.code
            for language in LANGUAGES:
                words = say(decision.message, language)
                assert not words.startswith(decision.code), decision.code
                assert "{" not in words, words
            return
        moved = before.state != after.state
        if kind in LISTED:
            assert (kind, before.state, after.state) in ALLOWED
        else:
            assert not moved or kind == "recall" or (kind, after.state) in ARBITRATION
        assert after.version in (before.version, before.version + 1)
        assert after.version == before.version + 1 or replace(after, breaches=before.breaches) == before
        self.judge_who(who, kind, op.doer, online)

    @rule(data=st.data(), body=bodies())
    def a_possible_act(self, data: st.DataObject, body: dict[str, Any]) -> None:
        """One of the acts that somebody is offered now, so that the far states are reached often."""
        play = self.play
        could = [
            (who, kind)
            for who in PEOPLE
            for kind, reason in offered(play.task, who, play.now, play.policy)
            if reason is None and kind not in DULL
        ]
        could += [(SYS, kind) for kind in ("unack", "offer_timeout", "unsuspend", "escalate")]
        kind = data.draw(st.sampled_from(sorted({kind for _, kind in could})))
        who = data.draw(st.sampled_from([who for who, what in could if what == kind]))
        behalf = enters_for(play.task, who, kind)
        sensible: dict[str, Any] = {
            "reason": "false_alarm" if kind == "dismiss" else "weather",
            "result": "put_out",
        }
        sensible |= {
            "review_at": play.now + 86400,
            "note": "n",
            "evidence": ["p1"],
            "distance": 1,
            "seconds": 60,
        }
        channel = "phone" if behalf else "seat"
        before, act = play.task.state, len(play.log)
        play.act(who, kind, body | sensible, on_behalf=behalf, channel=channel)
        if len(play.log) > act and kind in LISTED:
            assert (kind, before, play.task.state) in ALLOWED

    @rule(who=st.sampled_from([CO, CO_MEMBER]), kind=st.sampled_from(KINDS), body=bodies())
    def a_helper_tries(self, who: Who, kind: str, body: dict[str, Any]) -> None:
        """A helping department may do nothing that moves the task, whatever it writes and whatever is offered to it."""
        play, before = self.play, self.play.task
        if "D3" not in before.co_handlers:
            return
        could = {act for act, reason in offered(before, who, play.now, play.policy) if reason is None}
        assert could <= set(HELPS)
        sensible = {"reason": "weather", "note": "n", "seconds": 60, "to_level": "", "on_duty": True}
        decision = play.act(who, kind, body | sensible)
        assert decision.result != "applied" or kind in HELPS
        after = play.task
        assert (after.state, after.holder, after.level) == (before.state, before.holder, before.level)

    @rule(data=st.data())
    def a_recall(self, data: st.DataObject) -> None:
        """The newest act is taken back by whoever did it, in time or too late."""
        last = self.play.last
        if last is None:
            return
        before = self.play.task
        who = next((person for person in PEOPLE if person.actor == last.actor), TS)
        late = data.draw(st.booleans())
        self.play.wait(11 if late else 3)
        decision = self.play.act(who, "recall", {"op": last.op})
        if decision.result == "applied":
            assert last.kind != "recall"
            assert last.undo is not None
            assert self.play.now <= last.at + 10
            assert self.play.task.version == before.version + 1

    def judge_who(self, who: Who, kind: str, doer: str, online: bool) -> None:
        """Rights that must hold whatever the table says."""
        task = self.play.task
        if kind in ("verify_ok", "void", "merge", "suspend", "reopen", "force"):
            assert online
        if kind in ("verify_ok", "verify_no"):
            assert who.actor not in (task.reporter, task.recorder)
            assert rank(who.tier) >= rank(task.level)
            assert not task.supervised or who.tier == "M"
        if kind in ("void", "supervise", "suspend"):
            assert who.role == "supervisor"
            assert rank(who.tier) >= 1
        if kind in ("accept", "resume"):
            assert doer == task.holder or who.centre == task.holder or who.department == task.holder
        if kind == "verify_ok":
            assert not task.evidence_pending
        if kind == "force":
            assert who is AD
        if who in (CO, CO_MEMBER) and "D3" in self.helpers:
            assert kind in HELPS

    @invariant()
    def facts_stay(self) -> None:
        task = self.play.task
        assert task.version >= self.version
        self.version = task.version
        now_breached = set(task.breaches.split())
        assert self.breached <= now_breached
        self.breached = now_breached

    @invariant()
    def clocks_fit_the_state(self) -> None:
        task = self.play.task
        if not task.state:
            return
        open_ones = [s for s in task.segments if s.stopped is None]
        assert len({s.kind for s in open_ones}) == len(open_ones)
        if task.state in ENDED:
            assert not open_ones
            assert task.closed is not None
            return
        assert task.state in LIVE
        assert task.closed is None
        wanted = CLOCK_OF_STATE.get(task.state)
        running = {s.kind for s in open_ones if s.running}
        if wanted is not None:
            clock = task.state_clock()
            assert clock is not None
            assert clock.running or task.dark or task.arbitration
            due = clocks.due_at(clock, self.play.policy.calendars) if clock.running else None
            assert task.due == due
        stages = running - {"TOTAL", "LEVEL_ACK"}
        assert stages <= ({wanted} if wanted else set())
        assert ("TOTAL" in running) == (task.state != "DRAFT")
        assert task.level_acked or "LEVEL_ACK" in running or task.priority == "low" or task.level == "M"
        assert task.returns <= self.play.policy.limits.returns
        assert task.extensions <= 2

    @invariant()
    def the_lead_is_none_of_those_that_help(self) -> None:
        task = self.play.task
        assert len(set(task.co_handlers)) == len(task.co_handlers)
        assert not task.department or task.department not in task.co_handlers

    @invariant()
    def holders_fit_the_state(self) -> None:
        task = self.play.task
        if task.state in ("DISPATCHED", "ACCEPTED", "ON_SITE", "REPORTED", "REWORK"):
            assert task.holder
        if task.state in ("OPEN", "RETURNED", "DRAFT"):
            assert not task.holder or task.moved_kind in ("decline", "offer_timeout")
        assert (task.state == "OFFERED") == bool(task.offered_to)
        assert (task.state in ("SUSPENDED", "OFFERED")) == bool(task.prior_state) or task.state in ENDED


AnyActs.TestCase.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
TestAnyActs = AnyActs.TestCase
