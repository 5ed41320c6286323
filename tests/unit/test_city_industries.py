"""Industries are told in the reader's language where they are in the list, and as the pack has them elsewhere."""

from __future__ import annotations

import csv
import gzip
import io

import pytest

from backend.city.industries import industry
from backend.city.packs import heze_path


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ("化工", "化工", "chemicals"),
        ("家具制造业", "家具制造业", "furniture"),
        ("燃煤发电 700 MW", "燃煤发电 700 MW", "coal power 700 MW"),
        ("C3011", "C3011 非金属矿物制品业", "C3011 non-metallic mineral products"),
        ("26", "26 化学原料和化学制品制造业", "26 chemical raw materials and products"),
        ("99", "99", "99"),
        ("炼糖", "炼糖", "炼糖"),
        ("", "", ""),
    ],
)
def test_an_industry_is_told_in_the_readers_language(told: str, zh: str, en: str) -> None:
    assert industry(told, "zh") == zh
    assert industry(told, "en") == en


def test_every_industry_of_the_replayed_city_has_its_english_name() -> None:
    path = next(heze_path().glob("sources.csv*"))
    with gzip.open(path) as packed:
        rows = list(csv.DictReader(io.TextIOWrapper(packed, "utf-8-sig")))
    assert not [row["industry"] for row in rows if not industry(row["industry"], "en").isascii()]
