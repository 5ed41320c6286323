"""How long does the auditor take at 100,000 open tasks, sound and with every fault that it looks for?

    python -m tests.bench.auditor [--tasks 100000] [--times 5]

Each fault is put into a sound store and taken out again: steps that are gone, steps of tasks that are not there, both
in the same number (which only the slices find), near the beginning, at the end, spread out, and many.

Figures of 2026-11-22, 2 cores (AMD EPYC) shared with much other work (load 12), 24 GB, Debian 12, Python 3.11.7: 18 to
33 ms of CPU in every case (sound 18 to 33, the dearest fault 28 to 33), 32 to 92 ms by the clock of the busy machine.
Before it counted in strides: 11 to 22 when sound, 42 to 47 in the dearest fault.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from backend.escalation import auditor
from backend.escalation.plan import DUE
from backend.store import Store
from backend.tasks.rows import COLUMNS, TASK, load
from tests.bench import county_city as county
from tests.bench.month_county import START
from tests.unit.task_world import draft

PART: Final = 5000


def fill(store: Store, tasks: int) -> list[str]:
    """So many open tasks with a step each, and as many that have ended."""
    county.build(store)
    with store.write() as connection:
        first = draft(connection, START, "low", grid=f"{county.TOWNSHIPS[0]}-01")
        state = load(connection, first)
        step = dict(connection.execute(DUE.select().where(DUE.c.task == first)).one()._mapping)
        assert state is not None
        values = {name: getattr(state, name) for name in COLUMNS}
        names = [f"T{number % 16:03d}-{number:06d}A" for number in range(2 * tasks)]
        connection.execute(delete(DUE))
        connection.execute(delete(TASK))
        for start in range(0, len(names), PART):
            part = names[start : start + PART]
            rows = [
                {**values, "id": name, "closed": None if int(name[5:11]) % 2 else START, "incident": name}
                for name in part
            ]
            connection.execute(insert(TASK), rows)
            live = [row["id"] for row in rows if row["closed"] is None]
            connection.execute(insert(DUE), [{**step, "task": name} for name in live])
            connection.execute(
                insert(DUE), [{**step, "task": name, "step": "done", "done": START} for name in part]
            )
    return sorted(name for name in names if int(name[5:11]) % 2)


Fault = Callable[[Connection, list[str]], None]


def gone(places: Callable[[int], list[int]]) -> Fault:
    """Steps are taken away."""

    def make(connection: Connection, names: list[str]) -> None:
        ids = [names[place] for place in places(len(names))]
        for start in range(0, len(ids), 500):
            connection.execute(
                delete(DUE).where(DUE.c.task.in_(ids[start : start + 500]), DUE.c.done.is_(None))
            )

    return make


def moved(places: Callable[[int], list[int]]) -> Fault:
    """Steps are given to tasks that are not there: the counts agree."""

    def make(connection: Connection, names: list[str]) -> None:
        for place in places(len(names)):
            waits = DUE.c.done.is_(None)
            connection.execute(
                update(DUE).where(DUE.c.task == names[place], waits).values(task=f"{names[place]}?")
            )

    return make


def ended(places: Callable[[int], list[int]]) -> Fault:
    """Tasks are ended with their step left."""

    def make(connection: Connection, names: list[str]) -> None:
        for place in places(len(names)):
            connection.execute(update(TASK).where(TASK.c.id == names[place]).values(closed=START))

    return make


def spread(count: int) -> Callable[[int], list[int]]:
    return lambda total: [total * number // count for number in range(count)]


CASES: Final[dict[str, Fault]] = {
    "sound": lambda _connection, _names: None,
    "1 step gone, the first": gone(lambda _total: [0]),
    "1 step gone, the last": gone(lambda total: [total - 1]),
    "20 steps gone, spread": gone(spread(20)),
    "5,000 steps gone, spread": gone(spread(5000)),
    "half of the steps gone": gone(lambda total: list(range(0, total, 2))),
    "1 step of an ended task": ended(lambda total: [total // 3]),
    "1,000 steps of ended tasks": ended(spread(1000)),
    "20 steps of unknown tasks": moved(spread(20)),
    "1 gone at the end, 1 more ended": lambda connection, names: (
        gone(lambda total: [total - 1])(connection, names),
        ended(lambda _total: [0, 1])(connection, names),
    )[0],
}


class _Undo(Exception):
    """Takes a fault out again."""


@contextmanager
def faulty(store: Store, fault: Fault, names: list[str]) -> Iterator[Connection]:
    """The store with a fault in it, until the end."""
    try:
        with store.write() as connection:
            fault(connection, names)
            yield connection
            raise _Undo
    except _Undo:
        pass


def main() -> None:
    """Fill a store, and print the least and the greatest time of each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        store = Store.open(Path(folder) / "store.db")
        names = fill(store, args.tasks)
        print(f"{args.tasks} open tasks, {args.times} times each; ms of CPU, ms by the clock")
        for told, fault in CASES.items():
            cpu, wall, found = [], [], 0
            with faulty(store, fault, names) as connection:
                connection.execute(select(1))
                for _ in range(args.times):
                    began, used = time.perf_counter(), time.process_time()
                    report = auditor.audit(connection, START, grace=10**9, write=False)
                    cpu.append((time.process_time() - used) * 1000)
                    wall.append((time.perf_counter() - began) * 1000)
                    found = len(report.findings)
            times = f"{min(cpu):6.1f} to {max(cpu):6.1f}   {min(wall):6.1f} to {max(wall):6.1f}"
            print(f"  {told:<34}{times}   {found} findings")
        store.close()


if __name__ == "__main__":
    main()
