"""``gridseat city check | load | template``: a city as a folder of files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend.words import Message, say, word
from backend.words.machine import reason
from console.exit import Exit
from console.output import add_format, emit, tell
from console.settings import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.city.faults import Fault
    from backend.words.say import Language
    from console.settings import Settings

SHOWN = 200
"""Faults that a table shows; a spoilt file of 70,000 rows has as many."""
COLUMNS = ("file", "line", "fault", "hint")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("city", help="check, load or begin a city pack")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="say everything that is wrong with a pack")
    check.add_argument("folder", type=Path, metavar="DIR")
    loading = acts.add_parser("load", help="load a pack: all of it or nothing; can be run again")
    loading.add_argument("folder", type=Path, metavar="DIR")
    loading.add_argument("--store", metavar="PATH", default=argparse.SUPPRESS, help="the store")
    for each in (check, loading):
        add_format(each)
        each.add_argument("--all", action="store_true", help=f"list every fault, not the first {SHOWN} only")
    template = acts.add_parser("template", help="write a small correct pack to begin from")
    template.add_argument("folder", type=Path, metavar="DIR")


def run(args: argparse.Namespace) -> int:
    """Check, load or begin a pack."""
    acts = {"check": _check, "load": _load, "template": _template}
    settings = load(vars(args))
    return acts[args.act](args, settings)


def _check(args: argparse.Namespace, settings: Settings) -> int:
    from backend.desk.packs import check, doubts

    language = settings.speaks
    faults = check(args.folder)
    _print(args, faults, language)
    if faults:
        _tell("city.checked.faults", language, folder=str(args.folder), count=len(faults))
        return Exit.FAILED
    _tell("city.checked.ok", language, folder=str(args.folder))
    for doubt in doubts(args.folder):
        tell(doubt, language)
    return Exit.OK


def _load(args: argparse.Namespace, settings: Settings) -> int:
    from backend.clock import SystemClock
    from backend.desk.packs import load as load_pack
    from backend.store import Store

    language = settings.speaks
    if faults := _faults_of_the_first(args, settings):
        return _refused(args, faults, language)
    store = Store.open(settings.store)
    try:
        report = load_pack(store, args.folder, SystemClock().now(), by=settings.person)
    finally:
        store.close()
    if not report.ok:
        return _refused(args, report.faults, language)
    if args.json or args.csv_out:
        rows = [
            {
                "table": name,
                "rows": count,
                "retired": report.retired.get(name, 0),
                "kept": report.kept.get(name, 0),
            }
            for name, count in report.rows.items()
        ]
        emit(args, rows, ("table", "rows", "retired", "kept"), {})
    named = ("grids", "centres", "people", "stations", "sources")
    counts = {name: report.rows.get(name, 0) for name in named}
    _tell("city.loaded", language, name=report.city, **counts)
    if report.datum == "GCJ-02":
        _tell("city.converted", language, datum=report.datum)
    for doubt in report.doubts:
        tell(doubt, language)
    for name, count in report.retired.items():
        _tell("city.retired", language, table=name, count=count)
    for name, count in report.kept.items():
        _tell("city.kept", language, table=name, count=count)
    return Exit.OK


def _faults_of_the_first(args: argparse.Namespace, settings: Settings) -> Sequence[Fault]:
    """The faults of a pack where there is no store yet: none is made for one that can't be loaded."""
    from backend.desk.packs import check
    from backend.store import Store
    from backend.store.place import StoreError

    try:
        Store.open(settings.store, begin=False).close()
    except StoreError as error:
        if error.message.code != "store.none":
            raise
        return check(args.folder)
    return ()


def _refused(args: argparse.Namespace, faults: Sequence[Fault], language: Language) -> int:
    _print(args, faults, language)
    _tell("city.not_loaded", language, count=len(faults))
    return Exit.FAILED


def _template(args: argparse.Namespace, settings: Settings) -> int:
    from backend.city.template import FolderTaken, write_template

    language = settings.speaks
    folder = str(args.folder)
    try:
        names = write_template(args.folder, language)
    except FolderTaken:
        _tell("city.template.taken", language, folder=folder)
        return Exit.FAILED
    except OSError as error:
        _tell("city.template.unwritable", language, folder=folder, error=reason(error))
        return Exit.FAILED
    _tell("city.template.done", language, folder=folder, count=len(names))
    return Exit.OK


def _print(args: argparse.Namespace, faults: Sequence[Fault], language: Language) -> None:
    program = args.json or args.csv_out
    shown = faults if program or args.all else faults[:SHOWN]
    rows = [
        {
            "file": fault.file,
            "line": fault.line or None,
            "kind": fault.kind,
            "fault": say(fault.message, language),
            "hint": say(fault.hint, language),
        }
        for fault in shown
    ]
    if program or rows:
        columns = ("file", "line", "kind", "fault", "hint") if program else COLUMNS
        emit(args, rows, columns, {name: word(f"city.column.{name}", language) for name in COLUMNS})
    if len(shown) < len(faults):
        _tell("city.checked.more", language, count=len(faults) - len(shown))


def _tell(code: str, language: Language, **args: str | int) -> None:
    sys.stderr.write(say(Message(code, args), language) + "\n")
