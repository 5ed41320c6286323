"""Times that people type into forms, ahead or behind."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.acting.when import ahead, civil, minute, weekdays, weekdays_typed, written
from screens.look import Look

ZONE = ZoneInfo("Asia/Shanghai")
LOOK = Look(zone=ZONE, now=int(datetime(2026, 11, 3, 16, 0, tzinfo=ZONE).timestamp()))


def _told(at: int | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, ZONE).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "next_one", "this_one"),
    [
        ("18:00", "2026-11-03 18:00", "2026-11-03 18:00"),
        ("15：00", "2026-11-04 15:00", "2026-11-03 15:00"),
        ("16:00", "2026-11-04 16:00", "2026-11-03 16:00"),
        ("11-02 12:00", "2027-11-02 12:00", "2026-11-02 12:00"),
        ("11-05 12:00", "2026-11-05 12:00", "2026-11-05 12:00"),
        ("11/5 8:30", "2026-11-05 08:30", "2026-11-05 08:30"),
        ("11-05", "2026-11-06 00:00", "2026-11-05 00:00"),
        ("2026-11-05 12:00", "2026-11-05 12:00", "2026-11-05 12:00"),
        ("3h", "2026-11-03 19:00", "2026-11-03 19:00"),
        ("2天", "2026-11-05 16:00", "2026-11-05 16:00"),
        ("25:00", "", ""),
        ("02-29 12:00", "", ""),
        ("soon", "", ""),
        ("", "", ""),
    ],
)
def test_what_is_meant(text: str, next_one: str, this_one: str) -> None:
    assert _told(ahead(text, LOOK)) == next_one
    assert _told(ahead(text, LOOK, past=True)) == this_one


@given(st.integers(LOOK.now, LOOK.now + 300 * 86400))
def test_what_is_written_can_be_typed_again(at: int) -> None:
    assert ahead(written(at, LOOK), LOOK) == at // 60 * 60


@given(st.text(max_size=20))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    for past in (False, True):
        found = ahead(text, LOOK, past=past)
        assert found is None or isinstance(found, int)


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("", "1111111"),
        ("1-5", "1111100"),
        ("67", "0000011"),
        ("1、3，5", "1010100"),
        ("6-1", "1000011"),
        ("1 - 2, 7", "1100001"),
        ("8", None),
        ("0", None),
        ("Mon", None),
        ("1-", None),
    ],
)
def test_days_of_the_week(text: str, mask: str | None) -> None:
    assert weekdays(text) == mask
    if mask is not None:
        assert weekdays(weekdays_typed(mask)) == mask


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8:00", 480),
        ("08：30", 510),
        ("24:00", 1440),
        ("24:01", None),
        ("12:60", None),
        ("8", None),
        ("", None),
    ],
)
def test_minutes_of_the_day(text: str, found: int | None) -> None:
    assert minute(text) == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-05", "2026-11-05"),
        ("2025-1-5", "2025-01-05"),
        ("11-03", "2026-11-03"),
        ("11/02", "2027-11-02"),
        ("02-29", None),
        ("2028-02-29", "2028-02-29"),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_civil_days(text: str, day: str | None) -> None:
    assert civil(text, LOOK) == day


@given(st.text(max_size=20))
def test_nothing_that_is_typed_for_a_line_breaks_it(text: str) -> None:
    civil(text, LOOK), minute(text), weekdays(text)
