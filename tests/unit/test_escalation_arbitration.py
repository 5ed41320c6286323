"""An offer that nobody takes: back, and the common superior says whose it is; meanwhile its clock stands still."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from backend.escalation.explain import next_steps, why_here
from backend.escalation.sweep import sweep
from backend.notify import notices
from backend.store import Store
from backend.tasks.rows import TASK
from backend.tasks.taskstate import TaskState
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import (
    CITY,
    COUNTY,
    CS,
    CV,
    DEPT,
    GM,
    MS,
    TS,
    act,
    build,
    draft,
    get,
)

LATER = START + 60 + 315


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def timed_out(store: Store, receiver: str = "D1", kind: str = "department") -> str:
    """A critical task that its member offered on, and that nobody took within five minutes."""
    with store.write() as connection:
        task = draft(connection, START)
        for who, what, body in (
            (TS, "file", {}),
            (TS, "dispatch", {"holder": "gm"}),
            (GM, "accept", {}),
        ):
            assert act(connection, who, what, task, START, body).ok
        offer = {"receiver": receiver, "receiver_kind": kind}
        assert act(connection, TS, "transfer", task, START + 60, offer).ok
    assert not sweep(store, START + 360).faults
    with store.read() as connection:
        assert get(connection, task).state == "OFFERED"
    assert not sweep(store, LATER).faults
    return task


def about(connection: Connection, task: str) -> TaskState:
    found = connection.execute(select(TASK.c.id).where(TASK.c.about == task)).scalars().all()
    assert len(found) == 1
    return get(connection, found[0])


def test_it_goes_back_and_an_arbitration_is_opened_at_the_common_superior(city: Store) -> None:
    task = timed_out(city)
    with city.read() as connection:
        state, arbitration = get(connection, task), about(connection, task)
        assert (state.state, state.holder, state.offers, state.level) == ("ACCEPTED", "gm", 1, "T")
        assert state.arbitration == arbitration.id
        assert (arbitration.state, arbitration.level, arbitration.centre, arbitration.grid) == (
            "OPEN",
            "C",
            "C1",
            COUNTY,
        )
        clock, owed = state.clock("ARRIVE"), arbitration.clock("DISPATCH")
        assert clock is not None
        assert clock.paused
        assert clock.pauses[-1].reason == "arbitration"
        assert state.due is None
        assert owed is not None
        assert owed.target == 600
        told = [row for row in notices.of_task(connection, arbitration.id) if "by_system" in row.message.code]
        assert [(row.grid, row.message.args["about"]) for row in told] == [(COUNTY, task)]
        for language in LANGUAGES:
            assert "{" not in say(told[0].message, language)
        reasons = [say(message, "zh") for _, message in why_here(connection, task)]
    assert any(arbitration.id in reason for reason in reasons)


def test_its_clock_stands_still_until_the_verdict_and_nothing_climbs(city: Store) -> None:
    task = timed_out(city)
    with city.write() as connection:
        arbitration = about(connection, task)
        verdict = {"to": "giver", "reason": "在其网格内"}
        assert not act(connection, TS, "settle", arbitration.id, LATER + 300, verdict).ok
        assert act(connection, CS, "settle", arbitration.id, LATER + 300, verdict).ok
        state, closed = get(connection, task), get(connection, arbitration.id)
        assert (closed.state, closed.close_code) == ("CLOSED", "to_giver")
        assert (state.state, state.holder, state.arbitration, state.level) == ("ACCEPTED", "gm", "", "T")
        # 60 s were used up before the offer; neither the offer nor the arbitration counts.
        assert state.due == LATER + 300 + 1800 - 60


def test_the_verdict_may_give_it_to_the_receiver(city: Store) -> None:
    task = timed_out(city)
    with city.write() as connection:
        arbitration = about(connection, task)
        assert act(connection, CS, "settle", arbitration.id, LATER, {"to": "receiver", "reason": "x"}).ok
        state = get(connection, task)
        assert (state.state, state.holder, state.holder_kind, state.arbitration) == (
            "ACCEPTED",
            "D1",
            "department",
            "",
        )
        assert state.due == LATER + 1800
        assert act(connection, DEPT, "arrive", task, LATER, {"distance": 1}).ok


def test_between_two_counties_the_city_decides(city: Store) -> None:
    task = timed_out(city, "T2", "centre")
    with city.write() as connection:
        arbitration = about(connection, task)
        assert (arbitration.level, arbitration.grid, arbitration.centre) == ("M", CITY, "M1")
        assert not act(connection, CS, "settle", arbitration.id, LATER, {"to": "giver", "reason": "x"}).ok
        assert act(connection, MS, "settle", arbitration.id, LATER, {"to": "receiver", "reason": "x"}).ok
        state = get(connection, task)
        # The other side's township takes it over with its place.
        assert (state.centre, state.township, state.holder) == ("T2", "371703001", "T2")


def test_between_two_townships_of_a_county_the_county_decides(city: Store) -> None:
    task = timed_out(city, "T3", "centre")
    with city.read() as connection:
        assert about(connection, task).level == "C"


def test_what_the_superior_may_not_do_is_said_in_words(city: Store) -> None:
    task = timed_out(city)
    cases: list[tuple[Any, str, str, dict[str, Any], str]]
    with city.write() as connection:
        arbitration = about(connection, task).id
        other = draft(connection, LATER)
        cases = [
            (CS, "dispatch", arbitration, {"holder": "gm"}, "arbitration_dispatch"),
            (CS, "settle", arbitration, {"to": "somebody", "reason": "x"}, "reason"),
            (CS, "settle", arbitration, {"to": "giver"}, "missing"),
            (TS, "transfer", task, {"receiver": "T3", "receiver_kind": "centre"}, "arbitration_open"),
            (CS, "settle", task, {"to": "giver", "reason": "x"}, "state"),
            (CS, "merge", arbitration, {"into": other}, "arbitration_only"),
            (CS, "merge", other, {"into": arbitration}, "merge_target"),
            (CV, "extend", arbitration, {"reason": "x", "seconds": 60}, "arbitration_only"),
            (CS, "ask_extend", arbitration, {"reason": "x", "seconds": 60}, "arbitration_only"),
            (CV, "void", arbitration, {"reason": "x"}, "arbitration_only"),
            (CS, "ask_void", arbitration, {"reason": "x"}, "arbitration_only"),
        ]
        for who, kind, target, body, code in cases:
            done = act(connection, who, kind, target, LATER, body)
            assert done.message.code == f"task.refused.{code}", (kind, done)
            for language in LANGUAGES:
                assert "{" not in say(done.message, language)


def test_it_lapses_when_the_task_ends_by_itself_and_it_has_an_owner_and_a_next_instant_until_then(
    city: Store,
) -> None:
    task = timed_out(city)
    with city.write() as connection:
        arbitration = about(connection, task).id
        ahead = next_steps(connection, arbitration, LATER)
        assert ahead[0].who is not None
        assert ahead[0].who.code == "C1"
        assert act(connection, CV, "void", task, LATER, {"reason": "x"}).ok
        ended = get(connection, arbitration)
    assert (ended.state, ended.close_code) == ("CANCELLED", "lapsed")


def test_an_arbitration_that_nobody_settles_climbs_like_any_task(city: Store) -> None:
    task = timed_out(city)
    for second in range(0, 1300, 15):
        assert not sweep(city, LATER + second).faults
    with city.read() as connection:
        assert about(connection, task).level == "M"
        assert get(connection, task).level == "T"


def test_a_giver_who_goes_there_after_all_runs_its_own_clock(city: Store) -> None:
    task = timed_out(city)
    with city.write() as connection:
        arbitration = about(connection, task).id
        assert act(connection, GM, "arrive", task, LATER + 10, {"distance": 1}).ok
        assert get(connection, task).due == LATER + 10 + 7200
        assert act(connection, CS, "settle", arbitration, LATER + 600, {"to": "giver", "reason": "x"}).ok
        assert get(connection, task).due == LATER + 10 + 7200


def test_a_suspension_meanwhile_outlasts_the_verdict(city: Store) -> None:
    task = timed_out(city)
    body = {"reason": "weather", "review_at": LATER + 86400}
    with city.write() as connection:
        arbitration = about(connection, task).id
        assert act(connection, TS, "ask_suspend", task, LATER, body).ok
        assert act(connection, CV.__class__("mv", "supervisor", "M", "M1"), "suspend", task, LATER, body).ok
        assert act(connection, CS, "settle", arbitration, LATER + 60, {"to": "giver", "reason": "x"}).ok
        clock = get(connection, task).clock("ARRIVE")
        assert clock is not None
        assert clock.paused
        mv = CV.__class__("mv", "supervisor", "M", "M1")
        assert act(connection, mv, "unsuspend", task, LATER + 600).ok
        state = get(connection, task)
    assert (state.state, state.due) == ("ACCEPTED", LATER + 600 + 1800 - 60)


def test_an_arbitration_is_offered_to_nobody(city: Store) -> None:
    task = timed_out(city)
    with city.write() as connection:
        arbitration = about(connection, task).id
        offer = {"receiver": "D1", "receiver_kind": "department", "reason": "x"}
        refused = act(connection, CS, "transfer", arbitration, LATER, offer)
        assert refused.message.code == "task.refused.arbitration_dispatch"
        assert refused.message.args["about"] == task
        assert get(connection, arbitration).state == "OPEN"
