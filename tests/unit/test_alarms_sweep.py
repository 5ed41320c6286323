"""What time alone does: shelves end, stations fall silent, feeds break, stale alarms go."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from backend.alarms import Findings, sweep
from backend.city.registry import City
from backend.feeds.tables import FeedHealth
from backend.incidents import open_for
from backend.store import Store, table, upsert
from tests.unit.alarm_hours import alarms, hour, run, states
from tests.unit.small_city import HOUR, T, build, rows, station


def look(store: Store, city: City, now: int) -> Findings:
    with store.bulk() as conn:
        findings = sweep(conn, city, now)
        open_for(conn, city, findings, now)
    return findings


def town(store: Store, *stations: dict[str, Any]) -> City:
    """A city whose measures are known: the first hour has been taken in."""
    city = build(store, stations)
    codes = [row["code"] for row in stations]
    hour(store, city, 0, {code: 50.0 + number for number, code in enumerate(codes)})
    with store.read() as conn:
        return City.read(conn)


def test_a_station_goes_offline_by_its_cadence_and_comes_back(store: Store) -> None:
    city = town(store, *(station(f"S{number}", "township_air") for number in range(4)))
    assert look(store, city, T + 3 * HOUR).raised == []
    for back in (-1, -2, -3):
        hour(store, city, back, {f"S{number}": 51.0 + number - back for number in range(3)})
    look(store, city, T + 3 * HOUR + 1)
    found = alarms(store, "rule, station, state, began, last, priority, county, feed")
    assert found == [("offline", 4, "UNACK", T, T - HOUR, "medium", "A", "one")]
    assert rows(store, "SELECT type, station FROM incident") == [("equipment", 4)]
    assert look(store, city, T + 3 * HOUR + 60).raised == []
    hour(store, city, -3, {"S3": 60.0})
    look(store, city, T + 3 * HOUR + 120)
    assert states(store) == ["RTN_UNACK"]


def test_a_value_that_waits_for_the_next_poll_makes_nobody_offline(store: Store) -> None:
    city = town(store, *(station(f"S{number}", "township_air") for number in range(4)))
    limit = T + 3 * HOUR
    asked(store, limit - 60)
    assert look(store, city, limit + 900).raised == []
    # The feed was asked again, and had nothing: three of them are silent, the fourth had sent something.
    hour(store, city, -1, {"S3": 51.0})
    asked(store, limit + 900)
    assert len(look(store, city, limit + 900).raised) == 3


def test_a_feed_that_is_not_asked_any_more_hides_no_silence(store: Store) -> None:
    city = town(store, *(station(f"S{number}", "township_air") for number in range(4)))
    asked(store, T)
    hour(store, city, -1, {f"S{number}": 51.0 + number for number in range(2)})
    assert look(store, city, T + 4 * HOUR).raised == []
    assert len(look(store, city, T + 4 * HOUR + 1).raised) == 2


def test_what_is_brought_as_files_is_no_outage(store: Store) -> None:
    city = town(store, *(station(f"S{number}", "township_air") for number in range(4)))
    look(store, city, T + 99 * HOUR)
    assert states(store, "feed_outage") == ["UNACK"]
    with store.bulk() as conn:
        conn.execute(text("UPDATE feed SET adapter = 'file'"))
    look(store, city, T + 100 * HOUR)
    assert states(store, "feed_outage") == ["RTN_UNACK"]
    assert look(store, city, T + 101 * HOUR).raised == []


def asked(store: Store, at: int) -> None:
    """The feed was asked at an instant, and answered."""
    with store.bulk() as conn:
        upsert(
            conn,
            table(FeedHealth),
            [FeedHealth(feed=1, ok_at=at, next_at=at + HOUR).model_dump()],
            keys=["feed"],
        )


def test_a_station_that_never_sent_anything_is_not_offline(store: Store) -> None:
    city = build(store, [station("S1")])
    assert look(store, city, T + 99 * HOUR).raised == []


def test_a_whole_feed_that_falls_silent_is_one_alarm(store: Store) -> None:
    city = town(store, *(station(f"S{number}", "township_air") for number in range(20)))
    hour(store, city, -2, {f"S{number}": 51.0 + number for number in range(19)})
    look(store, city, T + 4 * HOUR)
    assert states(store, "offline") == ["UNACK"]  # S19, alone
    look(store, city, T + 8 * HOUR)
    assert alarms(store, "rule, feed, state, priority", "state = 'UNACK'") == [
        ("feed_outage", "one", "UNACK", "high")
    ]
    assert states(store, "offline") == ["SUPPRESSED"]
    assert rows(store, "SELECT COUNT(*) FROM incident WHERE regional") == [(1,)]
    # All but two come back: the feed is whole again, and the two speak for themselves.
    hour(store, city, -8, {f"S{number}": 52.0 + number for number in range(18)})
    look(store, city, T + 8 * HOUR + 300)
    assert states(store, "feed_outage") == ["RTN_UNACK"]
    assert alarms(store, "station, state", "rule = 'offline'") == [(20, "UNACK"), (19, "UNACK")]


def test_a_shelf_ends_by_itself(store: Store) -> None:
    from backend.alarms import shelve

    city = build(store, [station("S1"), station("S2")])
    run(store, city, 200, 201)
    run(store, city, 200, 201, station="S2")
    for number, end in ((1, HOUR), (2, 2 * HOUR)):
        with store.write() as conn:
            assert shelve(conn, number, actor="P1", now=T + 60, until=T + 60 + end, reason="在修").ok
    hour(store, city, -1, {"S2": 60.0})
    hour(store, city, -2, {"S2": 61.0})
    assert states(store, "exceedance") == ["SHELVED", "SHELVED"]
    look(store, city, T + HOUR)
    assert states(store, "exceedance") == ["SHELVED", "SHELVED"]
    look(store, city, T + 60 + HOUR)
    assert alarms(store, "state, presented, shelved_by, shelved_until", "id = 1") == [
        ("UNACK", T + 60 + HOUR, "", None)
    ]
    look(store, city, T + 60 + 2 * HOUR)
    # Its condition ended on the shelf: nothing is left to see.
    assert alarms(store, "state", "id = 2") == [("NORM",)]
    assert (
        rows(store, "SELECT actor, reason FROM alarm_act WHERE act = 'unshelve'") == [("SYS", "expired")] * 2
    )


def test_an_alarm_that_nothing_confirms_any_more_is_cleared(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 200, 201)
    look(store, city, T + 23 * HOUR)
    assert states(store, "exceedance") == ["UNACK"]
    look(store, city, T + 24 * HOUR + 1)
    assert states(store, "exceedance") == ["RTN_UNACK"]


def test_the_alarms_of_a_station_that_is_retired_end(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 200, 201)
    with store.bulk() as conn:
        conn.execute(text("UPDATE station SET in_service = 0"))
        city = City.read(conn)
    look(store, city, T + 120)
    assert states(store, "exceedance") == ["RTN_UNACK"]
