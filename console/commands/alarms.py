"""``gridseat alarms``: the alarms that stand."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from console.exit import Exit
from console.opening import iso, local, opened
from console.output import add_format, emit, headings

COLUMNS = (
    "id",
    "priority",
    "state",
    "rule",
    "place",
    "county",
    "parameter",
    "value",
    "threshold",
    "presented",
    "task",
)


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("alarms", help="list alarms")
    parser.add_argument("--all", action="store_true", help="those that are back to normal too")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print the alarms, those that wait first."""
    from backend.desk import alarms

    with opened(args) as (desk, settings):
        states = (*alarms.STANDING, "NORM") if args.all else alarms.STANDING
        show = iso if args.json or args.csv_out else local
        rows = []
        for row in alarms.board(desk, states=states):
            line = asdict(row)
            for name in ("began", "presented", "last", "cleared", "acked", "shelved_until"):
                # What never rang has no instant at which it did.
                line[name] = show(line[name] or None, desk.zone)
            rows.append(line)
        emit(args, rows, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK
