"""``gridseat forecast``: the hours to come at every air station, with 80 % intervals; training, and its worth."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from backend.clock import begun
from backend.words import Message, say, word
from console.exit import Exit
from console.opening import CommandError, instant, iso, local, opened
from console.output import emit, headings, tell

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.desk.forecast import SkillRow, Standing
    from backend.desk.forecastmaking import ForecastRow
    from backend.words.say import Language

COLUMNS = ("issued", "start", "station", "parameter", "value", "low", "high", "unit", "weather", "model")
SKILL = (
    "parameter",
    "kind",
    "days",
    "ours",
    "climatology",
    "persistence",
    "last_issue",
    "coverage",
    "gain",
)
WHAT = ("train", "skill", "refresh")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "forecast",
        help="the hours to come at every air station, with 80 %% intervals",
        description="A row for each station, parameter and hour from --at on: value, low and high (80 %), whether the "
        "weather to come was known and used at that hour, and whether the model is the store's own. Nothing that ended "
        "after --at is used; what must be trained for it is trained. Standard error says what the issue rests on. "
        "--from and --to: one issue a day. train: learn from the store's history. refresh: make and keep the newest "
        "issue. skill: what forecasts are worth against persistence, climatology and the last issue.",
    )
    parser.add_argument("what", nargs="?", choices=WHAT, default=None, help="instead of printing an issue")
    parser.add_argument(
        "--at", default="", help="as it was known at this time (city's zone); after the newest reading"
    )
    parser.add_argument("--from", dest="since", default="", help="an issue a day from this day on")
    parser.add_argument("--to", dest="until", default="", help="to this day, its issue too")
    parser.add_argument("--station", default="", help="only this station's code")
    parser.add_argument("--parameter", default="", help="only this one, such as pm25")
    parser.add_argument("--hours", type=int, default=72, help="so many, 1 to 72")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--json", action="store_true", help="JSON on standard output")
    choice.add_argument("--csv", action="store_true", dest="csv_out", help="CSV on standard output")


def run(args: argparse.Namespace) -> int:
    """Print an issue, or do what is named instead."""
    import os

    # Set before numpy is loaded: a thread for each core only makes small products wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not 1 <= args.hours <= 72:
        raise CommandError("forecast.bad_hours", hours=args.hours)
    with opened(args) as (desk, settings):
        does = {None: _print, "train": _train, "skill": _skill, "refresh": _refresh}[args.what]
        return does(desk, args, settings.speaks)


def _print(desk: Desk, args: argparse.Namespace, language: Language) -> int:
    from backend.desk import forecastmaking

    instants = _instants(desk, args)
    if len(instants) == 1:
        from backend.desk.forecastnotes import silences

        for note in silences(desk, instants[0], station=args.station, parameter=args.parameter):
            tell(note, language)
    # What a training is worth takes longer to find out than to train: a person is told, a program may ask.
    check = len(instants) == 1 and not (args.json or args.csv_out)
    made: list[Standing] = []
    rows = forecastmaking.issue_rows(
        desk, instants, station=args.station, parameter=args.parameter, hours=args.hours, told=_told(language),
        check=check, issued=made.append,
    )  # fmt: skip
    try:
        _write(args, rows, desk.zone, language)
    except forecastmaking.NothingKnown as error:
        tell(error.message, language)
        return Exit.FAILED
    for standing in made[-1:]:
        _rests(standing, desk.zone, language)
    return Exit.OK


def _rests(standing: Standing, zone: ZoneInfo, language: Language) -> None:
    """Say on standard error what the (last) issue rests on, what its like was worth, and the warning where one is owed:
    as the screen does."""
    trained = {"at": local(standing.at, zone), "trained": local(standing.trained, zone)}
    tell(Message("forecast.stands", trained), language)
    known = {"count": standing.weather_hours, "of": standing.hours}
    tell(Message("forecast.weather" if standing.weather_hours else "forecast.no_weather", known), language)
    if standing.skills:
        worth = "; ".join(_worth(skill) for skill in standing.skills)
        tell(Message("forecast.worth_all", {"worth": worth}), language)
    elif standing.own:
        tell(Message("forecast.unchecked"), language)
    for warning in standing.warnings:
        tell(warning, language)


def _worth(skill: SkillRow) -> str:
    errors = (skill.ours, skill.climatology, skill.persistence)
    numbers = "/".join("-" if value is None else f"{value:.2f}" for value in errors)
    gain = "" if skill.gain is None else f" {skill.gain:+.0%}"
    inside = "" if skill.coverage is None else f" {skill.coverage:.0%}"
    return f"{skill.parameter} {numbers}{gain}{inside}"


def _instants(desk: Desk, args: argparse.Namespace) -> list[int]:
    """The instants to issue from: one, or the same time of each day of a span."""
    from backend.desk import forecastmaking

    if not (args.since or args.until):
        return [instant(args.at, desk.zone) if args.at else forecastmaking.last_known(desk)]
    if args.at or not args.since:
        raise CommandError("forecast.bad_span")
    first = datetime.fromtimestamp(instant(args.since, desk.zone), _zone_of(args.since, desk.zone))
    last = instant(args.until, desk.zone) if args.until else forecastmaking.last_known(desk)
    found: list[int] = []
    while (at := int((first + timedelta(days=len(found))).timestamp())) <= last:
        found.append(at)
        if len(found) > forecastmaking.LONGEST:
            raise CommandError("forecast.long_span", days=forecastmaking.LONGEST)
    if not found:
        raise CommandError("forecast.bad_span")
    return found


def _zone_of(text: str, zone: ZoneInfo) -> Any:
    """The zone in which a span's days begin: what the time itself says, else the city's."""
    return datetime.fromisoformat(text).tzinfo or zone


def _write(args: argparse.Namespace, rows: Iterable[ForecastRow], zone: ZoneInfo, language: Language) -> None:
    """Print rows as they come: a month of issues is millions of them."""
    show = iso if args.json or args.csv_out else local
    if args.csv_out:
        out = csv.writer(sys.stdout, lineterminator="\n")
        for turn, row in enumerate(rows):
            if not turn:
                out.writerow(COLUMNS)
            cells = (int(cell) if isinstance(cell, bool) else cell for cell in _line(row, show, zone))
            out.writerow(cells)
    elif args.json:
        for turn, row in enumerate(rows):
            sys.stdout.write(",\n " if turn else "[\n ")
            line = dict(zip(COLUMNS, _line(row, show, zone), strict=True))
            sys.stdout.write(json.dumps(line, ensure_ascii=False))
        sys.stdout.write("\n]\n")
    else:
        lines = [dict(zip(COLUMNS, _line(row, show, zone), strict=True)) for row in rows]
        emit(args, lines, COLUMNS, headings(COLUMNS, language))


def _line(row: ForecastRow, show: Any, zone: ZoneInfo) -> Sequence[Any]:
    told = (float(f"{number:.4g}") for number in (row.value, row.low, row.high))
    where = (show(row.issued, zone), show(row.start, zone), row.station, row.parameter)
    return (*where, *told, row.unit, row.weather, row.model)


def _told(language: Language) -> Any:
    """Say on standard error what is being trained."""

    def told(what: str, done: int, total: int) -> None:
        if what:
            tell(
                Message("forecast.training", {"parameter": what, "done": done + 1, "total": total}), language
            )

    return told


def _train(desk: Desk, args: argparse.Namespace, language: Language) -> int:
    from backend.desk import forecastmaking

    at = instant(args.at, desk.zone) if args.at else forecastmaking.last_known(desk)
    days = forecastmaking.train(desk, at, _told(language))
    print(say(Message("forecast.trained", {"days": round(days)}), language))
    return Exit.OK


def _refresh(desk: Desk, args: argparse.Namespace, language: Language) -> int:
    from backend.desk import forecastmaking

    at = instant(args.at, desk.zone) if args.at else forecastmaking.last_known(desk)
    series = forecastmaking.refresh(desk, at, _told(language))
    print(
        say(
            Message(
                "forecast.issued", {"series": series, "at": local(begun(at, 3600, desk.zone), desk.zone)}
            ),
            language,
        )
    )
    return Exit.OK if series else Exit.FAILED


def _skill(desk: Desk, args: argparse.Namespace, language: Language) -> int:
    from backend.desk import forecast

    standing = forecast.standing(desk)
    rows = []
    for skill in standing.skills:
        if args.parameter and skill.parameter != args.parameter:
            continue
        kind = skill.kind if args.json or args.csv_out else word(f"forecast.kind.{skill.kind}", language)
        gain = None if skill.gain is None else round(skill.gain, 4)
        rows.append({**skill._asdict(), "kind": kind, "gain": gain})
    emit(args, rows, SKILL, headings(SKILL, language))
    for warning in standing.warnings:
        tell(warning, language)
    return Exit.OK if rows else Exit.FAILED
