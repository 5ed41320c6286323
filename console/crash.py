"""What is kept of an error of ours: where it happened, and nothing of what was being handled."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

from backend.text import clean

_LARGEST = 1_000_000


def log_file() -> Path:
    """Where errors are written."""
    from platformdirs import user_state_path

    return user_state_path("gridseat") / "errors.log"


def told(error: BaseException) -> str:
    """An error without locals, and with its words made safe: they may quote what came from outside."""
    lines = traceback.format_list(traceback.extract_tb(error.__traceback__))
    return "".join([*lines, f"{type(error).__name__}: {clean(error, limit=300)}\n"])


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
