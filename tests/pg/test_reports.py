"""Reports, sheets and points on PostgreSQL: the same as on SQLite, and one of each where many ask at once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.access.audit import verify
from backend.city.tables import Person
from backend.clock import ManualClock
from backend.desk import acts, duty, reports, scores, sheets, shiftlog
from backend.desk.desk import Desk
from backend.escalation.sweep import sweep
from backend.scores import making
from backend.store import Store, table
from tests.screens import loop_city as city

DAY, HOUR = "2026-11-03", 3600
HEX = re.compile(r"[0-9a-f]{64}")


def supervisor(store: Store) -> str:
    person = table(Person)
    with store.read() as connection:
        query = select(person.c.code).where(person.c.role == "supervisor", person.c.grid == "990001")
        return str(connection.execute(query).scalars().first())


def walk(store: Store, folder: Path) -> list[Any]:
    """A day with a late task, a sheet, a shift and an issued report; what the desk says of it all."""
    clock = ManualClock(1793692800 - 6 * HOUR)
    city.build(store, folder, clock.now())
    seat = Desk.open(store, city.SEAT, clock=clock)
    other = Desk.open(store, city.OTHER_SEAT, clock=clock)
    leader = Desk.open(store, supervisor(store), clock=clock)
    duty.sign_in(seat)
    made = acts.from_alarm(seat, city.alarms(store)[0])
    task = str(made.data["task"])
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    acts.act(seat, task, "dispatch", body=body, seen_version=int(made.data["version"] or 0))
    code = str(sheets.print_sheet(seat, task).data["code"])
    clock.move(HOUR)
    sweep(store, clock.now())
    sheets.key_in(seat, code, occurred=clock.now() - 60, uncertain=1800, note="到场处置")
    clock.move(5 * HOUR)
    with store.write() as connection:
        making.run(connection, seat.zone, clock.now())
    reports.draft(seat, DAY)
    for desk, step in ((other, "review"), (leader, "sign"), (seat, "issue")):
        assert reports.step(desk, DAY, step).ok
    assert reports.draft(seat, DAY, reason="更正").ok
    page, log = reports.page(seat, DAY, 1), shiftlog.shift_log(seat)
    assert page is not None
    assert log is not None
    with store.read() as connection:
        assert verify(connection) is None
    return [
        HEX.sub("HEAD", page.text),
        [(row.day, row.version, row.state) for row in reports.board(seat)],
        shiftlog.text(seat, log),
        scores.ranking(seat),
        scores.ranking(seat, by="department"),
        scores.ranking(seat, by="person"),
        scores.ranking(leader, by="county"),
        scores.entries(seat),
    ]


def test_the_same_as_on_sqlite(pg_store: Store, store: Store, tmp_path: Path) -> None:
    here, there = walk(store, tmp_path / "a"), walk(pg_store, tmp_path / "b")
    assert there == here
    assert "立项 1 件" in here[0]
    assert here[-1]


def test_many_who_begin_a_report_begin_one(pg_store: Store, tmp_path: Path) -> None:
    clock = ManualClock(1793692800)
    city.build(pg_store, tmp_path, clock.now())
    desks = [Desk.open(pg_store, who, clock=clock) for who in (city.SEAT, city.OTHER_SEAT)] * 4
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda desk: reports.draft(desk, DAY), desks))
    assert sum(outcome.ok for outcome in outcomes) == 1
    assert {outcome.message.code for outcome in outcomes if not outcome.ok} == {"report.refused.begun"}
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda desk: reports.send(desk, DAY, {"patrols": 1}), desks))
    assert sorted(int(outcome.data["number"] or 0) for outcome in sent) == list(range(1, 9))
