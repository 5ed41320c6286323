"""The page of a hot grid in words and charts: why, the trend beside its background, the hot hours, the three lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.text import width
from screens import telling
from screens.columns import Cell, Column
from screens.hotspots_text import amount, far, heat, network
from screens.look import MISSING, Look
from screens.widgets.cells import fit
from screens.widgets.chart import Bars, Curve, Ticks, bars, curves
from screens.widgets.sheet import Text, flow

if TYPE_CHECKING:
    from backend.desk.hotspotrows import HotGridRow, HotHours, Ladder, LadderRow, ListRow, Under
    from backend.desk.hottrend import HotTrend

DAY = 86400
HOURS_WIDE, WEEK_WIDE = 80, 36
"""Cells of the chart by hour of day, and of that by weekday beside it."""
LEAST = 7
"""Lines of a chart at least."""
MARKS = ("+", ".", "*")
"""What draws the background, the neighbours and the station without braille: over the chart and in it."""
LETTERS = ("C", "B", "A")
"""What stands on them where braille draws them all."""
ASKED = 3
"""Warnings in a row that take a grid up; told beside how many there are."""


@dataclass(frozen=True)
class PlaceData:
    """What is known of a place."""

    parameter: str
    at: int
    code: str
    """The grid's or cell's code; empty for a place that is not hot."""
    name: str
    lon: float
    lat: float
    row: HotGridRow | None
    trend: HotTrend | None
    hours: HotHours | None
    ladder: Ladder | None
    under: Under | None
    period: int = 3600
    """Seconds of the analysis step."""


def head(data: PlaceData | None, look: Look, cells: int, lines: int) -> Text:
    """What and where it is, how hot, why, and what speaks against it."""
    if data is None:
        return [[Cell(" " + look.word("ui.board.loading"), "dim")]]
    named = telling.parameter(data.parameter, look)
    first = [
        Cell(f" {data.name} ", "title"),
        Cell(f" {named} ", "strong"),
        *([Cell(f"{network(data.row.network, look)} ")] if data.row and data.row.network != "air" else ()),
        Cell(look.moment(data.at), "dim"),
        Cell("  "),
    ]
    row = data.row
    if row is None:
        first.append(Cell(look.word("maps.page.not_hot"), "dim"))
        return [first]
    first += [heat(row.heat, look), Cell(f"  {look.word(f'hotspots.kind.{row.kind}')}  ", "strong")]
    first.append(Cell(look.word("maps.lasting", since=look.moment(row.since), hours=f"{row.hours:g}")))
    told = [
        look.word("maps.page.value", value=amount(row.value, row.decimals, look), unit=row.unit,
                  background=amount(row.background, row.decimals, look),
                  rise=amount(row.increment, row.decimals, look, "+")),
        look.word("maps.page.rank", rank=row.rank, of=row.of, score=f"{row.score:.0f}"),
        f"z {row.z:.1f}" if row.z is not None else "",
        f"Gi* {row.gi:.1f}" if row.gi is not None else "",
        "" if row.measured else look.word("maps.page.not_measured", far=far(row.nearest, look)),
    ]  # fmt: skip
    found: list[Sequence[Cell]] = [first, *flow(telling.joined(told), cells - 1, "", " ")]
    for reason in row.reasons:
        found += flow(look.say(reason), cells - 3, "", "  ")
    doubts: list[Sequence[Cell]] = []
    for doubt in row.against:
        doubts += flow(look.word("maps.against", what=look.say(doubt)), cells - 3, "warn", "  ")
    # What speaks against it has its lines, however much speaks for it.
    room = max(2, lines)
    doubts = doubts[: max(1, (room - 2) // 2)]
    return [*found[: room - len(doubts)], *doubts]


def charts(data: PlaceData | None, look: Look, cells: int, lines: int) -> Text:
    """The trend, and below it the hot hours and the weekdays."""
    if data is None:
        return []
    if lines < 2 * LEAST + 3:
        upper = max(LEAST, lines - LEAST - 2) if lines >= 2 * LEAST + 2 else max(0, lines - 1)
    else:
        upper = (lines - 3) * 11 // 20
    told: list[Sequence[Cell]] = [
        _trend_title(data.trend, look, cells),
        *_trend(data.trend, look, cells, upper),
    ]
    left = lines - len(told)
    if left < LEAST:
        return told[:lines]
    return [*told, *_profile(data.hours, look, cells, left)]


def _trend_title(trend: HotTrend | None, look: Look, cells: int) -> list[Cell]:
    """What the curves are; where all of it has no room, the station's name is what is cut."""
    if trend is None:
        return [Cell(f" {look.word('maps.page.no_trend')}", "dim")]
    hours = (trend.until - trend.since) // 3600
    marks = MARKS if look.ascii else tuple(f"⠤{letter}⠤" for letter in LETTERS)
    head = f" {telling.parameter(trend.parameter, look)} {trend.unit}  {hours} h  "
    others = f"{marks[1]} {look.word('maps.page.neighbours', count=trend.others)}  "
    low = f"{marks[0]} {look.word('maps.page.background', percentile=trend.percentile)}"
    away = far(trend.metres, look)
    room = max(8, cells - sum(map(width, (head, others, low, away, marks[2]))) - 4)
    name = trend.name if width(trend.name) <= room else fit(trend.name, room).rstrip()
    return [
        Cell(head, "strong"),
        Cell(f"{marks[2]} {name} {away}  ", "line"),
        Cell(others, "forecast"),
        Cell(low, "axis"),
    ]


