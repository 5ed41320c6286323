"""Work orders to the contractor: sent at once, never to a grid member, down-time counted, interference told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from backend.alarms.tables import Alarm
from backend.city.tables import Department, Station
from backend.clock import ManualClock
from backend.desk import workorders
from backend.desk.desk import Desk
from backend.escalation.sweep import sweep
from backend.incidents.tables import Incident
from backend.store import Store, table
from backend.tasks.rows import TASK
from backend.tasks.tables import WorkOrder
from backend.tasks.workorders import contractor_of
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.unit.task_world import CELL, COUNTY, GM, TOWN, TS, TV, act, build, draft, get, on
from tests.unit.test_tasks_doubt import alarm
from tests.unit.test_tasks_orders import desk_of

STATION, DEPARTMENT, ALARM = table(Station), table(Department), table(Alarm)
INCIDENT, ORDER = table(Incident), table(WorkOrder)
HOUR = 3600


def station(connection: Connection, code: str = "A1", **rest: Any) -> int:
    values = {
        "code": code, "name": f"站{code}", "name_en": "", "initials": "", "kind": "air", "grid": CELL,
        "county": COUNTY, "township": TOWN, "target": "", "source": "", "upstream": "", "maintainer": "",
        "in_service": True, "placed": True, "made_up": True,
    } | rest  # fmt: skip
    key = connection.execute(insert(STATION).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def contractor(connection: Connection, code: str = "YW") -> None:
    values = {
        "code": code,
        "name": f"运维{code}",
        "name_en": "",
        "phone": "400",
        "kind": "contractor",
        "made_up": True,
    }
    connection.execute(insert(DEPARTMENT).values(in_service=True, **values))
    on(connection, "department", code)


def incident(connection: Connection, number: str, station_id: int, type_: str = "equipment") -> None:
    values = {
        "id": number, "type": type_, "state": "open", "priority": "low", "title_code": "x", "title_args": "",
        "grid": CELL, "county": COUNTY, "township": TOWN, "place": "", "station": station_id, "parameter": 2,
        "source": "", "regional": False, "opened": START, "last": START, "merged_into": "", "origin": "alarm",
    }  # fmt: skip
    connection.execute(insert(INCIDENT).values(**values))


@pytest.fixture
def city(store: Store) -> Store:
    build(store)
    with store.write() as connection:
        contractor(connection)
    return store


@pytest.fixture
def desk(city: Store, clock: ManualClock) -> Desk:
    return desk_of(city, TS, clock)


def offline(connection: Connection, rule: str = "offline", began: int = START - 5 * HOUR) -> tuple[int, int]:
    """A station that says nothing, and its alarm."""
    here = station(connection)
    incident(connection, "INC1", here)
    return here, alarm(
        connection, "INC1", here, rule=rule, began=began, last=began, value=None, parameter=None
    )


def test_the_order_of_an_offline_station_goes_to_its_contractor_at_once(city: Store, desk: Desk) -> None:
    with city.write() as connection:
        _, number = offline(connection)
    done = workorders.issue_for_alarm(desk, number)
    assert done.ok, done
    task = str(done.data["task"])
    with city.read() as connection:
        state = get(connection, task)
        assert (state.state, state.type, state.holder, state.holder_kind) == (
            "DISPATCHED",
            "equipment",
            "YW",
            "department",
        )
        clock = state.clock("ACCEPT")
        assert clock is not None
        assert (clock.target, clock.holder) == (1800, "YW")
        acked = connection.execute(select(ALARM.c.state).where(ALARM.c.id == number)).scalar_one()
        assert acked == "ACKED"
    row = workorders.board(desk)[0]
    assert (row.task.id, row.contractor_name, row.fault, row.station) == (task, "运维YW", "offline", "A1")
    assert (row.down_since, row.down_until, row.down_seconds) == (START - 5 * HOUR, None, 5 * HOUR)
    again = workorders.issue_for_alarm(desk, number)
    assert (again.message.code, again.data["task"]) == ("task.linked", task)
    assert len(workorders.board(desk)) == 1


def test_the_down_time_ends_when_the_alarm_clears_and_not_with_the_task(city: Store, desk: Desk) -> None:
    with city.write() as connection:
        _, number = offline(connection)
    task = str(workorders.issue_for_alarm(desk, number).data["task"])
    with city.write() as connection:
        connection.execute(
            update(ALARM).where(ALARM.c.id == number).values(cleared=START - HOUR, state="NORM")
        )
    row = workorders.of_task(desk, task)
    assert row is not None
    assert (row.down_until, row.down_seconds) == (START - HOUR, 4 * HOUR)


def test_a_grid_member_is_never_sent_and_the_refusal_says_whom_to_send(city: Store, desk: Desk) -> None:
    with city.write() as connection:
        task = draft(connection, START, "low", type="equipment")
        assert act(connection, TS, "file", task, START).ok
        refused = act(connection, TS, "dispatch", task, START, {"holder": "gm"})
        assert refused.message.code == "task.refused.not_member"
        for language in LANGUAGES:
            assert "{" not in say(refused.message, language)
        assert act(connection, TS, "dispatch", task, START, {"holder": "YW", "holder_kind": "department"}).ok
    assert desk.actor.person == "ts"


def test_an_empty_township_is_no_cause_for_what_is_the_contractors(store: Store) -> None:
    build(store, duty=False)
    with store.write() as connection:
        contractor(connection)
        task = draft(connection, START, "low", type="equipment")
        act(connection, TS, "file", task, START)
    assert sweep(store, START).steps == 0
    with store.read() as connection:
        assert get(connection, task).level == "T"


def test_the_stations_own_contractor_goes_before_the_citys(city: Store, clock: ManualClock) -> None:
    with city.write() as connection:
        contractor(connection, "YW2")
        own, other = station(connection, "A1", maintainer="YW2"), station(connection, "A2")
        assert contractor_of(connection, own) == "YW2"
        # Of two, none is guessed.
        assert contractor_of(connection, other) == ""
    done = workorders.issue_for_station(desk_of(city, TS, clock), "A2", fault="flat")
    assert done.message.code == "task.refused.no_contractor"
    done = workorders.issue_for_station(desk_of(city, TS, clock), "A1", fault="flat", since=START - HOUR)
    assert done.ok
    for language in LANGUAGES:
        assert "{" not in say(done.message, language)


def test_values_set_by_hand_are_suspected_interference_and_rise_to_the_city(city: Store, desk: Desk) -> None:
    with city.write() as connection:
        _, number = offline(connection, "tampering")
    done = workorders.issue_for_alarm(desk, number, note="采样口被堵")
    row = workorders.of_task(desk, str(done.data["task"]))
    assert row is not None
    assert (row.interference, row.fault, row.task.level) == (True, "interference", "M")


def test_a_person_may_suspect_interference_later_once_and_with_words(city: Store, desk: Desk) -> None:
    with city.write() as connection:
        _, number = offline(connection)
        other = draft(connection, START, "low")
    task = str(workorders.issue_for_alarm(desk, number).data["task"])
    assert workorders.interference(desk, task, " ").message.code == "task.refused.missing"
    assert workorders.interference(desk, other, "x").message.code == "task.refused.no_work_order"
    done = workorders.interference(desk, task, "喷淋采样口")
    assert (done.ok, done.message.args["level"]) == (True, "M")
    row = workorders.of_task(desk, task)
    assert row is not None
    assert (row.interference, row.interference_note) == (True, "喷淋采样口")
    assert workorders.interference(desk, task, "再次").ok
    with city.read() as connection:
        assert get(connection, task).level == "M"


def test_what_no_alarm_tells_a_person_does(city: Store, desk: Desk, clock: ManualClock) -> None:
    with city.write() as connection:
        station(connection)
    done = workorders.issue_for_station(desk, "A1", fault="other", since=START - HOUR)
    task = str(done.data["task"])
    clock.move(2 * HOUR)
    row = workorders.of_task(desk, task)
    assert row is not None
    assert row.down_seconds == 3 * HOUR
    assert not workorders.restored(desk, task, clock.now() + 1).ok
    assert workorders.restored(desk, task, START + HOUR).ok
    row = workorders.of_task(desk, task)
    assert row is not None
    assert (row.down_until, row.down_seconds) == (START + HOUR, 2 * HOUR)


def test_a_task_handed_to_maintenance_drafts_a_work_order_of_its_station(city: Store) -> None:
    with city.write() as connection:
        here = station(connection)
        incident(connection, "INC2", here, "site_dust")
        task = draft(connection, START, "high", incident="INC2")
        for who, kind, body in (
            (TS, "file", {}),
            (TS, "dispatch", {"holder": "gm"}),
            (GM, "accept", {}),
            (GM, "arrive", {"distance": 1}),
            (GM, "report", {"result": "transfer_maintenance", "evidence": ["p"]}),
            (TV, "verify_ok", {}),
        ):
            assert act(connection, who, kind, task, START, body).ok, kind
        order = connection.execute(select(ORDER)).one()
        state = get(connection, order.task)
        assert (state.state, state.type, state.department, order.station) == (
            "DRAFT",
            "equipment",
            "YW",
            here,
        )
        # The first task is closed all the same.
        assert connection.execute(select(TASK.c.closed).where(TASK.c.id == task)).scalar_one() == START


def test_bad_orders_are_refused_in_words(city: Store, desk: Desk) -> None:
    with city.write() as connection:
        incident(connection, "INC9", 0)
        feed = alarm(connection, "INC9", None, rule="feed_outage")  # type: ignore[arg-type]
    cases = [
        workorders.issue_for_alarm(desk, 999_999),
        workorders.issue_for_alarm(desk, feed),
        workorders.issue_for_station(desk, "nowhere", fault="flat"),
        workorders.issue_for_station(desk, "A1", fault="broken"),
    ]
    for done in cases:
        assert not done.ok
        for language in LANGUAGES:
            said = say(done.message, language)
            assert "{" not in said
            assert not said.startswith(("task.", "desk."))
