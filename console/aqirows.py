"""``gridseat aqi --csv``: add aqi, level and primary to each row of a file; every other cell goes through as it is."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, cast

from backend.standards import aqi
from backend.standards.rounding import NotANumber
from backend.text import clean
from backend.words import Message, word
from backend.words.machine import reason
from backend.words.say import Language
from console.commands.aqi import INPUTS, beyond, compute, read_cell, unlikely
from console.csvio import CsvFault, CsvFile, Row, usable
from console.exit import Exit
from console.output import tell

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

ADDED = ("aqi", "level", "primary")
LISTED = 20
"""So many faults are told one by one; a file that is wrong throughout is told in numbers."""


class _Misused(Exception):
    """The command line does not fit the file; ``message`` says how."""

    def __init__(self, code: str, **args: str) -> None:
        super().__init__(code)
        self.message = Message(code, args)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of the file holds which concentration, where its name is another."""

    headers: Mapping[str, str]

    @classmethod
    def parse(cls, options: list[str]) -> Columns:
        """From the words of ``--column``.

        Raises:
            ValueError: with the word that is not NAME=HEADER.
        """
        headers: dict[str, str] = {}
        for option in options:
            name, sign, header = option.partition("=")
            if not sign or name not in INPUTS or not header:
                raise ValueError(option)
            headers[name] = header
        return cls(headers)

    def find(self, header: list[str], path: str) -> dict[str, int]:
        """The place of each concentration in a row.

        Raises:
            CsvFault: the file has none of them, or one twice.
            _Misused: the file has no such column as ``--column`` says.
        """
        plain = [name.strip().lower() for name in header]
        told = ", ".join(clean(name, limit=40) for name in header[:30])
        places: dict[str, int] = {}
        for name in INPUTS:
            if (asked := self.headers.get(name)) is not None:
                if asked not in header:
                    raise _Misused("aqi.usage.no_header", header=clean(asked), found=told)
                places[name] = header.index(asked)
            elif plain.count(name) > 1:
                raise CsvFault("aqi.csv.twice", path=path, column=name)
            elif name in plain:
                places[name] = plain.index(name)
        if not places:
            raise CsvFault("aqi.csv.no_columns", path=path, names=", ".join(INPUTS), found=told)
        return places


@dataclass
class _Faults:
    """Tells what is wrong, and keeps count."""

    language: Language
    told: int = 0
    rows: int = 0
    total: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def tell(self, message: Message) -> None:
        self.told += 1
        if self.told <= LISTED:
            tell(message, self.language)

    def once(self, what: str, message: Message) -> None:
        """A remark that is made for the first row only."""
        self.seen[what] += 1
        if self.seen[what] == 1:
            tell(message, self.language)

    def close(self) -> int:
        if self.told > LISTED:
            tell(Message("aqi.csv.more", {"count": self.told - LISTED}), self.language)
        if self.rows:
            tell(Message("aqi.csv.summary", {"bad": self.rows, "total": self.total}), self.language)
        return Exit.FAILED if self.rows else Exit.OK


def compute_rows(
    path: str,
    columns: Columns,
    *,
    report: str,
    on: date,
    edition: str | None,
    encoding: str,
    language: Language,
) -> int:
    """Read the file, write it to standard output with its index, and return the exit code.

    A row that can't be computed is told with its line and cell and goes through with empty added columns; the
    rest is computed, and the exit code is FAILED.
    """
    name = str(clean(path))
    faults = _Faults(language)
    if not usable(encoding):
        tell(Message("aqi.usage.encoding", {"name": clean(encoding)}), language)
        return Exit.USAGE
    job = _Job(columns, name, report, on, edition, language, faults)
    try:
        with _opened(path) as source:
            job.run(CsvFile(source, name, encoding))
    except FileNotFoundError:
        tell(Message("aqi.csv.no_file", {"path": name}), language)
        return Exit.FAILED
    except _Misused as fault:
        tell(fault.message, language)
        return Exit.USAGE
    except CsvFault as fault:
        sys.stdout.flush()
        faults.close()
        tell(fault.message, language)
        return Exit.FAILED
    except BrokenPipeError:
        raise
    except OSError as fault:
        error = reason(fault)
        tell(Message("aqi.csv.unreadable", {"path": name, "error": error}), language)
        return Exit.FAILED
    sys.stdout.flush()
    return faults.close()


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    if path == "-":
        return nullcontext(cast(BinaryIO, sys.stdin.buffer))
    return open(path, "rb")


