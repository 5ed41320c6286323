"""A clause of a standard in the reader's language: the tables cite them in English, and a Chinese page says 表4.

A city's own rule may cite whatever it likes: what is not known here stays as it is written.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from backend.words.say import Language, entry, word

PARTS: Final = (
    (re.compile(r"Tables? (?P<number>\d+(-\d+)?)"), "table"),
    (re.compile(r" note (?P<number>\w+)"), "note"),
    (re.compile(r" item (?P<number>\d+)"), "item"),
    (re.compile(r" and Annex (?P<number>[A-Z])"), "annex"),
    (re.compile(r" limits from (?P<day>[-\d]+)"), "since"),
    (re.compile(r" limits to (?P<day>[-\d]+)"), "until"),
)
"""What has a number in it."""
WHOLE: Final = (
    "february", "oxygen", "lakes_only", "lakes", "site_hour", "built_up", "suburbs", "earthwork", "structure",
)  # fmt: skip
"""What is replaced as it stands."""


def clause(cited: str, language: Language) -> str:
    """A clause as the tables cite it, in words of this language."""
    if language == "en":
        return cited
    for name in WHOLE:
        code = f"standard.clause.{name}"
        cited = cited.replace(entry(code, "en") or code, word(code, language))
    for form, name in PARTS:
        code = f"standard.clause.{name}"
        cited = form.sub(partial(_part, code, language), cited)
    return cited


def _part(code: str, language: Language, found: re.Match[str]) -> str:
    return word(code, language, **found.groupdict())
