"""What comes to a centre and what waits there are counted by the same rule: whoever answers for it has it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from backend.alarms.tables import Alarm
from backend.clock import ManualClock
from backend.desk import acts, gauges
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.tasks.tables import Task
from tests.screens import loop_city as city


def test_an_alarm_whose_task_rose_waits_where_it_is_answered_for(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    city.build(store, tmp_path, clock.now())
    desk = Desk.open(store, city.CITY_SEAT, clock=clock)

    def told() -> dict[str, tuple[int, int]]:
        return {
            row.tier: (row.day, row.waiting) for row in gauges.gauges(desk).rows if row.day or row.waiting
        }

    assert told() == {"T": (2, 2)}
    made = acts.from_alarm(Desk.open(store, city.SEAT, clock=clock), city.alarms(store)[0])
    with store.write() as connection:
        connection.execute(update(table(Alarm)).values(state="UNACK"))
        connection.execute(update(table(Task)).where(table(Task).c.id == made.data["task"]).values(level="C"))
    assert told() == {"C": (2, 2)}
