"""Dated data of intake: reply clocks, what may be one thing; and how a caller is hidden."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.incidents.masking import hide_name, hide_phone, hide_text, phone_ok
from backend.incidents.rules import rules

ZONE, AT = ZoneInfo("Asia/Shanghai"), 1793692800
HELD = rules(AT, ZONE)


@pytest.mark.parametrize(
    ("channel", "priority", "hours"),
    [("12345", "critical", 2), ("phone", "high", 24), ("12345", "low", 120), ("patrol", "high", None)],
)
def test_who_waits_for_an_answer_has_a_clock(channel: str, priority: str, hours: int | None) -> None:
    due = HELD.reply_due(channel, priority, AT)
    assert due == (None if hours is None else AT + hours * 3600)


def test_types_of_one_family_may_be_one_thing() -> None:
    smoke = HELD.near("straw_burning", "open_burning")
    assert smoke is not None
    assert (smoke.km, smoke.seconds) == (3.0, 6 * 3600)
    assert HELD.near("equipment", "straw_burning") is None
    same = HELD.near("equipment", "equipment")
    assert same is not None
    assert HELD.near("complaint", "equipment") == HELD.near("equipment", "complaint")


def test_a_day_before_the_first_edition_has_the_first_one() -> None:
    assert rules(0, ZONE) == HELD


@pytest.mark.parametrize(
    ("reference", "kind"),
    [("IMG-7", "photo"), ("录音03", "call_record"), ("鲁RA1234", "plate"), ("17-3", "reference")],
)
def test_a_reference_tells_what_it_is(reference: str, kind: str) -> None:
    assert HELD.kind_of(reference) == kind


@pytest.mark.parametrize(
    ("phone", "ok"),
    [
        ("13800000000", True),
        ("0530-5551234", True),
        ("+86 138 0000 0000", True),
        ("1234", False),
        ("打我手机", False),
        ("138\x1b[2J0000", False),
        ("1" * 16, False),
    ],
)
def test_what_can_be_a_phone_number(phone: str, ok: bool) -> None:
    assert phone_ok(phone) is ok


def test_a_caller_is_hidden_in_names_numbers_and_texts() -> None:
    assert hide_phone("13812345678") == "138****5678"
    assert hide_phone("0530-5551234") == "053****1234"
    assert hide_phone("") == ""
    assert hide_name("王小明") == "王**"
    told = "王小明反映夜里施工，回电 138-1234-5678 或 0530-5551234，身份证 371702199001011234"
    hidden = hide_text(told, "王小明", "13812345678")
    for secret in ("小明", "1234-5678", "13812345678", "5551234", "199001011234"):
        assert secret not in hidden
    assert "反映夜里施工" in hidden


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text("一二三，。 a-", max_size=8))
def test_no_mobile_number_stays_whole(number: str, around: str) -> None:
    assert number not in hide_text(f"{around}{number}{around}")
    assert number not in hide_phone(number)
