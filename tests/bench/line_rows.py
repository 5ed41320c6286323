"""What `tests.bench.line_table` has measured: rows that are kept in a file, joined, and told as a table."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from math import isnan, nan
from pathlib import Path

COLUMNS = (
    "paint B",
    "step B",
    "rest B",
    "scroll B",
    "page B",
    "idle B/s",
    "mouse B",
    "CPU ms",
    "rest ms",
    "MB",
    "paint ms",
    "step ms",
    "lag ms",
)


@dataclass
class Row:
    """A line of the table; None was not measured, not a number where there is nothing of it."""

    what: str
    size: str
    look: str
    paint: float | None = None
    step: float | None = None
    scroll: float | None = None
    page: float | None = None
    idle: float | None = None
    mouse: float | None = None
    cpu: float | None = None
    slow_paint: float | None = None
    slow_step: float | None = None
    lag: float | None = None
    memory: float | None = None
    rest: float | None = None
    rest_cpu: float | None = None

    def cells(self) -> list[str]:
        """Its figures, in the order of `COLUMNS`."""
        told = (
            self.paint, self.step, self.rest, self.scroll, self.page, self.idle, self.mouse, self.cpu, self.rest_cpu,
            self.memory, self.slow_paint, self.slow_step, self.lag,
        )  # fmt: skip
        return [_told(name, one) for name, one in zip(COLUMNS, told, strict=True)]


def _told(name: str, figure: float | None) -> str:
    if figure is None:
        return ""
    if isnan(figure) or (figure == 0 and name in GONE):
        return "-"
    return f"{figure:,.1f}" if figure < 10 and figure % 1 else f"{figure:,.0f}"


NONE = nan
"""There is nothing of it: a map has no rows to scroll."""
FIGURES = tuple(one.name for one in fields(Row))[3:]
GONE = ("scroll B", "page B")
"""Figures that are 0 only where a board has no more rows."""


def joined(*parts: Iterable[Row]) -> list[Row]:
    """Rows of the same thing as one; of a figure that was measured twice the later one stands."""
    found: dict[tuple[str, str, str], Row] = {}
    for row in (row for part in parts for row in part):
        own = found.setdefault((row.what, row.size, row.look), Row(row.what, row.size, row.look))
        for name in FIGURES:
            if (value := getattr(row, name)) is not None:
                setattr(own, name, value)
    return list(found.values())


def keep(path: Path, rows: Iterable[Row]) -> None:
    """Join rows with those of a file, where there is one already."""
    before = read(path) if path.exists() else []
    told = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "at": time.strftime("%Y-%m-%d %H:%M"),
        "load": round(os.getloadavg()[0], 1),
        "rows": [asdict(row) for row in joined(before, rows)],
    }
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")


def read(path: Path) -> list[Row]:
    """The rows of a file."""
    return [Row(**row) for row in json.loads(path.read_text("utf-8"))["rows"]]


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown: by size and look, in the order in which they were measured."""
    heads = ("what", "size", "look", *COLUMNS)
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * 3}{'---:|' * len(COLUMNS)}"]
    order = {key: place for place, key in enumerate(dict.fromkeys((row.size, row.look) for row in rows))}
    for row in sorted(rows, key=lambda row: order[row.size, row.look]):
        lines.append(f"| {' | '.join((row.what, row.size, row.look, *row.cells()))} |")
    return "\n".join(lines)
