"""``gridseat feeds``: list, add, poll and switch feeds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.words import Message, Outcome, say
from backend.words.machine import reason
from console.exit import Exit
from console.opening import CommandError, iso, local, opened
from console.output import add_format, emit, headings, tell

if TYPE_CHECKING:
    from backend.desk.desk import Desk
    from backend.feeds.fault import OptionFault
    from backend.feeds.manage import FeedSpec
    from backend.feeds.units import Parameters
    from console.settings import Settings

COLUMNS = ("code", "adapter", "state", "ok_at", "newest", "next_at", "failures", "records", "asides", "error")
_TIMES = ("polled_at", "ok_at", "newest", "next_at")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("feeds", help="list, add, poll and switch feeds")
    parser.set_defaults(act="list", json=False, csv_out=False)
    acts = parser.add_subparsers(dest="act", metavar="ACT")
    add_format(acts.add_parser("list", help="every feed with its health (the default)"))
    show = acts.add_parser("show", help="one feed and what was put aside of it")
    show.add_argument("feed")
    show.add_argument("--json", action="store_true")
    make = acts.add_parser(
        "add", help="add a feed: a preset (cnemc, openmeteo, hj212, sensorthings), or a TOML file"
    )
    make.add_argument("what", help="the preset's name, or the path of a TOML file")
    make.add_argument("--code", default="", help="the feed's code; the preset's name")
    make.add_argument(
        "--city", default="", help="cnemc: the city as the publishing service calls it, such as 菏泽市"
    )
    make.add_argument("--url", default="", help="another address than the preset's")
    for name, words in (
        ("remove", "remove a feed; its readings stay"),
        ("on", "switch a feed on"),
        ("off", "switch a feed off"),
        ("poll", "ask a feed now, and say how it went"),
    ):
        acts.add_parser(name, help=words).add_argument("feed")


def run(args: argparse.Namespace) -> int:
    """Do one act."""
    with opened(args) as (desk, settings):
        if args.act in ("list", None):
            return _list(args, desk, settings)
        act: dict[str, Callable[[argparse.Namespace, Desk, Settings], int]] = {
            "show": _show,
            "add": _add,
            "remove": _remove,
            "on": _switch,
            "off": _switch,
            "poll": _poll,
        }
        return act[args.act](args, desk, settings)


def _list(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from dataclasses import asdict

    from backend.desk import feeds

    show = iso if args.json or args.csv_out else local
    rows = []
    for row in feeds.board(desk):
        line: dict[str, Any] = asdict(replace(row, error=None))
        line["error"] = say(row.error, settings.speaks) if row.error else ""
        for name in _TIMES:
            line[name] = show(line[name], desk.zone)
        rows.append(line)
    emit(args, rows, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK


def _number(desk: Desk, code: str) -> int:
    from backend.desk import feeds

    for row in feeds.board(desk):
        if row.code == code:
            return row.id
    raise CommandError("cli.no_such_feed", feed=code)


def _show(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    import json

    from backend.desk import feeds

    number = _number(desk, args.feed)
    row = next(row for row in feeds.board(desk) if row.id == number)
    aside = feeds.asides(desk, number, limit=50)
    if args.json:
        body = {
            "code": row.code,
            "state": row.state,
            "error": say(row.error, settings.speaks) if row.error else None,
            "asides": [
                {
                    "at": iso(item.at, desk.zone),
                    "reason": say(item.reason, settings.speaks),
                    "raw": repr(item.raw),
                    "count": item.count,
                }
                for item in aside
            ],
        }
        json.dump(body, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return Exit.OK
    print(f"{row.code}  {row.name}  {row.adapter}  {row.url}")
    print(
        f"{row.state}  {local(row.ok_at, desk.zone)}  {say(row.error, settings.speaks) if row.error else ''}".rstrip()
    )
    for item in aside:
        print(f"  {local(item.at, desk.zone)}  x{item.count}  {say(item.reason, settings.speaks)}")
        # repr keeps whatever an upstream sent from reaching the terminal as it is.
        print(f"    {item.raw[:200]!r}")
    return Exit.OK


def _add(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.feeds import manage
    from backend.feeds.fault import OptionsError
    from backend.feeds.registry import city_parameters

    with desk.store.read() as connection:
        parameters = city_parameters(connection)
    try:
        spec, faults = _wanted(args, parameters)
    except OptionsError as error:
        return _faults(args.what, error.faults, settings)
    if faults:
        return _faults(args.what, faults, settings)
    return _refused(desk, settings) or _say(manage.add(desk.store, spec, desk.now), settings)


def _wanted(args: argparse.Namespace, parameters: Parameters) -> tuple[FeedSpec, list[OptionFault]]:
    """The feed of a preset or a file, with all that is wrong with it."""
    from backend.feeds import manage
    from backend.feeds.presets import preset

    path = Path(args.what)
    if path.suffix != ".toml":
        spec = preset(args.what, city=args.city, url=args.url, code=args.code)
        return spec, manage.check(spec, parameters)
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise CommandError("feed.file.unreadable", file=str(path), error=reason(error)) from error
    except UnicodeDecodeError as error:
        raise CommandError("feed.file.no_text", file=str(path), at=error.start) from error
    return manage.examine(text, parameters, code=args.code, url=args.url)


def _faults(what: str, faults: Sequence[OptionFault], settings: Settings) -> int:
    """Tell every fault with its place in the file."""
    for fault in faults:
        place = f"{what}:{fault.line}" if fault.line else what
        sys.stderr.write(f"{place}: {say(fault.message, settings.speaks)}\n")
    tell(Message("feed.add.faults", {"count": len(faults)}), settings.speaks)
    return Exit.FAILED


def _remove(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.feeds import manage

    return _refused(desk, settings) or _say(manage.remove(desk.store, args.feed), settings)


def _refused(desk: Desk, settings: Settings) -> int:
    """0 where the person may manage feeds; else they are told why not."""
    from backend.access import may

    with desk.store.read() as connection:
        refusal = may(connection, desk.actor, "feed.manage")
    return _say(Outcome(False, refusal), settings) if refusal is not None else 0


def _switch(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.desk import feeds

    return _say(feeds.switch(desk, _number(desk, args.feed), on=args.act == "on"), settings)


def _poll(args: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    from backend.city.registry import City
    from backend.feeds.runner import poll_feed
    from backend.ingest import ingest

    number = _number(desk, args.feed)
    with desk.store.read() as connection:
        city = City.read(connection)
    report = poll_feed(
        desk.store, number, desk.clock, lambda page, feed, now: ingest(desk.store, city, feed, page, now)
    )
    if report.message is not None:
        tell(report.message, settings.speaks)
    counts = {
        "records": report.records,
        "revised": report.revised,
        "same": report.unchanged,
        "aside": report.asides,
    }
    print("  ".join(f"{name}: {count}" for name, count in counts.items()))
    return Exit.OK if report.ok else Exit.NETWORK


def _say(outcome: Outcome, settings: Settings) -> int:
    tell(Message(outcome.message.code, outcome.message.args), settings.speaks)
    return Exit.OK if outcome.ok else Exit.FAILED
