"""Read a CSV file that someone else wrote, line by line, and say where it is wrong."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from backend.text import clean
from backend.words import Message

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
        buffered = source if isinstance(source, io.BufferedReader) else io.BufferedReader(_Raw(source))
        if buffered.peek(2)[:2] in _UTF16:
            raise CsvFault("aqi.csv.utf16", path=self._name)
        plain = codecs.lookup(self._encoding).name == "utf-8"
        # Bytes that are not in the encoding come through as lone surrogates, so that their line can be named.
        text = io.TextIOWrapper(
            buffered, "utf-8-sig" if plain else self._encoding, errors="surrogateescape", newline=""
        )
        reader = csv.reader(self._lines(text), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as fault:
                raise CsvFault("aqi.csv.broken", line=line, error=str(clean(fault))) from fault
            except UnicodeError as fault:
                raise CsvFault("aqi.csv.encoding", line=line, encoding=self._encoding) from fault
            if cells is None:
                return
            if any(cells):
                yield Row(line, cells)

    def _lines(self, text: io.TextIOWrapper) -> Iterator[str]:
        for line, content in enumerate(text, 1):
            if not content.isascii() and any("\udc80" <= character <= "\udcff" for character in content):
                raise CsvFault("aqi.csv.encoding", line=line, encoding=self._encoding)
            yield content


class _Raw(io.RawIOBase):
    """Any readable binary stream as a raw one, so that it can be peeked into."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
