"""Values, times and units as upstreams write them."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.feeds.fault import RecordError
from backend.feeds.times import TimeLabel
from backend.feeds.units import Parameters
from backend.feeds.values import number

HEZE = ZoneInfo("Asia/Shanghai")
NOW = 1_793_692_800
EIGHT = 1_793_664_000
"""2026-11-03 08:00 in Heze."""


@pytest.mark.parametrize(
    ("raw", "value", "qualifier"),
    [
        ("35", "35", ""),
        (" 35.50 ", "35.50", ""),
        (35, "35", ""),
        (0.1, "0.1", ""),
        ("-3", "-3", ""),
        ("+3", "+3", ""),
        ("1e2", "1e2", ""),
        (".5", ".5", ""),
        ("３５", "35", ""),
        ("<3", "3", "<"),
        ("＜3", "3", "<"),
        ("< 3", "3", "<"),
        ("<=3", "3", "<"),
        ("≤3", "3", "<"),
        (">1200", "1200", ">"),
        ("0.05L", "0.05", "<"),
    ],
)
def test_numbers_with_their_qualifiers(raw: object, value: str, qualifier: str) -> None:
    assert number(raw, "x") == (Decimal(value), qualifier)


@pytest.mark.parametrize(
    "raw", [None, "", "NA", "—", "-;", "--", "/", "null", "NaN", "N/A", "缺测", "-999", -999, -999.0]
)
def test_marks_for_none(raw: object) -> None:
    assert number(raw, "x", {"-999"}) == (None, "")


def test_not_detected_has_no_value_but_says_so() -> None:
    assert number("ND", "x") == (None, "<")
    assert number("未检出", "x") == (None, "<")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("abc", "feed.value.number"),
        ("1,234", "feed.value.number"),
        ("1_0", "feed.value.number"),
        ("0x10", "feed.value.number"),
        ("12 34 56", "feed.value.number"),
        ("Infinity", "feed.value.number"),
        ("9" * 100, "feed.value.number"),
        ("1e99", "feed.value.range"),
        (10**30, "feed.value.range"),
        (float("inf"), "feed.value.range"),
        (float("nan"), "feed.value.range"),
        (True, "feed.value.type"),
        ([1], "feed.value.type"),
        ({}, "feed.value.type"),
        ("\x1b[2J", "feed.value.number"),
    ],
)
def test_what_is_no_number_is_said(raw: object, code: str) -> None:
    with pytest.raises(RecordError) as caught:
        number(raw, "x")
    assert caught.value.message.code == code
    assert "\x1b" not in str(caught.value.message.args)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans(), st.binary()))
@settings(deadline=None)
def test_any_value_is_a_finite_number_or_a_record_error(raw: object) -> None:
    try:
        value, qualifier = number(raw, "x")
    except RecordError:
        return
    assert value is None or (value.is_finite() and abs(value) <= 10**12)
    assert qualifier in ("", "<", ">")


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-03 08:00:00",
        "2026-11-03T08:00:00",
        "2026-11-03T08:00:00+08:00",
        "2026-11-03T00:00:00Z",
        "2026-11-03T00:00:00.000Z",
        "2026-11-03 08:00",
        "2026-11-03 08",
        "2026/11/3 8:00",
        "2026年11月3日 8时",
        "2026年11月03日08时00分",
        "20261103080000",
        "202611030800",
        "2026110308",
        "20261103080000123",
        "/Date(1793664000000)/",
        "/Date(1793664000000+0800)/",
    ],
)
def test_one_instant_in_many_spellings(raw: str) -> None:
    assert TimeLabel(HEZE).instant(raw) == EIGHT


def test_24_00_is_the_next_midnight() -> None:
    midnight = TimeLabel(HEZE).instant("2026-11-04 00:00")
    assert TimeLabel(HEZE).instant("2026-11-03 24:00") == midnight
    assert TimeLabel(HEZE).instant("20261103240000") == midnight
    assert TimeLabel(HEZE, format="%Y-%m-%d %H:%M:%S").instant("2026-11-03 24:00:00") == midnight


def test_an_hour_named_by_its_end_begins_an_hour_before() -> None:
    assert TimeLabel(HEZE, "end").start("2026-11-03 08:00", 3600, NOW) == EIGHT - 3600
    assert TimeLabel(HEZE, "start").start("2026-11-03 08:00", 3600, NOW) == EIGHT


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        ("epoch", EIGHT),
        ("epoch", str(EIGHT)),
        ("epoch_ms", EIGHT * 1000),
        ("epoch_ms", f"{EIGHT * 1000}"),
        ("%d.%m.%Y %H", "03.11.2026 08"),
    ],
)
def test_epochs_and_patterns(form: str, raw: object) -> None:
    label = TimeLabel(HEZE, format=form)
    assert label.instant(raw) == EIGHT
    assert label.instant(label.write(EIGHT)) == EIGHT


@pytest.mark.parametrize(
    "raw",
    ["", "now", "2026-13-01", "2026-02-30 00:00", "2026-11-03 25:00", "26-11-03", None, True, [], "9" * 50],
)
@pytest.mark.parametrize("form", ["iso", "epoch", "epoch_ms", "%Y-%m-%d"])
def test_unreadable_times(raw: object, form: str) -> None:
    with pytest.raises(RecordError) as caught:
        TimeLabel(HEZE, format=form).start(raw, 3600, NOW)
    assert caught.value.message.code in ("feed.time.unreadable", "feed.time.range")


@pytest.mark.parametrize(
    "raw", ["1970-01-01", "1989-12-31 23:00", "2026-11-06 17:00", "2099-01-01", "9999-12-31 23:59"]
)
def test_impossible_times(raw: str) -> None:
    with pytest.raises(RecordError) as caught:
        TimeLabel(HEZE).start(raw, 3600, NOW)
    assert caught.value.message.code == "feed.time.range"


@given(st.text())
@settings(deadline=None)
def test_any_text_is_an_instant_or_a_record_error(raw: str) -> None:
    for form in ("iso", "epoch_ms", "%Y-%m-%d %H:%M:%S"):
        try:
            at = TimeLabel(HEZE, format=form).start(raw, 3600, NOW)
        except RecordError:
            continue
        assert 0 < at <= NOW + 3 * 86_400


@pytest.mark.parametrize(
    ("parameter", "unit", "given_value", "kept"),
    [
        ("pm25", "µg/m³", "35", 35.0),
        ("pm25", "μg/m3", "35", 35.0),
        ("pm25", "mg/m3", "0.087", 87.0),
        ("pm25", "ng/m³", "75600", 75.6),
        ("co", "ug/m3", "900", 0.9),
        ("co", "ppm", "1", 1.145),
        ("o3", "ppb", "50", 98.1),
        ("so2", "ppb", "10", 26.2),
        ("no2", "ppm", "0.1", 188.0),
        ("temp", "℃", "25.4", 25.4),
        ("temp", "K", "298.15", 25.0),
        ("temp", "°F", "50", 10.0),
        ("pressure", "kPa", "101.38", 1013.8),
        ("wind_speed", "km/h", "36", 10.0),
        ("conductivity", "mS/m", "45", 450.0),
        ("ph", "无量纲", "7.1", 7.1),
        ("no_ppm", "ppm", "1500", 1500.0),
        ("do", "mg/L", "9", 9.0),
        ("pm25", "", "35", 35.0),
    ],
)
def test_units(parameter: str, unit: str, given_value: str, kept: float) -> None:
    conversion = Parameters.default().conversion(parameter, unit)
    assert conversion.apply(Decimal(given_value)) == pytest.approx(kept, rel=1e-3)


def test_ppb_is_taken_at_298_15_k_and_1013_25_hpa() -> None:
    # 46.0055 g/mol over 24.4654 L/mol: GB 3095-2026 4.3, not the 22.41 L/mol of 2012's 273 K.
    assert Parameters.default().conversion("no2", "ppb").apply(Decimal(1)) == pytest.approx(1.88043, abs=1e-5)


@pytest.mark.parametrize(
    ("parameter", "unit", "code"),
    [
        ("pm25", "ppb", "feed.unit.mismatch"),
        ("pm25", "mg/L", "feed.unit.mismatch"),
        ("temp", "%", "feed.unit.mismatch"),
        ("pm25", "furlong", "feed.unit.unknown"),
        ("pm3", "ug/m3", "feed.parameter.unknown"),
    ],
)
def test_units_that_do_not_fit(parameter: str, unit: str, code: str) -> None:
    with pytest.raises(RecordError) as caught:
        Parameters.default().conversion(parameter, unit)
    assert caught.value.message.code == code


def test_the_citys_own_units_go_first() -> None:
    city = Parameters.default({"co": "ug/m3", "voc": "ppb"})
    assert city.conversion("co", "mg/m3").apply(Decimal("0.9")) == 900.0
    assert city.conversion("voc", "ppm").apply(Decimal(1)) == 1000.0
    assert city.named("voc") == "voc"


@pytest.mark.parametrize(
    ("name", "code"),
    [("PM2.5", "pm25"), ("pm2_5", "pm25"), ("细颗粒物", "pm25"), ("NH3-N", "nh3n"), ("nothing", None)],
)
def test_names_of_parameters(name: str, code: str | None) -> None:
    assert Parameters.default().named(name) == code
