"""Vehicles that pass a set: two exceedances running of the same pollutant within six calendar months."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from backend.alarms import sweep
from backend.alarms.vehicles import Taken, months_back, take
from backend.city.registry import City
from backend.city.tables import Vehicle
from backend.feeds.record import Passage, plate_of
from backend.incidents import open_for
from backend.store import Store, table
from tests.unit.alarm_hours import alarms, states
from tests.unit.small_city import HOUR, T, build, rows, station

DAY = 24 * HOUR
ZONE = ZoneInfo("Asia/Shanghai")


def town(store: Store) -> City:
    city = build(
        store, [station("L1", "remote_sensing", source=""), station("L2", "remote_sensing", county="B")]
    )
    known = [("鲁R10001", "柴油"), ("鲁R10002", "柴油"), ("鲁R20001", "汽油")]
    with store.bulk() as conn:
        conn.execute(
            table(Vehicle).insert(),
            [
                {
                    "plate": plate,
                    "kind": "",
                    "fuel": fuel,
                    "stage": "",
                    "source": "",
                    "grid": "",
                    "made_up": True,
                }
                for plate, fuel in known
            ],
        )
    return city


def passes(store: Store, city: City, *passages: Passage, now: int | None = None) -> Taken:
    with store.bulk() as conn:
        at = max(one.at for one in passages) + 60 if now is None else now
        taken = take(conn, city, passages, at)
        open_for(conn, city, taken.findings, at)
    return taken


def one(
    at: int,
    no: float | None = None,
    smoke: float | None = None,
    plate: str = "鲁R10001",
    where: str = "L1",
    valid: bool = True,
) -> Passage:
    return Passage(plate, where, at, no, smoke, valid)


def test_two_exceedances_running_ring_once_for_the_plate(store: Store) -> None:
    city = town(store)
    passes(store, city, one(T - 30 * DAY, 1600, 12))
    assert states(store) == []
    taken = passes(store, city, one(T, 1700, 12, where="L2"), one(T - 10, 900, plate="鲁R10002"))
    assert (taken.received, taken.written, len(taken.findings.raised)) == (2, 2, 1)
    found = alarms(
        store, "rule, subject, station, state, value, peak, threshold, began, last, county, suspect"
    )
    assert found == [("vehicle", "鲁R10001", 2, "UNACK", 1700.0, 1700.0, 1500.0, T - 30 * DAY, T, "B", 0)]
    assert json.loads(alarms(store, "evidence")[0][0])["sets"] == ["L1", "L2"]
    incident = rows(store, "SELECT type, source, station, title_code FROM incident")
    assert incident == [("vehicle_exhaust", "plate:鲁R10001", 2, "incident.title.vehicle")]
    again = passes(store, city, one(T, 1700, 12, where="L2"), now=T + 300)
    assert (again.written, again.same, again.findings.raised) == (0, 1, [])


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([one(T - DAY, 1501), one(T, 1501)], ["UNACK"]),
        ([one(T - DAY, 1500), one(T, 1501)], []),  # equal keeps the limit
        ([one(T - DAY, 1600), one(T, 900, 40)], []),  # another pollutant
        ([one(T - 2 * DAY, 1600), one(T - DAY, 800), one(T, 1600)], []),  # one clean in between
        ([one(T - 2 * DAY, 1600), one(T - DAY, 800, valid=False), one(T, 1600)], ["UNACK"]),
        ([one(T - 2 * DAY, 1600), one(T - DAY, None, 12), one(T, 1600)], ["UNACK"]),
        ([one(T - DAY, 1600, 31), one(T, 1600, 31)], ["UNACK", "UNACK"]),
        ([one(T - DAY, 1600), one(T, 1600), one(T + 60, 1400)], ["RTN_UNACK"]),
        ([one(T - DAY, 9000, plate="鲁R20001"), one(T, 9000, plate="鲁R20001")], []),  # petrol: other limits
        ([one(T - DAY, 1600, plate="豫A9"), one(T, 1600, plate="豫A9")], ["UNACK"]),
    ],
)
def test_what_makes_a_vehicle_not_comply(store: Store, several: list[Passage], expected: list[str]) -> None:
    city = town(store)
    for passage in several:
        passes(store, city, passage)
    assert states(store) == expected


def test_the_order_in_which_they_come_makes_no_difference(store: Store) -> None:
    city = town(store)
    passes(store, city, one(T, 1600), one(T - DAY, 1700), one(T - 2 * DAY, 100), now=T + 60)
    assert alarms(store, "state, began, value") == [("UNACK", T - DAY, 1600.0)]


def test_six_calendar_months_to_the_day(store: Store) -> None:
    city = town(store)
    since = months_back(T, 6, ZONE)
    assert datetime.fromtimestamp(since, ZONE).isoformat() == "2026-05-03T16:00:00+08:00"
    leap = int(datetime(2028, 8, 31, tzinfo=ZONE).timestamp())
    assert datetime.fromtimestamp(months_back(leap, 6, ZONE), ZONE).date().isoformat() == "2028-02-29"
    passes(store, city, one(since - 1, 1600), one(since, 1600, plate="鲁R10002"), now=T)
    passes(store, city, one(T, 1600), one(T, 1600, plate="鲁R10002"))
    assert alarms(store, "subject") == [("鲁R10002",)]


def test_history_rings_nobody_and_an_unknown_fuel_is_marked(store: Store) -> None:
    city = town(store)
    passes(store, city, one(T - 20 * DAY, 1600), one(T - 10 * DAY, 1600), now=T)
    assert states(store) == []
    passes(store, city, one(T - DAY, 1600, plate="豫A9"), one(T, 1600, plate="豫A9"))
    assert alarms(store, "subject, suspect") == [("豫A9", 1)]


def test_two_vehicles_at_one_set_are_two_incidents(store: Store) -> None:
    city = town(store)
    for plate in ("鲁R10001", "鲁R10002"):
        passes(store, city, one(T - DAY, 1600, plate=plate), one(T, 1600, 40, plate=plate))
    assert len(rows(store, "SELECT id FROM incident")) == 2


def test_a_vehicle_s_alarm_stands_without_values_and_ends_after_its_months(store: Store) -> None:
    city = town(store)
    passes(store, city, one(T - DAY, 1600), one(T, 1600))
    for at, state in ((T + 30 * DAY, "UNACK"), (T + 200 * DAY, "RTN_UNACK")):
        with store.bulk() as conn:
            sweep(conn, city, at)
        assert states(store, "vehicle") == [state]


def test_a_set_that_nobody_knows_is_told(store: Store) -> None:
    city = town(store)
    taken = passes(store, city, one(T, 1600, where="L9"), one(T, 1600, plate="  "))
    assert (taken.written, taken.unplaced) == (0, ["L9", ""])
    assert plate_of(" 鲁r·10 001 ") == "鲁R10001"
