"""Every question that the desk answers, asked on PostgreSQL and on SQLite after the same night: the same answers.

A question is a public function of `backend.desk` that takes a desk and writes nothing; what it needs besides is found
by its name. So a query that is added later is asked here too.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import select

import backend.desk
from backend.clock import ManualClock
from backend.desk import acts, alarms, brief, duty, handover, intake, orders, reports, triage
from backend.desk.desk import Desk
from backend.escalation.sweep import sweep
from backend.scores import making
from backend.store import Store
from backend.tasks.policy import default_text
from backend.tasks.rows import TASK
from tests.screens import loop_city as city

DAY, MONTH, HOUR = "2026-11-04", "2026-11", 3600
START = 1793692800
COUNTY_SUPERVISOR, CITY_SUPERVISOR, TOWN = "P-990001-V", "P-990000-V", "990001001"
ELSEWHERE = frozenset({"acts", "desk", "importing", "cases", "passages", "packs", "session"})
"""Modules that do, load or keep."""
MADE = re.compile(r"\b[0-9a-f]{12,64}\b|[0-9a-f]{8}-[0-9a-f-]{27}")
"""What is drawn anew each time: digests and the ids of operations."""
WANTED = (
    "triage.queue", "triagelook.look", "triageasks.near_tasks", "triageasks.refusals", "handover.board",
    "handover.page", "handover.takers", "brief.gather", "brief.uses_board", "supervise.overdue",
    "supervise.tasks_of", "scores.ranking", "scores.entries", "reports.board", "reports.page",
    "duty.swappable", "dutyrows.room_board", "dutyrows.gap_board", "dutyhours.hours", "audit.board",
    "proof.proof", "shiftlog.shifts", "shiftlog.shift_log", "complaints.board", "complaints.page",
    "orders.board", "orders.in_force", "orders.page", "alarms.board", "alarms.page", "alarmgroups.groups",
    "approvals.waiting", "overview.needs", "incidents.page", "tasks.board", "tasks.page", "taskside.sides",
    "sending.holders", "workorders.board", "stations.board", "station.page", "gauges.gauges",
    "operator.floods",
)  # fmt: skip
"""Questions that must be among those asked. What analysis answers of weeks of readings is in `test_every_answer`."""


class OnlyReading:
    """A store at which nothing can be written: what tries is an act and no question."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        if name in ("write", "bulk"):
            raise PermissionError(name)
        return getattr(self._store, name)


