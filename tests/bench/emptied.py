"""What does each sweep's look at who has left cost, at a city's size: 184 centres, 100,000 open tasks?

    python -m tests.bench.emptied [--tasks 100000] [--times 20]

Heze's own pack is loaded, so that centres, members and the duty book are the city's; the tasks are spread over its
townships and states. Told apart: a look at which nobody has left, which every sweep pays, and one at which a township
has emptied, without the planning of its tasks.

Figures of 2026-11-22, 2 cores (AMD EPYC) shared with much other work (load 12), 24 GB, Debian 12, Python 3.11.7: 36 to
38 ms of CPU at best in every case (up to 130 on the loaded machine), 88 to 119 ms by its clock at best. 70 before
tasks had an index by what they wait for and where; most of what is left reads the duty book of all members.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from backend.city.load import load_pack
from backend.city.packs import heze_path
from backend.city.tables import Centre, Grid
from backend.escalation import emptied
from backend.store import Store, table
from backend.tasks.rows import COLUMNS, TASK
from backend.tasks.taskstate import TaskState
from tests.bench.month_county import START

PART: Final = 5000
HOUR: Final = 3600
STATES: Final = (
    "DRAFT", "OPEN", "DISPATCHED", "DISPATCHED", "ACCEPTED", "ACCEPTED", "ON_SITE", "ON_SITE", "ON_SITE", "REPORTED",
)  # fmt: skip
CENTRE, GRID = table(Centre), table(Grid)


def fill(store: Store, tasks: int) -> None:
    """The city, and so many open tasks all over it."""
    load_pack(store, heze_path(), START)
    with store.write() as connection:
        centre = {row.grid: row.code for row in connection.execute(select(CENTRE.c.grid, CENTRE.c.code))}
        grids = connection.execute(
            select(GRID.c.code, GRID.c.county, GRID.c.township).where(GRID.c.level == 4).order_by(GRID.c.code)
        ).all()
        for start in range(0, tasks, PART):
            rows: list[dict[str, Any]] = []
            for number in range(start, min(tasks, start + PART)):
                grid = grids[number % len(grids)]
                state = TaskState(
                    id=f"B-{number:06d}",
                    state=STATES[number // len(grids) % len(STATES)],
                    type="site_dust",
                    priority="medium",
                    grid=grid.code,
                    county=grid.county,
                    township=grid.township,
                    centre=centre.get(grid.township, ""),
                    version=1,
                    policy_version=1,
                    opened=START,
                    moved_at=START,
                )
                rows.append({name: getattr(state, name) for name in COLUMNS})
            connection.execute(insert(TASK), rows)


def measured(look: Callable[[], object], times: int) -> str:
    """The least and the greatest time of a look: of the processor, then by the clock."""
    cpu, wall = [], []
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        look()
        cpu.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return f"{min(cpu):6.1f} to {max(cpu):6.1f}   {min(wall):6.1f} to {max(wall):6.1f}"


def main() -> None:
    """Fill a store, and print what the looks cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        store = Store.open(Path(folder) / "store.db")
        fill(store, args.tasks)
        with store.read() as connection:
            centres = connection.execute(select(func.count()).select_from(CENTRE)).scalar_one()
            print(
                f"{centres} centres, {args.tasks} open tasks, {args.times} times; ms of CPU, ms by the clock"
            )
            for at in (START + 12 * HOUR, START):
                known = emptied.seen(connection, at, emptied.Seen())
                same = emptied.Seen(known.centres, known.places)
                told = f"nobody has left, {len(known.places)} places with one or none"
                print(f"  {told:<44}", measured(partial(_look, connection, same, at), args.times))
            fewer = emptied.Seen(known.centres, dict(list(known.places.items())[1:]))
            found = _look(connection, fewer, at)
            told = f"the same, when one has emptied ({found} tasks)"
            print(f"  {told:<44}", measured(partial(_look, connection, fewer, at), args.times))
        store.close()


def _look(connection: Connection, before: emptied.Seen, at: int) -> int:
    after = emptied.seen(connection, at, before)
    return len(emptied.concerned(connection, before, after))


if __name__ == "__main__":
    main()
