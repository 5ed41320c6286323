"""The forecast on the screen: the board of days, what forecasts are worth, a station's chart."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from backend.desk.forecast import DayCell, Hours, SkillRow, Standing, StationDays
from backend.words import Message
from screens.forecast import COLUMNS
from screens.forecast_chart import draw, skill_lines
from screens.look import Look

AT = 1_793_692_800


def looks() -> list[Look]:
    """Both languages, and the letters of a poor terminal."""
    zone = ZoneInfo("Asia/Shanghai")
    return [Look("zh", zone, AT), Look("en", zone, AT), Look("en", zone, AT, ascii=True)]


def hours(**changed: object) -> Hours:
    """A day measured, three days forecast."""
    told: dict[str, object] = {
        "station": "S1", "name": "东关", "parameter": "pm25", "unit": "µg/m³", "start": AT - 86400,
        "observed": tuple(float(40 + n) for n in range(24)), "at": AT, "value": (60.0,) * 72, "low": (30.0,) * 72,
        "high": (120.0,) * 72, "last_at": AT - 86400, "last": (50.0,) * 72, "parameters": ("pm25",),
    }  # fmt: skip
    return Hours(**{**told, **changed})  # type: ignore[arg-type]


def text(lines: object) -> str:
    return "\n".join("".join(cell.text for cell in line) for line in lines)  # type: ignore[attr-defined]


def standing(gain: float = 0.2, *warnings: Message) -> Standing:
    skill = SkillRow("pm25", "days", 14, 1.0 - gain, 1.2, 1.0, None, 0.81)
    return Standing(AT, AT, AT, True, (skill,), warnings)


def test_the_chart_has_all_four_and_its_size() -> None:
    for look in looks():
        drawn = draw(hours(), look, 80, 12)
        assert len(drawn) == 12
        told = text(drawn)
        for letter in ("o", "=", ":", ".") if look.ascii else ("▪", "▬", ":", "⋅"):
            assert letter in told
        assert all(sum(len(cell.text) for cell in line) <= 80 for line in drawn)


def test_a_chart_of_nothing_says_so() -> None:
    look = next(iter(looks()))
    none = (float("nan"),) * 72
    drawn = draw(hours(value=none, low=none, high=none, observed=(None,) * 24, last_at=None), look, 80, 12)
    assert look.word("forecast.empty") in text(drawn)


def test_what_it_is_worth_is_said_with_the_warning() -> None:
    for look in looks():
        warned = Message("forecast.warn.no_better", {"parameters": "pm25"})
        told = text(skill_lines(standing(-0.1, warned), (), look, 80))
        assert "-10%" in told
        assert "81%" in told
        assert "pm25" in told
        assert "+20%" in text(skill_lines(standing(0.2), (), look, 80))


def test_whether_weather_to_come_was_used_is_said_with_its_hours() -> None:
    for look in looks():
        without = text(skill_lines(replace(standing(), hours=72), (), look, 80))
        assert look.word("forecast.no_weather", count=0, of=72)[:20] in without
        used = text(skill_lines(replace(standing(), hours=72, weather_hours=48), (), look, 80))
        assert look.word("forecast.weather", count=48, of=72) in used
        assert look.word("forecast.no_weather")[:20] not in used


def test_a_days_cell_says_level_index_and_probability() -> None:
    day = DayCell(AT, (10, 20, 40, 20, 10, 0), 130, 60, 210, "pm25", 0, 3)
    row = StationDays("S1", "东关", "air", "X1", (day,))
    for look in looks():
        cells = {column.key: column.cell(row, look) for column in COLUMNS}
        said = str(cells["day0"])
        assert "130" in said
        assert "70%" in said
        assert look.word("station.level.3") in said
