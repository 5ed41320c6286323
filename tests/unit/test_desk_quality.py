"""Flags reviewed by people: what waits, what a verdict changes, what stands against what is sent again; the rates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from backend.access import Actor
from backend.access.audit import verify
from backend.analysis.hotspots.tables import HotGrid
from backend.city.registry import City
from backend.clock import ManualClock
from backend.desk import quality
from backend.desk import station as station_desk
from backend.desk.desk import Desk
from backend.desk.qualityspan import SpanKey
from backend.ingest import ingest
from backend.store import Store, table
from backend.store.tables import FLAGGED
from screens.look import Look
from screens.span import _facts
from tests.unit.alarm_hours import alarms, hour
from tests.unit.small_city import HOUR, T, build, heard, order, page, record, rows, source, station

DAY = 24 * HOUR
STATIONS = [f"S{number}" for number in range(5)]


def desk(store: Store, role: str = "supervisor", grid: str = "A", at: int = T) -> Desk:
    """A person at the store."""
    return Desk(store, ManualClock(at), Actor("P1", "甲", role, grid, "C"), facts={"zone": "Asia/Shanghai"})


def flat(store: Store, hours: int = 5) -> City:
    """A county of five stations, of which the first repeats itself."""
    city = build(store, [station(code) for code in STATIONS])
    for back in range(hours - 1, -1, -1):
        hour(store, city, back, {code: 50.0 + (back if code != "S0" else 0) for code in STATIONS})
    with store.read() as connection:
        return City.read(connection)


def state(store: Store, code: str = "S0") -> list[tuple[float, int, str]]:
    """Value, flag and reason of a station's readings, oldest first."""
    return rows(
        store,
        "SELECT value, flag, reason FROM reading WHERE station = "
        f"(SELECT id FROM station WHERE code = '{code}') ORDER BY start",
    )


def derived(store: Store) -> list[list[tuple[object, ...]]]:
    """What is made of the readings: the latest values and the rollups."""
    return [
        rows(store, "SELECT station, parameter, period, start, value, flag, reason FROM latest ORDER BY 1, 2, 3"),
        rows(store, "SELECT start, county, kind, parameter, count, total, low, high FROM county_hour ORDER BY 1, 2"),
        rows(store, "SELECT day, station, parameter, valid, received, total, low, high FROM station_day ORDER BY 1, 2"),
    ]  # fmt: skip


def test_the_flagged_readings_are_found_by_their_index(store: Store) -> None:
    plan = rows(
        store, f"EXPLAIN QUERY PLAN SELECT start FROM reading WHERE {FLAGGED} AND start >= 5 ORDER BY start"
    )
    assert "ix_reading_flagged" in str(plan)


def test_neighbouring_periods_of_one_reason_are_one_span(store: Store) -> None:
    flat(store)
    [row] = quality.spans(desk(store))
    assert (row.station, row.parameter, row.reason, row.flag, row.count) == ("S0", "pm25", "flat", 3, 5)
    assert (row.since, row.until) == (T - 5 * HOUR, T)
    # The one furthest from the county, beside what the others of its kind said then; and what was built on it.
    assert (row.value, row.beside, row.alarms, row.incidents) == (50.0, 54.0, 1, 1)
    assert quality.spans(desk(store, grid="B")) == []
    assert quality.spans(desk(store), quality.INVALID) == []


def test_that_some_came_late_parts_no_span(store: Store) -> None:
    city = build(store, [station("S0")])
    heard(store, T)
    for back in (4, 3, 2, 1, 0):
        hour(store, city, back, {"S0": 50.0}, now=T)
    assert {reason for *_, reason in state(store)} == {"flat", "flat late"}
    [row] = quality.spans(desk(store))
    assert (row.count, row.reason) == (5, "flat")


def test_what_no_check_objects_to_can_be_taken_out_from_the_station(store: Store) -> None:
    flat(store)
    [face] = [one for one in station_desk.faces(desk(store), "S1") if one.page == "span"]
    key = SpanKey.read(face.key)
    found = quality.page(desk(store), face.key)
    assert key is not None
    assert found is not None
    assert [line.flag for line in found.values] == [1] * 5
    assert found.row.refusals.keys() == {"reopen"}
    one = T - 2 * HOUR
    assert quality.judge(desk(store), key, quality.BAD, "calibration", since=one, until=one + HOUR).ok
    assert [flag for _, flag, _ in state(store, "S1")] == [1, 1, 1, 4, 1]


