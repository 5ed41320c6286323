"""The policy: workflow.md's targets, narrowing by type and hour, versions, and what a person is told of a wrong one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from backend.city.tables import PolicyText
from backend.escalation.policy import faults_of, read_rules
from backend.store import Store, table
from backend.tasks.policy import default_text, parsed, policy_at, policy_version
from backend.tasks.settings import SettingsError, parse_duration, parse_hours
from backend.words import LANGUAGES, say

HEZE = ZoneInfo("Asia/Shanghai")
TEXT = default_text()
POLICY = parsed(0, TEXT, "Asia/Shanghai")
NOON = int(datetime(2026, 11, 3, 12, tzinfo=HEZE).timestamp())
MINUTE, HOUR = 60, 3600

# workflow.md, "Default targets", in minutes; None for none, "shift" for the next shift.
PAPER: dict[tuple[str, str], tuple[int | str | None, ...]] = {
    ("TRIAGE", ""): (3, 10, 30, 240),
    ("DISPATCH", ""): (2, 5, 15, 60),
    ("ACCEPT", ""): (5, 10, 30, 120),
    ("ARRIVE", ""): (30, 45, 120, "shift"),
    ("DISPOSE", ""): (120, 240, 1440, 4320),
    ("VERIFY", ""): (30, 120, 240, 1440),
    ("LEVEL_ACK", "C"): (5, 15, 60, 240),
    ("LEVEL_ACK", "M"): (10, 30, 120, None),
}


def target(clock: str, priority: str, at: int = NOON, *, type_: str = "straw", level: str = "") -> int | None:
    found = POLICY.target(clock, type_=type_, priority=priority, at=at, level=level)
    return None if found is None else found[0]


def test_the_shipped_targets_are_the_papers() -> None:
    for (clock, level), row in PAPER.items():
        for priority, minutes in zip(("critical", "high", "medium", "low"), row, strict=True):
            if minutes == "shift":
                # At noon the next shift is the night's: 20:00 to 08:00.
                assert target(clock, priority) == 20 * HOUR
            else:
                expected = None if minutes is None else int(minutes) * MINUTE
                assert target(clock, priority, level=level) == expected, (clock, priority)


def test_the_hour_of_the_day_narrows_a_target() -> None:
    night = int(datetime(2026, 11, 3, 22, 0, tzinfo=HEZE).timestamp())
    assert target("ARRIVE", "critical", night - 1) == 30 * MINUTE
    assert target("ARRIVE", "critical", night) == 45 * MINUTE
    assert target("ARRIVE", "critical", night + 8 * HOUR - 1) == 45 * MINUTE
    assert target("ARRIVE", "critical", night + 8 * HOUR) == 30 * MINUTE


def test_the_narrowest_row_counts_and_the_later_of_two_equal_ones() -> None:
    more = """
