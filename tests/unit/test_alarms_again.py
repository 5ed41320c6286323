"""What was reported as put right and is measured all the same rings again: a closed task is not a solved problem."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from backend import alarms, incidents
from backend.alarms.tables import Alarm, AlarmAct
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import acts, brief, triage
from backend.desk import alarms as board
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.tasks.done import ended_work
from backend.tasks.rows import TASK
from tests.screens import loop_city as city

ALARM, ACT = table(Alarm), table(AlarmAct)
HOUR = city.HOUR


class Seat:
    """Two seats of a county, an hour's page and the sweep of the alarms."""

    def __init__(self, store: Store, clock: ManualClock) -> None:
        self.store, self.clock = store, clock
        self.desk = Desk.open(store, city.SEAT, clock=clock, replay=True)
        self.other = Desk.open(store, city.OTHER_SEAT, clock=clock, replay=True)

    def act(self, task: str, kind: str, desk: Desk | None = None, **rest: object) -> None:
        with self.store.read() as connection:
            seen = connection.execute(select(TASK.c.version).where(TASK.c.id == task)).scalar_one()
        done = acts.act(desk or self.desk, task, kind, seen_version=seen, **rest)  # type: ignore[arg-type]
        assert done.ok, done

    def worked(self) -> str:
        """The alarm's task, sent, reported as put right, and verified."""
        task = str(acts.from_alarm(self.desk, city.alarms(self.store)[0]).data["task"])
        self.act(task, "dispatch", body={"holder": city.MEMBER})
        for kind in ("accept", "arrive"):
            self.act(task, kind, on_behalf=city.MEMBER)
        self.act(task, "report", body={"result": "rectified"}, on_behalf=city.MEMBER)
        return task

    def close(self, task: str) -> None:
        self.act(task, "verify_ok", self.other)

    def hour(self, value: float) -> list[str]:
        """An hour passes, its page comes, the alarms are swept; the states of the first ones."""
        self.clock.move(HOUR)
        now = self.clock.now()
        city.exceed(self.store, now, stations=(city.STATION,), value=value)
        with self.store.bulk() as connection:
            read = City.read(connection)
            found = alarms.sweep(connection, read, now, ended=partial(ended_work, connection))
            incidents.open_for(connection, read, found, now)
        with self.store.read() as connection:
            query = select(ALARM.c.state).where(ALARM.c.rule == "exceedance").order_by(ALARM.c.id)
            return list(connection.execute(query).scalars())


@pytest.fixture
def seat(store: Store, clock: ManualClock, tmp_path: Path) -> Seat:
    city.build(store, tmp_path, clock.now())
    return Seat(store, clock)


def test_it_rings_again_once_a_whole_period_after_the_end_still_shows_it(seat: Seat) -> None:
    task = seat.worked()
    seat.clock.move(240)
    seat.close(task)
    assert not triage.queue(seat.desk)
    # Closed at 16:04: the hour of 16:00 began before, and that of 17:00 is the first after it.
    assert set(seat.hour(421)) == {"ACKED"}
    assert set(seat.hour(422)) == {"ACKED"}
    assert set(seat.hour(423)) == {"UNACK"}
    assert "air_quality" in {row.item.type for row in triage.queue(seat.desk)}
    lines = [line.message.code for line in brief.build(brief.gather(seat.desk))]
    assert "brief.settled" not in lines
    with seat.store.read() as connection:
        acts_of = connection.execute(select(ACT.c.reason).where(ACT.c.act == "again")).scalars().all()
    assert set(acts_of) == {"not_solved"}
    # Whoever acknowledges it now has seen that it stands: it does not ring for the same closing again.
    for alarm in city.alarms(seat.store):
        board.acknowledge(seat.desk, alarm)
    assert set(seat.hour(424)) == {"ACKED"}


def test_what_becomes_critical_after_it_was_acknowledged_rings_again(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    city.build(store, tmp_path, clock.now(), value=190.0)
    seat = Seat(store, clock)
    (first,) = city.alarms(store)
    acts.from_alarm(seat.desk, first)
    assert seat.hour(195.0)[0] == "ACKED"
    assert seat.hour(440.0)[0] == "UNACK"
    board.acknowledge(seat.desk, first)
    # It is as bad as it was: once is enough.
    assert seat.hour(441.0)[0] == "ACKED"
    with store.read() as connection:
        rows = connection.execute(
            select(ACT.c.reason).where(ACT.c.act == "again", ACT.c.alarm == first)
        ).all()
    assert [row.reason for row in rows] == ["worse"]


def test_what_is_clean_after_the_end_does_not(seat: Seat) -> None:
    seat.close(seat.worked())
    for value in (30.0, 31.0, 32.0, 33.0):
        assert "UNACK" not in seat.hour(value)


def test_while_somebody_owes_work_it_does_not(seat: Seat) -> None:
    seat.worked()
    for value in (421.0, 422.0, 423.0, 424.0):
        assert "UNACK" not in seat.hour(value)


def test_a_task_that_was_merged_ends_with_the_one_that_took_it_in(seat: Seat) -> None:
    task = seat.worked()
    first = str(
        acts.propose(seat.desk, type="straw_burning", grid="990001001", channel="patrol").data["task"]
    )
    last = str(acts.propose(seat.desk, type="road_dust", grid="990001001", channel="patrol").data["task"])
    seat.act(task, "merge", body={"into": first})
    seat.act(first, "merge", body={"into": last})
    with seat.store.read() as connection:
        incident = connection.execute(select(TASK.c.incident).where(TASK.c.id == task)).scalar_one()
        assert ended_work(connection, [incident, ""]) == {}
    seat.act(last, "dispatch", body={"holder": city.MEMBER})
    for kind in ("accept", "arrive"):
        seat.act(last, kind, on_behalf=city.MEMBER)
    seat.act(last, "report", body={"result": "rectified"}, on_behalf=city.MEMBER)
    seat.close(last)
    with seat.store.read() as connection:
        assert ended_work(connection, [incident]) == {incident: seat.clock.now()}


def test_a_draft_that_was_dismissed_is_no_work_done(seat: Seat) -> None:
    task = str(acts.from_alarm(seat.desk, city.alarms(seat.store)[0], file=False).data["task"])
    supervisor = Desk.open(seat.store, "P-990001-V", clock=seat.clock, replay=True)
    seat.act(task, "dismiss", supervisor, body={"reason": "false_alarm"})
    for value in (421.0, 422.0, 423.0):
        assert "UNACK" not in seat.hour(value)
