"""How a feed is told: its state, what is wrong with it, what to do, and the bytes that were put aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.words import Message
from screens.columns import Cell
from screens.look import Look
from screens.tones import shape

if TYPE_CHECKING:
    from backend.desk.feeds import FeedRow

_TONES = {"ok": "good", "late": "warn", "failing": "bad", "open": "bad", "new": "dim", "off": "dim"}
_SHAPES = {
    "ok": "good",
    "late": "warn",
    "failing": "bad",
    "open": "critical",
    "new": "missing",
    "off": "missing",
}
TROUBLED = ("open", "failing", "late")
PER_LINE = 16


def state(row: FeedRow, look: Look) -> Cell:
    """正常, 数据迟到, 取数失败, ... with its shape."""
    tone = _TONES.get(row.state, "")
    return Cell(
        f"{shape(_SHAPES.get(row.state, 'missing'), look.ascii)} {look.word(f'feed.state.{row.state}')}", tone
    )


PUSHED = ("new", "late", "off")
"""States that mean something else where the upstream pushes."""


def says(row: FeedRow, look: Look) -> str:
    """What its state means and what to do about it."""
    kind = "pushed" if not row.every and row.state in PUSHED else "says"
    return look.word(
        f"feedscreen.{kind}.{row.state}",
        failures=row.failures,
        next=look.moment(row.next_at),
        newest=look.moment(row.newest),
        last=look.moment(row.polled_at),
        feed=row.code,
    )


def error(row: FeedRow, look: Look) -> str:
    """What went wrong at the last poll; for one that is late, how far it has come."""
    if row.error is not None and row.state != "ok":
        return look.say(row.error)
    return says(row, look) if row.state in ("late", "off", "new") else ""


def note(row: FeedRow, look: Look) -> Cell:
    """What is wrong, on the board; of a pushed feed that is well, when it was last pushed."""
    if row.every or row.state != "ok":
        return Cell(error(row, look), "warn")
    return Cell(look.word("feedscreen.pushed.at", at=look.moment(row.polled_at)), "dim")


def next_poll(row: FeedRow, look: Look) -> Cell:
    """When it is asked next; a pushed feed is not."""
    return Cell(look.moment(row.next_at) if row.every else look.word("feedscreen.pushed.next"), "dim")


def brief(row: FeedRow, look: Look) -> list[Cell]:
    """A feed in one line: name, state, how far it has come, what is wrong."""
    told = [
        Cell(" "),
        state(row, look),
        Cell(f"  {row.name or row.code}"),
        Cell(f"  {look.moment(row.newest)}", "dim"),
    ]
    wrong = error(row, look)
    if wrong and row.state in TROUBLED:
        told.append(Cell(f"  {wrong}", _TONES[row.state]))
    return told


def unread(reason: Message, look: Look) -> str:
    """Why a record was put aside."""
    return look.say(reason)


def dump(raw: bytes, cells: int, lines: int) -> list[Sequence[Cell]]:
    """Bytes as a dump: place, hex, and the letters that are letters. Nothing in it can steer a terminal."""
    per_line = PER_LINE if cells >= 8 + PER_LINE * 4 else PER_LINE // 2
    shown: list[Sequence[Cell]] = []
    for start in range(0, min(len(raw), per_line * lines), per_line):
        part = raw[start : start + per_line]
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        shown.append(
            [
                Cell(f"  {start:06x}  ", "dim"),
                Cell(part.hex(" ").ljust(per_line * 3)),
                Cell(f" {letters}", "dim"),
            ]
        )
    return shown


def readable(raw: bytes, limit: int = 2000) -> str | None:
    """Bytes that are text, as text without anything a terminal obeys; None where they are not."""
    from backend.text import clean

    part = raw[:limit]
    try:
        text = part.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may have been cut at the limit; anything else is no text.
        if error.start < len(part) - 3:
            return None
        text = part[: error.start].decode("utf-8")
    if not all(letter.isprintable() or letter in "\r\n\t" for letter in text):
        return None
    return clean(text, limit=limit, lines=20)
