"""How long a person waits: first paint and first board with data on a full city store, against a bare Textual hello.

Each program runs in a pseudo terminal of 120x40 that answers nothing; its screen is replayed by pyte. First paint is
the first ink, the first board is the moment at which a county's name stands on it. Medians of several starts, taken
in turns so that a busy machine is busy for both.

    python -m tests.bench.start [--repeat 9] [--store FILE --as PERSON --mark TEXT]
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

import pyte

COLUMNS, LINES = 120, 40
PATIENCE = 30.0


def start(command: list[str], marks: list[str], environment: dict[str, str]) -> tuple[list[float], int]:
    """Milliseconds until each mark stands on the screen (an empty mark is any ink), and the bytes written by then."""
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    begun = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    taken: list[float] = []
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
            at = (time.perf_counter() - begun) * 1000
            written += len(part)
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
    return taken, written


def _close(shown: str) -> str:
    """pyte leaves an empty cell behind a wide character."""
    return shown.replace(" ", "")


def city_store(folder: str) -> tuple[str, str]:
    """A store with the product's city, and a county seat of it."""
    from backend.city.packs import heze_path
    from backend.desk.packs import load
    from backend.store import Store

    path = f"{folder}/city.db"
    store = Store.open(path)
    load(store, heze_path(), int(time.time()), base="http://127.0.0.1:9")
    store.close()
    return path, "HZ-S1"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--store", default="")
    parser.add_argument("--as", dest="person", default="")
    parser.add_argument("--mark", default="牡丹区")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store, person = (args.store, args.person) if args.store else city_store(folder)
        kept = {"PATH", "HOME", "VIRTUAL_ENV", "PYTHONPATH"}
        environment = {name: value for name, value in os.environ.items() if name in kept}
        environment |= {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "XDG_CONFIG_HOME": folder,
        }
        python = sys.executable
        hello = [python, str(Path(__file__).with_name("hello.py"))]
        seat = [python, "-m", "console", "--store", store, "--as", person, "--lang", "zh"]
        hellos, paints, boards, sizes = [], [], [], []
        for _ in range(args.repeat):
            hellos.append(start(hello, ["hello"], environment)[0][0])
            (paint, board), written = start(seat, ["", args.mark], environment)
            paints.append(paint)
            boards.append(board)
            sizes.append(written)
    base = statistics.median(hellos)
    print(f"{'bare Textual hello, first paint':40} {base:8.0f} ms")
    print(
        f"{'gridseat, first paint':40} {statistics.median(paints):8.0f} ms  {statistics.median(paints) / base:5.2f} x"
    )
    print(
        f"{'gridseat, first board with data':40} {statistics.median(boards):8.0f} ms"
        f"  {statistics.median(boards) / base:5.2f} x"
    )
    print(f"{'bytes until then':40} {statistics.median(sizes):8.0f}")


if __name__ == "__main__":
    main()
