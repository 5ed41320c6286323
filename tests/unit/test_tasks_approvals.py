"""What waits for a supervisor's word, who may say it, and the words to choose from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from backend.city.tables import CityFact
from backend.clock import ManualClock
from backend.desk import approvals
from backend.store import Store, table
from backend.tasks.canned import choose, default_text, faults_of, read_canned
from backend.tasks.edges import KINDS
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import CS, CV, GM, MV, TS, TV, act, build, draft, get
from tests.unit.test_tasks_orders import desk_of

DAY = 86400


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def asked(store: Store, kind: str, body: dict[str, Any], priority: str = "high") -> str:
    with store.write() as connection:
        task = draft(connection, START, priority)
        if kind != "ask_dismiss":
            for who, what, told in ((TS, "file", {}), (TS, "dispatch", {"holder": "gm"}), (GM, "accept", {})):
                assert act(connection, who, what, task, START, told).ok
        assert act(connection, TS, kind, task, START + 5, body).ok
    return task


REVIEW = {"reason": "weather", "review_at": START + 5 * DAY, "note": "暴雨红色预警"}


@pytest.mark.parametrize(
    ("kind", "body", "priority", "needed", "state"),
    [
        ("ask_suspend", REVIEW, "high", "C", "SUSPENDED"),
        ("ask_suspend", REVIEW, "critical", "M", "SUSPENDED"),
        ("ask_extend", {"reason": "x", "seconds": 600}, "high", "T", "ACCEPTED"),
        ("ask_void", {"reason": "登记有误"}, "high", "C", "CANCELLED"),
        ("ask_dismiss", {"reason": "false_alarm"}, "critical", "T", "CANCELLED"),
    ],
)
def test_what_is_asked_for_waits_with_its_reason_and_is_granted_as_it_was_asked(
    city: Store, clock: ManualClock, kind: str, body: dict[str, Any], priority: str, needed: str, state: str
) -> None:
    task = asked(city, kind, body, priority)
    desks = {"T": desk_of(city, TV, clock), "C": desk_of(city, CV, clock), "M": desk_of(city, MV, clock)}
    for tier, desk in desks.items():
        one = approvals.waiting(desk)[0]
        assert (one.task.id, one.asked, one.asked_by, one.asked_at) == (task, kind[4:], "ts", START + 5)
        assert (one.reason, one.needed, one.review_at, one.seconds) == (
            body["reason"],
            needed,
            body.get("review_at"),
            body.get("seconds"),
        )
        assert (one.refusal is None) == (
            tier >= needed if tier != "M" and needed != "T" else True
        ) or tier == "T"
        assert approvals.count(desk) == 1
    # The one who asked, and a seat, may not.
    for who in (TS, CS):
        refusal = approvals.waiting(desk_of(city, who, clock))[0].refusal
        assert refusal is not None
        for language in LANGUAGES:
            assert "{" not in say(refusal, language)
    with city.read() as connection:
        version = get(connection, task).version
    assert not approvals.grant(desk_of(city, TS, clock), task, seen_version=version).ok
    done = approvals.grant(desks[needed], task, seen_version=version)
    assert done.ok, done
    with city.read() as connection:
        after = get(connection, task)
    assert (after.state, after.asked) == (state, "")
    assert approvals.waiting(desks["M"]) == []


def test_a_denial_says_why_and_leaves_the_task_where_it_was(city: Store, clock: ManualClock) -> None:
    task = asked(city, "ask_dismiss", {"reason": "false_alarm"}, "critical")
    desk = desk_of(city, TV, clock)
    with city.read() as connection:
        version = get(connection, task).version
    assert not approvals.deny(desk, task, "", seen_version=version).ok
    assert approvals.deny(desk, task, "先看视频", seen_version=version).ok
    assert approvals.waiting(desk) == []
    again = approvals.grant(desk, task, seen_version=version)
    assert again.message.code == "task.refused.not_asked"


def test_what_one_may_grant_stands_before_what_one_may_not(city: Store, clock: ManualClock) -> None:
    first = asked(city, "ask_suspend", REVIEW, "critical")
    second = asked(city, "ask_suspend", REVIEW, "high")
    rows = approvals.waiting(desk_of(city, CV, clock))
    assert [row.task.id for row in rows] == [second, first]


# Canned words.


def test_the_words_that_ship_are_sound_and_fit_the_acts() -> None:
    rows = read_canned(default_text())
    assert faults_of(default_text()) == ()
    assert {row.act for row in rows} <= set(KINDS)
    for row in rows:
        for chinese, english in row.words:
            assert chinese != english
            assert len(chinese) <= 30


def test_those_of_the_type_come_first_and_the_newest_that_holds() -> None:
    text = """
[[canned]]
act = "report"
from = 2026-01-01
words = [["旧", "old"]]
[[canned]]
act = "report"
from = 2026-06-01
words = [["新", "new"]]
[[canned]]
act = "report"
types = ["straw"]
from = 2026-01-01
words = [["明火已扑灭", "put out"]]
"""
    rows = read_canned(text)
    assert choose(rows, "report", "straw", date(2026, 5, 31)) == [("明火已扑灭", "put out"), ("旧", "old")]
    assert choose(rows, "report", "other", date(2026, 6, 1)) == [("新", "new")]
    assert choose(rows, "return", "straw", date(2026, 6, 1)) == []


def test_a_pack_puts_its_own_in_their_place(city: Store, clock: ManualClock) -> None:
    desk = desk_of(city, TS, clock)
    assert approvals.canned(desk, "return")
    own = '[[canned]]\nact = "return"\nfrom = 2026-01-01\nwords = [["本市用语", "ours"]]\n'
    with city.write() as connection:
        connection.execute(insert(table(CityFact)).values(key="canned", value=own))
    assert approvals.canned(desk, "return") == [("本市用语", "ours")]
    assert approvals.canned(desk, "call") == []


def test_every_mistake_is_told_by_line() -> None:
    text = """[[canned]]
act = "explode"
from = 2026-01-01
words = [["a", "b"]]
[[canned]]
act = "report"
from = "soon"
words = [["only one"]]
[[canned]]
act = "report"
from = 2026-01-01
words = []
colour = "red"
"""
    found = [(fault.line, fault.message.code) for fault in faults_of(text)]
    assert (2, "task.policy.word") in found
    assert (7, "task.canned.date") in found
    assert (8, "task.canned.pair") in found
    assert (12, "task.canned.none") in found
    assert (13, "task.policy.unknown") in found
    for fault in faults_of(text):
        for language in LANGUAGES:
            assert "{value" not in say(fault.message, language)
    assert faults_of("canned = 3")[0].message.code == "task.policy.tables"
    assert faults_of("[[canned")[0].message.code == "task.policy.toml"
