"""Templates: filled as they say, and every fault told by its line before anything is printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reports.tasksheet import COLUMNS, LINES
from backend.reports.template import Fault, TemplateError, compiled, markdown, plain
from backend.reports.templates import REPORTS, default_text, faults_of, filled, known_files
from backend.text import width
from backend.words import Message, say
from backend.words.say import Language

SCREEN = 80
"""Cells of the smallest screen."""
NAMES = {"title": None, "count": None, "rows": {"name": None, "at": None}}
VALUES = {"title": "日报", "count": 3, "rows": [{"name": "南城", "at": "08:00"}, {"name": "a|b", "at": ""}]}


def test_places_parts_and_cells() -> None:
    text = "# {title}\n{#rows}\n{at:>6} {name:6}| {count}\n{/rows}\n"
    text += "{!rows}\nnone\n{/rows}\n{?rows}\n{{{count}}}\n{/rows}\n"
    told = compiled(text, NAMES).fill(VALUES)
    assert told == "# 日报\n 08:00 南城  | 3\n       a|b   | 3\n{3}\n"
    assert compiled(text, NAMES).fill({**VALUES, "rows": []}) == "# 日报\nnone\n"


def test_a_long_value_is_told_whole() -> None:
    assert compiled("{title:2}", NAMES).fill({"title": "菏泽市牡丹区"}) == "菏泽市牡丹区\n"
    # What stands behind it begins apart from it, as it does behind a short one.
    assert compiled("{title:2}{count}", NAMES).fill({"title": "菏泽市", "count": 3}) == "菏泽市 3\n"


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        ("ok\n{titel}", 2, "unknown"),
        ("{name}", 1, "unknown"),
        ("{#rows}\n{name}", 1, "open"),
        ("\n{/rows}", 2, "close"),
        ("{#rows}\n{/row}\n{/rows}", 2, "close"),
        ("a { b", 1, "brace"),
        ("{title:1000}", 1, "brace"),
        ("{rows}", 1, "rows"),
        ("{#title}\n{/title}", 1, "value"),
        ("{#rows}\n{#rows}\n{/rows}\n{/rows}", 2, "deep"),
        ("{title.__class__}", 1, "brace"),
    ],
)
def test_a_fault_is_told_by_line(text: str, line: int, kind: str) -> None:
    with pytest.raises(TemplateError) as caught:
        compiled(text, NAMES)
    fault = caught.value.faults[0]
    assert (fault.line, fault.message.code) == (line, f"report.template.{kind}")
    for language in ("zh", "en"):
        assert "{}" not in say(fault.message, language)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        compiled(text, NAMES).fill(VALUES)
    except TemplateError as error:
        faults = error.faults
        told = True
    else:
        told = False
    assert told == bool(faults)
    assert all(1 <= fault.line <= len(text.splitlines()) for fault in faults)


def test_a_value_can_not_become_markup() -> None:
    assert markdown("# a|b <i>\n*x*") == "\\# a\\|b \\<i\\> \\*x\\*"
    assert plain("a\nb   c") == "a b   c"


@pytest.mark.parametrize("name", known_files())
def test_the_products_own_are_without_fault(name: str) -> None:
    assert list(faults_of(name, default_text(name))) == []


def test_a_template_that_nobody_asks_for_is_a_fault() -> None:
    ((line, message),) = faults_of("dayly.zh.md", "")
    assert (line, message.code) == (0, "report.template.file")
    assert set(REPORTS) == {"shift", "daily", "sheet"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheets_own_lines_fit_the_paper(language: str) -> None:
    text = default_text(f"sheet.{language}.txt")
    assert max(width(line) for line in text.splitlines() if "{" not in line) <= COLUMNS
    assert len(text.splitlines()) <= LINES - 5


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reports_table_of_counties_fits_a_screen_whatever_its_level(language: Language) -> None:
    text = default_text(f"daily.{language}.txt")
    row = {"name": "x", "index": 500, "pm25": 250, "pm10": 350, "o3": 800}
    levels = [say(Message(f"level.{level}"), language) for level in range(1, 7)]
    told = filled(f"daily.{language}.txt", text, {"air": [{**row, "level": level} for level in levels]})
    header, *rows = (line for line in told.splitlines() if line.endswith(("O3-8h", "800")))
    assert len(rows) == len(levels)
    assert {width(line) for line in rows} == {width(header)}
    # The page has a blank in front of each line.
    assert width(header) < SCREEN