def night(store: Store, folder: Path) -> tuple[ManualClock, dict[str, Sequence[Any]]]:
    """A day and a night of everything that the desk lists; the arguments that its questions may be given."""
    clock = ManualClock(START - 6 * HOUR)
    city.build(store, folder, clock.now())
    seat, leader = (Desk.open(store, who, clock=clock) for who in (city.SEAT, COUNTY_SUPERVISOR))
    assert duty.sign_in(seat).ok
    rung = city.alarms(store)
    made = acts.from_alarm(seat, rung[0])
    task = str(made.data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    assert acts.act(seat, task, "dispatch", body=body, seen_version=int(made.data["version"] or 0)).ok
    city.exceed(store, clock.now() + HOUR, stations=("TA12",))
    newest = next(one.id for one in alarms.board(seat) if one.state == "UNACK")
    shelved = alarms.shelve(seat, newest, seconds=8 * HOUR, reason="known")
    assert shelved.ok, shelved
    order = orders.issue(
        seat, kind="instruction", title="查清来源", scope_kind="grid", scope="990001", starts=clock.now(),
        ends=None, due=clock.now() + 2 * HOUR,
    )  # fmt: skip
    assert order.ok, order
    call = intake.enter(
        seat, type="straw_burning", place=f"grid:{TOWN}", channel="12345", text="冒烟", number="12345-1"
    )
    assert call.ok, call
    clock.move(2 * HOUR)
    assert not sweep(store, clock.now()).faults
    acts.act(seat, task, "ask_void", body={"reason": "重复"})
    use = brief.opened(seat, brief.build(brief.gather(seat)))
    assert brief.instruct(seat, use, caller="县长", title="报告进展", minutes="60").ok
    assert duty.remark(seat, "记事").ok
    assert duty.override(
        leader, "centre", "C-990001001", clock.now(), clock.now() + HOUR, name="", phone="", reason="停电"
    ).ok
    clock.move(4 * HOUR)
    city.exceed(store, clock.now(), stations=("TA13",))
    assert not sweep(store, clock.now()).faults
    with store.write() as connection:
        making.run(connection, seat.zone, clock.now())
    assert reports.draft(seat, DAY).ok
    begun = handover.begin(seat)
    assert begun.ok, begun
    with store.read() as connection:
        tasks = list(connection.execute(select(TASK.c.id).order_by(TASK.c.id)).scalars())
    rung = city.alarms(store)
    rows = triage.queue(seat)
    assert rows
    given: dict[str, Sequence[Any]] = {
        "task": tasks,
        "alarm": rung,
        "incident": sorted({row.item.incident for row in rows} - {""}),
        "item": [row.item for row in rows[:3]],
        "triageasks.row": rows[:3],
        "alarmacts.row": alarms.board(seat)[:2],
        "name": [str(begun.data["handover"])],
        "report": [1],
        "use": [use],
        "day": [DAY, "2026-11-03"],
        "month": [MONTH],
        "since": [START - 86400],
        "until": [clock.now()],
        "kind": ["centre", "member"],
        "body": ["C-990001", city.MEMBER],
        "by": ["township", "department", "person"],
        "version": [0],
        "station": ["TA11"],
        "station.code": ["TA11"],
        "orders.code": [str(order.data["order"])],
        "places.code": [TOWN, "990001"],
        "feeds.code": ["township_air"],
        "feed": [1],
        "dutyhours.code": ["C-990001", city.MEMBER],
        "supervise.code": [TOWN, city.MEMBER],
        "triageasks.items": [[row.item for row in rows]],
        "triage.rows": [rows],
        "act": ["void"],
        "policies.text": [default_text()],
    }
    return clock, given


def questions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the desk that takes a desk first."""
    for found in pkgutil.iter_modules(backend.desk.__path__):
        if found.name in ELSEWHERE:
            continue
        module = import_module(f"backend.desk.{found.name}")
        for name, one in sorted(vars(module).items()):
            own = inspect.isfunction(one) and one.__module__ == module.__name__ and not name.startswith("_")
            if own and next(iter(inspect.signature(one).parameters), "") == "desk":
                yield f"{found.name}.{name}", one


def arguments(name: str, one: Callable[..., Any], given: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """What a question can be given; none where it needs what is not known here."""
    found: list[dict[str, Any]] = [{}]
    for parameter in list(inspect.signature(one).parameters.values())[1:]:
        values = given.get(f"{name.partition('.')[0]}.{parameter.name}", given.get(parameter.name))
        if parameter.default is not parameter.empty:
            continue
        if values is None:
            return []
        found = [{**args, parameter.name: value} for args in found for value in values]
    return found


def asked(store: Store, folder: Path) -> dict[str, Any]:
    """The answer to every question, for a seat, the county's supervisor and the city's."""
    clock, given = night(store, folder)
    answers: dict[str, Any] = {}
    for who in (city.SEAT, COUNTY_SUPERVISOR, CITY_SUPERVISOR):
        desk = Desk.open(store, who, clock=clock)
        desk.settle()
        closed = Desk(OnlyReading(store), clock, desk.actor, facts=desk.facts)  # type: ignore[arg-type]
        for name, one in questions():
            for number, args in enumerate(arguments(name, one, given)):
                try:
                    answer = one(closed, **args)
                except PermissionError:
                    continue
                # A count of each kind has no order.
                told = sorted(answer.items()) if isinstance(answer, dict) else answer
                answers[f"{name} {who} {number}"] = MADE.sub("~", repr(told))
    return answers


def test_the_same_answers_as_on_sqlite(pg_store: Store, store: Store, tmp_path: Path) -> None:
    there = asked(pg_store, tmp_path / "b")
    here = asked(store, tmp_path / "a")
    assert there.keys() == here.keys()
    names = {key.split()[0] for key in here}
    assert not set(WANTED) - names
    assert len(names) > 80
    differing = {key: (here[key], there[key]) for key in here if here[key] != there[key]}
    assert not differing, next(iter(differing.items()))
