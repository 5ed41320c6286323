"""A line that drops, comes back, changes its speed, is late by chance: is a key lost, an old picture left, lite wrong?

The real console on a full city in a pseudo terminal, behind a line that takes all that is written at once, as SSH's
buffers do. Somebody steps through the stations' board meanwhile. Each walk has a seed, which says how the line fares;
what comes of it is told by what must hold whatever the line did:

- every key counts: the cursor stands where the steps lead to, also by those that were pressed while nothing came;
- the picture is the newest one, which a repaint (ctrl+l) changes nothing of; it is there within so many seconds of the
  line's coming back;
- lite mode has come only where the line was slow for some time;
- a footer that tells of the line tells 0 once it is at rest.

    python -m tests.bench.line_walks [--seeds 1 2 3 ...] [--kinds drop speed late] [--store FILE --as PERSON]
                                     [--keep FOLDER]

``drop``: 8 or 60 kB/s, gone for 1 to 120 s, twice. ``speed``: 8, 1 and 60 kB/s by turns. ``late``: 60 kB/s, each bit up
to 400 ms late.

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, Debian 12, Python 3.11.7: seeds 81 to 84 of ``drop``, 81 and 83 to 85
of ``speed``, 81 and 83 to 86 of ``late``: all well, the newest picture 0.3 to 1.5 s after a line's coming back.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.full_city import build, cached
from tests.bench.line_auto import PATIENCE, SAID, Far
from tests.bench.line_screens import fresh
from tests.bench.start import surroundings
from tests.terminal.harness import DOWN, HOME, UP, Terminal

KINDS: Final = ("drop", "speed", "late")
ROWS = 130
"""Rows that the board has at the least."""
TRIP = 0.2
STANDS = re.compile(r"^\s*(\d+)/(\d+)\s*$", re.MULTILINE)
"""Where the cursor stands, told under the board."""
CHANGING = re.compile(r"\d\d:\d\d|线路.*$|已转入低带宽.*$")
"""What tells the time or of the line: not the same in two pictures."""
REPAINT = "\x0c"
QUIET = 1.5


class Road(Far):
    """A line whose speed, lateness and being there change."""

    back_at = 0.0
    """When it is there again."""

    def drop(self, seconds: float) -> None:
        """Be gone for so long: nothing comes, in neither way; then all of it."""
        self.back_at = time.monotonic() + seconds
        self._free = max(self._free, self.back_at)
        self._there = type(self._there)((max(at, self.back_at), bit) for at, bit in self._there)
        self._back = type(self._back)((max(at, self.back_at), bit) for at, bit in self._back)

    def _send(self, data: bytes) -> None:
        self._back.append((max(time.monotonic(), self.back_at) + self.trip / 2, data))

    def settled(self, limit: float) -> float:
        """Let time go by until nothing is on its way and nothing came for a while; how long that took."""
        begun = last = time.monotonic()
        sent = len(self.seen.sent)
        while (now := time.monotonic()) - begun < limit:
            self.run(0.1)
            if len(self.seen.sent) != sent or self._there or self._back:
                sent, last = len(self.seen.sent), now
            elif now - last > QUIET:
                return last - begun
        return limit


@dataclass
class Walk:
    """What came of one."""

    kind: str
    seed: int
    keys: int = 0
    back: float = 0.0
    """Seconds from the line's coming back to the newest picture, at most."""
    lite: bool = False
    slow: float = 0.0
    """Seconds that the line was slow."""
    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = "; ".join(self.faults) or "well"
        lite = "lite" if self.lite else "-"
        return f"{self.kind:6} {self.seed:4} {self.keys:5} {self.back:6.1f} {self.slow:6.0f} {lite:5} {told}"


