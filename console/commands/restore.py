"""``gridseat restore FILE``: bring a backup back; the store that was there is kept beside it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend.words import Message, say
from console.exit import Exit
from console.opening import CommandError
from console.settings import load


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("restore", help="bring a backup back")
    parser.add_argument("file", type=Path, help="a file that gridseat backup made")


def run(args: argparse.Namespace) -> int:
    """Check the backup, put the present store aside, and put the backup in its place."""
    from backend.store.backup import restore

    settings = load(vars(args))
    if "://" in settings.store:
        raise CommandError("backup.restore_url")
    # As a store is opened: ~ is the person's own folder.
    aside = restore(args.file, Path(settings.store).expanduser())
    code = "backup.restored_aside" if aside else "backup.restored"
    message = Message(code, {"path": settings.store, "aside": str(aside or "")})
    sys.stderr.write(say(message, settings.speaks) + "\n")
    return Exit.OK
