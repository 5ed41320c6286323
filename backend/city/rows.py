"""Read one table of a pack: header, rows, cells; every fault is noted and reading goes on."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.city.cells import TEXT_LIMIT, CellError, Reader, empty, reader
from backend.city.faults import Faults, nearest
from backend.city.files import read_text
from backend.city.formats import TableSpec
from backend.text import untouched

Row = dict[str, Any]
Place = tuple[str, int]
"""File and line."""


@dataclass(slots=True)
class TableRows:
    """What was read of a table."""

    spec: TableSpec
    rows: list[Row] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    """Where each row stands."""
    files: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[Row, Place]]:
        return zip(self.rows, self.places, strict=True)

    def codes(self) -> set[str]:
        """The codes that other tables may refer to."""
        name = self.spec.key[0]
        return {row[name] for row in self.rows if row[name]}


def read_table(spec: TableSpec, paths: list[Path], faults: Faults) -> TableRows:
    """All rows of a table's files, with unreadable cells as None, and every fault met on the way."""
    table = TableRows(spec)
    for path in paths:
        table.files.append(path.name)
        text = read_text(path, faults)
        if text is not None:
            _read_file(table, path.name, text, faults)
    _find_doubles(table, faults)
    return table


def _read_file(table: TableRows, file: str, text: str, faults: Faults) -> None:
    source = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(source, None)
        if not header or not any(name.strip() for name in header):
            faults.add(file, 1, "no_header", columns=",".join(table.spec.names))
            return
        places = _match_header(table.spec, file, [name.strip() for name in header], faults)
        if places is None:
            return
        plan = _plan(table.spec, places, harmless=_harmless(text))
        _read_rows(table, file, source, len(header), plan, faults)
    except csv.Error as error:
        faults.add(file, source.line_num, "csv", error=str(error))


def _harmless(text: str) -> bool:
    """No cell of the file can hold a control character, a line end, an odd form or too much."""
    inside = text.replace("\r", "").replace("\n", "")
    return (
        '"' not in text
        and max(map(len, text.split("\n"))) <= TEXT_LIMIT
        and untouched(inside)
        and unicodedata.is_normalized("NFC", inside)
    )


def _match_header(spec: TableSpec, file: str, header: list[str], faults: Faults) -> dict[str, int] | None:
    """Where each known column stands; None where the header is not one of ours at all."""
    known = set(spec.names)
    if len(header) == 1 and len(spec.names) > 1:
        for mark in (";", "\t", "|", "，"):
            if mark in header[0]:
                faults.add(file, 1, "delimiter", mark="TAB" if mark == "\t" else mark)
                return None
    places: dict[str, int] = {}
    strangers = []
    for index, name in enumerate(header):
        if name in places:
            faults.add(file, 1, "twice_column", column=name)
        elif name in known:
            places[name] = index
        else:
            strangers.append(name)
    missing = [name for name in spec.names if name not in places]
    for name in strangers:
        near = nearest(name.lower(), missing)
        if near:
            faults.add(file, 1, "misspelt_column", column=name, near=near)
            places[near] = header.index(name)
            missing.remove(near)
        else:
            faults.add(file, 1, "unknown_column", column=name, columns=", ".join(spec.names))
    for name in missing:
        if spec.column(name).required:
            faults.add(file, 1, "missing_column", column=name)
    return places


Plan = list[tuple[str, int, Reader, bool, Any]]
"""For each column: its name, where it stands (-1 where it is missing), its reader, required, what empty means."""


def _plan(spec: TableSpec, places: dict[str, int], *, harmless: bool) -> Plan:
    return [
        (
            column.name,
            places.get(column.name, -1),
            reader(column, harmless=harmless),
            column.required,
            empty(column),
        )
        for column in spec.columns
    ]


def _read_rows(table: TableRows, file: str, source: Any, width: int, plan: Plan, faults: Faults) -> None:
    line = source.line_num + 1
    for cells in source:
        start, line = line, source.line_num + 1
        if len(cells) != width:
            if cells and any(cell.strip() for cell in cells):
                faults.add(file, start, "cells", found=len(cells), expected=width)
            continue
        row: Row = {}
        for name, place, read, required, nothing in plan:
            cell = cells[place] if place >= 0 else ""
            if not cell or cell.isspace():
                if required and place >= 0:
                    faults.add(file, start, "empty", column=name)
                row[name] = nothing
                continue
            try:
                row[name] = read(cell)
            except CellError as error:
                faults.add(file, start, error.kind, column=name, value=cell, **error.args_)
                row[name] = nothing
        table.rows.append(row)
        table.places.append((file, start))


def _find_doubles(table: TableRows, faults: Faults) -> None:
    key = table.spec.key
    if not key:
        return
    seen: dict[tuple[Any, ...], Place] = {}
    for row, place in table:
        mark = tuple(row[name] for name in key)
        if not mark[0]:
            continue
        first = seen.setdefault(mark, place)
        if first is not place:
            value = " ".join(str(part) for part in mark)
            faults.add(*place, "duplicate", value=value, file=first[0], line=first[1])