def test_a_gap_parts_two_spans(store: Store) -> None:
    city = build(store, [station("S0")])
    for back in (9, 8, 7, 6, 3, 2, 1, 0):
        hour(store, city, back, {"S0": 50.0})
    assert [row.count for row in quality.spans(desk(store))] == [4, 4]


def test_confirmed_values_leave_the_sums_and_stay_stored(store: Store) -> None:
    flat(store)
    [row] = quality.spans(desk(store))
    outcome = quality.judge(desk(store), row.key, quality.BAD, "instrument", "换了切割器")
    assert outcome.ok
    assert (outcome.message.args["count"], outcome.message.args["alarms"]) == (5, 1)
    assert state(store) == [(50.0, 4, "flat person:bad")] * 5
    assert quality.spans(desk(store)) == quality.spans(desk(store), quality.INVALID) == []
    [told] = quality.decided(desk(store))
    assert (told.verdict, told.cause, told.note, told.count) == ("bad", "instrument", "换了切割器", 5)
    assert rows(store, "SELECT DISTINCT old_flag, new_flag, actor FROM reading_change WHERE actor <> ''") == [
        (3, 4, "P1")
    ]
    assert rows(store, "SELECT act, actor FROM audit") == [("quality.bad", "P1")]
    with store.read() as connection:
        assert verify(connection) is None


def test_the_hot_grids_that_rest_on_the_values_are_told(store: Store) -> None:
    flat(store)
    [row] = quality.spans(desk(store))
    witness = [row.key.station, 800.0, True, 50.0, 40.0, 4.1]
    kept = {
        "at": row.until - HOUR, "network": "air", "parameter": row.key.parameter, "level": 2, "grid": "A", "step": HOUR,
        "heat": "hot", "kind": "sudden", "score": 90.0, "rank": 1, "ranked": 2, "value": 50.0, "background": 10.0,
        "increment": 40.0, "since": row.until - HOUR, "steps": 1, "nearest": 800.0, "measured": True,
        "stations": json.dumps([witness]), "reasons": "[]", "against": "[]",
    }  # fmt: skip
    with store.bulk() as conn:
        for station_number, at in ((row.key.station, kept["at"]), (row.key.station + 1, row.since)):
            told = json.dumps([[station_number, *witness[1:]]])
            conn.execute(table(HotGrid).insert().values({**kept, "at": at, "stations": told}))
    found = quality.page(desk(store), row.key.text)
    assert found is not None
    assert [(one.code, one.at, one.heat) for one in found.hot] == [("A", row.until - HOUR, "hot")]
    said = "".join(cell.text for line in _facts(found, Look(), 100) for cell in line)
    assert "热点网格" in said
    outcome = quality.judge(desk(store), row.key, quality.BAD, "instrument")
    assert outcome.message.args["hot"] == 1


def test_overturned_values_count_again(store: Store) -> None:
    flat(store)
    assert rows(store, f"SELECT count FROM county_hour WHERE start = {T - HOUR}") == [(4,)]
    [row] = quality.spans(desk(store))
    assert quality.judge(desk(store), row.key, quality.GOOD, "checked").ok
    assert state(store) == [(50.0, 1, "flat person:good")] * 5
    assert rows(store, f"SELECT count FROM county_hour WHERE start = {T - HOUR}") == [(5,)]
    assert rows(store, "SELECT valid, received FROM station_day WHERE station = 1") == [(5, 5)]
    assert rows(store, "SELECT flag FROM latest WHERE station = 1") == [(1,)]


def test_one_value_of_a_span(store: Store) -> None:
    flat(store)
    [row] = quality.spans(desk(store))
    two = T - 3 * HOUR
    assert quality.judge(desk(store), row.key, quality.GOOD, "event", since=two, until=two + HOUR).ok
    assert [flag for _, flag, _ in state(store)] == [3, 3, 1, 3, 3]
    assert [one.count for one in quality.spans(desk(store))] == [4]


