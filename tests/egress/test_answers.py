"""What a terminal says unasked is no key, and a paste ends where it ends (T5, T14)."""

# ruff: noqa: E501 - tables

from __future__ import annotations

import pytest
from textual._xterm_parser import XTermParser

from console.terminal.answers import MOST, PATIENCE, STUCK, Sieve

ANSWERS = {
    "primary attributes": "\x1b[?62;22c", "secondary attributes": "\x1b[>41;390;0c", "tertiary": "\x1bP!|00000000\x1b\\",
    "settings": "\x1bP1$r0m\x1b\\", "terminfo": "\x1bP1+r544e=787465726d\x1b\\", "title": "\x1b]l:q\x1b\\", "icon": "\x1b]L:q\x1b\\",
    "clipboard": "\x1b]52;c;cHduZWQ=\x07", "colour": "\x1b]11;rgb:0000/0000/0000\x1b\\", "graphics": "\x1b_Gi=1;OK\x1b\\",
    "size": "\x1b[8;40;120t", "pixels": "\x1b[4;800;1200t", "state": "\x1b[1t", "mode": "\x1b[?1049;1$y", "version": "\x1bP>|kitty(0.35)\x1b\\",
    "printer": "\x1b[?13n", "extended cursor": "\x1b[?5;10;1R", "parameters": "\x1b[2;1;1;112;112;1;0x", "message": "\x1b^:q\r\x1b\\",
    "string": "\x1bX:q\r\x1b\\", "keyboard": "\x1b[?25u",
}  # fmt: skip
KEYS = [
    "q",
    "中",
    "\x1b",
    "\x1b[A",
    "\x1bOP",
    "\x1bO",
    "\x1b[1;5R",
    "\x1b[5~",
    "\x1bP",
    "\x1b]",
    "\x1bq",
    "\x1b[97;5u",
    "\x1b[<0;5;5M",
    "\x1b[I",
    "\t",
    "\r",
    "\x7f",
]
WANTED = ["\x1b[?2026;2$y", "\x1b[?2048;0$y", "\x1b[48;40;120;800;1200t", "\x1b[0n", "\x1b[3n"]


def events(text: str) -> list[str]:
    """What the framework makes of it: keys by their names, all else by its kind."""
    parser = XTermParser(False)
    return [str(getattr(one, "key", type(one).__name__)) for one in [*parser.feed(text), *parser.feed("")]]


def late(sieve: Sieve) -> str:
    """What it gives up waiting for."""
    return "".join(sieve.tick() for _ in range(PATIENCE))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_nobody_wants_is_no_key(name: str) -> None:
    sieve = Sieve()
    assert sieve.passed(f"j{ANSWERS[name]}k") == "jk"
    assert sieve.taken == 1


@pytest.mark.parametrize("name", ANSWERS)
def test_the_framework_would_have_pressed_keys(name: str) -> None:
    if name in ("mode", "extended cursor", "keyboard"):
        pytest.skip("the framework takes this one for no key either")
    assert len(events(ANSWERS[name])) > 1


@pytest.mark.parametrize("text", [*KEYS, *WANTED])
def test_keys_and_what_was_asked_for_go_on(text: str) -> None:
    sieve = Sieve()
    assert sieve.passed(text) + late(sieve) == text
    assert sieve.passed(f"a{text}") + late(sieve) == f"a{text}"
    assert sieve.taken == 0


@pytest.mark.parametrize("name", [name for name, text in ANSWERS.items() if text[1] in "P]_^X"])
def test_a_string_in_parts_is_waited_for(name: str) -> None:
    text = ANSWERS[name]
    for cut in range(1, len(text)):
        sieve = Sieve()
        assert sieve.passed(text[:cut]) == ""
        assert sieve.passed(text[cut:] + "k") == "k"
    sieve = Sieve()
    assert sieve.passed(text[:5]) == ""
    assert sieve.tick() == ""
    assert late(sieve) == text[:5]
    assert late(sieve) == ""


