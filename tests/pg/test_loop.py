"""The loop on PostgreSQL: a page, an alarm, a task, two missed clocks, a report by phone, another who verifies."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import text

from backend.access.audit import append, verify
from backend.clock import ManualClock
from backend.desk import acts, alarms, around, intake, overview, places, stations, tasks, taskside
from backend.desk import station as station_page
from backend.desk.desk import Desk
from backend.escalation import auditor
from backend.escalation.sweep import sweep
from backend.store import Store
from backend.words import Outcome
from tests.screens import loop_city as city
from tests.unit.small_city import rows

TABLES = {
    "reading": "start, station, parameter, period, value, flag, reason, revision",
    "alarm": "rule, state, priority, grid, began, presented, last, value, peak, threshold, occurrences",
    "alarm_act": "at, act, actor, from_state, to_state",
    "incident": "type, state, priority, grid, county, township, place, title_code, title_args, opened, last",
    "task": "type, state, priority, level, grid, holder, holder_kind, opened, moved_at, closed, close_code, result, "
    "breaches, due, version",
    "act": "at, occurred, kind, actor, role, tier, on_behalf, channel, from_state, to_state, result, code, version",
    "segment": "kind, target, calendar, started, stopped",
    "breach": "kind, due, noticed, holder",
    "notice": "code, grid, at",
}


def frozen(thing: Any) -> str:
    """An answer without the ids of operations, which are random."""
    return re.sub(r"\b[0-9a-f]{32}\b", "OP", repr(thing))


class Loop:
    """One walk through the loop, with a desk for the county and one for the city."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.clock = store, ManualClock(1793692800)
        city.build(store, folder, self.clock.now())
        self.seat = Desk.open(store, city.SEAT, clock=self.clock)
        self.top = Desk.open(store, city.CITY_SEAT, clock=self.clock)

    def page(self, desk: Desk, task: str) -> tasks.TaskPage:
        found = tasks.page(desk, task)
        assert found is not None
        return found

    def do(self, desk: Desk, task: str, kind: str, behalf: str = "", **body: Any) -> None:
        seen = self.page(desk, task).row
        done = acts.act(
            desk, task, kind, body=body, on_behalf=behalf, seen_version=seen.version, seen_state=seen.state
        )
        assert done.ok, (kind, done)

    def wait(self, minutes: int) -> None:
        self.clock.move(60 * minutes)
        sweep(self.store, self.clock.now())

    def look(self) -> list[Any]:
        """What every board says now."""
        told: list[Any] = []
        for desk in (self.seat, self.top):
            rings = alarms.board(desk)
            told += [overview.areas(desk), overview.needs(desk), around.around(desk), stations.board(desk)]
            told += [rings, alarms.counts(desk), tasks.board(desk), tasks.board(desk, view="mine")]
            told += [tasks.view_counts(desk), tasks.counts(desk), places.grid(desk, "990001")]
            told += [station_page.page(desk, city.STATION), [alarms.page(desk, row.id) for row in rings]]
            told += [taskside.sides(desk, row.id) for row in tasks.board(desk)]
        return told

    def walk(self) -> list[list[Any]]:
        """From the alarm to the closed task; what the boards said on the way."""
        told = [self.look()]
        made = acts.from_alarm(self.seat, city.alarms(self.store)[0], op_id="op-propose")
        assert made.ok, made
        task = str(made.data["task"])
        self.do(self.seat, task, "dispatch", holder=city.MEMBER, holder_kind="member", on_duty=True)
        told.append(self.look())
        for level in ("C", "M"):
            self.wait(6)
            assert self.page(self.top, task).row.level == level
        told.append(self.look())
        self.do(self.seat, task, "accept", city.MEMBER)
        self.wait(5)
        self.do(self.seat, task, "arrive", city.MEMBER)
        self.wait(20)
        self.do(
            self.seat, task, "report", city.MEMBER, result="rectified", evidence=["IMG-7", "geo"], note="heap"
        )
        refused = acts.act(self.seat, task, "verify_ok", body={"code": "rectified"})
        assert not refused.ok
        self.do(self.top, task, "verify_ok", code="rectified")
        told.append(self.look())
        assert self.page(self.top, task).row.state == "CLOSED"
        assert [act.kind for act in self.page(self.top, task).timeline if act.result == "applied"][:5] == [
            "propose", "file", "dispatch", "escalate", "escalate",
        ]  # fmt: skip
        return told

    def left(self) -> dict[str, list[tuple[Any, ...]]]:
        return {
            name: sorted(rows(self.store, f"SELECT {columns} FROM {name}"), key=repr)
            for name, columns in TABLES.items()
        }


