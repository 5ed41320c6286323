"""``gridseat quality``: flagged spans, the rates, what can still become valid, a series by the hour, at an instant."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from backend.words import Message, say
from console.exit import Exit
from console.opening import CommandError, in_order, instant, iso, local, opened
from console.output import add_format, emit, headings, tell

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from backend.desk.desk import Desk
    from backend.words.say import Language

EACH = 10
"""Days between two words about how far it is."""
SPANS = ("since", "until", "station", "name", "parameter", "period", "count", "flag", "reason", "value", "beside",
         "alarms", "tasks")  # fmt: skip
RATES = ("by", "code", "name", "points", "online", "expected", "received", "valid", "stopped", "online_rate",
         "capture", "validity", "transfer")  # fmt: skip
STANDINGS = ("station", "name", "parameter", "kind", "on", "state", "have", "need", "lost", "spare", "causes")
HOURS = ("station", "parameter", "start", "value", "minutes", "need", "state", "causes", "eight", "hours",
         "hours_need", "hours_state", "hours_causes")  # fmt: skip
WHAT = ("spans", "rates", "validity", "hours", "check")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "quality", help="list flagged values, the rates of data, what can still become valid, hour by hour"
    )
    parser.add_argument(
        "what",
        nargs="?",
        choices=WHAT,
        default="spans",
        help="what to list (spans); hours: a station's hours and 8-hour means (GB 3095 Table 4); check: run the checks "
        "that compare days and neighbours over all that is in the store, such as an imported file",
    )
    parser.add_argument("--station", default="", metavar="CODE", help="hours, validity: of this station")
    parser.add_argument("--parameter", default="", metavar="CODE", help="hours: of this parameter; all")
    parser.add_argument(
        "--only",
        choices=["waiting", "invalid"],
        default="waiting",
        help="spans that wait for a person, or excluded",
    )
    parser.add_argument(
        "--by", choices=["feed", "county", "vendor"], default="feed", help="rates by what (feed)"
    )
    parser.add_argument("--at", default="", help="as of this time (city's zone); now, or the newest reading")
    parser.add_argument(
        "--from", dest="since", default="", help="from this time on; two weeks, rates one week, hours one day"
    )
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print what was asked for."""
    with opened(args) as (desk, settings):
        at = instant(args.at, desk.zone) if args.at else desk.now
        since = instant(args.since, desk.zone) if args.since else None
        if not (args.at or args.since or args.what == "check"):
            at = _newest(desk, settings.speaks)
        if since is not None:
            in_order(since, at, (args.since, args.at))
        if args.what == "check":
            return _check(desk, since, at if args.at else None, settings.speaks)
        rows: list[dict[str, object]]
        columns: tuple[str, ...]
        if args.what == "rates":
            columns, rows = RATES, _rates(desk, args, at, since)
        elif args.what == "validity":
            columns, rows = STANDINGS, _standings(desk, args, at)
        elif args.what == "hours":
            columns, rows = HOURS, _hours(desk, args, at, since)
        else:
            columns, rows = SPANS, _spans(desk, args, at, since)
        emit(args, rows, columns, headings(columns, settings.speaks))
    return Exit.OK


def _newest(desk: Desk, language: Language) -> int:
    """Now; what came last where nothing comes any more, and a word about it."""
    from backend.desk.newest import as_of
    from backend.quality.review import review

    at = as_of(desk, review()["look"]["days"] * 86400)
    if at < desk.now:
        tell(Message("review.as_of", {"at": at}), language)
    return at


def _spans(desk: Desk, args: argparse.Namespace, at: int, since: int | None) -> list[dict[str, object]]:
    from backend.desk import quality

    show = _times(args)
    days = None if since is None else -(-(at - since) // 86400)
    return [
        {
            **{name: getattr(row, name) for name in SPANS},
            "since": show(row.since, desk.zone),
            "until": show(row.until, desk.zone),
        }
        for row in quality.spans(desk, args.only, at=at, days=days)
        if since is None or row.until > since
    ]


def _rates(desk: Desk, args: argparse.Namespace, at: int, since: int | None) -> list[dict[str, object]]:
    from backend.desk import quality

    return [
        {name: _rounded(getattr(row, name)) for name in RATES}
        for row in quality.rates(desk, args.by, since=since, until=at)
    ]


def _standings(desk: Desk, args: argparse.Namespace, at: int) -> list[dict[str, object]]:
    from backend.desk import quality
    from backend.desk.qualityrows import is_there

    if args.station and not is_there(desk, args.station):
        raise CommandError("cli.no_such_station", code=args.station)
    return [
        {**{name: getattr(row, name) for name in STANDINGS}, "causes": _causes(row.causes, args)}
        for row in quality.standings(desk, at=at, station=args.station)
    ]


def _hours(desk: Desk, args: argparse.Namespace, at: int, since: int | None) -> list[dict[str, object]]:
    from backend.desk import qualityhours

    if not args.station:
        raise CommandError("hourly.which")
    first = qualityhours.hourly(desk, args.station, args.parameter, since=since, until=at)
    if first is None:
        raise CommandError("hourly.none", station=args.station)
    if args.parameter and args.parameter not in first.parameters:
        known = ", ".join(first.parameters)
        raise CommandError("hourly.parameter", station=args.station, parameter=args.parameter, known=known)
    show = _times(args)
    rows: list[dict[str, object]] = []
    for code in [args.parameter] if args.parameter else first.parameters:
        found = qualityhours.hourly(desk, args.station, code, since=since, until=at)
        for line in reversed(found.lines) if found is not None else ():
            told = {name: _rounded(getattr(line, name)) for name in HOURS if hasattr(line, name)}
            told |= {"station": args.station, "parameter": code, "start": show(line.start, desk.zone)}
            told["causes"] = _causes(line.causes, args)
            told["hours_causes"] = _causes(line.hours_causes, args)
            rows.append(told)
    return rows


def _check(desk: Desk, since: int | None, until: int | None, language: Language) -> int:
    from backend.desk import qualitycheck

    def told(done: int, of: int) -> None:
        if done and done % EACH == 0:
            tell(Message("review.check.doing", {"done": done, "of": of}), language)

    found = qualitycheck.check(desk, since, until, told)
    if not found.days:
        raise CommandError("review.check.nothing")
    args = {"days": found.days, "changed": found.changed, "findings": found.findings}
    print(say(Message("review.check.done", args), language))
    return Exit.OK


def _times(args: argparse.Namespace) -> Callable[[int, ZoneInfo], str | None]:
    return iso if args.json or args.csv_out else local


def _causes(causes: Mapping[str, int], args: argparse.Namespace) -> object:
    """Minutes by cause: as an object in JSON, else as words that a spreadsheet can take apart."""
    return dict(causes) if args.json else " ".join(f"{code}={minutes}" for code, minutes in causes.items())


def _rounded(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value