def test_a_verdict_taken_back_lets_the_checks_speak(store: Store) -> None:
    flat(store)
    before = state(store), derived(store)
    [row] = quality.spans(desk(store))
    quality.judge(desk(store), row.key, quality.BAD, "instrument")
    assert quality.judge(desk(store), row.key, quality.OPEN, "mistake").ok
    assert (state(store), derived(store)) == before
    assert len(quality.decided(desk(store))) == 2


@pytest.mark.parametrize("verdict", [quality.BAD, quality.GOOD])
def test_the_same_value_sent_again_undoes_no_verdict_and_another_opens_it(store: Store, verdict: str) -> None:
    city = flat(store)
    [row] = quality.spans(desk(store))
    quality.judge(desk(store), row.key, verdict, quality.causes(verdict)[0])
    decided = state(store), derived(store)
    again = page(*(record("S0", 50.0, start=T - back * HOUR) for back in range(5, 0, -1)))
    assert ingest(store, city, 1, again, T).same == 5
    assert (state(store), derived(store)) == decided
    # With the instrument's own word against it too: a person has spoken already.
    ingest(store, city, 1, page(record("S0", 50.0, start=T - HOUR, device="D")), T)
    assert (state(store), derived(store)) == decided
    report = ingest(store, city, 1, page(record("S0", 3000.0, start=T - 2 * HOUR)), T)
    assert report.revised == 1
    assert state(store)[3] == (3000.0, 4, "range")
    assert [one.reason for one in quality.spans(desk(store), quality.INVALID)] == ["range"]


def test_a_check_that_looks_later_does_not_overrule(store: Store) -> None:
    """A flat line that goes on marks its new hours; those that a person kept stay."""
    city = flat(store)
    [row] = quality.spans(desk(store))
    quality.judge(desk(store), row.key, quality.GOOD, "event")
    hour(store, city, -1, {"S0": 50.0})
    assert [flag for _, flag, _ in state(store)] == [1, 1, 1, 1, 1, 3]


def test_alarms_built_on_the_values_are_marked_and_the_mark_is_lifted(store: Store) -> None:
    city = build(store, [station(code) for code in STATIONS])
    for back in (1, 0):
        hour(store, city, back, {code: 300.0 if code == "S0" else 40.0 for code in STATIONS})
    assert alarms(store, "rule, suspect", "rule = 'exceedance'") == [("exceedance", 0)]
    key = SpanKey(1, 1, HOUR, T - 2 * HOUR, T)
    outcome = quality.judge(desk(store), key, quality.BAD, "interference")
    assert outcome.message.args["alarms"] == 1
    assert alarms(store, "suspect", "rule = 'exceedance'") == [(1,)]
    assert quality.judge(desk(store), key, quality.GOOD, "event").ok
    assert alarms(store, "suspect", "rule = 'exceedance'") == [(0,)]


def test_who_may(store: Store) -> None:
    flat(store)
    [row] = quality.spans(desk(store))
    for who, code in ((desk(store, "member"), "access.role"), (desk(store, grid="B"), "access.outside")):
        outcome = quality.judge(who, row.key, quality.BAD, "instrument")
        assert (outcome.ok, outcome.message.code) == (False, code)
    assert quality.judge(desk(store, "seat"), row.key, quality.BAD, "instrument").ok
    # To take a verdict back, or to keep what the checks exclude, is a supervisor's.
    assert quality.judge(desk(store, "seat"), row.key, quality.OPEN, "mistake").message.code == "access.role"
    with store.read() as connection:
        ingest(store, City.read(connection), 1, page(record("S1", 9000.0, start=T - HOUR)), T)
    [out] = quality.spans(desk(store), quality.INVALID)
    assert "overturn" in quality.spans(desk(store, "seat"), quality.INVALID)[0].refusals
    assert quality.judge(desk(store, "seat"), out.key, quality.GOOD, "checked").message.code == "access.role"
    assert quality.judge(desk(store), out.key, quality.GOOD, "checked").ok


