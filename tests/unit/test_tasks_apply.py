"""Operations in the store: once each, logged also when refused, clocks and breaches as rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from backend.city.tables import IncidentType, PolicyText
from backend.escalation.plan import plan
from backend.store import Store, table
from backend.tasks.apply import apply, propose
from backend.tasks.ops import Op, by_system, of_actor
from backend.tasks.policy import default_text
from backend.tasks.rows import load, load_many
from backend.tasks.tables import Act, Breach, Pause, Segment, Task
from tests.conftest import START
from tests.unit.task_world import (
    CELL,
    COUNTY,
    CS,
    CV,
    DEPT,
    GM,
    MS,
    TOWN,
    TOWN_2,
    TS,
    TS_2,
    act,
    build,
    draft,
    get,
)

ACT, BREACH, SEGMENT, PAUSE, TASK = table(Act), table(Breach), table(Segment), table(Pause), table(Task)
REPORT = {"result": "put_out", "evidence": ["p1"]}


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def count(store: Store, which: Any) -> int:
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(which)).scalar_one())


def test_a_proposal_is_placed_and_minted_at_its_township(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
        state = get(connection, task)
    assert task.startswith("T1-0001")
    assert (state.township, state.county, state.centre, state.level) == (TOWN, COUNTY, "T1", "T")
    assert (state.state, state.version, state.due, state.due_clock) == ("DRAFT", 1, START + 180, "TRIAGE")


def test_a_seats_own_centre_mints_because_each_store_counts_for_itself(city: Store) -> None:
    with city.write() as connection:
        body = {"type": "straw", "grid": CELL, "priority": "low"}
        done = propose(connection, of_actor(CS, "propose", "", body=body), START)
        assert str(done.data["task"]).startswith("C1-0001")
        county = propose(connection, of_actor(CS, "propose", "", body=body | {"grid": COUNTY}), START)
        state = get(connection, str(county.data["task"]))
    assert (state.centre, state.level, state.township) == ("C1", "C", "")


def test_an_incident_with_an_open_task_gets_no_second_one(city: Store) -> None:
    with city.write() as connection:
        first = draft(connection, START, incident="I1")
        body = {"type": "straw", "grid": CELL, "priority": "low", "incident": "I1"}
        again = propose(connection, of_actor(TS, "propose", "", body=body), START)
        assert again.ok
        assert (again.message.code, again.data["task"]) == ("task.linked", first)
        other = propose(connection, of_actor(TS, "propose", "", body=body | {"type": "dust"}), START)
        assert other.data["task"] != first
        assert act(connection, TS, "dismiss", first, START, {"reason": "false_alarm"}).ok is False
        assert act(connection, CV, "dismiss", first, START, {"reason": "false_alarm"}).ok
        fresh = propose(connection, of_actor(TS, "propose", "", body=body), START)
        assert fresh.data["task"] not in (first, other.data["task"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "straw", "priority": "low"}, "grid"),
        ({"type": "straw", "grid": "999", "priority": "low"}, "grid"),
        ({"grid": CELL, "priority": "low"}, "missing"),
        ({"type": "straw", "grid": CELL, "priority": "urgent"}, "schema"),
        ({"type": "straw", "grid": CELL, "priority": "low", "note": "x" * 20_000}, "too_big"),
        (
            {
                "type": "straw",
                "grid": CELL,
                "priority": "low",
                "note": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}},
            },
            "schema",
        ),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused_and_logged(
    city: Store, body: dict[str, Any], code: str
) -> None:
    with city.write() as connection:
        done = propose(connection, of_actor(TS, "propose", "", id="op-1", body=body), START)
        assert done.message.code == f"task.refused.{code}"
        row = connection.execute(select(ACT.c.result, ACT.c.code).where(ACT.c.op == "op-1")).one()
        assert (row.result, row.code) == ("refused", f"task.refused.{code}")
    assert count(city, TASK) == 0


def test_the_same_operation_again_gets_the_stored_answer(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
    for kind in ("file", "verify_ok"):
        op = of_actor(TS, kind, task, id=f"op-{kind}", version=1)
        with city.write() as connection:
            first = apply(connection, op, START + 5, planner=plan)
        before = count(city, ACT), count(city, SEGMENT)
        with city.write() as connection:
            again = apply(connection, op, START + 500, planner=plan)
        assert again == first
        assert (count(city, ACT), count(city, SEGMENT)) == before


def test_another_operation_under_a_used_id_is_refused_and_leaves_no_trace(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
        op = of_actor(TS, "note", task, id="op-1", body={"note": "smoke"})
        assert apply(connection, op, START).ok
    before = count(city, ACT)
    for forged in (replace(op, body={"note": "no smoke"}), replace(op, actor="cs"), replace(op, kind="void")):
        with city.write() as connection:
            done = apply(connection, forged, START)
            assert done.message.code == "task.refused.fork"
    assert count(city, ACT) == before


def test_a_refused_act_is_a_row_of_the_log_with_its_reason(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
        assert not act(connection, GM, "verify_ok", task, START + 1).ok
        row = connection.execute(select(ACT).where(ACT.c.kind == "verify_ok")).one()
        assert (row.result, row.code, row.from_state, row.to_state) == (
            "refused",
            "task.refused.state",
            "DRAFT",
            "DRAFT",
        )
        assert msgspec.json.decode(row.args)["state"] == "DRAFT"
        assert get(connection, task).version == 1
        unknown = act(connection, GM, "accept", "T9-0001X", START)
        assert unknown.message.code == "task.refused.unknown"


def test_words_of_others_can_not_steer_a_terminal(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
        assert act(
            connection, TS, "note", task, START, {"note": "fire\x1b]52;c;x\x07\u202eok", "more": ["\x9b2J"]}
        ).ok
        stored = connection.execute(select(ACT.c.body).where(ACT.c.kind == "note")).scalar_one()
    text = str(msgspec.json.decode(stored))
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e" for c in text)


def test_a_task_keeps_the_policy_it_was_filed_under(city: Store) -> None:
    with city.write() as connection:
        old, young = draft(connection, START, "high"), draft(connection, START, "high")
        assert act(connection, TS, "file", old, START + 1).ok
        text = default_text().replace(
            'clock = "ACCEPT"\ncritical = "5m"\nhigh = "10m"',
            'clock = "ACCEPT"\ncritical = "5m"\nhigh = "1m"',
        )
        assert text != default_text()
        connection.execute(
            insert(table(PolicyText)).values(version=3, effective=START + 2, text=text, note="")
        )
        assert act(connection, TS, "file", young, START + 3).ok
        for task in (old, young):
            assert act(connection, TS, "dispatch", task, START + 4, {"holder": "gm"}).ok
        assert (get(connection, old).policy_version, get(connection, old).due) == (0, START + 604)
        assert (get(connection, young).policy_version, get(connection, young).due) == (3, START + 64)


def test_missed_clocks_become_rows_once(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
        assert act(connection, TS, "file", task, START + 180).ok
    assert count(city, BREACH) == 0
    with city.write() as connection:
        late = START + 180 + 121
        assert act(connection, TS, "note", task, late, {"note": "x"}).ok
        assert act(connection, TS, "dispatch", task, late, {"holder": "gm"}).ok
        row = connection.execute(select(BREACH)).one()
        assert (row.kind, row.due, row.noticed, row.holder) == ("DISPATCH", START + 300, late, "T1")
        assert get(connection, task).breaches == "DISPATCH"


def test_the_row_and_its_clocks_come_back_as_they_were_judged(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START, "medium")
        for who, kind, body in (
            (TS, "file", {}), (TS, "dispatch", {"holder": "gm"}), (GM, "accept", {}),
            (TS, "transfer", {"receiver": "D1"}), (DEPT, "decline", {"reason": "no"}), (GM, "arrive", {"distance": 1}),
        ):  # fmt: skip
            assert act(connection, who, kind, task, START + 60, body).ok, kind
        state = get(connection, task)
        assert load_many(connection, [task])[task] == state
    arrive = next(s for s in state.segments if s.kind == "ARRIVE")
    assert [(p.reason, p.began, p.ended) for p in arrive.pauses] == [("offered", START + 60, START + 60)]
    assert count(city, PAUSE) == 1
    assert all(segment.id is not None for segment in state.segments)


def test_a_centre_that_takes_a_task_over_brings_its_own_place(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
        act(connection, TS, "file", task, START)
        assert act(connection, TS, "transfer", task, START, {"receiver": "T2", "receiver_kind": "centre"}).ok
        assert act(connection, MS, "take", task, START, on_behalf="T2", channel="phone").ok
        state = get(connection, task)
    assert (state.centre, state.township, state.grid, state.holder_kind) == ("T2", TOWN_2, TOWN_2, "centre")


def test_result_codes_are_the_incident_types(city: Store) -> None:
    with city.write() as connection:
        kind = {
            "code": "straw",
            "valid_from": "2026-01-01",
            "valid_to": "",
            "name": "秸秆焚烧",
            "name_en": "straw",
        }
        rest = {"department": "", "co_departments": "", "priority": "high", "evidence": "", "made_up": True}
        connection.execute(insert(table(IncidentType)).values(results="put_out|not_found", **kind, **rest))
        task = draft(connection, START)
        for who, what, body in (
            (TS, "file", {}),
            (TS, "dispatch", {"holder": "gm"}),
            (GM, "accept", {}),
            (GM, "arrive", {"distance": 1}),
        ):
            assert act(connection, who, what, task, START, body).ok
        assert (
            act(connection, GM, "report", task, START, REPORT | {"result": "odd"}).message.code
            == "task.refused.reason"
        )
        assert act(connection, GM, "report", task, START, REPORT).ok


def test_merging_counts_the_older_tasks_time_in_the_younger(city: Store) -> None:
    with city.write() as connection:
        old = draft(connection, START)
        act(connection, TS, "file", old, START)
        young = draft(connection, START + 60)
        act(connection, TS, "file", young, START + 60)
        assert act(connection, TS, "merge", old, START + 90, {"into": young}).ok
        merged, into = get(connection, old), get(connection, young)
        assert (merged.state, merged.merged_into) == ("MERGED", young)
        assert all(s.stopped is not None for s in merged.segments)
        clock = into.clock("DISPATCH")
        assert clock is not None
        assert (clock.carried, into.due) == (90, START + 90 + 30)
        kinds = (
            connection.execute(select(ACT.c.kind).where(ACT.c.task == young).order_by(ACT.c.id))
            .scalars()
            .all()
        )
        assert kinds[-1] == "absorb"


def test_a_recall_leaves_the_log_whole(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
        act(connection, TS, "file", task, START)
        assert act(connection, TS, "dispatch", task, START + 30, {"holder": "gm"}, id="op-1").ok
        assert act(connection, TS, "recall", task, START + 35, {"op": "op-1"}).ok
        state = get(connection, task)
        assert (state.state, state.holder, state.due) == ("OPEN", "", START + 120)
        log = connection.execute(
            select(ACT.c.kind, ACT.c.result).where(ACT.c.task == task).order_by(ACT.c.id)
        ).all()
    assert [tuple(row) for row in log][-2:] == [("dispatch", "applied"), ("recall", "applied")]


ACTS = st.sampled_from(
    [
        (TS, "file", {}), (TS, "dispatch", {"holder": "gm"}), (GM, "accept", {}), (GM, "arrive", {"distance": 1}),
        (GM, "report", REPORT), (TS, "verify_ok", {}), (TS_2, "verify_no", {"reason": "x"}), (GM, "resume", {}),
        (TS, "return", {"reason": "x"}), (CS, "dispatch", {"holder": "gm2"}), (TS, "escalate", {"reason": "x"}),
        (CS, "ack", {}), (TS, "transfer", {"receiver": "D1"}), (DEPT, "take", {}), (CV, "supervise", {}),
    ]
)  # fmt: skip


@given(stream=st.lists(st.tuples(ACTS, st.integers(0, 4000), st.integers(1, 3)), max_size=14))
@settings(max_examples=15, deadline=None)
def test_every_operation_any_number_of_times_is_done_once(stream: list[tuple[Any, int, int]]) -> None:
    store = Store.memory()
    build(store)
    now, sent = START, []
    with store.write() as connection:
        task = draft(connection, now)
    for number, ((who, kind, body), wait, times) in enumerate(stream):
        now += wait
        with store.write() as connection:
            state = load(connection, task)
            assert state is not None
            op: Op = of_actor(who, kind, task, id=f"op-{number}", body=body, version=state.version)
            answers = [apply(connection, op, now + again, planner=plan) for again in range(times)]
            assert all(answer == answers[0] for answer in answers)
            sent.append((op, answers[0]))
    with store.write() as connection:
        final, acts = (
            load(connection, task),
            connection.execute(select(func.count()).select_from(ACT)).scalar_one(),
        )
        assert acts == len(stream) + 1
        for op, answer in sent:
            assert apply(connection, op, now + 10**6, planner=plan) == answer
        assert load(connection, task) == final
        applied = (
            connection.execute(select(ACT.c.version).where(ACT.c.result == "applied").order_by(ACT.c.id))
            .scalars()
            .all()
        )
        assert applied == sorted(applied)
        assert final is not None
        assert applied[-1] == final.version
    store.close()


def test_acts_of_the_product_itself_need_no_version(city: Store) -> None:
    with city.write() as connection:
        task = draft(connection, START)
        assert apply(connection, by_system("escalate", task, "esc-1", {"cause": "nobody"}), START).ok
        assert get(connection, task).level == "C"
