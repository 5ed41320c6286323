"""Does lite mode come by itself where the line is slow, how soon, and nowhere else? The real console, used as usual.

Opens the console on a full city in a pseudo terminal (``pty``) or behind a real sshd on loopback (``ssh``, ``packed``
with compression), on lines of several speeds, ways and random lateness. What is written is taken at once, as SSH's
buffers do, and shown as fast as the line lets it; nothing comes before what was sent before it. Somebody looks at
boards and steps through them, a key or two a second. ``--busy`` runs as many loops beside it that do nothing but work.

    python -m tests.bench.line_auto [--ways pty ssh packed] [--rates 2 4 8 16 60 1000] [--trips 0.001 0.2]
                                    [--late 0 0.15] [--busy 0] [--seconds 40] [--keep FOLDER]

Told is when lite mode came, in seconds from the first paint, or ``-``: at 2 to 16 kB/s it is to come within some ten
seconds, at 60 and more never. ``packed`` is told for nothing but to be read: what SSH packs takes a half or a fifth.

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, Debian 12, Python 3.11.7, all of it beside other work at a load of 13
to 25, up to 150 ms late by chance: ``pty`` with 1 and 200 ms there and back, 2 kB/s after 11 s, 4 after 8, 8 after 5,
16 after 5 to 8; ``ssh`` with 200 ms, 2 kB/s after 12 to 13 s, 8 after 8 to 9, 16 after 9 to 18; at 60 and 1,000 kB/s
never, by either. ``packed``: 2 kB/s after 8 to 10 s, 8 and 1,000 never.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import shlex
import subprocess
import sys
import tempfile
import time
from collections import deque
from contextlib import ExitStack
from pathlib import Path

from tests.bench.full_city import build, cached
from tests.bench.line_screens import fresh
from tests.bench.line_ssh import ROOT, Relay, client, server
from tests.bench.start import surroundings
from tests.terminal.harness import Terminal

SAID = ("低带宽模式", "kB/s")
"""In a notice, or behind it in the footer."""
QUERY, ANSWER = b"\x1b[5n", b"\x1b[0n"
BOARDS, STEPS = "23451", ("\x1b[B", "\x1b[B", "\x1b[B", "\x1b[6~", "\x1b[A")
PATIENCE = 60.0
BIT = 256
"""Bytes that arrive at once."""


class Far:
    """A terminal at the other end of a line: bytes a second (0: as many as there are), seconds there and back."""

    def __init__(self, seen: Terminal, rate: float, trip: float, late: float, seed: int) -> None:
        self.seen, self.rate, self.trip, self.late = seen, rate, trip, late
        self._random = random.Random(seed)
        self._free = self._last = 0.0
        self._there: deque[tuple[float, bytes]] = deque()
        self._back: deque[tuple[float, bytes]] = deque()
        self._tail = b""

    def type(self, key: str) -> None:
        """Press a key."""
        self._send(key.encode())

    def run(self, seconds: float) -> None:
        """Let so long go by."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end and self.seen.alive:
            while self._back and self._back[0][0] <= now:
                os.write(self.seen.handle, self._back.popleft()[1])
            while self._there and self._there[0][0] <= now:
                self._show(self._there.popleft()[1])
            due = [queue[0][0] for queue in (self._there, self._back) if queue]
            if select.select([self.seen.handle], [], [], max(0.0, min([end, *due]) - time.monotonic()))[0]:
                self._take()

    def _take(self) -> None:
        try:
            data = os.read(self.seen.handle, 65536)
        except OSError:
            data = b""
        self.seen.alive = bool(data)
        now = time.monotonic()
        for place in range(0, len(data), BIT):
            bit = data[place : place + BIT]
            self._free = max(self._free, now) + (len(bit) / self.rate if self.rate else 0.0)
            self._last = max(self._last, self._free + self.trip / 2 + self._random.random() * self.late)
            self._there.append((self._last, bit))

    def _show(self, data: bytes) -> None:
        self.seen.take(data)
        text = self._tail + data
        for _ in range(text.count(QUERY)):
            self._send(ANSWER)
        self._tail = b"" if text.endswith(QUERY) else text[-3:]

    def _send(self, data: bytes) -> None:
        self._back.append((time.monotonic() + self.trip / 2, data))


def used(seen: Terminal, far: Far, seconds: float, seed: int) -> float | None:
    """Use the console as usual until lite mode comes; after how many seconds it did."""
    begun = time.monotonic()
    while "站" not in seen.text:
        assert seen.alive, seen.text
        assert time.monotonic() - begun < PATIENCE, seen.text
        far.run(0.05)
    begun, pick, board = time.monotonic(), random.Random(seed), 0
    while time.monotonic() - begun < seconds:
        if any(word in seen.text for word in SAID):
            return time.monotonic() - begun
        if pick.random() < 0.3:
            far.type(BOARDS[board % len(BOARDS)])
            board += 1
            far.run(pick.uniform(0.8, 2.0))
        else:
            far.type(pick.choice(STEPS))
            far.run(pick.uniform(0.15, 0.6))
    return None


def once(
    way: str, rate: float, trip: float, late: float, seat: list[str], folder: str, args: argparse.Namespace
) -> str:
    """One run, told in a word."""
    environ = surroundings(folder) | {
        "GRIDSEAT_BELL": "no",
        "COLORTERM": "truecolor",
        "TERM": "xterm-256color",
    }
    with ExitStack() as stack:
        command: list[str] = list(stack.enter_context(fresh(seat)))
        far = (rate, trip, late)
        if way != "pty":
            place = Path(tempfile.mkdtemp(dir=folder)) / "ssh"
            around = shlex.join(
                ["env", *(f"{name}={value}" for name, value in environ.items()), f"PYTHONPATH={ROOT}"]
            )
            port, _process = stack.enter_context(
                server(place, f"cd {ROOT} && {around} {shlex.join(command)}")
            )
            relay = Relay(port, rate=rate or None, trip=trip, late=late, seed=args.seed)
            relay.start()
            command, far = client(place, relay.port, packed=way == "packed"), (0.0, 0.0, 0.0)
            environ = environ | {"HOME": str(place)}
        seen = Terminal(command, environ)
        stack.callback(seen.close)
        came = used(seen, Far(seen, *far, args.seed), args.seconds, args.seed)
    return "-" if came is None else f"{came:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ways", nargs="+", choices=("pty", "ssh", "packed"), default=["pty", "ssh"])
    parser.add_argument("--rates", nargs="+", type=float, default=[2, 4, 8, 16, 60, 1000], help="kB/s")
    parser.add_argument("--trips", nargs="+", type=float, default=[0.001, 0.2])
    parser.add_argument("--late", nargs="+", type=float, default=[0.0, 0.15])
    parser.add_argument("--busy", type=int, default=0, help="loops beside it")
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(args.busy)]
    try:
        with tempfile.TemporaryDirectory() as folder:
            store, person = cached(args.keep) if args.keep else build(folder)
            seat = [sys.executable, "-m", "console", "--store", store, "--as", person, "--lang", "zh"]
            print("way     kB/s   trip   late   lite after")
            for way in args.ways:
                for rate in args.rates:
                    for trip in args.trips:
                        for late in args.late:
                            came = once(way, rate * 1000, trip, late, seat, folder, args)
                            print(f"{way:6} {rate:5g} {trip:6g} {late:6g}   {came}", flush=True)
    finally:
        for one in busy:
            one.kill()


if __name__ == "__main__":
    main()
