"""The rules as data: which version holds, and what a wrong file is told."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from backend.alarms.rules import rules_at, shipped, shipped_text
from backend.alarms.rules_toml import RulesFault, faults, parse
from backend.store import Store
from backend.words import LANGUAGES, entry, say
from tests.unit.alarm_hours import alarms, run
from tests.unit.small_city import T, build, station


def test_the_shipped_rules_are_whole() -> None:
    rules = shipped()
    assert faults(shipped_text()) == []
    codes = [rule.code for rule in rules.rules]
    assert len(codes) == len(set(codes))
    assert all(rule.source for rule in rules.rules)
    for code in (*codes, "feed_outage", "feed_late", "regional"):
        for language in LANGUAGES:
            assert entry(f"rule.{code}", language), code
    assert [rules.cadence(period) for period in (60, 900, 901, 3600, 14400, 86400, 10**7)] == [
        "minute",
        "minute",
        "hour",
        "hour",
        "hours4",
        "day",
        "day",
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('kind = "rise"', 'kind = "rize"', "rule.fault.kind", "rize"),
        ("hits = 2", "hits = 5", "rule.fault.ring", "5"),
        ("hits = 2", "hits = -2", "rule.fault.negative", "-2"),
        ("hits = 2", 'hits = "two"', "rule.fault.type", "ring.hits"),
        ("hits = 2\n", "", "rule.fault.missing", "ring.hits"),
        ("leave = 0.35", "leave = 0.95", "rule.fault.region", "0.95"),
        ("effective = 2026-03-01", 'effective = "soon"', "rule.fault.effective", "2026"),
        ('priority = "medium"', 'priority = "urgent"', "rule.fault.priority", "urgent"),
        ('cadence = "hours4"', 'cadence = "weekly"', "rule.fault.cadence", "weekly"),
        ("aqi_level = 4", "aqi_level = 4\nabove = 3", "rule.fault.basis", "pm25"),
        ('reasons = ["flat"]', 'reason = ["flat"]', "rule.fault.unknown", "reason"),
        ('code = "water"', 'code = "exceedance"', "rule.fault.twice", "exceedance"),
        ('against = "order"', 'against = "orders"', "rule.fault.choice", "orders"),
        ("ratio = 2.0\npriority", "ratio = [\npriority", "rule.fault.toml", ""),
    ],
)
def test_a_wrong_file_says_what_is_wrong_and_where(old: str, new: str, code: str, says: str) -> None:
    wrong = shipped_text().replace(old, new)
    assert wrong != shipped_text()
    found = faults(wrong)
    assert code in {message.code for _, message in found}
    line, message = next(one for one in found if one[1].code == code)
    assert line == 0 or line <= wrong.count("\n") + 1
    for language in LANGUAGES:
        assert says in say(message, language)
        assert "{" not in say(message, language)
    with pytest.raises(RulesFault):
        parse(wrong)


def test_the_newest_version_that_has_begun_holds(store: Store) -> None:
    city = build(store, [station("S1")])
    stricter = shipped_text().replace("aqi_level = 4", "aqi_level = 3")
    with store.bulk() as conn:
        assert rules_at(conn, T).version == 1
        for version, effective, body in ((3, T - 5, stricter), (4, T + 999, shipped_text())):
            conn.execute(
                text("INSERT INTO rule_set (version, effective, text, note) VALUES (:v, :e, :t, '')"),
                {"v": version, "e": effective, "t": body},
            )
        assert rules_at(conn, T).version == 3
        assert rules_at(conn, T - 6).version == 1
    run(store, city, 80, 81)
    assert alarms(store, "threshold, rule_version", "rule = 'exceedance'") == [(60.0, 3)]


def test_a_broken_text_in_the_store_does_not_silence_the_alarms(store: Store) -> None:
    city = build(store, [station("S1")])
    with store.bulk() as conn:
        conn.execute(text("INSERT INTO rule_set (version, effective, text, note) VALUES (9, 0, 'x = ', '')"))
    run(store, city, 200, 201)
    assert alarms(store, "rule_version") == [(1,)]


def test_which_rules_stand_behind_an_order_is_said_in_the_file() -> None:
    assert shipped().against_orders == {"stop_dust", "power_stop", "power_load"}
    none = shipped_text().replace('against = "order"\n', "")
    assert not parse(none).against_orders
    own = none.replace('code = "site_dust"\n', 'code = "site_dust"\nagainst = "order"\n')
    assert parse(own).against_orders == {"site_dust"}
