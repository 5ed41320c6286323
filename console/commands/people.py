"""``gridseat people``: who can sit here."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from console.exit import Exit
from console.opening import opened
from console.output import add_format, emit, headings

COLUMNS = ("code", "name", "role", "grid_name", "centre", "made_up")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("people", help="list who can sit here")
    parser.add_argument(
        "--role", action="append", default=[], choices=["seat", "supervisor", "administrator", "member"]
    )
    parser.add_argument("--find", default="", help="name, code, pinyin initials or grid")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print the people; members only when asked for."""
    from backend.desk.people import people

    with opened(args, anybody=True) as (desk, settings):
        roles = args.role or ["seat", "supervisor", "administrator"]
        rows = [
            asdict(row) for row in people(desk.store, desk.language, roles=roles, find=args.find, limit=5000)
        ]
        emit(args, rows, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK
