"""The words over the charts of a hot grid, where they have little room."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from backend.desk.hottrend import HotTrend
from backend.text import width
from backend.words.say import Language
from screens.hotspots_charts import PlaceData, charts
from screens.look import Look

AT = 1_793_692_800


@pytest.mark.parametrize(("language", "last"), [("zh", "区域背景 P20"), ("en", "background P20")])
def test_the_name_is_cut_and_not_what_the_curves_are(language: Language, last: str) -> None:
    trend = HotTrend(
        "pm25", "µg/m³", 0, 3600, AT - 72 * 3600, AT, "Y-1", "Licun building site No. 059 dust 李村道路改造", 738.0,
        [(AT - 3600, 50.0)], [(AT - 3600, 40.0)], 8, [(AT - 3600, 30.0)], 20,
    )  # fmt: skip
    data = PlaceData("pm25", AT, "", "", 115.0, 35.0, None, trend, None, None, None)
    look = Look(language, ZoneInfo("Asia/Shanghai"), AT)
    for cells in (80, 100):
        title = "".join(cell.text for cell in charts(data, look, cells, 20)[0])
        assert title.endswith(last)
        assert "738 m" in title
        assert width(title) <= cells
    assert "李村道路改造" in "".join(cell.text for cell in charts(data, look, 160, 20)[0])


def trend_of(own: float, others: float, low: float) -> PlaceData:
    hours = range(AT - 72 * 3600, AT, 3600)
    trend = HotTrend(
        "pm25", "µg/m³", 0, 3600, AT - 72 * 3600, AT, "Y-1", "Licun", 738.0, [(at, own) for at in hours],
        [(at, others) for at in hours], 8, [(at, low) for at in hours], 20,
    )  # fmt: skip
    return PlaceData("pm25", AT, "", "", 115.0, 35.0, None, trend, None, None, None)


@pytest.mark.parametrize("values", [(90.0, 60.0, 30.0), (60.0, 60.0, 60.0)])
@pytest.mark.parametrize("cells", [80, 120])
def test_the_curves_are_told_apart_without_colour(values: tuple[float, float, float], cells: int) -> None:
    title, *chart = charts(trend_of(*values), Look("en", ZoneInfo("Asia/Shanghai"), AT), cells, 20)
    drawn = ["".join(cell.text for cell in row) for row in chart]
    for tone, letter in (("line", "A"), ("forecast", "B"), ("axis", "C")):
        assert next(cell.text for cell in title if cell.tone == tone).startswith(f"⠤{letter}⠤ ")
        assert sum(row.count(letter) for row in drawn) == 1
        assert any(letter in cell.text for row in chart for cell in row if cell.tone == tone)


def test_letters_over_the_chart_are_those_in_it() -> None:
    data = trend_of(90.0, 60.0, 30.0)
    title, *chart = charts(data, Look("en", ZoneInfo("Asia/Shanghai"), AT, ascii=True), 100, 20)
    for tone in ("line", "forecast", "axis"):
        mark = next(cell.text.strip()[0] for cell in title if cell.tone == tone)
        drawn = [cell.text.strip() for row in chart for cell in row if cell.tone == tone]
        assert any(len(text) > 20 and set(text) == {mark} for text in drawn), tone
