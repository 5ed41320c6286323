"""``gridseat report``: the shift log and the daily report, as text or for programs."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from console.exit import Exit
from console.opening import CommandError, instant, iso, opened

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.reports.shiftlog import Log
    from backend.words.say import Language

FORMATS = ("txt", "md")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("report", help="print a shift log or a daily report")
    kinds = parser.add_subparsers(dest="report", metavar="REPORT", required=True)
    shift = kinds.add_parser("shift", help="who did what in a shift")
    shift.add_argument("--shift", type=int, metavar="NUMBER", help="which one (default: the last)")
    shift.add_argument("--since", metavar="TIME", help="from then on, in place of a shift's own time")
    shift.add_argument("--until", metavar="TIME", help="before then (default: now)")
    shift.add_argument("--centre", default="", metavar="CODE", help="whose (default: the person's own)")
    _add_format(shift)


def _add_format(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--format", choices=FORMATS, default="txt", help="plain text or Markdown (default: txt)"
    )
    choice.add_argument("--json", action="store_true", help="JSON on standard output")


def run(args: argparse.Namespace) -> int:
    """Print the report."""
    with opened(args) as (desk, settings):
        return _shift(args, desk, settings.speaks)


def _shift(args: argparse.Namespace, desk: Desk, language: Language) -> int:
    from backend.desk import shiftlog

    log = shiftlog.shift_log(
        desk,
        args.shift,
        centre=args.centre,
        since=instant(args.since, desk.zone) if args.since else None,
        until=instant(args.until, desk.zone) if args.until else None,
    )
    if log is None:
        raise CommandError("report.no_shift")
    if args.json:
        return _print(_shift_json(log, desk, language))
    sys.stdout.write(shiftlog.text(desk, log, args.format))
    return Exit.OK


def _shift_json(log: Log, desk: Desk, language: Language) -> dict[str, Any]:
    from backend.words import say

    return {
        **asdict(log),
        "since": iso(log.since, desk.zone),
        "until": iso(log.until, desk.zone),
        "entries": [
            {
                "at": iso(one.at, desk.zone),
                "kind": one.kind,
                "person": one.person,
                "who": one.who,
                "what": say(one.message, language),
                "code": one.message.code,
                "args": dict(one.message.args),
                "item": one.item,
            }
            for one in log.entries
        ],
    }


def _print(what: Any) -> int:
    json.dump(what, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return Exit.OK
