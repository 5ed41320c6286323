"""What the console costs the line, screen by screen, beside a bare Textual table, less, vim, htop and mc: one table.

By `tests.bench.ttybench`'s own terminal: a pseudo terminal that answers, drained at once (``local``) or at 64 kbit/s
with 200 ms there and back (``64k``). In truecolor and in lite mode (16 colours, a pointer for the bar), at 120x40 and
80x24, over a full city: 1,259 stations with a day of readings, two days of the air's, 120 alarms that wait, 120 tasks.

    python -m tests.bench.line_table [--parts local slow programs ssh] [--sizes 120x40 80x24] [--looks true lite]
                                     [--screens overview alarms ...]
                                     [--store FILE --as PERSON] [--keep FOLDER] [--json FILE]

``paint``: bytes from the key that opens a screen until it is whole, what is read for it included (overview: from the
program's start); ``step``: a cursor step, ``scroll``: a step that scrolls the board by a line, ``page``: a page down,
all as the middle of several; ``mouse``: a pointer move with the mouse on (``_``); ``idle``: bytes a second of 5 s
between two minutes; ``CPU``: the process tree's, a key. On the slow line: ``paint`` in milliseconds to the last byte,
``step`` to the last byte of its answer, ``lag``: how long the screen moves on after a key was held for two seconds at
30 Hz. ``ssh``: the same console behind a real sshd on loopback: bytes that pass the socket, TCP's own not counted.

The whole table takes ten minutes on a quiet machine; each part can be had alone. Bytes are the same on every run but
for what the clock changes; times and CPU are upper bounds on a machine that others use.

Figures of 2026-11-22, 2 cores, 24 GB, Debian 12, Python 3.11.7, load 8 to 13 (the bytes are not touched by it, times
and lags are: a key waited for the processor), 120x40, truecolor / lite: start 9.3 / 4.8 kB; cursor step, stations
468 / 20, tasks 488 / 22, feeds 428 / 20, hot grids 116 / 42 B; scrolled line, stations 356 / 214, tasks 282 / 184 B;
mouse 0 B. Over SSH at 80x24 (stations, plain / packed): start 10.5 / 3.9 kB, step 548 / 112 B; lite 4.2 / 4.0 kB, step
60 / 44 B.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.start import surroundings
from tests.bench.ttybench import Session, memory_kib, parse_rate, parse_size, usage

SCREENS = {
    "overview": ("1",), "stations": ("2", "right", "right", "right"), "alarms": ("3",),
    "tasks": ("4",), "feeds": ("5",), "triage": ("0",), "hot grids": (";",),
}  # fmt: skip
LOOKS = {"true": ("truecolor", ()), "lite": ("lite, 16", ("--lite",))}
SIZES = ("120x40", "80x24")
PAGES_OVER = ("triage", "hot grids")
"""Screens that lie over another one: Esc leaves them."""
RATE, TRIP = "64k", 0.2
PRESSES, PAGES = 6, 3
HELD, HERTZ = 60, 30.0
GAP, SETTLED, PAINTED = 0.2, 0.8, 0.8
"""Seconds of silence that end an answer, a start, and the paint of a screen."""
IDLE = 5.0
REST = 20.0
"""Seconds after the start until which the jobs may still find something to do."""
MOVES = 40
DOWN, PAGE = "down", "pagedown"
COLUMNS = (
    "paint B",
    "step B",
    "scroll B",
    "page B",
    "idle B/s",
    "mouse B",
    "CPU ms",
    "paint ms",
    "step ms",
    "lag ms",
)


@dataclass
class Row:
    """A line of the table; None was not measured."""

    what: str
    size: str
    look: str
    paint: float | None = None
    step: float | None = None
    scroll: float | None = None
    page: float | None = None
    idle: float | None = None
    mouse: float | None = None
    cpu: float | None = None
    slow_paint: float | None = None
    slow_step: float | None = None
    lag: float | None = None
    memory: float | None = None

    def cells(self) -> list[str]:
        """Its figures, in the order of `COLUMNS`."""
        told = (
            self.paint, self.step, self.scroll, self.page, self.idle, self.mouse, self.cpu,
            self.slow_paint, self.slow_step, self.lag,
        )  # fmt: skip
        return [
            "" if one is None else f"{one:,.1f}" if one < 10 and one % 1 else f"{one:,.0f}" for one in told
        ]


# A program in a terminal.


@contextmanager
def running(command: Sequence[str], size: str, environ: dict[str, str], *, slow: bool) -> Iterator[Session]:
    """The program, painted and at rest."""
    session = Session(
        command, parse_size(size), environ,
        throttle=parse_rate(RATE) if slow else None, rtt_s=TRIP if slow else 0.0,
    )  # fmt: skip
    try:
        session.until_settled(SETTLED, 60.0)
        if not session.alive:
            raise SystemExit(f"{command[0]} ended: {b''.join(one.data for one in session.chunks)[-300:]!r}")
        yield session
    finally:
        session.stop()


def written(session: Session, since: int) -> int:
    """Bytes since a place in what was read."""
    return sum(len(one.data) for one in session.chunks[since:])


def press(session: Session, key: str, silence: float = GAP, limit: float = 20.0) -> tuple[int, float]:
    """Bytes of a key's answer, and milliseconds to the last of them."""
    place, begun = len(session.chunks), session.now()
    session.key(key)
    session.read(2.0)
    session.until_quiet(silence, limit)
    return written(session, place), (session.chunks[-1].at - begun) * 1000 if len(
        session.chunks
    ) > place else 0.0


