"""What was stopped on its way to a terminal is in the audit once, told once, and known to doctor."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from backend.access.audit import AUDIT
from backend.clock import ManualClock
from backend.desk import stopped
from backend.desk.doctor import STOPS, examine
from backend.escalation import auditor, emptied
from backend.escalation.tables import Heartbeat
from backend.scheduler import Scheduler
from backend.store import Store, table, upsert
from backend.words import LANGUAGES, say
from console.commands import doctor
from console.settings import Settings
from console.terminal import driver, listening, seams, stock
from tests.screens import seat_city as city
from tests.screens.seated import seat


def test_it_is_noted_escaped_and_told_by_doctor(store: Store, clock: ManualClock) -> None:
    city.build(store, hours=1)
    desk = city.desk(store, "MD-S1", clock)
    with store.read() as connection:
        assert stopped.since(connection, 0) is None
    stopped.record(desk, {"osc": "\\x1b]2;x", "bidi": "\\u202e" + "\x1b[2J" * 50})
    with store.read() as connection:
        rows = connection.execute(select(AUDIT).where(AUDIT.c.act == stopped.ACT)).all()
        found = stopped.since(connection, 0)
    assert [(row.actor, row.subject) for row in rows] == [("MD-S1", "osc"), ("MD-S1", "bidi")]
    assert "\x1b" not in "".join(json.loads(row.body)["head"] for row in rows)
    assert found is not None
    assert (found.count, found.kinds, found.newest) == (2, ("osc", "bidi"), clock.now())
    told = [one for one in examine(store, "MD-S1", clock.now(), 0) if one.what.code == "doctor.stopped"]
    assert len(told) == 1
    for language in LANGUAGES:
        assert "osc, bidi" in say(told[0].what, language)
        assert "{" not in say(told[0].what, language)
    later = clock.now() + STOPS + 1
    assert not [one for one in examine(store, "MD-S1", later, 0) if one.what.code == "doctor.stopped"]


async def test_the_console_notes_it_in_the_audit_once_of_each_kind(store: Store, clock: ManualClock) -> None:
    city.build(store, hours=1)
    async with seat(store, clock, "MD-S1", language="en") as seen:
        for number in range(3):
            seen.app.ledger.note("osc", f"\x1b]2;{number}")
            await seen.tick()
        assert "osc" in seen.text
    with store.read() as connection:
        rows = connection.execute(select(AUDIT).where(AUDIT.c.act == stopped.ACT)).all()
    assert [(row.actor, row.subject, json.loads(row.body)["head"]) for row in rows] == [
        ("MD-S1", "osc", "\\x1b]2;0")
    ]


def test_doctor_calls_no_job_failed_that_was_not(store: Store, clock: ManualClock) -> None:
    """What the sweep and the auditor note down for themselves is no fault."""
    city.build(store, hours=1)
    now = clock.now()
    Scheduler(store, clock, parallel=1).run_due(lanes=("clocks",))
    emptied.look(store, now)
    with store.write() as connection:
        auditor.audit(connection, now)
    assert not [one.what for one in examine(store, "MD-S1", now, 0) if one.what.code == "doctor.job_failed"]
    with store.write() as connection:
        upsert(
            connection,
            table(Heartbeat),
            [{"job": "sweep", "at": now, "wall": 0.0, "note": "2 faults"}],
            keys=["job"],
        )
    told = [one.what for one in examine(store, "MD-S1", now, 0) if one.what.code == "doctor.job_failed"]
    assert [say(one, "en") for one in told] == ["the job sweep failed last time: 2 faults"]


def test_doctor_names_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._driver(Settings())[0].what.code == "doctor.driver"
    assert doctor._driver(Settings(stock_terminal=True))[0].what.code == "doctor.driver_asked"
    monkeypatch.setattr(seams, "missing", lambda: ("textual.app:App._display",))
    [found] = doctor._driver(Settings())
    assert (found.state, found.what.code) == ("note", "doctor.driver_stock")
    assert "App._display" in say(found.what, "en")


def test_where_a_seam_is_gone_the_frameworks_driver_opens_behind_the_filter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert seams.missing() == ()
    assert issubclass(seams.driver_class(), driver.GuardedDriver)
    assert seams.driver_class(stock=True) is listening.HeardStockDriver
    seams.missing.cache_clear()
    monkeypatch.setitem(seams.CALLS, "textual.app:App._no_such", ("self",))
    monkeypatch.setitem(seams.CALLS, "textual.app:App.bell", ("self", "loud"))
    monkeypatch.setitem(seams.NAMES, "textual.app:App._build_driver", ("_nobody",))
    monkeypatch.setattr(seams, "THINGS", ("textual.app:NoSuch",))
    try:
        assert len(seams.missing()) == 4
        # What comes from the terminal is sieved as long as that can be done.
        assert seams.driver_class() is listening.HeardStockDriver
        seams.missing.cache_clear()
        monkeypatch.setitem(seams.CALLS, "textual._xterm_parser:XTermParser._no_such", ("self",))
        assert not seams.hears()
        assert seams.driver_class() is stock.StockDriver
    finally:
        seams.missing.cache_clear()
