"""What commands print: where it goes to a terminal, it is text and nothing else.

A command's table goes to the same terminal as the console's frames, without the driver between: so its lines pass the
same control (`console.terminal.grammar.plain`). Files and pipes get what is there, byte for byte.
"""

from __future__ import annotations

import sys
from io import TextIOBase, TextIOWrapper
from typing import TextIO, cast

from console.terminal.grammar import ASCII_MARK, MARK, Ledger, plain, sound


class Printed(TextIOBase):
    """A stream to a terminal that lets text through, line by line, and a mark for all else."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._mark = MARK if (stream.encoding or "").lower().replace("-", "") == "utf8" else ASCII_MARK
        self.ledger = Ledger()

    def write(self, text: str, /) -> int:
        """Write it; how much of it was taken."""
        if not sound(text):
            # Ends of lines are the program's own; a tab is a blank of unknown width.
            lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
            self._stream.write("\n".join(plain(line, self.ledger, self._mark) for line in lines))
        else:
            self._stream.write(text)
        return len(text)

    @property
    def plainly(self) -> TextIO:
        """The stream itself, for what the program alone says."""
        return self._stream

    def flush(self) -> None:
        """Send what waits."""
        self._stream.flush()

    def isatty(self) -> bool:
        """It is: others are left as they are."""
        return True

    def fileno(self) -> int:
        """The terminal's."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Always."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The stream's."""
        return self._stream.encoding

    @property
    def buffer(self) -> object:
        """The stream's own bytes: for files that are handed on as they are."""
        return self._stream.buffer

    def reconfigure(self, **options: object) -> None:
        """As the stream is."""
        cast(TextIOWrapper, self._stream).reconfigure(**options)  # type: ignore[arg-type]


def over(text: str) -> None:
    """Write over the line on standard error, as progress does: to go back is the program's own, a text never does."""
    stream = sys.stderr
    (stream.plainly if isinstance(stream, Printed) else stream).write("\r")
    stream.write(text)


def guard() -> None:
    """Have what this process prints pass, where it goes to a terminal."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, TextIOWrapper) and stream.isatty():
            setattr(sys, name, Printed(stream))
