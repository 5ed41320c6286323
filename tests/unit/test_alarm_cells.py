"""How an alarm is told in a cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from backend.clock import ManualClock
from backend.desk import alarms
from backend.store import Store
from screens import alarm_cells
from screens.look import Look
from tests.screens import seat_city as city


@pytest.mark.parametrize(("cleared", "told"), [(None, "3h"), (city.NOW - 2 * 3600, "1h")])
def test_a_silence_lasts_until_something_came(
    store: Store, clock: ManualClock, cleared: int | None, told: str
) -> None:
    city.build(store)
    city.alarm(store, 1, rule="offline", value=None, parameter=None, threshold=None)
    row = alarms.board(city.desk(store, "MD-S1", clock))[0]
    silent = replace(row, last=city.NOW - 3 * 3600 - 1, cleared=cleared)
    assert alarm_cells.reading(silent, Look("zh", UTC, city.NOW)).startswith(f"{told}00 ")
