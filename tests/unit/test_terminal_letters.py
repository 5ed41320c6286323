"""What leaves is drawn in letters that the terminal has, each as wide as the layout counts it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from unicodedata import category, east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from backend.words import entries, say
from console.terminal.charset import Charset, charset, colourless, no_unicode
from console.terminal.letters import STAND_INS, Letters
from screens.telling import _LEVEL_SHAPES
from screens.tones import SHAPES

ROOT = Path(__file__).parents[2]
PLAIN, SHAPELESS, ASCII = Letters(), Letters(shapes=False), Letters(unicode=False, shapes=False)
QUOTES = "“”"
"""Chinese text needs them; their stand-in says the same."""
EXACT = "³"
"""Its stand-in says the same too (µg/m3)."""
HALVES = "▀▄"
"""The map's: with ``--wide`` it is drawn in letters."""


def ambiguous(text: str) -> set[str]:
    return {letter for letter in text if east_asian_width(letter) == "A"}


def worded() -> Iterator[tuple[str, str]]:
    """Every word of ours, in both languages."""
    for module in walk_packages(entries.__path__, f"{entries.__name__}."):
        for code, pair in getattr(import_module(module.name), "ENTRIES", {}).items():
            for text in pair:
                yield code, text


def test_no_word_of_ours_is_ambiguous_but_for_what_has_a_stand_in_that_says_the_same() -> None:
    found = {code: odd for code, text in worded() if (odd := ambiguous(text) - set(QUOTES + EXACT))}
    assert found == {}


def test_every_word_and_shape_is_drawn_as_wide_as_it_is_counted() -> None:
    shapes = [("shape", letter) for pair in SHAPES.values() for letter in pair]
    levels = [("level", letter) for letter in _LEVEL_SHAPES]
    with (ROOT / "backend/city/data/parameters.csv").open(encoding="utf-8") as lines:
        units = [("unit", row["unit"]) for row in csv.DictReader(lines)]
    for code, text in [*worded(), *shapes, *levels, *units]:
        drawn = PLAIN.text(text)
        assert not ambiguous(drawn), (code, text, drawn)
        assert cell_len(drawn) == cell_len(text), (code, text, drawn)


def test_no_screen_draws_anything_ambiguous_but_the_map() -> None:
    """Also what is put together in code: every letter of every screen's source that is no comment's word."""
    found = {
        str(path.relative_to(ROOT)): odd
        for path in sorted((ROOT / "screens").rglob("*.py"))
        if (odd := ambiguous(PLAIN.text(path.read_text("utf-8").replace("\n", ""))) - set(HALVES))
    }
    assert found == {}
    assert ambiguous((ROOT / "screens/widgets/gridmap_ink.py").read_text("utf-8")) >= set(HALVES)


def test_each_stand_in_takes_one_certain_cell() -> None:
    for letter, stand_in in STAND_INS.items():
        assert cell_len(letter) == cell_len(stand_in) == len(stand_in) == 1, letter
        assert stand_in in HALVES or east_asian_width(stand_in) != "A", letter


def test_every_letter_there_is_keeps_its_cells() -> None:
    for code in range(0x20, 0x30000):
        letter = chr(code)
        if category(letter) in ("Cc", "Cn", "Cs", "Co"):
            continue
        cells = cell_len(letter)
        assert cell_len(PLAIN.text(letter)) == cells, letter
        assert cell_len(SHAPELESS.text(letter)) == cells, letter
        drawn = ASCII.text(letter)
        assert drawn.isascii(), letter
        assert len(drawn) == cells, letter
        if ambiguous(PLAIN.text(letter)):
            assert category(letter)[0] in "LM" or letter in HALVES, letter


def test_a_letter_that_nobody_knows_yet_is_not_sent() -> None:
    """A terminal of a newer Unicode draws it two cells wide; an ideograph's plane is two cells wide to everybody."""
    for letter in ("\U00018edb", "\U0001faf9", "\u05c8"):
        assert category(letter) == "Cn"
        for letters in (PLAIN, SHAPELESS):
            assert letters.text(letter) == "␦" * cell_len(letter)
    assert PLAIN.text("\U000323af") == "\U000323af"
    assert cell_len("\U000323af") == 2


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40))
def test_every_text_keeps_its_cells_in_ascii(text: str) -> None:
    drawn = ASCII.text(text)
    assert drawn.isascii()
    assert drawn.isprintable()
    assert len(drawn) == cell_len(text)


