"""What every screen, page, tab, dialog and form costs the line and the processor, on a full city.

The product's console without a terminal: each frame goes through the product's own encoder, whose bytes are counted.
The pages of a seat, a supervisor and an administrator, each on something that fills it (`tests.bench.every_city`), in
truecolor and in lite mode, at 120x40 and 80x24; at each place what its actions open, once.

    python -m tests.bench.every_screen [--sizes 120x40 80x24] [--looks true lite] [--only alarm task ...]
                                       [--language zh] [--keep FOLDER] [--over]

``paint``: bytes from the key that opens it until all of it is read (pages: over the overview); ``step``: a cursor step,
``scroll``: a step that scrolls by a line, ``turn``: one that turns half of a list in a box, ``page``: a page down;
``letter``: one typed into a form's line, ``find``: one into a list's, ``tab``: to the next field; ``minute``: all bytes
of a minute in which nothing happens, which are the clock's and those of ages. Where there are several, the middle and
the most. CPU in milliseconds, all threads: the ``first`` opening with all its imports, ``open`` the second, ``key`` a
step, ``minute`` with sixty looks at the store. What is told beside a row when the cursor rests is not counted.
``--over`` tells only what costs more bytes than it may (`tests.screens.costs`), or more than 200 ms, 20 ms a key.

Figures of 2026-11-23, 2 cores (AMD EPYC), 24 GB, Debian 12, Python 3.11.7, beside other tests (bytes are not touched by
that, milliseconds are upper bounds), at 120x40 in truecolor / in lite mode. A step is 90 to 300 / 14 to 35 B; more only
in truecolor where both lines are full of Chinese, of which a bar has every letter written anew: handover 322, notices
343, complaints 347, the supervisor's 350. A scrolled line 60 to 325 / 79 to 195 B, the most where it is full too. A
letter in a form 21 to 34 / 9 to 12 B; a step in a list 85 to 220 / 12 to 25 B, a turn of half a list 288 to 1,090 / 176
to 770 B. A page opens for 0.2 to 7.6 kB / 0.1 to 6.8 kB; the supervisor's overdue tasks 9.0 kB, a handover's items 8.1
in truecolor: thirty full lines in five inks. A minute is the clock's one digit and those of ages: 14 to 440 B. A step
takes 3 to 8 ms, opening 20 to 200; above it are forms of a dozen fields (200 to 290: 35 widgets of the framework),
tracing (215: the answer is computed) and the review board (300, of 41,000 suspect values).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import pytest
from rich.color import ColorSystem

from backend.clock import ManualClock
from backend.store import Store
from backend.words.say import Language
from screens.registry import MAIN_SCREENS
from tests.bench import every_city
from tests.bench.every_city import ADMIN, CHIEF, SEAT
from tests.screens.costs import MOST, Told, Walk, late, unseen
from tests.screens.seated import seat
from tests.terminal.watched import XTERM, watch

SIZES = {"120x40": (120, 40), "80x24": (80, 24)}
BYTES = ("paint", "step", "scroll", "turn", "page", "letter", "find", "tab", "minute")
CPU = {"first": "cold", "open": "paint", "key": "key", "minute": "minute"}
WIDE = 44


async def walked(
    path: str, person: str, look: str, size: tuple[int, int], language: Language, only: Sequence[str]
) -> list[Told]:
    """What one person's places cost."""
    patch = pytest.MonkeyPatch()
    late(patch)
    store = Store.open(path)
    try:
        where: list[tuple[str, str | None]] = [(name, None) for name in MAIN_SCREENS if person == SEAT]
        where += [(name, key) for name, key, who in every_city.places(store) if who == person]
        clock = ManualClock(every_city.now(store))
        sent = watch(patch, XTERM, ColorSystem.STANDARD if look == "lite" else ColorSystem.TRUECOLOR)
        unseen(sent)
        async with seat(store, clock, person, size=size, language=language, lite=look == "lite") as seen:
            walk = Walk(seen, sent, look)
            for name, key in where:
                if not only or name in only:
                    await walk.minute(await walk.place(name, key, twice=True))
                    await walk.dialogs(name)
            await walk.home()
            return walk.told
    finally:
        patch.undo()
        store.close()


def lines(look: str, told: Sequence[Told], over: bool) -> Iterator[str]:
    """The lines of the table."""
    for one in told:
        cpu = {name: median(one.cpu[kind]) for name, kind in CPU.items() if one.cpu.get(kind)}
        faults = [fault.partition(": ")[2] for fault in one.over(look)]
        faults += [
            f"{name} {cpu[name]:.0f} ms" for name in ("open", "key") if cpu.get(name, 0) > MOST[look][name]
        ]
        if faults or not over:
            cells = [_both(one.bytes.get(name)) for name in BYTES]
            cells += [f"{cpu[name]:.1f}" if name in cpu else "" for name in CPU]
            yield (
                f"{one.name[:WIDE]:{WIDE}}"
                + "".join(f"{cell:>10}" for cell in cells)
                + "  "
                + "; ".join(faults)
            )


def _both(values: Sequence[int] | None) -> str:
    if not values:
        return ""
    return f"{median(values):.0f}/{max(values)}" if max(values) > median(values) else str(values[0])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--looks", nargs="+", choices=MOST, default=list(MOST))
    parser.add_argument("--only", nargs="+", default=[], help="names of screens and pages")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--keep", type=Path, help="a folder in which the city is kept")
    parser.add_argument("--over", action="store_true", help="only what costs more than it may")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            os.environ[name] = f"{folder}/{name.lower()}"
        os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        os.environ.pop("NO_COLOR", None)
        source = every_city.kept(args.keep or Path(folder) / "city")
        for size in args.sizes:
            for look in args.looks:
                head = "".join(f"{name:>10}" for name in (*BYTES, *(f"ms {name}" for name in CPU)))
                print(f"\n{f'{size}, {look}':{WIDE}}{head}")
                for person in (SEAT, CHIEF, ADMIN):
                    path = Path(tempfile.mkdtemp(dir=folder)) / "city.db"
                    shutil.copy(source, path)
                    told = asyncio.run(walked(str(path), person, look, SIZES[size], args.language, args.only))
                    print(*lines(look, told, args.over), sep="\n", flush=True)


if __name__ == "__main__":
    main()
