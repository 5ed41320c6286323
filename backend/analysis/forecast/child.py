"""Forecasts in a process of their own: ``python -m backend.analysis.forecast.child STORE NOW``.

The console's process never trains and never issues: the scheduler starts this one and reads what it left in the store.
It stands back behind everything else on the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from backend.store import Store

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_NICE = 10
WATCHED = "watched"
"""Has the process end with whoever holds the other end of its standard input."""


def start(store: Store, now: int) -> subprocess.Popen[bytes]:
    """Start a refresh for the hour that ``now`` lies in; who starts it watches its end, and it watches theirs."""
    return subprocess.Popen(
        [sys.executable, "-m", "backend.analysis.forecast.child", store.url, str(now), WATCHED],
        # Never written to: it is at its end when this process is gone, however it went.
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A ctrl+c at the terminal is the console's to handle.
        start_new_session=True,
    )


def _end_with_parent() -> None:
    """End with whoever started this: what is not finished is made anew by whoever looks next."""
    while os.read(0, 1):
        pass
    os._exit(1)


def main(argv: Sequence[str]) -> int:
    """Refresh a store's forecast; 0 also where it was fresh already."""
    if argv[2:] == [WATCHED]:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    # Before numpy is loaded: threads that wait for each other cost six times the work.
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    from backend.analysis.forecast.refreshing import refresh

    os.nice(_NICE)
    url, now = argv[0], int(argv[1])
    store = Store(url)
    try:
        refresh(store, now)
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
