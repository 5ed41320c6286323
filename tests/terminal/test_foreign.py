"""Something else has written to the terminal: Ctrl+L brings back, cell for cell, what was meant."""

from __future__ import annotations

import os
import re
import signal

import pytest

from tests.egress.emulator import UNKNOWN
from tests.terminal.conftest import Console
from tests.terminal.emulator import Emulator
from tests.terminal.harness import DOWN, UP, Terminal
from tests.terminal.test_gridseat import opened

CTRL_L = "\x0c"
FOREIGN = {
    "wall": "\r\nBroadcast message from root@centre (Sun 08:00):\r\n\r\nback up at 9\r\n\r\n",
    "scrolled": "\x1b[40;1H\n\n\n\n",
    "coloured": "\x1b[5;10H\x1b[1;4;7;31;44mkernel: oops\x1b[9;1H\x1b[2K\x1b[12;3H\x1b[5M",
    "region": "\x1b[3;9r\x1b[9;1H\n\n\nmail\x1b[7m",
    "cleared": "\x1b[0;41m\x1b[2J\x1b[20;20H样样样",
}
"""By what: letters, scrolling, looks, a region that stays, an empty screen in red."""


WITHOUT_BCE = ("screen",)
"""Terminals that erase to their own background. Nothing of ours is asked: ncurses reads one entry in a process."""
SHOWS = ("bg", "underscore", "double", "overline", "strikethrough", "reverse")
"""What of a look a blank shows."""
PASSES = re.compile(r"\d+m|\d\d:\d\d|[\d.]+ kB/s, +\d+ s behind")
"""What changes by itself: the clock, how long ago, the line's figures."""


class Shown:
    """What the terminal shows, by an emulator that keeps the colour of what is erased as the named one does."""

    def __init__(self, seen: Terminal, columns: int, lines: int, term: str) -> None:
        self._seen, self._read = seen, 0
        self._emulator = Emulator(columns, lines, bce=term not in WITHOUT_BCE)
        self._columns, self._lines = columns, lines

    def cells(self) -> list[list[object]]:
        """Every cell, with as much of its look as is seen, but for what the clock changes: header and footer."""
        sent, self._read = self._seen.sent[self._read :], len(self._seen.sent)
        self._emulator.feed(UNKNOWN.sub(b"", sent).decode())
        at = self._emulator.screen.cell
        return [
            [
                tuple(getattr(cell, name) for name in SHOWS) if cell.data == " " else cell
                for cell in (at(y, x) for x in range(self._columns))
            ]
            for y in range(1, self._lines - 1)
        ]


def words(seen: Terminal) -> list[str]:
    """Every line, without what changes by itself."""
    return [PASSES.sub("", line).rstrip() for line in seen.lines]


@pytest.mark.parametrize(
    ("options", "columns", "lines", "environ"),
    [
        (("--lang", "zh"), 120, 40, {}),
        (("--lang", "en", "--lite"), 80, 24, {"TERM": "screen", "COLORTERM": ""}),
        (("--lang", "zh", "--stock-terminal"), 120, 40, {}),
    ],
)
def test_ctrl_l_brings_back_what_was_meant(
    console: Console, options: tuple[str, ...], columns: int, lines: int, environ: dict[str, str]
) -> None:
    seen = opened(console(*options, columns=columns, lines=lines, GRIDSEAT_BELL="no", **environ), options[1])
    seen.press("3")
    seen.sees("420 > 115")
    seen.press(DOWN)
    seen.settle(0.8)
    shown = Shown(seen, columns, lines, environ.get("TERM", "xterm-256color"))
    # Another program on the same terminal: what it writes goes past ours.
    tty = os.open(f"/proc/{seen.pid}/fd/1", os.O_WRONLY | os.O_NOCTTY)
    try:
        for name, text in FOREIGN.items():
            meant, stood, before = shown.cells(), words(seen), seen.lines[1:-1]
            os.write(tty, text.encode())
            seen.settle()
            assert shown.cells() != meant, name
            seen.press(CTRL_L)
            seen.until(lambda stood=stood: words(seen) == stood, f"{name}: what stood there")  # type: ignore[misc]
            seen.settle()
            # Where a minute has passed meanwhile, the words have to do.
            assert seen.lines[1:-1] != before or shown.cells() == meant, name
    finally:
        os.close(tty)
    # And whatever comes next is drawn where it belongs.
    seen.press("2")
    seen.sees("PM2.5")
    assert "oops" not in seen.text


