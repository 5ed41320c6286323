"""A value beside others: flat lines and inversions, also across pages, and taken back where a revision says so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from backend.ingest import ingest
from backend.store import Store
from tests.unit.alarm_hours import hour
from tests.unit.small_city import HOUR, T, build, heard, page, record, rows, station

FLAGS = "SELECT (start - {at}) / 3600, flag, reason FROM reading WHERE parameter = {parameter} ORDER BY start"


def flags(store: Store, parameter: int = 1, at: int = T) -> list[tuple[int, int, str]]:
    """(hours before `T`, flag, reason)."""
    return [(row[0], row[1], row[2]) for row in rows(store, FLAGS.format(at=at, parameter=parameter))]


def spoken(store: Store, parameter: int = 1) -> list[str]:
    """The reasons, oldest first."""
    return [reason for _, _, reason in flags(store, parameter)]


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (0, 1, 2, 3), (2, 0, 3, 1)])
def test_a_flat_line_marks_its_first_hours_too_in_any_order(store: Store, order: Sequence[int]) -> None:
    city = build(store, [station("S1")])
    heard(store, T)
    for back in order:
        hour(store, city, back, {"S1": 50.0}, now=T)
    assert {flag for _, flag, _ in flags(store)} == {3}
    assert spoken(store) == ["flat late", "flat late", "flat", "flat"]
    # Marked hours leave the means again.
    assert rows(store, "SELECT COUNT(*) FROM county_hour") == [(0,)]
    assert rows(store, "SELECT valid, received FROM station_day") == [(0, 4)]
    # Three earlier hours were marked afterwards: each is a line of the change log.
    assert rows(store, "SELECT COUNT(*), MIN(kind), MAX(new_flag) FROM reading_change") == [(3, "flagged", 3)]


@pytest.mark.parametrize(
    "values",
    [
        (50.0, 50.0, 50.0),
        (50.0, 50.0, None, 50.0, 50.0),
        (50.0, 50.0, 51.0, 50.0, 50.0),
        (2.0, 2.0, 2.0, 2.0, 2.0),  # near the resolution
    ],
)
def test_what_is_no_flat_line(store: Store, values: Sequence[float | None]) -> None:
    city = build(store, [station("S1")])
    for number, value in enumerate(values):
        hour(store, city, len(values) - 1 - number, {"S1": value})
    assert all("flat" not in reason for reason in spoken(store))


def test_a_gap_breaks_a_flat_line(store: Store) -> None:
    city = build(store, [station("S1")])
    for back in (4, 3, 1, 0):
        hour(store, city, back, {"S1": 50.0})
    assert spoken(store) == ["", "", "", ""]


def test_gases_may_repeat_for_longer(store: Store) -> None:
    city = build(store, [station("S1")])
    for back in range(4, -1, -1):
        hour(store, city, back, {"S1": 30.0}, parameter="no2")
    assert set(spoken(store, 4)) == {""}
    hour(store, city, -1, {"S1": 30.0}, parameter="no2")
    assert set(spoken(store, 4)) == {"flat"}


def test_values_below_detection_repeat_without_a_fault(store: Store) -> None:
    city = build(store, [station("S1")])
    for back in range(7, -1, -1):
        hour(store, city, back, {"S1": 6.0}, parameter="so2", qualifier="<")
    assert set(spoken(store, 3)) == {""}
    assert rows(store, "SELECT DISTINCT qualifier FROM reading") == [("<",)]


def test_a_revision_ends_a_flat_line_for_the_hours_that_are_left(store: Store) -> None:
    city = build(store, [station("S1")])
    for back in range(4, -1, -1):
        hour(store, city, back, {"S1": 50.0})
    assert set(spoken(store)) == {"flat"}
    hour(store, city, 2, {"S1": 55.0}, now=T)
    assert [flag for _, flag, _ in flags(store)] == [1, 1, 1, 1, 1]
    assert rows(store, "SELECT valid, total FROM station_day") == [(5, 255.0)]


def test_a_page_that_repeats_all_its_hours_and_revises_one(store: Store) -> None:
    city = build(store, [station("S1")])
    hours = [record("S1", 50.0, start=T - back * HOUR) for back in (4, 3, 2, 1)]
    ingest(store, city, 1, page(*hours), T)
    hours[1] = record("S1", 55.0, start=T - 3 * HOUR)
    report = ingest(store, city, 1, page(*hours), T)
    assert (report.revised, report.same) == (1, 3)
    assert [flag for _, flag, _ in flags(store)] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("part", "whole", "broken"),
    [(52.0, 50.0, False), (53.0, 50.0, True), (105.0, 100.0, False), (106.0, 100.0, True)],
)
def test_pm25_above_pm10(store: Store, part: float, whole: float, broken: bool) -> None:
    city = build(store, [station("S1")])
    ingest(store, city, 1, page(record("S1", part), record("S1", whole, parameter="pm10")), T)
    found = rows(store, "SELECT flag, reason FROM reading")
    assert found == ([(3, "inversion")] * 2 if broken else [(1, "")] * 2)


@pytest.mark.parametrize("first", ["pm25", "pm10"])
def test_an_inversion_over_two_pages_marks_the_one_that_came_first(store: Store, first: str) -> None:
    city = build(store, [station("S1")])
    values = {"pm25": 80.0, "pm10": 50.0}
    for name in sorted(values, key=lambda one: one != first):
        ingest(store, city, 1, page(record("S1", values[name], parameter=name)), T)
    assert rows(store, "SELECT flag, reason FROM reading") == [(3, "inversion")] * 2
    assert rows(store, "SELECT COUNT(*) FROM county_hour") == [(0,)]
    # The upstream corrects one of them: both are good again.
    ingest(store, city, 1, page(record("S1", 120.0, parameter="pm10")), T + 60)
    assert rows(store, "SELECT flag, reason FROM reading") == [(1, "")] * 2
    assert rows(store, "SELECT parameter, total FROM county_hour ORDER BY 1") == [(1, 80.0), (2, 120.0)]


def test_what_a_person_said_no_check_takes_back(store: Store) -> None:
    from backend.ingest.book import ledger_of
    from backend.store.readings import reflag

    city = build(store, [station("S1")])
    ingest(store, city, 1, page(record("S1", 80.0), record("S1", 50.0, parameter="pm10")), T)
    with store.write() as conn:
        reflag(conn, [(T - HOUR, 1, 1, HOUR)], 4, "by_hand", ledger_of(city).book, T, actor="P1")
    ingest(store, city, 1, page(record("S1", 120.0, parameter="pm10")), T + 60)
    assert rows(store, "SELECT flag, reason FROM reading WHERE parameter = 1") == [(4, "inversion by_hand")]


def test_minutes_are_looked_at_as_well(store: Store) -> None:
    city = build(store, [station("S1")])
    starts = [T - (back + 1) * 300 for back in range(48)]
    ingest(store, city, 1, page(*(record("S1", 33.0, start=start, period=300) for start in starts[1:])), T)
    assert rows(store, "SELECT COUNT(*) FROM reading WHERE reason LIKE '%flat%'") == [(0,)]
    ingest(store, city, 1, page(record("S1", 33.0, start=starts[0], period=300)), T)
    assert rows(store, "SELECT COUNT(*) FROM reading WHERE reason LIKE '%flat%'") == [(48,)]


def test_a_period_that_was_still_to_come_is_looked_at_again_when_it_comes_again(store: Store) -> None:
    city = build(store, [station("S1")])
    ahead = record("S1", 40.0, start=T + HOUR)
    for now, expected in ((T, (4, "future")), (T + HOUR, (1, "")), (T + 2 * HOUR, (1, ""))):
        ingest(store, city, 1, page(ahead), now)
        assert rows(store, "SELECT flag, reason FROM reading") == [expected]
        assert len(rows(store, "SELECT * FROM latest")) == (now > T)
    assert rows(store, "SELECT valid, total FROM station_day") == [(1, 40.0)]
    assert rows(store, "SELECT count, total FROM county_hour") == [(1, 40.0)]
