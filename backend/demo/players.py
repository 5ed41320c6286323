"""The people of a headless run: seats, members on the phone, and whoever verifies.

They follow a plain policy with delays drawn from the seed:

* some minutes after an alarm rang a seat of its place takes it up: one of high enough priority in a known township
  becomes a task, the others are acknowledged;
* a draft is filed, and a filed or returned task dispatched to whom the desk proposes first;
* the member accepts, arrives and reports, each told to the seat by phone, within a share of the clock's target; now
  and then nobody answers until well after the clock has run out, so that the task climbs;
* where a task has climbed, somebody of that tier acknowledges it, mostly in time;
* somebody who neither reported nor recorded verifies; a few reports are sent back once.

Everything goes through the functions of `backend.desk` that the screens use. Every act that was answered as done is
kept in `answered`, so that the log can be held against it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from backend.access import Actor, actor_of
from backend.alarms.tables import Alarm
from backend.city.tables import Centre, CityFact, Grid, IncidentType, Person
from backend.clock import Clock
from backend.demo import dice
from backend.desk import acts, alarms, sending
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.tasks.rows import load_many
from backend.tasks.states import ENDED, State, rank
from backend.tasks.tables import Task
from backend.tasks.taskstate import TaskState
from backend.words import Outcome

ALARM, CENTRE, FACT, GRID = table(Alarm), table(Centre), table(CityFact), table(Grid)
PERSON, TASK, TYPE = table(Person), table(Task), table(IncidentType)
WORTH = ("critical", "high", "medium")
"""Priorities of an alarm for which somebody is sent."""
PROMPT, SILENT = (0.15, 0.75), (1.2, 2.4)
"""When somebody acts, as a share of the clock's target: in time, or well after it ran out."""
SILENCE = {State.DISPATCHED: 0.25, State.ACCEPTED: 0.08, State.ON_SITE: 0.05, State.REPORTED: 0.05}
LEVEL_SILENCE = 0.2
LONGEST = 3 * 3600
"""Seconds of a target that anybody makes use of: a day's clock is not waited out."""
SENT_BACK = 0.08
_PORTION = 400


