"""The index: vectors, exactness over the whole range, the editions, and what CNEMC published."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.standards import aqi
from backend.standards.levels import level_of, levels
from backend.standards.rounding import NotANumber
from tests.shared import shared_data

NOW = date(2026, 11, 3)
OLD = date(2018, 2, 20)
CLEAN = {"so2": 0, "no2": 0, "co": 0, "o3": 0, "o3_8h": 0, "pm10": 0, "pm25": 0}

# The reference: the printed table typed again, concentrations by line, and worked with fractions of text.
PRINTED = """
so2_24h   0   50 150 475  800 1600 2100 2620
so2       0  150 500 650  800    -    -    -
no2_24h   0   40  80 180  280  565  750  940
no2       0  100 200 700 1200 2340 3090 3840
co_24h    0    2   4  14   24   36   48   60
co        0    5  10  35   60   90  120  150
o3_8h     0  100 160 215  265  800    -    -
o3        0  160 200 300  400  800 1000 1200
pm10_24h  0   50   A 250  350  420  500  600
pm25_24h  0   35   B 115  150  250  350  500
"""
CHANGED = {"2012": {"A": "150", "B": "75"}, "2026": {"A": "120", "B": "60"}}
INDEX = (0, 50, 100, 150, 200, 300, 400, 500)
TABLES = [line.split()[0] for line in PRINTED.strip().splitlines()]


def reference(edition: str, table: str, text: str) -> int | None:
    """HJ 633 by the letter, with rational numbers from the text of the value."""
    line = next(words for line in PRINTED.strip().splitlines() if (words := line.split())[0] == table)
    points = [CHANGED[edition].get(word, word) for word in line[1:]]
    known = [(Fraction(point), index) for point, index in zip(points, INDEX, strict=True) if point != "-"]
    scale = 10 if table.startswith("co") else 1
    value = Fraction(text) * scale
    whole = floor(value)
    if value - whole > Fraction(1, 2) or (value - whole == Fraction(1, 2) and whole % 2):
        whole += 1
    rounded = Fraction(whole, scale)
    if rounded > known[-1][0]:
        return known[-1][1] if len(known) == 8 or edition == "2026" else None
    upper = next(place for place, (point, _) in enumerate(known) if rounded <= point)
    if upper == 0:
        return 0
    (low, low_index), (high, high_index) = known[upper - 1], known[upper]
    share = Fraction(high_index - low_index) / (high - low) * (rounded - low) + low_index
    return share.numerator // share.denominator + (share.denominator > 1)


VECTORS = [
    ("pm25", "35", 50),
    ("pm25", "36", 52),
    ("pm25", "60", 100),
    ("pm25", "61", 101),
    ("pm25", "75", 114),
    ("pm25", "115", 150),
    ("pm25", "116", 152),
    ("pm25", "501", 500),
    ("pm25", "60.5", 100),
    ("pm25", "34.5", 49),
    ("pm10", "121", 101),
    ("pm10", "150", 112),
    ("o3", "201", 101),
    ("so2", "801", 200),
    ("no2", "137", 69),
    ("co", "5.04", 50),
    ("co", "5.06", 51),
]


@pytest.mark.parametrize(("parameter", "value", "expected"), VECTORS)
@pytest.mark.parametrize("kind", [Decimal, float])
def test_vectors_of_the_2026_edition(
    parameter: str, value: str, expected: int, kind: type[Decimal | float]
) -> None:
    result = aqi.realtime({**CLEAN, parameter: kind(value)}, NOW)
    assert result.sub[parameter] == expected
    assert result.aqi == expected


@pytest.mark.parametrize(
    ("parameter", "value", "expected"), [("o3_8h", "801", 300), ("co", "2.05", 50), ("co", "2.2", 55)]
)
@pytest.mark.parametrize("kind", [Decimal, float])
def test_vectors_of_the_daily_report(
    parameter: str, value: str, expected: int, kind: type[Decimal | float]
) -> None:
    assert aqi.daily({**CLEAN, parameter: kind(value)}, NOW).aqi == expected


@pytest.mark.parametrize("edition", ["2012", "2026"])
@pytest.mark.parametrize("table", TABLES)
def test_every_step_of_every_table_is_exact(edition: str, table: str) -> None:
    top = aqi.breakpoints(edition, table).points[-1][1] + 40
    carbon = table.startswith("co")
    for step in range(top):
        text = f"{step // 10}.{step % 10}" if carbon else str(step)
        assert aqi.sub_index(edition, table, float(text)) == reference(edition, table, text), text
        half = f"{step // 10}.{step % 10}5" if carbon else f"{step}.5"
        assert aqi.sub_index(edition, table, Decimal(half)) == reference(edition, table, half), half
        assert aqi.sub_index(edition, table, float(half)) == reference(edition, table, half), half


@settings(max_examples=300)
@given(
    st.sampled_from(TABLES),
    st.sampled_from(["2012", "2026"]),
    st.decimals(0, 5000, allow_nan=False, places=4),
)
def test_any_value_is_exact(table: str, edition: str, value: Decimal) -> None:
    assert aqi.sub_index(edition, table, value) == reference(edition, table, str(value))


concentrations = st.decimals(0, 4000, allow_nan=False, places=2)


@given(st.sampled_from(TABLES), concentrations, concentrations)
def test_a_sub_index_never_falls_as_the_air_gets_worse(table: str, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    better, worse = aqi.sub_index("2026", table, low), aqi.sub_index("2026", table, high)
    assert better is not None
    assert worse is not None
    assert 0 <= better <= worse <= 500


@given(st.fixed_dictionaries(dict.fromkeys(CLEAN, concentrations)), st.sampled_from(aqi.REPORTS))
def test_an_index_is_within_1_and_500_and_is_its_primary_items(
    values: dict[str, Decimal], report: aqi.Report
) -> None:
    judge = aqi.daily if report == "daily" else aqi.realtime
    result = judge(values, NOW)
    assert result.aqi is not None
    assert result.level is not None
    assert 1 <= result.aqi <= 500
    assert result.level.low <= result.aqi <= result.level.high
    assert bool(result.primary) == (result.aqi > 50)
    assert all(result.sub[name] == result.aqi for name in result.primary)


def test_the_edition_changes_on_1_march_2026() -> None:
    values = {**CLEAN, "pm25": 75, "pm10": 0}
    before, after = (aqi.realtime(values, date(2026, month, day)) for month, day in ((2, 28), (3, 1)))
    assert (before.edition, before.aqi) == ("2012", 100)
    assert (after.edition, after.aqi) == ("2026", 114)
    assert aqi.realtime(values, NOW, "2012").aqi == 100
    assert aqi.realtime(values, date(2013, 1, 1)).edition == "2012"
    with pytest.raises(KeyError):
        aqi.realtime(values, NOW, "2018")


def test_clean_air_is_1_by_the_2026_edition_and_0_before() -> None:
    assert aqi.realtime(CLEAN, NOW).aqi == 1
    assert aqi.realtime(CLEAN, OLD).aqi == 0


def test_what_enters_which_report() -> None:
    assert list(aqi.realtime({}, NOW).sub) == ["so2", "no2", "co", "o3", "pm10", "pm25"]
    assert list(aqi.daily({}, NOW).sub) == ["so2", "no2", "co", "o3_8h", "pm10", "pm25"]
    for report in (aqi.realtime, aqi.daily):
        assert list(report({}, OLD).sub) == ["so2", "no2", "co", "o3", "o3_8h", "pm10", "pm25"]
    assert aqi.realtime({**CLEAN, "o3_8h": 700}, NOW).aqi == 1
    assert aqi.daily({**CLEAN, "o3": 700}, NOW).aqi == 1
    assert aqi.realtime({**CLEAN, "so2": 150}, NOW).sub["so2"] == 50
    assert aqi.daily({**CLEAN, "so2": 150}, NOW).sub["so2"] == 100


def test_the_2012_realtime_report_prefers_rolling_means_of_particles() -> None:
    values = {**CLEAN, "pm25": 150, "pm25_24h": 75}
    assert aqi.realtime(values, OLD).aqi == 100
    assert aqi.realtime({**CLEAN, "pm25": 150}, OLD).aqi == 200
    assert aqi.realtime(values, NOW).aqi == 200


def test_a_missing_item_holds_an_index_back_unless_it_is_above_100() -> None:
    values = {name: value for name, value in CLEAN.items() if name != "no2"}
    held = aqi.realtime({**values, "pm25": 60}, NOW)
    assert (held.aqi, held.level, held.primary, held.computed) == (None, None, (), 100)
    assert held.missing == ("no2",)
    assert held.sub["pm25"] == 100
    shown = aqi.realtime({**values, "pm25": 61}, NOW)
    assert (shown.aqi, shown.primary, shown.missing) == (101, ("pm25",), ("no2",))
    # The 2012 edition marks the item NA and takes the rest.
    assert aqi.realtime({**values, "pm25": 60}, OLD).aqi == 82


def test_what_is_never_measured_does_not_hold_an_index_back() -> None:
    never = ("so2", "no2", "co", "o3")
    township = aqi.realtime({"pm25": 35, "pm10": 20}, NOW, unmonitored=never)
    assert (township.aqi, township.unmonitored, township.missing) == (50, never, ())
    assert aqi.realtime({"pm25": 35}, NOW, unmonitored=never).aqi is None


@pytest.mark.parametrize("edition", ["2012", "2026"])
@pytest.mark.parametrize("report", [aqi.realtime, aqi.daily])
def test_nothing_measured_is_na(edition: str, report: object) -> None:
    judge = aqi.realtime if report is aqi.realtime else aqi.daily
    result = judge({}, NOW, edition)
    assert (result.aqi, result.computed, result.primary) == (None, None, ())


def test_ties_name_every_pollutant_and_ozone_once() -> None:
    assert aqi.realtime({**CLEAN, "pm25": 60, "so2": 500, "no2": 200}, NOW).primary == ("so2", "no2", "pm25")
    both = aqi.realtime({**CLEAN, "o3": 200, "o3_8h": 160, "pm25": 75}, OLD)
    assert (both.aqi, both.primary) == (100, ("o3", "pm25"))
    assert aqi.realtime({**CLEAN, "pm25": 35}, NOW).primary == ()


def test_above_the_end_of_a_short_table() -> None:
    new = aqi.realtime({**CLEAN, "so2": 3000}, NOW)
    assert (new.sub["so2"], new.beyond) == (200, ())
    old = aqi.realtime({**CLEAN, "so2": 801, "pm25": 35}, OLD)
    assert (old.sub["so2"], old.beyond, old.aqi, old.missing) == (None, ("so2",), 50, ())
    assert aqi.realtime({**CLEAN, "so2": 801, "so2_24h": 475}, OLD).sub["so2"] == 150
    assert aqi.realtime({**CLEAN, "so2": Decimal("800.4")}, OLD).sub["so2"] == 200


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (-1, "negative"),
        (-0.01, "negative"),
        (float("nan"), "nan"),
        (Decimal("sNaN"), "nan"),
        (float("inf"), "infinite"),
        (True, "word"),
        ("87", "word"),
    ],
)
def test_what_is_no_concentration_is_refused(value: float, why: str) -> None:
    with pytest.raises(NotANumber) as caught:
        aqi.realtime({**CLEAN, "pm25": value}, NOW)
    assert (caught.value.why, caught.value.parameter) == (why, "pm25")


def test_huge_and_tiny_values_are_taken_in_stride() -> None:
    for huge in (Decimal("1e999999"), 10**60, 1e308):
        assert aqi.realtime({**CLEAN, "pm25": huge}, NOW).aqi == 500
    for tiny in (Decimal("1e-999999"), 5e-324, -0.0):
        assert aqi.realtime({**CLEAN, "pm25": tiny}, NOW).aqi == 1


def test_sensitive_groups_follow_the_pollutants_above_100() -> None:
    assert aqi.sensitive_groups(aqi.realtime({**CLEAN, "pm25": 60}, NOW)) == ()
    assert aqi.sensitive_groups(aqi.realtime({**CLEAN, "co": 11}, NOW)) == ("cardiovascular",)
    both = aqi.sensitive_groups(aqi.realtime({**CLEAN, "so2": 501, "o3": 201}, NOW))
    assert both == ("asthma", "youth", "elderly", "respiratory", "outdoor")


@pytest.mark.parametrize("edition", ["2012", "2026"])
def test_levels_cover_every_index_and_can_be_read(edition: str) -> None:
    found = levels(edition)
    assert [one.number for one in found] == [1, 2, 3, 4, 5, 6]
    assert [level_of(index, edition).number for index in (0, 50, 51, 150, 151, 300, 301, 500)] == [
        *(1, 1, 2, 3),
        *(4, 5, 6, 6),
    ]
    assert found[-1].high == 500
    assert all(upper.low == lower.high + 1 for lower, upper in pairwise(found))
    assert [one.hex for one in found] == ["#00E400", "#FFFF00", "#FF7E00", "#FF0000", "#99004C", "#7E0023"]
    assert all(one.contrast >= 4.5 for one in found)
    assert len({one.ansi for one in found}) == 6
    assert (found[2].name("zh"), found[2].name("en")) == ("轻度污染", "Lightly polluted")


def test_the_published_values_of_cnemc_are_reproduced() -> None:
    """173 of 175 rows have a value; 1-h PM in the real-time report of 2012 gives every one, and its primary."""
    names = {"细颗粒物(PM2.5)": "pm25", "颗粒物(PM10)": "pm10", "-;": ""}
    reproduced = silent = 0
    with shared_data("air/cnemc/aqi_truth.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values = {name: Decimal(row[name]) for name in ("pm25", "pm10", "so2", "no2") if row[name]}
            for name, column in (("co", "co_mg"), ("o3", "o3_1h")):
                if row[column]:
                    values[name] = Decimal(row[column])
            result = aqi.realtime(values, date.fromisoformat(row["time_bjt"][:10]))
            if not row["aqi_published"]:
                silent += 1
                assert result.aqi is None
                continue
            reproduced += 1
            assert result.aqi == int(row["aqi_published"]), row
            assert result.primary == (names[row["primary_published"]],), row
            assert result.level is not None
            assert result.level.name("zh") == row["quality_published"]
    assert (reproduced, silent) == (173, 2)


def test_the_2026_table_is_the_one_that_was_typed_from_the_standard() -> None:
    with shared_data("standards/hj633_2026_table3.csv").open(encoding="utf-8") as file:
        typed = list(csv.DictReader(file))
    pairs = {
        **{name: f"{name}_1h" for name in ("so2", "no2", "o3")},
        **{f"{name}_24h": f"{name}_24h" for name in ("so2", "no2", "pm10", "pm25")},
        "o3_8h": "o3_8h",
        "co": "co_1h_mg",
        "co_24h": "co_24h_mg",
    }
    for table, column in pairs.items():
        ours = aqi.breakpoints("2026", table)
        theirs = [
            (int(row["iaqi"]), int(Decimal(row[column]).scaleb(ours.decimals)))
            for row in typed
            if row[column]
        ]
        assert list(ours.points) == theirs, table