def _trend(trend: HotTrend | None, look: Look, cells: int, lines: int) -> Text:
    if trend is None:
        return [[] for _ in range(lines)]
    places, texts = days_of(trend.since, trend.until, look)
    low, others, own = MARKS
    lines_of = [
        Curve("forecast", trend.neighbours, others, LETTERS[1]),
        Curve("axis", trend.background, low, LETTERS[0]),
        Curve("line", trend.own, own, LETTERS[2]),
    ]
    return curves(lines_of, Ticks(places, texts), look, cells, lines)


def days_of(since: int, until: int, look: Look) -> tuple[list[float], list[str]]:
    """Where a day, or half of one, begins: the places and what stands there."""
    places, texts = list[float](), list[str]()
    step = 12 if until - since <= 4 * DAY else 24
    # Midnight is at a quarter of one of UTC's hours in some zones.
    for start in range(since - since % 900, until, 900):
        clock = look.clock(start)
        if clock[3:] == "00" and int(clock[:2]) % step == 0 and start >= since:
            places.append(float(start))
            texts.append(look.day(start) if clock == "00:00" else clock)
    return places, texts


def _profile(hours: HotHours | None, look: Look, cells: int, lines: int) -> Text:
    """Increments by hour of day, beside them by weekday where there is room, else as words."""
    if hours is None or not any(one.increment is not None for one in hours.hours):
        return [[Cell(f" {look.word('maps.page.no_hours')}", "dim")]]
    wide = cells >= HOURS_WIDE + WEEK_WIDE
    left = HOURS_WIDE if wide else cells
    title = [
        Cell(f" {look.word('maps.page.hours', days=hours.days)}  ", "strong"),
        Cell(look.word("maps.page.hot_hours"), "high"),
    ]
    words = [
        cell for line in (flow(look.say(one), cells - 1, "", " ") for one in hours.words) for cell in line
    ][:2]
    room = lines - 1 - len(words) - (0 if wide else 1)
    if room < LEAST - 1:
        words, room = words[:0], lines - 1 - (0 if wide else 1)
    by_hour = bars(
        Bars([one.increment for one in hours.hours], ["high" if one.hot else "line" for one in hours.hours]),
        Ticks(range(0, 24, 3), [f"{hour:02d}" for hour in range(0, 24, 3)]), look, left, room,
    )  # fmt: skip
    days = [look.word(f"maps.weekday.{day}") for day in range(7)]
    if not wide:
        told = [
            f"{day} {amount(value, 0, look, '+' if (value or 0) > 0 else '')}"
            for day, value in zip(days, hours.weekdays, strict=False)
        ]
        return [title, *by_hour, [Cell(fit(f" {telling.joined(told, ' ')}", cells))], *words]
    worst = max((value for value in hours.weekdays if value is not None), default=None)
    tones = ["high" if value is not None and value == worst else "line" for value in hours.weekdays]
    by_day = bars(Bars(hours.weekdays, tones), Ticks(range(7), days_short(look)), look, cells - left, room)
    title.append(Cell(" " * max(0, left - sum(_wide(cell) for cell in title))))
    title.append(Cell(f" {look.word('maps.page.weekdays')}", "strong"))
    return [title, *([*one, *other] for one, other in zip(by_hour, by_day, strict=True)), *words]


