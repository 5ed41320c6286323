"""The jobs: run when due, one failing stops no other, and a killed holder's lease passes on."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from backend.city.tables import CityFact, Grid, Parameter
from backend.clock import ManualClock
from backend.escalation.tables import Heartbeat
from backend.feeds.http import HttpFetcher
from backend.feeds.tables import Feed
from backend.scheduler import Scheduler
from backend.store import Store, table
from backend.store.lease import held_by
from backend.store.readings import Book, ReadingRow, write
from backend.store.upkeep import keep_house, retention

HOUR, DAY = 3600, 86400
ALL = [
    *("feeds", "alarms", "escalation", "doubt", "auditor", "duty", "scores", "reminders"),
    *("seals", "upkeep", "channels", "checks", "hotspots", "forecast"),
]
"""The jobs, in their order."""


@pytest.fixture
def city(store: Store) -> Store:
    with store.write() as connection:
        connection.execute(insert(table(CityFact)), [{"key": "zone", "value": "Asia/Shanghai"}])
        connection.execute(insert(table(Grid)), [{"code": "M", "level": 1, "name": "M"}])
    return store


def test_each_job_runs_at_its_own_pace(city: Store, clock: ManualClock) -> None:
    scheduler = Scheduler(city, clock)
    assert scheduler.run_due() == ALL
    clock.move(4)
    assert scheduler.run_due() == []
    clock.move(1)
    assert scheduler.run_due() == ["feeds", "channels"]
    clock.move(10)
    assert scheduler.run_due() == ["feeds", "escalation", "channels"]
    clock.move(HOUR)
    assert scheduler.run_due() == ALL


def test_a_job_that_fails_stops_no_other_and_is_told(
    city: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("the sweep broke")

    monkeypatch.setattr("backend.scheduler.sweep.sweep", fail)
    assert "auditor" in Scheduler(city, clock).run_due()
    assert "job escalation failed" in caplog.text
    beat = table(Heartbeat)
    with city.read() as connection:
        notes = {row.job: row.note for row in connection.execute(beat.select())}
    assert notes["escalation"] == "ValueError: the sweep broke"
    assert notes["feeds"] == ""


HOLDER = """
import sys
from backend.store import Store
from backend.store.lease import acquire
store = Store.open(sys.argv[1])
assert acquire(store, "jobs", "the one that is killed", 1.0)
print("held", flush=True)
sys.stdin.read()
"""


def test_the_jobs_of_a_killed_process_are_taken_over(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine a turn takes long; what is asked here is not how long its end is waited for.
    monkeypatch.setattr("backend.scheduler.PATIENCE", 120.0)
    path = tmp_path / "s.db"
    store = Store.open(path)
    with store.write() as connection:
        connection.execute(insert(table(CityFact)), [{"key": "zone", "value": "Asia/Shanghai"}])
        connection.execute(insert(table(Grid)), [{"code": "M", "level": 1, "name": "M"}])
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    ran = threading.Event()
    scheduler = Scheduler(store, clock, on_change=ran.set, lease_seconds=1.0, pace=0.1)
    scheduler.start()
    assert ran.wait(120)
    scheduler.stop()
    assert held_by(store, "jobs") is None
    store.close()


def test_readings_are_kept_as_long_as_the_rules_say(store: Store) -> None:
    book = Book({}, lambda at: at - at % DAY)
    keep = {(low, high): days for low, high, days in retention()}
    assert keep[(0, 3599)] == 30
    assert keep[(3600, DAY)] == 400
    now = 500 * DAY
    ages = [(60, 29), (60, 32), (HOUR, 32), (HOUR, 399), (HOUR, 402), (4 * HOUR, 402)]
    rows = [
        ReadingRow(now - age * DAY, number, 1, period, 1.0, "", 1, "", 0, 1)
        for number, (period, age) in enumerate(ages)
    ]
    with store.bulk() as connection:
        write(connection, rows, book, now)
    assert keep_house(store, now) == 3
    with store.read() as connection:
        kept = set(connection.execute(text("SELECT station FROM reading")).scalars())
        days = connection.execute(text("SELECT count(*) FROM station_day")).scalar_one()
    assert kept == {0, 2, 3}
    assert days == len(rows)


def test_an_upstream_that_never_answers_holds_up_no_clock_and_nobody_who_leaves(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The poll must still wait when the rest is done, however long that takes here.
    monkeypatch.setattr("backend.scheduler.HttpFetcher", partial(HttpFetcher, timeout=600.0))
    with store.write() as connection:
        connection.execute(insert(table(CityFact)), [{"key": "zone", "value": "Asia/Shanghai"}])
        connection.execute(insert(table(Grid)), [{"code": "M", "level": 1, "name": "M"}])
        named = {"id": 1, "code": "pm25", "name": "PM2.5", "name_en": "PM2.5", "unit": "µg/m³"}
        connection.execute(insert(table(Parameter)), [named])
        silent = socket.create_server(("127.0.0.1", 0))
        silent.settimeout(120)
        port = silent.getsockname()[1]
        columns = '[[columns]]\ncolumn = "pm25"\nparameter = "pm25"\n[politeness]\ntries = 1\n'
        options = f'format = "csv"\nstation = "s"\n[time]\ncolumn = "t"\nlabel = "start"\n{columns}'
        row = {
            "id": 1,
            "code": "silent",
            "adapter": "mapped",
            "url": f"http://127.0.0.1:{port}/",
            "options": options,
        }
        connection.execute(insert(table(Feed)), [row])
    beat = table(Heartbeat)
    clock = ManualClock(1793692800)
    swept = threading.Event()

    def changed() -> None:
        with store.read() as connection:
            if connection.execute(beat.select().where(beat.c.job == "escalation")).first():
                swept.set()

    scheduler = Scheduler(store, clock, on_change=changed, pace=0.1)
    scheduler.start()
    asked, _ = silent.accept()
    assert swept.wait(120)
    turns = dict(scheduler._under_way)
    polling = turns["feeds"]
    scheduler.stop()
    # The poll still waits for its answer: nobody waited for the poll.
    assert polling.is_alive()
    silent.close()
    asked.close()
    for turn in turns.values():
        turn.join(120)
        assert not turn.is_alive()


def test_what_is_read_of_the_city_is_what_was_loaded_last(city: Store, clock: ManualClock) -> None:
    scheduler = Scheduler(city, clock)
    scheduler.run_due()
    with city.write() as connection:
        connection.execute(insert(table(Grid)), [{"code": "C", "level": 2, "name": "C"}])
    assert "C" in scheduler._read_city().grids


class Kept(subprocess.Popen[bytes]):
    """A process that something keeps (a disk, a busy machine) after it was killed, for longer than anybody waits."""

    def wait(self, timeout: float | None = None) -> int:
        if timeout is not None:
            raise subprocess.TimeoutExpired(self.args, timeout)
        return super().wait()


def test_a_forecast_that_takes_long_to_die_is_killed_and_fails_nobody_who_leaves(
    city: Store, clock: ManualClock
) -> None:
    scheduler = Scheduler(city, clock)
    with Kept([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as child:
        scheduler._forecasting = child
        scheduler.stop()
        assert child.wait() == -signal.SIGKILL
