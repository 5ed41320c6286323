"""In a replay the recall window is as long for the person as the policy says."""

from __future__ import annotations

from pathlib import Path

from backend.clock import ManualClock
from backend.demo.hands import stretch_recall
from backend.desk import acts, taskside
from backend.desk.desk import Desk
from backend.store import Store
from tests.screens import loop_city as city


def test_ten_seconds_stay_ten_at_an_hour_a_minute(store: Store, clock: ManualClock, tmp_path: Path) -> None:
    city.build(store, tmp_path, clock.now())
    stretch_recall(store, 60.0)
    seat = Desk.open(store, city.SEAT, clock=clock)
    task = str(acts.from_alarm(seat, city.alarms(store)[0]).data["task"])
    last = taskside.recallable(seat)
    assert last is not None
    assert (last.task, last.until - clock.now()) == (task, 600)
    clock.move(599)
    assert acts.recall(seat, task, last.op).ok
