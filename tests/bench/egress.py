"""What the two controls at the way out cost: ``.venv/bin/python -m tests.bench.egress [rounds]``.

CPU time of this process, the best of many rounds, so that the machine's other work counts little. *Frames* are those of
a table of 40 lines of 120 cells, six looks a line, a third of the letters Chinese: as the framework spells it (every
segment with its whole look), and as cells that differ are written (moves, short looks, few letters). *Texts* are the
same lines before anything is made of them. *Poisoned* is the corpus of the tests, every text of which is stopped.

Figures of 2026-11-22, 2 cores (AMD EPYC), Debian 12, Python 3.11.7, on a machine that others kept busy (load 22):

                             bytes        us    MB/s
    filter, whole frame      15,791     200.2    78.9
    filter, cursor's step       320       7.8    40.9
    texts of a whole frame    6,160      13.3   463.2
    filter, poisoned        348,904  39,681.1     8.8
    texts, poisoned         348,904  65,242.3     5.3

So a whole frame costs 0.2 ms more than it would without, the step of a cursor 0.01 ms; the target was 20 MB/s.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from console.terminal.grammar import Door, Filter, Ledger, plain, sound
from tests.egress.corpus import corpus

LOOK = "\x1b[1;38;2;224;224;224;48;2;18;18;18m"
WORDS = ("菏泽市牡丹区", "PM2.5 120", "超标 420 > 115", "待派发  21:40", "锦绣花园工地", "C-990001-0001F")


def whole() -> str:
    """A frame as the framework spells it."""
    row = "".join(f"{LOOK}{word:20}\x1b[0m" for word in WORDS)
    return "".join(f"\x1b[{line};1H{row}" for line in range(1, 41))


def short() -> str:
    """A frame of what has changed: a cursor's step on a board."""
    return "".join(
        f"\x1b[{line};9H\x1b[7m{word}\x1b[27m\x1b[5C{word}\x1b[K" for line, word in enumerate(WORDS, 10)
    )


def best(work: Callable[[], object], rounds: int) -> float:
    """Seconds of CPU of the quickest round."""
    found = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        work()
        found = min(found, time.process_time() - begun)
    return found


def main(words: list[str]) -> int:
    """Measure, and print the table."""
    rounds = int(words[0]) if words else 300
    held, ledger, frame, step = Filter(Ledger()), Ledger(), whole(), short()
    lines = ["".join(f"{word:20}" for word in random.Random(turn).sample(WORDS, 6)) for turn in range(40)]
    poisoned = [text for text in corpus(2000) if not sound(text)]
    bad = "".join(poisoned)
    cases: list[tuple[str, int, Callable[[], object]]] = [
        ("filter, whole frame", len(frame.encode()), lambda: held.passed(frame, Door.FRAME)),
        ("filter, cursor's step", len(step.encode()), lambda: held.passed(step, Door.FRAME)),
        (
            "texts of a whole frame",
            sum(len(line.encode()) for line in lines),
            lambda: [sound(line) for line in lines],
        ),
        ("filter, poisoned", len(bad.encode("utf-8", "surrogatepass")), lambda: held.passed(bad, Door.FRAME)),
        (
            "texts, poisoned",
            len(bad.encode("utf-8", "surrogatepass")),
            lambda: [plain(text, ledger) for text in poisoned],
        ),
    ]
    print(f"{'':24}{'bytes':>10}{'us':>10}{'MB/s':>8}")
    for name, size, work in cases:
        took = best(work, rounds if "poisoned" not in name else 3)
        print(f"{name:24}{size:>10}{took * 1e6:>10.1f}{size / took / 1e6:>8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