def middle(session: Session, key: str, times: int) -> tuple[float, float]:
    """The middle of several answers: bytes and milliseconds."""
    taken = [press(session, key) for _ in range(times)]
    return statistics.median(one[0] for one in taken), statistics.median(one[1] for one in taken)


def held(session: Session, key: str) -> float:
    """Milliseconds that the screen goes on after a key was held."""
    place, started = len(session.chunks), session.now()
    for index in range(HELD):
        session.key(key)
        due = started + (index + 1) / HERTZ
        while session.alive and (left := due - session.now()) > 0:
            session.read(left)
    sent = session.now()
    # As ttybench has it: what is read about the row that the cursor came to rest on is no lag.
    session.until_quiet(0.3, 40.0)
    return max(0.0, (session.chunks[-1].at - sent) * 1000) if len(session.chunks) > place else 0.0


def at_rest(session: Session) -> float:
    """Bytes a second while nobody touches it, between two minutes."""
    if (left := 60 - time.time() % 60) < IDLE + 1:
        session.until_quiet(left + 1.5, left + 1.5)
    place, begun = len(session.chunks), session.now()
    while (left := begun + IDLE - session.now()) > 0:
        session.read(left)
    return written(session, place) / IDLE


def pointed(session: Session) -> float:
    """Bytes a move of the pointer, where it is asked for at all."""
    data = b"".join(one.data for one in session.chunks)
    if data.rfind(b"\x1b[?1003h") <= data.rfind(b"\x1b[?1003l"):
        return 0.0
    place = len(session.chunks)
    for index in range(MOVES):
        session.write(b"\x1b[<35;%d;%dM" % (1 + index * 7 % session.columns, 1 + index * 3 % session.rows))
        session.until_quiet(0.03, 0.5)
    return written(session, place) / MOVES


# The console's screens.


@contextmanager
def fresh(command: Sequence[str]) -> Iterator[list[str]]:
    """The same command on a copy of its store: where the person was last is in it, and no run may begin there."""
    place = command.index("--store") + 1
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/city.db"
        with closing(sqlite3.connect(command[place])) as source, closing(sqlite3.connect(store)) as copy:
            source.backup(copy)
        yield [*command[:place], store, *command[place + 1 :]]


def screens(
    command: Sequence[str],
    size: str,
    look: str,
    environ: dict[str, str],
    *,
    slow: bool,
    only: Sequence[str] = tuple(SCREENS),
) -> list[Row]:
    """Every screen of one console: opened, stepped through, paged, held."""
    name, words = LOOKS[look]
    rows: list[Row] = []
    words = words or ("--no-lite",)
    with fresh(command) as own, running([*own, *words], size, environ, slow=slow) as session:
        start, first = written(session, 0), session.chunks[-1].at * 1000
        # The jobs have their first turns.
        session.until_quiet(2.0, REST)
        for screen, (key, *tabs) in SCREENS.items():
            if screen not in ("overview", *only):
                continue
            row = Row(screen, size, name)
            if screen == "overview":
                row.paint, row.slow_paint = (start, None) if not slow else (None, first)
            else:
                place, begun = len(session.chunks), session.now()
                session.key(key)
                session.read(3.0)
                session.until_quiet(PAINTED, 30.0)
                count, took = written(session, place), (session.chunks[-1].at - begun) * 1000
                row.paint, row.slow_paint = (count, None) if not slow else (None, took)
            for tab in tabs:
                press(session, tab, 0.4)
            walk(session, row, slow=slow)
            if not slow and screen == "overview":
                row.idle = at_rest(session)
            if not slow and screen == "stations":
                press(session, "_")
                row.mouse = pointed(session)
                press(session, "_")
            if screen in PAGES_OVER:
                press(session, "escape", 0.6)
            rows.append(row)
        if not slow:
            rows[0].memory = memory_kib(session.pid)[0] / 1024
    return rows


def walk(session: Session, row: Row, *, slow: bool) -> None:
    """Step, scroll and page on the screen that is shown; on a slow line only step, and hold the key."""
    if slow:
        row.slow_step = middle(session, DOWN, 3)[1]
        press(session, PAGE)
        row.lag = held(session, DOWN)
        press(session, "home", 0.5)
        return
    before = usage(session.pid)
    row.step = middle(session, DOWN, PRESSES)[0]
    row.page = middle(session, PAGE, PAGES)[0]
    row.scroll = middle(session, DOWN, PRESSES)[0]
    # A job's own process that ended meanwhile takes what it had used with it: then nobody can tell.
    spent = (usage(session.pid) - before).cpu_s * 1000
    row.cpu = spent / (2 * PRESSES + PAGES) if spent > 0 else None
    press(session, "home", 0.5)


