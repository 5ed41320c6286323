"""GB 3095 limits, GB 3838 classes, site dust and data validity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.standards import dust, limits, validity, water
from backend.standards.rounding import NotANumber
from backend.standards.validity import State
from backend.words import LANGUAGES, entry, say

NOW = date(2026, 11, 3)


def test_limits_change_with_the_stage() -> None:
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2030, 12, 31), date(2031, 1, 1))
    particles = [limits.limit("pm25", "24h", day) for day in days]
    assert [one.value() for one in particles if one] == [75, 60, 60, 50]
    assert [one.value(1) for one in particles if one] == [35, 35, 35, 25]
    assert [one.stage for one in particles if one] == ["2012", "transition", "transition", "2031"]
    coarse = [limits.limit("pm10", "24h", day) for day in days]
    assert [one.value() for one in coarse if one] == [150, 120, 120, 100]
    sulphur = limits.limit("so2", "1h", days[3])
    assert sulphur is not None
    assert sulphur.value() == 150


def test_an_hour_of_particles_has_no_limit() -> None:
    assert limits.limit("pm25", "1h", NOW) is None
    assert limits.exceeds("pm10", "1h", 900, NOW) is None


def test_a_value_at_its_limit_does_not_exceed() -> None:
    assert limits.exceeds("o3", "1h", 200, NOW) is False
    assert limits.exceeds("o3", "1h", 200.1, NOW) is True
    assert limits.exceeds("o3", "1h", 161, NOW, 1) is True
    assert limits.exceeds("o3_8h", "8h", Decimal("160.5"), NOW) is True
    assert limits.multiple(400, Decimal(200)) == 1
    assert limits.multiple(Decimal("0.35"), Decimal("0.2")) == Decimal("0.75")
    assert limits.multiple(100, Decimal(200)) == 0


GOOD_WATER = {"ph": 7.5, "do": 8.0, "codmn": 1.9, "nh3n": 0.1, "tp": 0.01, "tn": 0.1}


def test_the_worst_parameter_decides() -> None:
    found = water.classify({**GOOD_WATER, "codmn": 6.1, "nh3n": 1.2}, "river", NOW)
    assert (found.grade, found.deciding, found.code) == (4, ("codmn", "nh3n"), "standard.water.4")
    assert found.exceeded == {"codmn": Decimal("0.02"), "nh3n": Decimal("0.20")}
    clean = water.classify(GOOD_WATER, "river", NOW)
    assert (clean.grade, clean.exceeded) == (1, {})
    nothing = water.classify({"turbidity": 12, "conductivity": 900}, "river", NOW)
    assert (nothing.grade, nothing.deciding, nothing.code) == (None, (), "standard.water.none")


def test_rivers_and_lakes_differ() -> None:
    rich = {**GOOD_WATER, "tp": 0.15, "tn": 3}
    river, lake = water.classify(rich, "river", NOW), water.classify(rich, "lake", NOW)
    assert (river.grade, river.deciding) == (3, ("tp",))
    assert (lake.grade, lake.deciding) == (6, ("tn",))
    assert lake.by_parameter["tp"] == 5
    assert lake.exceeded == {"tp": Decimal("2.00"), "tn": Decimal("2.00")}


@pytest.mark.parametrize(
    ("parameter", "value", "grade"),
    [
        ("do", 7.5, 1),
        ("do", 7.49, 2),
        ("do", 5, 3),
        ("do", 4.99, 4),
        ("do", 1.99, 6),
        ("ph", 6, 1),
        ("ph", 9, 1),
        ("ph", 9.01, 6),
        ("ph", 5.99, 6),
        ("codmn", 15, 5),
        ("codmn", 15.01, 6),
        ("nh3n", 0.15, 1),
        ("tp", 0.1, 2),
        ("tp", 0.2, 3),
    ],
)
def test_classes_at_their_edges(parameter: str, value: float, grade: int) -> None:
    assert water.classify({parameter: value}, "river", NOW).grade == grade


def test_ph_and_oxygen_have_no_multiple() -> None:
    found = water.classify({"ph": 9.5, "do": 1}, "river", NOW)
    assert found.exceeded == {"do": None, "ph": None}


def test_oxygen_reaches_class_one_by_saturation_in_warm_water() -> None:
    assert water.saturation(20) == Fraction(4680, 516)
    assert water.classify({"do": 7.0}, "river", NOW).grade == 2
    # 90 % of 468 / (31.6 + 30) is 6.8377 mg/L.
    assert water.classify({"do": 6.84, "water_temp": 30}, "river", NOW).grade == 1
    assert water.classify({"do": 6.83, "water_temp": 30}, "river", NOW).grade == 2
    assert water.classify({"do": 6.84, "water_temp": 20}, "river", NOW).grade == 2


def test_standard_indices() -> None:
    assert water.standard_index("codmn", 9, 3, "river", NOW) == Fraction(3, 2)
    assert water.standard_index("ph", 6.5, 3, "river", NOW) == Fraction(1, 2)
    assert water.standard_index("ph", 9, 3, "river", NOW) == 1
    assert water.standard_index("do", 4, 3, "river", NOW) == Fraction(14, 5)
    assert water.standard_index("do", 6, 3, "river", NOW) is None
    index = water.standard_index("do", 6, 3, "river", NOW, temperature=20)
    assert index == (Fraction(4680, 516) - 6) / (Fraction(4680, 516) - 5)
    assert water.standard_index("tn", 3, 3, "river", NOW) is None


def test_bad_water_is_refused() -> None:
    with pytest.raises(NotANumber):
        water.classify({"nh3n": -0.1}, "river", NOW)
    with pytest.raises(ValueError, match="target"):
        water.classify(GOOD_WATER, "river", NOW, target=6)


@pytest.mark.parametrize(
    ("text", "value"), [("0.05L", "0.05"), ("<3", "3"), (" < 0.5 ", "0.5"), ("0.01 l", "0.01")]
)
def test_below_the_detection_limit(text: str, value: str) -> None:
    assert water.below_detection(text) == Decimal(value)
    assert water.below_detection("0.05") is None
    assert water.below_detection("L") is None


@given(st.sampled_from(["codmn", "nh3n", "tp"]), st.floats(0, 20), st.floats(0, 20))
def test_more_of_it_is_never_a_better_class(parameter: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    grades = [water.classify({parameter: value}, "lake", NOW).grade or 0 for value in (low, high)]
    assert grades[0] <= grades[1]


def test_the_default_dust_rule_is_the_difference_and_says_whose_it_is() -> None:
    rule = dust.default_rule()
    assert (rule.name, int(rule.limit), rule.allowed_per_day, rule.averaging) == ("hebei", 80, 2, 3600)
    assert rule.borrowed("371700")
    assert not rule.borrowed("130100")
    county = dust.background([100, None, 101])
    assert county == Fraction(201, 2)
    assert dust.exceeds(rule, 180.5, county) is False
    assert dust.exceeds(rule, 180.6, county) is True
    assert dust.exceeds(rule, 300, None) is None
    assert dust.exceeds(rule, None, county) is None
    assert dust.background([None]) is None


def test_a_dust_day_allows_so_many_exceedances() -> None:
    rule = dust.default_rule()
    twice = dust.judge_day(rule, [(200, 100), (181, 100), (180, 100), (None, 100), (200, None)])
    assert (twice.exceedances, twice.breached, twice.undetermined) == (2, False, 2)
    thrice = dust.judge_day(rule, [(200, 100)] * 3)
    assert (thrice.exceedances, thrice.breached) == (3, True)
    assert thrice.excesses == (Decimal(100),) * 3


def test_absolute_dust_rules_need_no_background() -> None:
    rule = dust.rule_named("shaanxi-structure")
    assert rule.phase == "structure"
    assert dust.exceeds(rule, 700) is False
    assert dust.exceeds(rule, 700.1) is True
    assert len({one.name for one in dust.rules()}) == 5
    with pytest.raises(KeyError):
        dust.rule_named("nowhere")


@pytest.mark.parametrize(
    ("kind", "on", "need", "total"),
    [
        ("hour", NOW, 45, 60),
        ("8h", NOW, 6, 8),
        ("day", NOW, 20, 24),
        ("month", NOW, 27, 30),
        ("month", date(2026, 2, 10), 25, 28),
        ("month", date(2028, 2, 10), 25, 29),
        ("month", date(2020, 2, 10), 25, 29),
        ("year", NOW, 324, 365),
        ("year", date(2028, 6, 1), 324, 366),
    ],
)
def test_how_many_parts_a_mean_needs(kind: validity.Kind, on: date, need: int, total: int) -> None:
    found = validity.rule(kind, on)
    assert (found.need, found.total) == (need, total)
    assert found.standard == ("GB 3095-2012" if on.year < 2026 or on < date(2026, 3, 1) else "GB 3095-2026")


def test_a_day_becomes_valid_or_cannot_any_more() -> None:
    assert validity.day_at(NOW, range(20), 20).state is State.VALID
    open_day = validity.day_at(NOW, range(8), 12)
    assert (open_day.state, open_day.spare, open_day.to_come) == (State.OPEN, 0, 12)
    lost = validity.day_at(NOW, range(8), 13)
    assert lost.state is State.LOST
    assert say(lost.message, "en") == "Cannot become valid any more today (8/20)"
    assert say(lost.message, "zh") == "今日已不可能有效（8/20）"
    # A late hour is given up only after the patience asked for.
    assert validity.day_at(NOW, range(8), 13, late=2).state is State.OPEN
    assert validity.day_at(NOW, [], 0).spare == 4
    assert validity.day_at(NOW, range(24), 24).state is State.VALID


@given(st.lists(st.sampled_from([True, False, None]), min_size=24, max_size=24))
def test_the_verdict_on_a_day_is_what_its_end_can_still_be(hours: list[bool | None]) -> None:
    found = validity.day_standing(hours, NOW)
    best = sum(hour is not False for hour in hours)
    assert (found.state is State.LOST) == (best < 20)
    assert (found.state is State.VALID) == (hours.count(True) >= 20)


def test_months_and_counts_that_cannot_be() -> None:
    assert validity.standing("month", date(2026, 2, 1), have=20, lost=4).state is State.LOST
    assert validity.standing("month", date(2026, 2, 1), have=20, lost=3).state is State.OPEN
    with pytest.raises(ValueError, match="fit"):
        validity.standing("8h", NOW, have=5, lost=4)
    codes = [f"standard.validity.lost.{kind}" for kind in ("hour", "8h", "month", "year")]
    assert all(entry(code, language) for code in codes for language in LANGUAGES)
    assert validity.standing("8h", NOW, have=0, lost=3).code == codes[1]


def test_a_mean_uses_every_valid_part_and_needs_enough() -> None:
    assert validity.mean("day", NOW, [10] * 19 + [None] * 5) is None
    assert validity.mean("day", NOW, [10] * 20 + [None] * 4) == 10
    assert validity.mean("8h", NOW, [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, None, None]) == Fraction(22, 60)


def test_running_8h_means_end_with_each_hour() -> None:
    hours = [float(value) for value in range(10)]
    assert validity.running_8h(hours, NOW) == [Fraction(7, 2), Fraction(9, 2), Fraction(11, 2)]
    assert validity.running_8h([None, None, None, *hours[:6]], NOW) == [None, Fraction(15, 6)]
    assert validity.running_8h(hours[:7], NOW) == []
