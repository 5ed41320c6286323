"""What is kept of an error of ours: where it happened, and nothing of what was being handled."""

from __future__ import annotations

import os
import traceback
from hashlib import blake2s
from pathlib import Path

_LARGEST = 1_000_000
_CHAIN = 5
"""Errors of a chain that are kept at most."""
_KEY = os.urandom(16)
"""Of this run alone: a short secret could be found again from a plain digest."""


def log_file() -> Path:
    """Where errors are written."""
    from platformdirs import user_state_path

    return user_state_path("gridseat") / "errors.log"


def told(error: BaseException) -> str:
    """Where an error happened and of what type it is, with what led to it.

    No locals, and not its words: they may quote what came from outside, a token or a person's number. What they
    measure and a digest tell one error from another within a run; with another run's it can't be compared.
    """
    parts: list[str] = []
    seen: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in seen and len(seen) < _CHAIN:
        seen.append(at)
        parts += [*traceback.format_list(traceback.extract_tb(at.__traceback__)), f"{_what(at)}\n"]
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "".join(parts)


def _what(error: BaseException) -> str:
    words = str(error).encode("utf-8", "replace")
    number = f" errno {error.errno}" if isinstance(error, OSError) and error.errno is not None else ""
    digest = blake2s(words, digest_size=4, key=_KEY).hexdigest()
    return f"{type(error).__name__}{number} ({len(words)} bytes, {digest})"


def keep(error: BaseException) -> Path:
    """Write an error to the log, for this account's eyes only; returns where."""
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = "ab" if not path.exists() or path.stat().st_size < _LARGEST else "wb"
        handle = os.open(
            path, os.O_WRONLY | os.O_CREAT | (os.O_APPEND if mode == "ab" else os.O_TRUNC), 0o600
        )
        with os.fdopen(handle, mode) as file:
            file.write(told(error).encode() + b"\n")
    except OSError:
        # A full or read-only disk must not hide the error itself.
        return Path(os.devnull)
    return path
