"""A terminal that answers what nobody has asked, and pastes that hold keys: nothing is done (T5 and T14)."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.egress.corpus import MORE, PROBES
from tests.egress.test_answers import ANSWERS
from tests.terminal.conftest import Console
from tests.terminal.harness import ENTER, ESCAPE, Terminal
from tests.terminal.test_gridseat import timeless

PASTES = {
    "lines": "q\rq\r:quit\r3\rd1\r",
    "end inside": "abc\x1b[201~:quit\rq",
    "start inside": "\x1b[200~q\x1b[200~q",
    "keys": "\x1b[A\x1bOP\x03\x04\x1b\x1b:quit\r",
    "acts": "a\ry\rd\r1\r\x1b[201~\x1b[201~a\rd\r1\r",
    **PROBES,
    "click": MORE["click"],
    "markup": MORE["markup"],
}


def done(home: Path) -> dict[str, int]:
    """How much has been done: every act, every alarm that somebody has touched."""
    counted = {}
    with sqlite3.connect(home / "city.db") as connection:
        # Notices are left out: the jobs write them too, whenever they have their turn.
        for name in ("act", "alarm_act", "audit", "task", "incident", "order_act", "complaint_act"):
            counted[name] = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    return counted


def still_there(seen: Terminal) -> list[str]:
    """What stands there between header and footer, without what the clock changes."""
    return timeless(seen.lines[1:-1])


def say(seen: Terminal, text: str) -> None:
    """The terminal says something by itself."""
    os.write(seen.handle, text.encode("utf-8", "surrogatepass"))
    seen.settle(0.2)


@pytest.fixture
def at_alarms(console: Console, request: pytest.FixtureRequest) -> Terminal:
    """The board of alarms, where nearly every letter is an act; by the framework's driver where a test asks for it."""
    seen = console(*getattr(request, "param", ()))
    seen.sees("样11镇站")
    seen.settle()
    seen.press("3")
    seen.sees("420 > 115", "样1县中心")
    seen.settle(0.5)
    return seen


@pytest.mark.parametrize("at_alarms", [(), ("--stock-terminal",)], indirect=True, ids=["ours", "stock"])
def test_answers_press_no_key(at_alarms: Terminal, home: Path) -> None:
    seen, before = at_alarms, done(home)
    meant = still_there(seen)
    for name, answer in ANSWERS.items():
        say(seen, answer)
        assert still_there(seen) == meant, name
    assert done(home) == before
    # It still listens.
    seen.press("?")
    seen.until(lambda: still_there(seen) != meant, "help")


def test_an_answer_in_two_parts_presses_none_either(at_alarms: Terminal, home: Path) -> None:
    seen, before = at_alarms, done(home)
    meant = still_there(seen)
    for name in ("settings", "title", "clipboard"):
        answer = ANSWERS[name]
        os.write(seen.handle, answer[:6].encode())
        say(seen, answer[6:])
        assert still_there(seen) == meant, name
    assert done(home) == before


@pytest.mark.parametrize("at_alarms", [(), ("--stock-terminal",)], indirect=True, ids=["ours", "stock"])
def test_pastes_on_a_board_do_nothing(at_alarms: Terminal, home: Path) -> None:
    seen, before = at_alarms, done(home)
    meant = still_there(seen)
    for name, text in PASTES.items():
        say(seen, f"\x1b[200~{text}\x1b[201~")
        assert still_there(seen) == meant, name
    assert done(home) == before


@pytest.mark.parametrize("opens", ["i", "/", ":", "z"])
def test_pastes_into_a_form_are_text_in_it(at_alarms: Terminal, home: Path, opens: str) -> None:
    seen = at_alarms
    seen.press(opens)
    seen.settle()
    before = done(home)
    for text in PASTES.values():
        say(seen, f"\x1b[200~{text}\x1b[201~")
        assert seen.alive
    assert done(home) == before
    sent = len(seen.sent)
    seen.press(ESCAPE, ESCAPE, ESCAPE)
    seen.settle()
    assert done(home) == before
    assert b"\x1b]" not in seen.sent[sent:]


def test_enter_after_a_paste_is_a_key_again(at_alarms: Terminal) -> None:
    seen = at_alarms
    say(seen, "\x1b[200~q\rq\r\x1b[201~")
    seen.press(ENTER)
    seen.until(lambda: "经过" in seen.text, "the alarm's page")
