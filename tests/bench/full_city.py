"""A full city at work, as the terminal's benches show it: readings, alarms that wait, open tasks, hot grids."""

from __future__ import annotations

import time
from pathlib import Path

TASKS = 120
ALARMS = 120
FEEDS = 120
HOUR = 3600


def build(folder: str) -> tuple[str, str]:
    """The city with a day of its readings, two days of the air's, 120 alarms, 120 tasks, 129 feeds; and a seat of it.

    Nothing was raised within two hours but these alarms, one an hour: in a flood the board of alarms would open on what
    belongs together, which is one line.
    """
    from sqlalchemy import select, update

    from backend.alarms.tables import Alarm, AlarmAct
    from backend.city.tables import Grid
    from backend.desk.desk import Desk
    from backend.feeds.tables import Feed
    from backend.store import Store, table
    from tests.bench.map_bytes import fill as with_hours
    from tests.bench.start import city_store
    from tests.bench.triage import COUNTY
    from tests.bench.triage import fill as with_alarms
    from tests.unit.task_world import draft

    path, _ = city_store(folder, readings=150_000)
    with_hours(path)
    person, _ = with_alarms(path, ALARMS)
    store = Store.open(path)
    grid = table(Grid)
    now = int(time.time())
    with store.write() as connection:
        for rows, at in ((table(Alarm), "presented"), (table(AlarmAct), "at")):
            connection.execute(
                update(rows).where(rows.c[at] > now - 2 * HOUR).values({at: rows.c[at] - 2 * HOUR})
            )
        feeds = table(Feed)
        shown = [dict(one) for one in connection.execute(select(feeds).order_by(feeds.c.id)).mappings()]
        for number in range(FEEDS):
            one = shown[number % len(shown)]
            code, name = f"{one['code']}-{number:02}", f"{one['name']} {number:02}"
            row = {column: value for column, value in one.items() if column != "id"}
            connection.execute(feeds.insert().values(row | {"code": code, "name": name, "from_pack": False}))
        under = (
            select(grid.c.code)
            .where(grid.c.code.startswith(COUNTY), grid.c.level == 4)
            .order_by(grid.c.code)
            .limit(TASKS)
        )
        for number, code in enumerate(connection.execute(under).scalars().all()):
            priority = ("critical", "high", "medium", "low")[number % 4]
            draft(
                connection,
                now - 60 * number,
                priority,
                grid=code,
                type="air_quality",
                title=f"样例任务 {number:03}",
            )
    hot = Desk.open(store, person)
    hot.settle()
    store.close()
    return path, person


def cached(path: Path) -> tuple[str, str]:
    """The same, kept in a folder: building it takes half a minute. It is built anew when it is of another hour."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = path / "built"
    hour = str(int(time.time()) // 3600)
    if mark.exists():
        built, store, person = mark.read_text("utf-8").split("\n")
        if built == hour and Path(store).exists():
            return store, person
    for old in path.glob("city.db*"):
        old.unlink()
    store, person = build(str(path))
    mark.write_text(f"{hour}\n{store}\n{person}", "utf-8")
    return store, person
