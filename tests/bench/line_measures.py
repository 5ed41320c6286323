"""A program in `tests.bench.ttybench`'s terminal, its keys pressed and what comes of each counted."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.ttybench import Replay, Session, parse_rate, parse_size

RATE, TRIP = "64k", 0.2
HELD, HERTZ = 60, 30.0
GAP, SETTLED = 0.2, 0.8
"""Seconds of silence that end an answer, and a start."""
QUICK, RESTED = 0.1, 0.8
"""Seconds of silence that end a step where something is told beside the row, which follows a quarter of a second after
the key, and those that end what follows."""
IDLE = 5.0
TOLD = 6.0
"""Seconds of silence behind which a footer that tells the bytes of the last five has told of the last key."""
MOVES = 40
FRESH = 0.25
"""Seconds before a key is let go within which it must still have moved something: else the board had ended."""
SILENT = 0.15
"""Seconds of silence, behind the last key's way there and back, after which nothing is on its way any more."""
LATELY = 1.0
"""Seconds before a key is let go within which whatever changed was being moved by it."""


class Counted(Session):
    """A program whose bytes are counted where they pass: at its terminal, or at a socket on the way there."""

    passed: Callable[[], int] | None = None
    """Bytes that have passed there; None for what the terminal has read."""
    trip = 0.0
    """Seconds there and back of a line that is not the terminal's own."""

    def total(self) -> int:
        """Bytes so far."""
        return self.passed() if self.passed else sum(len(one.data) for one in self.chunks)


class LeftOut(Exception):
    """What can't be measured here, and why."""


def say(text: str) -> None:
    """Tell the person, beside the table."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@contextmanager
def running(
    command: Sequence[str],
    size: str,
    environ: dict[str, str],
    *,
    slow: bool,
    replies: str = "modern",
    watched: int = 0,
) -> Iterator[Counted]:
    """The program, painted and at rest, in a terminal that answers as is said.

    ``watched``: the process that computes where it is not the program itself, as behind SSH.

    Raises:
        LeftOut: it ended at once, or wrote nothing.
    """
    session = Counted(
        command, parse_size(size), environ, replies=replies,
        throttle=parse_rate(RATE) if slow else None, rtt_s=TRIP if slow else 0.0,
    )  # fmt: skip
    session.watched = watched or session.pid
    try:
        session.until_settled(SETTLED, 60.0)
        if not session.alive or not session.chunks:
            told = b"".join(one.data for one in session.chunks)[-300:]
            raise LeftOut(f"{command[0]} ended: {told!r}")
        yield session
    finally:
        session.stop()


def press(session: Counted, key: str, silence: float = GAP, limit: float = 20.0) -> tuple[int, float]:
    """Bytes of a key's answer, and milliseconds to the last of them.

    Raises:
        LeftOut: the program has ended.
    """
    if not session.alive:
        raise LeftOut("the program ended under a key")
    place, before, begun = len(session.chunks), session.total(), session.now()
    session.key(key)
    session.read(2.0)
    session.until_quiet(silence, limit)
    last = session.chunks[-1].at if len(session.chunks) > place else begun
    return session.total() - before, (last - begun) * 1000


def middle(session: Counted, key: str, times: int, silence: float = GAP) -> tuple[float, float]:
    """The middle of several answers: bytes and milliseconds; of those that came, where a board has ended."""
    taken = [one for one in (press(session, key, silence) for _ in range(times)) if one[0]] or [(0, 0.0)]
    return statistics.median(one[0] for one in taken), statistics.median(one[1] for one in taken)


def rested(session: Counted, key: str, times: int) -> float | None:
    """Bytes that follow a step once the cursor rests, its own apart: the middle of several; None at a board's end."""
    found = []
    for _ in range(times):
        step, _took = press(session, key, QUICK)
        before = session.total()
        session.until_quiet(RESTED, 10.0)
        if step:
            found.append(session.total() - before)
    return statistics.median(found) if found else None


Lines = Sequence[tuple[object, ...]]
"""The cells of a screen, line by line."""


class Watch:
    """The lines of a program's screen as a terminal shows them, read piece by piece."""

    def __init__(self, session: Counted) -> None:
        self.session = session
        self._replay = Replay(session.columns, session.rows)
        self._read = 0

    def upto(self, place: int) -> list[tuple[object, ...]]:
        """Every line, with its looks, after so many pieces."""
        self._replay.feed(b"".join(one.data for one in self.session.chunks[self._read : place]))
        self._read = max(self._read, place)
        buffer, columns = self._replay.screen.buffer, self._replay.columns
        return [tuple(buffer[y][x] for x in range(columns)) for y in range(self._replay.rows)]


def held(session: Counted, *keys: str) -> float | None:
    """Milliseconds that the screen goes on after a key was held for two seconds; None where a board ended first.

    Several keys are pressed in turn. What goes on is what they were moving when they were let go: cells that changed
    within the last second. What is read afterwards about the row that the cursor has come to rest on is no lag: it
    stands in a place of its own, or comes when the line was silent already and had nothing left to carry.
    """
    watch = Watch(session)
    place, started = len(session.chunks), session.now()
    for index in range(HELD):
        session.key(keys[index % len(keys)])
        due = started + (index + 1) / HERTZ
        while session.alive and (left := due - session.now()) > 0:
            session.read(left)
    let_go = session.now()
    session.until_quiet(0.5, 40.0)
    before, moved, last = watch.upto(place), set[tuple[int, int]](), 0.0
    for turn in range(place, len(session.chunks)):
        at, after = session.chunks[turn].at, watch.upto(turn + 1)
        if (
            at - session.chunks[turn - 1].at > SILENT
            and at > let_go + max(session.rtt_s, session.trip) + SILENT
        ):
            break
        cells = set(_unlike(before, after))
        if let_go - LATELY <= at <= let_go:
            moved |= cells
        if cells & moved:
            last = at
        before = after
    return None if last < let_go - FRESH else max(0.0, (last - let_go) * 1000)


def _unlike(before: Lines, after: Lines) -> Iterator[tuple[int, int]]:
    """Line and column of each cell that has changed."""
    for y, (was, now) in enumerate(zip(before, after, strict=True)):
        if was != now:
            yield from ((y, x) for x, pair in enumerate(zip(was, now, strict=True)) if pair[0] != pair[1])


def at_rest(session: Counted) -> float:
    """Bytes a second while nobody touches it, between two minutes, once it has told what the last key has cost."""
    session.until_quiet(TOLD, 3 * TOLD)
    if (left := 60 - time.time() % 60) < IDLE + 1:
        session.until_quiet(left + 1.5, left + 1.5)
    before, begun = session.total(), session.now()
    while (left := begun + IDLE - session.now()) > 0:
        session.read(left)
    return (session.total() - before) / IDLE


def pointed(session: Counted) -> float:
    """Bytes a move of the pointer, where it is asked for at all."""
    data = b"".join(one.data for one in session.chunks)
    if data.rfind(b"\x1b[?1003h") <= data.rfind(b"\x1b[?1003l"):
        return 0.0
    before = session.total()
    for index in range(MOVES):
        session.write(b"\x1b[<35;%d;%dM" % (1 + index * 7 % session.columns, 1 + index * 3 % session.rows))
        session.until_quiet(0.03, 0.5)
    return (session.total() - before) / MOVES


def memory(session: Counted) -> float | None:
    """MB that the program itself has taken at most, its helpers apart; None behind SSH, where it is another's."""
    if session.watched != session.pid:
        return None
    status = Path(f"/proc/{session.pid}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+)", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