def walked(kind: str, seed: int, seat: list[str], environ: dict[str, str]) -> Walk:
    """One walk."""
    pick, walk = random.Random(f"{kind}{seed}"), Walk(kind, seed)
    with ExitStack() as stack:
        seen = Terminal(list(stack.enter_context(fresh(seat))), environ)
        stack.callback(seen.close)
        rate = {"drop": pick.choice((8_000.0, 60_000.0)), "speed": 8_000.0, "late": 60_000.0}[kind]
        road = Road(seen, rate, TRIP, 0.4 if kind == "late" else 0.0, seed)
        begun = time.monotonic()
        while "站" not in seen.text and time.monotonic() - begun < PATIENCE:
            road.run(0.05)
        for key in ("2", "\x1b[C", "\x1b[C", "\x1b[C", HOME):
            road.type(key)
            road.settled(8.0)
        stands = _stepped(road, walk, pick)
        walk.lite = any(word in seen.text for word in SAID)
        _judged(road, walk, stands)
    return walk


def _stepped(road: Road, walk: Walk, pick: random.Random) -> int:
    """Step down and up, while the line fares as it does; where that leads to."""
    stands = 1

    def step(count: int, hertz: float) -> None:
        nonlocal stands
        down = stands + count < ROWS
        for _ in range(count):
            road.type(DOWN if down else UP)
            stands, walk.keys = max(1, stands + (1 if down else -1)), walk.keys + 1
            _passed(road, walk, 1 / hertz)

    for _ in range(2 if walk.kind == "drop" else 6):
        step(pick.randrange(5, 40), pick.choice((3.0, 10.0, 30.0)))
        if walk.kind == "drop":
            gone = pick.choice((1.0, 5.0, 20.0, 60.0, 120.0)) * pick.uniform(0.8, 1.0)
            road.drop(gone)
            step(pick.randrange(1, 8), 2.0)
            _passed(road, walk, max(0.0, road.back_at - time.monotonic()))
            walk.back = max(walk.back, road.settled(30.0))
        elif walk.kind == "speed":
            road.rate = pick.choice((1_000.0, 8_000.0, 60_000.0))
            step(pick.randrange(5, 60), pick.choice((10.0, 30.0)))
            walk.back = max(walk.back, road.settled(40.0))
        else:
            step(pick.randrange(5, 60), pick.choice((10.0, 30.0)))
            _passed(road, walk, pick.uniform(0.2, 2.0))
    road.settled(40.0)
    return stands


def _passed(road: Road, walk: Walk, seconds: float) -> None:
    road.run(seconds)
    if road.rate < 30_000:
        walk.slow += seconds


def _judged(road: Road, walk: Walk, stands: int) -> None:
    """What does not hold."""
    faults: list[str] = []
    seen = road.seen
    found = STANDS.search(seen.text)
    if found is None or int(found[1]) != stands:
        faults.append(f"stands at {found and found[1]}, not {stands}")
    shown = [CHANGING.sub("", line) for line in seen.lines]
    road.type(REPAINT)
    road.settled(30.0)
    anew = [CHANGING.sub("", line) for line in seen.lines]
    faults += [f"old: {was!r} for {now!r}" for was, now in zip(shown, anew, strict=True) if was != now]
    if walk.lite and not walk.slow:
        faults.append("lite on a fast line")
    if walk.lite and (told := re.search(r"线路\s*([\d.]+) kB/s 滞后\s*(\d+)", seen.text)):
        road.run(8.0)
        told = re.search(r"线路\s*([\d.]+) kB/s 滞后\s*(\d+)", seen.text) or told
        if float(told[1]) > 0.1 or int(told[2]):
            faults.append(f"tells {told[0]!r} at rest")
    if walk.back > 10:
        faults.append(f"{walk.back:.0f} s to the newest picture")
    walk.faults = tuple(faults)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--store", default="")
    parser.add_argument("--as", dest="person", default="")
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        city = (args.store, args.person) if args.store else cached(args.keep) if args.keep else build(folder)
        environ = surroundings(folder) | {"GRIDSEAT_BELL": "no"}
        seat = [sys.executable, "-m", "console", "--store", city[0], "--as", city[1], "--lang", "zh"]
        print("kind   seed  keys   back   slow lite  what")
        for kind in args.kinds:
            for seed in args.seeds:
                walk = walked(kind, seed, seat, environ)
                bad += bool(walk.faults)
                print(walk, flush=True)
    return bad > 0


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
