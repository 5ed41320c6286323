"""Industries 行业 by their English names: a pack tells them in Chinese, in words of its own or as GB/T 4754 does.

The list has the major groups 大类 of GB/T 4754-2017 that have works (mining, manufacturing, power, construction), and
what cities call their works and sites every day.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from backend.words.say import Language

_CODE = re.compile(r"[A-T]?(\d\d)\d{0,2}")
"""A class of GB/T 4754: the section's letter, the major group, and what parts it further."""


@cache
def _listed() -> Mapping[str, tuple[str, str]]:
    """Codes and Chinese names, each with both names."""
    text = files("backend.city").joinpath("data/industries.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        for key in filter(None, (row["code"], row["name"], row["name"].removesuffix("业"))):
            found.setdefault(key, (row["name"], row["name_en"]))
    return found


def industry(told: str, language: Language) -> str:
    """What a pack says of a source's industry, for a reader of this language; as it is where it is in no list.

    A code is told by the name of its major group; a name may have a figure behind it (``燃煤发电 700 MW``).
    """
    if code := _CODE.fullmatch(told):
        zh, en = _listed().get(code[1], ("", ""))
        name = zh if language == "zh" else en
        return f"{told} {name}" if name else told
    name, blank, rest = told.partition(" ")
    if language == "zh" or name not in _listed():
        return told
    return _listed()[name][1] + blank + rest
