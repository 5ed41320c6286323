"""Read a CSV file that someone else wrote, line by line, and say where it is wrong."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from backend.text import clean
from backend.words import Message

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def usable(encoding: str) -> bool:
    """Whether a file in that encoding can be read line by line (all that keep ASCII as it is)."""
    try:
        return "\n,".encode(encoding) == b"\n,"
    except (LookupError, UnicodeError):
        return False


class CsvFault(Exception):
    """The file can't be read on; ``message`` says where and what to do."""

    def __init__(self, code: str, **args: str | int) -> None:
        super().__init__(code)
        self.message = Message(code, args)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file."""

    line: int
    """The line it begins on; a quoted cell may go over several."""
    cells: list[str]


class CsvFile:
    """A header and the rows under it; blank lines are passed over."""

    def __init__(self, source: BinaryIO, name: str, encoding: str) -> None:
        """Read the header.

        Args:
            source: the bytes; they are read as they are asked for, so a pipe works.
            name: what to call the file in a message.
            encoding: how it is written; a UTF-8 byte order mark is passed over.

        Raises:
            CsvFault: the file is empty, in another encoding, or no CSV.
        """
        self._name = str(clean(name))
        self._encoding = encoding
        self._rows = self._read(source)
        first = next(self._rows, None)
        if first is None:
            raise CsvFault("aqi.csv.empty", path=self._name)
        self.header = first.cells

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def _read(self, source: BinaryIO) -> Iterator[Row]:
        reader = csv.reader(self._lines(source), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as fault:
                raise CsvFault("aqi.csv.broken", line=line, error=str(clean(fault))) from fault
            if cells is None:
                return
            if any(cells):
                yield Row(line, cells)

    def _lines(self, source: BinaryIO) -> Iterator[str]:
        # Decoded line by line, so that the one that is in another encoding can be named.
        for line, raw in enumerate(source, 1):
            if line == 1:
                if raw[:2] in _UTF16:
                    raise CsvFault("aqi.csv.utf16", path=self._name)
                raw = raw.removeprefix(codecs.BOM_UTF8)
            try:
                yield raw.decode(self._encoding)
            except UnicodeDecodeError as fault:
                raise CsvFault("aqi.csv.encoding", line=line, encoding=self._encoding) from fault