def at_alarms(console: Console, *options: str) -> Terminal:
    """The board of alarms, at rest."""
    seen = opened(console("--lang", "zh", *options, GRIDSEAT_BELL="no"), "zh")
    seen.press("3")
    seen.sees("420 > 115")
    seen.settle(0.5)
    return seen


@pytest.mark.parametrize("opens", ["?", ":", "i"])
def test_it_does_in_a_dialog(console: Console, opens: str) -> None:
    seen = opened(console("--lang", "zh", GRIDSEAT_BELL="no"), "zh")
    seen.press(opens)
    seen.settle(0.5)
    stood = words(seen)
    seen.take(b"\x1b[0;41m\x1b[2J\x1b[20;20Hoops")
    assert words(seen) != stood
    seen.press(CTRL_L)
    seen.until(lambda: words(seen) == stood, "what stood there")


@pytest.mark.parametrize("options", [(), ("--stock-terminal",)], ids=["ours", "stock"])
def test_a_window_that_was_smaller_for_a_moment_is_drawn_whole(
    console: Console, options: tuple[str, ...]
) -> None:
    seen = at_alarms(console, *options)
    stood = words(seen)
    seen.resize(60, 20)
    seen.resize(120, 40)
    assert words(seen) != stood
    seen.until(lambda: words(seen) == stood, "what stood there")


@pytest.mark.parametrize("options", [(), ("--stock-terminal",)], ids=["ours", "stock"])
def test_a_window_that_is_pulled_to_and_fro_while_a_key_is_held_is_drawn_whole(
    console: Console, options: tuple[str, ...]
) -> None:
    seen = at_alarms(console, *options)
    stood = words(seen)
    for step in range(24):
        columns, lines = ((60, 20), (120, 40), (90, 30), (120, 40))[step % 4]
        seen.resize(columns, lines)
        os.write(seen.handle, (DOWN, UP)[step % 2].encode())
        seen.read(0.004 * (step % 5))
    # As often down as up: it ends where it began, once the line, whose queries nobody answers here, is given it.
    seen.until(lambda: words(seen) == stood, "what stood there")


@pytest.mark.parametrize("options", [(), ("--stock-terminal",)], ids=["ours", "stock"])
def test_who_goes_on_after_a_stop_sees_the_whole_screen(console: Console, options: tuple[str, ...]) -> None:
    seen = at_alarms(console, *options)
    stood = words(seen)
    seen.kill(signal.SIGSTOP)
    seen.take(b"\x1b[2J")
    seen.kill(signal.SIGCONT)
    seen.until(lambda: words(seen) == stood, "what stood there")


def test_who_reattaches_a_session_can_ask_for_it_by_the_signal_alone(console: Console) -> None:
    seen = opened(console("--lang", "zh", GRIDSEAT_BELL="no"), "zh")
    seen.settle(0.5)
    stood = words(seen)
    seen.take(b"\x1b[2J")
    assert words(seen) != stood
    seen.kill(signal.SIGWINCH)
    seen.until(lambda: words(seen) == stood, "what stood there")


@pytest.mark.parametrize(
    "told", ["\x1b[48;30;100;0;0t", "\x1b[48;99999999;99999999;1;1t", "\x1b[?2048;2$y\x1b[48;0;0;0;0t"]
)
def test_a_size_that_cannot_be_is_not_believed(console: Console, told: str) -> None:
    seen = at_alarms(console)
    stood = words(seen)
    os.write(seen.handle, told.encode())
    seen.settle(0.3)
    assert words(seen) == stood
    seen.press("?")
    seen.until(lambda: words(seen) != stood, "help")
