"""Maintenance windows: alarms are recorded, ring nobody, come back at the end, and are summed up once."""

from __future__ import annotations

import pytest

from backend.alarms import Findings, sweep
from backend.alarms.windows import finish_early, plan
from backend.city.registry import City
from backend.incidents import open_for
from backend.store import Store
from backend.words import LANGUAGES, Outcome, say
from tests.unit.alarm_hours import alarms, hour, run, states
from tests.unit.small_city import HOUR, T, build, rows, station


def window(
    store: Store,
    scope_kind: str = "station",
    scope: str = "S1",
    starts: int = T - 9 * HOUR,
    ends: int = T + 9 * HOUR,
    *,
    reason: str = "更换采样泵",
    grid: str = "A",
    now: int = T - 10 * HOUR,
) -> Outcome:
    with store.write() as conn:
        return plan(
            conn,
            scope_kind=scope_kind,
            scope=scope,
            starts=starts,
            ends=ends,
            reason=reason,
            grid=grid,
            actor="P1",
            now=now,
        )


def look(store: Store, city: City, now: int) -> Findings:
    with store.bulk() as conn:
        findings = sweep(conn, city, now)
        open_for(conn, city, findings, now)
    return findings


@pytest.mark.parametrize(
    ("scope_kind", "scope", "grid"),
    [
        ("station", "S1", "A"),
        ("grid", "A", "A"),
        ("grid", "A1", "A1"),
        ("kind", "air", "Z"),
        ("feed", "one", "A"),  # a county's own part of a feed
        ("feed", "one", "Z"),
    ],
)
def test_what_is_worked_on_rings_nobody_and_is_recorded(
    store: Store, scope_kind: str, scope: str, grid: str
) -> None:
    city = build(store, [station("S1"), station("S2", "township_air", "B")])
    hour(store, city, 9, {"S1": 50.0, "S2": 50.0})
    with store.read() as conn:
        city = City.read(conn)
    assert window(store, scope_kind, scope, grid=grid).ok
    run(store, city, 200, 201)
    hour(store, city, 1, {"S2": 200.0})
    hour(store, city, 0, {"S2": 201.0})
    mine = alarms(store, "state, presented, inhibited_by, incident", "station = 1 AND rule = 'exceedance'")
    assert mine == [("OUT_OF_SERVICE", 0, "window:1", "")]
    other = alarms(store, "state", "station = 2 AND rule = 'exceedance'")
    assert other == [("OUT_OF_SERVICE" if (scope_kind, grid) == ("feed", "Z") else "UNACK",)]


def test_at_the_end_what_stands_rings_and_all_is_summed_up_once(store: Store) -> None:
    city = build(store, [station("S1"), station("S2")])
    assert window(store, ends=T + 2 * HOUR).ok
    run(store, city, 200, 201)
    run(store, city, 900, 900, 40, 41, parameter="so2")
    assert states(store) == ["OUT_OF_SERVICE"] * len(states(store))
    recorded = len(states(store))
    assert recorded >= 2
    assert look(store, city, T + 2 * HOUR - 1).windows == []
    findings = look(store, city, T + 2 * HOUR)
    (ended,) = findings.windows
    assert (ended.id, ended.recorded, ended.standing, ended.scope) == (1, recorded, 1, "S1")
    assert alarms(store, "state, presented", "rule = 'exceedance' AND parameter = 1") == [
        ("UNACK", T + 2 * HOUR)
    ]
    assert alarms(store, "state", "parameter = 3 AND rule = 'exceedance'") == [("NORM",)]
    assert [row[0] for row in rows(store, "SELECT station FROM incident")] == [1]
    assert look(store, city, T + 150 * 60).windows == []
    assert rows(store, "SELECT recorded, standing, ended FROM maintenance_window") == [
        (recorded, 1, T + 2 * HOUR)
    ]


def test_what_rang_already_is_put_away_when_the_work_begins(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 200, 201)
    assert window(store, starts=T + HOUR, ends=T + 2 * HOUR).ok
    look(store, city, T + HOUR - 1)
    assert states(store, "exceedance") == ["UNACK"]
    look(store, city, T + HOUR)
    assert alarms(store, "state, inhibited_by") == [("OUT_OF_SERVICE", "window:1")]
    look(store, city, T + 2 * HOUR)
    assert alarms(store, "state, inhibited_by") == [("UNACK", "")]
    said = rows(store, "SELECT act, actor, reason FROM alarm_act ORDER BY id")
    assert said[1:] == [("out", "SYS", "window:1"), ("back", "SYS", "window:1")]


def test_silence_is_what_maintenance_looks_like(store: Store) -> None:
    city = build(store, [station(f"S{number}") for number in range(6)])
    hour(store, city, 0, {f"S{number}": 50.0 + number for number in range(6)})
    with store.read() as conn:
        city = City.read(conn)
    assert window(store, "station", "S5", T, T + 48 * HOUR).ok
    hour(store, city, -5, {f"S{number}": 51.0 + number for number in range(5)})
    assert look(store, city, T + 6 * HOUR).raised == []
    assert alarms(store, "rule, state") == [("offline", "OUT_OF_SERVICE")]


def test_a_person_ends_it_early_or_calls_it_off(store: Store) -> None:
    city = build(store, [station("S1")])
    assert window(store).ok
    run(store, city, 200, 201)
    with store.write() as conn:
        assert finish_early(conn, 1, actor="P2", now=T + 300).ok
        assert not finish_early(conn, 1, actor="P2", now=T + 301).ok
    findings = look(store, city, T + 360)
    assert [one.recorded for one in findings.windows] == [1]
    assert states(store) == ["UNACK"]
    assert window(store, starts=T + 20 * HOUR, ends=T + 21 * HOUR).ok
    with store.write() as conn:
        assert finish_early(conn, 2, actor="P2", now=T + HOUR).ok
    # It never began: nothing is told of it.
    assert look(store, city, T + 2 * HOUR).windows == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scope_kind": "street"}, "alarm.window.refused.scope"),
        ({"reason": "  "}, "alarm.refused.no_reason"),
        ({"ends": T - 9 * HOUR}, "alarm.window.refused.over"),
        ({"ends": T - 9 * HOUR + 72 * HOUR + 1}, "alarm.window.refused.long"),
        ({"now": T + 10 * HOUR}, "alarm.window.refused.over"),
        ({"starts": T, "ends": T + HOUR}, "alarm.window.refused.same"),
    ],
)
def test_what_a_window_must_be(store: Store, change: dict[str, object], code: str) -> None:
    build(store, [station("S1")])
    assert window(store, starts=T - HOUR, ends=T + 1800).ok
    outcome = window(store, **change)  # type: ignore[arg-type]
    assert (outcome.ok, outcome.message.code) == (False, code)
    assert all("{" not in say(outcome.message, language) for language in LANGUAGES)


def test_seventy_two_hours_are_allowed(store: Store) -> None:
    build(store, [station("S1")])
    assert window(store, starts=T, ends=T + 72 * HOUR).ok
