"""What the terminal can do beyond putting a letter somewhere, as far as it is known for certain.

By its name (``TERM``) in the system's terminfo, where every other program asks; without an entry, what every terminal
since the VT102 can. An entry is believed, also where many terminals borrow its name (``xterm-256color``), with one
exception: many of those lack REP, and letters would be lost; it is used only for names that one terminal alone goes by.

Sources: terminfo(5) of ncurses 6.4 (bce, ech, il, dl, hpa, vpa, rep, xenl, rmul, ht,
hts, tbc); ECMA-48 5th ed. for what each does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_REPEATS: Final = ("xterm-kitty", "alacritty", "foot", "wezterm", "contour", "ghostty", "mlterm")
"""Beginnings of the names of terminals that repeat (REP) and borrow no other one's name."""
_TABS: Final = (("ht", b"\t"), ("hts", b"\x1bH"), ("tbc", b"\x1b[3g"))
"""What a terminal obeys that has tab stops to be set, and goes to them by a byte."""
_OLD: Final = re.compile(r"vt\d|ansi|dumb")
"""What names begin with that have no entry of their own on some machines and must not be taken for a modern one."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What may be written to this terminal."""

    bce: bool = False
    """Erasing leaves cells of the pen's background, not of the terminal's own."""
    ech: bool = False
    """Erase Character, CSI n X."""
    lines: bool = True
    """Insert Line and Delete Line, CSI n L and CSI n M."""
    letters: bool = True
    """Insert and Delete Character, CSI n @ and CSI n P."""
    region: bool = True
    """A scrolling region (DECSTBM) whose last line moves it up (LF) and whose first one down (RI)."""
    absolute: bool = False
    """To a column or a line alone: CHA (CSI n G) and VPA (CSI n d)."""
    repeat: bool = False
    """The last letter again, REP: CSI n b."""
    offs: bool = True
    """An attribute can be ended by itself, and colours set back (SGR 22 to 29, 39, 49)."""
    corner: bool = True
    """The last cell of the last line can be written without the screen scrolling."""
    tabs: bool = False
    """Tab stops are set (HTS), cleared (TBC) and gone to (HT)."""
    links: bool = False
    """Hyperlinks (OSC 8)."""
    moves: bool = True
    """It takes the cursor anywhere by CUP (CSI row ; column H): it obeys ECMA-48 at all."""
    colours: bool = True
    """It has any."""
    ambiguous: bool = False
    """Letters that Unicode calls ambiguous (UAX #11, class A) take one cell for certain."""


def abilities(environ: Mapping[str, str] | None = None) -> Abilities:
    """What the terminal of this environment can do."""
    term = (os.environ if environ is None else environ).get("TERM", "")
    told = _terminfo(term)
    if told is None:
        old = _OLD.match(term) is not None
        return Abilities(lines=not old, letters=not old, offs=not old)
    return told


def known(term: str) -> bool:
    """Whether the system's terminfo has an entry of this name."""
    return _terminfo(term) is not None


def _terminfo(term: str) -> Abilities | None:
    """What the system's terminfo says of a name; None where it knows it not, or there is no terminfo at all."""
    try:
        import _curses
    except ImportError:
        return None
    try:
        _curses.setupterm(term, 1)
    except (_curses.error, OSError, ValueError):
        return None

    def has(*names: str) -> bool:
        return all(_curses.tigetstr(name) for name in names)

    return Abilities(
        bce=_curses.tigetflag("bce") > 0,
        ech=has("ech"),
        lines=has("il", "dl"),
        letters=has("ich", "dch"),
        region=has("csr", "ri"),
        absolute=has("hpa", "vpa"),
        repeat=has("rep") and term.startswith(_REPEATS),
        offs=b"24" in (_curses.tigetstr("rmul") or b""),
        tabs=all(_curses.tigetstr(name) == told for name, told in _TABS),
        corner=_curses.tigetflag("am") <= 0 or _curses.tigetflag("xenl") > 0,
        moves=(_curses.tigetstr("cup") or b"").startswith(b"\x1b["),
        colours=_curses.tigetnum("colors") > 0,
    )
