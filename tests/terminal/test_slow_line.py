"""A slow line in a real terminal: it is measured, lite mode comes by itself, and a held key stops with the finger."""

from __future__ import annotations

import os
import re
import select
import time
from collections import deque
from collections.abc import Callable

import pytest

from tests.terminal.conftest import Console
from tests.terminal.harness import DOWN, Terminal

RATE, TRIP = 8000, 0.1
"""Bytes a second of 64 kbit/s; seconds there and back."""
TRUE = re.compile(rb"[34]8;2;")


class Slow:
    """Stands between a terminal and its reader: so many bytes a second, and answers to status queries."""

    def __init__(self, seen: Terminal) -> None:
        self.seen = seen
        self.answered = 0
        self._due: deque[float] = deque()

    def read(self, seconds: float) -> int:
        """What comes in so long, as fast as the line lets it."""
        end, got = time.monotonic() + seconds, 0
        while (now := time.monotonic()) < end:
            while self._due and self._due[0] <= now:
                self._due.popleft()
                self.answered += 1
                os.write(self.seen.handle, b"\x1b[0n")
            if not select.select([self.seen.handle], [], [], 0.01)[0]:
                continue
            part = os.read(self.seen.handle, 256)
            time.sleep(len(part) / RATE)
            got += len(part)
            # A query may come in two parts.
            heard = self.seen.sent[-3:] + part
            self.seen.take(part)
            for _ in range(heard.count(b"\x1b[5n")):
                self._due.append(time.monotonic() + TRIP)
        return got

    def sees(self, *words: str, within: float = 120.0) -> None:
        """Read until these words stand on the screen."""
        self.shows(lambda: all(word in self.seen.text for word in words), within)

    def rests(self) -> None:
        """Read until nothing is under way any more: nothing comes, and the program only waits itself."""
        end, looks = time.monotonic() + 120.0, 0
        while looks < 10:
            looks = 0 if self.read(0.1) or self._due or self.seen.computes() else looks + 1
            assert time.monotonic() < end, self.seen.text

    def shows(self, what: Callable[[], bool], within: float = 120.0) -> None:
        """Read until something holds."""
        end = time.monotonic() + within
        while not what():
            assert time.monotonic() < end, self.seen.text
            self.read(0.1)


@pytest.mark.slow
def test_lite_mode_comes_by_itself_where_the_line_is_slow(console: Console) -> None:
    seen = console("--theme=dark", SSH_CONNECTION="192.0.2.1 5 192.0.2.2 22")
    line = Slow(seen)
    line.sees("样11镇站")
    # The first boards tell.
    keys = iter("2345" * 60)
    while "低带宽模式" not in seen.text:
        os.write(seen.handle, next(keys).encode())
        line.read(0.7)
    assert TRUE.search(seen.sent)
    line.rests()
    before = len(seen.sent)
    os.write(seen.handle, b"3")
    line.sees("420 > 115")
    assert not TRUE.search(seen.sent[before:])
    line.sees("kB/s")
    assert line.answered > 2


@pytest.mark.slow
def test_it_does_not_come_where_somebody_said_no(console: Console) -> None:
    seen = console("--no-lite", SSH_CONNECTION="192.0.2.1 5 192.0.2.2 22")
    line = Slow(seen)
    line.sees("样11镇站")
    for key in "234512345":
        os.write(seen.handle, key.encode())
        line.read(0.7)
    line.read(1.0)
    assert "低带宽模式" not in seen.text
    assert "kB/s" not in seen.text
    before = len(seen.sent)
    os.write(seen.handle, b"2")
    line.shows(lambda: bool(TRUE.search(seen.sent[before:])))


@pytest.mark.slow
def test_what_is_typed_while_nothing_is_read_is_there_once_and_in_order(console: Console) -> None:
    """A line that drops: the program may write until the system takes no more, and goes on when it comes back."""
    seen = console("--no-lite")
    seen.sees("样11镇站")
    seen.settle()
    for key in (*"2345" * 4, "2", ":", *"abcdefghijklmnopqrstuvwxyz"):
        os.write(seen.handle, key.encode())
        time.sleep(0.05)
    before = len(seen.sent)
    seen.sees("abcdefghijklmnopqrstuvwxyz")
    assert len(seen.sent) - before < 100_000


@pytest.mark.slow
def test_the_mouse_is_off_until_its_key_and_moves_are_never_asked_for(console: Console) -> None:
    seen = console()
    seen.sees("样11镇站")
    seen.settle()
    assert b"\x1b[?1000h" not in seen.sent
    seen.press("_")
    seen.sees("鼠标已开启")
    assert b"\x1b[?1000h" in seen.sent
    assert b"\x1b[?1003h" not in seen.sent
    seen.press("3")
    seen.sees("420 > 115")
    row = next(y for y, text in enumerate(seen.lines) if "320 > 200" in text)
    seen.press(f"\x1b[<0;20;{row + 1}M", f"\x1b[<0;20;{row + 1}m")
    seen.sees("2/2")
    seen.press("_")
    seen.sees("鼠标已关闭")
    assert seen.sent.rfind(b"\x1b[?1000l") > seen.sent.rfind(b"\x1b[?1000h")
    seen.press(DOWN)
