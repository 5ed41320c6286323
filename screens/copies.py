"""Copies of what a board shows: aligned plain text for a message, CSV for a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rich.cells import cell_len

from backend.text import csv_cell
from screens.columns import Column
from screens.look import Look
from screens.widgets.cells import fit, plain


def as_text(columns: Sequence[Column[Any]], rows: Sequence[Any], look: Look) -> str:
    """Rows as lines under their headings, columns two spaces apart, nothing cut."""
    table = [[look.word(column.title) for column in columns]]
    table += [[plain(column.text(row, look)) for column in columns] for row in rows]
    widths = [max(cell_len(line[place]) for line in table) for place in range(len(columns))]
    return "\n".join(
        "  ".join(
            fit(text, width, column.align) for text, width, column in zip(line, widths, columns, strict=True)
        ).rstrip()
        for line in table
    )


def as_csv(columns: Sequence[Column[Any]], rows: Sequence[Any], look: Look) -> str:
    """Rows as CSV with a heading, instants with their date; a cell that a spreadsheet would compute is made text."""
    look = replace(look, dated=True)
    lines = [",".join(csv_cell(look.word(column.title)) for column in columns)]
    lines += [",".join(csv_cell(plain(column.text(row, look))) for column in columns) for row in rows]
    return "\r\n".join(lines) + "\r\n"
