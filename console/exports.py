"""Files that a person saves from a screen."""

from __future__ import annotations

import os
from datetime import datetime, tzinfo
from pathlib import Path


def folder() -> Path:
    """Where they lie."""
    from platformdirs import user_data_path

    return user_data_path("gridseat") / "exports"


def write_export(name: str, text: str, now: int, zone: tzinfo) -> Path:
    """Write a new file that only this account reads: the name with the moment in it, never over another one."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem, dot, suffix = name.partition(".")
    moment = datetime.fromtimestamp(now, zone).strftime("%Y%m%d-%H%M")
    for number in range(1, 1000):
        path = place / f"{stem}-{moment}{'' if number == 1 else f'-{number}'}{dot}{suffix}"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        # A mark, so that spreadsheets take the Chinese for what it is; what is printed must not begin with one.
        encoding = "utf-8-sig" if suffix == "csv" else "utf-8"
        with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
            file.write(text)
        return path
    raise FileExistsError(str(place / name))
