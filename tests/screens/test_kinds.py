"""What kind of source or station something is, in words: the product's own kinds, and those of a city."""

from __future__ import annotations

import re

import pytest

from backend.words import entry
from backend.words.entries.pack_columns import COLUMNS
from backend.words.say import Language
from screens.look import Look
from screens.telling import source_kind, station_kind
from tests.screens.harness import NOW


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_kind_that_a_pack_may_name_has_a_word(language: Language) -> None:
    look = Look(language=language, now=NOW)
    named = re.findall("[a-z_]{4,}(?=,)", COLUMNS["sources.kind"][1])
    assert "field" in named
    for kind in named:
        assert source_kind(kind, look) == entry(f"place.kind.{kind}", language), kind


def test_a_kind_of_the_citys_own_is_told_as_its_pack_has_it() -> None:
    look = Look(language="en", now=NOW)
    assert source_kind("brick_kiln", look) == "brick_kiln"
    assert station_kind("odour", look) == "odour"