def test_what_is_refused(store: Store) -> None:
    flat(store)
    [row] = quality.spans(desk(store))
    who = desk(store)
    assert quality.judge(who, row.key, quality.BAD, "event").message.code == "review.refused.cause"
    assert quality.judge(who, row.key, quality.BAD, "other").message.code == "review.refused.note"
    swapped = quality.judge(who, row.key, quality.BAD, "instrument", since=T, until=T - HOUR)
    assert swapped.message.code == "review.refused.span"
    nobody = replace(row, key=row.key._replace(station=99)).key
    assert quality.judge(who, nobody, quality.BAD, "instrument").message.code == "review.refused.station"
    empty = row.key._replace(since=T + DAY, until=T + 2 * DAY)
    assert quality.judge(who, empty, quality.BAD, "instrument").message.code == "review.refused.nothing"
    assert rows(store, "SELECT COUNT(*) FROM audit") == [(0,)]


def finding(store: Store) -> SpanKey:
    """A suspicion about the first station's last day."""
    with store.bulk() as connection:
        connection.execute(
            text(
                "INSERT INTO quality_finding (at, seen, kind, station, parameter, period, since, until, evidence, "
                "state, decided_by, task) VALUES (:t, :t, 'departs', 2, 1, 3600, :s, :t, '{\"percent\": 40.0, "
                '"before": 1.0, "now": 1.4, "scatter": 5.0, "days": 20}\', \'open\', \'\', \'\')'
            ),
            {"t": T, "s": T - 3 * HOUR},
        )
    return SpanKey(2, 1, HOUR, T - 3 * HOUR, T, 1)


def test_a_finding_confirmed_takes_its_values_out_and_dismissed_leaves_them(store: Store) -> None:
    flat(store)
    key = finding(store)
    [row] = [one for one in quality.spans(desk(store)) if one.key.finding]
    assert (row.key, row.reason, row.found["percent"]) == (key, "departs", 40.0)
    assert quality.page(desk(store), key.text) is not None
    assert quality.judge(desk(store), key, quality.GOOD, "event").message.code == "review.done.dismissed"
    assert {flag for _, flag, _ in state(store, "S1")} == {1}
    assert quality.judge(desk(store), key, quality.BAD, "instrument").message.code == "review.refused.over"
    with store.bulk() as connection:
        connection.execute(text("UPDATE quality_finding SET state = 'open'"))
    assert quality.judge(desk(store), key, quality.BAD, "instrument").ok
    assert [reason for *_, reason in state(store, "S1")] == ["", ""] + ["departs person:bad"] * 3


acts = st.lists(
    st.tuples(st.sampled_from(["bad", "good", "open", "again"]), st.integers(0, 4), st.integers(1, 5)),
    max_size=8,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=acts)
def test_whatever_people_and_feeds_do_the_values_stay_and_the_sums_follow(
    acts: Sequence[tuple[str, int, int]],
) -> None:
    """Verdicts in any order, twice, and re-sent values between them: the last word stands, and sums are those of it."""
    store = Store.memory()
    city = flat(store)
    who = desk(store)
    said = ["flat"] * 5
    for act, first, count in acts:
        since, until = T - (5 - first) * HOUR, min(T, T - (5 - first) * HOUR + count * HOUR)
        which = range(first, min(5, first + count))
        if act == "again":
            ingest(store, city, 1, page(*(record("S0", 50.0, start=T - (5 - n) * HOUR) for n in which)), T)
            continue
        before = list(said)
        for number in which:
            flagged = said[number] != "flat person:good"
            if act == "open":
                said[number] = "flat"
            elif act == "bad" and (flagged or all(before[n] == "flat person:good" for n in which)):
                said[number] = "flat person:bad"
            elif act == "good":
                said[number] = "flat person:good"
        key = SpanKey(1, 1, HOUR, T - 5 * HOUR, T)
        quality.judge(who, key, act, quality.causes(act)[0], since=since, until=until)
        twice = quality.judge(who, key, act, quality.causes(act)[0], since=since, until=until)
        assert act == "bad" or not twice.ok
        if act == "bad":
            # Where only good values are left they are meant themselves.
            said = [reason for *_, reason in state(store)]
    assert [(value, reason) for value, _, reason in state(store)] == [(50.0, one) for one in said]
    good = sum(flag == 1 for _, flag, _ in state(store))
    assert rows(store, "SELECT valid, received FROM station_day WHERE station = 1") == [(good, 5)]
    total = rows(store, "SELECT SUM(count) FROM county_hour")[0][0]
    assert total == 20 + good
    store.close()


