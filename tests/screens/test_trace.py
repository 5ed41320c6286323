"""The page of source tracing: found from a station by one key, told at both sizes and in both languages, acted on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from sqlalchemy import func, select, update

from backend.analysis.sources.cpf import Directions
from backend.analysis.sources.many import trace_many
from backend.analysis.sources.reasons import reason
from backend.analysis.sources.trace import Question, trace
from backend.analysis.tables import TraceAnswer
from backend.city.registry import City
from backend.city.tables import Source, Station
from backend.clock import ManualClock
from backend.desk import sourceacts, sources
from backend.incidents.tables import Evidence
from backend.store import Store, table
from backend.store.readings import Book, ReadingRow, write
from backend.tasks.tables import Task
from backend.words import Message
from screens.look import Look
from screens.trace_text import below, head
from screens.widgets.polar import cpf_lines, polar_lines
from tests.screens import seat_city as city
from tests.screens.seated import seat

EAST, STRONG = 90.0, 3.0
AGAINST: tuple[tuple[str, float, dict[str, Any]], ...] = (
    ("misfits", -1.0, {"percent": 3, "km": "2 km", "direction": 90}),
    ("silent", 0.0, {"count": 2, "of": 5, "names": "A / B"}),
)
"""A piece of evidence against a candidate, and that stations speak against it."""
TABLE = Directions(
    "pm25", 30, 75.0, 0.75, 12,
    tuple((20 * place, 5 * place, None if place == 3 else place / 16) for place in range(16)),
    (0.5, 1.5, 2.5, 3.5, 5.0, 7.5),
    tuple(tuple(None if (ring + place) % 5 == 0 else float(ring * place) for place in range(16)) for ring in range(6)),
)  # fmt: skip


def risen(store: Store) -> None:
    """Hours in which the wind comes from the west and the dust instrument of a site rises, with those east of it."""
    city.build(store)
    with store.write() as connection:
        numbers = {row.code: row.id for row in connection.execute(select(table(Station)))}
        for code, lon in (("GD-S1", 115.4805), ("QY-S1", 115.5105)):
            of = table(Source)
            connection.execute(update(of).where(of.c.code == code).values(lon=lon, lat=35.2004))
    rows = []
    for back in range(6):
        start = city.NEWEST - back * city.HOUR
        for name, value in (("wind_speed", 2.5), ("wind_dir", 270.0)):
            rows.append(ReadingRow(start, numbers["QX001"], city.CODES[name], 3600, value, "", 1, "", 0, 1))
        for code, value in (("GD001", 480.0), ("1236A", 130.0), ("GD002", 300.0)):
            rows.append(
                ReadingRow(start, numbers[code], city.CODES["pm10"], 3600, value - back, "", 1, "", 0, 1)
            )
    with store.bulk() as connection:
        write(connection, rows, Book({}, lambda at: at - at % 86400), city.NOW)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cells", [78, 60, 118])
def test_direction_tables_have_exact_widths(cells: int, language: Any, ascii_only: bool) -> None:
    look = Look(language=language, ascii=ascii_only)
    for line in cpf_lines(TABLE, look, cells):
        assert sum(cell_len(cell.text) for cell in line) in (cells, cells - cells % 2)
    disc = polar_lines(TABLE, look, 11)
    assert len({sum(cell_len(cell.text) for cell in line) for line in disc}) == 1
    if ascii_only and language == "en":
        assert all(cell.text.isascii() for line in [*disc, *cpf_lines(TABLE, look, cells)] for cell in line)


def test_an_empty_table_is_drawn_too() -> None:
    empty = replace(TABLE, sectors=((0, 0, None),) * 16, polar=((None,) * 16,) * 6)
    assert cpf_lines(empty, Look(), 78)
    assert polar_lines(empty, Look(), 9)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_one_key_answers_at_a_station(
    store: Store, clock: ManualClock, size: tuple[int, int], language: Any
) -> None:
    risen(store)
    async with seat(store, clock, "MD-S1", size=size, language=language) as seen:
        await seen.press("2")
        await seen.until(lambda: seen.screen.NAME == "stations" and seen.board.row is not None)
        await seen.press("f")
        await seen.until(lambda: seen.screen.NAME == "trace" and seen.screen.data is not None)
        await seen.sees("污染溯源" if language == "zh" else "Source tracing", "%")
        await seen.sees("均不是" if language == "zh" else "none of these")
        await seen.press("right", "right")
        await seen.sees("后向轨迹" if language == "zh" else "Back-trajectory")
        await seen.press("escape")
        await seen.until(lambda: seen.screen.NAME == "stations")


def test_a_dispatch_takes_its_evidence_with_it_and_the_answer_is_kept(
    store: Store, clock: ManualClock
) -> None:
    risen(store)
    desk = city.desk(store, "MD-S1", clock)
    question = sources.asked(desk, station="GD001", parameter="pm10")
    page = sources.page(desk, question)
    assert page is not None
    best = page.answer.ranked[0]
    assert best.source.code == "GD-S1"
    proposed = sourceacts.proposal(desk, page.answer, best)
    assert proposed.sending.rows
    assert "PM10" in proposed.reason
    outcome = sourceacts.dispatch(desk, question, page.answer, "GD-S1")
    assert outcome.ok, outcome.message
    with store.read() as connection:
        kept = connection.execute(select(table(TraceAnswer))).one()
        task = connection.execute(select(table(Task)).where(table(Task).c.id == kept.task)).one()
        evidence = table(Evidence)
        count = connection.execute(select(func.count()).where(evidence.c.task == kept.task)).scalar_one()
    assert kept.source == "GD-S1"
    assert kept.probability == pytest.approx(best.probability)
    assert task.state == "DISPATCHED"
    assert count > 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("lines", [6, 7, 9, 30])
@pytest.mark.parametrize("speaks", AGAINST)
def test_where_room_is_short_what_speaks_against_is_not_what_is_cut(
    store: Store, clock: ManualClock, speaks: tuple[str, float, dict[str, Any]], lines: int, language: Any
) -> None:
    risen(store)
    desk = city.desk(store, "MD-S1", clock)
    page = sources.page(desk, sources.asked(desk, station="GD001", parameter="pm10"))
    assert page is not None
    for_it = [reason("fits", 2.0, percent=place, km="1 km", direction=90) for place in range(9)]
    against = [reason(code, weight, **args) for code, weight, args in [speaks]]
    row = replace(page.answer.ranked[0], reasons=(*for_it, *against))
    told = below(page, row, False, Look(language=language), 78, lines, "why")
    assert len(told) <= lines
    texts = ["".join(cell.text for cell in line) for line in told]
    assert any(text.startswith(" -" if speaks[1] else " =") for text in texts)
    shown = sum(text.startswith((" +", " -", " =")) for text in texts)
    left = {"zh": f"另有{10 - shown}条", "en": f"room: {10 - shown}"}[language]
    assert (shown == 10) != (left in texts[0])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cells", [80, 120])
def test_no_note_is_cut_and_what_does_not_fit_is_counted_and_told_elsewhere(
    store: Store, clock: ManualClock, cells: int, language: Any
) -> None:
    risen(store)
    desk = city.desk(store, "MD-S1", clock)
    page = sources.page(desk, sources.asked(desk, station="GD001", parameter="pm10"))
    assert page is not None
    codes = ("wind_gap", "suspect", "no_readings", "own_quiet", "no_wind", "lone", "no_signal")
    notes = tuple(Message(f"sources.note.{code}", {"name": "A"}) for code in codes)
    noted, look = replace(page, answer=replace(page.answer, notes=notes)), Look(language=language)
    top = ["".join(cell.text for cell in line) for line in head(noted, look, cells)]
    under = [
        "".join(cell.text for cell in line) for line in below(noted, None, False, look, cells, 20, "wind")
    ]
    assert len(top) <= 6
    shown, rest = (sum(line.startswith(" ! ") for line in lines) for lines in (top, under))
    assert shown + rest == len(notes)
    assert shown
    assert rest
    assert f"!{rest}" in under[0]
    assert [line for line in [*top, under[0]] if cell_len(line) > cells] == []


def test_the_station_that_is_asked_about_is_among_those_that_are_told(
    store: Store, clock: ManualClock
) -> None:
    risen(store)
    desk = city.desk(store, "MD-S1", clock)
    page = sources.page(desk, sources.asked(desk, station="GD001", parameter="pm10"))
    assert page is not None
    last = tuple(sorted(page.answer.witnesses, key=lambda one: one.code == "GD001"))
    turned = replace(page, answer=replace(page.answer, witnesses=(*last[:-1], *[last[0]] * 8, last[-1])))
    text = "\n".join(
        "".join(cell.text for cell in line)
        for line in below(turned, None, False, Look(language="zh"), 78, 8, "wind")
    )
    assert "GD001" in text
    assert f"共{len(turned.answer.witnesses)}个，列出4个" in text


async def test_an_industry_is_told_in_the_readers_language(store: Store, clock: ManualClock) -> None:
    risen(store)
    with store.write() as connection:
        connection.execute(update(table(Source)).values(industry="房屋建筑"))
    async with seat(store, clock, "MD-S1", language="en") as seen:
        seen.screen.shell.open_page("trace", "station:GD001|pm10")
        await seen.sees("building construction")
        assert "房屋建筑" not in seen.text


async def test_d_sends_somebody_from_the_page(store: Store, clock: ManualClock) -> None:
    risen(store)
    async with seat(store, clock, "MD-S1") as seen:
        seen.screen.shell.open_page("trace", "station:GD001|pm10")
        await seen.until(lambda: seen.screen.NAME == "trace" and seen.screen.data is not None)
        await seen.sees("锦绣花园三期", "拟派：网格员")
        await seen.press("d")
        await seen.sees("派人核查 锦绣花园三期")
        await seen.press("1")
        await seen.until(lambda: _sent(store))
        await seen.press("r")
        await seen.sees("上次据此派发", "GD-S1")


def _sent(store: Store) -> bool:
    with store.read() as connection:
        return bool(connection.execute(select(func.count()).select_from(table(TraceAnswer))).scalar())


def test_many_at_once_say_what_one_says(store: Store) -> None:
    risen(store)
    with store.read() as connection:
        known = City.read(connection)
        numbers = [station.id for station in known.stations.values() if station.code in ("1236A", "XZ003")]
        several = trace_many(connection, known, "pm10", city.NOW, numbers)
        alone = trace(connection, known, Question("pm10", city.NOW, None, numbers[0]))
    assert [answer.station for answer in several] == ["1236A", "XZ003"]
    assert alone is not None
    assert several[0].start == alone.start
    for answer in several:
        assert sum(one.probability for one in answer.ranked) + answer.none == pytest.approx(1.0)


def test_bad_questions_are_refused_in_words(store: Store, clock: ManualClock) -> None:
    city.build(store)
    desk = city.desk(store, "MD-S1", clock)
    wrong: tuple[dict[str, Any], ...] = (
        {"station": "X"}, {"grid": "X"}, {"alarm": 9}, {"parameter": "xyz"}, {"station": "NEW01", "parameter": "x"}
    )  # fmt: skip
    for given in wrong:
        with pytest.raises(sources.SourcesError):
            sources.asked(desk, **given)


@pytest.mark.parametrize("way", ["3", "0"])
async def test_an_alarm_and_a_row_of_the_triage_desk_lead_there(
    store: Store, clock: ManualClock, way: str
) -> None:
    risen(store)
    city.alarms(store)
    async with seat(store, clock, "MD-S1") as seen:
        await seen.press(way)
        name = {"3": "alarms", "0": "triage"}[way]
        await seen.until(lambda: name == seen.screen.NAME and seen.board.row is not None)
        await seen.press("f")
        await seen.until(lambda: seen.screen.NAME == "trace")
        await seen.sees("污染溯源")


async def test_what_does_not_come_by_air_is_refused_in_words(store: Store, clock: ManualClock) -> None:
    risen(store)
    async with seat(store, clock, "MD-S1") as seen:
        seen.screen.shell.open_page("trace", "station:SW001")
        await seen.until(lambda: seen.screen.NAME == "trace")
        await seen.sees("没有可溯源的监测因子")
        seen.screen.shell.open_page("trace", "station:SW001|ph")
        await seen.sees("不能按风溯源")
