"""The county takes charge of a task of a township whose board it keeps: who acted, who is next, who holds it."""

from __future__ import annotations

import pytest

from backend.clock import ManualClock
from backend.desk import acts, duty, tasks, taskside
from backend.desk.desk import Desk
from backend.duty import adopted
from backend.store import Store
from backend.words import say
from tests.conftest import START
from tests.unit.task_world import CS, TS, act, build, draft

HOUR = 3600


@pytest.fixture
def task(store: Store) -> str:
    """At the county since the township did not answer; the township's board is kept by the county."""
    build(store)
    with store.write() as connection:
        from sqlalchemy import insert

        from backend.city.tables import CityFact
        from backend.store import table

        connection.execute(insert(table(CityFact)).values(key="zone", value="Asia/Shanghai"))
        task = draft(connection, START, "medium")
        assert act(connection, TS, "file", task, START).ok
        assert act(connection, TS, "dispatch", task, START, {"holder": "T1", "holder_kind": "centre"}).ok
        assert act(connection, CS, "escalate", task, START, {"reason": "x"}).ok
        assert adopted.adopt(connection, "T1", "C1", "cs", START).ok
    return task


def desk(store: Store, clock: ManualClock, person: str = "cs") -> Desk:
    return Desk.open(store, person, clock=clock)


def done(here: Desk, task: str, kind: str, **rest: str) -> None:
    page = tasks.page(here, task)
    assert page is not None
    outcome = acts.act(here, task, kind, seen_version=page.row.version, **rest)  # type: ignore[arg-type]
    assert outcome.ok, outcome


def test_to_take_charge_is_the_countys_own_act_and_a_call_is_the_townships(
    store: Store, clock: ManualClock, task: str
) -> None:
    here = desk(store, clock)
    done(here, task, "ack")
    done(here, task, "accept", on_behalf="T1")
    page = tasks.page(here, task)
    assert page is not None
    told = {one.kind: one.for_name for one in page.timeline}
    assert (told["ack"], told["accept"]) == ("", "T1")
    assert duty.give_back(here, "T1").ok


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_steps_after_it_name_whom_they_reach(
    store: Store, clock: ManualClock, task: str, language: str
) -> None:
    here = desk(store, clock)
    done(here, task, "ack")
    steps = taskside.next_steps(here, task, limit=12)
    words = [(say(one.what, language), one.who.code if one.who else "") for one in steps]  # type: ignore[arg-type]
    holder = "承办单位" if language == "zh" else "the holder"
    assert any(holder in what and who == "T1" for what, who in words), words
    assert not any("承办人" in what for what, _ in words)
    county = "县级" if language == "zh" else "county"
    # The word that the county gave is reminded of at the county, for as long as the task is the county's.
    reminded = [(what, who) for (what, who), one in zip(words, steps, strict=True) if "ack" in one.why.code]
    assert reminded
    assert all(county in what and who == "C1" for what, who in reminded if "unack" not in what), reminded


def test_what_the_county_promised_ends_when_the_task_rises_past_it(
    store: Store, clock: ManualClock, task: str
) -> None:
    here = desk(store, clock)
    clock.move(25 * 60)
    done(here, task, "ack")
    steps = taskside.next_steps(here, task, limit=20)
    kinds = [(one.kind, one.why.code) for one in steps]
    rises = next(place for place, (kind, _) in enumerate(kinds) if kind == "escalate")
    assert not [why for _, why in kinds[rises:] if why == "escalation.why.ack_expiry"], kinds
