"""The people of a headless run: seats, members on the phone, and whoever verifies.

They follow a plain policy with delays drawn from the seed:

* a seat acknowledges an alarm some minutes after it rang; where its incident has no open task and the alarm is of a
  priority worth sending somebody, a task is proposed and filed;
* a draft or a returned task is dispatched to a member of the township, or to its duty room where there is none;
* the member accepts, arrives and reports, each time told to the seat by phone, within a share of the clock's target;
  now and then the member is silent until well after the clock ran out, so that the task climbs;
* where a task has climbed, somebody of that tier acknowledges it, mostly in time;
* somebody who neither reported nor recorded verifies; a few reports are sent back once.

Everything goes through the same functions that the screens use; what was answered is kept in `answered`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from backend.alarms.tables import Alarm
from backend.city.tables import Centre, Grid, IncidentType, Person
from backend.clock import Clock
from backend.demo import dice
from backend.incidents.tables import Incident
from backend.store import Store, table
from backend.tasks.apply import Planner, apply
from backend.tasks.ops import Op, Who, of_actor
from backend.tasks.rows import load_many
from backend.tasks.states import ENDED, State, rank
from backend.tasks.tables import Task
from backend.tasks.taskstate import TaskState
from backend.words import Outcome

ALARM, CENTRE, GRID, INCIDENT = table(Alarm), table(Centre), table(Grid), table(Incident)
PERSON, TASK, TYPE = table(Person), table(Task), table(IncidentType)
WORTH = ("critical", "high", "medium")
"""Priorities of an alarm for which somebody is sent."""
PROMPT, SILENT = (0.15, 0.75), (1.2, 2.4)
"""When somebody acts, as a share of the clock's target: in time, or well after it ran out."""
SILENCE = {State.DISPATCHED: 0.25, State.ACCEPTED: 0.08, State.ON_SITE: 0.05, State.REPORTED: 0.05}
LEVEL_SILENCE = 0.2
LONGEST = 3 * 3600
"""Seconds after which also the slowest does what is to be done, unless silent."""
SENT_BACK = 0.08
_PORTION = 400


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who can sit at a centre."""

    code: str
    role: str
    tier: str
    centre: str

    @property
    def who(self) -> Who:
        """As the task machine judges them."""
        return Who(self.code, self.role, self.tier, self.centre)


@dataclass
class Players:
    """Everybody, turn by turn."""

    store: Store
    clock: Clock
    seed: int
    planner: Planner | None = None
    """Keeps the due table in step with a task."""
    answered: dict[str, str] = field(default_factory=dict)
    """Operation to kind, of every act that was answered as done."""
    refused: dict[str, int] = field(default_factory=dict)
    """Reason to how often, of every act that was refused."""

    def __post_init__(self) -> None:
        with self.store.read() as connection:
            self._staff = _staff(connection)
            self._centres = _centres(connection)
            self._members = _members(connection)
            self._results = _results(connection)

    def turn(self) -> int:
        """Let everybody do what is due now; gives how many acts were done."""
        now = self.clock.now()
        before = len(self.answered)
        self._triage(now)
        with self.store.read() as connection:
            open_tasks = list(
                connection.execute(select(TASK.c.id).where(TASK.c.state.not_in(sorted(ENDED)))).scalars()
            )
            states = [
                state
                for begin in range(0, len(open_tasks), _PORTION)
                for state in load_many(connection, open_tasks[begin : begin + _PORTION]).values()
            ]
        for state in states:
            self._step(state, now)
        return len(self.answered) - before

    # -- alarms --

    def _triage(self, now: int) -> None:
        from backend import alarms

        query = select(
            ALARM.c.id, ALARM.c.presented, ALARM.c.priority, ALARM.c.incident, ALARM.c.grid, ALARM.c.county
        ).where(ALARM.c.state.in_(("UNACK", "RTN_UNACK")))
        with self.store.read() as connection:
            waiting = connection.execute(query.order_by(ALARM.c.id)).all()
        for alarm in waiting:
            after = 60 * dice.between(dice.key(self.seed, alarm.id, "ack"), (1, 6))
            seat = self._seat(alarm.grid or alarm.county, "T")
            if now < alarm.presented + after or seat is None:
                continue
            with self.store.write() as connection:
                alarms.acknowledge(connection, alarm.id, actor=seat.code, now=now)
            if alarm.priority in WORTH and alarm.incident:
                self._propose(alarm.incident, alarm.priority, seat)

    def _propose(self, incident: str, priority: str, seat: Staff) -> None:
        with self.store.read() as connection:
            row = connection.execute(select(INCIDENT).where(INCIDENT.c.id == incident)).one_or_none()
        grid = row and (row.grid or row.township or row.county)
        if row is None or not grid or row.regional:
            return
        body = {
            "type": row.type,
            "grid": grid,
            "priority": priority,
            "incident": incident,
            "title_code": row.title_code,
            "title_args": row.title_args,
        }
        self._do(of_actor(seat.who, "propose", "", body=body))

    # -- tasks --

    def _step(self, task: TaskState, now: int) -> None:
        if not task.level_acked:
            self._answer_for_level(task, now)
        if now < task.moved_at + self._delay(task):
            return
        match task.state:
            case State.DRAFT:
                self._by_seat(task, "file")
            case State.OPEN | State.RETURNED:
                self._dispatch(task)
            case State.DISPATCHED:
                self._by_phone(task, "accept")
            case State.ACCEPTED:
                self._by_phone(task, "arrive")
            case State.REWORK:
                self._by_phone(task, "resume")
            case State.ON_SITE:
                results = self._results.get(task.type) or ("found",)
                chosen = results[dice.mix(dice.key(self.seed, task.id), 1) % len(results)]
                self._by_phone(task, "report", {"result": chosen, "note": "现场已核实处置"})
            case State.REPORTED:
                self._verify(task)

    def _delay(self, task: TaskState) -> float:
        clock = task.state_clock()
        target = clock.target if clock else 1800
        chance = dice.key(self.seed, task.id, task.state, task.version)
        if dice.unit(chance) < SILENCE.get(State(task.state), 0.0):
            return min(target, LONGEST) * dice.between(chance, SILENT, 1)
        return min(target * dice.between(chance, PROMPT, 1), LONGEST)

    def _answer_for_level(self, task: TaskState, now: int) -> None:
        clock = task.clock("LEVEL_ACK")
        seat = self._seat(task.grid, task.level)
        if clock is None or seat is None:
            return
        chance = dice.key(self.seed, task.id, "level", task.level)
        share = SILENT if dice.unit(chance) < LEVEL_SILENCE else PROMPT
        if now >= clock.started + clock.target * dice.between(chance, share, 1):
            self._do(of_actor(seat.who, "ack", task.id, version=task.version))

    def _by_seat(self, task: TaskState, kind: str, body: Mapping[str, Any] | None = None) -> None:
        seat = self._seat(task.grid, task.level)
        if seat is not None:
            self._do(of_actor(seat.who, kind, task.id, version=task.version, body=body or {}))

    def _dispatch(self, task: TaskState) -> None:
        members = [code for code in self._members.get(task.township, ()) if code != task.prior_holder]
        if members:
            holder = members[dice.mix(dice.key(self.seed, task.id, "holder"), task.version) % len(members)]
            self._by_seat(task, "dispatch", {"holder": holder, "holder_kind": "member"})
        else:
            self._by_seat(task, "dispatch", {"holder": task.centre, "holder_kind": "centre"})

    def _by_phone(self, task: TaskState, kind: str, body: Mapping[str, Any] | None = None) -> None:
        seat = self._seat(task.grid, task.level)
        if seat is None:
            return
        rest: dict[str, Any] = {"version": task.version, "body": body or {}}
        if task.holder_kind != "centre" or task.holder != seat.centre:
            rest |= {"on_behalf": task.holder, "channel": "phone"}
        self._do(of_actor(seat.who, kind, task.id, **rest))

    def _verify(self, task: TaskState) -> None:
        taken = {task.reporter, task.recorder}
        seat = self._seat(task.grid, "C" if task.supervised and task.level == "T" else task.level, taken)
        if seat is None:
            return
        chance = dice.key(self.seed, task.id, "verify")
        if task.reworks == 0 and dice.unit(chance) < SENT_BACK:
            body: dict[str, Any] = {"reason": "evidence", "note": "照片看不清"}
            self._do(of_actor(seat.who, "verify_no", task.id, version=task.version, body=body))
        else:
            body = {"recheck": "clean"}
            self._do(of_actor(seat.who, "verify_ok", task.id, version=task.version, body=body))

    # -- who --

    def _seat(self, grid: str, lowest: str, without: Sequence[str] | set[str] = ()) -> Staff | None:
        """Somebody of the lowest tier that may, from the grid upward."""
        for centre in self._centres.get(grid, ()):
            for one in self._staff.get(centre, ()):
                if rank(one.tier) >= rank(lowest) and one.code not in without:
                    return one
        return None

    def _do(self, op: Op) -> Outcome:
        with self.store.write() as connection:
            outcome = apply(connection, op, self.clock.now(), planner=self.planner)
        if outcome.ok:
            self.answered[op.id] = op.kind
        else:
            reason = f"{op.kind}: {outcome.message.code}"
            self.refused[reason] = self.refused.get(reason, 0) + 1
        return outcome


def _staff(connection: Connection) -> dict[str, list[Staff]]:
    """Centre: who sits there, seats before supervisors."""
    rows = connection.execute(
        select(PERSON.c.code, PERSON.c.role, PERSON.c.centre, CENTRE.c.tier)
        .join(CENTRE, CENTRE.c.code == PERSON.c.centre)
        .where(PERSON.c.active, PERSON.c.role.in_(("seat", "supervisor")))
        .order_by(PERSON.c.role, PERSON.c.code)
    )
    found: dict[str, list[Staff]] = {}
    for row in rows:
        found.setdefault(row.centre, []).append(Staff(row.code, row.role, row.tier, row.centre))
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


def _members(connection: Connection) -> dict[str, list[str]]:
    """Township: the members whose grids lie in it."""
    rows = connection.execute(
        select(PERSON.c.code, GRID.c.township)
        .join(GRID, GRID.c.code == PERSON.c.grid)
        .where(PERSON.c.active, PERSON.c.role == "member")
        .order_by(PERSON.c.code)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.township, []).append(row.code)
    return found


def _results(connection: Connection) -> dict[str, tuple[str, ...]]:
    rows = connection.execute(select(TYPE.c.code, TYPE.c.results).order_by(TYPE.c.valid_from))
    return {row.code: tuple(part for part in row.results.split("|") if part) for row in rows}
