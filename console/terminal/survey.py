"""What ``gridseat doctor`` tells of a terminal: what it is taken for and why, and what it says of itself when asked.

The console itself goes by the environment (`console.terminal.abilities`, `console.terminal.charset`) and waits for no
answer; what is asked here shows where the environment tells wrong.
"""

from __future__ import annotations

import os
import re
import select
import termios
import time
import tty
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from console.terminal.abilities import Abilities, abilities, known

LIMIT: Final = 1.0
"""Seconds that an answer is waited for: longer than any line that one can work on takes."""
LETTER: Final = "°"
"""Ambiguous in Unicode's words (UAX #11, class A): one cell, or two in a terminal set up for Chinese."""
QUESTION: Final = (
    # Does it show a bracketed frame at once? Then three cells by repeating, and a letter of unknown width, each with
    # where the cursor stands behind it. The last question is one that every terminal answers.
    f"\x1b[?2026$p\rx\x1b[2b\x1b[6n\r\x1b[K{LETTER}\x1b[6n\r\x1b[K\x1b[5n"
)
_WELL: Final = re.compile(rb"\x1b\[[03]n")
_SYNC: Final = re.compile(rb"\x1b\[\?2026;(\d+)\$y")
_STANDS: Final = re.compile(rb"\x1b\[\d+;(\d+)R")
CAN: Final = ("bce", "ech", "lines", "letters", "region", "absolute", "repeat", "tabs", "offs", "corner")
"""Names of what a terminal can (`Abilities`), in the order in which they are told."""


class Colours(NamedTuple):
    """How many colours a terminal is sent."""

    depth: str
    """``truecolor``, ``256``, ``standard``, or ``mono``."""
    why: str
    """What said so: ``COLORTERM=truecolor``."""


class Answered(NamedTuple):
    """What a terminal says of itself; None where it does not say."""

    seconds: float
    """Until it had answered everything."""
    sync: bool | None
    repeat: bool | None
    wide: bool | None
    """It draws letters of ambiguous width in two cells."""


def colours(environ: Mapping[str, str], *, theme: str, lite: bool, none: bool = False) -> Colours:
    """How many colours this environment's terminal is sent, by the rules that the console's libraries follow.

    Args:
        environ: the environment.
        theme: what was set: ``mono`` takes none.
        lite: the mode for slow lines is asked for.
        none: the system's terminfo says that the terminal has none.
    """
    from console.terminal.charset import colourless

    term, deep = environ.get("TERM", ""), environ.get("COLORTERM", "").strip().lower()
    if environ.get("NO_COLOR"):
        return Colours("mono", "NO_COLOR")
    if theme == "mono":
        return Colours("mono", "theme = mono")
    if not theme and (none or colourless(environ)):
        return Colours("mono", f"TERM={term}")
    if lite:
        return Colours("standard", "lite")
    if (forced := environ.get("GRIDSEAT_COLORS", "")) in ("standard", "256", "truecolor"):
        return Colours(forced, f"GRIDSEAT_COLORS={forced}")
    if deep in ("truecolor", "24bit"):
        return Colours("truecolor", f"COLORTERM={deep}")
    _name, _, count = term.strip().lower().rpartition("-")
    return Colours("256" if count in ("256color", "kitty") else "standard", f"TERM={term}")


def taken_for(environ: Mapping[str, str]) -> tuple[Abilities, bool]:
    """What the terminal is taken to be able to do, and whether the system's terminfo knows its name."""
    return abilities(environ), known(environ.get("TERM", ""))


def ask(handle: int, limit: float = LIMIT) -> Answered | None:
    """Ask the terminal itself; None where it does not answer in time.

    What is written for it stands at the beginning of an empty line, which is empty again afterwards.

    Args:
        handle: the terminal, open for both.
        limit: seconds.
    """
    try:
        before = termios.tcgetattr(handle)
    except termios.error:
        return None
    try:
        tty.setraw(handle, termios.TCSANOW)
        os.write(handle, QUESTION.encode())
        begun, heard = time.monotonic(), b""
        while (left := begun + limit - time.monotonic()) > 0 and not _WELL.search(heard):
            if select.select([handle], [], [], left)[0]:
                heard += os.read(handle, 4096)
        took = time.monotonic() - begun
    except OSError:
        return None
    finally:
        with suppress(termios.error):
            # What comes late is nobody's input either.
            termios.tcsetattr(handle, termios.TCSAFLUSH, before)
    return _read(heard, took) if _WELL.search(heard) else None


def _read(heard: bytes, took: float) -> Answered:
    sync, columns = _SYNC.search(heard), [int(one) for one in _STANDS.findall(heard)]
    both = len(columns) == 2
    return Answered(
        seconds=took,
        sync=sync[1] in (b"1", b"2") if sync else None,
        repeat=columns[0] == 4 if both else None,
        wide=columns[1] == 3 if both else None,
    )