def test_from_a_page_to_a_closed_task_as_on_sqlite(pg_store: Store, store: Store, tmp_path: Path) -> None:
    here, there = Loop(store, tmp_path / "a"), Loop(pg_store, tmp_path / "b")
    for mine, others in zip(here.walk(), there.walk(), strict=True):
        for one, other in zip(mine, others, strict=True):
            assert frozen(other) == frozen(one)
    left, right = here.left(), there.left()
    for name, kept in left.items():
        assert kept, name
        assert right[name] == kept, name
    with pg_store.bulk() as connection:
        auditor.audit(connection, there.clock.now())


def at_once(work: Callable[[int], Any], hands: int = 6) -> list[Any]:
    """The same work by many hands at once; whatever fails, fails the test."""
    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(work, range(hands)))


def test_many_who_make_a_task_of_one_alarm_make_one(pg_store: Store, tmp_path: Path) -> None:
    loop = Loop(pg_store, tmp_path)
    alarm = city.alarms(pg_store)[0]
    outcomes = at_once(lambda _: acts.from_alarm(loop.seat, alarm))
    assert all(outcome.ok for outcome in outcomes)
    assert {outcome.data["task"] for outcome in outcomes} == {tasks.board(loop.seat)[0].id}
    assert rows(pg_store, "SELECT count(*) FROM task") == [(1,)]


def test_one_operation_sent_by_many_at_once_is_done_once(pg_store: Store, tmp_path: Path) -> None:
    loop = Loop(pg_store, tmp_path)
    made = acts.from_alarm(loop.seat, city.alarms(pg_store)[0])
    task = str(made.data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member", "on_duty": True}
    version = loop.page(loop.seat, task).row.version

    def send(_: int) -> Outcome:
        return acts.act(loop.seat, task, "dispatch", body=body, seen_version=version, op_id="one")

    outcomes = at_once(send)
    assert all(outcome.ok for outcome in outcomes)
    assert {outcome.data["version"] for outcome in outcomes} == {version + 1}
    assert rows(pg_store, "SELECT count(*) FROM act WHERE kind = 'dispatch'") == [(1,)]


def test_calls_at_once_get_a_number_each(pg_store: Store, tmp_path: Path) -> None:
    loop = Loop(pg_store, tmp_path)
    grid = next(one.code for one in intake.choices(loop.seat).places if one.kind == "grid")
    outcomes = at_once(lambda n: acts.propose(loop.seat, type="straw_burning", grid=grid, text=f"smoke {n}"))
    assert all(outcome.ok for outcome in outcomes)
    assert len({outcome.data["task"] for outcome in outcomes}) == len(outcomes)
    assert len({outcome.data["incident"] for outcome in outcomes}) == len(outcomes)


def test_the_audit_chain_has_one_end(pg_store: Store) -> None:
    def note(number: int) -> None:
        for _ in range(5):
            with pg_store.write() as connection:
                append(connection, f"P{number}", "key.issue", "device", 1793692800)

    at_once(note)
    with pg_store.read() as connection:
        assert verify(connection) is None
    assert rows(pg_store, "SELECT count(*) FROM audit") == [(30,)]


def test_a_look_is_one_look(pg_store: Store) -> None:
    count = text("SELECT count(*) FROM audit")
    with pg_store.read() as connection:
        before = connection.execute(count).scalar_one()
        with pg_store.write() as other:
            append(other, "P", "key.issue", "device", 1793692800)
        assert connection.execute(count).scalar_one() == before
