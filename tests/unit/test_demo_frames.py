"""The demo's frames: what the adapter reads of them is what was told, and a damaged one is never read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.demo import frames
from backend.demo.carry import HOUR
from backend.demo.places import Site
from backend.demo.upstream import SiteHour, Told
from backend.feeds import hj212
from tests.conftest import START

BEGAN = START - HOUR
ZONE = ZoneInfo("Asia/Shanghai")
SITE = Site("SD1", "site_dust", "样工地", 115.0, 35.0, 0.0, 0.0, "990001", "S1", "", "371700FFFFFFFF01", ())


def hour_of(period: int = HOUR) -> SiteHour:
    return SiteHour(SITE, BEGAN, period, START + 300, {})


def test_the_crc_is_the_standards_own() -> None:
    # HJ 212-2017, 6.3.2: the example of the standard's text, whose prose misprints 1C08.
    text = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&"
    assert len(text) == 101
    assert frames.framed(text) == b"##0101" + text + b"1C80\r\n"


def test_an_hour_is_read_back_as_it_was_told() -> None:
    hour = hour_of()
    values = {"pm10": (152.5, "N"), "pm25": (48.0, "N"), "pressure": (1013.2, "N"), "tsp": (0.0, "D")}
    raw = frames.frame(hour, values, ZONE, newer=False, again=False)
    page = hj212.page(raw, hj212.default_options(), START + HOUR)
    assert page.asides == []
    read = {one.parameter: (one.value, one.device) for one in page.records}
    assert read.keys() == values.keys()
    for name, (value, flag) in values.items():
        assert read[name][0] == pytest.approx(value)
        assert read[name][1] == flag
    assert {(one.station, one.start, one.period) for one in page.records} == {
        (SITE.upstream, hour.start, HOUR)
    }


def test_an_instrument_of_2025_says_what_it_sends_again() -> None:
    hour = hour_of()
    for again in (False, True):
        raw = frames.frame(hour, {"pm10": (80.0, "N")}, ZONE, newer=True, again=again)
        (piece,) = hj212.split(raw)
        assert isinstance(piece, hj212.Frame)
        assert piece.edition == "2025"
        (record,) = hj212.page(raw, hj212.default_options(), START + HOUR).records
        assert record.resent is again


@pytest.mark.parametrize(
    ("period", "command", "kind"),
    [(60, "2011", "Rtd"), (600, "2051", "Avg"), (HOUR, "2061", "Avg"), (24 * HOUR, "2031", "Avg")],
)
def test_the_command_follows_the_cadence_of_the_pack(period: int, command: str, kind: str) -> None:
    raw = frames.frame(hour_of(period), {"pm10": (80.0, "N")}, ZONE)
    assert f"CN={command};".encode() in raw
    assert f"a34002-{kind}=80".encode() in raw
    (record,) = hj212.page(raw, hj212.default_options(), START + 48 * HOUR).records
    assert (record.start, record.period) == (BEGAN, period)


def test_a_missing_value_is_left_out_or_flagged() -> None:
    told = {"pm10": Told(None), "pm25": Told(40.0), "no_such": Told(1.0)}
    found = [frames.shown(told, chance) for chance in range(200)]
    assert {one["pm25"] for one in found} == {(40.0, "N")}
    assert {one.get("pm10") for one in found} == {None, (0.0, "D")}
    assert not any("no_such" in one for one in found)


@given(chance=st.integers(0, 2**64 - 1), tenths=st.integers(0, 99_999))
def test_a_damaged_frame_takes_nothing_with_it(chance: int, tenths: int) -> None:
    hour = hour_of()
    good = frames.frame(hour, {"pm10": (tenths / 10, "N"), "pm25": (1.5, "N")}, ZONE)
    bad = frames.damaged(good, chance)
    assert bad != good
    page = hj212.page(good + bad + good, hj212.default_options(), START + HOUR)
    assert len(page.asides) == 1, bad
    assert [one.value for one in page.records] == [tenths / 10, 1.5] * 2
