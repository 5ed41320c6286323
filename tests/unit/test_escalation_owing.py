"""The one who is told is the one who owes the clock: the holder the work, a seat the triage, the dispatch, the word."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from backend.escalation.explain import next_steps
from backend.escalation.plan import DUE
from backend.escalation.sweep import sweep
from backend.notify import notices
from backend.store import Store, table
from backend.tasks.owing import owed_by
from backend.tasks.policy import default_text, parsed
from backend.tasks.tables import Breach
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import CITY, COUNTY, CS, CV, GM, TOWN, TS, act, build, draft, get

BREACH = table(Breach)
POLICY = parsed(0, default_text(), "Asia/Shanghai")


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def reported(
    connection: Connection, *, by_room: bool = True, level: str = "T", supervised: bool = False
) -> str:
    """A task that waits to be verified; the township's duty room has reported it."""
    task = draft(connection, START, "high")
    holder = {"holder": "T1", "holder_kind": "centre"} if by_room else {"holder": "gm"}
    if level != "T":
        assert act(connection, TS, "escalate", task, START, {"reason": "x", "to_level": level}).ok
    steps: tuple[tuple[Any, str, dict[str, Any]], ...] = (
        (CS if level != "T" else TS, "file", {}),
        (TS, "dispatch", holder),
        (TS if by_room else GM, "accept", {}),
        (TS if by_room else GM, "arrive", {"distance": 1}),
        (TS if by_room else GM, "report", {"result": "x", "evidence": ["p"]}),
    )
    for who, kind, body in steps:
        if kind == "file" and level == "M":
            who = CS.__class__("ms", "seat", "M", "M1")
        assert act(connection, who, kind, task, START, body).ok, kind
    if supervised:
        assert act(connection, CV, "supervise", task, START).ok
    return task


@pytest.mark.parametrize(
    ("level", "supervised", "centre", "grid"),
    [("T", False, "T1", TOWN), ("C", False, "C1", COUNTY), ("M", False, "M1", CITY), ("T", True, "M1", CITY)],
)
def test_a_report_is_owed_by_the_tier_that_verifies_it(
    city: Store, level: str, supervised: bool, centre: str, grid: str
) -> None:
    with city.write() as connection:
        task = reported(connection, level=level, supervised=supervised)
        state = get(connection, task)
        owing = owed_by(connection, state, "VERIFY", POLICY)
        assert (owing.kind, owing.code, owing.clock) == ("centre", centre, "VERIFY")
        steps = [
            step
            for step in next_steps(connection, task, START, limit=20)
            if step.what.args["clock"] == "VERIFY"
        ]
    remind = steps[0]
    assert remind.who is not None
    assert (remind.kind, remind.who.code, remind.who.phone) == ("remind", centre, "110")
    assert "核查席" in say(remind.what, "zh")
    assert "verifies" in say(remind.what, "en")
    # Sweep until the reminder is out: high is two hours to verify, so one hour.
    for minute in range(61):
        assert not sweep(city, START + minute * 60).faults
        if minute == 41 and level == "C":
            # The county's acknowledgement has run out meanwhile: it says again that it is at it.
            with city.write() as connection:
                assert act(connection, CS, "ack", task, START + minute * 60).ok
    with city.read() as connection:
        told = [
            row for row in notices.of_task(connection, task) if row.message.code.startswith("notice.remind")
        ]
        clocks = {row.message.args["clock"]: row.grid for row in told}
    assert clocks["VERIFY"] == grid


def test_the_verifier_hears_of_a_report_at_once(city: Store) -> None:
    with city.write() as connection:
        task = reported(connection, level="C")
        told = {row.message.code: row for row in notices.of_task(connection, task)}
    assert (told["notice.act.report"].grid, told["notice.act.report"].person) == (COUNTY, "")
    for language in LANGUAGES:
        assert "{" not in say(told["notice.act.report"].message, language)


def test_triage_and_dispatch_are_owed_by_the_seat_of_the_accountable_tier(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START, "high")
        state = get(connection, task)
        assert owed_by(connection, state, "", POLICY).code == "T1"
        assert owed_by(connection, state, "", POLICY).clock == "TRIAGE"
        assert act(connection, TS, "escalate", task, START, {"reason": "x"}).ok
        state = get(connection, task)
        assert owed_by(connection, state, "TRIAGE", POLICY).code == "C1"
        assert owed_by(connection, state, "LEVEL_ACK", POLICY).code == "C1"
        assert act(connection, CS, "file", task, START).ok
        state = get(connection, task)
        assert owed_by(connection, state, "", POLICY).clock == "DISPATCH"
        assert owed_by(connection, state, "", POLICY).code == "C1"
        first = next_steps(connection, task, START)[0]
    assert first.who is not None
    assert (first.who.code, first.what.args["owed"]) == ("C1", "DISPATCH")
    assert "派遣席" in say(first.what, "zh")


def test_the_work_is_owed_by_its_holder_and_an_offer_by_the_receiver(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START, "high")
        act(connection, TS, "file", task, START)
        act(connection, TS, "dispatch", task, START, {"holder": "gm"})
        state = get(connection, task)
        assert (owed_by(connection, state, "", POLICY).kind, owed_by(connection, state, "", POLICY).code) == (
            "member",
            "gm",
        )
        act(connection, TS, "transfer", task, START, {"receiver": "D1"})
        state = get(connection, task)
        owing = owed_by(connection, state, "", POLICY)
        assert (owing.clock, owing.kind, owing.code) == ("OFFER", "department", "D1")


def test_a_miss_is_put_down_to_whoever_owed_the_clock_when_it_ran_out(city: Store) -> None:
    with city.write() as connection:
        task = reported(connection, level="C")
    assert not sweep(city, START + 7300).faults
    with city.read() as connection:
        rows = connection.execute(select(BREACH.c.kind, BREACH.c.holder).where(BREACH.c.task == task)).all()
        waiting = connection.execute(select(DUE.c.task).where(DUE.c.done.is_(None))).scalars().all()
    assert ("VERIFY", "C1") in [tuple(row) for row in rows]
    assert waiting == [task]


def test_a_return_tells_the_seat_that_must_send_somebody_else(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START, "high")
        act(connection, TS, "file", task, START)
        act(connection, TS, "dispatch", task, START, {"holder": "gm"})
        assert act(connection, GM, "return", task, START, {"reason": "不在本网格"}).ok
        told = {row.message.code: row for row in notices.of_task(connection, task)}
    assert (told["notice.act.return"].grid, told["notice.act.return"].person) == (TOWN, "")