def test_of_a_string_however_long_nothing_is_a_key() -> None:
    for begun, end in (("\x1b]52;c;", "\x07"), ("\x1bP1$r", "\x1b\\")):
        sieve = Sieve()
        told = [
            sieve.passed(text) for text in (begun, *["q" * 4096] * (MOST // 4096 + 2), end[:1], end[1:], "k")
        ]
        assert "".join(told) == "k"


SEQUENCES = [text for text in [*ANSWERS.values(), *WANTED] if text[1] == "["]


@pytest.mark.parametrize("text", SEQUENCES)
def test_a_sequence_in_parts_is_waited_for(text: str) -> None:
    whole = Sieve().passed(text)
    for cut in range(2, len(text)):
        sieve = Sieve()
        assert sieve.passed(text[:cut]) == ""
        assert not sieve.short
        # Two of its parts may come a second apart.
        assert "".join(sieve.tick() for _ in range(10)) == ""
        assert sieve.passed(text[cut:] + "k") == f"{whole}k"


@pytest.mark.parametrize("text", [text for text in SEQUENCES if text[2] != "?" or text[3].isdigit()])
def test_a_sequence_whose_escape_came_long_before_presses_one_key_at_most(text: str) -> None:
    sieve = Sieve()
    assert sieve.passed("\x1b") + sieve.tick() == "\x1b"
    if text[-1] in "cnRty":
        assert sieve.passed(text[1:]) == Sieve().passed(text)
    # What is typed long after an escape is typed.
    assert sieve.passed("\x1b") + late(sieve) + late(sieve) == "\x1b"
    assert sieve.passed("[0n") == "[0n"


@pytest.mark.parametrize("name", ANSWERS)
def test_controls_of_one_character_are_the_same(name: str) -> None:
    sieve = Sieve()
    eight = {"P": "\x90", "[": "\x9b", "]": "\x9d", "^": "\x9e", "_": "\x9f", "X": "\x98"}[ANSWERS[name][1]]
    assert sieve.passed(f"j{eight}{ANSWERS[name][2:]}k") == "jk"
    assert Sieve().passed("\x9b0n") == "\x1b[0n"


def test_ctrl_c_ends_a_paste_whose_end_never_comes() -> None:
    sieve = Sieve()
    assert sieve.passed("\x1b[200~abc") == "\x1b[200~abc"
    # Within a paste that is still coming it is a part of it.
    assert sieve.passed("\x03") == ""
    for _ in range(STUCK):
        assert sieve.tick() == ""
    assert sieve.passed("q") == "q"
    for _ in range(STUCK):
        assert sieve.tick() == ""
    assert sieve.passed("\x03") == "\x1b[201~"
    assert sieve.passed("\x03") == "\x03"


@pytest.mark.parametrize(
    "struck",
    [
        *("\x03", "\x03\x03\x03", "\x1b[99;5u", "\x1b[99;5u\x1b[99;5:3u", "\x1b[99;5:1u"),
        # Caps Lock on, Num Lock on, both; Ctrl told by itself before.
        *("\x1b[99;69u", "\x1b[99;133u", "\x1b[99;197u", "\x1b[57442;5u\x1b[99;5u"),
    ],
)
def test_whoever_strikes_ctrl_c_again_and_again_gets_out_too(struck: str) -> None:
    sieve = Sieve()
    sieve.passed("\x1b[200~abc")
    told = [sieve.passed(struck) for _ in range(STUCK)]
    assert told.count("\x1b[201~") == 1
    assert sieve.passed("q") == "q"


@pytest.mark.parametrize("word", ["\x1b[0n", "\x1b[I", "\x1b[O"])
def test_what_a_terminal_says_within_a_paste_is_not_pasted(word: str) -> None:
    for parts in (["\x1b[200~ab", word, "cd\x1b[201~"], [f"\x1b[200~ab{word}cd\x1b[201~"]):
        sieve = Sieve()
        assert "".join(map(sieve.passed, parts)) == "\x1b[200~abcd\x1b[201~"
        assert sieve.ready == (word == "\x1b[0n")
    for cut in range(1, len(word)):
        sieve = Sieve()
        assert sieve.passed(f"\x1b[200~ab{word[:cut]}") == "\x1b[200~ab"
        assert sieve.passed(f"{word[cut:]}cd\x1b[201~") == "cd\x1b[201~"
        assert sieve.ready == (word == "\x1b[0n")
    # It does not end one that is still coming, whatever was struck before.
    sieve = Sieve()
    sieve.passed("\x1b[200~ab")
    sieve.passed("\x03")
    for _ in range(STUCK):
        sieve.tick()
    assert sieve.passed(word) == ""
    assert sieve.passed("q") == "q"
    assert sieve.passed("\x1b[201~q") == "\x1b[201~q"


@pytest.mark.parametrize(
    "rest", ["[<65;20;10M", "[<0;20;8M", "[106;;106u", "[B", "[5~", "[1;5C", "[200~:q\r\x1b[201~"]
)
def test_a_key_whose_escape_came_long_before_is_that_key(rest: str) -> None:
    sieve = Sieve()
    assert sieve.passed("\x1b") + sieve.tick() == "\x1b"
    assert sieve.passed(rest) == f"\x1b{rest}"


@pytest.mark.parametrize("key", ["\x1b", "\x1bP", "\x1b]"])
def test_what_may_be_a_key_is_waited_for_a_moment_only(key: str) -> None:
    sieve = Sieve()
    assert (sieve.passed(f"j{key}"), sieve.short) == ("j", True)
    assert (sieve.tick(), sieve.short) == (key, False)
    assert sieve.passed("k") == "k"


def test_a_paste_ends_with_the_last_of_its_ends() -> None:
    sieve = Sieve()
    assert sieve.passed("\x1b[200~abc\x1b[201~:q\r\x1b[201~j") == "\x1b[200~abc:q\r\x1b[201~j"
    assert sieve.passed("\x1b[200~a\x1b[200~b\x1b[201~") == "\x1b[200~ab\x1b[201~"
    assert events(sieve.passed("\x1b[200~x\x1b[201~:q\x1b[201~")) == ["Paste"]


def test_a_paste_in_parts_is_one_paste() -> None:
    text = "\x1b[200~" + "第一行\r:q\r" * 3 + "\x1b[201~"
    for cut in range(1, len(text)):
        sieve = Sieve()
        assert sieve.passed(text[:cut]) + sieve.passed(text[cut:]) + late(sieve) == text, cut


def test_what_is_pasted_may_hold_answers() -> None:
    sieve = Sieve()
    assert sieve.passed("\x1b[200~x\x1b[?62;22cy\x1b[201~") == "\x1b[200~x[?62;22cy\x1b[201~"


def test_no_control_is_pasted() -> None:
    sieve = Sieve()
    assert sieve.passed("\x1b[200~a\x1b\x1b:q\x03\x00\x9b1\tb\r\n") == "\x1b[200~a:q1\tb\r\n"
    assert sieve.passed("c\x1b\x1b\x1b[201~d") == "c\x1b[201~d"
