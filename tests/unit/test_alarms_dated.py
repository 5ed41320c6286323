"""Rules that change on a day, and what stands out among neighbours by the other methods."""

from __future__ import annotations

from datetime import date

import pytest

from backend.alarms.rules import shipped_text
from backend.alarms.rules_toml import faults, parse
from backend.store import Store
from backend.words import LANGUAGES, say
from tests.unit.alarm_hours import alarms, hour, run, states
from tests.unit.small_city import build, put_rules, station

RISE = 'code = "sudden_rise"\n'


def two_versions() -> str:
    """The shipped rules, with a stricter sudden rise from 2026-11-03 on (the tests' day)."""
    text = shipped_text()
    head = text.index("[[rule]]\n# Rises by")
    tail = text.index("[[rule]]\n# At least")
    rise = text[head:tail]
    early = rise.replace(RISE, RISE + "valid_to = 2026-11-03\n")
    late = rise.replace(RISE, RISE + "valid_from = 2026-11-03\n").replace("pm25 = 30", "pm25 = 25", 1)
    return text[:head] + early + late + text[tail:]


def test_a_rule_changes_on_its_day(store: Store) -> None:
    rules = parse(two_versions())
    amounts = [rules.on(date(2026, 11, day)).rises[0].amount["pm25"] for day in (2, 3)]
    assert amounts == [30.0, 25.0]
    city = build(store, [station("S1")])
    put_rules(store, two_versions())
    run(store, city, 20, 46)
    assert alarms(store, "threshold, state", "rule = 'sudden_rise'") == [(25.0, "UNACK")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("valid_from = 2026-11-03", "valid_from = 2026-11-02", "rule.fault.twice"),
        ("valid_to = 2026-11-03\n", "", "rule.fault.twice"),
        ("valid_to = 2026-11-03", "valid_to = 2026-11-03\nvalid_from = 2026-12-01", "rule.fault.days"),
        ("valid_to = 2026-11-03", 'valid_to = "soon"', "rule.fault.type"),
        (
            'source = "自定：两表为零而全厂有用电 | engineering: both meters at nothing while the plant draws power"\n',
            "",
            "rule.fault.source",
        ),
        ('method = "mean"', 'method = "guess"', "rule.fault.choice"),
        ('check = "slack"', 'check = "slow"', "rule.fault.choice"),
        ("steps = 10", "steps = 0", "rule.fault.power"),
    ],
)
def test_what_is_wrong_with_days_and_sources_is_told(old: str, new: str, code: str) -> None:
    text = two_versions()
    assert old in text
    found = faults(text.replace(old, new))
    assert code in {message.code for _, message in found}
    for _, message in found:
        assert all("{" not in say(message, language) for language in LANGUAGES)


@pytest.mark.parametrize("method", ["mean", "robust"])
def test_either_method_finds_the_one_that_stands_out(store: Store, method: str) -> None:
    put_rules(store, shipped_text().replace('method = "mean"', f'method = "{method}"'))
    codes = [f"S{number}" for number in range(6)]
    city = build(store, [station(code) for code in codes])
    for back in (1, 0):
        hour(
            store,
            city,
            back,
            {code: 30.0 + number + back for number, code in enumerate(codes)} | {"S5": 95.0 - back},
        )
    assert alarms(store, "station, state", "rule = 'spatial_excess'") == [(6, "UNACK")]


def test_the_robust_method_knows_a_county_that_differs_within_itself(store: Store) -> None:
    put_rules(store, shipped_text().replace('method = "mean"', 'method = "robust"'))
    values = [20.0, 35.0, 50.0, 65.0, 80.0, 110.0]
    city = build(store, [station(f"S{number}") for number in range(6)])
    for back in (1, 0):
        hour(store, city, back, {f"S{number}": value + back for number, value in enumerate(values)})
    # 110 is 60 above the others' median, but they lie 15 and 30 away from it themselves.
    assert states(store, "spatial_excess") == []


def test_two_hours_running_are_asked_for(store: Store) -> None:
    codes = [f"S{number}" for number in range(5)]
    city = build(store, [station(code) for code in codes])
    quiet = {code: 40.0 + number for number, code in enumerate(codes)}
    for back, odd in ((2, 90.0), (1, 45.0), (0, 91.0)):
        hour(store, city, back, {**quiet, "S4": odd})
    assert states(store, "spatial_excess") == []


def test_where_a_county_has_too_few_the_nearest_are_asked(store: Store) -> None:
    near = [station(f"N{number}", county="B", lon=115.0 + number / 50, lat=35.0) for number in range(4)]
    far = [station(f"F{number}", county="B", lon=118.0, lat=35.0) for number in range(9)]
    city = build(store, [station("S1"), *near, *far])
    for back in (1, 0):
        # Far away it is as high: the nearest decide.
        values = {f"N{number}": 40.0 + number + back for number in range(4)}
        values |= {f"F{number}": 108.0 + number + back for number in range(9)}
        hour(store, city, back, {**values, "S1": 110.0 + back})
    assert alarms(store, "station", "rule = 'spatial_excess' AND state = 'UNACK'") == [(1,)]
