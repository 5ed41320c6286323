"""Data later found bad mark what was built on them; a person's word takes the mark away, and stands."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from backend.alarms.tables import Alarm
from backend.escalation.explain import why_here
from backend.escalation.plan import plan
from backend.notify import notices
from backend.store import Store, table
from backend.store.tables import ReadingChange
from backend.tasks.doubt import spread
from backend.tasks.facts import ACT
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import COUNTY, GM, TOWN, TS, act, build, draft, get

ALARM, CHANGE = table(Alarm), table(ReadingChange)
HOUR = 3600


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    return store


def alarm(connection: Connection, incident: str, station: int = 7, **rest: Any) -> int:
    values: dict[str, Any] = {
        "key": f"{incident}/{station}", "rule": "exceedance", "rule_version": 1, "state": "UNACK",
        "priority": "high", "station": station, "parameter": 2, "period": HOUR, "source": "", "feed": "",
        "grid": TOWN, "county": COUNTY, "township": TOWN, "began": START - 3 * HOUR, "presented": START,
        "last": START - HOUR, "value": 320.0, "peak": 320.0, "threshold": 250.0, "background": None,
        "occurrences": 1, "suspect": False, "incident": incident, "inhibited_by": "", "acked_by": "",
        "shelved_by": "", "shelve_reason": "", "evidence": "",
    } | rest  # fmt: skip
    key = connection.execute(insert(ALARM).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def change(connection: Connection, start: int = START - 2 * HOUR, station: int = 7, **rest: Any) -> None:
    values: dict[str, Any] = {
        "at": START, "start": start, "station": station, "parameter": 2, "period": HOUR, "kind": "flagged",
        "old_value": 320.0, "new_value": 320.0, "old_flag": 1, "new_flag": 3, "reason": "flat_line", "actor": "",
    } | rest  # fmt: skip
    connection.execute(insert(CHANGE).values(**values))


def built(connection: Connection, incident: str = "INC1") -> str:
    """A task of an incident that somebody is at."""
    task = draft(connection, START, "high", incident=incident)
    assert act(connection, TS, "file", task, START).ok
    assert act(connection, TS, "dispatch", task, START, {"holder": "gm"}).ok
    return task


def test_a_reading_found_bad_marks_the_tasks_of_its_incident_and_no_other(city: Store) -> None:
    with city.write() as connection:
        mine, other = built(connection), built(connection, "INC2")
        alarm(connection, "INC1")
        alarm(connection, "INC2", station=8)
        assert spread(connection, START, plan) == []
        change(connection)
        assert spread(connection, START + 60, plan) == [mine]
        assert (get(connection, mine).suspect_data, get(connection, other).suspect_data) == (True, False)
        reason = why_here(connection, mine)[0][1]
        assert (reason.code, reason.args["reason"]) == ("escalation.because.mark_suspect", "flat_line")
        told = [row for row in notices.of_task(connection, mine) if row.message.code.endswith("mark_suspect")]
        assert [(row.grid, row.person) for row in told] == [(TOWN, "gm")]
        for language in LANGUAGES:
            assert "{" not in say(told[0].message, language)
            assert "{" not in say(reason, language)
        # Read once: the same lines change nothing, and neither does a restart.
        assert spread(connection, START + 120, plan) == []


@pytest.mark.parametrize(
    ("what", "marked"),
    [
        ({"start": START - 4 * HOUR}, False),
        ({"start": START}, False),
        ({"station": 9}, False),
        ({"parameter": 3}, False),
        ({"period": 60}, False),
        ({"new_flag": 1, "old_flag": 3}, False),
        ({"new_flag": 4}, True),
        ({"new_flag": 9}, True),
        ({"kind": "revised", "new_flag": 1, "new_value": 30.0, "reason": ""}, True),
        ({"kind": "revised", "new_flag": 1, "new_value": 300.0, "reason": ""}, False),
        ({"start": START - 3 * HOUR}, True),
        ({"start": START - HOUR}, True),
    ],
)
def test_only_what_the_alarm_rang_on_counts(city: Store, what: dict[str, Any], marked: bool) -> None:
    with city.write() as connection:
        task = built(connection)
        alarm(connection, "INC1")
        spread(connection, START)
        change(connection, **what)
        assert spread(connection, START + 60) == ([task] if marked else [])


def test_a_persons_confirmation_stands_until_other_data_turn_bad(city: Store) -> None:
    with city.write() as connection:
        task = built(connection)
        number = alarm(connection, "INC1")
        spread(connection, START)
        change(connection)
        assert spread(connection, START + 60) == [task]
        nothing = act(connection, TS, "confirm_data", task, START + 90, {})
        assert nothing.message.code == "task.refused.missing"
        assert not act(connection, GM, "confirm_data", task, START + 90, {"note": "x"}).ok
        assert act(connection, TS, "confirm_data", task, START + 90, {"note": "现场仪器比对一致"}).ok
        assert not get(connection, task).suspect_data
        again = act(connection, TS, "confirm_data", task, START + 91, {"note": "x"})
        assert again.message.code == "task.refused.not_suspect"
        for language in LANGUAGES:
            assert "{" not in say(again.message, language)
        connection.execute(update(ALARM).where(ALARM.c.id == number).values(suspect=True))
        assert spread(connection, START + 120) == []
        change(connection, start=START - HOUR, reason="interference")
        assert spread(connection, START + 180) == [task]


def test_an_alarm_that_turns_suspect_marks_its_open_task_once(city: Store) -> None:
    with city.write() as connection:
        task = built(connection)
        number = alarm(connection, "INC1")
        assert spread(connection, START) == []
        connection.execute(update(ALARM).where(ALARM.c.id == number).values(suspect=True))
        assert spread(connection, START + 60) == [task]
        assert spread(connection, START + 120) == []


def test_what_a_person_confirmed_when_filing_is_not_doubted_again_for_the_same_alarm(city: Store) -> None:
    with city.write() as connection:
        alarm(connection, "INC1", suspect=True)
        task = draft(connection, START, "high", incident="INC1", suspect=True)
        refused = act(connection, TS, "file", task, START)
        assert refused.message.code == "task.refused.suspect"
        assert act(connection, TS, "file", task, START, {"confirmed": True}).ok
        assert spread(connection, START + 60) == []
        assert not get(connection, task).suspect_data


def test_a_closed_task_is_marked_too_and_one_that_was_void_is_not(city: Store) -> None:
    with city.write() as connection:
        closed = built(connection)
        for who, kind, body in (
            (GM, "accept", {}),
            (GM, "arrive", {"distance": 1}),
            (GM, "report", {"result": "x", "evidence": ["p"]}),
            (TS, "verify_ok", {}),
        ):
            assert act(connection, who, kind, closed, START, body).ok
        gone = draft(connection, START, "high", incident="INC2")
        assert act(connection, TS, "dismiss", gone, START, {"reason": "false_alarm"}).ok
        alarm(connection, "INC1")
        alarm(connection, "INC2", station=8)
        spread(connection, START)
        change(connection)
        change(connection, station=8)
        assert spread(connection, START + 60) == [closed]


def test_what_is_found_good_after_all_takes_the_mark_away_with_a_row_in_the_log(city: Store) -> None:
    with city.write() as connection:
        task = built(connection)
        number = alarm(connection, "INC1")
        spread(connection, START)
        change(connection)
        change(connection, start=START - HOUR)
        connection.execute(update(ALARM).where(ALARM.c.id == number).values(suspect=True))
        assert spread(connection, START + 60, plan) == [task]
        # One of the two is good: the other is bad still.
        change(connection, old_flag=3, new_flag=1, reason="")
        spread(connection, START + 120, plan)
        assert get(connection, task).suspect_data
        change(connection, start=START - HOUR, old_flag=3, new_flag=1, reason="")
        spread(connection, START + 180, plan)
        assert not get(connection, task).suspect_data
        last = connection.execute(
            select(ACT.c.kind, ACT.c.actor, ACT.c.result, ACT.c.at).where(ACT.c.task == task)
            .order_by(ACT.c.at.desc(), ACT.c.id.desc())
        ).first()  # fmt: skip
        assert tuple(last or ()) == ("clear_suspect", "SYS", "applied", START + 180)
        reason = why_here(connection, task)[0][1]
        assert reason.code == "escalation.because.clear_suspect"
        for language in LANGUAGES:
            assert "{" not in say(reason, language)
        # It is not put on again for the alarm that still says so, but for the next line that does.
        assert spread(connection, START + 240, plan) == []
        change(connection, reason="interference")
        assert spread(connection, START + 300, plan) == [task]


def test_a_value_revised_back_is_good_again(city: Store) -> None:
    with city.write() as connection:
        task = built(connection)
        alarm(connection, "INC1")
        spread(connection, START)
        change(connection, kind="revised", new_flag=1, new_value=30.0, reason="")
        assert spread(connection, START + 60) == [task]
        change(connection, kind="revised", new_flag=1, old_value=30.0, new_value=310.0, reason="")
        spread(connection, START + 120)
        assert not get(connection, task).suspect_data


def test_a_persons_own_mark_is_not_taken_away_by_the_product(city: Store) -> None:
    with city.write() as connection:
        task = built(connection)
        alarm(connection, "INC1")
        spread(connection, START)
        assert act(connection, TS, "mark_suspect", task, START, {"reason": "camera"}).ok
        change(connection)
        change(connection, old_flag=3, new_flag=1)
        spread(connection, START + 60)
        assert get(connection, task).suspect_data
