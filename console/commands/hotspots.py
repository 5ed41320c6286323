"""``gridseat hotspots``: hot grids of an hour or of a span, with the evidence and what speaks against them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from console.exit import Exit
from console.opening import CommandError, instant, iso, local, opened
from console.output import emit, headings, tell

if TYPE_CHECKING:
    from backend.desk.hotspotrows import HotGridRow
    from backend.words.say import Language

COLUMNS = (
    "at", "parameter", "heat", "kind", "code", "name", "county", "value", "background", "increment", "unit", "z", "gi",
    "score", "rank", "hours", "seen_by", "nearest", "measured", "why", "against", "level", "cell", "lon", "lat",
    "period", "since", "network", "witnesses",
)  # fmt: skip
"""Of ``--csv``: codes and numbers as in ``--json``, and the evidence in words."""
SHOWN = (
    "at",
    "parameter",
    "heat",
    "kind",
    "code",
    "name",
    "station",
    "value",
    "increment",
    "z",
    "hours",
    "why",
    "against",
)
"""What a person is shown of them."""
SIDES = (50, 100_000)
"""Metres of a cell's side: a smaller number is a level that there is none of."""
LONGEST = 366
"""Days of a span."""


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "hotspots",
        help="hot grids, with why and what speaks against them",
        description="Hot grids of the last step that had ended by --at (an hour, or less where stations stand close), "
        "or of every step of a span. Nothing that ends later is used.",
    )
    parser.add_argument(
        "--at", default="", help="as it was known at this time (city's zone); the newest readings"
    )
    parser.add_argument("--from", dest="since", default="", help="every step from this time on")
    parser.add_argument("--to", dest="until", default="", help="until this time; now")
    parser.add_argument(
        "--parameter", default="", help="only of this one, such as pm25; all that are measured"
    )
    parser.add_argument(
        "--level", default="", help="2, 3 or 4, or a cell's side in metres (3000, 500m); the finest there is"
    )
    parser.add_argument(
        "--heat", choices=["watch", "hot", "strong"], default="watch", help="only from this heat on"
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--json", action="store_true", help="JSON on standard output")
    choice.add_argument("--csv", action="store_true", dest="csv_out", help="CSV on standard output")
    choice.add_argument("--geojson", action="store_true", help="GeoJSON on standard output")


def run(args: argparse.Namespace) -> int:
    """Print what stands out, the hottest first."""
    from backend.desk import hotspan
    from backend.desk.hotspotrows import HEATS

    args.json = args.json or args.geojson
    with opened(args) as (desk, settings):
        level, cell = _level(args.level)
        known = hotspan.known(desk)
        if not known:
            raise CommandError("hotspots.no_network")
        if args.parameter and args.parameter not in known:
            raise CommandError("hotspots.no_parameter", parameter=args.parameter, known=", ".join(known))
        since, until = _span(args, desk.zone, desk.now)
        asked = hotspan.Asked(args.parameter, since, until, level, cell)
        found, notes = hotspan.hot_span(desk, asked)
        language: Language = settings.speaks
        for note in notes:
            tell(note, language)
        rows = [row for row in found if HEATS.index(row.heat) >= HEATS.index(args.heat)]
        if args.geojson:
            _geojson(rows, desk.now, desk.zone, language)
        else:
            show = iso if args.json or args.csv_out else local
            columns = COLUMNS if args.csv_out else SHOWN
            emit(
                args,
                [_line(row, show, desk.zone, language, plain=args.json, codes=args.csv_out) for row in rows],
                columns,
                headings(columns, language),
            )
    return Exit.OK


def _level(text: str) -> tuple[int, int]:
    """Level and cell side; both 0 where nothing is said."""
    plain = text.strip().lower().removesuffix("m")
    if not plain:
        return 0, 0
    number = int(plain) if plain.isascii() and plain.isdigit() else 0
    if number in (2, 3, 4) and not text.strip().lower().endswith("m"):
        return number, 0
    if not SIDES[0] <= number <= SIDES[1]:
        raise CommandError("hotspots.bad_level", level=text, least=SIDES[0], most=SIDES[1])
    return 0, number


def _span(args: argparse.Namespace, zone: ZoneInfo, now: int) -> tuple[int | None, int | None]:
    """The span that is asked for: no beginning where only the last step is."""
    if args.since:
        since = instant(args.since, zone)
        until = instant(args.until or args.at, zone) if args.until or args.at else now
        if not since < until <= since + LONGEST * 86400:
            raise CommandError("hotspots.bad_span", since=args.since, until=args.until or "now", days=LONGEST)
        return since, until
    told = args.at or args.until
    return None, instant(told, zone) if told else None


def _line(
    row: HotGridRow,
    show: Callable[[int | None, ZoneInfo], str | None],
    zone: ZoneInfo,
    language: Language,
    *,
    plain: bool,
    codes: bool = False,
) -> Mapping[str, Any]:
    from backend.words import say, word

    line: dict[str, Any] = asdict(row)
    line["at"], line["since"] = show(row.at, zone), show(row.since, zone)
    line["county"] = row.county if plain or codes else row.county_name or row.county
    line["seen_by"] = len(row.stations)
    if plain:
        line["reasons"] = [_told(one, language) for one in row.reasons]
        line["against"] = [_told(one, language) for one in row.against]
        line["targets"] = [
            {**asdict(replace(one, reasons=())), "reasons": [_told(each, language) for each in one.reasons]}
            for one in row.targets
        ]
        return line
    if codes:
        line["witnesses"] = "|".join(one.code for one in row.stations)
    else:
        line["heat"] = word(f"hotspots.heat.{row.heat}", language)
        line["kind"] = word(f"hotspots.kind.{row.kind}", language)
        line["station"] = _lead(row)
    line["why"] = "; ".join(say(one, language) for one in row.reasons)
    line["against"] = "; ".join(say(one, language) for one in row.against)
    return line


def _lead(row: HotGridRow) -> str:
    """The code of the station in it that stands out most, or of the nearest that speaks for it."""
    inside = [one for one in row.stations if one.inside] or list(row.stations[:1])
    return max(inside, key=lambda one: -1e9 if one.z is None else one.z).code if inside else ""


def _told(message: Any, language: Language) -> dict[str, Any]:
    from backend.words import say

    return {"code": message.code, "args": dict(message.args), "text": say(message, language)}


def _geojson(rows: list[HotGridRow], now: int, zone: ZoneInfo, language: Language) -> None:
    from backend.desk.hotspan import outline

    features = [
        {
            "type": "Feature",
            "geometry": outline(row),
            "properties": _line(row, iso, zone, language, plain=True),
        }
        for row in rows
    ]
    json.dump(
        {"type": "FeatureCollection", "name": "hotspots", "made": iso(now, zone), "features": features},
        sys.stdout,
        ensure_ascii=False,
    )
    sys.stdout.write("\n")
