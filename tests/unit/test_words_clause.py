"""A clause in the reader's language: none of those that a page shows is left in English."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

import pytest

from backend.words.clause import clause

TABLES = ("validity", "gb3095", "gb3838", "dust_rules", "aqi_breakpoints", "aqi_levels")


@pytest.mark.parametrize("name", TABLES)
def test_no_clause_is_left_in_english(name: str) -> None:
    text = files("backend.standards").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    for cited in {row["clause"] for row in csv.DictReader(text.splitlines())}:
        assert clause(cited, "en") == cited
        assert not re.search(r"[a-z]{2,}|Table", clause(cited, "zh")), cited


def test_a_table_is_cited_as_the_standard_has_it() -> None:
    assert clause("GB 3095-2026 Table 4", "zh") == "GB 3095-2026 表4"
    assert (
        clause("GB 3838-2002 Table 1 item 8 (lakes and reservoirs)", "zh")
        == "GB 3838-2002 表1第8项（湖、库）"
    )
    assert clause("my own rule", "zh") == "my own rule"
