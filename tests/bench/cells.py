"""What a key costs in CPU with the driver that sends cells, against the framework's own on the same board.

Two consoles run side by side on the same store, one with ``--stock-terminal``; both show the product's board of all
stations of the city, 120x40, truecolor. They are pressed in turn, a batch of keys each, and the CPU of all their
threads is read before and after (``/proc``, nanoseconds). Of each the cheapest batch counts: what else the machine
does only ever adds. Bytes are counted too.

    python -m tests.bench.cells [--batches 24] [--presses 12]

Figures of 2026-11-23, 2 quiet cores (AMD EPYC), Debian 12, Python 3.11.7, ms of CPU a key and the framework's own,
bytes a key and the framework's own:

=====  ===========  =====  ==============
key    ms           share  bytes
=====  ===========  =====  ==============
step   4.0 (3.9)    1.03   275 (923)
line   6.0 (6.3)    0.96   185 (18,795)
page   6.4 (6.0)    1.06   1,488 (11,594)
=====  ===========  =====  ==============

The day before it was 1.14, 1.15; 0.88, 1.08; 1.28, 1.12 in two runs. Hours before, without tab stops (308, 198 and
1,149 B): 1.11, 1.07; 0.96, 1.02; 1.15, 1.11. While a thread encoded and wrote every frame it was 1.23, 1.07 and 1.18:
now a frame is written where it was asked for. Of a step's 4 ms the encoder takes 0.13 in a loop of its own and 0.5 in
the console, where nothing of it is in the processor's caches.
"""

from __future__ import annotations

import argparse
import os
import select
import sys
import tempfile
from pathlib import Path

from tests.bench.keys import seat
from tests.bench.pressing import NEVER, Pressed

KINDS = {
    "step": ("down", "up", "down", "down", "up", "up"),
    "scroll": ("down",),
    "page": ("pagedown", "pagedown", "pageup", "pageup"),
}
"""Presses in turn; before those that scroll the cursor is brought to the last line."""
AT_MOST = 1.15
"""What it may cost, of what the framework's own driver does."""
SETTLED = 0.04
"""Seconds of silence after which a key's work is done."""


class Console(Pressed):
    """One of the two."""

    def __init__(self, path: str, environ: dict[str, str], *, stock: bool) -> None:
        command = [sys.executable, "-m", "tests.bench.cells", "--seat", path]
        super().__init__([*command, "--stock"] if stock else command, environ)

    def cpu(self) -> int:
        """Nanoseconds of CPU that its threads have had."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)

    def batch(self, keys: tuple[str, ...], presses: int) -> tuple[float, int]:
        """Milliseconds of CPU and bytes of a key."""
        from tests.bench.ttybench import key_bytes

        begun, got = self.cpu(), 0
        for number in range(presses):
            os.write(self.handle, key_bytes(keys[number % len(keys)]))
            # An answer that is late must not fall into the next key's: two keys drawn at once cost less than two.
            silence = NEVER
            while select.select([self.handle], [], [], silence)[0]:
                got += self.read()
                silence = SETTLED
        return (self.cpu() - begun) / presses / 1e6, got // presses


def compare(path: str, environ: dict[str, str], batches: int, presses: int) -> dict[str, dict[str, float]]:
    """Cost of a key of each kind, of ours and of the framework's."""
    both = {"ours": Console(path, environ, stock=False), "stock": Console(path, environ, stock=True)}
    found: dict[str, dict[str, float]] = {}
    try:
        for one in both.values():
            while one.drain(2.0):
                pass
        for kind, keys in KINDS.items():
            costs: dict[str, list[tuple[float, int]]] = {name: [] for name in both}
            for name in [*both] * batches:
                if kind == "scroll":
                    both[name].batch(("home", *("down",) * 36), 37)
                costs[name].append(both[name].batch(keys, presses))
            found[kind] = {f"{name}_cpu_ms": min(cost)[0] for name, cost in costs.items()}
            found[kind] |= {f"{name}_bytes": min(size for _, size in cost) for name, cost in costs.items()}
    finally:
        for one in both.values():
            one.close()
    return found


def main() -> int:
    """Exit code 1 where ours costs more than it may."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--batches", type=int, default=24)
    parser.add_argument("--presses", type=int, default=12)
    parser.add_argument("--seat", default="", help=argparse.SUPPRESS)
    parser.add_argument("--stock", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.seat:
        seat(args.seat, "stations", stock=args.stock)
        return 0
    from tests.bench.start import city_store, surroundings

    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path, _person = city_store(folder, readings=20_000)
        found = compare(path, surroundings(folder), args.batches, args.presses)
    print(f"{'key':8}{'ours ms':>9}{'stock ms':>10}{'ratio':>7}{'ours B':>8}{'stock B':>9}")
    for kind, each in found.items():
        ratio = each["ours_cpu_ms"] / each["stock_cpu_ms"]
        worst = max(worst, ratio)
        print(
            f"{kind:8}{each['ours_cpu_ms']:9.2f}{each['stock_cpu_ms']:10.2f}{ratio:7.2f}"
            f"{each['ours_bytes']:8.0f}{each['stock_bytes']:9.0f}"
        )
    return int(worst > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
