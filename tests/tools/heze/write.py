"""Write the pack's files, byte for byte the same at every run."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.city.formats import SPECS
from backend.city.pack import csv_text

Row = Mapping[str, Any]


class Writer:
    """Writes tables and outlines into one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def table(self, name: str, rows: Iterable[Row], *, zipped: bool = False) -> None:
        """A table with every column of its declaration; columns that are not named are left empty."""
        names = SPECS[name].names
        cells = []
        for row in rows:
            strangers = set(row) - set(names)
            if strangers:
                raise ValueError(f"{name}: {strangers}")
            cells.append(tuple(_cell(row.get(column)) for column in names))
        self._text(f"{name}.csv", csv_text(names, cells), zipped=zipped)

    def outlines(self, features: Sequence[tuple[str, bool, list[list[list[tuple[float, float]]]]]]) -> None:
        """``boundaries.geojson``: grid code, made up, polygons; a feature on each line."""
        lines = []
        for code, made_up, polygons in features:
            geometry = {"type": "MultiPolygon", "coordinates": polygons}
            properties: dict[str, Any] = {"code": code, "made_up": made_up}
            feature = {"type": "Feature", "properties": properties, "geometry": geometry}
            lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
        text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
        self._text("boundaries.geojson", text, zipped=True)

    def _text(self, name: str, text: str, *, zipped: bool) -> None:
        raw = text.encode()
        for old in (self.folder / name, self.folder / f"{name}.gz"):
            old.unlink(missing_ok=True)
        if zipped:
            # No name and no time in the header: the same text gives the same bytes.
            with (self.folder / f"{name}.gz").open("wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as out:
                out.write(raw)
        else:
            (self.folder / name).write_bytes(raw)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value
