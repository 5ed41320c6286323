"""How long a held key goes on where the terminal answers nothing: every main screen, terminal by terminal.

The real console over a full city in `tests.bench.ttybench`'s pseudo terminal, which answers no query and is drained at
64 kbit/s with 200 ms there and back: all that the console can know of such a line is what its own writes tell. A key is
held for 2 s at 30 Hz; told is the middle of three times that what it was moving goes on after it was let go, in
milliseconds, of which 167 are the way there and back.

    python -m tests.bench.line_mute [--terms truecolor screen-256color linux vt100] [--sizes 120x40 80x24]
                                    [--screens overview alarms ...] [--keep FOLDER] [--store FILE --as PERSON]

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, Debian 12, Python 3.11.7, beside other work, which these programs were
let run before:

====== =============== ======== ======== ====== ===== ===== ====== =========
size   terminal        overview stations alarms tasks feeds triage hot grids
====== =============== ======== ======== ====== ===== ===== ====== =========
120x40 truecolor       212      215      169    202   166   181    172
120x40 screen-256color 248      307      251    273   244   234    172
120x40 linux           191      178      175    192   167   173    171
120x40 vt100           173      196      173    173   166   171    170
80x24  truecolor       172      174      174    195   171   175    207
80x24  screen-256color 193      235      174    245   174   165    190
80x24  linux           172      175      172    182   174   179    171
80x24  vt100           174      174      178    173   173   176    171
====== =============== ======== ======== ====== ===== ===== ====== =========

Stations on screen-256color, which has no blanks of a colour (bce) and is sent each as a letter, seven times more: 243
to 301. Not paced, as it was before, the triage desk went on for 2.3 s in truecolor and 2.0 on vt100, tasks for 0.6.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.bench.full_city import build, cached
from tests.bench.line_measures import LeftOut, say
from tests.bench.line_rows import NONE, Row
from tests.bench.line_screens import SCREENS, screens
from tests.bench.line_table import SIZES
from tests.bench.start import surroundings

TERMS = {
    "truecolor": {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    "screen-256color": {"TERM": "screen-256color", "COLORTERM": ""},
    "linux": {"TERM": "linux", "COLORTERM": ""},
    "vt100": {"TERM": "vt100", "COLORTERM": ""},
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--terms", nargs="+", choices=list(TERMS), default=list(TERMS))
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--screens", nargs="+", choices=list(SCREENS), default=list(SCREENS))
    parser.add_argument("--store", default="")
    parser.add_argument("--as", dest="person", default="")
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    with suppress(OSError):
        # Whoever else is at work here must not hold keys back; what is started inherits it.
        os.setpriority(os.PRIO_PROCESS, 0, -5)
    with tempfile.TemporaryDirectory() as folder:
        environ = surroundings(folder) | {"GRIDSEAT_BELL": "no"}
        city = (args.store, args.person) if args.store else cached(args.keep) if args.keep else build(folder)
        seat = [sys.executable, "-m", "console", "--store", city[0], "--as", city[1], "--lang", "zh"]
        print(f"| size | terminal | {' | '.join(args.screens)} |")
        print(f"|---|---|{'---:|' * len(args.screens)}")
        for size in args.sizes:
            for term in args.terms:
                say(f"{term}, {size}")
                around = environ | TERMS[term]
                try:
                    rows = screens(seat, size, "true", around, slow=True, only=args.screens, replies="none")
                except LeftOut as why:
                    say(f"left out: {why}")
                    continue
                print(f"| {size} | {term} | {' | '.join(_told(rows, args.screens))} |", flush=True)


def _told(rows: list[Row], shown: list[str]) -> list[str]:
    lags = {row.what: row.lag for row in rows if row.lag is not None}
    return [f"{lags.get(screen, NONE):.0f}".replace("nan", "-") for screen in shown]


if __name__ == "__main__":
    main()
