"""A month of a county with its townships, driven headless by a moved clock: nothing forgotten, late, doubled or lost.

People propose, send, accept, arrive, report, verify; some are slow, some never answer, one township is silent for
three days, some duty rooms are empty at night; offers run out, works are suspended, orders come from above, the line
of a centre breaks, the policy changes on the fifteenth. The sweep runs on every quarter of a minute at which something
is due. In the middle the store is closed and opened again, and a process that acts and sweeps is killed at a random
instant, fifty times together; whoever was killed sends its acts again. Twice nothing sweeps for hours.

At the end every step that a plain recount of the clocks asks for must have been taken, once, no later than one sweep.

    python -m tests.bench.month_county [--days 30] [--per-day 60] [--restarts 50] [--seed 1]

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, Debian 12, Python 3.11.7: 1,823 tasks, 46 arbitrations, 16,372 acts,
12,651 sweeps that took 13,405 steps, 2,078 escalations, 50 restarts, 15 of them after a kill, in 236 s; of 51,834 steps
that the recount asked about 7,438 were due and taken, each once and within one sweep (15 s), 91 fell into the hours in
which nothing swept and their clock had ended by then; no act lost or doubled; 6 tasks still open, each with its owner
and next instant. 204 times nobody of a township could be sent, 61 of them once the clock ran already: the step came
within 15 s.

With townships that everybody leaves unannounced, three times a day (ten
days with 17 restarts, seed 1, 510 s; five with 8, seed 3, 309 s): 105 times nobody could be sent, 32 of them once the
clock ran already; the longest from the emptying to its step was 14 and 15 s, within one sweep. It had been up to 4.2 h.
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, insert, select

from backend.access import Actor
from backend.city.tables import PolicyText
from backend.clock import ManualClock
from backend.desk import proof
from backend.desk.desk import Desk
from backend.duty.pick import pick_holder
from backend.escalation import outage
from backend.escalation.auditor import audit
from backend.escalation.plan import DUE, plan
from backend.escalation.sweep import sweep
from backend.store import Store, table
from backend.tasks.apply import apply
from backend.tasks.facts import ACT
from backend.tasks.ops import Op, Who, by_system, of_actor
from backend.tasks.policy import default_text, policy_version
from backend.tasks.rows import TASK, load
from backend.tasks.taskstate import TaskState
from backend.words import Outcome
from tests.bench import county_city as county
from tests.bench.county_recount import EVERY, recount

DAY, HOUR = 86400, 3600
START: Final = 1793462400
"""2026-10-31 16:00 UTC: midnight of the first of November in the city."""


@dataclass
class Drive:
    """The month: what people do next, the clock, and what is counted."""

    path: Path
    random: random.Random
    per_day: int
    days: int
    store: Store = field(init=False)
    now: int = START
    agenda: list[tuple[int, int, str, str]] = field(default_factory=list)
    """When, in which order, what, to which task."""
    count: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    proposed: list[str] = field(default_factory=list)
    latest: int = 0
    """The greatest lateness that a sweep told of."""
    outages: list[tuple[int, int]] = field(default_factory=list)
    left: list[tuple[str, int, int]] = field(default_factory=list)
    """Townships that everybody left, from when to when."""
    serial: int = 0
    known: set[str] = field(default_factory=set)
    """Arbitrations that somebody has on the agenda."""

    def __post_init__(self) -> None:
        self.store = Store.open(self.path)

    # What people do.

    def later(self, seconds: float, what: str, task: str = "") -> None:
        """Put something on the agenda."""
        self.serial += 1
        heapq.heappush(self.agenda, (self.now + max(1, int(seconds)), self.serial, what, task))

    def draw(self, mean: float) -> float:
        """A delay with this mean, now and then a very long one."""
        return self.random.expovariate(1 / mean) * (12 if self.random.random() < 0.03 else 1)

    def op(self, who: Who, kind: str, task: str, body: dict[str, Any], behalf: str = "") -> Op:
        """An act with an id that a repetition finds again."""
        self.serial += 1
        return of_actor(
            who,
            kind,
            task,
            id=f"op-{self.serial}",
            body=body,
            on_behalf=behalf,
            channel="phone" if behalf else "seat",
            version=self.version(task),
        )

    def version(self, task: str) -> int | None:
        """The version that the person sees."""
        if not task:
            return None
        with self.store.read() as connection:
            return connection.execute(select(TASK.c.version).where(TASK.c.id == task)).scalar_one_or_none()

    def done(self, op: Op) -> Outcome:
        """Apply an act, and think of what follows."""
        with self.store.write() as connection:
            outcome = apply(connection, op, self.now, planner=plan)
        self.count["acts"] += 1
        if not outcome.ok:
            self.refused[outcome.message.code.rpartition(".")[2]] += 1
        return outcome

    def silent(self, task: TaskState) -> bool:
        """Whether the township answers nothing now: three days in the second week."""
        day = (self.now - START) // DAY
        return task.township == county.SILENT and 9 <= day < 12

    def propose(self) -> None:
        """A draft from an alarm, now and then an order from above."""
        township = self.random.choice(county.TOWNSHIPS)
        priority = self.random.choices(["critical", "high", "medium", "low"], [5, 15, 50, 30])[0]
        body: dict[str, Any] = {
            "type": self.random.choice(county.TYPES),
            "grid": f"{township}-01",
            "priority": priority,
            "suspect": self.random.random() < 0.05,
        }
        self.serial += 1
        if self.random.random() < 0.02:
            body |= {
                "order": f"ZL-{self.serial}",
                "due": self.now + self.random.randrange(HOUR, 3 * DAY),
                "type": "order",
            }
        if self.random.random() < 0.04:
            body["type"] = "equipment"
        outcome = self.done(by_system("propose", "", f"op-{self.serial}", body))
        task = str(outcome.data["task"])
        self.proposed.append(task)
        self.later(self.draw(240), "move", task)

    def move(self, task: str) -> None:
        """Whoever must, does the next thing; or nothing, and looks again later."""
        with self.store.read() as connection:
            state = load(connection, task)
            picked = None
            if state is not None and state.state in ("OPEN", "RETURNED"):
                zone = policy_version(connection, state.policy_version).zone
                picked = pick_holder(connection, state.grid, self.now, zone, exclude=state.prior_holder)
        if state is None or not state.live:
            return
        if self.silent(state) and state.level == "T":
            self.later(2 * HOUR, "move", task)
            return
        act = self.choose(state, picked)
        if act is not None:
            self.done(self.op(act[0], act[1], task, act[2], act[3]))
        mean = {"critical": 200, "high": 500, "medium": 1500, "low": 4000}[state.priority]
        self.later(self.draw(mean), "move", task)

    def choose(self, state: TaskState, picked: Any) -> tuple[Who, str, dict[str, Any], str] | None:
        """The next act of a task, by whom, with what, on whose behalf."""
        who, roll = county.seat(state.level, state.township), self.random.random()
        holder = {"reason": "x", "note": "n", "distance": 20}
        match state.state:
            case "DRAFT":
                if roll < 0.08 and state.priority != "critical":
                    return who, "dismiss", {"reason": "false_alarm"}, ""
                return who, "file", {"confirmed": True}, ""
            case "OPEN" | "RETURNED" if state.about:
                return who, "settle", {"to": self.random.choice(["giver", "receiver"]), "reason": "x"}, ""
            case "OPEN" | "RETURNED":
                if state.type == "equipment":
                    to = {"holder": county.CONTRACTOR, "holder_kind": "department"}
                elif (best := picked.best) is not None:
                    to = {"holder": best.code, "holder_kind": best.kind}
                else:
                    to = {"holder": "C1", "holder_kind": "centre"}
                return (who if state.returns < 2 else county.seat("C", "")), "dispatch", to, ""
            case "DISPATCHED":
                return (
                    (who, "return" if roll < 0.06 else "accept", holder, state.holder)
                    if roll < 0.95
                    else None
                )
            case "ACCEPTED":
                return self.on_the_way(state, who, roll, holder)
            case "ON_SITE":
                if roll < 0.03:
                    return who, "ask_extend", {"reason": "x", "seconds": 600}, ""
                done = {"result": "rectified", "evidence": ["p1"]}
                return who, "report", done, state.holder
            case "REWORK":
                return who, "resume", {}, state.holder
            case "REPORTED":
                tier = "M" if state.supervised else state.level
                kind = "verify_no" if roll < 0.12 else "verify_ok"
                return county.second(tier, state.township), kind, {"reason": "x"}, ""
            case "OFFERED":
                if roll < 0.3:
                    return None
                return who, "take" if roll < 0.7 else "decline", {"reason": "x"}, state.offered_to
            case "SUSPENDED" if roll < 0.3:
                return county.supervisor("M"), "unsuspend", {}, ""
        return None

    def on_the_way(
        self, state: TaskState, who: Who, roll: float, holder: dict[str, Any]
    ) -> tuple[Who, str, dict[str, Any], str] | None:
        """From acceptance: there, handed on, or put aside for days."""
        review = {"reason": "weather", "review_at": self.now + self.random.randrange(HOUR, 6 * DAY)}
        if state.asked == "suspend":
            return county.supervisor("M"), "suspend" if roll < 0.8 else "deny", review, ""
        if roll < 0.06 and not state.arbitration:
            kind = self.random.choice(["department", "centre"])
            to = (
                county.DEPARTMENT
                if kind == "department"
                else county.centre(self.random.choice(county.TOWNSHIPS))
            )
            return who, "transfer", {"receiver": to, "receiver_kind": kind}, ""
        if roll < 0.1:
            return who, "ask_suspend", review, ""
        if roll < 0.13:
            return county.supervisor("C"), "supervise", {}, ""
        return who, "arrive", holder, state.holder

    # The clock.

    def run(self, restarts: list[int], outages: list[tuple[int, int]]) -> None:
        """The month, and five days in which nothing new comes."""
        end, last = START + self.days * DAY, START + (self.days + 5) * DAY
        at = START
        while at < end:
            at += int(self.random.expovariate(self.per_day / DAY)) + 1
            heapq.heappush(self.agenda, (at, -at, "propose", ""))
        heapq.heappush(self.agenda, (START + self.days * DAY // 2, 0, "policy", ""))
        heapq.heappush(self.agenda, (START + 5 * DAY, 0, "dark", ""))
        heapq.heappush(self.agenda, (START + 5 * DAY + 5 * HOUR, 0, "light", ""))
        for day in range(self.days):
            for _ in range(3):
                at = START + day * DAY + self.random.randrange(DAY)
                heapq.heappush(self.agenda, (at, -at, "leave", ""))
        self.outages = outages
        while self.now < last:
            due = self.next_due()
            act = self.agenda[0][0] if self.agenda else last
            grid = -(-due // EVERY) * EVERY if due is not None else last
            if self.dark_sweep(grid):
                grid = next(stop for start, stop in outages if start <= grid < stop)
            self.now = max(self.now, min(act, grid, last))
            if self.agenda and act <= grid:
                _, _, what, task = heapq.heappop(self.agenda)
                self.happen(what, task)
            else:
                self.swept()
            if restarts and self.now >= restarts[0]:
                restarts.pop(0)
                self.restart(kill=self.random.random() < 0.4)

    def dark_sweep(self, at: int) -> bool:
        """Whether nothing sweeps at an instant."""
        return any(start <= at < stop for start, stop in self.outages)

    def next_due(self) -> int | None:
        with self.store.read() as connection:
            return connection.execute(select(func.min(DUE.c.at)).where(DUE.c.done.is_(None))).scalar()

    def happen(self, what: str, task: str) -> None:
        """One thing on the agenda."""
        match what:
            case "propose":
                self.propose()
            case "move":
                self.move(task)
            case "policy":
                text = default_text().replace(
                    'clock = "ACCEPT"\ncritical = "5m"', 'clock = "ACCEPT"\ncritical = "4m"', 1
                )
                with self.store.write() as connection:
                    row = {"version": 1, "effective": self.now, "text": text, "note": "half-way"}
                    connection.execute(insert(table(PolicyText)).values(**row))
            case "leave":
                self.everybody_leaves()
            case "sweep":
                if not self.dark_sweep(self.now):
                    self.swept()
            case "dark" | "light":
                code = county.centre(county.TOWNSHIPS[1])
                with self.store.write() as connection:
                    if what == "dark":
                        outage.began(
                            connection, code, self.now, proof="ticket", by="mv", now=self.now, plan=plan
                        )
                    else:
                        outage.ended(connection, code, self.now, now=self.now, plan=plan)

    def everybody_leaves(self) -> None:
        """A township empties without the book having said so, mostly one where somebody must be sent to now."""
        query = select(TASK.c.township).where(TASK.c.state == "OPEN", TASK.c.township != "")
        with self.store.read() as connection:
            waiting = sorted(set(connection.execute(query).scalars()))
        township = self.random.choice(waiting or list(county.TOWNSHIPS))
        until = self.now + self.random.randrange(600, 4 * HOUR)
        with self.store.write() as connection:
            county.leave(connection, township, self.now, until)
        self.left.append((township, self.now, until))
        # The sweep runs on every quarter of a minute; the drive leaves out those that would find nothing.
        self.later(-self.now % EVERY or EVERY, "sweep")

    def swept(self) -> None:
        """One sweep, and what it says."""
        report = sweep(self.store, self.now)
        assert not report.faults, report.faults
        self.count["sweeps"] += 1
        self.count["steps"] += report.steps
        self.count["escalated"] += report.escalated
        self.count["notices"] += report.notices
        if report.steps:
            self.new_arbitrations()
        if not any(stop <= self.now < stop + EVERY for _, stop in self.outages):
            self.latest = max(self.latest, report.latest)

    def new_arbitrations(self) -> None:
        """Let somebody look at the arbitrations that a sweep has opened."""
        with self.store.read() as connection:
            query = select(TASK.c.id).where(TASK.c.about != "", TASK.c.closed.is_(None))
            fresh = set(connection.execute(query).scalars()) - self.known
        self.known |= fresh
        for task in sorted(fresh):
            self.later(self.draw(1800), "move", task)

    # Restarts.

    def restart(self, *, kill: bool) -> None:
        """Close the store and open it again; or kill a process that acts and sweeps, and send its acts again."""
        if kill:
            self.killed()
        self.store.close()
        self.store = Store.open(self.path)
        self.count["restarts"] += 1
        self.sound()

    def killed(self) -> None:
        """A process takes what is due and does some acts; it is killed in the midst of it."""
        ops: list[dict[str, Any]] = []
        with self.store.read() as connection:
            query = select(TASK.c.id).where(TASK.c.closed.is_(None)).order_by(TASK.c.id)
            tasks = list(connection.execute(query).scalars())
        for task in self.random.sample(tasks, min(len(tasks), 20)):
            self.serial += 1
            ops.append({"id": f"op-{self.serial}", "task": task})
        self.now = -(-self.now // EVERY) * EVERY
        plans = self.path.with_name("killed.json")
        plans.write_text(json.dumps({"now": self.now, "ops": ops}))
        self.store.close()
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.month_county", "--child", str(self.path)],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(self.random.random() * 0.15)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        self.store = Store.open(self.path)
        self.count["killed"] += 1
        for one in ops:
            self.done(by_system("note", one["task"], one["id"], {"note": "again"}))
        self.swept()
        with self.store.read() as connection:
            wanted = [one["id"] for one in ops]
            found = connection.execute(select(ACT.c.op).where(ACT.c.op.in_(wanted))).scalars().all()
        assert sorted(found) == sorted(wanted), "an act was lost or doubled"

    def sound(self) -> None:
        """Every open task has an owner and one next instant."""
        with self.store.read() as connection:
            report = audit(connection, self.now, grace=10**9, write=False)
            tasks = connection.execute(select(func.count()).select_from(TASK)).scalar_one()
            about = connection.execute(
                select(func.count()).select_from(TASK).where(TASK.c.about != "")
            ).scalar_one()
        faults = [one for one in report.findings if not one.message.code.endswith(".sweep")]
        assert not faults, faults
        assert tasks - about == len(self.proposed), "a task was lost or doubled"
        actor = Actor("ms", "", "seat", county.CITY, "M")
        found = proof.proof(Desk(self.store, ManualClock(self.now), actor)).faults
        assert not found, found


def child(path: str) -> None:
    """What is killed: notes and sweeps over and over."""
    plans = json.loads(Path(path).with_name("killed.json").read_text())
    store = Store.open(path)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for one in plans["ops"]:
        with store.write() as connection:
            op = by_system("note", one["task"], one["id"], {"note": "again"})
            apply(connection, op, plans["now"], planner=plan)
        sweep(store, plans["now"], limit=3)
    while True:
        sweep(store, plans["now"])


def main() -> None:
    """Drive the month and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--per-day", type=int, default=60)
    parser.add_argument("--restarts", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", default="")
    args = parser.parse_args()
    if args.child:
        child(args.child)
        return
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        drive = Drive(Path(folder) / "store.db", chance, args.per_day, args.days)
        county.build(drive.store)
        began = time.perf_counter()
        restarts = sorted(START + chance.randrange(args.days * DAY) for _ in range(args.restarts))
        dark = [
            (START + 8 * DAY, START + 8 * DAY + 3 * HOUR),
            (START + 20 * DAY, START + 20 * DAY + 7 * HOUR),
        ]
        drive.run(restarts, [pair for pair in dark if pair[1] < START + args.days * DAY])
        drive.sound()
        figures = recount(drive.store, drive.now, drive.outages, drive.left)
        took = time.perf_counter() - began
        with drive.store.read() as connection:
            by_state = select(TASK.c.state, func.count()).group_by(TASK.c.state)
            states = {str(row[0]): int(row[1]) for row in connection.execute(by_state)}
            arbitrations = connection.execute(
                select(func.count()).select_from(TASK).where(TASK.c.about != "")
            ).scalar_one()
        size = drive.path.stat().st_size
        drive.store.close()
    made = f"{len(drive.proposed)} tasks and {arbitrations} arbitrations"
    print(f"{made} in {args.days} days, seed {args.seed}: {took:.0f} s")
    print("  ", dict(drive.count))
    print("   states at the end:", states)
    print("   latest in any report of a sweep:", drive.latest, "s; outages:", len(drive.outages))
    print("   recount:", figures)
    print("   acts refused:", dict(drive.refused.most_common(8)))
    print(f"   store: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