[[target]]
clock = "DISPOSE"
types = ["road_dust"]
critical = "3h"
[[target]]
clock = "DISPOSE"
types = ["road_dust", "muck_truck"]
critical = "4h"
calendar = "office"
[[target]]
clock = "DISPOSE"
types = ["road_dust"]
hours = "08:00-18:00"
critical = "1h"
"""
    policy = parsed(1, TEXT + more, "Asia/Shanghai")
    assert policy.target("DISPOSE", type_="straw", priority="critical", at=NOON) == (7200, "always")
    assert policy.target("DISPOSE", type_="muck_truck", priority="critical", at=NOON) == (4 * HOUR, "office")
    assert policy.target("DISPOSE", type_="road_dust", priority="critical", at=NOON) == (HOUR, "always")
    assert policy.target("DISPOSE", type_="road_dust", priority="critical", at=NOON + 8 * HOUR) == (
        4 * HOUR,
        "office",
    )
    assert policy.target("DISPOSE", type_="road_dust", priority="high", at=NOON) == (4 * HOUR, "always")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("3m", 180),
        ("1h30m", 5400),
        ("2d", 172800),
        ("", None),
        ("5", None),
        ("1m2h", None),
        ("-3m", None),
    ],
)
def test_durations(text: str, seconds: int | None) -> None:
    assert parse_duration(text) == seconds


def test_hours() -> None:
    assert parse_hours("22:00-06:00") == (1320, 360)
    assert parse_hours("00:00-24:00") == (0, 1440)
    assert parse_hours("08:00-08:00") is None
    assert parse_hours("24:30-25:00") is None


WRONG = [
    ('critical = "soon"', "task.policy.duration"),
    ('[[target]]\nclock = "LUNCH"\nhigh = "1h"', "task.policy.word"),
    ('[[target]]\nclock = "ACCEPT"\nhigh = "1h"\nhours = "late"', "task.policy.hours"),
    ('[[target]]\nclock = "ACCEPT"\nhigh = "1h"\nhuors = "08:00-10:00"', "task.policy.unknown"),
    ('[[target]]\nclock = "ACCEPT"', "task.policy.no_priority"),
    ('[[target]]\nclock = "ACCEPT"\nhigh = "1h"\ncalendar = "lunar"', "task.policy.word"),
    ("[weather]\nrain = true", "task.policy.unknown"),
    ('[[calendar]]\nname = "yard"', "task.policy.calendar_empty"),
    ('[[calendar]]\nname = "yard"\nmon = ["17:00-08:00"]', "task.policy.window"),
    ('[[calendar]]\nname = "yard"\nmon = ["08:00-12:00", "11:00-17:00"]', "task.policy.window"),
    ('[[calendar]]\nname = "always"\nmon = ["08:00-12:00"]', "task.policy.calendar_name"),
    ('[[calendar]]\nname = "yard"\nmon = ["08:00-12:00"]\noff = ["tomorrow"]', "task.policy.days"),
    (
        '[[calendar]]\nname = "yard"\nmon = ["08:00-12:00"]\noff = [2026-10-01]\non = [2026-10-01]',
        "task.policy.calendar_both",
    ),
    ('[[step]]\ndo = "shout"\ncause = "nobody"', "task.policy.word"),
    ('[[step]]\ndo = "remind"', "escalation.policy.when"),
    ('[[step]]\ndo = "remind"\nclocks = ["ACCEPT"]', "task.policy.missing"),
    ('[[step]]\ndo = "remind"\nclocks = ["ACCEPT"]\nat = 50\nrepeat = 9', "task.policy.number"),
    ('[[step]]\ndo = "warn"\nclocks = ["ACCEPT", "TOTAL"]\nat = 100', "escalation.policy.share_twice"),
    ('[[step]]\ndo = "warn"\ncause = "order"\nat = 80', "escalation.policy.share_twice"),
    ('[[step]]\ndo = "warn"\nclocks = ["ACCEPT"]\nat = 70\nhours = "22:00-06:00"', "escalation.policy.hours"),
    ('[[target]\nclock = "ACCEPT"', "task.policy.toml"),
]


@pytest.mark.parametrize(("wrong", "code"), WRONG)
def test_a_wrong_policy_says_which_line_and_what_to_do(wrong: str, code: str) -> None:
    # A key stands in place of its own line in the first table, a table at the end.
    inside = wrong.startswith("critical")
    text = TEXT.replace('critical = "3m"', wrong, 1) if inside else f"{TEXT}\n{wrong}\n"
    faults = faults_of(text)
    assert code in [fault.message.code for fault in faults]
    fault = next(fault for fault in faults if fault.message.code == code)
    lines = text.splitlines()
    key = fault.where.rpartition(".")[2]
    if key in ("hours", "critical", "huors", "repeat", "off", "do", "at"):
        assert lines[fault.line - 1].startswith(f"{key} = ")
    if code != "task.policy.toml":
        assert fault.line >= len(TEXT.splitlines()) or inside
    for language in LANGUAGES:
        assert not say(fault.message, language).startswith(code)


def test_a_policy_with_a_clock_left_out_is_refused() -> None:
    head, _, rest = TEXT.partition('clock = "VERIFY"')
    faults = faults_of(head + 'clock = "OFFER"' + rest)
    missing = [fault.message.args for fault in faults if fault.message.code == "task.policy.no_target"]
    assert {(args["clock"], args["priority"]) for args in missing} == {
        ("VERIFY", priority) for priority in ("critical", "high", "medium", "low")
    }


def test_a_policy_without_the_standing_step_is_refused_because_a_task_could_be_forgotten() -> None:
    with pytest.raises(SettingsError, match="no_standing"):
        read_rules(TEXT.replace('cause = "standing"', 'cause = "rework"\n#'))


def test_a_step_for_some_tasks_only_stands_beside_another_at_the_same_share() -> None:
    apart = (
        '\n[[step]]\nclocks = ["ACCEPT"]\nat = 90\ndo = "escalate"\npriorities = ["critical"]\n'
        '\n[[step]]\nclocks = ["ACCEPT"]\nat = 90\ndo = "remind"\npriorities = ["high", "low"]\n'
        '\n[[step]]\nclocks = ["ACCEPT"]\nat = 90\ndo = "remind"\npriorities = ["medium"]\ntypes = ["noise"]\n'
    )
    assert faults_of(TEXT + apart) == ()
    # One that is in force from earlier is read as it is: its tasks must not fall off the sweep.
    assert read_rules(TEXT + '\n[[step]]\nclocks = ["ACCEPT"]\nat = 100\ndo = "warn"\n').clocks


def test_the_policy_in_force_changes_with_its_date_and_a_version_stays(store: Store) -> None:
    later = TEXT.replace('critical = "3m"', 'critical = "4m"', 1)
    with store.write() as connection:
        assert policy_at(connection, NOON).version == 0
        for version, at, text in ((7, NOON - 100, TEXT), (8, NOON + 100, later)):
            row = {"version": version, "effective": at, "text": text, "note": ""}
            connection.execute(insert(table(PolicyText)).values(**row))
    with store.read() as connection:
        assert policy_at(connection, NOON - 101).version == 0
        assert policy_at(connection, NOON + 99).version == 7
        new = policy_at(connection, NOON + 100)
        assert new.version == 8
        assert new.target("TRIAGE", type_="x", priority="critical", at=NOON) == (240, "always")
        assert policy_version(connection, 7).target("TRIAGE", type_="x", priority="critical", at=NOON) == (
            180,
            "always",
        )
        assert policy_version(connection, 7) is policy_version(connection, 7)