def _wide(cell: Cell) -> int:
    from rich.cells import cell_len

    return cell_len(cell.text)


def days_short(look: Look) -> list[str]:
    """Weekdays in letters that plotext measures as we do."""
    return (
        ["1", "2", "3", "4", "5", "6", "7"]
        if look.language == "zh"
        else ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    )


# The three lists, and the ladder.


def _called(row: LadderRow | ListRow, _look: Look) -> str:
    return f"{row.county_name} {row.name}".strip()


def _now(row: LadderRow, look: Look) -> str:
    return look.word("maps.now_listed") if row.now_listed else ""


def _warned(row: LadderRow, _look: Look) -> str:
    return telling.joined((month for month, _lists in row.warned[-4:]), " ")


def _stage(row: LadderRow, look: Look) -> Cell:
    tone = {"up": "critical", "next": "high", "warned": ""}.get(row.stage, "")
    told = look.word(f"maps.stage.{row.stage}")
    by = look.word(f"maps.needs.{row.needs}") if row.needs else ""
    return Cell(telling.joined((told, by), " "), tone)


LADDER: tuple[Column[LadderRow], ...] = (
    Column("stage", "maps.column.stage", _stage, 16, order=lambda row: ("up", "next", "warned").index(row.stage)),
    Column("name", "maps.column.place", _called, 16, flex=1, most=30),
    Column("consecutive", "maps.column.consecutive", lambda row, _look: f"{row.consecutive}/{ASKED}", 6, align="right",
           order=lambda row: row.consecutive),
    Column("year", "maps.column.year", lambda row, _look: str(row.in_year), 6, align="right",
           order=lambda row: row.in_year),
    Column("now", "maps.column.now", _now, 10, rank=1),
    Column("warned", "maps.column.warned", _warned, 32, rank=2, flex=1),
)  # fmt: skip


def _change(row: ListRow, _look: Look) -> Cell:
    return Cell(
        MISSING if row.change is None else f"{row.change:+.0f}%", "bad" if (row.change or 0) > 0 else ""
    )


LISTED: tuple[Column[ListRow], ...] = (
    Column("rank", "maps.column.rank", lambda row, _look: str(row.rank), 4, align="right", order=lambda row: row.rank),
    Column("name", "maps.column.place", _called, 18, flex=1, most=34),
    Column("value", "maps.column.mean", lambda row, look: look.number(row.value, 1), 8, align="right",
           order=lambda row: row.value),
    Column("before", "maps.column.before", lambda row, look: look.number(row.before, 1), 8, align="right", rank=1,
           order=lambda row: row.before),
    Column("change", "maps.column.change", _change, 7, align="right", order=lambda row: row.change),
    Column("days", "maps.column.days", lambda row, _look: Cell(str(row.days), "" if row.valid else "warn"), 5,
           align="right", rank=2, order=lambda row: row.days),
)  # fmt: skip
