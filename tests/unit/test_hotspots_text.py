"""The words over and beside the map of hot grids: whole at every width, and one increment for one thing."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from backend.text import width
from backend.words import Message
from backend.words.say import Language
from screens import hotspots_text as told
from screens.columns import Cell
from screens.hotspots_charts import head
from screens.hotspots_export import cells, geojson, table
from screens.hotspots_read import Asked, Layer, Seen
from screens.look import Look
from tests.screens import hot_city, seat_city

ASKED = Asked("pm25", Layer("grid", 4, 1000), seat_city.NEWEST)


def line(cells: list[Cell]) -> str:
    """What a line says."""
    return "".join(cell.text for cell in cells)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cells", [72, 80, 100, 120, 200])
def test_the_line_over_the_map_leaves_out_whole_things(language: Language, cells: int) -> None:
    look, seen = Look(language=language, now=ASKED.at + 12 * 3600), hot_city.seen(ASKED)
    old = look.word("maps.old", age=look.span(12 * 3600 + 1200))
    said = line(told.title(ASKED, seen, "rise", look, state=[Cell(f"{old}  ", "warn")], cells=cells))
    assert old in said
    assert look.word("maps.hot_count", count=2) in said
    assert width(said.rstrip()) <= max(cells, 80)
    ends = (look.word("maps.hot_count", count=2), "µg/m³", "12", "9")
    assert said.rstrip().endswith(ends)


def test_a_background_that_differs_is_told_as_a_range() -> None:
    seen = hot_city.seen(ASKED)
    seen.map.backgrounds[next(at for at, known in enumerate(seen.map.mask) if known > 1)] = 21.0
    assert "21-28 µg/m³" in line(told.title(ASKED, seen, "rise", Look(language="en"), state=[]))


def test_a_square_rises_over_its_own_background() -> None:
    seen = hot_city.seen(ASKED)
    square = next(at for at, known in enumerate(seen.map.mask) if known > 1)
    seen.map.values[square], seen.map.backgrounds[square] = 60.0, 10.0
    assert seen.rise(square) == 50.0
    said = [line(list(one)) for one in told.under_cursor(seen, square, 1, None, Look(language="en"), 60)]
    assert any("+50 over background 10" in one for one in said)
    frame = seen.frame("rise", seen.scale("rise"))
    assert frame.classes[square] == seen.scale("rise").of(50.0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_hot_in_another_network_has_a_row_of_its_own_and_says_so(language: Language) -> None:
    look, air = Look(language=language), hot_city.hot_row(ASKED, 0)
    dust = replace(air, network="dust", increment=119.0, value=132.0, heat="watch")
    seen = Seen(ASKED, hot_city.cell_map(ASKED), [air, dust], "2026")
    assert air.key != dust.key
    # Of two at one place the hotter one has the mark.
    assert list(seen.frame("rise", seen.scale("rise")).marks.values()) == [0]
    rows = [told.Turned(row, turn, seen.map.network) for turn, row in enumerate(seen.rows)]
    places = [told.COLUMNS[1].show(row, look) for row in rows]
    assert look.word("maps.network.dust") not in str(places[0])
    assert look.word("maps.network.dust") in str(places[1])
    hot = told._hot(seen, dust, look, 60)
    assert hot[0][0].text == " B "
    assert "132" in line(hot[1])
    assert "+119" in line([*hot[1], *hot[2]])
    assert "+119" not in "".join(line(one) for one in told._hot(seen, air, look, 60))


@pytest.mark.parametrize("lines", [4, 8])
def test_the_page_tells_what_speaks_against_it_however_much_speaks_for_it(lines: int) -> None:
    look, row = Look(language="en"), hot_city.hot_row(ASKED, 1)
    row = replace(row, network="dust", reasons=list(row.reasons) * 6)
    data = replace(hot_city.place(f"pm25|{ASKED.at}|G1"), row=row)
    said = [line(list(one)) for one in head(data, look, 80, lines)]
    assert len(said) == lines
    assert said[-1].strip().startswith("But: ")
    assert "dust" in said[0]


def test_what_is_kept_as_a_file_adds_up() -> None:
    seen = hot_city.seen(ASKED)
    square = next(at for at, known in enumerate(seen.map.mask) if known > 1)
    seen.map.values[square], seen.map.backgrounds[square] = 60.0, 10.0
    told = dict(cells(seen))[square]
    assert (told["value"], told["background"], told["increment"]) == (60.0, 10.0, 50.0)
    for row in csv.DictReader(io.StringIO(table(seen))):
        if row["value"]:
            over = max(0.0, float(row["value"]) - float(row["background"]))
            assert over == pytest.approx(float(row["increment"]), abs=0.11)
    hot = [
        one["properties"]
        for one in json.loads(geojson(seen, Look()))["features"]
        if "rank" in one["properties"]
    ]
    assert {one["network"] for one in hot} == {"air"}


def test_a_hot_county_is_hot_all_over_and_not_at_its_middle_alone() -> None:
    look = Look(language="en")
    county = replace(hot_city.hot_row(ASKED, 0), code="371702", level=2)
    seen = Seen(ASKED, hot_city.cell_map(ASKED), [county], "2026")
    middle = seen.lattice.square(county.lon, county.lat)
    square = next(at for at, known in enumerate(seen.map.mask) if known > 1 and at != middle)
    below = hot_city.under(*seen.lattice.place(square))
    assert "371702" in {code for _level, code, _name in below.path}
    assert told.hot_at(seen, square, below) == [county]
    assert told.hot_at(seen, square, None) == []
    assert any(" A " in line(list(one)) for one in told.under_cursor(seen, square, 1, below, look, 60))
    notes = [
        Message("hotspots.note.misplaced", {"station": "Pad 9"}),
        Message("hotspots.note.silent", {"count": 3, "of": 9}),
    ]
    noted = Seen(seen.asked, replace(seen.map, notes=notes), seen.rows, seen.edition)
    lines = [line(list(one)) for one in told.under_cursor(noted, square, 1, below, look, 60)]
    assert any("Pad 9 lies outside the city" in one for one in lines), (
        "what was left out is told on the map too"
    )
    assert not any("have no value" in one for one in lines), "how many are silent stands over the map"
