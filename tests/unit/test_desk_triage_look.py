"""The look of the triage desk as text, in both languages and sizes: nothing passes its edge, nothing is left out."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from backend.clock import ManualClock
from backend.desk import triage, triagelook
from backend.desk.vicinity import Wind, Winds
from backend.store import Store
from backend.words.say import Language
from screens.look import Look
from screens.triage_look import PARTS, _upwind, compass, write
from tests.screens import seat_city as city


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("cells", "lines"), [(80, 11), (56, 37), (60, 30), (60, 26)])
def test_it_keeps_within_its_lines(
    store: Store, clock: ManualClock, language: Language, cells: int, lines: int
) -> None:
    city.build(store)
    city.alarms(store)
    desk = city.desk(store, "MD-S1", clock)
    desk.speak(language)
    look = Look(language=language, now=clock.now())
    for row in triage.queue(desk):
        data = triagelook.look(desk, row.item)
        for part in PARTS:
            told = write(row, data, look, cells, lines, part=part)
            assert len(told) <= lines, part
            for code in ("triage.", "taskscreen.", "station."):
                assert not any(cell.text.startswith(code) for line in told for cell in line)
            # What is cut at the edge is the end of a line of reasons or of a name, never a column.
            assert all(cell_len(line[0].text) <= cells for line in told if line)


@pytest.mark.parametrize(
    ("degrees", "word"), [(0, "北"), (44, "东北"), (180, "南"), (337, "西北"), (359, "北")]
)
def test_a_direction_is_one_of_eight(degrees: float, word: str) -> None:
    assert compass(degrees, Look()) == word


@pytest.mark.parametrize(
    ("degrees", "blows_from", "speed", "upwind"),
    [
        (10, 350, 2.0, True),
        (180, 0, 2.0, False),
        (45, 90, 2.0, True),
        (46, 92, 2.0, False),
        (10, 350, 0.0, False),
    ],
)
def test_upwind_is_where_the_wind_comes_from(
    degrees: float, blows_from: float, speed: float, upwind: bool
) -> None:
    assert _upwind(degrees, Winds("x", 1.0, [Wind(0, speed, blows_from)])) is upwind
