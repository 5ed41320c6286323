"""A policy tried out on a month: with the same text nothing differs; with another exactly what must."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from backend.clock import ManualClock
from backend.desk import policies
from backend.desk.desk import Desk
from backend.escalation.dryrun import dry_run
from backend.escalation.policy import faults_of
from backend.escalation.sweep import sweep
from backend.store import Store
from backend.tasks.facts import ACT
from backend.tasks.ops import Who
from backend.tasks.policy import default_text
from backend.tasks.settings import SettingsError
from backend.words import LANGUAGES, say
from tests.conftest import START
from tests.templates import filled
from tests.unit.task_world import AD, GM, MS, TS, TV, act, build, draft, get
from tests.unit.test_tasks_orders import desk_of

HOUR, DAY = 3600, 86400
TEXT = default_text()
END = START + 120 + 4 * HOUR
"""Until when the sweep of the scene ran."""


@pytest.fixture
def city(store: Store) -> Store:
    """Four tasks of a day: in time, accepted late, never accepted, reworked and raised by hand."""
    filled(store, __name__, lambda: scene(store))
    return store


def scene(store: Store) -> None:
    """Play that day, minute by minute."""
    build(store)
    with store.write() as connection:
        tasks = [draft(connection, START, "high") for _ in range(4)]
        for task in tasks:
            assert act(connection, TS, "file", task, START + 60).ok
            assert act(connection, TS, "dispatch", task, START + 120, {"holder": "gm"}).ok
    at = START + 120
    script: dict[int, list[tuple[Who, str, int, dict[str, Any]]]] = {
        300: [(GM, "accept", 0, {})],
        900: [(GM, "accept", 1, {}), (GM, "arrive", 0, {"distance": 1})],
        1020: [(GM, "accept", 3, {})],
        1140: [(TS, "escalate", 3, {"reason": "big"})],
        1500: [(GM, "arrive", 1, {"distance": 1})],
        1800: [(GM, "report", 0, {"result": "x", "evidence": ["p"]})],
        1920: [(TS, "verify_ok", 0, {}), (MS, "ack", 3, {})],
    }
    for second in range(0, 4 * HOUR, 60):
        assert not sweep(store, at + second).faults
        with store.write() as connection:
            for who, kind, which, body in script.get(second, []):
                assert act(connection, who, kind, tasks[which], at + second, body).ok, (kind, which)


def replayed(
    store: Store, text: str = TEXT
) -> tuple[Counter[str], Counter[str], Counter[str], Counter[str], int]:
    with store.read() as connection:
        found = dry_run(connection, text, START - DAY, END)
    return found.breaches_now, found.breaches_then, found.rises_now, found.rises_then, found.changed


def test_the_same_text_changes_nothing_and_the_replay_is_what_happened(city: Store) -> None:
    now, then, rises_now, rises_then, changed = replayed(city)
    assert (now, rises_now, changed) == (then, rises_then, 0)
    with city.read() as connection:
        found = dry_run(connection, TEXT, START - DAY, END)
        kind = ACT.c.kind == "escalate"
        raised = connection.execute(select(ACT.c.id).where(kind, ACT.c.result == "applied")).all()
    assert found.breaches_now == found.recorded
    # Two missed the acceptance and climbed to the city, one was raised there by hand.
    assert found.rises_now == Counter({"C": 3, "M": 3})
    assert len(raised) == 6
    assert found.tasks == 4


def test_a_longer_time_to_accept_takes_misses_away_and_a_shorter_one_adds_them(city: Store) -> None:
    accept = 'clock = "ACCEPT"\ncritical = "5m"\nhigh = "{}"'
    assert accept.format("10m") in TEXT
    long = TEXT.replace(accept.format("10m"), accept.format("30m"), 1)
    short = TEXT.replace(accept.format("10m"), accept.format("4m"), 1)
    now, then, rises_now, rises_then, changed = replayed(city, long)
    assert (now["ACCEPT"], then["ACCEPT"]) == (3, 1)
    assert then - now == Counter()
    assert changed >= 2
    assert sum(rises_then.values()) < sum(rises_now.values())
    now, then, _, rises_then, _ = replayed(city, short)
    assert (now["ACCEPT"], then["ACCEPT"]) == (3, 4)
    assert sum(rises_then.values()) > sum(rises_now.values())


def test_without_the_step_that_raises_nothing_rises_but_what_a_person_raised(city: Store) -> None:
    text = TEXT.replace('do = "escalate"', 'do = "warn"')
    _, _, _, rises_then, _ = replayed(city, text)
    assert rises_then == Counter({"C": 1})


def test_an_office_calendar_is_counted_in_the_replay(city: Store) -> None:
    accept = 'clock = "ACCEPT"\ncritical = "5m"'
    assert datetime.fromtimestamp(START, ZoneInfo("Asia/Shanghai")).hour == 16
    text = TEXT.replace(accept, 'clock = "ACCEPT"\ncalendar = "nights"\ncritical = "5m"', 1)
    text += '\n[[calendar]]\nname = "nights"\n' + "".join(
        f'{day} = ["00:00-05:00"]\n' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    )
    assert faults_of(text) == ()
    now, then, *_ = replayed(city, text)
    assert (now["ACCEPT"], then["ACCEPT"]) == (3, 0)


def test_the_desk_tells_by_clock_and_tier_and_names_the_tasks(city: Store) -> None:
    desk = desk_of(city, AD, ManualClock(START + 40 * DAY))
    accept = 'clock = "ACCEPT"\ncritical = "5m"\nhigh = "10m"'
    found = policies.dry_run(desk, TEXT.replace(accept, accept.replace("10m", "30m"), 1), "2026-11")
    assert found.tasks == 4
    assert found.breaches["ACCEPT"] == (3, 1)
    assert {row.task for row in found.rows}
    assert all("ACCEPT" in row.lost or row.level_now != row.level_then for row in found.rows)
    assert policies.dry_run(desk, TEXT).tasks == 4
    assert policies.dry_run(desk, TEXT, "2026-10").tasks == 0
    with pytest.raises(ValueError, match="month"):
        policies.dry_run(desk, TEXT, "2026-13")
    with pytest.raises(SettingsError):
        policies.dry_run(desk, TEXT + "\n[[step]]\n", "2026-11")


# Putting one in force.


def admin(store: Store) -> Desk:
    return desk_of(store, AD, ManualClock(START))


def test_a_version_holds_for_what_is_filed_from_its_date_on_and_open_tasks_keep_theirs(store: Store) -> None:
    build(store)
    with store.write() as connection:
        old = draft(connection, START, "high")
        assert act(connection, TS, "file", old, START).ok
    text = TEXT.replace('high = "5m"\nmedium = "15m"', 'high = "7m"\nmedium = "15m"', 1)
    assert text != TEXT
    done = policies.add(admin(store), text, START + HOUR, "试点")
    assert (done.ok, done.data["version"]) == (True, 1)
    with store.write() as connection:
        before, after = draft(connection, START + HOUR - 1, "high"), draft(connection, START + HOUR, "high")
        assert act(connection, TS, "file", before, START + HOUR - 1).ok
        assert act(connection, TS, "file", after, START + HOUR).ok
        targets = [
            clock.target for t in (old, before, after) if (clock := get(connection, t).clock("DISPATCH"))
        ]
        assert targets == [300, 300, 420]
        assert [get(connection, task).policy_version for task in (old, before, after)] == [0, 0, 1]
    listed = policies.versions(desk_of(store, AD, ManualClock(START + 2 * HOUR)))
    assert [(row.version, row.in_force, row.open_tasks) for row in listed] == [(1, True, 1), (0, False, 2)]
    assert policies.text_of(admin(store), 1) == text
    assert policies.text_of(admin(store), 0) == TEXT
    assert policies.text_of(admin(store), 9) is None


def test_what_is_wrong_late_the_same_or_not_theirs_is_refused_in_words(store: Store) -> None:
    build(store)
    cases = [
        (policies.add(admin(store), "[[target]]\n", START + 1), "policy.refused.faults"),
        (policies.add(admin(store), TEXT + "\n", START - 1), "policy.refused.past"),
        (policies.add(admin(store), TEXT, START + 1), "policy.refused.same"),
        (policies.add(desk_of(store, TV, ManualClock(START)), TEXT + "\n", START + 1), "access.role"),
    ]
    for done, code in cases:
        assert (done.ok, done.message.code) == (False, code)
        for language in LANGUAGES:
            said = say(done.message, language)
            assert "{" not in said
            assert "policy.manage" not in said


IMPOSSIBLE = {
    "calendar_empty": '[[calendar]]\nname = "c"\nmon = []\n',
    "calendar_both": '[[calendar]]\nname = "c"\nmon = ["08:00-12:00"]\noff = [2026-10-01]\non = [2026-10-01]\n',
    "calendar_name": '[[calendar]]\nname = "always"\nmon = ["08:00-12:00"]\n',
    "calendar_twice": '[[calendar]]\nname = "c"\nmon = ["08:00-12:00"]\n' * 2,
    "window": '[[calendar]]\nname = "c"\nmon = ["12:00-08:00"]\ntue = ["08:00-12:00"]\n',
    "days": '[[calendar]]\nname = "c"\nmon = ["08:00-12:00"]\noff = ["2026-10-01"]\n',
    "toml": '[[calendar]]\nname = "c"\noff = [2026-02-30]\n',
    "calendar_never": (
        '[[target]]\nclock = "DISPOSE"\ntypes = ["x"]\nlow = "300d"\ncalendar = "c"\n'
        '[[calendar]]\nname = "c"\nmon = ["08:00-08:01"]\n'
    ),
    "word": '[[target]]\nclock = "DISPOSE"\ntypes = ["x"]\nlow = "1h"\ncalendar = "lunar"\n',
}


@pytest.mark.parametrize("code", sorted(IMPOSSIBLE))
def test_an_impossible_calendar_is_told_by_line_with_what_to_do(code: str) -> None:
    text = TEXT + "\n" + IMPOSSIBLE[code]
    faults = faults_of(text)
    found = [fault for fault in faults if fault.message.code == f"task.policy.{code}"]
    assert found, faults
    assert all(TEXT.count("\n") < fault.line <= text.count("\n") + 1 for fault in found)
    for language in LANGUAGES:
        assert "{" not in say(found[0].message, language).replace("{error}", "")
