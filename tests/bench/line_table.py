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
all as the middle of several, ``-`` where there is nothing of it (a map scrolls no rows, a list may have too few);
what is told of one screen alone is empty elsewhere, and what the stock driver takes on a slow line is not measured:
minutes a screen. ``mouse``: a pointer move with the mouse on (``_``); ``idle``: bytes a second of 5 s between two
minutes; ``CPU``: the process tree's, a key; ``MB``: the program's own peak. Where something is told beside the row
(triage desk, tasks, hot grids) it follows when the cursor has rested a quarter of a second, and the next key comes
before that: ``step``, ``scroll``, ``page`` and ``CPU`` are of the key alone, as of one that is held or struck
quickly; ``rest B`` is what then follows, ``rest ms`` the CPU of a step with it. A board beside a pane turns half a
page at its end: its ``scroll`` is the step after that. On the slow line: ``paint`` in milliseconds to the last byte,
``step`` to the last byte of its answer, ``lag``: how long the cells that a key was moving when it was let go go on
changing, after 2 s at 30 Hz; the middle of three times. ``ssh``: the same, behind a real sshd on loopback, with and
without compression: bytes that pass the socket, TCP's own not counted; CPU is the server's and the console's; the
login (3.4 kB) is in the start's milliseconds, not in its bytes.

``--json`` keeps what was measured after every step, joined with what the file has: the parts can be run one by one and
told together with ``--markdown``. The whole takes some 40 minutes with ``--times 4``. Bytes are the same on every
run but for what the clock changes; times and CPU are upper bounds on a machine that others use.

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, Debian 12, Python 3.11.7, a machine with nothing else to do,
``--times 4``; local lines at 19:53, the slow line at 120x40 at 20:00 (``--times 3``); SSH at 13:07, the slow line at
80x24 and the other programs in the hour before. The tables are in the README and in docs/ssh.md. At 120x40, truecolor
/ lite: start 6.9 / 4.6 kB; cursor step, stations 260 / 14 B, overview 264 / 15, alarms 292 / 14, tasks 274 / 19,
feeds 296 / 14, triage 204 / 14, map 164 / 28; scrolled line, stations 218 / 146 B, overview 252 / 147, alarms 210 /
152, tasks 212 / 129, feeds 193 / 148, triage 194 / 131; idle 0; lag of a held key 157 to 228 / 139 to 264 ms, at
80x24 170 to 208 / 137 to 255 (of each 167 are the way there and back; what is read of a row once the cursor rests is
no lag). A bare Textual table 22,446 ms at 120x40 (34,330 the day before) and 20,323 at 80x24; less and vim 167 to
170, mc 293 and 203.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from tests.bench.line_measures import LeftOut, at_rest, memory, middle, pointed, press, running, say
from tests.bench.line_rows import Row, joined, keep, read, table
from tests.bench.line_screens import DOWN, LOOKS, PAGE, PAGES, SCREENS, TIMES, fresh, lag, screens
from tests.bench.start import surroundings
from tests.bench.ttybench import usage

STOCK = ("stations", "tasks")
"""Boards on which the framework's own driver is measured."""
SIZES = ("120x40", "80x24")
PARTS = ("local", "slow", "programs", "ssh")


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
        row.paint = session.total()
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
            for size in args.sizes:
                for look in [look for look in args.looks if look != "stock"]:
                    for packed in (False, True):
                        yield from _over_ssh(seat, size, look, environ, folder, packed, only, times)
    if "programs" in parts:
        for size in args.sizes:
            for name, what in programs(folder).items():
                yield (
                    f"{name}, {size}",
                    partial(_program, name, what, size, environ, times),
                )


def _over_ssh(
    seat: Sequence[str],
    size: str,
    look: str,
    environ: dict[str, str],
    folder: str,
    packed: bool,
    only: Sequence[str],
    times: int,
) -> Iterator[Step]:
    """One console behind SSH, at once and on a slow line."""
    from tests.bench.line_ssh import over_ssh

    name, words = LOOKS[look]
    name += f", SSH{' packed' if packed else ''}"

    def walk(slow: bool) -> list[Row]:
        with fresh(seat) as own:
            return over_ssh(
                [*own, *words], size, name, environ, folder, packed=packed, slow=slow, only=only, times=times
            )

    for slow in (False, True):
        yield f"{'slow' if slow else 'local'}, {size}, {name}", partial(walk, slow)


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
