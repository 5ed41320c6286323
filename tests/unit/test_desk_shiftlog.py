"""The shift log: who did what, when, in whose name; the centre's own people and nobody else's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import insert

from backend.city.tables import CityFact
from backend.clock import ManualClock
from backend.desk import acts, duty, shiftlog
from backend.desk.desk import Desk
from backend.desk.orders import issue
from backend.store import Store, table
from console.__main__ import main
from tests.screens import loop_city as city

MINUTE = 60


@pytest.fixture
def world(store: Store, clock: ManualClock, tmp_path: Path) -> Store:
    city.build(store, tmp_path, clock.now())
    return store


def night(store: Store, clock: ManualClock) -> tuple[Desk, str]:
    """A seat's shift in which a little happens, while another centre does something of its own."""
    desk = Desk.open(store, city.SEAT, clock=clock)
    desk.settle()
    assert duty.sign_in(desk).ok
    clock.move(MINUTE)
    made = acts.from_alarm(desk, city.alarms(store)[0])
    assert made.ok, made
    task = str(made.data["task"])
    clock.move(MINUTE)
    body = {"holder": city.MEMBER, "holder_kind": "member"}
    sent = acts.act(desk, task, "dispatch", body=body, seen_version=int(made.data["version"] or 0))
    assert sent.ok, sent
    clock.move(MINUTE)
    assert acts.act(desk, task, "accept", on_behalf=city.MEMBER).ok
    # Refused, so no part of the log.
    assert not acts.act(desk, task, "accept", body={}, seen_state="OPEN").ok
    assert duty.remark(desk, "雾大，能见度 200 米").ok
    ordered = issue(
        desk,
        kind="instruction",
        title="夜间加密巡查",
        scope_kind="grid",
        scope=desk.actor.grid,
        starts=clock.now(),
        ends=None,
    )
    assert ordered.ok, ordered
    other = Desk.open(store, city.CITY_SEAT, clock=clock)
    assert acts.act(other, task, "note", body={"note": "市中心的备注"}).ok
    clock.move(MINUTE)
    return desk, task


def test_the_centre_that_is_named_is_the_one_that_is_told_of(world: Store, clock: ManualClock) -> None:
    desk, _ = night(world, clock)
    above = Desk.open(world, city.CITY_SEAT, clock=clock)
    log = shiftlog.shift_log(above, centre=desk.actor.centre)
    assert log is not None
    assert log.centre == desk.actor.centre
    # Nobody has signed in there: another centre's shift is no answer.
    assert shiftlog.shift_log(above, centre=above.actor.centre) is None


def test_everything_that_a_shift_did_in_its_order(world: Store, clock: ManualClock) -> None:
    start = clock.now()
    desk, task = night(world, clock)
    log = shiftlog.shift_log(desk)
    assert log is not None
    assert (log.since, log.until, log.opened, log.closed) == (start, clock.now() + 1, 1, 0)
    kinds = [one.kind for one in log.entries]
    assert kinds[0] == "shift"
    assert kinds.count("act") == 4
    assert {"remark", "order", "alarm"} <= set(kinds)
    assert [one.at for one in log.entries] == sorted(one.at for one in log.entries)
    assert {one.item for one in log.entries if one.kind == "act"} == {task}
    told = shiftlog.text(desk, log)
    assert "值班日志" in told
    assert "雾大，能见度 200 米" in told
    assert f"{task} " in told
    assert "（电话）" in told
    assert "市中心的备注" not in told
    assert "夜间加密巡查" in told
    desk.speak("en")
    english = shiftlog.shift_log(desk)
    assert english is not None
    assert "Shift log" in shiftlog.text(desk, english, "md")
    assert "| " in shiftlog.text(desk, english, "md")


def test_a_time_in_place_of_a_shift_and_nobody_elses_log(world: Store, clock: ManualClock) -> None:
    desk, _ = night(world, clock)
    before = shiftlog.shift_log(desk, since=clock.now() - 86400, until=clock.now() - 3600)
    assert before is not None
    assert before.entries == []
    assert "无记录" in shiftlog.text(desk, before)
    assert shiftlog.shift_log(desk, since=0, centre="C-990000") is None
    (row,) = shiftlog.shifts(desk)
    assert (row.person, row.until) == (city.SEAT, None)
    again = shiftlog.shift_log(desk, row.shift)
    assert again is not None
    assert len(again.entries) > 5


def test_a_citys_own_template_is_used(world: Store, clock: ManualClock) -> None:
    desk, _ = night(world, clock)
    with world.write() as connection:
        connection.execute(
            insert(table(CityFact)).values(key="template:shift.zh.txt", value="{centre}：{acts} 项")
        )
    log = shiftlog.shift_log(desk)
    assert log is not None
    assert shiftlog.text(desk, log).strip().endswith(f"：{len(log.entries)} 项")


def test_the_command_prints_it(
    clock: ManualClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "seat.db"
    store = Store.open(path)
    city.build(store, tmp_path, clock.now())
    night(store, clock)
    store.close()
    base = ["--store", str(path), "--as", city.SEAT, "--lang", "zh"]
    since = ["--since", "2026-11-03 00:00", "--until", "2026-11-04 00:00"]
    assert main([*base, "report", "shift", *since]) == 0
    assert "雾大，能见度 200 米" in capsys.readouterr().out
    assert main([*base, "report", "shift", "--format", "md", *since]) == 0
    assert capsys.readouterr().out.startswith("# 值班日志")
    assert main([*base, "report", "shift", "--json", *since]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {entry["kind"] for entry in told["entries"]} >= {"act", "remark", "shift"}
