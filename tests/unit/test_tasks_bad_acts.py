"""Acts out of role or jurisdiction, stale or on nothing: refused, nothing changed, words that say what to do."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from backend.city import tables as city_tables
from backend.clock import ManualClock
from backend.desk import acts
from backend.store import Store, table
from backend.tasks.ops import Who
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import AD, CS, CV, GM, GM_2, TOWN_3, TS, TS_2, TV, act, build, draft, get
from tests.unit.test_tasks_orders import desk_of

FAR = Who("far", "seat", "T", "T3")
"""A seat of the township next door."""
WAY: tuple[tuple[Who, str, dict[str, Any]], ...] = (
    (TS, "file", {}), (TS, "dispatch", {"holder": "gm"}), (GM, "accept", {}), (GM, "arrive", {"distance": 1}),
    (GM, "report", {"result": "x", "evidence": ["p"]}), (TS, "verify_ok", {}),
)  # fmt: skip
REVIEW = {"reason": "weather", "review_at": START + 86400}
FOR_EVER = {"reason": "weather", "review_at": START + 90 * 86400}
FORCED = {"field": "holder", "value": "gm2", "reason": "x"}
CASES: tuple[tuple[str, int, str, Who, str, dict[str, Any], str, str], ...] = (
    # What, steps on the way, priority, who, act, body, refusal, a word of it in Chinese.
    ("another township's seat", 1, "high", FAR, "dispatch", {"holder": "gm"}, "access.outside", "辖区"),
    ("a member who holds another task", 2, "high", GM_2, "accept", {}, "not_holder", "电话代录"),
    ("a seat in the member's place", 2, "high", TS, "accept", {}, "not_holder", "电话代录"),
    ("a seat that voids", 1, "high", CS, "void", {"reason": "x"}, "role", "无权"),
    ("a township's supervisor that voids", 1, "high", TV, "void", {"reason": "x"}, "tier", "县级"),
    ("a seat on a critical draft", 0, "critical", TS, "dismiss", {"reason": "false_alarm"}, "critical_", "监管员"),
    ("the county on a critical suspension", 3, "critical", CV, "suspend", REVIEW, "tier", "市级"),
    ("a suspension that nobody asked for", 3, "high", CV, "suspend", REVIEW, "not_asked", "申请"),
    ("an administrator that dispatches", 1, "high", AD, "dispatch", {"holder": "gm"}, "role", "无权"),
    ("a force without a second person", 2, "high", AD, "force", FORCED, "second", "另一人"),
    ("a second person who is gone", 2, "high", AD, "force", {**FORCED, "second": "who"}, "not_there", "who"),
    ("a force to nobody", 2, "high", AD, "force", {**FORCED, "value": "gone", "second": "mv"}, "not_there", "gone"),
    ("whoever has left", 1, "high", TS, "dispatch", {"holder": "left"}, "not_there", "停用"),
    ("nobody", 1, "high", TS, "dispatch", {"holder": "nobody"}, "not_there", "重新选择"),
    ("a member as department", 1, "high", TS, "dispatch", {"holder": "gm", "holder_kind": "department"}, "not_", "gm"),
    ("another county's room", 1, "high", CS, "dispatch", {"holder": "T2", "holder_kind": "centre"}, "outside", "移交"),
    ("the township next door", 1, "high", TS, "dispatch", {"holder": "T3", "holder_kind": "centre"}, "outside", "移交"),
    ("an offer to nobody", 1, "high", TS, "transfer", {"receiver": "D9"}, "not_there", "D9"),
    ("a place that is not there", 0, "high", TS, "file", {"grid": "zzz"}, "not_there", "zzz"),
    ("whoever is on no duty", 1, "high", TS, "dispatch", {"holder": "gm2", "on_duty": False}, "nobody", "不在岗"),
    ("no holder", 1, "high", TS, "dispatch", {}, "missing", "承办人"),
    ("a robot", 1, "high", TS, "dispatch", {"holder": "x", "holder_kind": "robot"}, "schema", "robot"),
    ("a suspension for ever", 3, "high", TS, "ask_suspend", FOR_EVER, "review_date", "30"),
    ("a reason that is none", 0, "high", TS, "dismiss", {"reason": "tired"}, "reason", "false_alarm"),
    ("a report without evidence", 4, "high", GM, "report", {"result": "x"}, "missing", "证据"),
    ("an extension for ever", 3, "high", TV, "extend", {"reason": "x", "seconds": 10**9}, "extension_length", "以内"),
    ("a dispatch of what is closed", 6, "high", TS, "dispatch", {"holder": "gm"}, "state", "已办结"),
    ("an acceptance of a draft", 0, "high", GM, "accept", {}, "state", "待研判"),
    ("an act that does not exist", 1, "high", TS, "explode", {}, "kind", "explode"),
    ("a verification by the reporter's recorder", 5, "high", FAR, "verify_ok", {}, "access.outside", "辖区"),
)  # fmt: skip


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    values = {"code": "far", "name": "far", "role": "seat", "grid": TOWN_3, "centre": "T3", "department": ""}
    rest = {"pinyin": "", "initials": "", "phone": "", "active": True, "made_up": True}
    with store.write() as connection:
        person = table(city_tables.Person)
        connection.execute(insert(person).values(**values, **rest))
        gone = {**rest, "active": False, "role": "member", "grid": TOWN_3, "centre": "", "department": ""}
        connection.execute(insert(person).values(code="left", name="left", **gone))
    return store


def on_the_way(store: Store, steps: int, priority: str = "high") -> str:
    with store.write() as connection:
        task = draft(connection, START, priority)
        for who, kind, body in WAY[:steps]:
            assert act(connection, who, kind, task, START, body).ok
    return task


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_it_is_refused_in_words_that_help_and_nothing_changes(
    city: Store, clock: ManualClock, case: tuple[str, int, str, Who, str, dict[str, Any], str, str]
) -> None:
    _, steps, priority, who, kind, body, code, chinese = case
    task = on_the_way(city, steps, priority)
    with city.read() as connection:
        before = get(connection, task)
    done = acts.act(desk_of(city, who, clock), task, kind, body=body, seen_version=before.version)
    assert not done.ok
    assert done.message.code.removeprefix("task.refused.").startswith(code), done.message
    for language in LANGUAGES:
        said = say(done.message, language)
        assert "{" not in said
        assert not said.startswith(("task.", "access."))
    assert chinese in say(done.message, "zh"), say(done.message, "zh")
    with city.read() as connection:
        assert get(connection, task) == before


def test_a_county_sends_within_itself_and_a_township_asks_upward(city: Store) -> None:
    for who, to in ((CS, "T3"), (TS, "C1"), (TS, "T1"), (TS, "M1"), (CS, "gm")):
        task = on_the_way(city, 1)
        kind = "member" if to == "gm" else "centre"
        with city.write() as connection:
            assert act(connection, who, "dispatch", task, START, {"holder": to, "holder_kind": kind}).ok, to


def test_a_stale_act_says_what_happened_meanwhile_and_by_whom(city: Store, clock: ManualClock) -> None:
    task = on_the_way(city, 1)
    desk, other = desk_of(city, TS, clock), desk_of(city, TS_2, clock)
    with city.read() as connection:
        seen = get(connection, task)
    assert acts.act(other, task, "dispatch", body={"holder": "gm"}, seen_version=seen.version).ok
    late = acts.act(
        desk, task, "dispatch", body={"holder": "gm2"}, seen_version=seen.version, seen_state="OPEN"
    )
    assert late.message.code == "task.refused.moved"
    assert "ts2" in say(late.message, "zh")
    assert "待签收" in say(late.message, "zh")
    # The same intent is no fault: it has been done.
    same = acts.act(
        desk, task, "dispatch", body={"holder": "gm"}, seen_version=seen.version, seen_state="OPEN"
    )
    assert (same.ok, same.message.code) == (True, "task.same")
    stale = acts.act(desk, task, "prioritise", body={"priority": "critical", "reason": "x"}, seen_version=1)
    assert stale.message.code == "task.refused.version"
    ahead = acts.act(desk, task, "prioritise", body={"priority": "critical", "reason": "x"}, seen_version=99)
    assert ahead.message.code == "task.refused.version_ahead"
    unseen = acts.act(desk, task, "prioritise", body={"priority": "critical", "reason": "x"})
    assert unseen.message.code == "task.refused.version_needed"
    for done in (late, stale, ahead, unseen):
        for language in LANGUAGES:
            assert "{" not in say(done.message, language)


def test_an_act_on_nothing_and_an_operation_sent_for_something_else(city: Store, clock: ManualClock) -> None:
    task = on_the_way(city, 1)
    desk = desk_of(city, TS, clock)
    nothing = acts.act(desk, "T9-9999X", "dispatch", body={"holder": "gm"}, seen_version=1)
    assert nothing.message.code == "task.refused.unknown"
    assert "校验码" in say(nothing.message, "zh")
    first = acts.act(desk, task, "note", body={"note": "a"}, op_id="one")
    again = acts.act(desk, task, "note", body={"note": "a"}, op_id="one")
    fork = acts.act(desk, task, "note", body={"note": "b"}, op_id="one")
    assert (first.ok, again.ok, fork.ok) == (True, True, False)
    assert fork.message.code == "task.refused.fork"
    for body in ({"note": "x" * 20_000}, {"note": object()}, {"note": {"a": {"b": {"c": {"d": {"e": 1}}}}}}):
        done = acts.act(desk, task, "note", body=body)
        assert not done.ok
        for language in LANGUAGES:
            assert "{" not in say(done.message, language)