# Rates.


def test_rates_of_a_feed_that_loses_some(store: Store) -> None:
    city = build(store, [station("S0"), station("S1", county="B")])
    midnight = T - 16 * HOUR
    for start in range(midnight - DAY, T, HOUR):
        values = [record("S0", 50.0 + start % 7, start=start)]
        if (start // HOUR) % 4:
            values.append(record("S1", 9000.0 if (start // HOUR) % 4 == 1 else 50.0 + start % 5, start=start))
        ingest(store, city, 1, page(*values), start + HOUR)
    who = desk(store, "administrator", "Z", T + 1800)
    [feed] = quality.rates(who, since=midnight - DAY)
    # The newest hour may still be on its way.
    assert (feed.points, feed.online, feed.expected) == (2, 2, 2 * 39)
    assert (feed.received, feed.valid) == (39 + 30, 39 + 20)
    assert feed.transfer == pytest.approx(69 / 78 * 59 / 78)
    assert feed.below
    assert [row.code for row in quality.rates(who, "county", since=midnight - DAY)] == ["B", "A"]
    assert [row.code for row in quality.rates(desk(store, at=T + 1800), "county")] == ["A"]


def test_a_declared_stop_is_expected_of_nobody(store: Store) -> None:
    source(store, "F1", "enterprise")
    city = build(store, [station("S0", source="F1"), station("S1")])
    midnight = T - 16 * HOUR
    for start in range(midnight, T, HOUR):
        codes = ["S1"] if start >= midnight + 6 * HOUR else STATIONS[:2]
        ingest(
            store,
            city,
            1,
            page(*(record(code, 40.0 + start % 11, start=start) for code in codes)),
            start + HOUR,
        )
    who = desk(store, at=T)
    silent = quality.rates(who, since=midnight)[0]
    assert (silent.expected, silent.received, silent.stopped, silent.online, silent.points) == (
        30,
        21,
        0,
        1,
        2,
    )
    order(store, "O1", "declared_stop", "source", "F1", midnight + 6 * HOUR)
    stopped = quality.rates(who, since=midnight)[0]
    assert (stopped.expected, stopped.received, stopped.stopped) == (15 + 6, 15 + 6, 10)
    assert (stopped.online, stopped.points, stopped.capture) == (1, 1, 1.0)


# What can still become valid.


def test_a_day_that_cannot_become_valid_any_more(store: Store) -> None:
    city = build(store, [station("S0"), station("S1"), station("S2")])
    midnight = T - 16 * HOUR
    for number, start in enumerate(range(midnight, T, HOUR)):
        codes = [code for code, lost in (("S0", 0), ("S1", 4), ("S2", 5)) if number >= lost]
        ingest(
            store,
            city,
            1,
            page(*(record(code, 40.0 + start % 11, start=start) for code in codes)),
            start + HOUR,
        )
    found = {row.station: row for row in quality.standings(desk(store)) if row.kind == "day"}
    assert "S0" not in found
    assert (found["S1"].state, found["S1"].spare) == ("open", 0)
    assert (found["S2"].state, found["S2"].lost, found["S2"].message.code) == (
        "lost",
        5,
        "standard.validity.lost",
    )


def test_an_hour_of_minutes_needs_forty_five_of_them(store: Store) -> None:
    city = build(store, [station("S0")])
    minutes = [
        record("S0", 40.0 + n % 9, parameter="o3", start=T - HOUR + n * 300, period=300) for n in range(12)
    ]
    ingest(store, city, 1, page(*minutes[:8]), T)
    [short] = [row for row in quality.standings(desk(store), station="S0") if row.kind == "hour"]
    assert (short.have, short.need, short.state) == (40, 45, "lost")
    ingest(store, city, 1, page(*minutes), T)
    [whole] = [row for row in quality.standings(desk(store), station="S0") if row.kind == "hour"]
    assert (whole.have, whole.state) == (60, "valid")
    kinds = {row.kind for row in quality.standings(desk(store), station="S0")}
    assert kinds == {"hour", "8h", "day"}
