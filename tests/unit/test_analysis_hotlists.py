"""The three monthly lists, the ladder and who is next, on a synthetic history; hot hours."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import text

from backend.analysis.hotspots.hours import fold
from backend.analysis.hotspots.job import Job
from backend.analysis.hotspots.lists import (
    Mean,
    before,
    climb,
    keep_month,
    kept_months,
    month_means,
    month_of,
    three_lists,
)
from backend.city.registry import City
from backend.desk.hotunder import spans
from backend.store import Store
from tests.unit.hot_city import city

MONTHS = [before("2026-10", back) for back in range(24, -1, -1)]


def means(**grids: float) -> dict[str, Mean]:
    return {grid: Mean(value, 28, True) for grid, value in grids.items()}


def test_months_are_counted_over_years() -> None:
    assert before("2026-01") == "2025-12"
    assert before("2026-10", 12) == "2025-10"
    assert before("2026-03", 27) == "2023-12"
    assert month_of(1793692800, ZoneInfo("Asia/Shanghai")) == "2026-11"


def test_the_three_lists() -> None:
    history = {
        "2026-10": means(A=90, B=60, C=40, D=30, E=20),
        "2026-09": means(A=95, B=50, C=40, D=15, E=25),
        "2025-10": means(A=80, B=70, C=20, D=30, E=10),
    }
    found = {(one.kind, one.rank): one for one in three_lists(history, "2026-10")}
    assert found["highest", 1].grid == "A"
    assert found["highest", 1].change is None
    assert (found["year", 1].grid, found["year", 1].change) == ("C", 100.0), (
        "C and E doubled: the first by code"
    )
    assert (found["month", 1].grid, found["month", 1].change) == ("D", 100.0)
    assert found["month", 1].before == 15
    assert len(found) == 3, "a tenth of five, at least one"


def test_who_grew_better_is_on_no_list_of_the_worst() -> None:
    history = {"2026-10": means(A=10, B=20), "2026-09": means(A=50, B=60), "2025-10": means(A=50, B=60)}
    assert [one.kind for one in three_lists(history, "2026-10")] == ["highest"]


def test_a_mean_that_is_not_valid_warns_nobody_and_compares_with_nothing() -> None:
    history = {
        "2026-10": {"A": Mean(300, 10, False), **means(B=20, C=10)},
        "2026-09": {"B": Mean(1, 3, False), **means(C=9)},
    }
    found = three_lists(history, "2026-10")
    assert [(one.kind, one.grid) for one in found] == [("highest", "B"), ("month", "C")]


def test_three_in_a_row_goes_up_and_two_in_a_row_is_next() -> None:
    warned = {
        "2026-08": {"A": ["highest"], "C": ["year"]},
        "2026-09": {"A": ["month"], "B": ["year"]},
        "2026-10": {"A": ["highest", "year"], "B": ["highest"]},
    }
    rungs = {one.grid: one for one in climb(warned, "2026-10")}
    assert (rungs["A"].stage, rungs["A"].needs, rungs["A"].consecutive) == ("up", "consecutive", 3)
    assert (rungs["B"].stage, rungs["B"].needs, rungs["B"].consecutive) == ("next", "consecutive", 2)
    assert (rungs["C"].stage, rungs["C"].consecutive, rungs["C"].in_year) == ("warned", 0, 1)
    assert list(rungs) == ["A", "B", "C"], "those that are up first, then who is next"
    assert rungs["A"].warned[-1] == ("2026-10", ("highest", "year")), "two lists in a month are one warning"


def test_six_within_a_year_goes_up_and_the_oldest_falls_out() -> None:
    every_other = [before("2026-10", back) for back in (0, 2, 4, 6, 8, 10)]
    assert climb({month: {"A": ["year"]} for month in every_other}, "2026-10")[0].stage == "up"
    five = {month: {"A": ["year"]} for month in every_other[:5]}
    assert (climb(five, "2026-10")[0].stage, climb(five, "2026-10")[0].needs) == ("next", "year")
    # Five of which the oldest is twelve months old by the next one: that one would not be the sixth.
    old = {month: {"A": ["year"]} for month in [*every_other[:4], before("2026-10", 11)]}
    assert climb(old, "2026-10")[0].in_year == 5
    assert climb(old, "2026-10")[0].stage == "warned"
    assert climb({before("2026-10", 12): {"A": ["year"]}}, "2026-10") == []


def test_a_synthetic_history_of_two_years_month_by_month() -> None:
    """One grid grows worse by 4 % a month for a year, nine stay: it is on the lists, and the ladder says when."""
    history = {
        month: means(
            **{f"G{number}": 50.0 + number for number in range(9)}, W=40 * 1.04 ** max(0, index - 12)
        )
        for index, month in enumerate(MONTHS)
    }
    warned: dict[str, dict[str, list[str]]] = {}
    stages = []
    for month in MONTHS[13:]:
        for one in three_lists(history, month):
            warned.setdefault(month, {}).setdefault(one.grid, []).append(one.kind)
        stages.append(next(rung.stage for rung in climb(warned, month) if rung.grid == "W"))
    assert stages[:3] == ["warned", "next", "up"]
    assert set(stages[2:]) == {"up"}


@pytest.fixture
def filled(store: Store) -> Store:
    """A year and a month of days: the grids of county A 60, those of B 40; in October B 80."""
    of = city(store)
    rows = []
    for month in ("2025-10", "2026-09", "2026-10"):
        year, number = map(int, month.split("-"))
        for day in range(1, 31):
            start = int(datetime(year, number, day, tzinfo=of.zone).timestamp())
            for station in of.stations.values():
                value = 60.0 if station.county == "A" else 80.0 if month == "2026-10" else 40.0
                hours = 19 if station.county == "A" and day > 26 else 24
                rows.append((start, station.id, 1, 3600, hours, 24, hours * value, 0.0, 0.0))
    with store.bulk() as conn:
        for row in rows:
            conn.exec_driver_sql("INSERT INTO station_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return store


def test_month_means_are_of_valid_days(filled: Store) -> None:
    with filled.read() as conn:
        of = City.read(conn)
        found = month_means(conn, of, "air", 1, 3, "2026-10")
    assert found["B1"] == Mean(80, 30, True)
    assert found["A1"] == Mean(60, 26, False), "four days lack hours: 26 of the 27 that a month needs"


def test_a_station_kept_by_the_minute_and_by_the_hour_counts_each_day_once(filled: Store) -> None:
    with filled.bulk() as conn:
        of = City.read(conn)
        # Its minutes say the same of 14 days: with the 26 valid ones of its hours they are no 40 days.
        conn.execute(
            text(
                "INSERT INTO station_day "
                "SELECT day, station, parameter, 60, valid * 60, received * 60, total * 60, low, "
                "high FROM station_day WHERE station IN (SELECT id FROM station WHERE county = 'A') AND period = 3600 "
                "AND day > (SELECT MAX(day) FROM station_day) - 17 * 86400 AND valid = 24"
            )
        )
        found = month_means(conn, of, "air", 1, 3, "2026-10")
    assert found["A1"] == Mean(60, 26, False)


def test_a_closed_month_is_made_again_where_a_person_judged_a_value_of_it(filled: Store) -> None:
    with filled.read() as conn:
        of = City.read(conn)
    job = Job(filled, lambda: of)
    late = int(datetime(2026, 11, 20, tzinfo=of.zone).timestamp())
    job._months(of, late)
    job._months(of, late + 5)

    def made() -> list[int]:
        with filled.read() as conn:
            return list(
                conn.execute(text("SELECT DISTINCT made FROM hot_entry WHERE parameter = 1")).scalars()
            )

    assert made() == [late], "nothing has changed"
    with filled.bulk() as conn:
        conn.execute(
            text(
                "INSERT INTO reading_change "
                "(at, start, station, parameter, period, kind, old_flag, new_flag, reason, actor) "
                f"VALUES ({late + 9}, {late - 30 * 86400}, 1, 1, 3600, 'flagged', 1, 4, 'person:bad', 'X')"
            )
        )
    job._months(of, late + 20)
    assert made() == [late + 20]


def test_lists_of_months_ago_are_made_again_when_their_readings_come_later(filled: Store) -> None:
    with filled.read() as conn:
        of = City.read(conn)
    job = Job(filled, lambda: of)
    late = int(datetime(2026, 11, 20, tzinfo=of.zone).timestamp())

    def year_of_turns(now: int) -> None:
        for _ in range(36):
            job._look_back(of, now)

    def kept(month: str) -> dict[str, list[str]]:
        with filled.read() as conn:
            return kept_months(conn, "air", 1, 3, month, month).get(month, {})

    year_of_turns(late)
    assert kept("2026-10") == {"B1": ["highest", "month", "year"]}
    assert kept("2026-09") == {"B1": ["highest"]}
    # August comes from a file: it is warned itself, and September is worse than it in A.
    with filled.bulk() as conn:
        conn.execute(
            text(
                "INSERT INTO station_day SELECT day - 31 * 86400, station, parameter, period, valid, received, "
                "CASE WHEN total = 24 * 40 THEN total ELSE total / 2 END, low, high FROM station_day "
                f"WHERE day >= {int(datetime(2026, 9, 1, tzinfo=of.zone).timestamp())} "
                f"AND day < {int(datetime(2026, 10, 1, tzinfo=of.zone).timestamp())}"
            )
        )
        # A's days of September are whole after all.
        conn.execute(
            text(
                "UPDATE station_day SET valid = 24, total = 24 * 60 WHERE valid = 19 "
                f"AND day < {int(datetime(2026, 10, 1, tzinfo=of.zone).timestamp())}"
            )
        )
    year_of_turns(late + 60)
    assert kept("2026-09") == {"A1": ["highest", "month"]}
    assert kept("2026-08") == {"B1": ["highest"]}
    with filled.read() as conn:
        made = conn.execute(text("SELECT MAX(made) FROM hot_entry WHERE month = '2026-10'")).scalar()
    assert made == late, "what came says nothing else of it"


def test_lists_are_kept_and_made_again(filled: Store) -> None:
    with filled.bulk() as conn:
        of = City.read(conn)
        assert keep_month(conn, of, "air", 1, 3, "2026-10", 5) == 3
        assert keep_month(conn, of, "air", 1, 3, "2026-10", 6) == 3
        kept = kept_months(conn, "air", 1, 3, "2026-01", "2026-12")
        made = conn.execute(text("SELECT DISTINCT made FROM hot_entry")).scalars().all()
    assert kept == {"2026-10": {"B1": ["highest", "month", "year"]}}
    assert made == [6]


def _folded(mean: np.ndarray[tuple[int], np.dtype[np.float64]], days: int = 7) -> tuple[list[int], int]:
    size = len(mean)
    hour = np.arange(size) % 24
    found = fold(mean, hour, (size - 1 - np.arange(size)) // 24, np.arange(size) // 24 % 7, days)
    return [one.hour for one in found.hours if one.hot], found.gap_days


def test_hot_hours_are_those_that_stand_out_on_most_days() -> None:
    dice = np.random.default_rng(1)
    mean = dice.normal(10, 1, 7 * 24)
    night = np.isin(np.arange(7 * 24) % 24, (20, 21, 22))
    mean[night] += 25
    assert _folded(mean)[0] == [20, 21, 22]
    mean[night & (np.arange(7 * 24) < 72)] -= 25
    assert _folded(mean)[0] == [], "on four of seven days only"
    assert _folded(dice.normal(10, 0.2, 7 * 24))[0] == [], "an even day has no hot hour"


def test_days_of_gaps_do_not_count() -> None:
    mean = np.full(7 * 24, np.nan)
    assert _folded(mean) == ([], 7)
    mean[-24:] = 5
    assert _folded(mean)[1] == 6


def test_stretches_of_clock_time() -> None:
    assert spans([20, 21, 22]) == "20:00-23:00"
    assert spans([7, 8, 22, 23, 0, 1]) == "07:00-09:00, 22:00-02:00"
    assert spans(list(range(24))) == "00:00-24:00"
    assert spans([]) == ""
    assert spans([23]) == "23:00-24:00"