@dataclass
class _Job:
    columns: Columns
    path: str
    report: str
    on: date
    edition: str | None
    language: Language
    faults: _Faults

    def run(self, source: CsvFile) -> None:
        places = self.columns.find(source.header, self.path)
        self._tell_absent(places)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # The file that comes out is UTF-8 whatever the terminal speaks.
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([*self._header(source.header), *ADDED])
        width = len(source.header)
        for row in source:
            self.faults.total += 1
            while len(row.cells) > width and not row.cells[-1]:
                row.cells.pop()
            added = self._added(row, places, width)
            if added is None:
                self.faults.rows += 1
                added = ("", "", "")
            padded = row.cells + [""] * (width - len(row.cells))
            writer.writerow([*padded, *added])

    def _tell_absent(self, places: Mapping[str, int]) -> None:
        edition = aqi.edition_for(self.on, self.edition).name
        report: aqi.Report = "daily" if self.report == "daily" else "realtime"
        # Only the first choice would say pm10_24h of the 2012 report, which is no column of ours.
        entering = [item.name for item in aqi.items(edition, report)]
        absent = [name for name in entering if name not in places]
        if absent:
            tell(Message("aqi.csv.absent", {"names": ", ".join(absent)}), self.language)

    def _header(self, header: list[str]) -> list[str]:
        """The file's own header; a column that is named as a result is renamed, so that nothing is lost."""
        kept = list(header)
        for place, column in enumerate(header):
            if column in ADDED:
                fresh, count = f"{column}_input", 2
                while fresh in kept:
                    fresh, count = f"{column}_input{count}", count + 1
                kept[place] = fresh
                tell(Message("aqi.csv.renamed", {"column": column, "kept": clean(fresh)}), self.language)
        return kept

    def _added(self, row: Row, places: Mapping[str, int], width: int) -> tuple[str, str, str] | None:
        if len(row.cells) != width:
            sizes = {"line": row.line, "cells": len(row.cells), "heads": width}
            self.faults.tell(Message("aqi.csv.width", sizes))
            return None
        cells: dict[str, Decimal | str | None] = {}
        wrong = False
        for name, place in places.items():
            text = row.cells[place]
            try:
                cells[name] = read_cell(text, name)
            except NotANumber as fault:
                wrong = True
                told = {"where": self._cell(row, name), "cell": clean(text, limit=60)}
                self.faults.tell(Message(f"aqi.bad.{fault.why}", told))
                continue
            if odd := unlikely(name, cells[name]):
                self.faults.once(
                    f"unlikely {name}", Message("aqi.unlikely", {"where": self._cell(row, name), **odd})
                )
        if wrong:
            return None
        result = compute(cells, self.report, self.on, self.edition)
        for name in result.beyond:
            where = word("aqi.where.line", self.language, line=row.line)
            self.faults.once(
                f"beyond {name}", Message("aqi.beyond", {"where": where, **beyond(result, name)})
            )
        if result.aqi is None or result.level is None:
            return ("NA", "NA", "NA")
        return (str(result.aqi), str(result.level.number), ";".join(result.primary))

    def _cell(self, row: Row, name: str) -> str:
        header = self.columns.headers.get(name, name)
        return word("aqi.where.cell", self.language, line=row.line, column=clean(header))
