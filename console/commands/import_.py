"""``gridseat import readings | cases | passages FILE``: read a file into the store; ``asides`` what could not be."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from backend.words import Message, entry, say
from backend.words.say import Language
from console.exit import Exit
from console.opening import opened
from console.output import tell
from console.terminal.printed import over

FORMATS = ("csv", "cnemc", "hj212")
CASE_FORMATS = ("csv", "json")
BAR = 30
OF_CONTENT = ("feed.body.", "feed.table.", "feed.json.", "passage.body.")
"""What is wrong with what a file, or an upstream's answer, holds."""
SHOWN = 50
"""Lines that were put aside that are told one by one."""
NAMED = 10
"""Plates that are named in a line, and reasons for which records were put aside."""


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser(
        "import", help="read a file of readings, 12345 cases or passing vehicles into the store"
    )
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    readings = what.add_parser("readings", help="readings: CSV, a CNEMC dump, or HJ 212 frames")
    readings.add_argument("file", type=Path)
    readings.add_argument("--format", dest="form", choices=FORMATS, required=True)
    cases = what.add_parser("cases", help="cases of the 12345 line: CSV or JSON, fields named by a map")
    cases.add_argument("file", type=Path, help="- reads standard input")
    cases.add_argument("--format", dest="form", choices=CASE_FORMATS, required=True)
    cases.add_argument("--map", dest="mapping", metavar="FILE.toml", default="", help="a map, or open311")
    what.add_parser("asides", help="the cases of all files that were put aside, and why")
    passages = what.add_parser("passages", help="vehicles that passed remote-sensing sets: CSV or JSON")
    passages.add_argument("file", type=Path)
    passages.add_argument("--format", dest="form", choices=CASE_FORMATS, required=True)
    passages.add_argument(
        "--map", dest="mapping", metavar="FILE.toml", default="", help="names of its columns"
    )


def run(args: argparse.Namespace) -> int:
    """Read the file; the exit code is 1 where records had to be put aside or the file is no such file."""
    reads = {"asides": _asides, "cases": _cases, "passages": _passages, "readings": _readings}
    return reads[args.what](args)


def _passages(args: argparse.Namespace) -> int:
    from backend.desk.passages import take_passages
    from backend.feeds.fault import FeedError

    with opened(args) as (desk, settings):
        try:
            progress = take_passages(desk, args.file, args.form, args.mapping)
        except FeedError as error:
            return _no_such_file(args, error.message, CASE_FORMATS, settings.speaks)
        print(say(Message("passage.imported", dict(progress.counts)), settings.speaks))
        if progress.late:
            plates = " ".join(progress.late[:NAMED])
            told = Message("passage.late", {"count": len(progress.late), "plates": plates})
            print(say(told, settings.speaks))
        for fault in progress.faults[:SHOWN]:
            why = say(fault.reason, settings.speaks)
            tell(Message("passage.line", {"line": fault.line, "why": why}), settings.speaks)
        if (left := progress.counts["faults"] - SHOWN) > 0:
            tell(Message("passage.more", {"count": left}), settings.speaks)
        for name, count in sorted(progress.sets.items())[:SHOWN]:
            tell(Message("passage.unplaced", {"name": name, "count": count}), settings.speaks)
    return Exit.FAILED if progress.counts["faults"] or progress.sets else Exit.OK


def _cases(args: argparse.Namespace) -> int:
    from backend.desk.cases import Progress, Refused, take_cases
    from backend.incidents.cases import LARGEST, CaseError, read_map

    progress = Progress()
    source = sys.stdin.buffer.read(LARGEST + 1) if str(args.file) == "-" else args.file
    with opened(args) as (desk, settings):
        try:
            mapping = read_map(args.mapping) if args.mapping else None
            for progress in take_cases(desk, source, args.form, mapping):
                _bar(progress.done, progress.total)
        except (CaseError, Refused) as error:
            _clear()
            return _no_such_file(args, error.message, CASE_FORMATS, settings.speaks)
        _clear()
        print(say(Message("case.imported", dict(progress.counts)), settings.speaks))
        for fault in progress.faults[:SHOWN]:
            why = say(fault.reason, settings.speaks)
            tell(
                Message("case.line", {"line": fault.line, "number": fault.number, "why": why}),
                settings.speaks,
            )
        if len(progress.faults) > SHOWN:
            tell(Message("case.more", {"count": len(progress.faults) - SHOWN}), settings.speaks)
    return Exit.FAILED if progress.faults else Exit.OK


def _asides(args: argparse.Namespace) -> int:
    from backend.desk import cases

    with opened(args) as (desk, settings):
        try:
            found = cases.asides(desk)
        except cases.Refused as error:
            tell(error.message, settings.speaks)
            return Exit.FAILED
        for origin, line, number, why in found:
            reason = say(why, settings.speaks)
            told = {"origin": origin, "line": str(line), "number": number, "why": reason}
            print(say(Message("case.aside", told), settings.speaks))
        if not found:
            print(say(Message("case.no_asides"), settings.speaks))
    return Exit.OK


def _readings(args: argparse.Namespace) -> int:
    from backend.desk.importing import Progress, take_file
    from backend.feeds.fault import FeedError

    progress = Progress()
    with opened(args) as (desk, settings):
        try:
            for progress in take_file(desk, args.file, args.form):
                _bar(progress.done, progress.total)
        except FeedError as error:
            _clear()
            return _no_such_file(args, error.message, FORMATS, settings.speaks)
        _clear()
        told = Message("cli.imported", dict(progress.counts))
        print(say(told, settings.speaks))
        if progress.unplaced:
            names = ", ".join(sorted(progress.unplaced)[:NAMED])
            names += " ..." if len(progress.unplaced) > NAMED else ""
            told = Message("cli.imported_unplaced", {"count": len(progress.unplaced), "stations": names})
            tell(told, settings.speaks)
        if progress.counts["replaced"]:
            tell(Message("cli.imported_replaced", {"count": progress.counts["replaced"]}), settings.speaks)
        if progress.counts["asides"]:
            tell(Message("cli.imported_aside", {"count": progress.counts["asides"]}), settings.speaks)
        for count, first in sorted(progress.why.values(), key=lambda one: -one[0])[:NAMED]:
            why = say(first, settings.speaks)
            tell(Message("cli.imported_why", {"count": count, "why": why}), settings.speaks)
    return Exit.FAILED if progress.counts["asides"] else Exit.OK


def _no_such_file(args: argparse.Namespace, why: Message, forms: Sequence[str], language: Language) -> int:
    """Tell why a file was not taken in. What is said of an upstream's answer is said of the file, by its name."""
    if why.code.startswith(OF_CONTENT):
        own = f"cli.body.{why.code.rpartition('.')[2]}"
        known = entry(own, language) is not None
        words = say(Message(own, why.args) if known else why, language).rstrip("。.")
        told = {"file": str(args.file), "form": args.form, "why": words, "forms": " / ".join(forms)}
        why = Message("cli.not_imported", told)
    tell(why, language)
    return Exit.FAILED


def _bar(done: int, total: int) -> None:
    if sys.stderr.isatty():
        share = done / total if total else 1.0
        filled = int(share * BAR)
        over(f"[{'#' * filled}{'.' * (BAR - filled)}] {share:4.0%}")
        sys.stderr.flush()


def _clear() -> None:
    if sys.stderr.isatty():
        over(" " * (BAR + 8))
        over("")
