"""``gridseat readings STATION``: the stored readings of a station."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from backend.words import Message
from console.exit import Exit
from console.opening import CommandError, in_order, instant, iso, local, opened
from console.output import add_format, emit, headings, tell

COLUMNS = ("start", "parameter", "value", "unit", "qualifier", "flag", "reason", "revision", "period")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("readings", help="print readings of a station")
    parser.add_argument("station", help="the station's code")
    parser.add_argument("--parameter", default="", help="only this parameter, such as pm25")
    parser.add_argument(
        "--from",
        dest="since",
        default="",
        help="from this time on (city's zone); the last 24 hours of what came",
    )
    parser.add_argument("--to", dest="until", default="", help="before this time; now")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print the readings, oldest first."""
    from backend.desk import readings
    from backend.desk.newest import as_of

    with opened(args) as (desk, settings):
        until = instant(args.until, desk.zone) if args.until else desk.now + 1
        if not (args.since or args.until) and (at := as_of(desk, 86400)) < desk.now:
            tell(Message("review.as_of", {"at": at}), settings.speaks)
            until = at
        since = instant(args.since, desk.zone) if args.since else until - 86400
        in_order(since, until, (args.since, args.until))
        found = readings.of_station(desk, args.station, since, until, parameter=args.parameter)
        if found is None:
            raise CommandError("cli.no_such_station", code=args.station)
        if args.parameter and not found:
            _measured(args, readings.parameters_of(desk, args.station))
        show = iso if args.json or args.csv_out else local
        rows = [{**row._asdict(), "start": show(row.start, desk.zone)} for row in found]
        emit(args, rows, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK


def _measured(args: argparse.Namespace, known: Sequence[str]) -> None:
    """That nothing came of a parameter is an answer; that the station has none of this name is not."""
    if args.parameter not in known:
        told = {"station": args.station, "parameter": args.parameter, "known": ", ".join(known) or "-"}
        raise CommandError("cli.no_such_parameter", **told)
