"""The parent's side of the city's HTTP process: start it, know where it is, end it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from backend.demo.serve import Wanted

PATIENCE = 5.0
"""Seconds that an ending child is given before it is killed."""


class ServerFailed(RuntimeError):
    """The city's HTTP side did not start; the text is what it said last."""


class CityServer:
    """The city's HTTP side, running from `start` to `stop` or the end of the ``with`` block."""

    def __init__(self, wanted: Wanted, log: Path) -> None:
        """
        Args:
            log: where the child's errors are written.
        """
        self.wanted = wanted
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def base(self) -> str:
        """The address under which the upstreams lie."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The child's process, 0 where there is none."""
        return self._process.pid if self._process else 0

    def start(self) -> CityServer:
        """Start it and wait until it says its port.

        Raises:
            ServerFailed: it ended instead.
        """
        with self._log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "backend.demo.serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                # A ctrl+c at the terminal is the console's to handle; the child ends with the pipe.
                start_new_session=True,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(self.wanted.line())
            self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        if not said.isdigit():
            self.stop()
            raise ServerFailed(self._log.read_text("utf-8", "replace").strip()[-400:])
        self.port = int(said)
        return self

    def stop(self) -> None:
        """Let go of the pipe, so that it ends; kill it where it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> CityServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
