"""Channels, the audit's head, the books and the gauges on PostgreSQL, as on SQLite."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from sqlalchemy import delete, select

from backend.access import headfile
from backend.access.audit import AUDIT
from backend.access.chain import examine
from backend.clock import ManualClock
from backend.desk import acts, audit, channels, gauges, machinekeys, staff, supervise
from backend.desk.desk import Desk
from backend.desk.staff import Told
from backend.notify.channels import Spec
from backend.notify.deliver import Post
from backend.store import Store
from tests.screens import loop_city as city
from tests.unit.test_notify_channels import plain, receiving

ADMIN = city.ADMIN


def _desk(store: Store, clock: ManualClock, folder: Path) -> Desk:
    return city.build_for_admin(store, folder, clock)


def test_a_notice_from_the_act_to_the_receiver(pg_store: Store, clock: ManualClock, tmp_path: Path) -> None:
    desk = _desk(pg_store, clock, tmp_path)
    with receiving() as receiver:
        receiver.answer = lambda handler: plain(handler, 503)
        assert channels.add(desk, Spec("duty", "webhook", "990000", priority="low", url=receiver.url)).ok
        seat = Desk.open(pg_store, city.SEAT, clock=clock)
        task = str(acts.from_alarm(seat, city.alarms(pg_store)[0]).data["task"])
        body = {"holder": city.MEMBER, "holder_kind": "member"}
        assert acts.act(seat, task, "dispatch", body=body, seen_version=2).ok
        office = Post(pg_store, clock)
        for _ in range(4):
            clock.move(300)
            office.turn()
        assert channels.board(desk)[0].state == "dead"
        receiver.answer = lambda handler: plain(handler, 200)
        clock.move(3600)
        office.turn()
        assert channels.board(desk)[0].state == "ok"
        told = [json.loads(body) for _, body in receiver.got]
        assert any(one["task"] == task for one in told)
        clock.move(3600)
        assert len(supervise.overdue(desk)) == 1
        assert gauges.gauges(desk).own is not None


def test_the_chain_and_its_head_under_many_hands(pg_store: Store, clock: ManualClock, tmp_path: Path) -> None:
    desk = _desk(pg_store, clock, tmp_path)
    scope = machinekeys.scopes(desk)[0][0]
    hands = [threading.Thread(target=machinekeys.mint, args=(desk, scope, str(n))) for n in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    told = Told("张三", "seat", "990001", "C-990001")
    assert staff.add(desk, "P-ZHANG", told).ok
    assert staff.switch(desk, "P-ZHANG", on=False).ok
    assert audit.verify(desk).faults == ()
    assert audit.board(desk, find="张三")[0].act == "person.add"
    with pg_store.write() as connection:
        last = connection.execute(select(AUDIT.c.id).order_by(AUDIT.c.id.desc()).limit(1)).scalar_one()
        connection.execute(delete(AUDIT).where(AUDIT.c.id == last))
    with pg_store.read() as connection:
        verdict = examine(connection, headfile.read(headfile.path_of(connection)))
    assert [one.kind for one in verdict.faults] == ["cut"]
