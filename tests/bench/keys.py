"""How long a key takes until its answer is on the terminal: boards of 1,259 and of 70,000 rows in a real one.

Both are the product's own board in the product's own console, 120x40. ``stations``: every air, dust and water station
of the city with its newest values, as the stations screen shows them. ``vehicles``: the register of 70,000, an order
of plates whose rows are read from the store for the visible window only. Steps, pages and jumps to the ends; from the
press to the last byte of the answer, rows that had to be read included.

    python -m tests.bench.keys [--presses 300] [--board stations|vehicles]

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, quiet, Debian 12, Python 3.11.7, ms as p50 / p99 / longest: 1,259
rows, steps 3.9 / 7.4 / 20, pages 11 / 43 / 75, jumps 12 / 53 / 80; 70,000 rows, steps 3.7 / 7.0 / 23, pages 9.0 / 33
/ 41, jumps 14 / 42 / 65.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.bench.pressing import Pressed, spread

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from screens.frame import GridScreen

PATTERN = {
    "step": ("down",) * 60 + ("up",) * 40,
    "page": ("pagedown",) * 12 + ("pageup",) * 8,
    "jump": ("end", "home"),
}
"""Presses in turn: cursor steps, of which most scroll; pages; from one end to the other."""


def _cell(name: str, row: Any, _look: Any) -> Any:
    return getattr(row, name)


def boards() -> dict[str, Any]:
    """The two screens, by name."""
    from sqlalchemy import select

    from backend.city.tables import Vehicle
    from backend.store import table
    from screens.base import BoardScreen
    from screens.columns import Column
    from screens.rows import Rows, arrange
    from screens.stations import AIR, Stations

    vehicle = table(Vehicle)
    fields = ("plate", "kind", "fuel", "stage", "grid")

    class Every(Stations):
        """All kinds under one tab."""

        def columns_of(self, facet: str) -> Sequence[Column[Any]]:  # noqa: ARG002
            return AIR

        def load(self, desk: Desk, view: Any, look: Any) -> Any:
            from backend.desk import stations

            rows = stations.board(desk, kinds=("air", "township_air", "road_dust", "water", "site_dust"))
            return arrange(rows, view, AIR, look, key=lambda row: row.code)

    class Vehicles(BoardScreen[Any]):
        """The register of vehicles."""

        NAME = "stations"
        COLUMNS = tuple(
            Column[Any](name, "ui.column.kind", partial(_cell, name), 14, flex=1) for name in fields
        )

        def load(self, desk: Desk, view: Any, look: Any) -> Any:  # noqa: ARG002
            def fetch(plates: Sequence[Any]) -> Sequence[Any]:
                query = select(*(vehicle.c[name] for name in fields)).where(vehicle.c.plate.in_(plates))
                with desk.store.read() as connection:
                    found = {row.plate: row for row in connection.execute(query)}
                return [found.get(plate) for plate in plates]

            with desk.store.read() as connection:
                plates = tuple(
                    connection.execute(select(vehicle.c.plate).order_by(vehicle.c.plate)).scalars()
                )
            return Rows(plates, fetch)

    return {"stations": Every, "vehicles": Vehicles}


def seat(path: str, board: str, *, stock: bool = False) -> None:
    """The process under test: the console, with one of the boards for its first screen."""
    from console.seat import SWITCH
    from console.terminal import prepare

    prepare()
    gc.disable()
    sys.setswitchinterval(SWITCH)
    from backend.clock import ManualClock
    from console.app import GridseatApp, Options
    from console.wiring import wire
    from screens.registry import main_screen

    clock = ManualClock(int(time.time()))

    def open_desk() -> Any:
        from backend.desk.desk import Desk

        return Desk.open(path, "HZ-S1", clock=clock)

    def screens(name: str) -> GridScreen:
        made: GridScreen = boards()[board]() if name == "overview" else main_screen(name)
        return made

    asked = Options(language="zh", bell=False, stock_terminal=stock)
    GridseatApp(wire(open_desk), asked, clock=clock, screens=screens).run(mouse=False)


def keys(presses: int, kind: str) -> Iterator[str]:
    """The keys of a pattern, again and again."""
    pattern = PATTERN[kind]
    return (pattern[number % len(pattern)] for number in range(presses))


def measure(path: str, board: str, presses: int, environ: dict[str, str]) -> dict[str, dict[str, float]]:
    """The spread of each kind of key on one board, and of all."""
    line = Pressed([sys.executable, "-m", "tests.bench.keys", "--seat", path, "--board", board], environ)
    found, every = {}, list[float]()
    try:
        while line.drain(1.5):
            pass
        for kind in PATTERN:
            taken = [ms for key in keys(presses, kind) if (ms := line.press(key)) is not None]
            found[kind] = spread("key", taken)
            every += taken
    finally:
        line.close()
    return {**found, "all": spread("key", every)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--presses", type=int, default=300, help="of each kind of key")
    parser.add_argument("--board", choices=["stations", "vehicles"], default="")
    parser.add_argument("--seat", default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.seat:
        seat(args.seat, args.board)
        return
    from tests.bench.start import city_store, surroundings

    with tempfile.TemporaryDirectory() as folder:
        path, _person = city_store(folder, readings=20_000)
        print(f"{'board':10}{'key':6}{'p50 ms':>8}{'p99 ms':>8}{'max ms':>8}{'> 50':>6}{'keys':>6}")
        for board in (args.board,) if args.board else ("stations", "vehicles"):
            for kind, told in measure(path, board, args.presses, surroundings(folder)).items():
                p50, p99, longest, over, count = told.values()
                print(f"{board:10}{kind:6}{p50:8.1f}{p99:8.1f}{longest:8.1f}{over:6.0f}{count:6.0f}")


if __name__ == "__main__":
    main()
