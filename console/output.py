"""What a command prints: a table for people, JSON or CSV for programs; stdout holds data only."""

from __future__ import annotations

import csv
import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.text import csv_cell, fit, width
from backend.words import Message, entry, say
from backend.words.say import Language


def add_format(parser: ArgumentParser) -> None:
    """Give a command the choice between a table, --json and --csv."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--json", action="store_true", help="JSON on standard output")
    choice.add_argument("--csv", action="store_true", dest="csv_out", help="CSV on standard output")


def emit(
    args: Namespace, rows: Iterable[Mapping[str, Any]], columns: Sequence[str], titles: Mapping[str, str]
) -> None:
    """Print rows as the person asked.

    Args:
        columns: the keys, in the order of the columns.
        titles: the heading of each column in the person's language; programs get the keys.
    """
    if args.json:
        json.dump([dict(row) for row in rows], sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    elif args.csv_out:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([csv_cell(row.get(name)) for name in columns] for row in rows)
    else:
        _table(
            [[_cell(row.get(name)) for name in columns] for row in rows], [titles.get(n, n) for n in columns]
        )


def headings(columns: Sequence[str], language: Language) -> dict[str, str]:
    """The columns' headings in a person's language; a column without words keeps its key."""
    return {name: entry(f"column.{name}", language) or name for name in columns}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "+" if value else "-"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _table(body: list[list[str]], heads: list[str]) -> None:
    widths = [max(width(cell) for cell in column) for column in zip(heads, *body, strict=True)]
    for line in [heads, *body]:
        cells = [fit(cell, room) for cell, room in zip(line, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def tell(message: Message, language: Language) -> None:
    """Say something to the person, on standard error."""
    sys.stderr.write(f"gridseat: {say(message, language)}\n")


def let_go() -> None:
    """Send what is left to say; where the line was cut it goes nowhere, and that is no failure of the program's."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
