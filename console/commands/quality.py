"""``gridseat quality``: flagged spans, the rates, what can still become valid, at an instant."""

from __future__ import annotations

import argparse

from console.exit import Exit
from console.opening import instant, iso, local, opened
from console.output import add_format, emit, headings

SPANS = ("since", "until", "station", "name", "parameter", "period", "count", "flag", "reason", "value", "beside",
         "alarms", "tasks")  # fmt: skip
RATES = ("by", "code", "name", "points", "online", "expected", "received", "valid", "stopped", "online_rate",
         "capture", "validity", "transfer")  # fmt: skip
STANDINGS = ("station", "name", "parameter", "kind", "on", "state", "have", "need", "lost", "spare")
WHAT = ("spans", "rates", "validity")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "quality", help="list flagged values, the rates of data, what can still become valid"
    )
    parser.add_argument("what", nargs="?", choices=WHAT, default="spans", help="what to list (spans)")
    parser.add_argument(
        "--only",
        choices=["waiting", "invalid"],
        default="waiting",
        help="spans that wait for a person, or excluded",
    )
    parser.add_argument(
        "--by", choices=["feed", "county", "vendor"], default="feed", help="rates by what (feed)"
    )
    parser.add_argument("--at", default="", help="as of this time (city's zone); now")
    parser.add_argument(
        "--from", dest="since", default="", help="from this time on; two weeks, rates one week"
    )
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print what was asked for."""
    from backend.desk import quality

    with opened(args) as (desk, settings):
        at = instant(args.at, desk.zone) if args.at else desk.now
        since = instant(args.since, desk.zone) if args.since else None
        show = iso if args.json or args.csv_out else local
        rows: list[dict[str, object]]
        columns: tuple[str, ...]
        if args.what == "rates":
            columns = RATES
            rows = [
                {name: _rounded(getattr(row, name)) for name in RATES}
                for row in quality.rates(desk, args.by, since=since, until=at)
            ]
        elif args.what == "validity":
            columns = STANDINGS
            rows = [
                {name: getattr(row, name) for name in STANDINGS} for row in quality.standings(desk, at=at)
            ]
        else:
            columns = SPANS
            days = None if since is None else -(-(at - since) // 86400)
            rows = [
                {
                    **{name: getattr(row, name) for name in SPANS},
                    "since": show(row.since, desk.zone),
                    "until": show(row.until, desk.zone),
                }
                for row in quality.spans(desk, args.only, at=at, days=days)
                if since is None or row.until > since
            ]
        emit(args, rows, columns, headings(columns, settings.speaks))
    return Exit.OK


def _rounded(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value
