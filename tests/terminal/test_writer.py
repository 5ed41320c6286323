"""The writer: a frame goes where it was asked for if nothing waits, never waits there, and never overtakes anything."""

from __future__ import annotations

import os
import pty
import time
import tty
from collections.abc import Iterator

import pytest

from console.terminal.writer import OpenLine, Writer, parted

BIG = 200_000
"""Bytes that no terminal takes at once while nobody reads."""


class Waits(OpenLine):
    """A line that has no room for now."""

    def wait(self) -> float:
        return 9.0


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Its two ends: the reader's, and ours."""
    reads, writes = pty.openpty()
    tty.setraw(writes)
    yield reads, writes
    os.close(reads)
    os.close(writes)


def waiting(reads: int) -> bytes:
    os.set_blocking(reads, False)
    try:
        return os.read(reads, 65536)
    except BlockingIOError:
        return b""
    finally:
        os.set_blocking(reads, True)


def test_a_frame_goes_at_once_where_nothing_waits(terminal: tuple[int, int]) -> None:
    reads, writes = terminal
    with open(writes, "w", closefd=False) as file:
        writer = Writer(file, lambda _most: ("frame", True))
        # Its thread was never started.
        writer.show()
        assert os.read(reads, 100) == b"frame"
        writer.write("text")
        writer.show()
        assert waiting(reads) == b""
        # At the end no frame is shown any more: before its thread begins, or the thread might show one first.
        writer.halt()
        writer.start()
        writer.stop()
    assert waiting(reads) == b"text"


def test_a_frame_waits_for_the_line(terminal: tuple[int, int]) -> None:
    reads, writes = terminal
    with open(writes, "w", closefd=False) as file:
        writer = Writer(file, lambda _most: ("frame", True), Waits())
        writer.show()
        assert waiting(reads) == b""


def test_what_the_terminal_does_not_take_is_left_to_the_thread(terminal: tuple[int, int]) -> None:
    reads, writes = terminal
    with open(writes, "w", closefd=False) as file:
        big = "x" * BIG
        frames = iter([(big, True), ("last", True)])
        writer = Writer(file, lambda _most: next(frames))
        begun = time.monotonic()
        writer.show()
        # Nobody reads, and nobody has waited; what comes behind keeps its order.
        assert time.monotonic() - begun < 60
        writer.write("text")
        writer.show()
        writer.start()
        got = b""
        while not got.endswith(b"last"):
            got += os.read(reads, 65536)
        writer.stop()
    assert got == big.encode() + b"textlast"


def test_a_terminal_that_is_gone_is_written_to_no_more(terminal: tuple[int, int]) -> None:
    _reads, writes = terminal
    with open(writes, "w", closefd=False) as file:
        asked: list[int] = []

        def frame(most: int) -> tuple[str, bool]:
            asked.append(most)
            raise OSError

        writer = Writer(file, frame)
        writer.start()
        writer.show()
        assert writer.lost
        writer.show()
        writer.join(60)
        assert not writer.is_alive()
    assert asked == [0]


def test_where_the_terminal_cant_be_opened_again_the_thread_writes() -> None:
    reads, writes = os.pipe()
    with open(writes, "w") as file:
        writer = Writer(file, lambda _most: ("frame", True))
        writer.show()
        writer.start()
        assert os.read(reads, 100) == b"frame"
        writer.stop()
    os.close(reads)


def test_a_frame_is_cut_only_where_a_query_may_stand() -> None:
    """Behind a repeated letter's repetition, never before it; and nothing of the frame is lost."""
    text = "".join(f"\x1b[{y}H\x1b[3{y % 8}mx\x1b[9b words" for y in range(1, 60))
    parts = parted(text, 100)
    assert "".join(parts) == text
    assert len(parts) > 5
    assert all(len(part) >= 100 for part in parts)
    assert not any(part.startswith("\x1b[9b") for part in parts)
