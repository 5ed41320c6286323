"""What people do to alarms, and what they are told when they can't."""

from __future__ import annotations

from typing import Any

from backend import alarms as room
from backend.store import Store
from backend.words import LANGUAGES, Outcome, say
from tests.unit.alarm_hours import alarms, hour, run
from tests.unit.small_city import HOUR, T, build, rows, station

NOW = T + 300


def ringing(store: Store) -> None:
    run(store, build(store, [station("S1")]), 200, 201)


def do(store: Store, name: str, alarm: int = 1, **more: Any) -> Outcome:
    with store.write() as conn:
        outcome: Outcome = getattr(room, name)(conn, alarm, actor="P7", now=NOW, **more)
    for language in LANGUAGES:
        words = say(outcome.message, language)
        assert "{" not in words
        assert not words.startswith("alarm."), words
    return outcome


def test_acknowledging_says_who_and_when(store: Store) -> None:
    ringing(store)
    assert do(store, "acknowledge").ok
    assert alarms(store, "state, acked, acked_by") == [("ACKED", NOW, "P7")]
    assert rows(store, "SELECT at, act, actor, from_state, to_state FROM alarm_act ORDER BY id")[-1] == (
        NOW,
        "acknowledge",
        "P7",
        "UNACK",
        "ACKED",
    )


def test_a_second_acknowledgement_is_told_who_was_first(store: Store) -> None:
    ringing(store)
    do(store, "acknowledge")
    again = do(store, "acknowledge")
    assert not again.ok
    assert (again.message.code, again.message.args["by"]) == ("alarm.refused.acked", "P7")


def test_an_acknowledged_alarm_goes_when_its_condition_does_and_returns_as_a_new_one(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 200, 201)
    do(store, "acknowledge")
    for back, value in ((-1, 60.0), (-2, 61.0)):
        hour(store, city, back, {"S1": value})
    assert alarms(store, "state") == [("NORM",)]
    hour(store, city, -3, {"S1": 300.0})
    found = alarms(store, "state, acked", "rule = 'exceedance'")
    assert [state for state, _ in found] == ["NORM", "UNACK"]
    assert found[1] == ("UNACK", None)


def test_it_rings_again_when_it_returns_before_anybody_saw_it(store: Store) -> None:
    city = build(store, [station("S1")])
    run(store, city, 200, 201)
    for back, value in ((-1, 60.0), (-2, 61.0), (-3, 350.0)):
        hour(store, city, back, {"S1": value})
    found = alarms(store, "state, occurrences, presented, cleared", "rule = 'exceedance'")
    assert found == [("UNACK", 2, T + 3 * HOUR + 60, None)]


def test_shelving_needs_a_reason_and_an_end(store: Store) -> None:
    ringing(store)
    assert do(store, "shelve", until=NOW + HOUR, reason=" ").message.code == "alarm.refused.no_reason"
    assert do(store, "shelve", until=NOW, reason="x").message.code == "alarm.refused.shelf_over"
    too_long = do(store, "shelve", until=NOW + 25 * HOUR, reason="x")
    assert (too_long.message.code, too_long.message.args["hours"]) == ("alarm.refused.shelf_long", 24)
    assert do(store, "shelve", reason="在修\x1b[2J").ok
    state, until, by, reason = alarms(store, "state, shelved_until, shelved_by, shelve_reason")[0]
    assert (state, until, by) == ("SHELVED", NOW + 2 * HOUR, "P7")
    assert "\x1b" not in reason
    assert do(store, "acknowledge").message.code == "alarm.refused.acknowledge"
    assert do(store, "unshelve").ok
    assert alarms(store, "state, shelved_until") == [("UNACK", None)]
    assert not do(store, "unshelve").ok


def test_out_of_service_and_back(store: Store) -> None:
    ringing(store)
    assert not do(store, "bring_back").ok
    assert not do(store, "take_out", reason="").ok
    assert do(store, "take_out", reason="校准").ok
    assert alarms(store, "state") == [("OUT_OF_SERVICE",)]
    assert not do(store, "take_out", reason="again").ok
    assert do(store, "bring_back").ok
    assert alarms(store, "state") == [("UNACK",)]


def test_what_is_over_or_unknown_is_refused(store: Store) -> None:
    assert do(store, "acknowledge", 99).message.code == "alarm.refused.unknown"
    city = build(store, [station("S1")])
    run(store, city, 200, 201, 60, 61)
    assert do(store, "acknowledge").ok
    assert alarms(store, "state") == [("NORM",)]
    given: dict[str, dict[str, Any]] = {
        "acknowledge": {},
        "shelve": {"reason": "x"},
        "take_out": {"reason": "x"},
    }
    for name, more in given.items():
        assert do(store, name, **more).message.code == "alarm.refused.over"
