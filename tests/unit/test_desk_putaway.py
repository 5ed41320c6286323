"""At the desk: maintenance windows, the register of what is shelved, groups, marks, floods, many acknowledged."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from backend.access.tables import AuditRow
from backend.alarms import sweep
from backend.alarms.tables import Alarm, Flood, MaintenanceWindow
from backend.city.registry import City
from backend.city.tables import Person
from backend.clock import ManualClock
from backend.desk import alarmacts, alarmgroups, alarms, operator, putaway
from backend.desk.desk import Desk
from backend.incidents.tables import Incident
from backend.store import Store, table
from backend.words import Outcome, word
from tests.screens import seat_city as city

ALARM, FLOOD, INCIDENT, WINDOW = table(Alarm), table(Flood), table(Incident), table(MaintenanceWindow)
HOUR = 3600


@pytest.fixture
def filled(store: Store) -> Store:
    city.build(store)
    person = {"pinyin": "", "initials": "", "department": "", "phone": "", "active": True, "from_pack": True,
              "made_up": True, "role": "supervisor"}  # fmt: skip
    with store.write() as connection:
        connection.execute(
            insert(table(Person)),
            [
                {**person, "code": "MD-V1", "name": "陈监", "grid": "371702", "centre": "MD"},
                {**person, "code": "DC-V1", "name": "吴监", "grid": "371702001", "centre": ""},
                {**person, "code": "DT-V1", "name": "郑监", "grid": "371703", "centre": ""},
            ],
        )
    return store


def look(store: Store, at: int) -> None:
    with store.bulk() as connection:
        sweep(connection, City.read(connection), at)


def plan(
    desk: Desk, kind: str = "station", scope: str = "1234A", *, after: int = 0, hours: int = 4
) -> Outcome:
    starts = desk.now + after
    return putaway.plan(
        desk, scope_kind=kind, scope=scope, starts=starts, ends=starts + hours * HOUR, reason="更换采样泵"
    )


def test_a_window_is_planned_seen_above_and_ended(filled: Store, clock: ManualClock) -> None:
    county, above, other = (city.desk(filled, code, clock) for code in ("MD-V1", "HZ-V1", "DT-V1"))
    assert plan(county).ok
    assert plan(county, "kind", "air", after=HOUR).ok
    (running, planned) = alarms.windows(above)
    assert (running.name, running.grid_name, running.made_name, running.state) == (
        "菏泽学院", "东城一网格", "陈监", "running",
    )  # fmt: skip
    assert (planned.scope_kind, planned.name, planned.grid_name, planned.state) == (
        "kind", word("station.kind.air", "zh"), "牡丹区", "planned",
    )  # fmt: skip
    assert alarms.windows(other) == []
    assert [row.outside for row in alarms.windows(city.desk(filled, "DC-V1", clock))] == [False, True]
    city.alarm(filled, 1, station=1)
    look(filled, clock.now() + 60)
    assert [(row.recorded, row.standing) for row in alarms.windows(county)] == [(1, 1), (0, 0)]
    assert alarms.counts(county)["put_away"] == 1
    assert putaway.end(above, running.id).ok
    clock.move(60)
    look(filled, clock.now())
    over = [
        row for row in alarms.windows(city.desk(filled, "MD-V1", clock), over=True) if row.state == "over"
    ]
    assert [(row.recorded, row.ended_name) for row in over] == [(1, "王强")]
    assert not putaway.end(above, running.id).ok
    with filled.read() as connection:
        said = connection.execute(select(table(AuditRow).c.actor, table(AuditRow).c.act)).all()
    assert [tuple(row) for row in said] == [
        ("MD-V1", "window.plan"), ("MD-V1", "window.plan"), ("HZ-V1", "window.end"),
    ]  # fmt: skip


def test_who_may_not_plan_a_window_is_told_why(filled: Store, clock: ManualClock) -> None:
    assert plan(city.desk(filled, "MD-S1", clock)).message.code == "access.role"
    assert plan(city.desk(filled, "DT-V1", clock)).message.code == "access.outside"
    county = city.desk(filled, "MD-V1", clock)
    assert plan(county, scope="NOWHERE").message.code == "desk.window.nothing"
    assert plan(county, "grid", "371703").message.code == "access.outside"
    assert plan(county, hours=73).message.code == "alarm.window.refused.long"
    assert plan(county).ok
    row = alarms.windows(county)[0]
    assert putaway.refusal(county, row) is None
    seat = putaway.refusal(city.desk(filled, "MD-S1", clock), row)
    assert seat is not None
    assert seat.code == "access.role"


def test_what_a_window_can_be_planned_for(filled: Store, clock: ManualClock) -> None:
    found = putaway.scopes(city.desk(filled, "MD-V1", clock), station="GD001")
    assert [(one.kind, one.code) for one in found[:5]] == [
        ("station", "GD001"), ("grid", "371702001-01"), ("grid", "371702001"), ("kind", "site_dust"), ("feed", "dust"),
    ]  # fmt: skip
    assert ("grid", "371702") in {(one.kind, one.code) for one in found}
    assert all(one.name for one in found)
    assert putaway.longest(city.desk(filled, "MD-V1", clock)) == 72


def test_what_a_township_shelves_its_county_reads(filled: Store, clock: ManualClock) -> None:
    city.alarm(filled, 1, station=1)
    city.alarm(filled, 2, station=3)
    below = city.desk(filled, "DC-V1", clock)
    assert alarms.shelve(below, 1, seconds=7200, reason="仪器校准").ok
    for person in ("DC-V1", "MD-V1", "HZ-V1"):
        (row,) = alarms.shelved(city.desk(filled, person, clock))
        assert (row.id, row.shelved_name, row.shelve_reason, row.shelved_until) == (
            1, "吴监", "仪器校准", clock.now() + 7200,
        )  # fmt: skip
    assert alarms.shelved(city.desk(filled, "DT-V1", clock)) == []


def test_nuisances_are_marked_and_counted(filled: Store, clock: ManualClock) -> None:
    now = clock.now()
    city.alarm(filled, 1, station=1, activations=3)
    city.alarm(filled, 2, station=2, presented=now - 25 * HOUR)
    city.alarm(filled, 3, station=4, state="RTN_UNACK", fleeting=True)
    desk = city.desk(filled, "MD-V1", clock)
    assert {row.id: row.marks for row in alarms.board(desk)} == {
        1: ("chatter",),
        2: ("stale",),
        3: ("fleeting",),
    }
    load = operator.load(desk)
    assert (load.chatter, load.stale, load.fleeting) == (1, 1, 1)


def test_the_last_flood_is_told_with_its_peak(filled: Store, clock: ManualClock) -> None:
    now = clock.now()
    with filled.write() as connection:
        connection.execute(
            insert(FLOOD),
            [
                {"grid": "371702", "began": now - 9 * HOUR, "ended": now - 8 * HOUR, "peak": 31, "total": 84},
                {
                    "grid": "371702",
                    "began": now - 3 * 86400,
                    "ended": now - 3 * 86400 + 900,
                    "peak": 12,
                    "total": 14,
                },
                {"grid": "371703", "began": now - HOUR, "ended": None, "peak": 99, "total": 99},
            ],
        )
    desk = city.desk(filled, "MD-V1", clock)
    flood = operator.load(desk).flood
    assert flood == operator.Flood(now - 9 * HOUR, now - 8 * HOUR, 31, 84)
    assert [one.peak for one in operator.floods(desk)] == [31, 12]
    assert operator.load(city.desk(filled, "HZ-V1", clock)).flood is None


def incident(store: Store, number: int, kind: str = "air_quality", **more: object) -> None:
    row = {
        "id": f"I{number}", "type": kind, "state": "open", "priority": "high", "title_code": "", "title_args": "",
        "grid": "", "county": "", "township": "", "place": "", "lon": None, "lat": None, "station": None,
        "parameter": None, "source": "", "regional": False, "opened": 1, "closed": None, "last": 1, "merged_into": "",
        "origin": "alarm", "order_code": "", **more,
    }  # fmt: skip
    with store.write() as connection:
        connection.execute(insert(INCIDENT), [row])


def test_alarms_of_one_incident_are_one_group_and_of_one_cause_too(filled: Store, clock: ManualClock) -> None:
    for number in (1, 2, 3, 4, 5):
        incident(filled, number, "equipment" if number > 1 else "air_quality")
    city.alarm(filled, 1, station=1, incident="I1")
    city.alarm(filled, 2, station=2, incident="I1", priority="critical", presented=clock.now() - HOUR)
    for number, station in ((3, 7), (4, 8), (5, 9)):
        fault = {"rule": "instrument", "feed": "dust", "priority": "low"}
        city.alarm(filled, number, station=station, incident=f"I{number - 1}", **fault)
    city.alarm(filled, 6, station=10, rule="water", state="ACKED", incident="I5", priority="high")
    city.alarm(filled, 7, station=4, state="SUPPRESSED", inhibited_by="I1", presented=0)
    desk = city.desk(filled, "MD-V1", clock)
    first, cause, water = alarmgroups.groups(desk)
    assert (first.key, first.count, first.waiting, first.priority, first.spoken_for) == (
        "I1",
        2,
        2,
        "critical",
        1,
    )
    assert (first.where, first.alarms, first.oldest) == ("污水处理厂", (2, 1), clock.now() - HOUR)
    assert (cause.where, cause.count, cause.incidents, cause.stations, cause.filter) == (
        "dust 接口",
        3,
        3,
        3,
        "dust",
    )
    assert (water.key, water.waiting) == ("I5", 0)
    # Nothing is dropped: what the groups hold is what stands.
    held = sorted(number for group in (first, cause, water) for number in group.alarms)
    assert held == sorted(row.id for row in alarms.board(desk, states=alarms.VIEWS["standing"]))


def test_many_are_acknowledged_in_one_go_and_those_of_others_are_left(
    filled: Store, clock: ManualClock
) -> None:
    for number in range(1, 4):
        city.alarm(filled, number, station=number)
    city.alarm(filled, 4, station=4, state="ACKED", acked_by="MD-S1", acked=clock.now())
    desk = city.desk(filled, "MD-S1", clock)
    # Number 3 lies in 定陶区, number 4 is acknowledged already.
    outcome = alarmacts.acknowledge_all(desk, [1, 2, 3, 4])
    assert (outcome.message.code, outcome.message.args) == (
        "desk.alarm.some_acknowledged",
        {"count": 2, "left": 2},
    )
    with filled.read() as connection:
        found = {row[0]: row[1] for row in connection.execute(select(ALARM.c.id, ALARM.c.acked_by))}
    assert found == {1: "MD-S1", 2: "MD-S1", 3: "", 4: "MD-S1"}
    assert not alarmacts.acknowledge_all(desk, [3, 4]).ok


def test_a_vehicle_is_named_by_its_plate(filled: Store, clock: ManualClock) -> None:
    city.alarm(filled, 1, station=1, rule="vehicle", parameter=city.CODES["no_ppm"])
    with filled.write() as connection:
        connection.execute(update(ALARM).values(subject="鲁R10001"))
    (row,) = alarms.board(city.desk(filled, "MD-S1", clock))
    assert row.place == "鲁R10001 菏泽学院"
