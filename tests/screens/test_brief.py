"""The situation brief: there within a moment, wherever one is; read out, copied, kept, and made an order of."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, select

from backend.city.tables import DutyEntry, StandingOrder
from backend.clock import ManualClock
from backend.desk import brief
from backend.desk.desk import Desk
from backend.store import Store, table
from backend.words.say import Language
from tests.screens import loop_city as city
from tests.screens.seated import WALKS, seat

WORDS: dict[Language, tuple[str, ...]] = {
    "zh": ("态势简报", "AQI", "排名", "待派发", "超时", "尚不掌握", "样11镇"),
    "en": ("situation at", "AQI", "Rank", "to dispatch", "overdue", "Not known", "样11镇"),
}


@pytest.mark.parametrize(("language", "size"), WALKS)
async def test_the_county_head_is_on_the_phone(
    store: Store, clock: ManualClock, tmp_path: Path, size: tuple[int, int], language: Language
) -> None:
    city.build(store, tmp_path, clock.now())
    book = table(DutyEntry)
    with store.write() as connection:
        connection.execute(delete(book).where(book.c.body == "C-990001003"))
    desk = Desk.open(store, city.SEAT, clock=clock)
    async with seat(store, clock, city.SEAT, size=size, language=language) as here:
        await here.press("3", "t")
        await here.press("B")
        await here.sees(*WORDS[language])
        assert len([line for line in here.lines if line]) <= 24
        # Opening it was kept, with what it said.
        await here.until(lambda: len(brief.used(desk, 0, clock.now() + 1)) == 1)
        assert WORDS[language][0] in brief.used(desk, 0, clock.now() + 1)[0].text
        await here.press("F")
        await here.type("county head")
        await here.press("enter")
        await here.until(lambda: brief.used(desk, 0, clock.now() + 1)[0].caller == "county head")
        await here.press("I")
        await here.press("enter")
        await here.type("stop all earthwork")
        await here.press("enter", "enter")
        await here.type("60")
        await here.press("enter", "enter")
        await here.sees("stop all earthwork")
        order = table(StandingOrder)
        with store.read() as connection:
            row = connection.execute(select(order).where(order.c.kind == "instruction")).one()
        assert (row.title, row.scope, row.issued_by) == ("stop all earthwork", "990001", "county head")
        assert row.due == clock.now() + 3600
        await here.until(lambda: brief.used(desk, 0, clock.now() + 1)[0].orders == (row.code,))
        await here.press("y")
        assert "AQI" in here.app.clipboard
        # What came of it is in the brief at once, and it is one use still.
        assert "stop all earthwork" in here.app.clipboard
        assert len(brief.used(desk, 0, clock.now() + 1)) == 1
        await here.press("escape")
        assert WORDS[language][0] not in here.text
