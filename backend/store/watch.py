"""Whether anybody has written: cheap enough to be asked several times a second, by the screen itself."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

EVERY = 2.0
"""Seconds after which a database that can't tell without being asked over a line counts as written to."""


class Watch:
    """Looks at a store, and tells its commits by a number; of any process, this one too."""

    def __init__(self, path: Path | None) -> None:
        """A watch over a SQLite file; None for a database that is elsewhere."""
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def version(self) -> int:
        """A number that is another one once somebody has committed since it was last asked.

        It waits for nobody: SQLite answers from the index of its log, which is shared memory (some 10 µs). While the
        file is held by somebody alone (a checkpoint at the end, a restore) every moment counts as a change.
        """
        if self._path is None:
            return int(time.monotonic() / EVERY)
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = sqlite3.connect(
                        f"{self._path.as_uri()}?mode=ro",
                        uri=True,
                        timeout=0,
                        isolation_level=None,
                        check_same_thread=False,
                    )
                return int(self._connection.execute("PRAGMA data_version").fetchall()[0][0])
            except sqlite3.OperationalError:
                return -time.monotonic_ns()

    def close(self) -> None:
        """Look no more."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
