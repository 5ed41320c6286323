"""pyte, taught what it leaves out: marks that take no cell belong to the letter before them, however they are classed.

pyte drops the rest of a text at a spacing mark of an Indic script, which takes no cell and is no combining one to it;
and it prints what it does not know of the kitty keyboard and of questions about modes.
"""

from __future__ import annotations

import re

import pyte
from wcwidth import wcwidth

UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-z]|\x1b\[\?[0-9;]*\$p")


class Paper(pyte.Screen):
    """A screen."""

    def draw(self, data: str) -> None:
        """Write a text, its marks on the letters that they belong to."""
        start = 0
        for place, letter in enumerate(data):
            if letter > "\u02ff" and wcwidth(letter) == 0:
                if place > start:
                    super().draw(data[start:place])
                start = place + 1
                self._put_on(letter)
        if start < len(data):
            super().draw(data[start:])

    def _put_on(self, mark: str) -> None:
        line, x = self.buffer[self.cursor.y], self.cursor.x - 1
        while x > 0 and not line[x].data:
            x -= 1
        if x >= 0:
            line[x] = line[x]._replace(data=line[x].data + mark)

    @property
    def display(self) -> list[str]:
        """The lines as a person reads them."""
        return [
            "".join(self.buffer[y][x].data for x in range(self.columns)).rstrip() for y in range(self.lines)
        ]


class Emulator:
    """A terminal that reads what it is sent."""

    def __init__(self, columns: int = 120, lines: int = 40) -> None:
        self.paper = Paper(columns, lines)
        self._stream = pyte.ByteStream(self.paper)

    def feed(self, sent: bytes) -> None:
        """Read more."""
        self._stream.feed(UNKNOWN.sub(b"", sent))

    @property
    def lines(self) -> list[str]:
        """What stands there."""
        return self.paper.display