@dataclass
class Players:
    """Everybody, turn by turn."""

    store: Store
    clock: Clock
    seed: int
    answered: dict[str, str] = field(default_factory=dict)
    """Operation to kind, of every act that was answered as done."""
    refused: dict[str, int] = field(default_factory=dict)
    """Kind and reason to how often, of every act that was refused."""

    def __post_init__(self) -> None:
        with self.store.read() as connection:
            self._facts = {row.key: row.value for row in connection.execute(select(FACT))}
            self._staff = _staff(connection)
            self._centres = _centres(connection)
            self._results = _results(connection)
        self._taken: set[int] = set()

    def turn(self) -> int:
        """Let everybody do what is due now; gives how many acts were done."""
        now = self.clock.now()
        before = len(self.answered)
        self._triage(now)
        for task in self._open():
            self._step(task, now)
        return len(self.answered) - before

    def _open(self) -> list[TaskState]:
        with self.store.read() as connection:
            ids = list(
                connection.execute(
                    select(TASK.c.id).where(TASK.c.state.not_in(sorted(ENDED))).order_by(TASK.c.id)
                ).scalars()
            )
            parts = [ids[begin : begin + _PORTION] for begin in range(0, len(ids), _PORTION)]
            return [state for part in parts for state in load_many(connection, part).values()]

    def _triage(self, now: int) -> None:
        query = select(ALARM).where(ALARM.c.state.in_(alarms.WAITING)).order_by(ALARM.c.id)
        with self.store.read() as connection:
            waiting = connection.execute(query).all()
        for alarm in waiting:
            chance = dice.key(self.seed, alarm.key, alarm.began, "take up")
            after = 60 * dice.between(chance, (1, 6))
            seat = self._seat(alarm.grid or alarm.county, "T")
            if now < alarm.presented + after or seat is None or alarm.id in self._taken:
                continue
            self._taken.add(alarm.id)
            # Who is to be sent where no township is known (a region, a feed) a plain policy can't tell.
            if alarm.priority in WORTH and alarm.incident and alarm.township:
                op = f"demo-{self.seed}-alarm-{alarm.id}"
                outcome = acts.from_alarm(self._desk(seat), alarm.id, op_id=op)
                if outcome.ok:
                    self.answered[op] = "propose"
                self._keep("propose", outcome)
            else:
                alarms.acknowledge(self._desk(seat), alarm.id)

    def _step(self, task: TaskState, now: int) -> None:
        if not task.level_acked:
            self._answer_for_level(task, now)
        if now < task.moved_at + self._delay(task):
            return
        match task.state:
            case State.DRAFT:
                self._by_seat(task, "file", {"confirmed": True})
            case State.OPEN | State.RETURNED:
                self._dispatch(task)
            case State.DISPATCHED:
                self._by_phone(task, "accept")
            case State.ACCEPTED:
                self._by_phone(task, "arrive", {"reason": "值守人员到场，无定位"})
            case State.REWORK:
                self._by_phone(task, "resume")
            case State.ON_SITE:
                results = self._results.get(task.type) or ("done",)
                chosen = results[dice.mix(self._chance(task), 1) % len(results)]
                evidence = [f"现场照片-{task.id}"]
                self._by_phone(
                    task, "report", {"result": chosen, "evidence": evidence, "note": "现场已核实处置"}
                )
            case State.REPORTED:
                self._verify(task)

    def _chance(self, task: TaskState, *parts: object) -> int:
        """What is drawn for a task hangs on what it is about, not on the number that it got."""
        return dice.key(self.seed, task.grid, task.type, task.opened, *parts)

    def _delay(self, task: TaskState) -> float:
        clock = task.state_clock()
        target = min(clock.target if clock else 1800, LONGEST)
        chance = self._chance(task, task.state, task.version)
        silent = dice.unit(chance) < SILENCE.get(State(task.state), 0.0)
        return target * dice.between(chance, SILENT if silent else PROMPT, 1)

    def _answer_for_level(self, task: TaskState, now: int) -> None:
        clock = task.clock("LEVEL_ACK")
        seat = self._seat(task.grid, task.level)
        if clock is None or seat is None:
            return
        chance = self._chance(task, "level", task.level)
        share = SILENT if dice.unit(chance) < LEVEL_SILENCE else PROMPT
        if now >= clock.started + clock.target * dice.between(chance, share, 1):
            self._act(seat, task, "ack")

    def _by_seat(self, task: TaskState, kind: str, body: Mapping[str, Any]) -> None:
        seat = self._seat(task.grid, task.level)
        if seat is not None:
            self._act(seat, task, kind, body)

    def _dispatch(self, task: TaskState) -> None:
        seat = self._seat(task.grid, task.level)
        if seat is None:
            return
        best = sending.holders(self._desk(seat), task.id).best
        if best is not None:
            self._act(seat, task, "dispatch", {"holder": best.code, "holder_kind": best.kind})

    def _by_phone(self, task: TaskState, kind: str, body: Mapping[str, Any] | None = None) -> None:
        seat = self._seat(task.grid, task.level)
        if seat is None:
            return
        own = task.holder_kind == "centre" and task.holder == seat.centre
        self._act(seat, task, kind, body, on_behalf="" if own else task.holder)

    def _verify(self, task: TaskState) -> None:
        lowest = "C" if task.supervised and task.level == "T" else task.level
        seat = self._seat(task.grid, lowest, {task.reporter, task.recorder})
        if seat is None:
            return
        if task.reworks == 0 and dice.unit(self._chance(task, "verify")) < SENT_BACK:
            self._act(seat, task, "verify_no", {"reason": "照片看不清，请补拍"})
        else:
            self._act(seat, task, "verify_ok", {"recheck": "clean"})

    def _act(
        self,
        seat: Actor,
        task: TaskState,
        kind: str,
        body: Mapping[str, Any] | None = None,
        on_behalf: str = "",
    ) -> None:
        outcome = acts.act(
            self._desk(seat), task.id, kind, body=body, on_behalf=on_behalf, seen_version=task.version
        )
        self._keep(kind, outcome)

    def _keep(self, kind: str, outcome: Outcome) -> None:
        if outcome.ok:
            op = outcome.data.get("op")
            if isinstance(op, str):
                self.answered[op] = kind
            return
        reason = f"{kind}: {outcome.message.code}"
        self.refused[reason] = self.refused.get(reason, 0) + 1

    def _desk(self, seat: Actor) -> Desk:
        return Desk(self.store, self.clock, seat, replay=True, facts=self._facts)

    def _seat(self, grid: str, lowest: str, without: Collection[str] = ()) -> Actor | None:
        """Somebody of the lowest tier that may, from the grid upward."""
        for centre in self._centres.get(grid, ()):
            for one in self._staff.get(centre, ()):
                if rank(one.tier) >= rank(lowest) and one.person not in without:
                    return one
        return None


def _staff(connection: Connection) -> dict[str, list[Actor]]:
    """Centre: who sits there, seats before supervisors."""
    rows = connection.execute(
        select(PERSON.c.code)
        .where(PERSON.c.active, PERSON.c.centre != "", PERSON.c.role.in_(("seat", "supervisor")))
        .order_by(PERSON.c.role, PERSON.c.code)
    )
    found: dict[str, list[Actor]] = {}
    for person in rows.scalars().all():
        actor = actor_of(connection, person)
        if actor is not None:
            found.setdefault(actor.centre, []).append(actor)
    return found


def _centres(connection: Connection) -> dict[str, list[str]]:
    """Grid: its centre and those above it, lowest first."""
    own = {row.grid: row.code for row in connection.execute(select(CENTRE.c.grid, CENTRE.c.code))}
    parents = {row.code: row.parent for row in connection.execute(select(GRID.c.code, GRID.c.parent))}
    found: dict[str, list[str]] = {}
    for grid in parents:
        chain, here = [], grid
        while here:
            if here in own:
                chain.append(own[here])
            here = parents.get(here, "")
        found[grid] = chain
    return found


def _results(connection: Connection) -> dict[str, tuple[str, ...]]:
    rows = connection.execute(select(TYPE.c.code, TYPE.c.results).order_by(TYPE.c.valid_from))
    return {row.code: tuple(part for part in row.results.split("|") if part) for row in rows}
