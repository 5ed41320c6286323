"""What the terminal can write, as far as its environment tells: all of Unicode, or ASCII alone.

The locale decides, as it does for every program; the interpreter itself would write UTF-8 under ``LANG=C`` too. Where
no locale is set at all (containers, bare logins) a terminal of today is taken to know UTF-8; a Linux console and the
DEC family are not, and have no letters for shapes and braille under any locale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from backend.words import Message

LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
"""What is asked for the locale of letters, in this order; the first that is set decides."""
_FEW_LETTERS = re.compile(r"linux|vt\d|ansi|cons\d|sun|wyse|dec")
"""Beginnings of the names (``TERM``) of terminals that have no shapes: Linux's own console, and what came before."""
_COLOURLESS = re.compile(r"vt(?:52|1\d\d|2[0-3]\d|3[02]0|4[02]0)(?!.*color)")
"""Names of the DEC family that knew bold, underline and reverse alone."""
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What the interpreter puts into ``LC_CTYPE`` by itself where the locale is C, or one that is not there (PEP 538)."""
_BORN_WITH = Path("/proc/self/environ")


class Charset(NamedTuple):
    """What may be written."""

    unicode: bool
    """Anything but ASCII at all; without it nothing else leaves, and the words are English."""
    shapes: bool
    """Shapes, braille, arrows: False draws with ASCII."""
    named: str
    """What said so: ``LANG=C``, ``TERM=vt100``."""


def charset(environ: Mapping[str, str], *, born_with: Path = _BORN_WITH) -> Charset:
    """What the terminal of this environment can write."""
    name, value = _locale(environ, born_with)
    term = environ.get("TERM", "")
    few = _FEW_LETTERS.match(term) is not None
    if not value:
        return Charset(not few, not few, f"TERM={term}" if few else "")
    unicode = value.partition(".")[2].partition("@")[0].lower().replace("-", "") == "utf8" or value == "UTF-8"
    return Charset(unicode, unicode and not few, f"TERM={term}" if unicode and few else f"{name}={value}")


def no_unicode(named: str) -> Message:
    """What to say of a terminal without Unicode: what said so, and which variable would say otherwise."""
    variable = named.partition("=")[0]
    return Message(
        "line.no_unicode", {"named": named, "mend": variable if variable in LOCALE else LOCALE[-1]}
    )


def colourless(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is known by its name to have no colours at all."""
    return _COLOURLESS.match(environ.get("TERM", "")) is not None


def _locale(environ: Mapping[str, str], born_with: Path) -> tuple[str, str]:
    """The variable that decides and its value; empty where no locale is set."""
    for name in LOCALE:
        value = environ.get(name, "")
        if not value or (name == "LC_CTYPE" and value in _COERCED and _by_interpreter(environ, born_with)):
            continue
        return name, value
    return "", ""


def _by_interpreter(environ: Mapping[str, str], born_with: Path) -> bool:
    """Whether it was not the person who set ``LC_CTYPE``: the process was not started with it."""
    try:
        return b"\0LC_CTYPE=" not in b"\0" + born_with.read_bytes()
    except OSError:
        return environ.get("LANG", "") in ("C", "POSIX")