def test_what_is_usual_is_as_it_was() -> None:
    for text in ("菏泽市牡丹区 PM2.5 35 µg", "（测试），。", "⣀⣶⣿ ✖ ▴ ▪ ✓", "plain"):
        assert PLAIN.text(text) == text
    assert SHAPELESS.text("菏泽（一期）✖ é") == "菏泽（一期）? é"
    assert ASCII.text("菏泽 PM10 ≥ 150 µg/m³，é") == "???? PM10 > 150 ug/m3, e"


UTF8 = {"LANG": "zh_CN.UTF-8", "TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        (UTF8, Charset(True, True, "LANG=zh_CN.UTF-8")),
        ({**UTF8, "LC_ALL": "C"}, Charset(False, False, "LC_ALL=C")),
        ({**UTF8, "LC_CTYPE": "POSIX"}, Charset(False, False, "LC_CTYPE=POSIX")),
        ({**UTF8, "LC_ALL": "", "LANG": "en_US.utf8@x"}, Charset(True, True, "LANG=en_US.utf8@x")),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8", "TERM": "xterm"}, Charset(False, False, "LANG=C")),
        ({"LANG": "zh_CN.GBK", "TERM": "xterm"}, Charset(False, False, "LANG=zh_CN.GBK")),
        (
            {"LANG": "zh_CN.GBK", "LC_CTYPE": "C.UTF-8", "TERM": "xterm"},
            Charset(False, False, "LANG=zh_CN.GBK"),
        ),
        ({"LANG": "zh_CN", "TERM": "xterm"}, Charset(False, False, "LANG=zh_CN")),
        ({"LC_CTYPE": "en_US.UTF-8", "LANG": "zh_CN.GBK"}, Charset(True, True, "LC_CTYPE=en_US.UTF-8")),
        ({"TERM": "xterm-256color"}, Charset(True, True, "")),
        ({"TERM": "linux"}, Charset(False, False, "TERM=linux")),
        ({**UTF8, "TERM": "linux"}, Charset(True, False, "TERM=linux")),
        ({**UTF8, "TERM": "vt100"}, Charset(True, False, "TERM=vt100")),
        # No DEC terminal, but the library of GNOME's.
        ({**UTF8, "TERM": "vte-256color"}, Charset(True, True, "LANG=zh_CN.UTF-8")),
        ({**UTF8, "TERM": "screen.xterm-256color"}, Charset(True, True, "LANG=zh_CN.UTF-8")),
    ],
)
def test_the_locale_and_the_kind_of_terminal_tell_which_letters_there_are(
    environ: dict[str, str], found: Charset, tmp_path: Path
) -> None:
    born = tmp_path / "environ"
    born.write_bytes(b"TERM=xterm\0LANG=C\0")
    assert charset(environ, born_with=born) == found


def test_a_locale_that_the_person_has_set_is_not_taken_for_the_interpreters(tmp_path: Path) -> None:
    environ = {"LANG": "C", "LC_CTYPE": "C.UTF-8", "TERM": "xterm"}
    (tmp_path / "environ").write_bytes(b"LANG=C\0LC_CTYPE=C.UTF-8\0")
    assert charset(environ, born_with=tmp_path / "environ").unicode
    assert not charset(environ, born_with=tmp_path / "none").unicode
    assert charset({**environ, "LANG": ""}, born_with=tmp_path / "none").unicode


@pytest.mark.parametrize(
    ("term", "none"),
    [
        ("vt100", True),
        ("vt102", True),
        ("vt220-8bit", True),
        ("vt340", False),
        ("vte-256color", False),
        ("xterm", False),
    ],
)
def test_a_terminal_of_old_has_no_colours(term: str, none: bool) -> None:
    assert colourless({"TERM": term}) == none


@pytest.mark.parametrize(
    ("named", "mend"),
    [("LC_ALL=C", "LC_ALL="), ("LANG=zh_CN.GBK", "LANG="), ("TERM=vt100", "LANG=")],
)
def test_the_variable_is_named_that_would_say_otherwise(named: str, mend: str) -> None:
    """Who sets LANG under an LC_ALL has changed nothing."""
    assert f"{mend}zh_CN.UTF-8" in say(no_unicode(named), "zh")
    assert f"{mend}zh_CN.UTF-8" in say(no_unicode(named), "en")
