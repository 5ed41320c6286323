"""Pairs of power meters: production without treatment, slack treatment, loads above what is allowed, stop orders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from backend.alarms.power_usual import make, renew
from backend.alarms.rules import shipped, shipped_text
from backend.city.registry import City
from backend.ingest import ingest
from backend.store import Store
from tests.unit.alarm_hours import alarms, states
from tests.unit.small_city import (
    HOUR,
    T,
    build,
    order,
    page,
    power_point,
    put_rules,
    record,
    rows,
    source,
    station,
)

FIVE = 300
DAY = 24 * HOUR
NAMES = {"p": "power_prod", "t": "power_treat", "all": "power_total"}


def plant(
    store: Store, *codes: str, rated: tuple[float | None, float | None] = (100.0, 20.0), grade: str = "C"
) -> City:
    """Enterprises with a pair of meters each; 100 kW of production and 20 of treatment."""
    city = build(store, [station(code, "power", source=code) for code in codes or ("P1",)])
    for code in codes or ("P1",):
        source(store, code, "enterprise", grade)
        power_point(store, code, *rated)
    return city


def take(store: Store, city: City, start: int, period: int, *, code: str = "P1", **values: float) -> None:
    """One period of both meters, when it is over."""
    batch = [
        record(code, value, parameter=NAMES[name], start=start, period=period)
        for name, value in values.items()
    ]
    ingest(store, city, 1, page(*batch), start + period + 60)


def run(store: Store, city: City, pairs: Sequence[tuple[float, float]], period: int = FIVE) -> None:
    """Periods of (production, treatment), the last one just over at `T`."""
    for number, (produced, treated) in enumerate(pairs):
        # No value repeats to the last digit: that would be a flat line.
        start = T - (len(pairs) - number) * period
        take(store, city, start, period, p=produced + number / 50, t=treated + number / 500)


ON, OFF, BARE = (60.0, 12.0), (1.0, 0.5), (60.0, 0.5)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([ON] * 6, []),
        ([OFF] * 6, []),
        ([ON, ON, BARE, BARE], []),  # ten minutes: production may be stopping too
        ([ON, ON, BARE, BARE, BARE], ["UNACK"]),  # a quarter of an hour
        ([ON, ON, BARE, BARE, OFF], []),  # it did
        ([OFF, BARE, BARE, BARE, BARE], []),  # treatment may start later by a quarter of an hour
        ([OFF, BARE, BARE, BARE, ON], []),
        ([OFF, BARE, BARE, BARE, BARE, BARE], ["UNACK"]),  # and ten minutes
        ([ON, BARE, BARE, BARE, ON, ON], ["RTN_UNACK"]),
    ],
)
def test_production_without_treatment(
    store: Store, pairs: list[tuple[float, float]], expected: list[str]
) -> None:
    city = plant(store)
    run(store, city, pairs)
    assert states(store, "power_untreated") == expected


def test_an_alarm_of_meters_says_what_both_had(store: Store) -> None:
    city = plant(store)
    run(store, city, [ON, BARE, BARE, BARE])
    found = alarms(
        store, "station, parameter, source, priority, threshold, began", "rule = 'power_untreated'"
    )
    treat = next(one.id for one in city.parameters.values() if one.code == "power_treat")
    assert found == [(1, treat, "P1", "high", 2.0, T - 3 * FIVE)]
    value, background = alarms(store, "value, background", "rule = 'power_untreated'")[0]
    assert (round(value, 1), round(background)) == (0.5, 60)
    assert rows(store, "SELECT type, source FROM incident") == [("power_abnormal", "P1")]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([ON, ON, (60.0, 1.0)], ["UNACK"]),  # the better part of an hour
        ([OFF, (12.0, 1.0)], []),  # its mean says that it ran for seven minutes
        ([ON, (30.0, 1.0), OFF], []),
        ([ON, ON, (60.0, 1.0), ON, ON], ["RTN_UNACK"]),
    ],
)
def test_an_hour_is_taken_for_the_part_that_its_mean_comes_to(
    store: Store, pairs: list[tuple[float, float]], expected: list[str]
) -> None:
    city = plant(store)
    run(store, city, pairs, HOUR)
    assert states(store, "power_untreated") == expected


def history(
    store: Store, city: City, days: int, pair: tuple[float, float] = (60.0, 12.0), code: str = "P1"
) -> None:
    """Hours of the same work, ten a day, rest in the others; ends a day before `T`."""
    batch = []
    for back in range(24, days * 24 + 24):
        start = T - (back + 1) * HOUR
        busy = back % 24 < 10
        produced, treated = pair if busy else (1.0, 0.4)
        wobble = back % 7 / 10
        for name, value in (("p", produced + wobble), ("t", treated + wobble / 5)):
            batch.append(record(code, value, parameter=NAMES[name], start=start, period=HOUR))
    ingest(store, city, 1, page(*batch), T - DAY)


def usual(store: Store, city: City, now: int = T) -> int:
    return renew(store, city, now)


def test_what_is_usual_is_made_once_a_day_from_what_ran(store: Store) -> None:
    city = plant(store)
    history(store, city, 20)
    assert usual(store, city) == 1
    assert usual(store, city) == 0
    found = rows(
        store, "SELECT samples, production_on, production, treatment_on, treatment FROM power_usual"
    )[0]
    assert found[0] == 200
    assert found[1:4] == (60.0, pytest.approx(60.3), pytest.approx(12.0))
    assert json.loads(found[4]) == {"6": pytest.approx(12.06)}
    assert usual(store, city, now=T + DAY + 1) == 1


def test_too_short_a_history_tells_nothing() -> None:
    power = shipped().power
    pairs = [(T - number * HOUR, 60.0, 12.0) for number in range(power.least - 1)]
    made = make(pairs, power, T, None)
    assert (made["production_on"], made["production"], made["treatment"]) == (None, None, "{}")
    assert make([], power, T, None)["samples"] == 0


def test_without_a_rated_power_its_own_history_tells_when_it_runs(store: Store) -> None:
    city = plant(store, rated=(None, None))
    run(store, city, [ON, BARE, BARE, BARE])
    assert states(store) == []
    history(store, city, 20)
    usual(store, city)
    run(store, city, [(62.0, 12.5), (62.0, 0.6), (62.0, 0.6), (62.0, 0.6)])
    # 60 kW is what it runs at: what lies below is not running.
    assert states(store, "power_untreated") == ["UNACK"]


@pytest.mark.parametrize(("treated", "expected"), [(7.0, []), (5.5, ["UNACK"])])
def test_treatment_that_idles_is_held_against_its_own_median_at_that_load(
    store: Store, treated: float, expected: list[str]
) -> None:
    city = plant(store)
    history(store, city, 30)
    usual(store, city)
    run(store, city, [(60.0, treated)] * 8)
    assert states(store, "power_slack") == expected
    # At another load nothing is known, and nothing is said.
    run(store, city, [(90.0, 4.0)] * 8)
    assert len(states(store, "power_slack")) == len(expected)


def warned(store: Store, level: str = "orange", starts: int = T - 2 * HOUR, ends: int | None = None) -> None:
    order(store, "YJ1", "heavy_pollution", "grid", "Z", starts, ends, level)


@pytest.mark.parametrize(
    ("grade", "level", "load", "expected"),
    [
        ("A", "red", 60.0, []),  # may run by its own measures
        ("B", "orange", 47.0, []),
        ("B", "orange", 50.0, ["UNACK"]),  # above 80 % of 60.3
        ("C", "yellow", 47.0, []),
        ("C", "orange", 47.0, ["UNACK"]),  # above 60 %
        ("D", "orange", 9.0, []),  # not running
        ("D", "orange", 11.0, ["UNACK"]),
        ("", "orange", 60.0, []),  # nobody has graded it
    ],
)
def test_a_warning_allows_a_load_by_level_and_grade(
    store: Store, grade: str, level: str, load: float, expected: list[str]
) -> None:
    city = plant(store, grade=grade)
    history(store, city, 20)
    usual(store, city)
    warned(store, level)
    run(store, city, [(load, 12.0)] * 7)
    assert states(store, "power_load") == expected
    if expected:
        seen = json.loads(alarms(store, "evidence", "rule = 'power_load'")[0][0])
        assert (seen["order"], seen["level"], seen["grade"]) == ("YJ1", level, grade)


def test_a_plan_of_its_own_goes_before_the_grade(store: Store) -> None:
    text = shipped_text().replace(
        "[rule.allowed.yellow]", "[rule.plan.P1]\norange = 95\n[rule.allowed.yellow]", 1
    )
    put_rules(store, text)
    city = plant(store, grade="D")
    history(store, city, 20)
    usual(store, city)
    warned(store)
    run(store, city, [(55.0, 12.0)] * 7)
    assert states(store, "power_load") == []
    run(store, city, [(59.0, 12.0)] * 7)
    assert states(store, "power_load") == ["UNACK"]


def test_the_load_before_a_warning_stays_what_is_usual(store: Store) -> None:
    city = plant(store)
    history(store, city, 20)
    warned(store, starts=T - DAY)
    later = T + 10 * DAY
    batch = []
    for back in range(1, 11 * 24):
        start = T - DAY + back * HOUR
        values = {"power_prod": 30.0 + back % 9 / 10, "power_treat": 12.0 + back % 9 / 50}
        batch += [
            record("P1", value, parameter=name, start=start, period=HOUR) for name, value in values.items()
        ]
    ingest(store, city, 1, page(*batch), later)
    usual(store, city, now=later)
    assert rows(store, "SELECT round(production) FROM power_usual") == [(60.0,)]


def test_working_against_a_stop_order_rings_after_five_minutes(store: Store) -> None:
    city = plant(store, "P1", "P2")
    order(store, "TG1", "stop_work", "source", "P1", T - FIVE)
    for code in ("P1", "P2"):
        take(store, city, T - 2 * FIVE, FIVE, code=code, p=60.0, t=12.0)
    assert states(store, "power_stop") == []
    for code in ("P1", "P2"):
        take(store, city, T - FIVE, FIVE, code=code, p=60.3, t=12.1)
    found = alarms(store, "station, priority, state, evidence", "rule = 'power_stop'")
    assert [one[:3] for one in found] == [(1, "critical", "UNACK")]
    assert json.loads(found[0][3])["order"] == "TG1"


def test_both_meters_dead_while_the_plant_draws_power_is_an_instrument_s_matter(store: Store) -> None:
    city = plant(store)
    for number in range(6):
        take(
            store,
            city,
            T - (6 - number) * FIVE,
            FIVE,
            p=0.1 + number / 50,
            t=0.1 + number / 90,
            all=55.0 + number,
        )
    found = alarms(store, "rule, priority, value", "state = 'UNACK'")
    assert found == [("power_bypass", "high", 60.0)]
    assert rows(store, "SELECT type FROM incident") == [("equipment",)]


def test_a_declared_stop_allows_the_treatment_to_stand_still(store: Store) -> None:
    city = plant(store)
    order(store, "SB1", "declared_stop", "source", "P1", T - DAY)
    run(store, city, [ON, BARE, BARE, BARE])
    assert alarms(store, "state, inhibited_by, presented", "rule = 'power_untreated'") == [
        ("SUPPRESSED", "order:SB1", 0)
    ]


def test_meters_are_silent_after_half_an_hour(store: Store) -> None:
    from backend.alarms import sweep

    city = plant(store, "P1", "P2", "P3", "P4")
    for code in ("P1", "P2", "P3", "P4"):
        take(store, city, T - FIVE, FIVE, code=code, p=60.0, t=12.0)
    for code in ("P1", "P2", "P3"):
        take(store, city, T + 1500, FIVE, code=code, p=60.5, t=12.2)
    with store.read() as conn:
        city = City.read(conn)
    with store.bulk() as conn:
        sweep(conn, city, T + 1800)
    assert states(store, "offline") == []
    with store.bulk() as conn:
        sweep(conn, city, T + 1801)
    assert alarms(store, "station, state", "rule = 'offline'") == [(4, "UNACK")]


def test_values_set_by_hand_are_suspected(store: Store) -> None:
    city = plant(store)
    values: dict[str, Any] = {"power_prod": 60.0, "power_treat": 12.0}
    batch = [
        record("P1", value, parameter=name, start=T - FIVE, period=FIVE, device="S")
        for name, value in values.items()
    ]
    ingest(store, city, 1, page(*batch), T + 60)
    assert set(alarms(store, "rule, priority")) == {("tampering", "high")}
    assert rows(store, "SELECT DISTINCT type FROM incident") == [("equipment",)]


def test_what_an_order_allows_goes_before_plan_and_grade(store: Store) -> None:
    city = plant(store, grade="A")
    history(store, city, 20)
    usual(store, city)
    # By its grade it may run on; the order for all says 80 %, the one for this very plant 50 %.
    order(store, "YJ1", "heavy_pollution", "grid", "Z", T - 2 * HOUR, level="red", allowed_load=80)
    run(store, city, [(45.0, 12.0)] * 7)
    assert states(store, "power_load") == []
    order(store, "YJ2", "heavy_pollution", "source", "P1", T - 2 * HOUR, level="yellow", allowed_load=50)
    run(store, city, [(46.0, 12.0)] * 7)
    assert states(store, "power_load") == ["UNACK"]
    seen = json.loads(alarms(store, "evidence", "rule = 'power_load'")[0][0])
    assert (seen["order"], seen["allowed_load"]) == ("YJ2", 50.0)
