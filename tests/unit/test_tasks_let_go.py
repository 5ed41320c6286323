"""Nothing that people answer for is let go of by the way: by a merge, another priority, a re-opening, in silence."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import insert, select

from backend.escalation.sweep import sweep
from backend.incidents.tables import Incident
from backend.notify.tables import Notice
from backend.store import Store, table
from backend.tasks.tables import Act
from backend.words import Message, say
from tests.conftest import START
from tests.unit.task_world import CELL, CITY, COUNTY, CV, GM, MS, MV, TOWN, TS, TS_2, act, build, draft, get

ACT, INCIDENT, NOTICE = table(Act), table(Incident), table(Notice)
MINUTE = 60


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def filed(store: Store, priority: str, at: int = START) -> str:
    """A task that waits to be dispatched."""
    with store.write() as connection:
        task = draft(connection, at, priority)
        assert act(connection, TS, "file", task, at).ok
    return task


def sent(store: Store, priority: str, at: int = START) -> str:
    """A task that a grid member holds."""
    task = filed(store, priority, at)
    with store.write() as connection:
        assert act(connection, TS, "dispatch", task, at, {"holder": "gm"}).ok
        assert act(connection, GM, "accept", task, at).ok
    return task


def told(store: Store, task: str, since: int) -> list[tuple[str, str, str]]:
    """Grid, person and words of what was told of a task; every word has its value."""
    with store.read() as connection:
        rows = connection.execute(select(NOTICE).where(NOTICE.c.task == task, NOTICE.c.at >= since)).all()
    found = [(row.grid, row.person, Message(row.code, msgspec.json.decode(row.args))) for row in rows]
    assert not [one for *_, one in found if "{" in say(one, "zh") + say(one, "en")]
    return [(grid, person, one.code) for grid, person, one in found]


def raised(store: Store, task: str) -> list[str]:
    with store.read() as connection:
        rows = connection.execute(select(ACT.c.body).where(ACT.c.task == task, ACT.c.kind == "escalate"))
        return [msgspec.json.decode(body)["to_level"] for body in rows.scalars()]


def test_a_miss_does_not_rise_again_because_the_same_clock_has_another_target(city: Store) -> None:
    task = sent(city, "high")
    missed = START + 45 * MINUTE
    sweep(city, missed + 5)
    assert raised(city, task) == ["C"]
    with city.write() as connection:
        assert act(
            connection, TS, "prioritise", task, missed + 30, {"priority": "critical", "reason": "x"}
        ).ok
    sweep(city, missed + 45)
    assert raised(city, task) == ["C"]
    # Twice the time that a critical one has is a share that was not crossed before.
    sweep(city, START + 2 * 30 * MINUTE + 5)
    assert raised(city, task) == ["C", "M"]


def test_another_priority_that_makes_it_late_at_once_does_rise(city: Store) -> None:
    task = sent(city, "high")
    with city.write() as connection:
        assert act(
            connection, TS, "prioritise", task, START + 40 * MINUTE, {"priority": "critical", "reason": "x"}
        ).ok
    sweep(city, START + 40 * MINUTE + 15)
    assert raised(city, task) == ["C"]


def test_a_task_that_rose_is_not_merged_into_one_that_nobody_above_answers_for(city: Store) -> None:
    old, young = sent(city, "high"), filed(city, "high", START + 44 * MINUTE)
    sweep(city, START + 46 * MINUTE)
    with city.write() as connection:
        refused = act(connection, TS, "merge", old, START + 46 * MINUTE, {"into": young})
        assert refused.message.code == "task.refused.merge_lower"
        assert {refused.message.args["level"], refused.message.args["lower"]} == {"C", "T"}
        # As its words say: the other way round.
        assert act(connection, TS, "merge", young, START + 46 * MINUTE, {"into": old}).ok
        assert get(connection, old).level == "C"


def test_a_supervised_task_and_that_of_an_order_are_not_merged_away(city: Store) -> None:
    old, young = sent(city, "high"), filed(city, "high")
    with city.write() as connection:
        assert act(connection, CV, "supervise", old, START).ok
        assert (
            act(connection, TS, "merge", old, START, {"into": young}).message.code
            == "task.refused.merge_supervised"
        )
        ordered = draft(connection, START, type="order", order="O1", due=START + 9000)
        refused = act(connection, TS, "merge", ordered, START, {"into": young})
        assert refused.message.code == "task.refused.merge_order"
        assert act(connection, TS, "merge", young, START, {"into": ordered}).ok


def test_what_was_urgent_stays_urgent_in_the_task_that_it_is_merged_into(city: Store) -> None:
    held = sent(city, "low")
    with city.write() as connection:
        urgent = draft(connection, START + 60, "critical")
        assert act(connection, TS, "merge", urgent, START + 90, {"into": held}).ok
        state = get(connection, held)
        clock = state.clock("ARRIVE")
    assert state.priority == "critical"
    assert clock is not None
    assert (clock.target, clock.carried) == (30 * MINUTE, 90)
    # Who is on the way hears of both.
    codes = {code for _, person, code in told(city, held, START + 90) if person == "gm"}
    assert codes == {"notice.act.absorb", "notice.act.prioritise"}


def test_an_arbitration_that_is_settled_is_not_reopened(city: Store) -> None:
    task = filed(city, "high")
    with city.write() as connection:
        assert act(connection, TS, "transfer", task, START, {"receiver": "D1"}).ok
    sweep(city, START + 20 * MINUTE)
    at = START + 21 * MINUTE
    with city.write() as connection:
        asked = get(connection, task).arbitration
        assert act(connection, MS, "settle", asked, at, {"to": "receiver", "reason": "x"}).ok
        again = act(connection, MS, "reopen", asked, at, {"evidence": ["e"]})
        assert again.message.code == "task.refused.arbitration_only"


def test_whoever_holds_the_work_hears_that_it_waits_goes_on_or_is_off(city: Store) -> None:
    task, review = sent(city, "high"), START + 9000
    asked = {"review_at": review, "reason": "weather"}
    with city.write() as connection:
        assert act(connection, TS, "ask_suspend", task, START + 10, asked).ok
        for at, who, kind, body in (
            (20, CV, "suspend", asked),
            (30, CV, "unsuspend", {}),
            (40, CV, "extend", {"reason": "x", "seconds": 600}),
            (50, CV, "void", {"reason": "x"}),
        ):
            assert act(connection, who, kind, task, START + at, body).ok
    expected = [(TOWN, "gm", f"notice.act.{kind}") for kind in ("suspend", "unsuspend", "extend", "void")]
    assert sorted(told(city, task, START + 20)) == sorted(expected)


def test_whoever_holds_it_hears_that_its_review_date_has_come(city: Store) -> None:
    task, asked = sent(city, "high"), {"review_at": START + 9000, "reason": "weather"}
    with city.write() as connection:
        assert act(connection, TS, "ask_suspend", task, START + 10, asked).ok
        assert act(connection, CV, "suspend", task, START + 20, asked).ok
    sweep(city, START + 9000)
    assert (TOWN, "gm", "notice.review") in told(city, task, START + 9000)


def test_who_may_suspend_a_critical_task_is_told_that_it_is_asked(city: Store) -> None:
    tasks = sent(city, "critical"), sent(city, "high")
    for task in tasks:
        with city.write() as connection:
            body = {"review_at": START + 9000, "reason": "weather"}
            assert act(connection, TS, "ask_suspend", task, START + 10, body).ok
    grids = [{grid for grid, _, _ in told(city, task, START + 10)} for task in tasks]
    assert grids == [{COUNTY, CITY}, {COUNTY}]


def test_seats_are_not_told_of_what_they_did_themselves(city: Store) -> None:
    task = filed(city, "high")
    with city.write() as connection:
        assert act(connection, TS, "prioritise", task, START + 5, {"priority": "critical", "reason": "x"}).ok
    assert told(city, task, START + 5) == []
    with city.write() as connection:
        assert act(connection, MV, "void", task, START + 9, {"reason": "x"}).ok
    assert told(city, task, START + 9) == [(TOWN, "", "notice.act.void")]


def test_a_task_that_is_reopened_opens_its_incident_and_tells_its_holder(city: Store) -> None:
    incident = {
        "id": "I1", "type": "straw", "state": "closed", "closed": START + 300, "opened": START, "last": START,
        "county": COUNTY, "grid": CELL, "priority": "high", "origin": "patrol",
    }  # fmt: skip
    with city.write() as connection:
        columns = {
            column.name: "" if column.type.python_type is str else 0
            for column in INCIDENT.c
            if not column.nullable and column.name not in incident and column.default is None
        }
        connection.execute(insert(INCIDENT).values(**columns, **incident))
        task = draft(connection, START, "high", incident="I1", origin="patrol")
        connection.execute(INCIDENT.update().values(state="closed", closed=START + 300))
        for who, kind, body in (
            (TS, "file", {}),
            (TS, "dispatch", {"holder": "gm"}),
            (GM, "accept", {}),
            (GM, "arrive", {"distance": 1}),
            (GM, "report", {"result": "x", "evidence": ["p"]}),
            (TS_2, "verify_ok", {}),
            (TS, "reopen", {"evidence": ["it burns again"]}),
        ):
            assert act(connection, who, kind, task, START + 400, body).ok, kind
        row = connection.execute(select(INCIDENT.c.state, INCIDENT.c.closed)).one()
    assert tuple(row) == ("open", None)
    assert (TOWN, "gm", "notice.act.reopen") in told(city, task, START + 400)