# Others.


def programs(folder: str) -> dict[str, tuple[list[str], str, str]]:
    """Command, key of a step, key of a page; those that are not installed are left out, and said to be."""
    big = Path(folder) / "lines.txt"
    big.write_text(
        "".join(
            f"{n:06d}  station {n:05d}  {n % 397:5d}  {n % 211:5d}  {'x' * (n % 60)}\n" for n in range(20_000)
        )
    )
    found = {
        "Textual DataTable": ([sys.executable, str(Path(__file__).with_name("bare_table.py"))], DOWN, PAGE),
        "less": (["less", str(big)], DOWN, "space"),
        "vim": (["vim", "-u", "DEFAULTS", "-R", str(big)], "j", "ctrl+f"),
        "htop": (["htop"], DOWN, PAGE),
        "mc": (["mc", "-d", "/usr/bin", "/usr/lib"], DOWN, PAGE),
    }
    for name, (command, _, _) in list(found.items()):
        if shutil.which(command[0]) is None:
            say(f"{name} is not installed: left out")
            del found[name]
    return found


def program(name: str, what: tuple[list[str], str, str], size: str, environ: dict[str, str]) -> Row:
    """One of them, on both lines."""
    command, step, page = what
    row = Row(name, size, "its own")
    with running(command, size, environ, slow=False) as session:
        row.paint = written(session, 0)
        before = usage(session.pid)
        row.step = middle(session, step, PRESSES)[0]
        row.page = middle(session, page, PAGES)[0]
        for _ in range(2):
            press(session, page)
        row.scroll = middle(session, step, PRESSES)[0]
        row.cpu = (usage(session.pid) - before).cpu_s * 1000 / (2 * PRESSES + PAGES + 2)
        row.mouse = pointed(session)
        row.idle = at_rest(session)
        row.memory = memory_kib(session.pid)[0] / 1024
    with running(command, size, environ, slow=True) as session:
        row.slow_paint = session.chunks[-1].at * 1000
        row.slow_step = middle(session, step, 4)[1]
        for _ in range(3):
            press(session, page)
        row.lag = held(session, step)
    return row


# The table.


def say(text: str) -> None:
    """Tell the person, beside the table."""
    sys.stderr.write(text + "\n")


def merged(fast: list[Row], slow: list[Row]) -> list[Row]:
    """The figures of both lines in one row each."""
    by_key = {(row.what, row.size, row.look): row for row in fast}
    for row in slow:
        own = by_key.setdefault((row.what, row.size, row.look), Row(row.what, row.size, row.look))
        own.slow_paint, own.slow_step, own.lag = row.slow_paint, row.slow_step, row.lag
    return list(by_key.values())


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    heads = ("what", "size", "look", *COLUMNS)
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * 3}{'---:|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join((row.what, row.size, row.look, *row.cells()))} |" for row in rows]
    told = [f"{row.what} {row.size} {row.look} {row.memory:.0f} MB" for row in rows if row.memory]
    return "\n".join([*lines, "", f"Peak memory: {'; '.join(told)}." if told else ""])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", nargs="+", default=["local", "slow", "programs", "ssh"])
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--looks", nargs="+", choices=list(LOOKS), default=list(LOOKS))
    parser.add_argument("--screens", nargs="+", choices=list(SCREENS), default=list(SCREENS))
    parser.add_argument("--store", default="")
    parser.add_argument("--as", dest="person", default="")
    parser.add_argument(
        "--keep", type=Path, help="keep the city that is built in this folder, for the next run"
    )
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environ = surroundings(folder) | {"GRIDSEAT_BELL": "no"}
        found: list[Row] = []
        if {"local", "slow", "ssh"} & set(args.parts):
            store, person = (args.store and (args.store, args.person)) or _city(args.keep, folder)
            seat = [sys.executable, "-m", "console", "--store", store, "--as", person, "--lang", "zh"]
            for size in args.sizes:
                for look in args.looks:
                    found += _both(seat, size, look, environ, args.parts, args.screens)
            if "ssh" in args.parts:
                from tests.bench.line_ssh import over_ssh

                # One size tells: what SSH adds to the bytes is the same at the other.
                found += over_ssh(seat, args.sizes[0], environ, folder)
        if "programs" in args.parts:
            for size in args.sizes:
                found += [program(name, what, size, environ) for name, what in programs(folder).items()]
        print(table(found))
        if args.json:
            args.json.write_text(json.dumps([asdict(row) for row in found], indent=1))


def _city(keep: Path | None, folder: str) -> tuple[str, str]:
    from tests.bench.full_city import build, cached

    return cached(keep) if keep else build(folder)


def _both(
    seat: Sequence[str],
    size: str,
    look: str,
    environ: dict[str, str],
    parts: Sequence[str],
    only: Sequence[str],
) -> list[Row]:
    one: Callable[[bool], list[Row]] = lambda slow: screens(seat, size, look, environ, slow=slow, only=only)  # noqa: E731
    fast = one(False) if "local" in parts else []
    slow = one(True) if "slow" in parts else []
    return merged(fast, slow)


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    main()
