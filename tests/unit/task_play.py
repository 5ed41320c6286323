"""Tasks in memory: the pure machine without a store, for tests that play many acts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from backend.tasks.machine import Decision, decide
from backend.tasks.ops import Op, Who, of_actor
from backend.tasks.policy import Policy, default_text, parsed
from backend.tasks.taskstate import Facts, LastAct, TaskState, proposed
from tests.unit.task_world import CELL, COUNTY, TOWN, TS

POLICY = parsed(0, default_text(), "Asia/Shanghai")
START = 1793692800
SYS = Who("SYS", "system", "M")
RESULTS = ("put_out", "not_found")


def blank(priority: str = "medium", **body: Any) -> TaskState:
    """A task that does not exist yet."""
    content = {
        "type": "straw",
        "grid": CELL,
        "township": TOWN,
        "county": COUNTY,
        "priority": priority,
        "centre": "T1",
    }
    op = of_actor(TS, "propose", "T1-0001Y", body=content | body)
    return proposed(op, "T1-0001Y", 0, START)


@dataclass
class Play:
    """One task, moved by acts; remembers the newest one for a recall."""

    task: TaskState = field(default_factory=blank)
    now: int = START
    policy: Policy = POLICY
    other: TaskState | None = None
    last: LastAct | None = None
    log: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, from, to of every applied act."""

    def act(self, who: Who, kind: str, body: dict[str, Any] | None = None, **rest: Any) -> Decision:
        """Judge an act at the task's present version, and apply it."""
        rest.setdefault("version", self.task.version)
        if kind == "propose" and body is None:
            body = {"type": "straw", "grid": CELL, "priority": self.task.priority}
        return self.judge(of_actor(who, kind, self.task.id, body=body or {}, **rest))

    def judge(self, op: Op) -> Decision:
        """Judge an operation, and apply it."""
        facts = Facts(results=RESULTS, other=self.other, last=self.last)
        decision = decide(self.task, op, self.now, self.policy, facts)
        if decision.result == "applied":
            self.log.append((op.kind, self.task.state, decision.task.state))
            self.task = decision.task
            if op.kind not in ("note", "attach", "call", "urge", "breach", "mark_suspect", "clear_suspect"):
                undo = dict(decision.undo) if decision.undo else None
                self.last = LastAct(op.id, op.kind, op.actor, self.now, undo)
        return decision

    def wait(self, seconds: int) -> Play:
        """Let time pass."""
        self.now += seconds
        return self


def at_state(state: str, priority: str = "medium") -> Play:
    """A task in a state, by the shortest way there."""
    from tests.unit.task_world import CV, GM

    play = Play(blank(priority))
    steps: list[tuple[Who, str, dict[str, Any]]] = [
        (SYS, "propose", {"type": "straw", "grid": CELL, "priority": priority}),
        (TS, "file", {}),
        (TS, "dispatch", {"holder": "gm"}),
        (GM, "accept", {}),
        (GM, "arrive", {"distance": 10}),
        (GM, "report", {"result": "put_out", "evidence": ["photo-1"]}),
    ]
    line = ["DRAFT", "OPEN", "DISPATCHED", "ACCEPTED", "ON_SITE", "REPORTED"]
    side: dict[str, tuple[str, list[tuple[Who, str, dict[str, Any]]]]] = {
        "CLOSED": ("REPORTED", [(TS, "verify_ok", {})]),
        "REWORK": ("REPORTED", [(TS, "verify_no", {"reason": "still burning"})]),
        "RETURNED": ("DISPATCHED", [(GM, "return", {"reason": "not mine"})]),
        "SUSPENDED": (
            "ON_SITE",
            [
                (TS, "ask_suspend", {"reason": "weather", "review_at": START + 86400}),
                (replace(CV, tier="M"), "suspend", {"reason": "weather", "review_at": START + 86400}),
            ],
        ),
        "OFFERED": ("ACCEPTED", [(TS, "transfer", {"receiver": "D1"})]),
        "CANCELLED": ("OPEN", [(CV, "void", {"reason": "wrong"})]),
        "MERGED": ("OPEN", [(TS, "merge", {"into": "T1-0002X"})]),
    }
    base, extra = side.get(state, (state, []))
    if state == "MERGED":
        play.other = replace(at_state("OPEN").task, id="T1-0002X")
    for who, kind, body in steps[: line.index(base) + 1] + extra:
        decision = play.act(who, kind, body)
        assert decision.result == "applied", (kind, decision.code, decision.args)
    assert play.task.state == state
    return play
