"""What the console costs the line, screen by screen, beside a bare Textual table, less, vim, htop and mc: one table.

By `tests.bench.ttybench`'s own terminal: a pseudo terminal that answers, drained at once (``local``) or at 64 kbit/s
with 200 ms there and back (``slow``). In truecolor and in lite mode (16 colours, a pointer for the bar), at 120x40 and
80x24, over a full city: 1,259 stations with a day of readings, two days of the air's, 120 alarms that wait, 120 tasks,
whose jobs another process runs; and by the framework's own driver (``stock``, local, two boards) for the processor's
time.

    python -m tests.bench.line_table [--parts local slow programs ssh] [--sizes 120x40 80x24]
                                     [--looks true lite stock] [--screens overview alarms ...] [--times 6]
                                     [--store FILE --as PERSON] [--keep FOLDER] [--json FILE]
    python -m tests.bench.line_table --markdown FILE ...

``paint``: bytes from the key that opens a screen until it is whole, what is read for it included (overview: from the
program's start); ``step``: a cursor step, ``scroll``: a step that scrolls the board by a line, ``page``: a page down,
all as the middle of several, ``-`` where there is nothing of it (a map scrolls no rows, a list may have too few); what
is told of one screen alone is empty elsewhere, and what the stock driver takes on a slow line is not measured: minutes
a screen. ``mouse``: a pointer move with the mouse on (``_``); ``idle``: bytes a second of 5 s between two minutes;
``CPU``: the process tree's, a key; ``MB``: the program's own peak.
Where something is told beside the row (triage desk, tasks, hot grids) it follows when the cursor has rested a quarter
of a second, and the next key comes before that: ``step``, ``scroll``, ``page`` and ``CPU`` are of the key alone, as of
one that is held or struck quickly; ``rest B`` is what then follows, ``rest ms`` the CPU of a step with it. A board
beside a pane turns half a page at its end: its ``scroll`` is the step after that.
On the slow line: ``paint`` in milliseconds to the last byte, ``step`` to the last byte of its answer, ``lag``: how long
the cells that a key was moving when it was let go go on changing, after 2 s at 30 Hz; the middle of three times.
``ssh``: the same console behind a real sshd on loopback: bytes that pass the socket, TCP's own not counted.

``--json`` keeps what was measured after every step, joined with what the file has: the parts can be run one by one and
told together with ``--markdown``. The whole takes some 21 minutes with ``--times 4``. Bytes are the same on every
run but for what the clock changes; times and CPU are upper bounds on a machine that others use.

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, Debian 12, Python 3.11.7, with ``--times 4``; the table is in the
README. 120x40 on a quiet machine; 80x24 on the slow line and SSH beside other tests; htop, mc and the programs at 80x24
of four hours before. At 120x40, truecolor / lite: start 6.9 / 4.7 kB; cursor step, stations 255 / 22 B, overview 264 /
16, alarms 292 / 14, tasks 268 / 21, feeds 293 / 22; scrolled line, stations 216 / 127 B, overview 254 / 142, alarms
210 / 150, tasks 217 / 130; lag of a held key, overview 196 / 257 ms, stations 187 / 222, alarms 179 / 202, tasks 172 /
221, triage 194 / 189 (of each 167 are the way there and back; what is read of a row once the cursor rests is no lag).
At 80x24 no lag is above 254 ms. Steps of triage desk and map were told with what follows at rest. A bare Textual table
34,330 ms at 120x40 and 21,916 at 80x24; less and vim 167 to 170, mc 357 and 207.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from tests.bench.line_measures import (
    GAP,
    QUICK,
    RESTED,
    LeftOut,
    at_rest,
    held,
    memory,
    middle,
    pointed,
    press,
    rested,
    running,
    say,
    written,
)
from tests.bench.line_rows import NONE, Row, joined, keep, read, table
from tests.bench.start import surroundings
from tests.bench.ttybench import Session, Usage, usage

SCREENS = {
    "overview": ("1",), "stations": ("2", "right", "right", "right"), "alarms": ("3",),
    "tasks": ("4",), "feeds": ("5",), "triage": ("0",), "hot grids": (";",),
}  # fmt: skip
"""The key of each, and those to the tab that has the most rows."""
LOOKS = {
    "true": ("truecolor", ("--no-lite",)),
    "lite": ("lite, 16", ("--lite",)),
    "stock": ("truecolor, stock driver", ("--no-lite", "--stock-terminal")),
}
STOCK = ("stations", "tasks")
"""Boards on which the framework's own driver is measured."""
SIZES = ("120x40", "80x24")
PARTS = ("local", "slow", "programs", "ssh")
TO_AND_FRO = {"hot grids": 8}
"""Boards that have fewer rows than a held key passes: so many steps down, and as many up again."""
PAGES_OVER = ("triage", "hot grids")
"""Screens that lie over another one: Esc leaves them."""
RESTING = ("tasks", "triage", "hot grids")
"""Screens that tell something beside the row, once the cursor rests on it."""
PAINTED = 0.8
"""Seconds of silence that end the paint of a screen."""
REST = 20.0
"""Seconds after the start until which something may still be read."""
MINUTES = 5000.0
"""Milliseconds of lag of which once is enough: three times would be minutes."""
DAY = 86_400
TIMES, PAGES, HOLDS = 6, 3, 3
UP, DOWN, PAGE = "up", "down", "pagedown"


# The console's screens.


@contextmanager
def fresh(command: Sequence[str]) -> Iterator[list[str]]:
    """The same command on a copy of its store: where the person was last is in it, and no run may begin there.

    The jobs are somebody else's there, as at a centre with an agent of its own: what they take is no key's.
    """
    place = command.index("--store") + 1
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/city.db"
        with closing(sqlite3.connect(command[place])) as source, closing(sqlite3.connect(store)) as copy:
            source.backup(copy)
            with copy:
                copy.execute(
                    "INSERT OR REPLACE INTO lease (name, holder, until) VALUES ('jobs', 'bench', ?)",
                    (time.time() + DAY,),
                )
        yield [*command[:place], store, *command[place + 1 :]]


def screens(
    command: Sequence[str],
    size: str,
    look: str,
    environ: dict[str, str],
    *,
    slow: bool,
    only: Sequence[str] = tuple(SCREENS),
    times: int = TIMES,
    replies: str = "modern",
) -> list[Row]:
    """Every screen of one console: opened, stepped through, paged, held."""
    name, words = LOOKS[look]
    rows: list[Row] = []
    with ExitStack() as stack:
        own = stack.enter_context(fresh(command))
        session = stack.enter_context(running([*own, *words], size, environ, slow=slow, replies=replies))
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
                # Quiet because it computes is not whole yet: the map of an hour that nobody has looked at.
                session.until_settled(PAINTED, 20.0)
                count, took = written(session, place), (session.chunks[-1].at - begun) * 1000
                row.paint, row.slow_paint = (count, None) if not slow else (None, took)
            for tab in tabs:
                press(session, tab, 0.4)
            walk(session, row, slow=slow, times=times)
            if not slow and screen == "overview":
                row.idle = at_rest(session)
            if not slow and screen == "stations":
                press(session, "_")
                row.mouse = pointed(session)
                press(session, "_")
            if not slow and screen in ("overview", "hot grids"):
                row.memory = memory(session)
            if screen in PAGES_OVER:
                press(session, "escape", 0.6)
            rows.append(row)
    return rows


def walk(session: Session, row: Row, *, slow: bool, times: int) -> None:
    """Step, scroll and page on the screen that is shown; on a slow line only step, and hold the key."""
    if slow:
        row.slow_step = middle(session, DOWN, 3)[1]
        row.lag = lag(session, _holding(row.what), PAGE, "home")
        press(session, "home", 0.5)
        return
    before, gap = usage(session.pid), QUICK if row.what in RESTING else GAP
    row.step = middle(session, DOWN, times, gap)[0]
    row.page = middle(session, PAGE, PAGES, gap)[0]
    row.scroll = middle(session, DOWN, times, gap)[0] if row.what not in TO_AND_FRO else NONE
    row.cpu = _spent(session, before, 2 * times + PAGES)
    if row.what in RESTING:
        session.until_quiet(RESTED, REST)
        before = usage(session.pid)
        row.rest = rested(session, DOWN if row.what not in TO_AND_FRO else UP, times)
        row.rest_cpu = _spent(session, before, times)
    press(session, "home", 0.5)


def _spent(session: Session, before: Usage, keys: int) -> float | None:
    """Milliseconds of the processor a key; None where a job's own process took what it had used with it."""
    spent = (usage(session.pid) - before).cpu_s * 1000
    return spent / keys if spent > 0 else None


def _holding(screen: str) -> tuple[str, ...]:
    """What is pressed in turn where a key is held on a screen."""
    return (DOWN,) * TO_AND_FRO.get(screen, 1) + (UP,) * TO_AND_FRO.get(screen, 0)


def lag(session: Session, steps: Sequence[str], page: str, home: str = "") -> float:
    """The middle of several times that a key was held: from the second page on, or the first where there are few."""
    found: list[float] = []
    pages = 1
    for _ in range(HOLDS + 1):
        if home:
            press(session, home, 0.5)
        if pages:
            press(session, page, 0.5)
        if (one := held(session, *steps)) is not None:
            found.append(one)
        elif pages and home and not found:
            pages = 0
        else:
            break
        if len(found) == HOLDS or max(found, default=0.0) > MINUTES:
            break
    return statistics.median(found) if found else NONE


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
        # Without a shell of its own, whose start would be taken for the first key's answer.
        "mc": (["mc", "-d", "-u", "/usr/bin", "/usr/lib"], DOWN, PAGE),
    }
    for name, (command, _, _) in list(found.items()):
        if shutil.which(command[0]) is None:
            say(f"{name} is not installed: left out")
            del found[name]
    return found


