"""``gridseat stations``: what every station says now."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.text import clean
from backend.words import entry
from console.exit import Exit
from console.opening import CommandError, iso, local, opened
from console.output import add_format, emit, headings

if TYPE_CHECKING:
    from backend.desk.desk import Desk

COLUMNS = ("code", "name", "kind", "county", "state", "newest", "aqi", "primary", "pm25", "pm10", "alarms")


def add(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command's arguments."""
    parser = sub.add_parser("stations", help="list the stations and what they say now")
    parser.add_argument(
        "--kind", action="append", default=[], help="only this kind (may be given more than once)"
    )
    parser.add_argument("--find", default="", help="only those whose name, code or initials hold this")
    parser.add_argument(
        "--only", choices=["alarm", "trouble"], default="", help="only those with an alarm, or not good"
    )
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Print the board."""
    from backend.desk import stations

    with opened(args) as (desk, settings):
        _known(desk, args.kind)
        rows = []
        for row in stations.board(desk, kinds=args.kind, find=args.find, only=args.only):
            line: dict[str, object] = {
                "code": row.code,
                "name": row.name,
                "kind": row.kind,
                "county": row.county,
                "township": row.township,
                "state": row.state,
                "newest": (iso if args.json or args.csv_out else local)(row.newest, desk.zone),
                "aqi": row.aqi,
                "level": row.level or None,
                "primary": " ".join(row.primary),
                "alarms": row.alarms,
                "made_up": row.made_up,
                "pm25": _value(row.values.get("pm25")),
                "pm10": _value(row.values.get("pm10")),
            }
            if args.json:
                line["values"] = {
                    code: {
                        "value": v.value,
                        "flag": v.flag,
                        "qualifier": v.qualifier,
                        "reason": v.reason,
                        "start": v.start,
                    }
                    for code, v in row.values.items()
                }
            rows.append(line)
        emit(args, rows, COLUMNS, headings(COLUMNS, settings.speaks))
    return Exit.OK


def _known(desk: Desk, kinds: Sequence[str]) -> None:
    """Refuse a kind that is neither one of the product's nor of the city's own."""
    from backend.desk import stations

    foreign = [kind for kind in kinds if entry(f"station.kind.{kind}", "en") is None]
    known = stations.kinds(desk) if foreign else []
    for kind in foreign:
        if kind not in known:
            raise CommandError("cli.no_such_kind", kind=clean(kind, limit=40), known=", ".join(known))


def _value(value: object) -> object:
    return getattr(value, "value", None)
