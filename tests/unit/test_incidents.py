"""Alarms find their incident; incidents end; people report them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from backend import alarms as room
from backend.city.registry import City
from backend.incidents import Intake, close_if_quiet, close_quiet, report_by_person
from backend.store import Store
from backend.words import LANGUAGES, Message, Outcome, say
from tests.unit.alarm_hours import alarms, hour, run
from tests.unit.small_city import T, build, rows, station


def incidents(store: Store, columns: str) -> list[tuple[Any, ...]]:
    return rows(store, f"SELECT {columns} FROM incident ORDER BY id")


def test_an_alarm_opens_an_incident_that_says_where_and_what(store: Store) -> None:
    city = build(
        store, [station("S1", name="市一中", name_en="No. 1 School", source="ENT1", lon=115.4, lat=35.2)]
    )
    report = hour(store, city, 1, {"S1": 200.0})
    assert report.incidents_opened == 1
    found = incidents(store, "id, type, state, priority, grid, county, township, place, lon, source, origin")
    assert found == [
        (
            "INC20261103-0001",
            "air_quality",
            "open",
            "medium",
            "A1",
            "A",
            "A1",
            "市一中",
            115.4,
            "ENT1",
            "alarm",
        )
    ]
    code, args = incidents(store, "title_code, title_args")[0]
    title = Message(code, json.loads(args))
    assert say(title, "zh") == "市一中 PM2.5 超标"
    assert say(title, "en") == "PM2.5 above limit at No. 1 School"
    assert alarms(store, "incident") == [("INC20261103-0001",)]


def test_one_incident_for_a_place_and_a_type(store: Store) -> None:
    city = build(store, [station("S1")])
    hour(store, city, 1, {"S1": 200.0})
    hour(store, city, 0, {"S1": 900.0}, parameter="so2")
    assert len(alarms(store, "id")) == 2
    assert incidents(store, "COUNT(*), MAX(priority), MAX(last)") == [(1, "medium", T - 3600)]
    for back in range(3):
        hour(store, city, -1 - back, {"S1": 50.0}, parameter="no2")
    hour(store, city, -5, {"S1": 50.0}, parameter="no2", device="D")
    hour(store, city, -6, {"S1": 51.0}, parameter="no2", device="D")
    # The instrument is another matter than the air.
    assert [row[0] for row in incidents(store, "type")] == ["air_quality", "equipment"]


@pytest.mark.parametrize(
    ("lat", "county", "parameter", "count"),
    [(35.02, "A", "pm25", 1), (35.05, "A", "pm25", 2), (35.02, "B", "pm25", 2), (35.02, "A", "so2", 2)],
)
def test_neighbours_in_the_same_hours_are_one_place(
    store: Store, lat: float, county: str, parameter: str, count: int
) -> None:
    city = build(store, [station("S1"), station("S2", county=county, lat=lat)])
    hour(store, city, 1, {"S1": 200.0})
    hour(store, city, 0, {"S2": 900.0 if parameter == "so2" else 200.0}, parameter=parameter)
    assert len(incidents(store, "id")) == count


def test_neighbours_long_after_are_another(store: Store) -> None:
    city = build(store, [station("S1"), station("S2")])
    hour(store, city, 9, {"S1": 200.0})
    hour(store, city, 0, {"S2": 200.0})
    assert len(incidents(store, "id")) == 2


def test_it_is_as_urgent_as_its_most_urgent_alarm(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 200.0, 400.0)
    assert incidents(store, "priority, last") == [("critical", T - 3600)]


def test_it_closes_when_its_alarms_are_over_and_nobody_owes_work(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 150.0, 160.0)
    number = incidents(store, "id")[0][0]

    def close(*, tasks: bool) -> bool:
        with store.write() as conn:
            return close_if_quiet(conn, number, tasks, T + 99)

    assert not close(tasks=False)
    for back in (-1, -2):
        hour(store, city, back, {"S1": 60.0 + back})
    assert not close(tasks=False)  # nobody has seen that it rang
    with store.write() as conn:
        assert room.acknowledge(conn, 1, actor="P1", now=T + 90).ok
    assert not close(tasks=True)
    with store.write() as conn:
        assert close_quiet(conn, T + 99, {number}) == []
        assert close_quiet(conn, T + 99, ()) == [number]
    assert incidents(store, "state, closed") == [("closed", T + 99)]
    assert not close(tasks=False)
    # It happens again: that is another incident.
    hour(store, city, -5, {"S1": 300.0})
    assert incidents(store, "id, state")[1][1] == "open"


def test_what_is_only_shelved_keeps_its_incident_open(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 150.0, 160.0)
    with store.write() as conn:
        room.shelve(conn, 1, actor="P1", now=T + 90, reason="x")
        assert close_quiet(conn, T + 99, ()) == []


@pytest.fixture
def town(store: Store) -> City:
    """A city with one incident type and one source."""
    city = build(store, [station("S1", source="E1")])
    with store.bulk() as conn:
        conn.execute(
            text(
                "INSERT INTO incident_type (code, valid_from, valid_to, name, name_en, department, co_departments, "
                "priority, evidence, results, made_up) VALUES "
                "('straw_burning', '2026-01-01', '', '秸秆焚烧', 'Straw burning', '', '', 'high', '', '', 1), "
                "('old', '2020-01-01', '2021-01-01', 'x', 'x', '', '', 'high', '', '', 1)"
            )
        )
    return city


def report(store: Store, city: City, intake: Intake) -> Outcome:
    with store.write() as conn:
        outcome = report_by_person(conn, city, intake, actor="P1", now=T)
    for language in LANGUAGES:
        assert "{" not in say(outcome.message, language)
        assert not say(outcome.message, language).startswith("incident.")
    return outcome


def test_a_call_opens_an_incident(store: Store, town: City) -> None:
    told = Intake(
        "straw_burning",
        "phone",
        grid="A1",
        text="冒烟\x1b[2J\n第二行",
        caller="王",
        caller_phone="0530-123 4567",
    )
    outcome = report(store, town, told)
    assert outcome.ok
    number = outcome.data["incident"]
    assert incidents(store, "id, origin, priority, township, county, state") == [
        (number, "phone", "high", "A1", "A", "open")
    ]
    words, by = rows(store, "SELECT text, recorded_by FROM incident_report")[0]
    assert "\x1b" not in words
    assert words.count("\n") == 1
    assert by == "P1"
    with store.write() as conn:
        assert close_quiet(conn, T + 9, ()) == []
        assert close_if_quiet(conn, str(number), True, T + 9) is False
        assert close_if_quiet(conn, str(number), False, T + 9) is True


@pytest.mark.parametrize(
    ("intake", "code"),
    [
        (Intake("straw_burning", "telepathy", grid="A1"), "incident.refused.channel"),
        (Intake("martians", "phone", grid="A1"), "incident.refused.type"),
        (Intake("old", "phone", grid="A1"), "incident.refused.type"),
        (Intake("straw_burning", "phone"), "incident.refused.place"),
        (Intake("straw_burning", "phone", grid="nowhere"), "incident.refused.place"),
        (Intake("straw_burning", "phone", source="nothing"), "incident.refused.place"),
        (Intake("straw_burning", "phone", grid="A1", priority="x"), "incident.refused.priority"),
        (Intake("straw_burning", "phone", grid="A1", text="字" * 10_000), "incident.refused.long_text"),
        (Intake("straw_burning", "phone", grid="A1", caller_phone="打我手机"), "incident.refused.phone"),
        (Intake("straw_burning", "phone", grid="A1", caller_phone="1234"), "incident.refused.phone"),
        (Intake("straw_burning", "12345", grid="A1", number="9" * 41), "incident.refused.long_number"),
    ],
)
def test_a_report_that_can_t_be_placed_is_refused(
    store: Store, town: City, intake: Intake, code: str
) -> None:
    assert report(store, town, intake).message.code == code
    assert incidents(store, "id") == []


def test_numbers_are_never_given_twice(store: Store, town: City) -> None:
    numbers = [
        report(store, town, Intake("straw_burning", "patrol", station="S1")).data["incident"]
        for _ in range(3)
    ]
    assert numbers == [f"INC20261103-000{number}" for number in (1, 2, 3)]


def test_a_stations_signals_find_the_incident_that_a_person_has_named(store: Store) -> None:
    city = build(store, [station("S1")])
    hour(store, city, 1, {"S1": 200.0})
    (number,) = incidents(store, "id")[0]
    with store.write() as connection:
        connection.execute(text("UPDATE incident SET type = 'straw_burning', signal = 'air_quality'"))
    hour(store, city, 0, {"S1": 900.0}, parameter="so2")
    assert incidents(store, "id, type") == [(number, "straw_burning")]
    assert {row[0] for row in alarms(store, "incident")} == {number}