def program(
    name: str, what: tuple[list[str], str, str], size: str, environ: dict[str, str], times: int = TIMES
) -> Row:
    """One of them, on both lines."""
    command, step, page = what
    row = Row(name, size, "its own")
    with running(command, size, environ, slow=False) as session:
        row.paint = written(session, 0)
        before = usage(session.pid)
        row.step = middle(session, step, times)[0]
        row.page = middle(session, page, PAGES)[0]
        for _ in range(2):
            press(session, page)
        row.scroll = middle(session, step, times)[0]
        row.cpu = (usage(session.pid) - before).cpu_s * 1000 / (2 * times + PAGES + 2)
        row.mouse = pointed(session)
        row.idle = at_rest(session)
        row.memory = memory(session)
    with running(command, size, environ, slow=True) as session:
        row.slow_paint = session.chunks[-1].at * 1000
        row.slow_step = middle(session, step, 4)[1]
        row.lag = lag(session, (step,), page)
    return row


# The table.


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--looks", nargs="+", choices=list(LOOKS), default=list(LOOKS))
    parser.add_argument("--screens", nargs="+", choices=list(SCREENS), default=list(SCREENS))
    parser.add_argument("--times", type=int, default=TIMES, help="presses of which the middle one is told")
    parser.add_argument("--store", default="")
    parser.add_argument("--as", dest="person", default="")
    parser.add_argument(
        "--keep", type=Path, help="keep the city that is built in this folder, for the next run"
    )
    parser.add_argument("--json", type=Path, help="keep the figures here, joined with those that are there")
    parser.add_argument("--markdown", type=Path, nargs="+", help="only tell what these files keep")
    args = parser.parse_args()
    if args.markdown:
        print(table(joined(*map(read, args.markdown))))
        return
    with suppress(OSError):
        # Whoever else is at work here must not hold keys back; what is started inherits it.
        os.setpriority(os.PRIO_PROCESS, 0, -5)
    with tempfile.TemporaryDirectory() as folder:
        environ = surroundings(folder) | {"GRIDSEAT_BELL": "no"}
        rows: list[Row] = []
        for what, measure in _steps(args, folder, environ):
            say(what)
            try:
                rows = joined(rows, found := measure())
            except (LeftOut, OSError, subprocess.SubprocessError) as why:
                say(f"{what}: left out: {why}")
                continue
            if args.json:
                keep(args.json, found)
    print(table(read(args.json) if args.json else rows))


Step = tuple[str, Callable[[], list[Row]]]


def _steps(args: argparse.Namespace, folder: str, environ: dict[str, str]) -> Iterator[Step]:
    """All that is measured, one program on one line at a time."""
    parts, only, times = set(args.parts), args.screens, args.times
    if {"local", "slow", "ssh"} & parts:
        store, person = (args.store and (args.store, args.person)) or _city(args.keep, folder)
        seat = [sys.executable, "-m", "console", "--store", store, "--as", person, "--lang", "zh"]
        for size in args.sizes:
            for look in args.looks:
                # By the framework's own driver a slow line takes minutes a screen; one size says what it costs.
                stock = look == "stock"
                shown = [name for name in STOCK if name in only] if stock else only
                for part in ("local", "slow"):
                    if part in parts and not (stock and (part == "slow" or size != args.sizes[0])):
                        yield (
                            f"{part}, {size}, {LOOKS[look][0]}",
                            partial(
                                screens,
                                seat,
                                size,
                                look,
                                environ,
                                slow=part == "slow",
                                only=shown,
                                times=times,
                            ),
                        )
        if "ssh" in parts:
            # One size tells: what SSH adds to the bytes is the same at the other.
            for look in [look for look in args.looks if look != "stock"]:
                for packed in (False, True):
                    yield (
                        f"ssh, {args.sizes[0]}, {LOOKS[look][0]}{', packed' if packed else ''}",
                        partial(_ssh, seat, args.sizes[0], look, environ, folder, packed=packed, times=times),
                    )
    if "programs" in parts:
        for size in args.sizes:
            for name, what in programs(folder).items():
                yield (
                    f"{name}, {size}",
                    partial(_program, name, what, size, environ, times),
                )


def _ssh(
    seat: Sequence[str],
    size: str,
    look: str,
    environ: dict[str, str],
    folder: str,
    *,
    packed: bool,
    times: int,
) -> list[Row]:
    from tests.bench.line_ssh import over_ssh

    name, words = LOOKS[look]
    with fresh(seat) as own:
        keys = SCREENS["stations"]
        return [over_ssh([*own, *words], size, name, environ, folder, packed=packed, keys=keys, times=times)]


def _program(
    name: str, what: tuple[list[str], str, str], size: str, environ: dict[str, str], times: int
) -> list[Row]:
    return [program(name, what, size, environ, times)]


def _city(keep: Path | None, folder: str) -> tuple[str, str]:
    from tests.bench.full_city import build, cached

    return cached(keep) if keep else build(folder)


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    main()
