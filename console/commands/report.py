"""``gridseat report``: the shift log and the daily report, as text or for programs."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from console.exit import Exit
from console.opening import CommandError, in_order, instant, iso, opened

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.reports import ReportPage
    from backend.reports.shiftlog import Log
    from backend.words.say import Language

FORMATS = ("txt", "md")
NAMED = 12
"""Centres that a refusal names."""


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
    daily = kinds.add_parser("daily", help="the noon-to-noon report of a centre")
    daily.add_argument(
        "--date",
        default="",
        metavar="DAY",
        help="the day at whose noon the period ends (default: the one due now)",
    )
    daily.add_argument(
        "--version", type=int, default=0, dest="edition", metavar="NUMBER", help="default: the newest"
    )
    daily.add_argument("--centre", default="", metavar="CODE", help="whose (default: the person's own)")
    _add_format(daily)


def _add_format(parser: argparse.ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--format", choices=FORMATS, default="txt", help="plain text or Markdown (default: txt)"
    )
    choice.add_argument("--json", action="store_true", help="JSON on standard output")


def run(args: argparse.Namespace) -> int:
    """Print the report."""
    with opened(args) as (desk, settings):
        if args.report == "daily":
            return _daily(args, desk)
        return _shift(args, desk, settings.speaks)


def _shift(args: argparse.Namespace, desk: Desk, language: Language) -> int:
    from backend.desk import shiftlog

    _centre(desk, args.centre)
    since = instant(args.since, desk.zone) if args.since else None
    until = instant(args.until, desk.zone) if args.until else None
    if since is not None:
        in_order(since, desk.now + 1 if until is None else until, (args.since, args.until or ""))
        if not (args.centre or desk.actor.centre):
            raise CommandError("report.whose", known=_known(desk))
    log = shiftlog.shift_log(desk, args.shift, centre=args.centre, since=since, until=until)
    if log is None:
        raise CommandError("report.no_shift")
    if args.json:
        return _print(_shift_json(log, desk, language))
    sys.stdout.write(shiftlog.text(desk, log, args.format))
    return Exit.OK


def _centre(desk: Desk, code: str) -> None:
    """Refuse a centre that is none of the person's."""
    from backend.desk.dailybelow import is_theirs

    if code and not is_theirs(desk, code):
        raise CommandError("report.no_centre", centre=code, known=_known(desk))


def _known(desk: Desk) -> str:
    """The first of the centres that the person may name."""
    from backend.desk.dailybelow import centres_of

    known = centres_of(desk)
    return (", ".join(known[:NAMED]) + (" .." if len(known) > NAMED else "")) or "-"


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


def _daily(args: argparse.Namespace, desk: Desk) -> int:
    from backend.desk import reports

    day = args.date or reports.today(desk)
    try:
        since, _ = reports.span(desk, day)
    except ValueError as error:
        raise CommandError("report.bad_day", text=day[:20]) from error
    _centre(desk, args.centre)
    if since > desk.now:
        raise CommandError("report.refused.future", since=since)
    page = reports.page(desk, day, args.edition, centre=args.centre, kind=args.format)
    if page is None:
        raise CommandError("report.refused.no_centre")
    if args.edition and page.row.version != args.edition:
        raise CommandError("report.no_version", day=day, version=args.edition)
    if args.json:
        return _print(_daily_json(page, desk))
    sys.stdout.write(page.text)
    return Exit.OK


def _daily_json(page: ReportPage, desk: Desk) -> dict[str, Any]:
    row = page.row
    return {
        **asdict(row),
        "since": iso(row.since, desk.zone),
        "until": iso(row.until, desk.zone),
        "at": iso(row.at, desk.zone),
        "steps": [{"step": one.step, "at": iso(one.at, desk.zone), "by": one.by} for one in page.steps],
        "contributions": [
            {
                "centre": one.centre,
                "name": one.name,
                "sent": iso(one.sent.at, desk.zone) if one.sent else None,
                "late": one.late,
                "measures": dict(one.sent.measures) if one.sent else {},
                "text": one.sent.text if one.sent else "",
            }
            for one in page.below
        ],
        "audit_head": page.audit_head,
        "text": page.text,
    }


def _print(what: Any) -> int:
    json.dump(what, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return Exit.OK
