"""``gridseat trace``: whose doing it is, with a probability for each source and for none of them."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from console.exit import Exit
from console.opening import CommandError, instant, local, opened
from console.output import add_format, emit, headings, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.analysis.sources.answer import Answer
    from backend.analysis.sources.reasons import Reason
    from backend.desk.desk import Desk
    from backend.words.say import Language

COLUMNS = (
    "rank",
    "code",
    "name",
    "probability",
    "kind",
    "distance_m",
    "bearing_deg",
    "department",
    "evidence",
)


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "trace",
        help="rank the sources that may have done it",
        description="Every source of the inventory with a probability and the evidence for and against it, and how "
        "probable none of them is. Without a station or a place the whole network is asked; --from and --to judge an "
        "interval as a whole. Nothing that ended after --at (or --to) is used.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--station", default="", metavar="CODE", help="as seen from this station")
    what.add_argument("--grid", default="", metavar="CODE", help="as seen from this grid's middle")
    what.add_argument("--alarm", type=int, metavar="ID", help="what made this alarm ring")
    parser.add_argument("--lon", type=float, help="as seen from this position, WGS-84 degrees")
    parser.add_argument("--lat", type=float)
    parser.add_argument("--parameter", default="", help="such as pm25; the station's first one otherwise")
    parser.add_argument(
        "--at", default="", help="the instant (city's zone): what ended by then is known; now"
    )
    parser.add_argument("--from", dest="since", default="", help="judge the whole interval from here")
    parser.add_argument("--to", dest="until", default="", help="to here; --at or now")
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print the ranked list; with neither station nor place the whole network is asked."""
    from backend.desk import hotspan, sources

    if (args.lon is None) != (args.lat is None):
        raise CommandError("cli.half_a_position")
    if args.until and not args.since:
        raise CommandError("cli.no_from")
    with opened(args) as (desk, settings):
        zone = desk.zone
        try:
            question = sources.asked(
                desk,
                station=args.station,
                grid=args.grid,
                alarm=args.alarm,
                lon=args.lon,
                lat=args.lat,
                parameter=args.parameter,
                at=instant(args.at, zone) if args.at else None,
                since=instant(args.since, zone) if args.since else None,
                until=instant(args.until, zone) if args.until else None,
            )
        except sources.SourcesError as error:
            tell(error.message, settings.speaks)
            return Exit.FAILED
        answer = sources.trace_then(desk, question)
        if answer is None:
            raise CommandError(
                "sources.refused.unmeasured",
                parameter=question.parameter,
                known=", ".join(hotspan.known(desk)),
            )
        # Names stay as they are in the pack; what is said of them is for whoever reads it.
        desk.speak(settings.speaks)
        if args.json:
            json.dump(sources.as_json(desk, answer), sys.stdout, ensure_ascii=False, indent=1)
            sys.stdout.write("\n")
            return Exit.OK
        emit(args, _rows(desk, answer, whole=args.csv_out), COLUMNS, headings(COLUMNS, settings.speaks))
        for note in answer.notes:
            tell(note, settings.speaks)
        _window(desk, answer)
    return Exit.OK


def _rows(desk: Desk, answer: Answer, *, whole: bool) -> list[dict[str, Any]]:
    """The candidates and "none of these", the most probable first: codes for programs, names for people."""
    from backend.analysis.sources.numbers import raw
    from backend.desk.naming import names
    from backend.words import Message, entry, say, word

    most = len(answer.ranked) if whole else int(raw()["answer"]["printed"])
    with desk.store.read() as connection:
        called = names(connection, {one.source.department for one in answer.ranked[:most]}, desk.language)
    rows: list[dict[str, Any]] = []
    for rank, one in enumerate(answer.ranked[:most], 1):
        department, kind = one.source.department, one.source.kind
        rows.append(
            {
                "rank": rank,
                "code": one.source.code,
                "name": one.source.name,
                "probability": round(one.probability, 4),
                "kind": kind if whole else entry(f"place.kind.{kind}", desk.language) or kind,
                "distance_m": round(one.distance),
                "bearing_deg": round(one.bearing),
                "department": department if whole else called.get(department, department),
                "evidence": _evidence(one.reasons, desk.language, whole=whole),
            }
        )
    shares = {"unknown": round(100 * answer.unknown), "nothing": round(100 * answer.nothing)}
    none = {
        "rank": None,
        "code": "none",
        "name": word("sources.none", desk.language),
        "probability": round(answer.none, 4),
        "evidence": "" if whole else say(Message("sources.none_parts", shares), desk.language),
    }
    return [*rows, none]


def _evidence(reasons: Sequence[Reason], language: Language, *, whole: bool) -> str:
    """All of it; for people the two weightiest pieces for a source and the weightiest against it."""
    from backend.words import say

    signs = {"for": "+", "against": "-", "tells": "="}
    told = list(reasons)
    if not whole:
        told = [one for one in reasons if one.stance == "for"][:2]
        told += [one for one in reasons if one.stance == "against"][:1]
        told = told or list(reasons)[:2]
    texts = [f"{signs[each.stance]}{say(each.message, language)}" for each in told]
    return (" | " if whole else "; ").join(texts)


def _window(desk: Desk, answer: Answer) -> None:
    sys.stderr.write(
        f"{answer.parameter} {answer.place} {local(answer.start, desk.zone)} - {local(answer.end, desk.zone)}\n"
    )
