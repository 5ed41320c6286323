"""How long a person waits: first paint and first board with data on a full city store, against a bare Textual hello.

Each program runs in a pseudo terminal of 120x40 that answers nothing; its screen is replayed by pyte. First paint is
the first ink, the first board is the moment at which a county's name stands on it, the whole screen that at which
what waits does too. The store holds the product's city with a day of its readings and the alarms they rang. Wall time
and the processor's; the median and the least of several starts, taken in turns so that a busy machine is busy for
both.

    python -m tests.bench.start [--repeat 15] [--store FILE --as PERSON --mark TEXT --last TEXT]

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, quiet, Debian 12, Python 3.11.7, medians of 15: hello 175 ms; first
paint 258 ms (1.48 x); first board with data 574 ms (3.28 x, by processor 3.23 x); whole first screen 852 ms (4.87 x).
The program of the day before, on the same machine: 231 ms (1.33 x), 532 ms (3.05 x), 753 ms (4.32 x); on another one
207, 481 and 706.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import NamedTuple

import pyte

from tests.bench.ttybench import usage

COLUMNS, LINES = 120, 40
PATIENCE = 30.0


class Moment(NamedTuple):
    """A mark stands on the screen: milliseconds of wall and of processor since the start, and bytes written by then."""

    wall: float
    cpu: float
    written: int


def start(command: list[str], marks: list[str], environment: dict[str, str]) -> list[Moment]:
    """When each mark stands on the screen; an empty mark is any ink."""
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    begun = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    taken: list[Moment] = []
    written = 0
    try:
        while len(taken) < len(marks):
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError(
                    f"{marks[len(taken)]!r} never stood on the screen:\n" + "\n".join(screen.display)
                )
            if not select.select([terminal], [], [], 0.5)[0]:
                continue
            part = os.read(terminal, 65536)
            written += len(part)
            at = Moment((time.perf_counter() - begun) * 1000, usage(pid).cpu_s * 1000, written)
            stream.feed(part)
            shown = "\n".join(screen.display)
            while len(taken) < len(marks) and (
                marks[len(taken)] in _close(shown) if marks[len(taken)] else shown.strip()
            ):
                taken.append(at)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)
    return taken


def _close(shown: str) -> str:
    """pyte leaves an empty cell behind a wide character."""
    return shown.replace(" ", "")


def city_store(folder: str, *, readings: int = 0) -> tuple[str, str]:
    """A store with the product's city and the newest ``readings`` of its stations, feeds off; and a seat of it."""
    from sqlalchemy import update

    from backend.city.packs import heze_path
    from backend.desk.packs import load
    from backend.feeds.tables import Feed
    from backend.store import Store, table
    from tests.bench.intake import take_in

    path = f"{folder}/city.db"
    store = Store.open(path)
    load(store, heze_path(), int(time.time()), base="http://127.0.0.1:9")
    if readings:
        take_in(store, readings, int(time.time()), shift=3)
    with store.write() as connection:
        connection.execute(update(table(Feed)).values(enabled=False))
    store.close()
    return path, "HZ-S1"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--store", default="")
    parser.add_argument("--as", dest="person", default="")
    parser.add_argument("--mark", default="牡丹区")
    parser.add_argument("--last", default="未确认", help="stands on the screen when all of it has been read")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, person = (args.store, args.person) if args.store else city_store(folder, readings=150_000)
        environment = surroundings(folder)
        hello = [sys.executable, str(Path(__file__).with_name("hello.py"))]
        command = str(Path(sys.executable).with_name("gridseat"))
        seat = [command, "--store", store, "--as", person, "--lang", "zh"]
        taken: dict[str, list[Moment]] = {name: [] for name in NAMES}
        for _ in range(args.repeat):
            moments = start(hello, ["hello"], environment)
            moments += start(seat, ["", args.mark, args.last], environment)
            for name, moment in zip(NAMES, moments, strict=True):
                taken[name].append(moment)
    show(taken)


NAMES = (
    "bare Textual hello",
    "gridseat, first paint",
    "gridseat, first board with data",
    "gridseat, whole first screen",
)


def surroundings(folder: str) -> dict[str, str]:
    """An environment with nothing of this machine's own but what is needed to run."""
    kept = {"PATH", "HOME", "VIRTUAL_ENV", "PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name in kept} | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "XDG_CONFIG_HOME": folder,
        "XDG_STATE_HOME": folder,
    }


def show(taken: dict[str, list[Moment]]) -> None:
    """A line for each moment: median and least, in milliseconds and against the first one."""
    print(
        f"{'':34}{'wall ms':>9}{'x':>6}{'least':>7}{'x':>6}{'cpu ms':>9}{'x':>6}{'least':>7}{'x':>6}{'bytes':>8}"
    )
    base = taken[NAMES[0]]
    for name, moments in taken.items():
        line = f"{name:34}"
        for which in (0, 1):
            for fold, wide in ((statistics.median, 9), (min, 7)):
                value, against = fold(one[which] for one in moments), fold(one[which] for one in base)
                line += f"{value:{wide}.0f}{value / against:6.2f}"
        print(f"{line}{statistics.median(one.written for one in moments):8.0f}")


if __name__ == "__main__":
    main()
