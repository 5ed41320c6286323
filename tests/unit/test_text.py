"""What a terminal could obey never gets in; what people wrote stays readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.text import clean, csv_cell, fit, fold, identifier, pointed_out, untouched, width

ESCAPES = [
    "\x1b]2;title\x1b\\",
    "\x1b]52;c;Zm9v\x1b\\",
    "\x1b[2J\x1b[5;10Hforged",
    "\x1b[?1049l",
    "\x1b[?1003l\x1b[?25h",
    "\x1b[6n",
    "\x1bP$qm\x1b\\",
    "\x9b31mred",
    "\x07bell",
    "a\x00b",
    "row\rforged",
    "up\x0bdown",
    "\u202eevil\u2066",
    "zero\u200bwidth\ufeff",
    "\U000e0041tag",
]


@pytest.mark.parametrize("raw", ESCAPES)
def test_known_escapes_lose_their_power(raw: str) -> None:
    assert not dangerous(clean(raw, lines=3))


def dangerous(text: str) -> list[str]:
    return [
        hex(ord(c))
        for c in text
        if (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c != "\n") or 0x80 <= ord(c) < 0xA0
    ]


@given(st.text(max_size=400), st.integers(4, 60), st.integers(1, 3))
def test_any_text_comes_out_safe_short_and_stable(raw: str, limit: int, lines: int) -> None:
    text = clean(raw, limit=limit, lines=lines)
    assert not dangerous(text)
    assert len(text) <= limit
    assert text.count("\n") < lines
    text.encode("utf-8")
    assert clean(text, limit=limit, lines=lines) == text


@pytest.mark.parametrize(
    "name", ["菏泽市牡丹区", "马岭岗镇", "PM2.5 > PM10", "é", "3.5 µg/m³", "[/x] [@click=a]b[/]"]
)
def test_honest_names_pass_unchanged(name: str) -> None:
    assert clean(name) == name


def test_bytes_are_told_by_their_encoding() -> None:
    assert clean("菏泽".encode()) == "菏泽"
    assert clean("菏泽".encode("gbk")) == "菏泽"
    assert clean("\ufeff菏泽".encode()) == "菏泽"


def test_stacked_marks_are_cut() -> None:
    assert len(clean("a" + "\u0316" * 500)) <= 6


@given(st.text(alphabet="a中é啊[]\u0301", max_size=30), st.integers(1, 40))
def test_fit_takes_exactly_its_cells(text: str, cells: int) -> None:
    assert width(fit(text, cells)) == cells


@pytest.mark.parametrize(
    ("raw", "good"), [("HZ-00012-K", True), ("hz-1", True), ("HZ-О1", False), ("", False), ("A B", False)]
)
def test_identifiers_keep_to_their_alphabet(raw: str, good: bool) -> None:
    assert (identifier(raw) is not None) is good


@pytest.mark.parametrize(
    ("value", "cell"), [("=1+1", "'=1+1"), ("-5.2", "-5.2"), ("@x", "'@x"), ("+cmd", "'+cmd"), (None, "")]
)
def test_no_cell_is_a_formula(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


def test_searching_folds_case_and_width() -> None:
    assert fold("ＰＭ２.５ 站") == fold("pm2.5站")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("HZ-О1", "?!HZ-О1"), ("MD-00012З 东城MD-00012З", "?!MD-00012З 东城?!MD-00012З"), ("аpple", "?!аpple"),
        ("pН值", "?!pН值"), ("PM2.5 μg/m³", "PM2.5 μg/m³"), ("Δt Σ", "Δt Σ"), ("Москва HZ", "Москва HZ"),
        ("菏泽PM10", "菏泽PM10"),
    ],
)  # fmt: skip
def test_a_word_of_two_alphabets_is_pointed_out_once(text: str, told: str) -> None:
    assert pointed_out(text) == told
    assert pointed_out(told) == told


@given(st.text(alphabet="HZ-01 OОΟАΑ中.", max_size=30))
def test_pointing_out_twice_changes_nothing_more(text: str) -> None:
    assert pointed_out(pointed_out(text)) == pointed_out(text)


def test_what_need_not_be_looked_at_is_left_as_it_is() -> None:
    """Every character, alone and behind a letter that it could lie on."""
    wrong = []
    for code in range(0x20, 0x110000):
        letter = chr(code)
        pair = f"a{letter}"
        if untouched(pair) and unicodedata.is_normalized("NFC", pair) and clean(pair) != pair.strip():
            wrong.append(f"{code:04x}")
    assert wrong == []
    assert untouched("菏泽市牡丹区 PM2.5 µg/m³ 锦绣花园（三期）")
    for text in ("e\u0301" * 9, "\ufe0f", "\u3164", "\u034f", "\U000e0041", "\ufdd0", "\u202e", "\t", "\n"):
        assert not untouched(text)
