"""The causes of an escalation that no clock knows: told once each, raised as the policy says, bounded."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, delete, insert, select

from backend.city.tables import DutyEntry, PolicyText
from backend.escalation import outage
from backend.escalation.plan import DUE, plan
from backend.escalation.policy import faults_of
from backend.escalation.raising import raise_cause
from backend.escalation.sweep import sweep
from backend.notify import notices
from backend.store import Store, table
from backend.tasks.policy import default_text
from backend.tasks.tables import Act
from backend.words import LANGUAGES, Outcome, say
from tests.conftest import START
from tests.unit.task_world import (
    COUNTY,
    CS,
    GM,
    TOWN,
    TOWN_2,
    TOWN_3,
    TS,
    act,
    build,
    draft,
    get,
)

ACT, DUTY, POLICY = table(Act), table(DutyEntry), table(PolicyText)
AUTO = """
[[step]]
cause = "auto"
do = "dispatch"
hours = "16:00-17:00"
after = "2m"
notify = ["holder", "seat"]
"""


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def filed(connection: Connection, priority: str = "high", at: int = START, **body: Any) -> str:
    task = draft(connection, at, priority, **body)
    assert act(connection, TS, "file", task, at).ok
    return task


def words_of(outcome: Outcome) -> None:
    for language in LANGUAGES:
        said = say(outcome.message, language)
        assert "{" not in said
        assert not said.startswith("escalation.")


def level(store: Store, task: str) -> str:
    with store.read() as connection:
        return get(connection, task).level


# Told by another room.


def test_a_hotspot_rises_at_three_warnings_in_a_row_or_six_in_a_year_and_not_before(city: Store) -> None:
    with city.write() as connection:
        task, other = filed(connection), filed(connection)
        few = raise_cause(connection, task, "hotspot", "2026-10", START, {"consecutive": 2, "cumulative": 5})
        assert (few.ok, few.message.code) == (False, "escalation.refused.too_few")
        done = raise_cause(connection, task, "hotspot", "2026-11", START, {"consecutive": 3, "cumulative": 3})
        assert (done.ok, done.data["level"]) == (True, "M")
        six = raise_cause(connection, other, "hotspot", "2026-11", START, {"consecutive": 1, "cumulative": 6})
        assert six.data["level"] == "M"
        for outcome in (few, done, six):
            words_of(outcome)
        told = [row for row in notices.of_task(connection, task) if row.message.code == "notice.escalate"]
        assert {row.message.args["cause"] for row in told} == {"hotspot"}


def test_one_instance_raises_once_and_is_repeated_within_bounds(city: Store) -> None:
    with city.write() as connection:
        task = filed(connection, "low")
        first = raise_cause(connection, task, "hotspot", "2026-11", START, {"consecutive": 3})
        again = raise_cause(connection, task, "hotspot", "2026-11", START + 60, {"consecutive": 3})
        assert (first.message.code, again.message.code) == (
            "escalation.done.raised",
            "escalation.done.raised_before",
        )
        words_of(again)
        rows = connection.execute(select(ACT.c.id).where(ACT.c.task == task, ACT.c.kind == "escalate")).all()
        assert len(rows) == 1
    for hour in range(1, 12):
        assert not sweep(city, START + hour * 3600 - 1800).faults
    with city.read() as connection:
        repeats = connection.execute(
            select(DUE.c.step).where(DUE.c.step.contains("#"), DUE.c.done.is_not(None))
        )
        assert sorted(repeats.scalars()) == []
    # Level M has no LEVEL_ACK clock for a low priority, so nothing asks for a word; a high one is asked twice.
    with city.write() as connection:
        high = filed(connection, "high", START + 12 * 3600)
        raise_cause(connection, high, "falsification", "a", START + 12 * 3600, {})
    for minute in range(0, 400, 5):
        assert not sweep(city, START + 12 * 3600 + minute * 60).faults
    with city.read() as connection:
        repeats = connection.execute(
            select(DUE.c.step).where(
                DUE.c.task == high, DUE.c.step.startswith("falsification/a#"), DUE.c.done.is_not(None)
            )
        )
        assert len(repeats.all()) <= 5


def test_what_no_step_of_the_policy_knows_is_refused_in_words(city: Store) -> None:
    with city.write() as connection:
        task = filed(connection)
        for cause in ("standing", "order", "weather"):
            done = raise_cause(connection, task, cause, "x", START, {})
            assert done.message.code == "escalation.refused.no_rule"
        missing = raise_cause(connection, "T9-0001X", "hotspot", "x", START, {})
        assert not missing.ok


def test_at_the_top_a_cause_is_told_and_goes_no_higher(city: Store) -> None:
    with city.write() as connection:
        task = filed(connection)
        raise_cause(connection, task, "falsification", "a", START, {})
        done = raise_cause(connection, task, "falsification", "b", START, {})
        assert (done.ok, done.data["level"]) == (True, "M")


def test_merging_over_a_boundary_raises_to_the_tier_above_both(city: Store) -> None:
    with city.write() as connection:
        into, near, far = (
            filed(connection),
            draft(connection, START, grid=TOWN_3),
            draft(connection, START, grid=TOWN_2),
        )
        assert act(connection, CS, "merge", near, START, {"into": into}).ok
        state = get(connection, into)
        assert (state.level, state.level_acked) == ("C", False)
        ms = CS.__class__("ms", "seat", "M", "M1")
        assert act(connection, ms, "merge", far, START, {"into": into}).ok
        assert get(connection, into).level == "M"
        told = {
            row.message.args["cause"]
            for row in notices.of_task(connection, into)
            if row.message.code == "notice.escalate"
        }
        assert told == {"cross_boundary"}


# From the duty book and from the flood.


def test_a_seat_that_owes_the_triage_and_has_nobody_on_duty_is_passed_over_at_once(city: Store) -> None:
    with city.write() as connection:
        connection.execute(delete(DUTY).where(DUTY.c.body == "T1"))
        task, low = draft(connection, START, "high"), draft(connection, START, "low")
    assert sweep(city, START).escalated == 1
    assert (level(city, task), level(city, low)) == ("C", "T")
    # The county has somebody: it is theirs now, and nothing is raised again for it.
    assert sweep(city, START + 15).steps == 0


def test_more_drafts_than_a_seat_can_take_rise_and_none_is_dropped(city: Store) -> None:
    with city.write() as connection:
        tasks = [draft(connection, START + number, "medium") for number in range(25)]
    report = sweep(city, START + 30)
    assert report.escalated == 15
    levels = [level(city, task) for task in tasks]
    assert levels == ["T"] * 10 + ["C"] * 15
    with city.read() as connection:
        told = [
            row
            for task in tasks
            for row in notices.of_task(connection, task)
            if row.message.code == "notice.storm"
        ]
        # Once for the county and once for the township, not fifteen times.
        assert sorted(row.grid for row in told) == [TOWN, COUNTY] or sorted(row.grid for row in told) == [
            COUNTY,
            TOWN,
        ]
        for language in LANGUAGES:
            assert "{" not in say(told[0].message, language)
    assert sweep(city, START + 45).escalated == 0
    # Ten minutes later it is over.
    with city.write() as connection:
        calm = draft(connection, START + 700, "medium")
    assert sweep(city, START + 700).escalated == 0
    assert level(city, calm) == "T"


# Sending without a person.


def with_policy(store: Store, text: str, *, effective: int = 0, version: int = 1) -> None:
    with store.write() as connection:
        connection.execute(insert(POLICY).values(version=version, effective=effective, text=text, note=""))


def test_sending_without_a_person_is_off_unless_the_policy_says_so(city: Store) -> None:
    with city.write() as connection:
        filed(connection)
    assert sweep(city, START + 130).steps == 0


def test_the_product_sends_the_member_on_duty_after_the_seats_own_time(city: Store) -> None:
    assert faults_of(default_text() + AUTO) == ()
    with_policy(city, default_text() + AUTO)
    with city.write() as connection:
        task = filed(connection)
    assert sweep(city, START + 119).steps == 0
    assert sweep(city, START + 120).steps == 1
    with city.read() as connection:
        state = get(connection, task)
        assert (state.state, state.holder, state.moved_by) == ("DISPATCHED", "gm", "SYS")
        told = [row for row in notices.of_task(connection, task) if row.message.code == "notice.dispatch"]
        assert [(row.grid, row.person) for row in told] == [(TOWN, "gm")]
        for language in LANGUAGES:
            assert "{" not in say(told[0].message, language)


def test_it_sends_nobody_outside_its_hours_for_suspect_data_or_where_somebody_gave_it_back(
    city: Store,
) -> None:
    with_policy(city, default_text() + AUTO)
    assert datetime.fromtimestamp(START, ZoneInfo("Asia/Shanghai")).hour == 16
    with city.write() as connection:
        late = filed(connection, "low", START + 3600)
        back = filed(connection, "low")
        act(connection, TS, "dispatch", back, START, {"holder": "gm"})
        act(connection, GM, "return", back, START, {"reason": "x"})
        bad = filed(connection, "low")
        act(connection, TS, "mark_suspect", bad, START, {"reason": "flat"})
    for second in range(0, 4000, 60):
        sweep(city, START + second)
    with city.read() as connection:
        states = [get(connection, task).state for task in (late, back, bad)]
    assert states == ["OPEN", "RETURNED", "OPEN"]


def test_a_vacant_township_is_the_cause_of_that_name_not_a_dispatch(store: Store) -> None:
    build(store, duty=False)
    from tests.unit.task_world import on

    with_policy(store, default_text() + AUTO)
    with store.write() as connection:
        on(connection, "centre", "C1")
        task = filed(connection)
    sweep(store, START + 130)
    with store.read() as connection:
        state = get(connection, task)
    assert (state.state, state.level) == ("OPEN", "C")


# The line.


def dark(store: Store, at: int = START + 60, now: int = START + 60, proof: str = "移动工单 8841") -> Outcome:
    with store.write() as connection:
        return outage.began(connection, "T1", at, proof=proof, by="mv", now=now, plan=plan)


def test_a_proven_outage_lets_the_clock_of_its_people_stand_still_and_says_so(city: Store) -> None:
    with city.write() as connection:
        task = filed(connection, "critical")
        act(connection, TS, "dispatch", task, START, {"holder": "T1", "holder_kind": "centre"})
        elsewhere = draft(connection, START, grid=TOWN_2)
    words_of(dark(city))
    assert not sweep(city, START + 3000).faults
    with city.write() as connection:
        state = get(connection, task)
        assert (state.dark, state.due, state.level, state.breaches) == (True, None, "T", "")
        assert get(connection, elsewhere).level != "T"
        back = outage.ended(connection, "T1", START + 3000, now=START + 3000, plan=plan)
        words_of(back)
        state = get(connection, task)
    assert (state.dark, state.due) == (False, START + 3000 + 240)


def test_without_a_proof_nothing_stops_and_silence_is_no_proof(city: Store) -> None:
    with city.write() as connection:
        task = filed(connection, "critical")
        act(connection, TS, "dispatch", task, START, {"holder": "T1", "holder_kind": "centre"})
    refused = dark(city, proof=" ")
    assert refused.message.code == "escalation.refused.no_proof"
    words_of(refused)
    sweep(city, START + 700)
    assert level(city, task) == "M"


def test_what_was_missed_before_the_outage_was_told_stays_missed(city: Store) -> None:
    with city.write() as connection:
        task = filed(connection, "critical")
        act(connection, TS, "dispatch", task, START, {"holder": "T1", "holder_kind": "centre"})
    sweep(city, START + 320)
    assert dark(city, at=START + 100, now=START + 330).ok
    with city.read() as connection:
        state = get(connection, task)
    assert (state.breaches, state.level, state.dark) == ("ACCEPT", "C", True)


def test_a_task_that_goes_to_somebody_with_a_line_runs_on(city: Store) -> None:
    with city.write() as connection:
        task = filed(connection, "low")
        act(connection, TS, "dispatch", task, START, {"holder": "T1", "holder_kind": "centre"})
    dark(city)
    with city.write() as connection:
        assert act(connection, CS, "return", task, START + 70, {"reason": "x"}, on_behalf="").ok
        assert act(connection, CS, "escalate", task, START + 80, {"reason": "dark"}).ok
        assert act(connection, CS, "dispatch", task, START + 90, {"holder": "C1", "holder_kind": "centre"}).ok
        state = get(connection, task)
        assert (state.dark, state.due) == (False, START + 90 + 7200)
        assert (
            act(
                connection, CS, "transfer", task, START + 95, {"receiver": "T1", "receiver_kind": "centre"}
            ).ok
            is False
        )


def test_bad_outages_are_refused_in_words(city: Store) -> None:
    with city.write() as connection:
        cases = [
            outage.began(connection, "X9", START, proof="p", by="mv", now=START, plan=plan),
            outage.began(connection, "T1", START + 60, proof="p", by="mv", now=START, plan=plan),
            outage.ended(connection, "T1", START, now=START, plan=plan),
        ]
    assert [done.message.code.rpartition(".")[2] for done in cases] == [
        "no_centre",
        "outage_ahead",
        "no_outage",
    ]
    for done in cases:
        words_of(done)
    assert dark(city).ok
    known = dark(city)
    assert known.message.code == "escalation.done.outage_known"
    words_of(known)


def test_mistakes_in_the_steps_are_told_by_line() -> None:
    text = default_text() + '\n[[step]]\ncause = "hotspot"\n\n[[step]]\ncause = "nobody"\ndo = "dispatch"\n'
    codes = {fault.message.code.rpartition(".")[2] for fault in faults_of(text)}
    assert {"twice", "dispatch", "hotspot"} <= codes
    lines = text.splitlines()
    for fault in faults_of(text):
        assert (
            "step" in lines[fault.line - 1]
            or "cause" in lines[fault.line - 1]
            or "do" in lines[fault.line - 1]
        )
