"""Intake, complaints, evidence, orders and cases on PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend.city.load import load_pack
from backend.clock import ManualClock
from backend.desk import cases, complaints, evidence, incidents, intake, orders, overview
from backend.desk.desk import Desk
from backend.store import Store
from backend.words import say
from tests.tools.small_city import write_small_city

SEAT, SUPERVISOR = "P-990001-S1", "P-990000-V"
CASES = "number,at,type,text,place\nW-1,2026-11-03 15:20,straw_burning,烟,样1县样12镇\nW-2,,straw_burning,烟,某地\n"


def test_a_night_of_intake(pg_store: Store, clock: ManualClock, tmp_path: Path) -> None:
    load_pack(pg_store, write_small_city(tmp_path / "pack"), clock.now())
    desk = Desk.open(pg_store, SEAT, clock=clock)
    smoke: dict[str, Any] = {"type": "straw_burning", "place": "grid:990001001"}
    first = intake.enter(desk, **smoke, text="烟", caller_phone="13812345678")
    assert first.ok, say(first.message, "zh")
    (near,) = intake.near(desk, **smoke)
    assert intake.enter(desk, **smoke, into=near.incident, channel="12345", number="N-1").ok
    assert (
        intake.enter(desk, **smoke, channel="12345", number="N-1").message.code == "incident.refused.number"
    )
    report = int(str(first.data["report"]))
    assert complaints.reply(desk, report, result="rectified", text="已扑灭").ok
    assert complaints.call_back(desk, report, result="satisfied").ok
    assert complaints.counts(desk) == {"waiting": 1, "replied": 0}
    assert complaints.page(desk, report, opened=True) is not None
    assert evidence.add(desk, near.incident, refs="IMG-1 IMG-2", stance="for").ok
    page = incidents.page(desk, near.incident)
    assert page is not None
    assert (len(page.complaints), len(page.evidence)) == (2, 2)
    assert intake.enter(desk, **smoke, channel="leader", due=clock.now() + 3600).ok
    (order,) = orders.in_force(desk)
    assert orders.amend(desk, order.code, due=clock.now() + 7200).ok
    clock.move(25 * 3600)
    needs = overview.needs(desk)
    assert needs[0].task is not None
    assert needs[0].task.order == order.code
    assert [need.what for need in needs if need.kind == "complaint"] == ["N-1"]
    assert orders.withdraw(desk, order.code, "结束").ok
    file = tmp_path / "cases.csv"
    file.write_text(CASES, "utf-8")
    *_, progress = cases.take_cases(Desk.open(pg_store, SUPERVISOR, clock=clock), file, "csv")
    assert progress.counts == {"received": 2, "written": 1, "answered": 0, "same": 0, "tasks": 1, "asides": 1}
