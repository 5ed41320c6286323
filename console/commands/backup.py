"""``gridseat backup FILE``: copy the store while it is in use."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend.words import Message, say
from console.exit import Exit
from console.settings import load


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("backup", help="copy the store while it is in use")
    parser.add_argument("file", type=Path, help="where the copy goes; it must not exist yet")


def run(args: argparse.Namespace) -> int:
    """Copy the store; the copy is checked before it gets its name."""
    from backend.store import Store
    from backend.store.backup import backup

    settings = load(vars(args))
    store = Store.open(settings.store, begin=False)
    try:
        size = backup(store, args.file)
    finally:
        store.close()
    message = Message("backup.done", {"path": str(args.file), "size": round(size / 1e6, 1)})
    sys.stderr.write(say(message, settings.speaks) + "\n")
    return Exit.OK
